//! Ladders of fewer than four rungs: of lossy sources, of bounds, and from one track to the next.

use quicksync_abr::HostLoad;
use quicksync_abr::playback::{
    BufferLimits, DevicePressure, Input, Limits, Output, Reason, SegmentKey, SegmentLadder,
};
use quicksync_model::Quality::{self, High, Low, Medium, Ultra};

use crate::harness::{Harness, config, limits};
use crate::link::Link;

/// Segments as the server makes them, containers included, of a source whose best rung is `top`.
fn up_to(top: Quality, segments: u32) -> SegmentLadder {
    let bytes = |quality: Quality| (quality, quality.bitrate().kbps() * 480 + 136);
    let offered = Quality::ALL.into_iter().filter(|quality| *quality <= top).map(bytes);
    SegmentLadder::new(3_840_000, 3_840_000 * u64::from(segments), offered).unwrap()
}

fn steady(kbps: f64) -> Link {
    Link::plan(40.0, &[(1e5, kbps)])
}

/// Four minutes up to `top` with a buffer of `depth_s`, not yet begun.
fn track(top: Quality, depth_s: f64, link: Link) -> Harness {
    let mut config = config();
    config.limits.buffer = BufferLimits::new(15.0, 30.0, 4.5, depth_s).unwrap();
    Harness::new(config, up_to(top, 63), link)
}

fn wasted_share(run: &Harness) -> f64 {
    let (all, wasted) = run.session.session().bytes();
    wasted as f64 / all as f64
}

#[test]
fn a_link_that_carries_the_top_is_played_at_the_top() {
    for top in Quality::ALL {
        for depth_s in [30.0, 240.0] {
            for kbps in [500.0, 700.0, 1000.0, 2000.0, 3000.0, 10_000.0, 30_000.0] {
                let run = track(top, depth_s, steady(kbps)).listen(400.0);
                let context = format!("up to {top}, {depth_s} s, {kbps} kbps");
                let late = run.heard.between(90.0, 400.0);
                assert!(late.iter().all(|quality| *quality == top), "{context}: {late:?}");
                assert!(run.heard.switches() <= 2, "{context}: {}", run.heard.switches());
                assert!(run.heard.count("replace") <= 1, "{context}");
                assert!(wasted_share(&run) < 0.02, "{context}: {}", wasted_share(&run));
                assert_eq!(run.heard.stalls, [], "{context}");
            }
        }
    }
}

/// Between two rungs the better one is heard for as long as the buffer lasts, which is worth its
/// switches: the lower one alone is worth less.
#[test]
fn a_link_between_two_rungs_is_shared_by_them() {
    for (top, lower) in [(Medium, Low), (High, Low), (Ultra, Low), (High, Medium), (Ultra, Medium)]
    {
        let alone = if lower == Low { 0.60 } else { 0.86 };
        let rates = if lower == Low { [100.0, 110.0, 120.0] } else { [200.0, 220.0, 240.0] };
        for (depth_s, kbps) in [30.0, 240.0].into_iter().flat_map(|s| rates.map(|kbps| (s, kbps))) {
            let run = track(top, depth_s, steady(kbps)).listen(600.0);
            let context = format!("up to {top}, {depth_s} s, {kbps} kbps");
            assert!(run.heard.qoe() > alone, "{context}: {}", run.heard.qoe());
            assert!(run.heard.switches() <= 7, "{context}: {}", run.heard.switches());
            assert!(wasted_share(&run) < 0.03, "{context}: {}", wasted_share(&run));
            assert_eq!(run.heard.stalls, [], "{context}");
        }
    }
}

/// Links of every kind of trouble.
fn links() -> Vec<Link> {
    let rough: Vec<(f64, f64)> =
        (0..40).map(|n: u32| (2.3, 40.0 + f64::from(n * 7919 % 613))).collect();
    vec![
        steady(110.0),
        steady(300.0),
        steady(5000.0),
        Link::plan(90.0, &rough),
        Link::plan(40.0, &[(30.0, 3000.0), (60.0, 90.0), (1e5, 2000.0)]),
        Link::plan(60.0, &[(25.0, 900.0), (40.0, 0.0), (1e5, 400.0)]),
    ]
}

