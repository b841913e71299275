//! What a plan file says is enough to find the same value elsewhere: a second, much simpler player
//! reads only that, the trace and the track.

use quicksync_sim::algorithm::{ALGORITHMS, Conditions};
use quicksync_sim::player::{Download, Fate, Listener, Playback, play};
use quicksync_sim::{Listening, Metric, NetworkTrace, Setup};

use crate::traces::{rough, setup};

/// Plays the downloads again by the lines' times alone, and checks each of them.
fn again(setup: &Setup, link: &NetworkTrace, playback: &Playback) -> Listening {
    let mut free_us = 0;
    for download in &playback.downloads {
        assert!(download.requested_us >= free_us, "two transfers at once");
        free_us = download.finished_us;
        if download.fate != Fate::Abandoned {
            let body_us = download.requested_us + link.latency_us(download.requested_us);
            assert_eq!(link.finish_us(body_us, download.bytes), Some(download.finished_us));
            assert_eq!(download.bytes, setup.bytes(download.rung));
        }
    }
    let mut rungs = Vec::new();
    let mut now_us = playback.startup_us;
    let mut stalls = playback.stalls.iter();
    let (mut count, mut stalled_us) = (0, 0);
    for segment in 0..setup.segments() {
        let copies = || playback.downloads.iter().filter(move |d| is_whole(d, segment));
        let first_us = copies().map(|d| d.finished_us).min().unwrap();
        if first_us > now_us {
            let stall = stalls.next().expect("a stall that the plan does not tell of");
            assert_eq!(stall.at_us, now_us);
            now_us += stall.length_us;
            assert!(first_us <= now_us, "it sounds before it is complete");
            (count, stalled_us) = (count + 1, stalled_us + stall.length_us);
        }
        let in_time = copies().rfind(|d| d.finished_us <= now_us).unwrap();
        assert!(matches!(in_time.fate, Fate::Kept), "the plan says another copy sounds");
        rungs.push(in_time.rung);
        now_us += setup.segment_us();
    }
    assert_eq!(stalls.next(), None);
    assert_eq!(now_us, playback.ended_us);
    Listening {
        rungs,
        stalls: count,
        stalled_s: stalled_us as f64 / 1e6,
        startup_s: playback.startup_us as f64 / 1e6,
    }
}

fn is_whole(download: &Download, segment: u32) -> bool {
    download.segment == segment && download.fate != Fate::Abandoned
}

#[test]
fn every_plan_gives_its_value_again() {
    for cap_s in [Some(12), Some(30), None] {
        let setup = setup(40, cap_s);
        for (seed, mean_kbps) in [(1, 60), (2, 150), (3, 300), (4, 2000)] {
            let link = rough(seed, mean_kbps);
            for algorithm in ALGORITHMS {
                let case = format!("{} over {seed} with {cap_s:?}", algorithm.name);
                let mut agent = algorithm.build(&setup, &link, &Conditions::default()).unwrap();
                let playback = play(&setup, &link, &Listener::PATIENT, agent.as_mut()).unwrap();
                assert_eq!(playback.refused, 0, "{case}");
                let listening = again(&setup, &link, &playback);
                for metric in [Metric::m1(), Metric::lin(), Metric::log()] {
                    let (told, found) =
                        (metric.value(&playback.listening()), metric.value(&listening));
                    assert!((told - found).abs() < 1e-12, "{case}: {told} {found}");
                }
            }
        }
    }
}
