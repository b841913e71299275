//! The network changes; the sound follows and never stops.

use quicksync_abr::playback::{BufferLimits, Output, SegmentLadder};
use quicksync_model::Quality::{High, Low, Medium, Ultra};

use crate::harness::{Harness, config, harness, ladder};
use crate::link::Link;

/// 3 Mbps for 20 s, 100 kbps for 90 s, 3 Mbps again.
fn slump() -> Link {
    Link::plan(40.0, &[(20.0, 3000.0), (90.0, 100.0), (1e5, 3000.0)])
}

/// 3 Mbps, but nothing from second 40 to 48.
fn tunnel() -> Link {
    Link::plan(40.0, &[(40.0, 3000.0), (8.0, 0.0), (1e5, 3000.0)])
}

#[test]
fn a_slump_is_heard_and_passes_without_a_stall() {
    let heard = harness(slump()).listen(170.0).heard;
    assert!(heard.between(85.0, 110.0).iter().all(|q| *q <= Medium), "{:?}", heard.segments);
    assert!(
        heard.between(85.0, 110.0).contains(&Low) || heard.between(85.0, 110.0).contains(&Medium)
    );
    let end = heard.between(145.0, 170.0);
    assert!(!end.is_empty() && end.iter().all(|q| *q == Ultra), "{:?}", heard.segments);
    assert_eq!(heard.stalls, []);
    assert!(heard.switches() <= 8, "{:?}", heard.segments);
}

#[test]
fn an_outage_amid_a_slump_is_not_heard() {
    let plan = [(20.0, 3000.0), (40.0, 100.0), (8.0, 0.0), (42.0, 100.0), (1e5, 3000.0)];
    let heard = harness(Link::plan(40.0, &plan)).listen(170.0).heard;
    assert_eq!(heard.stalls, [], "{:?}", heard.segments);
    let end = heard.between(145.0, 170.0);
    assert!(!end.is_empty() && end.iter().all(|q| *q >= High), "{:?}", heard.segments);
}

#[test]
fn an_outage_shorter_than_the_buffer_is_not_heard() {
    let heard = harness(tunnel()).listen(170.0).heard;
    assert_eq!(heard.stalls, []);
    assert!(heard.between(60.0, 170.0).iter().all(|q| *q >= High), "{:?}", heard.segments);
}

#[test]
fn a_steady_link_gives_a_steady_quality() {
    for (kbps, least, most) in
        [(90.0, Low, Medium), (200.0, Medium, High), (420.0, Ultra, Ultra), (5000.0, Ultra, Ultra)]
    {
        let heard = harness(Link::plan(50.0, &[(1e5, kbps)])).listen(400.0).heard;
        // Towards the end what is held may be spent.
        let late = heard.between(60.0, 225.0);
        assert!(late.iter().all(|q| (least..=most).contains(q)), "{kbps} kbps: {late:?}");
        assert!(heard.switches() <= 12, "{kbps} kbps: {} switches", heard.switches());
        assert_eq!(heard.stalls, [], "{kbps} kbps");
    }
}

#[test]
fn a_transfer_that_would_outlast_the_buffer_is_given_up() {
    let link = Link::plan(40.0, &[(12.0, 3000.0), (1e5, 70.0)]);
    let mut config = config();
    config.limits.buffer = BufferLimits::new(5.0, 10.0, 1.5, 10.0).unwrap();
    let heard = Harness::new(config, ladder(63, 3_840_000), link).listen(120.0).heard;
    assert!(heard.count("abandon") >= 1, "{:?}", heard.outputs);
    for (index, (at, output)) in heard.outputs.iter().enumerate() {
        let Output::Abandon { segment, quality, .. } = output else { continue };
        let next = heard.outputs[index + 1..].iter().find_map(|(_, output)| match output {
            Output::Fetch { segment, quality, .. } => Some((*segment, *quality)),
            _ => None,
        });
        let (again, lower) = next.unwrap();
        assert!(again == *segment && lower < *quality, "at {at}: {again:?} {lower}");
    }
}

