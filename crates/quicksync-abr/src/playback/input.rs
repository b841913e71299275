//! What a player tells a playback session.

use quicksync_model::{NetworkKind, Quality};

use super::config::{Limits, Prior};
use super::ladder::SegmentLadder;
use super::track::{SegmentKey, TrackId};
use crate::HostLoad;

/// How hard the listener's device works, as the Compute Pressure API names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum DevicePressure {
    /// Room to spare.
    #[default]
    Nominal,
    /// Busy, no harm yet.
    Fair,
    /// Close to its limits.
    Serious,
    /// At its limits.
    Critical,
}

/// Why a transfer failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The network or the server failed; the same request may succeed later.
    Transient,
    /// This quality of this segment does not exist; another may.
    Missing,
}

impl Failure {
    /// Every failure.
    pub const ALL: [Self; 2] = [Self::Transient, Self::Missing];

    /// The lower-case word of logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transient => "transient",
            Self::Missing => "missing",
        }
    }
}

/// One thing a player saw. Any order is accepted; what cannot be, is ignored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    /// The listener wants sound.
    PlayPressed,
    /// The listener wants silence; the buffer still fills.
    PausePressed,
    /// The request left: the clock of the transfer starts here rather than at the output.
    SegmentRequested {
        /// Which segment.
        segment: SegmentKey,
        /// At which quality.
        quality: Quality,
    },
    /// Part of the body arrived. The first of these also shows the latency.
    BytesReceived {
        /// Which segment.
        segment: SegmentKey,
        /// At which quality.
        quality: Quality,
        /// Bytes of the body so far.
        bytes: u64,
    },
    /// The whole segment is in the player's buffer.
    SegmentCompleted {
        /// Which segment.
        segment: SegmentKey,
        /// At which quality.
        quality: Quality,
        /// Bytes of the body.
        bytes: u64,
        /// It came from a cache on the device: no evidence about the network.
        cached: bool,
    },
    /// A segment is in the player's buffer without a transfer of this session.
    SegmentHeld {
        /// Which segment.
        segment: SegmentKey,
        /// At which quality.
        quality: Quality,
    },
    /// A segment is no longer in the player's buffer: evicted, or its append failed.
    SegmentEvicted {
        /// Which segment.
        segment: SegmentKey,
    },
    /// A transfer ended without its segment.
    SegmentFailed {
        /// Which segment.
        segment: SegmentKey,
        /// At which quality.
        quality: Quality,
        /// Why.
        failure: Failure,
    },
    /// Where the sound is; in the next track once it has begun.
    PlayheadAt {
        /// In which track.
        track: TrackId,
        /// Media time, microseconds.
        position_us: u64,
    },
    /// The sound stopped for lack of media. The player holds it until [`super::Output::Play`].
    StallStarted,
    /// The sound went on without being told to.
    StallEnded,
    /// The listener moved; into the next track to skip. The player holds the sound until
    /// [`super::Output::Play`], which follows at once if enough is held there.
    Seeked {
        /// To which track.
        track: TrackId,
        /// Media time, microseconds.
        position_us: u64,
    },
    /// What follows the present track; replaces what was said before. `None` at a queue's end.
    NextTrack(Option<(TrackId, SegmentLadder)>),
    /// Mode, preferences, network kind, data budget or buffer changed.
    CapChanged(Limits),
    /// How busy the server is.
    HostLoad(HostLoad),
    /// How hard the device works.
    DevicePressure(DevicePressure),
    /// The device moved to another network: what was learned is worth little, failed requests may
    /// succeed now.
    NetworkChanged {
        /// Its declared kind.
        network: NetworkKind,
        /// What is believed of it.
        prior: Prior,
    },
    /// The time of the last [`super::Output::Idle`] has come.
    Timeout,
}

impl Input {
    /// Every word, in the order of [`Self::number`]. New ones come last: their place is part of the
    /// interface to JavaScript.
    pub const WORDS: &[&str] = &[
        "segment_requested",
        "bytes_received",
        "segment_completed",
        "segment_held",
        "segment_evicted",
        "segment_failed",
        "playhead_at",
        "seeked",
        "next_track",
        "cap_changed",
        "host_load",
        "device_pressure",
        "network_changed",
        "timeout",
        "play_pressed",
        "pause_pressed",
        "stall_started",
        "stall_ended",
    ];

    /// The stable word of logs and interfaces.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        Self::WORDS[self.number()]
    }

    /// The word's place in [`Self::WORDS`].
    #[must_use]
    pub const fn number(&self) -> usize {
        match self {
            Self::SegmentRequested { .. } => 0,
            Self::BytesReceived { .. } => 1,
            Self::SegmentCompleted { .. } => 2,
            Self::SegmentHeld { .. } => 3,
            Self::SegmentEvicted { .. } => 4,
            Self::SegmentFailed { .. } => 5,
            Self::PlayheadAt { .. } => 6,
            Self::Seeked { .. } => 7,
            Self::NextTrack(_) => 8,
            Self::CapChanged(_) => 9,
            Self::HostLoad(_) => 10,
            Self::DevicePressure(_) => 11,
            Self::NetworkChanged { .. } => 12,
            Self::Timeout => 13,
            Self::PlayPressed => 14,
            Self::PausePressed => 15,
            Self::StallStarted => 16,
            Self::StallEnded => 17,
        }
    }
}
