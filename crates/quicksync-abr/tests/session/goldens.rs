//! Logged sessions replay to the same decisions, here and in WebAssembly.
//!
//! After a change that is meant to decide differently, `cargo xtask golden decisions` writes them
//! anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use quicksync_abr::decision_log::{ReplayError, Replayed, replay};
use quicksync_abr::playback::{
    BufferLimits, DevicePressure, Failure, Input, Limits, Output, Prior, Reason, SegmentKey,
    TrackId,
};
use quicksync_abr::{HostLoad, Preload};
use quicksync_model::{Mode, NetworkKind, Quality, Throughput};

use crate::harness::{Harness, config, harness, ladder, limits};
use crate::link::Link;

type Scenario = (&'static str, fn() -> Harness);

/// What each log is of. Together they hold every input, every output and every reason there is.
const SCENARIOS: &[Scenario] = &[
    ("slump", slump),
    ("outage", outage),
    ("jitter", jitter),
    ("bounds", bounds),
    ("queue", queue),
    ("losses", losses),
    ("offline", offline),
];

/// 3 Mbps, then 100 kbps, then 3 Mbps: start, drop, give up, raise, replace.
fn slump() -> Harness {
    let link = Link::plan(40.0, &[(20.0, 3000.0), (70.0, 100.0), (1e5, 3000.0)]);
    harness(link).listen(130.0)
}

/// Nothing for longer than the buffer lasts: a stall, and going on after it.
fn outage() -> Harness {
    let link = Link::plan(90.0, &[(25.0, 900.0), (45.0, 0.0), (1e5, 400.0)]);
    harness(link).listen(120.0)
}

/// 60 to 670 kbps, another rate every 1.7 s.
fn jitter() -> Harness {
    let steps: Vec<(f64, f64)> =
        (0..40).map(|n: u32| (1.7, 60.0 + f64::from(n * 7919 % 613))).collect();
    harness(Link::plan(120.0, &steps)).listen(80.0)
}

/// A busy server, a device under pressure, a chosen quality, a budget, another network, a cap.
fn bounds() -> Harness {
    let mut config = config();
    config.prior = Prior::new(Throughput::from_mbps(2.7), 0.4).unwrap();
    let mut run = Harness::new(config, ladder(63, 3_840_000), Link::plan(35.0, &[(1e5, 1800.0)]));
    let mut chosen = limits();
    chosen.preferences.mode = Mode::Manual(Quality::Low);
    let mut poor = limits();
    poor.data_budget_bytes = Some(2_000_000);
    poor.buffer = BufferLimits::new(10.5, 20.25, 3.15, 60.0).unwrap();
    let capped = Limits { cap: Quality::Medium, ..limits() };
    let wifi = Input::NetworkChanged { network: NetworkKind::Wifi, prior: config.prior };
    let calm = HostLoad::default();
    run.press_play();
    for (until_s, input) in [
        (12.0, Input::HostLoad(HostLoad { cpu_percent: 91.5, memory_percent: 40.25 })),
        (20.0, Input::HostLoad(calm)),
        (21.0, Input::DevicePressure(DevicePressure::Critical)),
        (30.0, Input::DevicePressure(DevicePressure::Nominal)),
        (31.0, Input::CapChanged(chosen)),
        (40.0, Input::CapChanged(poor)),
        (60.0, Input::CapChanged(limits())),
        (61.0, wifi),
        (70.0, Input::NetworkChanged { network: NetworkKind::Cellular, prior: Prior::NONE }),
        (80.0, Input::CapChanged(capped)),
    ] {
        run.run_until(until_s);
        run.tell(input);
    }
    run.run_until(100.0);
    run
}

/// Pause, seek while a segment is under way, prefetch, a track's end, skip, a queue's end.
fn queue() -> Harness {
    let link = Link::plan(35.0, &[(1e5, 1500.0)]);
    let mut run = Harness::new(config(), ladder(10, 3_840_000), link);
    run.press_play();
    run.run_until(4.0);
    run.pause();
    run.run_until(5.0);
    run.press_play();
    run.run_until(6.0);
    run.seek(33.0);
    run.announce(ladder(6, 4_000_000));
    run.run_until(24.0);
    run.announce(ladder(9, 3_840_000));
    run.run_until(26.0);
    run.skip();
    run.run_until(32.0);
    run.tell(Input::NextTrack(None));
    run.run_until(70.0);
    run
}

/// Failures, missing renditions, evictions, requests that leave late, sound that goes on by itself.
fn losses() -> Harness {
    let mut run = Harness::new(config(), ladder(12, 3_840_000), Link::plan(60.0, &[(1e5, 700.0)]));
    run.press_play();
    run.fail(Failure::Transient);
    run.run_until(0.6);
    run.fail(Failure::Transient);
    run.run_until(1.7);
    run.request_left();
    run.fail(Failure::Missing);
    run.run_until(20.0);
    run.evict(SegmentKey { track: TrackId(0), index: 6 });
    run.tell(Input::StallEnded);
    run.run_until(60.0);
    run
}

/// Half of a track is on the device before play is pressed.
fn offline() -> Harness {
    let config = quicksync_abr::playback::SessionConfig {
        preload: Preload::Metadata,
        start_quality: Quality::Low,
        ..config()
    };
    let mut run = Harness::new(config, ladder(10, 3_840_000), Link::plan(60.0, &[(1e5, 240.0)]));
    run.hold([0, 1, 2, 5, 6].into_iter(), Quality::Medium);
    run.run_until(2.0);
    run.press_play();
    run.find_cached();
    run.run_until(45.0);
    run
}

fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/decisions");
    folder.join(format!("{name}.log"))
}

