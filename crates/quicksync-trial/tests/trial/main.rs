//! A hundred thousand inputs of any kind, from seeds and from bytes.

use quicksync_trial::{Bytes, Seeded, run, run_frames};

#[test]
fn a_hundred_thousand_inputs_are_answered() {
    let (mut inputs, mut seed) = (0, 1_u64);
    while inputs < 100_000 {
        match run(&mut Seeded::new(seed), 400) {
            Ok(trial) => {
                assert!(trial.outputs >= trial.inputs);
                inputs += trial.inputs;
            }
            Err(broken) => panic!("seed {seed}: {broken}"),
        }
        seed += 1;
    }
}

#[test]
fn rows_of_numbers_are_inputs_or_refused() {
    let accepted = run_frames(&mut Seeded::new(7), 40_000);
    assert!((1_000..30_000).contains(&accepted), "{accepted} accepted");
}

#[test]
fn a_fuzzers_bytes_are_a_trial_that_ends() {
    let bytes: Vec<u8> = (0..4_000_u32).map(|n| u8::try_from(n * 7919 % 251).unwrap()).collect();
    let trial = run(&mut Bytes::new(&bytes), u64::MAX).unwrap();
    assert!(trial.inputs > 100, "{trial:?}");
    assert_eq!(run(&mut Bytes::new(&[]), u64::MAX).unwrap().inputs, 0);
}