#[test]
fn a_transfer_is_given_up_for_a_lower_quality_that_comes_only_a_little_sooner() {
    // Where half the time was asked for, the rest was waited for, and each of these links was heard.
    for (depth_s, kbps, good_s, poor_kbps) in
        [(10.0, 400.0, 12.0, 90.0), (15.0, 400.0, 30.0, 80.0), (15.0, 1000.0, 20.0, 100.0)]
    {
        let link = Link::plan(40.0, &[(good_s, kbps), (1e5, poor_kbps)]);
        let mut config = config();
        config.limits.buffer = BufferLimits::new(5.0, depth_s, 1.5, depth_s).unwrap();
        let heard = Harness::new(config, ladder(63, 3_840_000), link).listen(120.0).heard;
        assert!(heard.count("abandon") >= 1, "{kbps} to {poor_kbps} kbps: {:?}", heard.outputs);
        assert_eq!(heard.stalls, [], "{kbps} to {poor_kbps} kbps");
    }
}

#[test]
fn a_good_link_improves_what_is_held_already() {
    let heard = harness(slump()).listen(170.0).heard;
    let (low_s, started_s) = (4.5, heard.startup_s.unwrap());
    let replaced: Vec<_> = heard
        .outputs
        .iter()
        .filter_map(|(at, output)| match output {
            Output::Replace { quality, reason, .. } => Some((*at, *quality, *reason)),
            _ => None,
        })
        .collect();
    assert!(!replaced.is_empty());
    for (at, quality, reason) in replaced {
        let buffer_s = reason.situation().unwrap().buffer_s;
        let safe = at <= started_s || buffer_s >= low_s;
        assert!(quality >= Medium && safe, "at {at}: {reason}");
    }
}

#[test]
fn after_a_long_outage_some_segments_are_held_before_the_sound_goes_on() {
    let link = Link::plan(40.0, &[(20.0, 1000.0), (60.0, 0.0), (1e5, 90.0)]);
    let run = harness(link).listen(400.0);
    assert_eq!(run.heard.stalls.len(), 1, "{:?}", run.heard.stalls);
    let resumed = run.heard.outputs.iter().filter_map(|(_, output)| match output {
        Output::Play { reason } if reason.code() == "recovered" => reason.situation(),
        _ => None,
    });
    let buffers: Vec<f64> = resumed.map(|situation| situation.buffer_s).collect();
    assert!(buffers.iter().all(|buffer_s| *buffer_s >= 6.0), "{buffers:?}");
}

#[test]
fn the_metric_is_near_its_best_where_the_link_is_good() {
    let run = harness(Link::plan(40.0, &[(1e5, 3000.0)])).listen(400.0);
    assert!(run.ended() && run.heard.qoe() > 0.985, "{}", run.heard.qoe());
}

/// The rungs of a source of 150 kbps.
fn three_rungs() -> SegmentLadder {
    let bytes = [(Low, 30_856), (Medium, 61_576), (High, 123_016)];
    SegmentLadder::new(3_840_000, 262_373_896, bytes).unwrap()
}

#[test]
fn a_source_of_three_rungs_is_heard_at_its_best_and_fetched_once() {
    for depth_s in [30.0, 240.0] {
        for kbps in [400.0, 700.0, 1000.0, 3000.0, 30_000.0] {
            let mut config = config();
            config.limits.buffer = BufferLimits::new(15.0, 30.0, 4.5, depth_s).unwrap();
            let link = Link::plan(40.0, &[(1e5, kbps)]);
            let run = Harness::new(config, three_rungs(), link).listen(120.0);
            let late = run.heard.fetched(30.0, 120.0);
            assert!(late.iter().all(|q| *q == High), "{kbps} kbps, {depth_s} s: {late:?}");
            let again = run.heard.count("replace");
            assert!(run.heard.switches() <= 2 && again <= 1, "{kbps} kbps, {depth_s} s: {again}");
            assert_eq!(run.heard.stalls, [], "{kbps} kbps, {depth_s} s");
        }
    }
}
