//! What a playback session tells its player.

use quicksync_model::{Quality, Timestamp};

use super::reason::Reason;
use super::track::SegmentKey;

/// One thing for the player to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Output {
    /// Fetch a segment of the present track.
    Fetch {
        /// Which segment.
        segment: SegmentKey,
        /// At which quality.
        quality: Quality,
        /// Why.
        reason: Reason,
    },
    /// Fetch a segment again, better, and put it in place of the one held.
    Replace {
        /// Which segment.
        segment: SegmentKey,
        /// At which quality.
        quality: Quality,
        /// Why.
        reason: Reason,
    },
    /// Fetch a segment of the next track.
    Prefetch {
        /// Which segment.
        segment: SegmentKey,
        /// At which quality.
        quality: Quality,
        /// Why.
        reason: Reason,
    },
    /// Cancel the transfer under way. Nothing need be reported back.
    Abandon {
        /// Which segment.
        segment: SegmentKey,
        /// At which quality.
        quality: Quality,
        /// Why.
        reason: Reason,
    },
    /// Let the sound run.
    Play {
        /// Why now.
        reason: Reason,
    },
    /// Nothing more to do now. Come back with the next input, or with `Timeout` at `wake_at`.
    Idle {
        /// When to come back at the latest; `None`: only an input changes anything.
        wake_at: Option<Timestamp>,
        /// Why.
        reason: Reason,
    },
}

impl Output {
    /// Why.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        match *self {
            Self::Fetch { reason, .. }
            | Self::Replace { reason, .. }
            | Self::Prefetch { reason, .. }
            | Self::Abandon { reason, .. }
            | Self::Play { reason }
            | Self::Idle { reason, .. } => reason,
        }
    }

    /// Every word, in the order of [`Self::number`].
    pub const WORDS: &[&str] = &["fetch", "replace", "prefetch", "abandon", "play", "idle"];

    /// The stable word of logs and interfaces.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        Self::WORDS[self.number()]
    }

    /// The word's place in [`Self::WORDS`].
    #[must_use]
    pub const fn number(&self) -> usize {
        match self {
            Self::Fetch { .. } => 0,
            Self::Replace { .. } => 1,
            Self::Prefetch { .. } => 2,
            Self::Abandon { .. } => 3,
            Self::Play { .. } => 4,
            Self::Idle { .. } => 5,
        }
    }
}
