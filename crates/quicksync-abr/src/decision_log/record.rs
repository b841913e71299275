//! A playback session that keeps its own log.

use alloc::string::String;
use core::fmt::Write as _;

use quicksync_model::Timestamp;

use super::VERSION_LINE;
use super::write::{Line, TrackLine};
use crate::playback::{Input, Output, PlaybackSession, SegmentLadder, SessionConfig, TrackId};

/// A log stops growing here: several hours of playback. What was written still replays.
pub const MAX_LOG_BYTES: usize = 8 << 20;

/// A [`PlaybackSession`] and everything it was told and answered.
#[derive(Clone, Debug)]
pub struct RecordedSession {
    session: PlaybackSession,
    log: String,
    idle: bool,
    full: bool,
}

impl RecordedSession {
    /// See [`PlaybackSession::new`].
    #[must_use]
    pub fn new(
        config: SessionConfig,
        track: TrackId,
        ladder: SegmentLadder,
        now: Timestamp,
    ) -> Self {
        let mut recorded = Self {
            session: PlaybackSession::new(config, track, ladder, now),
            log: String::new(),
            idle: false,
            full: false,
        };
        recorded.write(format_args!("{VERSION_LINE}"));
        recorded.write(format_args!("{}", Line(&config)));
        recorded.write(format_args!("{}", TrackLine(track, ladder, now)));
        recorded
    }

    /// See [`PlaybackSession::handle_input`].
    pub fn handle_input(&mut self, now: Timestamp, input: Input) {
        self.write(format_args!("< {} {}", now.as_micros(), Line(&input)));
        self.idle = false;
        self.session.handle_input(now, input);
    }

    /// See [`PlaybackSession::poll_output`].
    pub fn poll_output(&mut self) -> Output {
        let output = self.session.poll_output();
        if !self.idle {
            self.write(format_args!("> {}", Line(&output)));
        }
        self.idle = matches!(output, Output::Idle { .. });
        output
    }

    /// The session.
    #[must_use]
    pub const fn session(&self) -> &PlaybackSession {
        &self.session
    }

    /// The log so far.
    #[must_use]
    pub fn log(&self) -> &str {
        &self.log
    }

    fn write(&mut self, line: core::fmt::Arguments<'_>) {
        if self.full {
            return;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(self.log, "{line}");
        self.full = self.log.len() >= MAX_LOG_BYTES;
    }
}
