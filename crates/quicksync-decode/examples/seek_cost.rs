//! What a seek costs: decodes four seconds at each place of a file, twice.
//!
//! `cargo run --release -p quicksync-decode --example seek_cost -- FILE SECONDS...`
//!
//! The first time nothing is known of where the file's frames lie up to there; the second time it is.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this program talks to a person")]

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use quicksync_decode::{DecodeError, decode, probe};

/// What a segment asks for, in seconds, and more.
const WANTED_S: u32 = 4;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let Some(path) = words.next() else {
        eprintln!("usage: seek_cost FILE SECONDS...");
        return ExitCode::FAILURE;
    };
    for second in words.filter_map(|word| word.parse().ok()) {
        match cost(Path::new(&path), second) {
            Ok([first, again]) => println!("at {second} s: {first:.2} ms, again {again:.2} ms"),
            Err(error) => eprintln!("at {second} s: {error}"),
        }
    }
    ExitCode::SUCCESS
}

fn cost(path: &Path, second: u64) -> Result<[f64; 2], DecodeError> {
    let rate = probe(path)?.format.sample_rate;
    let once = || -> Result<f64, DecodeError> {
        let begun = Instant::now();
        decode(path, second * u64::from(rate), WANTED_S * rate)?;
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    };
    Ok([once()?, once()?])
}
