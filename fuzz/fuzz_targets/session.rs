//! Plays a player out of a fuzzer's bytes; any broken promise of the decision core is a crash.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quicksync_trial::{Bytes, run};

fuzz_target!(|bytes: &[u8]| {
    if let Err(broken) = run(&mut Bytes::new(bytes), u64::MAX) {
        panic!("{broken}");
    }
});
