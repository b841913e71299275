//! What a listener set has its effect on what is fetched next.

use quicksync_abr::HostLoad;
use quicksync_abr::playback::{BufferLimits, DevicePressure, Input, Limits};
use quicksync_model::Quality::{High, Low, Medium, Ultra};
use quicksync_model::{Mode, NetworkKind, Quality};

use crate::harness::{Harness, config, harness, ladder, limits};
use crate::link::Link;

fn fast() -> Link {
    Link::plan(40.0, &[(1e5, 5000.0)])
}

/// Qualities fetched in the 40 s after `input` was told at second 40 of a fast link.
fn fetched_after(input: Input) -> Vec<Quality> {
    let mut run = harness(fast()).listen(40.0);
    run.tell(input);
    run.run_until(80.0);
    run.heard.fetched(40.01, 80.0)
}

#[test]
fn a_mode_fixes_the_quality_from_the_next_segment_on() {
    for quality in Quality::ALL {
        let mut limits = limits();
        limits.preferences.mode = Mode::Manual(quality);
        let fetched = fetched_after(Input::CapChanged(limits));
        assert!(fetched.len() > 5 && fetched.iter().all(|q| *q == quality), "{fetched:?}");
    }
}

#[test]
fn a_mode_is_held_even_on_a_link_that_cannot_carry_it() {
    let mut config = config();
    config.limits.preferences.mode = Mode::Manual(High);
    let link = Link::plan(40.0, &[(1e5, 150.0)]);
    let heard = Harness::new(config, ladder(20, 3_840_000), link).listen(300.0).heard;
    assert!(heard.segments.iter().all(|(_, _, q)| *q == High));
    assert_eq!(heard.count("abandon"), 0);
}

#[test]
fn preferring_stability_pays_for_it_with_quality() {
    let mean = |prefer_quality| {
        let mut config = config();
        config.limits.preferences.prefer_quality = prefer_quality;
        let (mut kbps, mut stalls) = (0, 0);
        for low_kbps in [40.0, 60.0, 80.0, 100.0, 120.0, 160.0] {
            let steps: Vec<(f64, f64)> = (0..60)
                .map(|n: u32| {
                    (
                        f64::from(2 + n * 7919 % 11),
                        if n.is_multiple_of(2) { 420.0 } else { low_kbps },
                    )
                })
                .collect();
            let link = Link::plan(60.0, &steps);
            let heard = Harness::new(config, ladder(63, 3_840_000), link).listen(600.0).heard;
            kbps += heard.segments.iter().map(|(_, _, q)| q.bitrate().kbps()).sum::<u32>();
            stalls += heard.stalls.len();
        }
        (kbps / (6 * 63), stalls)
    };
    let (quality, steady) = (mean(true), mean(false));
    assert!(quality.0 >= steady.0 && steady.1 < quality.1, "{quality:?} against {steady:?}");
}

#[test]
fn preferring_stability_still_takes_what_the_link_carries() {
    let mut config = config();
    config.limits.preferences.prefer_quality = false;
    config.limits.buffer = BufferLimits::new(8.0, 12.0, 2.4, 12.0).unwrap();
    let link = Link::plan(60.0, &[(1e5, 300.0)]);
    let heard = Harness::new(config, ladder(63, 3_840_000), link).listen(400.0).heard;
    let late = heard.between(60.0, 400.0);
    assert!(late.iter().all(|q| *q >= Medium), "{late:?}");
    assert_eq!(heard.stalls, []);
}

#[test]
fn load_and_pressure_lower_the_quality_if_they_may() {
    let busy = Input::HostLoad(HostLoad { cpu_percent: 95.0, memory_percent: 10.0 });
    for (input, allowed) in [
        (busy, High),
        (Input::DevicePressure(DevicePressure::Fair), Ultra),
        (Input::DevicePressure(DevicePressure::Serious), High),
        (Input::DevicePressure(DevicePressure::Critical), Medium),
    ] {
        let fetched = fetched_after(input);
        assert!(fetched.iter().all(|q| *q == allowed), "{input:?}: {fetched:?}");
        let mut config = config();
        config.limits.preferences.adapt_to_system = false;
        let mut run = Harness::new(config, ladder(63, 3_840_000), fast()).listen(40.0);
        run.tell(input);
        run.run_until(80.0);
        assert!(run.heard.fetched(40.01, 80.0).iter().all(|q| *q == Ultra), "{input:?}");
    }
}

#[test]
fn a_rule_bounds_every_mode() {
    for cap in Quality::ALL {
        for mode in [Mode::Auto, Mode::Manual(Low), Mode::Manual(Ultra)] {
            let mut limits = limits();
            (limits.cap, limits.preferences.mode) = (cap, mode);
            let allowed = if mode == Mode::Manual(Low) { Low } else { cap };
            let fetched = fetched_after(Input::CapChanged(limits));
            assert!(fetched.len() > 5, "{cap} {mode:?}: {fetched:?}");
            assert!(fetched.iter().all(|q| *q == allowed), "{cap} {mode:?}: {fetched:?}");
        }
    }
}

#[test]
fn a_budget_lowers_quality_and_never_silences() {
    for (bytes, allowed) in [(0, Low), (1_000_000, Low), (3_500_000, Medium), (50_000_000, Ultra)] {
        let limits = Limits { data_budget_bytes: Some(bytes), ..limits() };
        let fetched = fetched_after(Input::CapChanged(limits));
        assert!(fetched.len() > 5, "{bytes} bytes: {fetched:?}");
        assert!(fetched.iter().all(|q| *q == allowed), "{bytes} bytes: {fetched:?}");
    }
}

#[test]
fn the_buffer_is_as_deep_as_the_network_may_cost() {
    for (network, depth_s) in
        [(NetworkKind::Cellular, 30.0), (NetworkKind::Wifi, 90.0), (NetworkKind::Unknown, 90.0)]
    {
        let mut config = config();
        config.limits.network = network;
        config.limits.buffer = BufferLimits::new(15.0, 30.0, 4.5, 90.0).unwrap();
        let run = Harness::new(config, ladder(63, 3_840_000), fast()).listen(60.0);
        let buffer_s = run.buffer_s();
        assert!(buffer_s <= depth_s && buffer_s > depth_s - 8.0, "{network}: {buffer_s} s");
    }
}
