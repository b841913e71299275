//! Logged sessions replay to the same decisions, here and in WebAssembly.
//!
//! After a change that is meant to decide differently, write them anew:
//! `UPDATE_EXPECT=1 cargo test -p quicksync-abr --test session goldens`.

use std::path::PathBuf;

use expect_test::expect_file;
use quicksync_abr::HostLoad;
use quicksync_abr::decision_log::{ReplayError, Replayed, replay};
use quicksync_abr::playback::{BufferLimits, DevicePressure, Input, Prior};
use quicksync_model::{Mode, NetworkKind, Quality, Throughput};

use crate::harness::{Harness, config, harness, ladder, limits};
use crate::link::Link;

fn golden(name: &str, run: &Harness) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/decisions");
    let log = run.session.log();
    expect_file![folder.join(name)].assert_eq(log);
    let Replayed { inputs, outputs } = replay(log).unwrap();
    assert!(inputs > 20 && outputs > 20, "{name}: {inputs} inputs, {outputs} outputs");
}

#[test]
fn slump() {
    let link = Link::plan(40.0, &[(20.0, 3000.0), (90.0, 100.0), (1e5, 3000.0)]);
    golden("slump.log", &harness(link).listen(170.0));
}

#[test]
fn outage() {
    let link = Link::plan(90.0, &[(25.0, 900.0), (45.0, 0.0), (1e5, 400.0)]);
    golden("outage.log", &harness(link).listen(150.0));
}

#[test]
fn jitter() {
    let steps: Vec<(f64, f64)> =
        (0..40).map(|n: u32| (1.7, 60.0 + f64::from(n * 7919 % 613))).collect();
    golden("jitter.log", &harness(Link::plan(120.0, &steps)).listen(120.0));
}

#[test]
fn settings() {
    let mut config = config();
    config.prior = Prior::new(Throughput::from_mbps(2.7), 0.4).unwrap();
    config.limits.buffer = BufferLimits::new(10.0, 20.0, 3.0, 60.0).unwrap();
    let link = Link::plan(35.0, &[(1e5, 1800.0)]);
    let mut run = Harness::new(config, ladder(20, 3_840_000), link);
    run.announce(ladder(12, 4_000_000));
    run.press_play();
    run.run_until(6.0);
    run.tell(Input::HostLoad(HostLoad { cpu_percent: 91.5, memory_percent: 40.25 }));
    run.run_until(12.0);
    run.tell(Input::DevicePressure(DevicePressure::Critical));
    run.run_until(18.0);
    let mut limits = limits();
    limits.preferences.mode = Mode::Manual(Quality::Low);
    run.tell(Input::CapChanged(limits));
    run.run_until(24.0);
    run.seek(60.0);
    run.run_until(30.0);
    run.pause();
    run.run_until(32.0);
    limits.preferences.mode = Mode::Auto;
    limits.data_budget_bytes = Some(2_000_000);
    run.tell(Input::CapChanged(limits));
    run.press_play();
    run.run_until(40.0);
    run.tell(Input::NetworkChanged { network: NetworkKind::Cellular, prior: Prior::NONE });
    run.run_until(120.0);
    golden("settings.log", &run);
}

#[test]
fn a_changed_log_names_its_first_wrong_line() {
    let log = harness(Link::plan(40.0, &[(1e5, 3000.0)])).listen(10.0).session.log().to_owned();
    let wrong = |line: usize, from: &str, to: &str| {
        let change = |(n, text): (usize, &str)| match n {
            n if n == line => text.replacen(from, to, 1),
            _ => text.to_owned(),
        };
        let lines: Vec<String> = (1..).zip(log.lines()).map(change).collect();
        replay(&lines.join("\n"))
    };
    assert!(wrong(0, "", "").is_ok());
    assert_eq!(wrong(1, "2", "1"), Err(ReplayError::Version));
    assert_eq!(wrong(2, "mode=auto", "mode=best"), Err(ReplayError::Malformed { line: 2 }));
    assert_eq!(wrong(3, "low=", "lowest="), Err(ReplayError::Malformed { line: 3 }));
    assert_eq!(wrong(4, "play_pressed", "play_pressed 1"), Err(ReplayError::Malformed { line: 4 }));
    let differs = wrong(5, "medium", "high");
    assert!(matches!(differs, Err(ReplayError::Differs { line: 5, .. })), "{differs:?}");
    assert_eq!(replay(""), Err(ReplayError::Version));
}
