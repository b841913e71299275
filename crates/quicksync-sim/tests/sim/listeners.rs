//! Listeners who seek and skip: no algorithm may lose its way.

use quicksync_sim::algorithm::{ALGORITHMS, Conditions};
use quicksync_sim::player::{Listener, Move, play};

use crate::traces::{rough, setup};

#[test]
fn listeners_are_drawn_from_a_seed() {
    let setup = setup(40, Some(30));
    let listener = Listener::seeking(&setup, 3, 7).skipping(&setup, 1.0, 8);
    assert_eq!(listener, Listener::seeking(&setup, 3, 7).skipping(&setup, 1.0, 8));
    assert_ne!(listener, Listener::seeking(&setup, 3, 9).skipping(&setup, 1.0, 8));
    assert!(matches!(listener.moves.last(), Some((_, Move::Skip))));
    assert!(listener.moves.is_sorted_by_key(|(at_us, _)| *at_us));
    assert_eq!(Listener::PATIENT.skipping(&setup, 0.0, 8), Listener::PATIENT);
}

#[test]
fn every_algorithm_finds_its_way_after_a_seek() {
    for seed in 0..6 {
        let setup = setup(40, [Some(30), None][usize::from(seed % 2 == 0)]);
        let link = rough(seed, 400);
        let listener = Listener::seeking(&setup, 3, seed).skipping(&setup, 0.5, seed);
        for algorithm in ALGORITHMS {
            let mut agent = algorithm.build(&setup, &link, &Conditions::default()).unwrap();
            let playback = play(&setup, &link, &listener, agent.as_mut()).unwrap();
            assert_eq!(playback.refused, 0, "{} over {seed}", algorithm.name);
            let (all, wasted) = playback.bytes();
            assert!(wasted <= all && !playback.heard.is_empty() || all == 0);
        }
    }
}
