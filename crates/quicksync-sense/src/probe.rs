//! Measures this server's own downlink from the targets the administrator configured.
//!
//! Knows: its configuration. Never: a URL from a request. Redirects to another host, port or scheme
//! are not followed, so a target cannot send the probe elsewhere.
//!
//! # Model
//! Every target is fetched in parallel under one total deadline; throughput = the bytes of all good
//! transfers over the time from the common start to the last of their bytes. Connecting is part of
//! that time: a slow handshake is a slow network.

mod target;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt, Shared, join_all};
use quicksync_model::Throughput;
use tokio::time::Instant;
use url::Url;

pub use target::{TargetFailure, TargetReport, Transfer};

/// The documented test file: one megabyte (10^6 bytes).
pub const DEFAULT_TARGET: &str = "https://speed.cloudflare.com/__down?bytes=1000000";

/// What to probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeConfig {
    /// Off: no connection is ever made, and every probe answers "nothing measured".
    pub enabled: bool,
    /// What to download, each over HTTP or HTTPS. Loopback is allowed: the administrator said so.
    pub targets: Vec<Url>,
    /// Total deadline of one probe. Longer measures slow networks better and answers later.
    pub timeout: Duration,
}

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// A target is neither HTTP nor HTTPS, or names no host.
    #[error("probe target {0:?} is not an http or https address")]
    BadTarget(String),
    /// The TLS or HTTP client cannot be set up.
    #[error("cannot set up the HTTP client of the probe: {0}")]
    Client(String),
}

/// What one probe measured.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbeReport {
    /// `None` if every target failed, or probes are off.
    pub throughput: Option<Throughput>,
    /// Bytes of all good transfers.
    pub bytes: u64,
    /// From the common start to the last byte of a good transfer.
    pub duration: Duration,
    /// Each target, as configured.
    pub targets: Vec<TargetReport>,
}

type Running = Shared<BoxFuture<'static, Arc<ProbeReport>>>;

/// Runs probes, one at a time: whoever asks while one is in flight gets its result.
#[derive(Debug)]
pub struct CdnProbe {
    config: Arc<ProbeConfig>,
    client: reqwest::Client,
    running: Mutex<Option<Running>>,
}

impl CdnProbe {
    /// A probe of `config`.
    ///
    /// # Errors
    /// See [`ProbeError`].
    pub fn new(config: ProbeConfig) -> Result<Self, ProbeError> {
        for target in &config.targets {
            if !matches!(target.scheme(), "http" | "https") || target.host().is_none() {
                return Err(ProbeError::BadTarget(target.to_string()));
            }
        }
        let client = target::client().map_err(|error| ProbeError::Client(error.to_string()))?;
        Ok(Self { config: Arc::new(config), client, running: Mutex::new(None) })
    }

    /// Whether probes are on and have a target.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.config.enabled && !self.config.targets.is_empty()
    }

    /// Probes now, or joins the probe in flight. The probe goes on even if the caller goes away.
    pub async fn run(&self) -> Arc<ProbeReport> {
        self.start().await
    }

    /// Whether a probe is in flight, which [`run`](Self::run) would join.
    #[must_use]
    pub fn is_running(&self) -> bool {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.as_ref().is_some_and(|probe| probe.peek().is_none())
    }

    fn start(&self) -> Running {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(probe) = running.as_ref().filter(|probe| probe.peek().is_none()) {
            return probe.clone();
        }
        let measuring = tokio::spawn(measure(self.config.clone(), self.client.clone()));
        let probe = async move { Arc::new(measuring.await.unwrap_or_else(|_| nothing())) };
        running.insert(probe.boxed().shared()).clone()
    }
}

async fn measure(config: Arc<ProbeConfig>, client: reqwest::Client) -> ProbeReport {
    if !config.enabled {
        return nothing();
    }
    let start = Instant::now();
    let deadline = start + config.timeout;
    let fetches = config.targets.iter().map(|url| target::fetch(&client, url, start, deadline));
    report(join_all(fetches).await)
}

fn nothing() -> ProbeReport {
    report(Vec::new())
}

fn report(targets: Vec<TargetReport>) -> ProbeReport {
    let good = || targets.iter().filter_map(|target| target.outcome.as_ref().ok());
    let bytes = good().map(|transfer| transfer.bytes).sum();
    let duration = good().map(|transfer| transfer.duration).max().unwrap_or_default();
    let throughput = good().next().map(|_| rate(bytes, duration));
    ProbeReport { throughput, bytes, duration, targets }
}

#[expect(clippy::cast_precision_loss, reason = "a probe moves far fewer than 2^53 bytes")]
fn rate(bytes: u64, duration: Duration) -> Throughput {
    Throughput::from_bps(bytes as f64 * 8.0 / duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(outcome: Result<(u64, u64), TargetFailure>) -> TargetReport {
        TargetReport {
            url: "http://cdn.example/".to_owned(),
            outcome: outcome
                .map(|(bytes, ms)| Transfer { bytes, duration: Duration::from_millis(ms) }),
        }
    }

    #[test]
    fn all_bytes_count_over_the_common_time() {
        for (targets, mbps) in [
            (vec![target(Ok((1_000_000, 2000)))], Some(4.0)),
            (vec![target(Ok((1_000_000, 2000))), target(Ok((500_000, 1000)))], Some(6.0)),
            (vec![target(Ok((250_000, 1000))), target(Err(TargetFailure::NoByte))], Some(2.0)),
            (vec![target(Err(TargetFailure::Status(429)))], None),
            (vec![], None),
        ] {
            let report = report(targets);
            let seen = report.throughput.map(|throughput| throughput.mbps());
            assert_eq!(seen.map(|m| (m * 1e6).round()), mbps.map(|m| m * 1e6), "{report:?}");
        }
    }
}
