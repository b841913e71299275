//! Ladders of fewer than four rungs: nobody plays what is not there, and the best there is is found.

use quicksync_model::Quality;
use quicksync_sim::algorithm::{ALGORITHMS, Conditions, OURS};
use quicksync_sim::player::{Listener, Playback, play};
use quicksync_sim::{SEGMENT_US, SEGMENTS, Setup};

use crate::traces::{link, rough};

fn played(name: &str, setup: &Setup, link: &quicksync_sim::NetworkTrace) -> Playback {
    let algorithm = ALGORITHMS.iter().find(|algorithm| algorithm.name == name).unwrap();
    let mut agent = algorithm.build(setup, link, &Conditions::default()).unwrap();
    play(setup, link, &Listener::PATIENT, agent.as_mut()).unwrap()
}

#[test]
fn nobody_plays_a_rung_that_is_not_there() {
    for top in Quality::ALL {
        for cap_us in [Some(30_000_000), None] {
            let setup = Setup::up_to(top, SEGMENT_US, 20, cap_us).unwrap();
            for algorithm in ALGORITHMS {
                for seed in 0..4 {
                    let playback = played(algorithm.name, &setup, &rough(seed, 250));
                    let context = format!("{} up to {top}, seed {seed}", algorithm.name);
                    assert_eq!(playback.refused, 0, "{context}");
                    assert_eq!(playback.heard.len(), 20, "{context}");
                    let highest = playback.downloads.iter().map(|one| one.rung).max();
                    assert!(highest <= Some(top as usize), "{context}: {highest:?}");
                }
            }
        }
    }
}

#[test]
fn everyone_reaches_the_top_of_any_ladder_on_a_good_link() {
    for top in Quality::ALL {
        let setup = Setup::up_to(top, SEGMENT_US, SEGMENTS, Some(30_000_000)).unwrap();
        for algorithm in ALGORITHMS.iter().filter(|one| !one.name.starts_with("fixed")) {
            let playback = played(algorithm.name, &setup, &link("9000:100", 30));
            let late = &playback.heard[20..];
            let all = late.iter().all(|(_, rung)| *rung == top as usize);
            assert!(all, "{} up to {top}: {late:?}", algorithm.name);
        }
    }
}

#[test]
fn a_fixed_rung_that_is_not_there_is_the_best_there_is() {
    let setup = Setup::up_to(Quality::Medium, SEGMENT_US, 10, None).unwrap();
    for name in ["fixed-128", "fixed-256", "fixed-320"] {
        let playback = played(name, &setup, &link("900:100", 30));
        assert!(playback.heard.iter().all(|(_, rung)| *rung == 1), "{name}");
    }
    assert_eq!(played(OURS, &setup, &link("900:100", 30)).refused, 0);
}
