//! What went wrong with requests, and what may be asked for nevertheless, and when.
//!
//! Never: what is worth asking for.

use alloc::vec::Vec;

use quicksync_model::{Quality, Timestamp};

use super::ladder::SegmentLadder;
use super::track::{SegmentKey, TrackId};

/// First pause after a failure, doubled with each further one, microseconds.
const BACK_OFF_US: i64 = 500_000;
/// The longest pause: `BACK_OFF_US << 4`.
const BACK_OFF_DOUBLINGS: u32 = 4;
/// Renditions remembered as missing; beyond it the oldest is forgotten and tried again.
const MOST_MISSING: usize = 64;

/// Failed, missing and abandoned transfers.
#[derive(Clone, Debug, Default)]
pub(super) struct Setbacks {
    given_up: Option<(SegmentKey, Quality)>,
    missing: Vec<(SegmentKey, Quality)>,
    failures: u32,
    retry_at: Option<Timestamp>,
}

impl Setbacks {
    /// Failures in a row.
    pub(super) const fn failures(&self) -> u32 {
        self.failures
    }

    /// When the next request may leave, if not now.
    pub(super) fn retry_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.retry_at.filter(|at| *at > now)
    }

    /// A transfer failed and may succeed later.
    pub(super) fn fail(&mut self, now: Timestamp) {
        let doublings = self.failures.min(BACK_OFF_DOUBLINGS);
        self.failures = self.failures.saturating_add(1);
        let pause_us = BACK_OFF_US << doublings;
        self.retry_at = Some(Timestamp::from_micros(now.as_micros().saturating_add(pause_us)));
    }

    /// A rendition does not exist. Once all of a segment are missing, all are tried again later.
    pub(super) fn miss(
        &mut self,
        now: Timestamp,
        key: SegmentKey,
        quality: Quality,
        ladder: Option<SegmentLadder>,
    ) {
        if self.missing.len() >= MOST_MISSING {
            self.missing.remove(0);
        }
        self.missing.push((key, quality));
        if ladder.is_some_and(|ladder| self.nearest(ladder, key, quality).is_some()) {
            self.failures = self.failures.saturating_add(1);
        } else {
            self.missing.retain(|(missing, _)| *missing != key);
            self.fail(now);
        }
    }

    /// Whether a rendition is known to be missing.
    pub(super) fn is_missing(&self, key: SegmentKey, quality: Quality) -> bool {
        self.missing.contains(&(key, quality))
    }

    /// The nearest quality to `wanted` that is not known to be missing; lower ones first.
    pub(super) fn nearest(
        &self,
        ladder: SegmentLadder,
        key: SegmentKey,
        wanted: Quality,
    ) -> Option<Quality> {
        let there = |quality: &Quality| !self.is_missing(key, *quality);
        let mut lower = ladder.qualities().filter(|quality| *quality <= wanted);
        let mut higher = ladder.qualities().filter(|quality| *quality > wanted);
        lower.rfind(there).or_else(|| higher.find(there))
    }

    /// A transfer was too slow.
    pub(super) const fn give_up(&mut self, key: SegmentKey, quality: Quality) {
        self.given_up = Some((key, quality));
    }

    /// The best quality that a segment may still be asked for at: after one attempt too many only
    /// the lowest is sure to come soon.
    pub(super) fn top(&self, key: SegmentKey) -> Quality {
        match self.given_up {
            Some((given_up, _)) if given_up == key => Quality::Low,
            _ => Quality::Ultra,
        }
    }

    /// Another track has this number now.
    pub(super) fn forget(&mut self, track: TrackId) {
        self.missing.retain(|(key, _)| key.track != track);
        self.given_up = self.given_up.filter(|(key, _)| key.track != track);
    }

    /// A new reason to hope: no pause before the next request.
    pub(super) const fn forgive(&mut self) {
        self.failures = 0;
        self.retry_at = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(index: u32) -> SegmentKey {
        SegmentKey { track: TrackId(0), index }
    }

    #[test]
    fn what_is_missing_is_remembered_within_bounds() {
        let ladder = SegmentLadder::new(4, 400_000, [(Quality::Low, 1), (Quality::High, 2)]).ok();
        let (now, mut setbacks) = (Timestamp::from_micros(0), Setbacks::default());
        for index in 0..10_000 {
            setbacks.miss(now, key(index), Quality::High, ladder);
        }
        assert_eq!(setbacks.missing.len(), MOST_MISSING);
        assert!(setbacks.is_missing(key(9_999), Quality::High));
        assert!(!setbacks.is_missing(key(0), Quality::High));
        assert_eq!(setbacks.retry_at(now), None);
    }

    #[test]
    fn a_segment_without_any_rendition_is_tried_again_later() {
        let ladder = SegmentLadder::new(4, 4, [(Quality::Low, 1), (Quality::High, 2)]).unwrap();
        let (now, mut setbacks) = (Timestamp::from_micros(0), Setbacks::default());
        setbacks.miss(now, key(0), Quality::High, Some(ladder));
        assert_eq!(setbacks.nearest(ladder, key(0), Quality::Ultra), Some(Quality::Low));
        setbacks.miss(now, key(0), Quality::Low, Some(ladder));
        assert_eq!(setbacks.nearest(ladder, key(0), Quality::Ultra), Some(Quality::High));
        assert_eq!(setbacks.retry_at(now), Some(Timestamp::from_micros(1_000_000)));
    }
}
