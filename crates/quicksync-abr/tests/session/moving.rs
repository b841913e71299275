//! The listener moves: seeks, pauses, skips; and the next track is there in time.

use quicksync_abr::playback::{Failure, Input, Output, SegmentKey, TrackId};
use quicksync_model::Quality;

use crate::harness::{Harness, SEGMENT_S, config, harness, ladder};
use crate::link::Link;

fn fast() -> Link {
    Link::plan(40.0, &[(1e5, 3000.0)])
}

#[test]
fn a_seek_plays_soon_from_there() {
    let mut run = harness(fast()).listen(20.0);
    for (position_s, within_s) in [(200.0, 0.6), (5.0, 0.01), (100.0, 0.6)] {
        let (before_s, plays) = (run.now_s, run.heard.count("play"));
        run.seek(position_s);
        run.run_until(before_s + within_s);
        assert_eq!(run.heard.count("play"), plays + 1, "to {position_s} s\n{}", run.session.log());
    }
    assert_eq!(run.heard.stalls, []);
}

#[test]
fn a_seek_to_the_end_of_a_segment_does_not_start_what_must_stop_at_once() {
    let mut run = harness(fast()).listen(10.0);
    for (segment, rest_s) in [(50.0, 0.02), (20.0, 0.1), (40.0, 0.3), (30.0, 0.6)] {
        let (before_s, plays) = (run.now_s, run.heard.count("play"));
        run.seek(segment * SEGMENT_S - rest_s);
        run.run_until(before_s + 1.0);
        assert_eq!(run.heard.count("play"), plays + 1, "soon\n{}", run.session.log());
        run.run_until(before_s + 3.0);
        assert_eq!(run.heard.stalls, [], "{rest_s} s before the end\n{}", run.session.log());
    }
}

#[test]
fn seeking_about_does_not_spoil_what_is_known_of_the_network() {
    let mut run = harness(fast()).listen(10.0);
    let known = run.session.session().belief().throughput().kbps();
    for n in 0..20_u32 {
        run.seek(f64::from(n * 37 % 200));
        run.run_until(run.now_s + 0.02);
    }
    run.run_until(run.now_s + 5.0);
    let now = run.session.session().belief().throughput().kbps();
    assert!(now > 0.7 * known, "{known} kbps before, {now} after");
}

#[test]
fn a_pause_is_silent_and_ends_at_once() {
    let mut run = harness(fast()).listen(10.0);
    run.pause();
    let heard = run.heard.segments.len();
    run.run_until(60.0);
    assert_eq!(run.heard.segments.len(), heard);
    assert!(run.buffer_s() > 20.0, "the buffer fills meanwhile: {} s", run.buffer_s());
    run.press_play();
    assert_eq!(run.heard.count("play"), 2);
}

#[test]
fn the_next_track_follows_without_a_gap() {
    let mut run = Harness::new(config(), ladder(10, 3_840_000), fast());
    run.announce(ladder(10, 3_840_000));
    let run = run.listen(100.0);
    assert!(run.ended() && run.heard.stalls.is_empty(), "{}", run.session.log());
    assert_eq!(run.heard.segments.len(), 20);
    assert!(run.heard.count("prefetch") >= 2);
    let length_s = run.now_s - run.heard.startup_s.unwrap();
    assert!((length_s - 76.8).abs() < 0.01, "{length_s} s");
}

#[test]
fn a_failed_transfer_is_tried_again_after_a_growing_pause() {
    let mut run = harness(fast());
    run.press_play();
    let mut asked = Vec::new();
    for _ in 0..6 {
        let Some((at, Output::Fetch { segment, quality, .. })) = run.heard.outputs.last().copied()
        else {
            panic!("{:?}", run.heard.outputs)
        };
        asked.push(at);
        run.drop_transfer();
        run.tell(Input::SegmentFailed { segment, quality, failure: Failure::Transient });
        let count = run.heard.outputs.len();
        while run.heard.outputs.len() == count {
            run.run_until(run.now_s + 0.25);
            assert!(run.now_s < 60.0, "{}", run.session.log());
            run.drop_transfer();
        }
    }
    let pauses: Vec<f64> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(pauses, [0.5, 1.0, 2.0, 4.0, 8.0]);
}

#[test]
fn a_missing_rendition_is_replaced_by_another() {
    let mut run = harness(fast());
    run.press_play();
    let mut qualities = Vec::new();
    for _ in 0..4 {
        let Some((_, Output::Fetch { segment, quality, .. })) = run.heard.outputs.last().copied()
        else {
            panic!("{:?}", run.heard.outputs)
        };
        qualities.push(quality);
        run.drop_transfer();
        run.tell(Input::SegmentFailed { segment, quality, failure: Failure::Missing });
    }
    qualities.sort();
    assert_eq!(qualities, Quality::ALL, "each is asked for once");
}

#[test]
fn what_was_evicted_is_fetched_again() {
    let mut run = harness(fast()).listen(10.0);
    let segment = SegmentKey { track: TrackId(0), index: 5 };
    let count = run.heard.outputs.len();
    run.evict(segment);
    run.run_until(20.0);
    let again = run.heard.outputs[count..].iter().any(
        |(_, output)| matches!(output, Output::Fetch { segment: again, .. } if *again == segment),
    );
    assert!(again && run.heard.stalls.is_empty());
}
