//! `cargo run --release -p quicksync-sim --example fit -- TRACES OUT [LESSONS] [SEED] [THREADS]
//! [--from-nothing]
//! [--only-shallow | --only-deep | --only-steady]`: fits the decision core's table to a folder of network traces.
//!
//! OUT is `crates/quicksync-abr/src/playback/policy/table.bin`. Synthetic families are left out. Without
//! `--from-nothing` it continues with the table of this build.
#![expect(clippy::print_stderr, reason = "this program talks to a person")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use quicksync_abr::playback::policy::Kind;
use quicksync_sim::fit::{Settings, fit};
use quicksync_sim::{NamedTrace, Scale, read_folder};

/// An hour on two cores.
const LESSONS: usize = 3_000_000;
/// As many as give about a thousand lessons a round.
const PLAYBACKS: usize = 256;

fn main() -> ExitCode {
    let (flags, words): (Vec<_>, Vec<_>) =
        std::env::args().skip(1).partition(|word| word.starts_with("--"));
    let (Some(folder), Some(out)) = (words.first().map(PathBuf::from), words.get(1)) else {
        eprintln!("fit TRACES OUT [LESSONS] [SEED] [THREADS] [--from-nothing]");
        return ExitCode::FAILURE;
    };
    let number = |index: usize, usual: usize| {
        words.get(index).and_then(|word| word.parse().ok()).unwrap_or(usual)
    };
    let flag = |name: &str| flags.iter().any(|flag| flag == name);
    let only = |kind: &Kind| flag(&format!("--only-{kind:?}").to_lowercase());
    let settings = Settings {
        lessons: number(2, LESSONS),
        playbacks: PLAYBACKS,
        continued: !flag("--from-nothing"),
        only: Kind::ALL.into_iter().find(only),
        seed: number(3, 1) as u64,
        threads: number(4, 2),
    };
    match run(&folder, Path::new(out), &settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fit: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path, out: &Path, settings: &Settings) -> Result<(), Box<dyn std::error::Error>> {
    let mut traces = read_folder(folder, Scale::Native)?;
    traces.retain(|trace| !NamedTrace::is_synthetic(trace));
    eprintln!("{} traces", traces.len());
    let table = fit(&traces, settings, |kind, lessons| {
        eprint!("\r{kind:?}: {lessons} of {} lessons", settings.lessons);
    });
    std::fs::write(out, table)?;
    eprintln!();
    Ok(())
}
