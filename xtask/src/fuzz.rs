//! Tries the decision core with many random inputs, on the compiler that everything is built with.
//!
//! Decides how many. Never: what is tried, which is `crates/quicksync-trial`'s; the targets of
//! `fuzz/` try the same with a fuzzer.

use anyhow::Result;

use crate::steps::{cargo, step};

/// Tells the core `inputs` inputs that follow from `seed`.
pub(crate) fn run(inputs: u64, seed: u64) -> Result<()> {
    let mut trial = cargo(&["run", "--quiet", "--release", "-p", "quicksync-trial", "--"]);
    step("random inputs", trial.args([inputs, seed].map(|number| number.to_string())))
}
