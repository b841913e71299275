//! Times native decisions: `core-bench LOGS`, a folder of decision logs. Prints one JSON object.
//!
//! An input is timed with the outputs until the session is at rest; it was a decision if one of them
//! is something to do. Knows: how to time. Never: what is good enough.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this program talks to another")]

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs, io};

use quicksync_abr::Preload;
use quicksync_abr::decision_log::{parse_config, parse_input, parse_track};
use quicksync_abr::playback::{
    BufferLimits, Input, Limits, Output, PlaybackSession, Preferences, Prior, SegmentKey,
    SegmentLadder, SessionConfig, TrackId,
};
use quicksync_model::{Mode, NetworkKind, Quality, Throughput, Timestamp};

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
            let ([inputs, decisions], deep) = (decide_for(&logs, LASTING), decide_deep());
            let [inputs, decisions, deep] = [inputs, decisions, deep].map(report);
            println!(r#"{{"input": {inputs}, "decision": {decisions}, "deep": {deep}}}"#);
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

/// How long each input took that asked for nothing, and each decision, nanoseconds.
fn decide_for(logs: &[Told], lasting: Duration) -> [Vec<u64>; 2] {
    let begun = Instant::now();
    let mut times = [Vec::new(), Vec::new()];
    while begun.elapsed() < lasting {
        for told in logs {
            let (track, ladder, at) = told.first;
            let mut session = PlaybackSession::new(told.config, track, ladder, at);
            for (now, input) in &told.inputs {
                let (time, decided) = tell(&mut session, *now, *input);
                times[usize::from(decided)].push(time);
            }
        }
    }
    times
}

fn tell(session: &mut PlaybackSession, now: Timestamp, input: Input) -> (u64, bool) {
    let asked = Instant::now();
    session.handle_input(now, input);
    let mut decided = false;
    while !matches!(session.poll_output(), Output::Idle { .. }) {
        decided = true;
    }
    (u64::try_from(asked.elapsed().as_nanos()).unwrap_or(u64::MAX), decided)
}

/// The same with a day of low quality held: as deep a buffer as there may be, all of it to improve.
fn decide_deep() -> Vec<u64> {
    let mut times = Vec::new();
    let Some(mut session) = deep_session() else { return times };
    for n in 1..=20_000_u32 {
        let now = Timestamp::from_micros(i64::from(n) * 10_000);
        let position_us = u64::from(n) * 10_000;
        let moved = Input::PlayheadAt { track: TrackId(0), position_us };
        times.push(tell(&mut session, now, moved).0);
    }
    times
}

fn deep_session() -> Option<PlaybackSession> {
    let preferences = Preferences { mode: Mode::Auto, prefer_quality: true, adapt_to_system: true };
    let limits = Limits {
        preferences,
        network: NetworkKind::Ethernet,
        data_budget_bytes: None,
        cap: Quality::Ultra,
        buffer: BufferLimits::new(15.0, 30.0, 4.5, 86_400.0).ok()?,
    };
    let config = SessionConfig {
        limits,
        preload: Preload::Auto,
        start_quality: Quality::High,
        prior: Prior::new(Throughput::from_mbps(3.0), 0.5).ok()?,
    };
    let sizes = [(Quality::Low, 30_720), (Quality::Ultra, 153_600)];
    let ladder = SegmentLadder::new(3_840_000, 90_000_000_000, sizes).ok()?;
    let begun = Timestamp::from_micros(0);
    let mut session = PlaybackSession::new(config, TrackId(0), ladder, begun);
    for index in 0..ladder.segments() - 1 {
        let segment = SegmentKey { track: TrackId(0), index };
        session.handle_input(begun, Input::SegmentHeld { segment, quality: Quality::Low });
    }
    session.handle_input(begun, Input::PlayPressed);
    Some(session)
}

#[expect(clippy::cast_precision_loss, reason = "seconds, in nanoseconds")]
fn report(mut times: Vec<u64>) -> String {
    times.sort_unstable();
    let us = |ns: u64| ns as f64 / 1e3;
    let at = |share: usize| us(times.get(times.len() * share / 100).copied().unwrap_or(0));
    let mean = us(times.iter().sum()) / times.len() as f64;
    let (count, median, p99) = (times.len(), at(50), at(99));
    format!(
        r#"{{"count": {count}, "mean_us": {mean:.3}, "median_us": {median:.3}, "p99_us": {p99:.3}}}"#
    )
}
