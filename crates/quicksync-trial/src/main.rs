//! Tries the core with many inputs: `quicksync-trial [INPUTS] [SEED]`, ten million from seed 0 by
//! default. Prints what was tried; a broken promise with the log of its session, and fails.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this program talks to a person")]

use std::process::ExitCode;

use quicksync_trial::{Seeded, run, run_frames};

const INPUTS: u64 = 10_000_000;
/// The longest session.
const LONGEST: u64 = 1_000;
/// Of every so many trials one is of rows of numbers.
const FRAMES: u64 = 10;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| match arguments.next() {
        Some(text) => text.parse().ok(),
        None => Some(default),
    };
    let (Some(inputs), Some(seed)) = (number(INPUTS), number(0)) else {
        eprintln!("usage: quicksync-trial [INPUTS] [SEED]");
        return ExitCode::FAILURE;
    };
    match try_many(inputs, seed) {
        Ok(sentence) => {
            println!("{sentence}");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn try_many(inputs: u64, first: u64) -> Result<String, String> {
    let (mut told, mut outputs, mut rows, mut seed) = (0, 0, 0, first);
    while told + rows < inputs {
        let mut source = Seeded::new(seed);
        let most = LONGEST.min(inputs - told - rows);
        if seed % FRAMES == 0 {
            rows += run_frames(&mut source, most).max(1);
        } else {
            let trial = run(&mut source, most);
            let trial = trial.map_err(|broken| format!("seed {seed}: {broken}"))?;
            told += trial.inputs;
            outputs += trial.outputs;
        }
        seed += 1;
    }
    let sessions = seed - first;
    Ok(format!(
        "{told} inputs, {outputs} outputs and {rows} rows of numbers in {sessions} trials: every promise kept"
    ))
}
