//! `speedtest`: the server's own probe, from the administrator's shell.

use anyhow::{Context as _, Result, bail};
use quicksync_sense::{CdnProbe, ProbeConfig, ProbeReport};
use serde::Serialize;

use crate::cli::SpeedtestArgs;
use crate::config::{Config, ProbeSettings, Surroundings};
use crate::output::say;

/// What `--json` prints.
#[derive(Serialize)]
struct Report {
    /// Megabits a second over all targets; `null` if every target failed.
    network_speed_mbps: Option<f64>,
    bytes: u64,
    duration_s: f64,
    targets: Vec<Target>,
}

#[derive(Serialize)]
struct Target {
    url: String,
    bytes: u64,
    duration_s: f64,
    error: Option<String>,
}

/// `quicksync speedtest`.
pub(crate) async fn run(args: SpeedtestArgs) -> Result<()> {
    let mut settings = Config::load(args.settings, &Surroundings::real())?.probe;
    if !args.url.is_empty() {
        settings.targets = args.url;
        settings.enabled = true;
    }
    if !settings.enabled {
        bail!("the probe is turned off (probe.enabled); name a target with --url to run it anyway");
    }
    let found = probe(&settings)?.run().await;
    let report = report(&found);
    print(&report, args.json)?;
    if report.network_speed_mbps.is_none() {
        bail!("no target answered");
    }
    Ok(())
}

/// The probe that the configuration asks for.
pub(crate) fn probe(settings: &ProbeSettings) -> Result<CdnProbe> {
    CdnProbe::new(ProbeConfig {
        enabled: settings.enabled,
        targets: settings.targets.clone(),
        timeout: settings.timeout,
    })
    .context("probe.targets")
}

fn report(found: &ProbeReport) -> Report {
    let targets = found.targets.iter().map(|target| {
        let transfer = target.outcome.as_ref().ok();
        Target {
            url: target.url.clone(),
            bytes: transfer.map_or(0, |transfer| transfer.bytes),
            duration_s: transfer.map_or(0.0, |transfer| transfer.duration.as_secs_f64()),
            error: target.outcome.as_ref().err().map(ToString::to_string),
        }
    });
    Report {
        network_speed_mbps: found.throughput.map(|throughput| throughput.mbps()),
        bytes: found.bytes,
        duration_s: found.duration.as_secs_f64(),
        targets: targets.collect(),
    }
}

fn print(report: &Report, json: bool) -> Result<()> {
    if json {
        say(&serde_json::to_string(report)?);
        return Ok(());
    }
    for target in &report.targets {
        match &target.error {
            Some(error) => say(&format!("{}: {error}", target.url)),
            None => say(&format!(
                "{}: {} bytes in {:.2} s",
                target.url, target.bytes, target.duration_s
            )),
        }
    }
    if let Some(mbps) = report.network_speed_mbps {
        say(&format!("{mbps:.2} Mbps"));
    }
    Ok(())
}
