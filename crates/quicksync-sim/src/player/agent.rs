//! The contract between the player and an algorithm: what it is told, what it sees, what it orders.

use crate::setup::Setup;

/// Whether the sound runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// Not yet, or not since a seek.
    Starting,
    /// It runs.
    Running,
    /// It stopped for lack of media.
    Stalled,
}

/// The transfer under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Which segment.
    pub segment: u32,
    /// At which rung.
    pub rung: usize,
    /// Bytes of the whole.
    pub bytes: u64,
    /// When the request left.
    pub requested_us: u64,
    /// When the first byte can come.
    pub first_byte_us: u64,
    /// Bytes that have come.
    pub received: u64,
}

/// What an algorithm is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The listener presses play; nothing is held.
    Begin,
    /// More of the transfer under way has come.
    Progress,
    /// A transfer is complete.
    Completed(Transfer),
    /// The sound stopped for lack of media.
    Stalled,
    /// A second of sound has passed.
    PlayheadAt,
    /// The listener moved to another position; the sound waits.
    Seeked,
    /// The time that was asked for has come.
    Woken,
}

/// What an algorithm orders. What the player cannot do is refused, and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Fetch a segment; again, if it is held.
    Fetch {
        /// Which segment.
        segment: u32,
        /// At which rung.
        rung: usize,
    },
    /// Cancel the transfer under way.
    Abandon,
    /// Let the sound run.
    Play,
}

/// What an algorithm sees.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// What is played.
    pub setup: &'a Setup,
    /// Now, microseconds from the press on play.
    pub now_us: u64,
    /// Where the sound is, microseconds of media.
    pub position_us: u64,
    /// Media ahead of the playhead without a gap, microseconds.
    pub buffer_us: u64,
    /// Whether the sound runs.
    pub sound: Sound,
    /// The transfer under way.
    pub transfer: Option<Transfer>,
    /// The rung held of each segment.
    pub held: &'a [Option<usize>],
}

impl View<'_> {
    /// The first segment from the playhead on that is not held.
    #[must_use]
    pub fn missing(&self) -> Option<u32> {
        let first = self.position_us / self.setup.segment_us();
        let first = u32::try_from(first).unwrap_or(u32::MAX);
        (first..self.setup.segments()).find(|index| self.held_rung(*index).is_none())
    }

    /// The rung held of a segment.
    #[must_use]
    pub fn held_rung(&self, segment: u32) -> Option<usize> {
        self.held.get(usize::try_from(segment).ok()?).copied().flatten()
    }

    /// Whether one more segment may be requested within `limit_us` of buffer and the cap.
    #[must_use]
    pub fn has_room(&self, limit_us: Option<u64>) -> bool {
        self.room_in_us(limit_us) == 0
    }

    /// How long the sound must run until there is room for a segment, microseconds.
    #[must_use]
    pub fn room_in_us(&self, limit_us: Option<u64>) -> u64 {
        let limit_us = match (limit_us, self.setup.cap_us()) {
            (Some(own), Some(cap)) => own.max(self.setup.segment_us()).min(cap),
            (Some(one), None) | (None, Some(one)) => one.max(self.setup.segment_us()),
            (None, None) => return 0,
        };
        (self.buffer_us + self.setup.segment_us()).saturating_sub(limit_us)
    }
}

/// One thing an algorithm thought, for a picture of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// When.
    pub at_us: u64,
    /// Media ahead of the playhead, microseconds.
    pub buffer_us: u64,
    /// The throughput it expected, kbps.
    pub expected_kbps: f64,
    /// Where two of three transfers should lie, kbps.
    pub band_kbps: (f64, f64),
    /// The stable word of what it decided, and why in a sentence; empty if it decided nothing.
    pub decision: Option<(&'static str, String)>,
}

/// An algorithm that plays.
pub trait Agent {
    /// Takes note of what happened, adds orders in the order in which they are to be done, and says
    /// when to be woken at the latest.
    fn react(&mut self, event: Event, view: &View<'_>, orders: &mut Vec<Order>) -> Option<u64>;

    /// What it thought, if it was asked to remember.
    fn notes(&mut self) -> Vec<Note> {
        Vec::new()
    }
}
