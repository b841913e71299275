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
    /// One bit a segment, set where nothing is held: a long buffer is walked 64 segments a step.
    gaps: Vec<u64>,
}

impl Track {
    pub(crate) fn new(id: TrackId, ladder: SegmentLadder) -> Self {
        let segments = usize::try_from(ladder.segments()).unwrap_or(0);
        Self { id, ladder, held: vec![None; segments], gaps: vec![u64::MAX; segments.div_ceil(64)] }
    }

    /// The quality held of segment `index`.
    pub(crate) fn held(&self, index: u32) -> Option<Quality> {
        self.held.get(usize::try_from(index).ok()?).copied().flatten()
    }

    /// Remembers what is held of segment `index`; past the end nothing happens.
    pub(crate) fn hold(&mut self, index: u32, quality: Option<Quality>) {
        let Ok(place) = usize::try_from(index) else { return };
        let Some(slot) = self.held.get_mut(place) else { return };
        *slot = quality;
        if let Some(gaps) = self.gaps.get_mut(place / 64) {
            let bit = 1 << (place % 64);
            *gaps = if quality.is_some() { *gaps & !bit } else { *gaps | bit };
        }
    }

    /// The first segment from `index` on that is not held; the number of segments if all are.
    pub(crate) fn first_missing(&self, index: u32) -> u32 {
        let segments = self.ladder.segments();
        let mut from = index;
        while from < segments {
            let word = usize::try_from(from / 64).ok().and_then(|place| self.gaps.get(place));
            let ahead = word.copied().unwrap_or(u64::MAX) >> (from % 64);
            if ahead != 0 {
                return (from + ahead.trailing_zeros()).min(segments);
            }
            from = (from / 64 + 1) * 64;
        }
        segments
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What `first_missing` must say, found the slow way.
    fn walk(track: &Track, index: u32) -> u32 {
        let segments = track.ladder.segments();
        (index..segments).find(|index| track.held(*index).is_none()).unwrap_or(segments)
    }

    #[test]
    fn gaps_are_found_wherever_they_are() {
        for segments in [1_u32, 63, 64, 65, 200] {
            let ladder = SegmentLadder::new(10, u64::from(segments) * 10, [(Quality::Low, 1)]);
            let mut track = Track::new(TrackId(0), ladder.unwrap());
            for step in 0..400_u32 {
                let quality = (step % 5 != 0).then_some(Quality::Low);
                track.hold(step * 7919 % (segments + 3), quality);
                for index in [0, step % segments, 63, 64, segments - 1, segments, u32::MAX] {
                    let found = track.first_missing(index);
                    assert_eq!(found, walk(&track, index), "{segments} segments, from {index}");
                }
            }
            (0..segments).for_each(|index| track.hold(index, Some(Quality::Low)));
            assert_eq!(track.first_missing(0), segments);
            assert_eq!(track.held_until_us(3), track.ladder.duration_us());
        }
    }
}
