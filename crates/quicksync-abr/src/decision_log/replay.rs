//! Runs a logged session again and compares every answer.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use core::fmt;

use quicksync_model::Timestamp;

use super::VERSION_LINE;
use super::read::{parse_config, parse_input, parse_track};
use super::write::Line;
use crate::playback::PlaybackSession;

/// Why a log does not replay. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplayError {
    /// It does not begin with [`VERSION_LINE`].
    Version,
    /// A line cannot be read, or configures what no session can honour.
    Malformed {
        /// Which line.
        line: usize,
    },
    /// The session decided something else.
    Differs {
        /// Which line.
        line: usize,
        /// What the log says.
        logged: String,
        /// What was decided now.
        decided: String,
    },
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version => write!(f, "not a decision log: it must begin with `{VERSION_LINE}`"),
            Self::Malformed { line } => write!(f, "line {line} cannot be read"),
            Self::Differs { line, logged, decided } => {
                write!(f, "line {line} differs\n logged: {logged}\ndecided: {decided}")
            }
        }
    }
}

impl core::error::Error for ReplayError {}

/// How much was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Replayed {
    /// Inputs given.
    pub inputs: usize,
    /// Outputs that were the same, byte for byte.
    pub outputs: usize,
}

/// Gives a new session the inputs of `log` and compares its outputs with those logged.
///
/// # Errors
/// At the first line that cannot be read or differs.
pub fn replay(log: &str) -> Result<Replayed, ReplayError> {
    let mut lines = (1..).zip(log.lines()).filter(|(_, line)| !line.is_empty());
    if lines.next().map(|(_, line)| line) != Some(VERSION_LINE) {
        return Err(ReplayError::Version);
    }
    let mut session = begin(&mut lines)?;
    let mut replayed = Replayed::default();
    for (number, line) in lines {
        if let Some(logged) = line.strip_prefix("> ") {
            let decided = Line(&session.poll_output()).to_string();
            if decided != logged {
                let logged = logged.to_owned();
                return Err(ReplayError::Differs { line: number, logged, decided });
            }
            replayed.outputs += 1;
        } else {
            let told = line.strip_prefix("< ").and_then(|line| line.split_once(' '));
            let input = told.and_then(|(at, input)| Some((at.parse().ok()?, parse_input(input)?)));
            let (at, input) = input.ok_or(ReplayError::Malformed { line: number })?;
            session.handle_input(Timestamp::from_micros(at), input);
            replayed.inputs += 1;
        }
    }
    Ok(replayed)
}

fn begin<'a>(
    lines: &mut impl Iterator<Item = (usize, &'a str)>,
) -> Result<PlaybackSession, ReplayError> {
    let (line, config) = lines.next().ok_or(ReplayError::Malformed { line: 2 })?;
    let config = parse_config(config).ok_or(ReplayError::Malformed { line })?;
    let (line, track) = lines.next().ok_or(ReplayError::Malformed { line: line + 1 })?;
    let (track, ladder, at) = parse_track(track).ok_or(ReplayError::Malformed { line })?;
    Ok(PlaybackSession::new(config, track, ladder, at))
}
