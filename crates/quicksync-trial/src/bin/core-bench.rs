//! Times native decisions: `core-bench LOGS`, a folder of decision logs. Prints one JSON object.
//!
//! A decision is one input and the outputs until the session is at rest. Knows: how to time. Never:
//! what is good enough.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this program talks to another")]

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs, io};

use quicksync_abr::decision_log::{parse_config, parse_input, parse_track};
use quicksync_abr::playback::{
    Input, Output, PlaybackSession, SegmentLadder, SessionConfig, TrackId,
};
use quicksync_model::Timestamp;

/// All logs are decided again and again for this long, after a tenth of it to warm up.
const LASTING: Duration = Duration::from_secs(2);

/// A session as its log tells it.
struct Told {
    config: SessionConfig,
    first: (TrackId, SegmentLadder, Timestamp),
    inputs: Vec<(Timestamp, Input)>,
}

fn main() -> ExitCode {
    let Some(folder) = env::args().nth(1) else {
        eprintln!("usage: core-bench LOGS");
        return ExitCode::FAILURE;
    };
    match read_logs(Path::new(&folder)) {
        Ok(logs) if !logs.is_empty() => {
            decide_for(&logs, LASTING / 10);
            println!("{}", report(decide_for(&logs, LASTING)));
            ExitCode::SUCCESS
        }
        Ok(_) => {
            eprintln!("core-bench: no log in {folder}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("core-bench: {folder}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn read_logs(folder: &Path) -> io::Result<Vec<Told>> {
    let mut logs = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "log") {
            logs.extend(read_log(&fs::read_to_string(path)?));
        }
    }
    Ok(logs)
}

fn read_log(text: &str) -> Option<Told> {
    let mut lines = text.lines().skip(1);
    let config = parse_config(lines.next()?)?;
    let first = parse_track(lines.next()?)?;
    let told = lines.filter_map(|line| line.strip_prefix("< ")?.split_once(' '));
    let inputs = told
        .map(|(at, input)| Some((Timestamp::from_micros(at.parse().ok()?), parse_input(input)?)));
    Some(Told { config, first, inputs: inputs.collect::<Option<_>>()? })
}

/// How long each decision took, nanoseconds.
fn decide_for(logs: &[Told], lasting: Duration) -> Vec<u64> {
    let begun = Instant::now();
    let mut times = Vec::new();
    while begun.elapsed() < lasting {
        for told in logs {
            let (track, ladder, at) = told.first;
            let mut session = PlaybackSession::new(told.config, track, ladder, at);
            for (now, input) in &told.inputs {
                let asked = Instant::now();
                session.handle_input(*now, *input);
                while !matches!(session.poll_output(), Output::Idle { .. }) {}
                times.push(u64::try_from(asked.elapsed().as_nanos()).unwrap_or(u64::MAX));
            }
        }
    }
    times
}

#[expect(clippy::cast_precision_loss, reason = "seconds, in nanoseconds")]
fn report(mut times: Vec<u64>) -> String {
    times.sort_unstable();
    let us = |ns: u64| ns as f64 / 1e3;
    let at = |share: usize| us(times[(times.len() - 1) * share / 100]);
    let mean = us(times.iter().sum()) / times.len() as f64;
    let (decisions, median, p99) = (times.len(), at(50), at(99));
    format!(
        r#"{{"decisions": {decisions}, "mean_us": {mean:.3}, "median_us": {median:.3}, "p99_us": {p99:.3}}}"#
    )
}
