//! What is held of one track: which segments, at which quality.

use alloc::vec;
use alloc::vec::Vec;

use quicksync_model::Quality;

use super::ladder::SegmentLadder;

/// The player's own number for an entry of its queue; a track played twice has two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrackId(pub u32);

/// One segment of one track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentKey {
    /// Which track.
    pub track: TrackId,
    /// Which segment, counted from 0.
    pub index: u32,
}

/// One track of the session and what is held of it.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    pub(crate) id: TrackId,
    pub(crate) ladder: SegmentLadder,
    held: Vec<Option<Quality>>,
}

impl Track {
    pub(crate) fn new(id: TrackId, ladder: SegmentLadder) -> Self {
        let segments = usize::try_from(ladder.segments()).unwrap_or(0);
        Self { id, ladder, held: vec![None; segments] }
    }

    /// The quality held of segment `index`.
    pub(crate) fn held(&self, index: u32) -> Option<Quality> {
        self.held.get(usize::try_from(index).ok()?).copied().flatten()
    }

    /// Remembers what is held of segment `index`; past the end nothing happens.
    pub(crate) fn hold(&mut self, index: u32, quality: Option<Quality>) {
        let slot = usize::try_from(index).ok().and_then(|index| self.held.get_mut(index));
        if let Some(slot) = slot {
            *slot = quality;
        }
    }

    /// The first segment from `index` on that is not held; the number of segments if all are.
    pub(crate) fn first_missing(&self, index: u32) -> u32 {
        (index..self.ladder.segments())
            .find(|index| self.held(*index).is_none())
            .unwrap_or_else(|| self.ladder.segments())
    }

    /// Where what is held without a gap from `position_us` on ends; `position_us` if nothing is.
    pub(crate) fn held_until_us(&self, position_us: u64) -> u64 {
        if position_us >= self.ladder.duration_us() {
            return self.ladder.duration_us();
        }
        let missing = self.first_missing(self.ladder.segment_at(position_us));
        self.ladder.span_us(missing).0.max(position_us)
    }

    /// The key of segment `index`.
    pub(crate) const fn key(&self, index: u32) -> SegmentKey {
        SegmentKey { track: self.id, index }
    }
}
