//! What is held of the present track and of the one after it.
//!
//! Never: where the sound is, what to fetch.

use quicksync_model::Quality;

use super::ladder::{SegmentLadder, seconds};
use super::track::{SegmentKey, Track, TrackId};

/// The present track of a queue and, once it is announced, the next.
#[derive(Clone, Debug)]
pub(super) struct Holdings {
    track: Track,
    next: Option<Track>,
}

impl Holdings {
    /// One track of which nothing is held.
    pub(super) fn new(track: TrackId, ladder: SegmentLadder) -> Self {
        Self { track: Track::new(track, ladder), next: None }
    }

    /// The present track.
    pub(super) const fn track(&self) -> &Track {
        &self.track
    }

    /// The track after it.
    pub(super) const fn next(&self) -> Option<&Track> {
        self.next.as_ref()
    }

    /// The track of that number, if it is one of the two.
    pub(super) fn find(&self, id: TrackId) -> Option<&Track> {
        [Some(&self.track), self.next.as_ref()].into_iter().flatten().find(|track| track.id == id)
    }

    /// What is held of a segment.
    pub(super) fn held(&self, key: SegmentKey) -> Option<Quality> {
        self.find(key.track)?.held(key.index)
    }

    /// Makes `track` the present one; false if it is neither that nor the next.
    pub(super) fn enter(&mut self, track: TrackId) -> bool {
        if self.track.id == track {
            return true;
        }
        let Some(next) = self.next.take_if(|next| next.id == track) else { return false };
        self.track = next;
        true
    }

    /// What follows the present track; what is held of it stays if it was announced before. The
    /// track that is new.
    pub(super) fn announce(&mut self, next: Option<(TrackId, SegmentLadder)>) -> Option<TrackId> {
        let known = self.next.as_ref().map(|next| (next.id, next.ladder));
        if known == next {
            return None;
        }
        let next = next.filter(|(id, _)| *id != self.track.id);
        self.next = next.map(|(id, ladder)| Track::new(id, ladder));
        next.map(|(id, _)| id)
    }

    /// Remembers what is held of a segment; `None` for nothing any more.
    pub(super) fn hold(&mut self, key: SegmentKey, quality: Option<Quality>) {
        let tracks = [Some(&mut self.track), self.next.as_mut()];
        if let Some(track) = tracks.into_iter().flatten().find(|track| track.id == key.track) {
            track.hold(key.index, quality);
        }
    }

    /// Media from `position_us` of the present track on without a gap, seconds.
    pub(super) fn ahead_s(&self, position_us: u64) -> f64 {
        let until_us = self.track.held_until_us(position_us);
        let mut ahead_us = until_us.saturating_sub(position_us);
        if until_us >= self.track.ladder.duration_us() {
            ahead_us =
                ahead_us.saturating_add(self.next.as_ref().map_or(0, |next| next.held_until_us(0)));
        }
        seconds(ahead_us)
    }
}