/// When, what and to what: everything but why.
type Deed = (f64, &'static str, Option<(SegmentKey, Quality)>);

fn deeds(run: &Harness) -> Vec<Deed> {
    let deed = |(at, output): &(f64, Output)| match *output {
        Output::Fetch { segment, quality, .. }
        | Output::Replace { segment, quality, .. }
        | Output::Prefetch { segment, quality, .. }
        | Output::Abandon { segment, quality, .. } => {
            (*at, output.word(), Some((segment, quality)))
        }
        _ => (*at, output.word(), None),
    };
    run.heard.outputs.iter().map(deed).collect()
}

#[test]
fn a_bound_is_a_shorter_ladder() {
    let capped = |cap| Input::CapChanged(Limits { cap, ..limits() });
    let busy = Input::HostLoad(HostLoad { cpu_percent: 95.0, memory_percent: 10.0 });
    for (offered, bound, left) in [
        (Ultra, capped(High), High),
        (Ultra, capped(Medium), Medium),
        (Ultra, capped(Low), Low),
        (High, capped(Ultra), High),
        (High, capped(Medium), Medium),
        (Ultra, busy, High),
        (High, busy, Medium),
        (Medium, busy, Low),
        (Low, busy, Low),
        (Ultra, Input::DevicePressure(DevicePressure::Serious), High),
        (High, Input::DevicePressure(DevicePressure::Critical), Medium),
        (Medium, Input::DevicePressure(DevicePressure::Critical), Medium),
    ] {
        for link in links() {
            let mut bounded = track(offered, 30.0, link.clone());
            bounded.tell(bound);
            let (bounded, shorter) = (bounded.listen(400.0), track(left, 30.0, link).listen(400.0));
            let (bounded, shorter) = (deeds(&bounded), deeds(&shorter));
            let differs = bounded.iter().zip(&shorter).find(|(one, other)| one != other);
            assert_eq!(differs, None, "up to {offered}, {bound:?}");
            assert_eq!(bounded.len(), shorter.len(), "up to {offered}, {bound:?}");
        }
    }
}

#[test]
fn only_a_bound_is_given_as_a_reason() {
    for top in Quality::ALL {
        for link in links() {
            let run = track(top, 30.0, link).listen(400.0);
            for (at, output) in &run.heard.outputs {
                let bounded = matches!(
                    output.reason(),
                    Reason::Capped(_)
                        | Reason::HostBusy(..)
                        | Reason::DeviceBusy(..)
                        | Reason::Budget { .. }
                );
                assert!(!bounded, "up to {top} at {at}: {output:?}");
            }
        }
    }
    let capped = Input::CapChanged(Limits { cap: Medium, ..limits() });
    let mut run = track(High, 30.0, steady(5000.0)).listen(40.0);
    run.tell(capped);
    run.run_until(80.0);
    let since =
        run.heard.outputs.iter().filter(|(at, output)| *at > 40.0 && output.word() == "fetch");
    let reasons: Vec<Reason> = since.map(|(_, output)| output.reason()).collect();
    assert_eq!(reasons.first(), Some(&Reason::Capped(Medium)), "{reasons:?}");
}

#[test]
fn a_cap_that_comes_and_goes_is_two_switches() {
    for (top, cap) in [(Ultra, High), (Ultra, Medium), (Ultra, Low), (High, Medium), (High, Low)] {
        for depth_s in [30.0, 240.0] {
            let mut run = track(top, depth_s, steady(3000.0)).listen(40.0);
            let mut capped = limits();
            capped.buffer = BufferLimits::new(15.0, 30.0, 4.5, depth_s).unwrap();
            capped.cap = cap;
            let context = format!("up to {top}, cap {cap}, {depth_s} s");
            run.tell(Input::CapChanged(capped));
            run.run_until(100.0);
            let during = run.heard.fetched(40.01, 100.0);
            assert!(during.iter().all(|quality| *quality == cap), "{context}: {during:?}");
            let replaced = run.heard.count("replace");
            assert!(replaced <= 1, "{context}: what is held is good enough, {replaced}");
            run.tell(Input::CapChanged(Limits { cap: Ultra, ..capped }));
            run.run_until(400.0);
            let after = run.heard.fetched(108.0, 400.0);
            assert!(after.iter().all(|quality| *quality == top), "{context}: {after:?}");
            assert!(run.heard.switches() <= 3, "{context}: {}", run.heard.switches());
            assert!(wasted_share(&run) < 0.05, "{context}: {}", wasted_share(&run));
            assert_eq!(run.heard.stalls, [], "{context}");
        }
    }
}

#[test]
fn each_track_of_a_queue_is_heard_at_its_own_best() {
    for tops in
        [[Ultra, High, Ultra], [High, Ultra, Medium], [Low, Ultra, Low], [Medium, High, Low]]
    {
        for depth_s in [30.0, 240.0] {
            let mut config = config();
            config.limits.buffer = BufferLimits::new(15.0, 30.0, 4.5, depth_s).unwrap();
            let mut run = Harness::new(config, up_to(tops[0], 16), steady(4000.0));
            run.press_play();
            for (played, top) in (1..).zip(&tops[1..]) {
                run.announce(up_to(*top, 16));
                run.run_until(61.44 * f64::from(played) + 1.0);
            }
            run.run_until(400.0);
            let context = format!("{tops:?}, {depth_s} s");
            assert!(run.ended(), "{context}");
            assert_eq!(run.heard.stalls, [], "{context}");
            for (_, key, quality) in &run.heard.segments {
                assert_eq!(*quality, tops[key.track.0 as usize], "{context}: {key:?}");
            }
            assert!(wasted_share(&run) < 0.02, "{context}: {}", wasted_share(&run));
            named_rates_are_offered(&run, &context);
        }
    }
}

/// No sentence measures the network by what a quality needs that the track does not have.
fn named_rates_are_offered(run: &Harness, context: &str) {
    for (at, output) in &run.heard.outputs {
        let (Reason::Dropped(_, situation)
        | Reason::Kept(_, situation)
        | Reason::Raised(_, situation)
        | Reason::NextTrack(_, situation)) = output.reason()
        else {
            continue;
        };
        assert!(situation.needed_kbps >= 64.0, "{context} at {at}: {output:?}");
    }
}

#[test]
fn a_budget_is_kept_on_any_ladder() {
    // Rates and 60 segments: low needs 1.8 MB, medium 3.7, high 7.4.
    for (top, budget, first) in [
        (High, 1_000_000, Low),
        (High, 4_200_000, Medium),
        (High, 9_000_000, High),
        (Medium, 9_000_000, Medium),
        (Medium, 2_500_000, Low),
        (Low, 9_000_000, Low),
        (Low, 1_000, Low),
    ] {
        for depth_s in [30.0, 240.0] {
            let mut config = config();
            config.limits.buffer = BufferLimits::new(15.0, 30.0, 4.5, depth_s).unwrap();
            config.limits.data_budget_bytes = Some(budget);
            let run = Harness::new(config, up_to(top, 63), steady(3000.0)).listen(400.0);
            let context = format!("up to {top}, {budget} bytes, {depth_s} s");
            assert!(run.ended(), "{context}");
            assert_eq!(run.heard.stalls, [], "{context}");
            let early = run.heard.fetched(2.0, 20.0);
            assert!(early.iter().all(|quality| *quality == first), "{context}: {early:?}");
            assert!(run.heard.switches() <= 2, "{context}: {}", run.heard.switches());
            let (all, _) = run.session.session().bytes();
            let least = 63 * 30_856;
            assert!(all <= budget.max(least), "{context}: {all}");
        }
    }
}
