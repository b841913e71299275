//! Fetches one probe target and says what arrived, or why it does not count.

use std::time::Duration;

use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response};
use tokio::time::{Instant, timeout_at};
use url::Url;

/// A finished body smaller than this says nothing about a rate: it is an error page, or latency.
const MIN_BYTES: u64 = 10_000;
/// Where a transfer is cut and counted: 5 s at 40 Mbps, eight times what any quality needs to be
/// called excellent.
const MAX_BYTES: u64 = 25_000_000;
/// Redirects within one host that are followed.
const MAX_REDIRECTS: usize = 3;

/// What one target gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetReport {
    /// As configured, without user name and password.
    pub url: String,
    /// The transfer, or why it does not count.
    pub outcome: Result<Transfer, TargetFailure>,
}

/// A transfer that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Bytes of body that arrived.
    pub bytes: u64,
    /// From the probe's common start to the last of them.
    pub duration: Duration,
}

/// Why a target does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetFailure {
    /// It cannot be reached, or broke off before an answer.
    #[error("no connection: {0}")]
    Unreachable(String),
    /// It answered something other than 2xx.
    #[error("it answered with status {0}")]
    Status(u16),
    /// It points to another host, which is not followed.
    #[error("it redirects to another place, which is not followed")]
    Redirected,
    /// Not one byte of body by the deadline.
    #[error("not one byte arrived before the deadline")]
    NoByte,
    /// The body broke off before its declared end.
    #[error("the body ended early, after {0} bytes")]
    EndedEarly(u64),
    /// The whole body is too small to measure with.
    #[error("the body has {0} bytes only, too few to measure with")]
    TooSmall(u64),
}

/// The HTTP client of all probes: no proxy, no compression, no redirect off the host.
pub(super) fn client() -> reqwest::Result<Client> {
    // Fails if a provider was installed before, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .redirect(Policy::custom(stay_on_host))
        .no_proxy()
        .user_agent(concat!("quicksync/", env!("CARGO_PKG_VERSION")))
        .build()
}

fn stay_on_host(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let followed = attempt.previous().len();
    let same =
        attempt.previous().first().is_some_and(|from| from.origin() == attempt.url().origin());
    if same && followed <= MAX_REDIRECTS { attempt.follow() } else { attempt.stop() }
}

/// Downloads `url` until it ends or `deadline` cuts it; a cut transfer counts with what arrived.
pub(super) async fn fetch(
    client: &Client,
    url: &Url,
    start: Instant,
    deadline: Instant,
) -> TargetReport {
    let outcome = match timeout_at(deadline, request(client, url)).await {
        Err(_) => Err(TargetFailure::NoByte),
        Ok(Err(failure)) => Err(failure),
        Ok(Ok(response)) => drain(response, start, deadline).await,
    };
    TargetReport { url: public(url), outcome }
}

async fn request(client: &Client, url: &Url) -> Result<Response, TargetFailure> {
    let answer = client.get(url.clone()).header("accept-encoding", "identity").send().await;
    let response =
        answer.map_err(|error| TargetFailure::Unreachable(error.without_url().to_string()))?;
    match response.status() {
        status if status.is_success() => Ok(response),
        status if status.is_redirection() => Err(TargetFailure::Redirected),
        status => Err(TargetFailure::Status(status.as_u16())),
    }
}

async fn drain(
    mut response: Response,
    start: Instant,
    deadline: Instant,
) -> Result<Transfer, TargetFailure> {
    let mut transfer = Transfer { bytes: 0, duration: Duration::ZERO };
    while transfer.bytes < MAX_BYTES {
        match timeout_at(deadline, response.chunk()).await {
            Ok(Ok(Some(bytes))) => {
                transfer.bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                transfer.duration = start.elapsed();
            }
            Ok(Ok(None)) if transfer.bytes < MIN_BYTES => {
                return Err(TargetFailure::TooSmall(transfer.bytes));
            }
            Ok(Ok(None)) => return Ok(transfer),
            Ok(Err(_)) => return Err(TargetFailure::EndedEarly(transfer.bytes)),
            Err(_) if transfer.bytes == 0 => return Err(TargetFailure::NoByte),
            Err(_) => {
                // Silence up to the deadline is part of what the link gave.
                transfer.duration = start.elapsed();
                return Ok(transfer);
            }
        }
    }
    Ok(transfer)
}

fn public(url: &Url) -> String {
    let mut url = url.clone();
    // Both fail only for addresses without a host, which the configuration refuses.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}
