//! Decides what the next transfer is for: filling, upgrading in place, or the next track.
//!
//! # Model
//! Fill to the ceiling first. Above the upgrade floor a held segment that the network could carry
//! clearly better is fetched again, nearest first, before anything is added: every second it waits
//! it comes closer to being heard. A complete track makes room for the next one.

use quicksync_model::{Mode, Quality};

use super::config::{Limits, utility};
use super::track::Track;

/// Upgrades must gain this much utility: 64 to 128 and 128 to 256 do, 256 to 320 does not.
const LEAST_GAIN: f64 = 0.1;
/// Upgrades need this share of the ceiling, and at least [`UPGRADE_FLOOR_S`] if that is less.
/// Replacing without a floor loses (measured, docs/design/decision-core.md).
const UPGRADE_SHARE: f64 = 0.8;
/// See [`UPGRADE_SHARE`]; seconds.
const UPGRADE_FLOOR_S: f64 = 24.0;
/// A segment is not replaced when it is heard within this many segments.
const SAFE_SEGMENTS: f64 = 2.0;
/// Bytes thrown away may be this share of all bytes, beyond [`WASTE_ALLOWANCE`].
const WASTE_SHARE: f64 = 0.05;
/// Bytes that may be thrown away in any case: one minute at the lowest rung.
const WASTE_ALLOWANCE: f64 = 480_000.0;
/// Media of the next track fetched ahead on a metered network, seconds.
const METERED_AHEAD_S: f64 = 8.0;

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

    /// The segment to replace with one of quality `to`, and what is held of it.
    ///
    /// `transfer_s`: how long it may take; `wasted` and `received`: bytes so far.
    pub(crate) fn upgrade(
        &self,
        to: Quality,
        transfer_s: f64,
        (wasted, received): (f64, f64),
    ) -> Option<(u32, Quality)> {
        let chosen = self.limits.preferences.mode != Mode::Auto;
        let floor_s = (UPGRADE_SHARE * self.ceiling_s).min(UPGRADE_FLOOR_S);
        let floor_s = floor_s.max(self.limits.buffer.low_s()) + transfer_s;
        if self.buffer_s < floor_s || wasted > WASTE_ALLOWANCE + WASTE_SHARE * received {
            return None;
        }
        let ladder = self.track.ladder;
        let safe_s = transfer_s + SAFE_SEGMENTS * ladder.segment_s(0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few seconds, never negative"
        )]
        let safe_us = self.position_us.saturating_add((safe_s.clamp(0.0, 1e6) * 1e6) as u64);
        if safe_us >= ladder.duration_us() {
            return None;
        }
        let first = ladder.segment_at(safe_us) + 1;
        let least = if chosen { 0.0 } else { LEAST_GAIN };
        (first..ladder.segments())
            .map_while(|index| Some((index, self.track.held(index)?)))
            .find(|(_, held)| *held < to && utility(to) - utility(*held) >= least)
    }
}
