//! From pressing play to the first sound.

use quicksync_abr::Preload;
use quicksync_abr::playback::{Input, Prior};
use quicksync_model::Quality::{High, Low, Medium};
use quicksync_model::Throughput;

use crate::harness::{Harness, config, harness, ladder};
use crate::link::Link;

#[test]
fn a_fast_link_starts_at_once_and_a_slow_one_soon() {
    for (kbps, within_s) in
        [(10_000.0, 0.3), (3000.0, 0.7), (500.0, 1.6), (128.0, 5.5), (64.0, 10.0)]
    {
        let run = harness(Link::plan(50.0, &[(1e5, kbps)])).listen(60.0);
        let startup_s = run.heard.startup_s.unwrap();
        assert!(startup_s <= within_s, "{kbps} kbps: {startup_s} s\n{}", run.session.log());
    }
}

#[test]
fn a_link_of_64_kbps_plays() {
    let run = harness(Link::plan(50.0, &[(1e5, 70.0)])).listen(400.0);
    let heard = &run.heard;
    assert!(run.ended() && heard.stalls.len() <= 1, "{:?}", heard.stalls);
    let late = heard.between(30.0, 400.0);
    let low = late.iter().filter(|q| **q == Low).count();
    assert!(low * 5 >= late.len() * 4, "the rest pays for the better ones: {late:?}");
}

#[test]
fn what_is_believed_of_the_network_decides_the_first_quality() {
    for (mbps, confidence, expected) in
        [(0.0, 0.0, Medium), (0.1, 1.0, Low), (0.3, 1.0, Medium), (3.0, 1.0, High)]
    {
        let mut config = config();
        config.prior = Prior::new(Throughput::from_mbps(mbps), confidence).unwrap();
        let link = Link::plan(50.0, &[(1e5, 3000.0)]);
        let run = Harness::new(config, ladder(10, 3_840_000), link).listen(1.0);
        assert_eq!(run.heard.fetched(0.0, 0.01), [expected], "{mbps} Mbps");
        let heard = run.heard.segments.first().map(|(_, _, quality)| *quality);
        assert!(heard >= Some(High) || mbps < 1.0, "what came fast is improved: {heard:?}");
    }
}

#[test]
fn preload_decides_what_is_fetched_before_play() {
    for (preload, buffer_s) in [(Preload::Metadata, 0.0), (Preload::Auto, 15.36)] {
        let mut config = config();
        config.preload = preload;
        let link = Link::plan(50.0, &[(1e5, 3000.0)]);
        let mut run = Harness::new(config, ladder(63, 3_840_000), link);
        run.tell(Input::Timeout);
        while run.now_s < 30.0 && run.buffer_s() < buffer_s {
            run.run_until(run.now_s + 0.5);
        }
        assert!((run.buffer_s() - buffer_s).abs() < 1e-6, "{preload:?}: {} s", run.buffer_s());
        assert_eq!(run.heard.segments, [], "no sound before play");
        run.press_play();
        run.run_until(run.now_s + 0.7);
        assert_eq!(run.heard.count("play"), 1, "{preload:?}");
    }
}
