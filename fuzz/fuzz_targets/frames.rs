//! Passes rows of numbers out of a fuzzer's bytes to the core as JavaScript would.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quicksync_trial::{Bytes, run_frames};

fuzz_target!(|bytes: &[u8]| {
    run_frames(&mut Bytes::new(bytes), u64::MAX);
});
