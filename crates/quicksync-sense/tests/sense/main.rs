//! Probes against targets that trickle, hang, fail, lie and redirect, on loopback.

mod cmcd;
mod commute;
mod fortnight;
mod ssrf;
mod target;

use std::time::Duration;

use futures_util::future::join_all;
use quicksync_sense::{CdnProbe, ProbeConfig, ProbeReport, TargetFailure};
use target::{Behaviour, Target};

fn probe(targets: &[&Target], timeout: Duration) -> CdnProbe {
    let targets = targets.iter().map(|target| target.url()).collect();
    CdnProbe::new(ProbeConfig { enabled: true, targets, timeout }).expect("loopback is allowed")
}

async fn run(behaviour: Behaviour) -> ProbeReport {
    let target = Target::start(behaviour).await;
    probe(&[&target], Duration::from_millis(1500)).run().await.as_ref().clone()
}

fn failure(report: &ProbeReport) -> Option<TargetFailure> {
    report.targets[0].outcome.clone().err()
}

#[tokio::test]
async fn a_good_target_is_measured() {
    let report = run(Behaviour::Serve { bytes: 200_000 }).await;
    assert_eq!(report.bytes, 200_000);
    assert!(report.throughput.is_some());
}

#[tokio::test]
async fn targets_that_fail_do_not_count() {
    let cases = [
        (Behaviour::Status(429), TargetFailure::Status(429)),
        (Behaviour::Status(500), TargetFailure::Status(500)),
        (Behaviour::Hang, TargetFailure::NoByte),
        (Behaviour::HangAfterHeaders, TargetFailure::NoByte),
        (Behaviour::Lie { claimed: 1_000_000, sent: 50_000 }, TargetFailure::EndedEarly(50_000)),
        (Behaviour::Serve { bytes: 100 }, TargetFailure::TooSmall(100)),
    ];
    let reports = join_all(cases.iter().map(|(behaviour, _)| run(*behaviour))).await;
    for ((behaviour, expected), report) in cases.into_iter().zip(reports) {
        assert_eq!(failure(&report), Some(expected), "{behaviour:?}");
        assert_eq!(report.throughput, None, "{behaviour:?}");
    }
}

#[tokio::test]
async fn a_trickle_counts_with_what_arrived() {
    let report = run(Behaviour::Trickle { bytes: 100 }).await;
    let throughput = report.throughput.expect("a slow link is slow, not unknown");
    assert!(report.bytes >= 100, "{report:?}");
    assert!(report.duration >= Duration::from_millis(1500), "silence counts: {report:?}");
    assert!(throughput.mbps() < 0.5, "{report:?}");
}

#[tokio::test]
async fn a_redirect_off_the_host_is_not_followed() {
    let elsewhere = Target::start(Behaviour::Serve { bytes: 200_000 }).await;
    let report = run(Behaviour::Redirect(elsewhere.address())).await;
    assert_eq!(failure(&report), Some(TargetFailure::Redirected));
    assert_eq!(elsewhere.connections(), 0, "not one connection to a place nobody configured");
}

#[tokio::test]
async fn one_dead_target_does_not_spoil_the_others() {
    let good = Target::start(Behaviour::Serve { bytes: 200_000 }).await;
    let dead = Target::start(Behaviour::Hang).await;
    let report = probe(&[&good, &dead], Duration::from_secs(3)).run().await;
    assert_eq!(report.bytes, 200_000);
    assert!(report.duration < Duration::from_secs(3), "the dead one's wait is not counted");
    assert!(report.targets[0].outcome.is_ok() && report.targets[1].outcome.is_err());
}

#[tokio::test]
async fn a_probe_in_flight_is_shared() {
    let target = Target::start(Behaviour::Trickle { bytes: 100 }).await;
    let probe = probe(&[&target], Duration::from_millis(300));
    let (first, second) = tokio::join!(probe.run(), probe.run());
    assert_eq!(first, second);
    assert_eq!(target.connections(), 1);
    probe.run().await;
    assert_eq!(target.connections(), 2, "a finished probe is not served again");
}

#[tokio::test]
async fn switched_off_nothing_is_contacted() {
    let target = Target::start(Behaviour::Serve { bytes: 200_000 }).await;
    let config = ProbeConfig {
        enabled: false,
        targets: vec![target.url()],
        timeout: Duration::from_millis(300),
    };
    let report = CdnProbe::new(config).expect("valid").run().await;
    assert_eq!((report.throughput, target.connections()), (None, 0));
}

#[test]
fn only_http_targets_are_taken() {
    for url in ["file:///etc/passwd", "ftp://cdn.example/file", "data:text/plain,hi"] {
        let config = ProbeConfig {
            enabled: true,
            targets: vec![url.parse().expect("a URL")],
            timeout: Duration::from_secs(1),
        };
        assert!(CdnProbe::new(config).is_err(), "{url}");
    }
}
