//! What is played in an experiment: how many segments, how long, how many bytes, how deep a buffer.
//!
//! Knows: one ladder of hard CBR renditions, the lowest rungs there are: what a server offers of a
//! source. Never: a trace, an algorithm.
//!
//! # Model
//! A segment of a rung has `kbps * length / 8` bytes, nothing for its container: whoever knows rung
//! and length knows the bytes, and can replay a plan elsewhere.

use quicksync_abr::playback::{LadderError, SegmentLadder};
use quicksync_model::Quality;

/// How many rungs the ladder of a lossless source has.
pub const RUNGS: usize = Quality::ALL.len();
/// The length of a segment as the server cuts it, microseconds: 184,320 samples at 48 kHz.
pub const SEGMENT_US: u64 = 3_840_000;
/// Four minutes of them.
pub const SEGMENTS: u32 = 63;
/// The buffer of most players, microseconds.
pub const CAP_US: u64 = 30_000_000;

/// One track and the player's buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    segment_us: u64,
    segments: u32,
    cap_us: Option<u64>,
    rungs: usize,
    ladder: SegmentLadder,
}

/// What no player could play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// The core refuses the ladder.
    #[error("{0}")]
    Ladder(LadderError),
    /// A segment could never be fetched.
    #[error("the buffer must hold at least one segment")]
    Cap,
}

impl Setup {
    /// `segments` of `segment_us` each on every rung; a request leaves only when the buffer level and
    /// a segment are together at most `cap_us`, or at any time.
    ///
    /// # Errors
    /// See [`SetupError`].
    pub fn new(segment_us: u64, segments: u32, cap_us: Option<u64>) -> Result<Self, SetupError> {
        Self::up_to(Quality::Ultra, segment_us, segments, cap_us)
    }

    /// As [`Self::new`], on the rungs up to `top`: a lossy source has no better ones.
    ///
    /// # Errors
    /// See [`SetupError`].
    pub fn up_to(
        top: Quality,
        segment_us: u64,
        segments: u32,
        cap_us: Option<u64>,
    ) -> Result<Self, SetupError> {
        let bytes = |quality: Quality| {
            let bytes = u64::from(quality.bitrate().kbps()).saturating_mul(segment_us) / 8_000;
            (quality, u32::try_from(bytes).unwrap_or(u32::MAX))
        };
        let duration_us = segment_us.saturating_mul(u64::from(segments));
        let rungs = top as usize + 1;
        let offered = Quality::ALL.into_iter().take(rungs).map(bytes);
        let ladder =
            SegmentLadder::new(segment_us, duration_us, offered).map_err(SetupError::Ladder)?;
        if cap_us.is_some_and(|cap| cap < segment_us) {
            return Err(SetupError::Cap);
        }
        Ok(Self { segment_us, segments, cap_us, rungs, ladder })
    }

    /// The length of a segment, microseconds.
    #[must_use]
    pub const fn segment_us(&self) -> u64 {
        self.segment_us
    }

    /// How many segments the track has.
    #[must_use]
    pub const fn segments(&self) -> u32 {
        self.segments
    }

    /// The most media held ahead of the playhead, microseconds; `None` for any amount.
    #[must_use]
    pub const fn cap_us(&self) -> Option<u64> {
        self.cap_us
    }

    /// The length of the track, microseconds.
    #[must_use]
    pub fn duration_us(&self) -> u64 {
        self.segment_us * u64::from(self.segments)
    }

    /// The same track with another buffer.
    #[must_use]
    pub const fn with_cap(self, cap_us: Option<u64>) -> Self {
        Self { cap_us, ..self }
    }

    /// How many rungs the ladder has.
    #[must_use]
    pub const fn rungs(&self) -> usize {
        self.rungs
    }

    /// The bitrate of a rung, kbps.
    #[must_use]
    pub fn kbps(rung: usize) -> u32 {
        quality(rung).bitrate().kbps()
    }

    /// Bytes of one segment of a rung.
    #[must_use]
    pub fn bytes(&self, rung: usize) -> u64 {
        u64::from(Self::kbps(rung)) * self.segment_us / 8_000
    }

    /// The ladder as the decision core takes it.
    #[must_use]
    pub const fn ladder(&self) -> SegmentLadder {
        self.ladder
    }
}

/// The top of the ladder of these rates, kbps; `None` if no source has it: a server offers the lowest
/// rung and each one above it up to the top.
#[must_use]
pub fn top_of(ladder_kbps: &[u32]) -> Option<Quality> {
    let top = ladder_kbps.len().checked_sub(1).and_then(|top| Quality::ALL.get(top)).copied()?;
    let offered = Quality::ALL.into_iter().map(|quality| quality.bitrate().kbps());
    offered.take(ladder_kbps.len()).eq(ladder_kbps.iter().copied()).then_some(top)
}

/// The quality of a rung; the highest for one past the ladder.
#[must_use]
pub fn quality(rung: usize) -> Quality {
    Quality::ALL.get(rung).copied().unwrap_or(Quality::Ultra)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_rate_times_length() {
        let setup = Setup::new(SEGMENT_US, SEGMENTS, Some(CAP_US)).unwrap();
        assert_eq!([0, 1, 2, 3].map(|rung| setup.bytes(rung)), [30_720, 61_440, 122_880, 153_600]);
        assert_eq!(setup.duration_us(), 241_920_000);
    }

    #[test]
    fn a_ladder_is_what_a_source_can_have() {
        for (kbps, top) in [
            (&[64][..], Some(Quality::Low)),
            (&[64, 128], Some(Quality::Medium)),
            (&[64, 128, 256], Some(Quality::High)),
            (&[64, 128, 256, 320], Some(Quality::Ultra)),
            (&[64, 128, 256, 320, 320], None),
            (&[64, 256], None),
            (&[128], None),
            (&[128, 64], None),
            (&[], None),
        ] {
            assert_eq!(top_of(kbps), top, "{kbps:?}");
            let Some(top) = top else { continue };
            let setup = Setup::up_to(top, SEGMENT_US, SEGMENTS, None).unwrap();
            assert_eq!(setup.rungs(), kbps.len());
            assert!(
                setup.ladder().qualities().map(|q| q.bitrate().kbps()).eq(kbps.iter().copied())
            );
        }
    }

    #[test]
    fn absurd_setups_are_refused() {
        for (segment_us, segments, cap_us, good) in [
            (4_000_000, 60, None, true),
            (4_000_000, 60, Some(4_000_000), true),
            (4_000_000, 60, Some(3_999_999), false),
            (4_000_000, 0, None, false),
            (0, 60, None, false),
            (u64::MAX, 60, None, false),
            (4_000_000, u32::MAX, None, false),
        ] {
            let setup = Setup::new(segment_us, segments, cap_us);
            assert_eq!(setup.is_ok(), good, "{segment_us} {segments} {cap_us:?}");
        }
    }
}