/// The first line in which two logs differ.
fn difference(old: &str, new: &str) -> Option<String> {
    let (mut old, mut new) = (old.lines(), new.lines());
    (1..).find_map(|line| match (old.next(), new.next()) {
        (None, None) => Some(None),
        (a, b) if a == b => None,
        (a, b) => Some(Some(format!("line {line}\n  was {a:?}\n  is  {b:?}"))),
    })?
}

#[test]
fn decisions_are_those_written_down() {
    for (name, run) in SCENARIOS {
        let run = run();
        let log = run.session.log();
        let Replayed { inputs, outputs } = replay(log).unwrap();
        assert!(inputs > 20 && outputs > 20, "{name}: {inputs} inputs, {outputs} outputs");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(path(name), log).unwrap();
        }
        let written = fs::read_to_string(path(name)).unwrap();
        if let Some(difference) = difference(&written, log) {
            panic!(
                "{name} differs in {difference}\nif that is meant: cargo xtask golden decisions"
            );
        }
    }
}

/// What is believed at a scenario's end: expected, a tenth below, a tenth above (bits per second),
/// seconds to the first byte, share of time in outages.
fn belief_line(name: &str, run: &Harness) -> String {
    let belief = run.session.session().belief();
    let (low, high) = belief.band();
    let (latency_s, outages) = (belief.latency_s(), belief.outage_share());
    format!(
        "{name} {} {} {} {latency_s} {outages}\n",
        belief.throughput().bps(),
        low.bps(),
        high.bps()
    )
}

#[test]
fn beliefs_are_those_written_down() {
    let lines: String = SCENARIOS.iter().map(|(name, run)| belief_line(name, &run())).collect();
    let path = path("beliefs").with_extension("txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &lines).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), lines, "meant? cargo xtask golden decisions");
}

#[test]
fn every_input_output_and_reason_is_in_some_log() {
    let logs: Vec<String> =
        SCENARIOS.iter().map(|(_, run)| run().session.log().to_owned()).collect();
    let words = |mark: &str| -> BTreeSet<String> {
        let lines = logs.iter().flat_map(|log| log.lines());
        let told = lines.filter_map(|line| line.strip_prefix(mark));
        told.flat_map(|line| line.split(" # ").next().unwrap().split(' '))
            .map(str::to_owned)
            .collect()
    };
    let (told, answered) = (words("< "), words("> "));
    let missing: Vec<&str> =
        [(Input::WORDS, &told), (Output::WORDS, &answered), (Reason::CODES, &answered)]
            .into_iter()
            .flat_map(|(all, seen)| all.iter().copied().filter(|word| !seen.contains(*word)))
            .collect();
    assert_eq!(missing, [""; 0], "no log shows these any more");
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
