//! Decides what the next transfer is for: filling, upgrading in place, or the next track.
//!
//! Never: at which quality, which is the controller's.
//!
//! # Model
//! The first missing segment is filled; a complete track makes room for the next one. What is held
//! may be fetched again, better, as long as it is not heard too soon: of the candidates for each
//! quality the one that gains most is named, switches to its neighbours included, and the policy
//! weighs it against filling. Bytes thrown away are bounded whatever the policy says.

use quicksync_model::Quality;

use super::belief::Belief;
use super::config::Limits;
use super::ladder::SegmentLadder;
use super::policy::{self, Sound, lack};
use super::track::Track;

/// Upgrades to a chosen quality need this share of the ceiling, and at least [`UPGRADE_FLOOR_S`] if that is less.
/// Replacing without a floor loses (measured, docs/design/decision-core.md).
const UPGRADE_SHARE: f64 = 0.8;
/// See [`UPGRADE_SHARE`]; seconds.
const UPGRADE_FLOOR_S: f64 = 24.0;
/// A segment is not replaced by a chosen quality when it is heard within this many segments.
const SAFE_SEGMENTS: f64 = 2.0;
/// Bytes thrown away may be this share of all bytes, beyond [`WASTE_ALLOWANCE`].
const WASTE_SHARE: f64 = 0.05;
/// Bytes that may be thrown away in any case: one minute at the lowest rung.
const WASTE_ALLOWANCE: f64 = 480_000.0;
/// Media of the next track fetched ahead on a metered network, seconds.
const METERED_AHEAD_S: f64 = 8.0;

/// No more segments than this are looked at for a replacement: twenty minutes.
const MOST_LOOKED_AT: usize = 320;

/// A held segment that a better copy could replace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) index: u32,
    /// What is held of it.
    pub(crate) held: Quality,
    /// What the better copy gains, switches included.
    pub(crate) gain: f64,
}

/// What a transfer would be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// The first missing segment of the present track.
    Fill(u32),
    /// The first missing segment of the next track.
    Ahead(u32),
}

/// What the scheduler looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) track: &'a Track,
    /// What the bounds leave of its ladder.
    pub(crate) ladder: SegmentLadder,
    pub(crate) next: Option<&'a Track>,
    pub(crate) position_us: u64,
    pub(crate) buffer_s: f64,
    pub(crate) limits: &'a Limits,
    /// Where filling stops now, seconds.
    pub(crate) ceiling_s: f64,
}

impl Scene<'_> {
    /// What is missing next, whether or not there is room for it.
    pub(crate) fn missing(&self) -> Option<Need> {
        let (track, end_us) = (self.track, self.track.ladder.duration_us());
        if self.position_us < end_us {
            let index = track.first_missing(track.ladder.segment_at(self.position_us));
            if index < track.ladder.segments() {
                return Some(Need::Fill(index));
            }
        }
        let next = self.next?;
        let index = next.first_missing(0);
        let ahead_s = super::ladder::seconds(next.ladder.span_us(index).0);
        let enough = self.limits.metered() && ahead_s >= METERED_AHEAD_S;
        (index < next.ladder.segments() && !enough).then_some(Need::Ahead(index))
    }

    /// Whether one more segment may be added.
    pub(crate) fn has_room(&self) -> bool {
        let segment_s = self.track.ladder.segment_s(0);
        self.buffer_s < self.ceiling_s.min(segment_s) || self.buffer_s + segment_s <= self.ceiling_s
    }

    /// How long until one more segment may be added, if the sound runs, seconds.
    pub(crate) fn room_in_s(&self) -> f64 {
        let segment_s = self.track.ladder.segment_s(0);
        (self.buffer_s + segment_s - self.ceiling_s).max(0.0)
    }

    /// Whether more bytes may be thrown away; `wasted` and `received`: bytes so far.
    fn may_waste((wasted, received): (f64, f64)) -> bool {
        wasted <= WASTE_ALLOWANCE + WASTE_SHARE * received
    }

    /// For medium, high and ultra the held segment that gains most by it, what is held of it, and the
    /// gain. The best quality of a shorter ladder stands for those that it lacks.
    pub(crate) fn candidates(
        &self,
        belief: &Belief,
        sound: Sound,
        bytes: (f64, f64),
    ) -> [Option<Candidate>; 3] {
        let low = self.buffer_s < self.limits.buffer.low_s() && self.missing().is_some();
        if sound == Sound::Stalled || (sound == Sound::Running && low) || !Self::may_waste(bytes) {
            return [None; 3];
        }
        [Quality::Medium, Quality::High, Quality::Ultra].map(|to| self.candidate(to, belief, sound))
    }

    fn candidate(&self, to: Quality, belief: &Belief, sound: Sound) -> Option<Candidate> {
        let ladder = self.ladder;
        let to = ladder.serve(to);
        let transfer_s = belief.transfer_s(ladder.bytes(0, to));
        let first = if sound == Sound::Running {
            let safe_us = to_us(policy::SAFE_TIMES * transfer_s + policy::SAFE_S);
            ladder.first_after(self.position_us.saturating_add(safe_us))
        } else {
            ladder.segment_at(self.position_us)
        };
        let mut best: Option<Candidate> = None;
        for (index, held) in self.held_from(first) {
            let before = index.checked_sub(1).and_then(|index| self.track.held(index));
            let gain = policy::gain(before, held, to, self.track.held(index.saturating_add(1)));
            let least = best.map_or(policy::LEAST_GAIN, |best| best.gain);
            if held < to && gain > least + 1e-9 {
                best = Some(Candidate { index, held, gain });
            }
        }
        best
    }

    /// How much utility the segments lack that are held and not yet heard.
    pub(crate) fn deficit(&self) -> f64 {
        let first = self.track.ladder.first_after(self.position_us);
        self.held_from(first).map(|(_, held)| lack(held)).sum()
    }

    /// What is held from segment `first` on without a gap, no further than [`MOST_LOOKED_AT`].
    fn held_from(&self, first: u32) -> impl Iterator<Item = (u32, Quality)> {
        (first..self.track.ladder.segments())
            .take(MOST_LOOKED_AT)
            .map_while(|index| Some((index, self.track.held(index)?)))
    }

    /// The segment to replace with one of the quality `to` that the listener chose, and what is held
    /// of it. `transfer_s`: how long it may take.
    pub(crate) fn upgrade_to_chosen(
        &self,
        to: Quality,
        transfer_s: f64,
        bytes: (f64, f64),
    ) -> Option<(u32, Quality)> {
        let floor_s = (UPGRADE_SHARE * self.ceiling_s).min(UPGRADE_FLOOR_S);
        let floor_s = floor_s.max(self.limits.buffer.low_s()) + transfer_s;
        if self.buffer_s < floor_s || !Self::may_waste(bytes) {
            return None;
        }
        let ladder = self.track.ladder;
        let safe_us = to_us(transfer_s + SAFE_SEGMENTS * ladder.segment_s(0));
        let safe_us = self.position_us.saturating_add(safe_us);
        if safe_us >= ladder.duration_us() {
            return None;
        }
        self.held_from(ladder.segment_at(safe_us) + 1).find(|(_, held)| *held < to)
    }
}

/// Microseconds of seconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a day, never negative"
)]
fn to_us(s: f64) -> u64 {
    (s.clamp(0.0, 86_400.0) * 1e6) as u64
}
