//! The segments of one track: how many, how long, and how many bytes each has at each quality.
//!
//! Hard CBR makes the sizes arithmetic: every segment but the last has the same size.

use core::fmt;

use quicksync_model::Quality;

/// More segments than this are refused: 106 hours of 3.84 s, so that memory stays bounded.
const MAX_SEGMENTS: u64 = 100_000;
/// Larger segments than this are refused.
const MAX_SEGMENT_BYTES: u32 = 1 << 28;

/// The segments of one track at every quality it offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentLadder {
    segment_us: u64,
    duration_us: u64,
    bytes: [Option<u32>; 4],
}

/// A ladder that no session can play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LadderError {
    /// A segment or the track has no length.
    NoDuration,
    /// More than 100,000 segments.
    TooManySegments,
    /// No quality is offered.
    NoQuality,
    /// A segment is empty or beyond 256 MiB.
    SegmentBytes,
}

impl fmt::Display for LadderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoDuration => "segments and track need a length",
            Self::TooManySegments => "at most 100,000 segments",
            Self::NoQuality => "at least one quality must be offered",
            Self::SegmentBytes => "a segment has between 1 byte and 256 MiB",
        })
    }
}

impl core::error::Error for LadderError {}

impl SegmentLadder {
    /// A track of `duration_us` in segments of `segment_us`, the last of which may be short, with
    /// the bytes of one full segment for each quality offered.
    ///
    /// # Errors
    /// When nothing could be played from it, or the numbers are absurd.
    pub fn new(
        segment_us: u64,
        duration_us: u64,
        segment_bytes: impl IntoIterator<Item = (Quality, u32)>,
    ) -> Result<Self, LadderError> {
        let mut bytes = [None; 4];
        for (quality, size) in segment_bytes {
            if size == 0 || size > MAX_SEGMENT_BYTES {
                return Err(LadderError::SegmentBytes);
            }
            bytes[quality as usize] = Some(size);
        }
        if segment_us == 0 || duration_us == 0 {
            Err(LadderError::NoDuration)
        } else if duration_us.div_ceil(segment_us) > MAX_SEGMENTS {
            Err(LadderError::TooManySegments)
        } else if bytes.iter().all(Option::is_none) {
            Err(LadderError::NoQuality)
        } else {
            Ok(Self { segment_us, duration_us, bytes })
        }
    }

    /// Length of every segment but the last, microseconds.
    #[must_use]
    pub const fn segment_us(self) -> u64 {
        self.segment_us
    }

    /// Length of the track, microseconds.
    #[must_use]
    pub const fn duration_us(self) -> u64 {
        self.duration_us
    }

    /// How many segments there are.
    #[must_use]
    pub fn segments(self) -> u32 {
        u32::try_from(self.duration_us.div_ceil(self.segment_us)).unwrap_or(u32::MAX)
    }

    /// The qualities offered, lowest first.
    pub fn qualities(self) -> impl DoubleEndedIterator<Item = Quality> + Clone {
        Quality::ALL.into_iter().filter(move |quality| self.offers(*quality))
    }

    /// Whether there is a rendition of this quality.
    #[must_use]
    pub const fn offers(self, quality: Quality) -> bool {
        self.bytes[quality as usize].is_some()
    }

    /// Bytes of one full segment; `None` if the quality is not offered.
    #[must_use]
    pub const fn segment_bytes(self, quality: Quality) -> Option<u32> {
        self.bytes[quality as usize]
    }

    /// Where segment `index` starts and ends, microseconds; empty at the end of the track for an
    /// index past it.
    #[must_use]
    pub fn span_us(self, index: u32) -> (u64, u64) {
        let start = self.segment_us.saturating_mul(u64::from(index)).min(self.duration_us);
        (start, start.saturating_add(self.segment_us).min(self.duration_us))
    }

    /// The segment that holds a position; the last one for a position past the end.
    #[must_use]
    pub fn segment_at(self, position_us: u64) -> u32 {
        let index = u32::try_from(position_us / self.segment_us).unwrap_or(u32::MAX);
        index.min(self.segments().saturating_sub(1))
    }

    /// The first segment that starts at a position or after it; past the end if none does.
    pub(crate) fn first_after(self, position_us: u64) -> u32 {
        u32::try_from(position_us.div_ceil(self.segment_us)).unwrap_or(u32::MAX)
    }

    /// The highest quality offered that is not above `wanted`, or else the lowest offered.
    #[must_use]
    pub fn serve(self, wanted: Quality) -> Quality {
        let below = self.qualities().rfind(|quality| *quality <= wanted);
        below.or_else(|| self.qualities().next()).unwrap_or(Quality::Low)
    }

    /// The highest quality offered.
    #[must_use]
    pub fn top(self) -> Quality {
        self.serve(Quality::Ultra)
    }

    /// The ladder without what lies above `top`; what serves `top` always stays.
    pub(crate) fn up_to(mut self, top: Quality) -> Self {
        let top = self.serve(top);
        for quality in Quality::ALL.into_iter().filter(|quality| *quality > top) {
            self.bytes[quality as usize] = None;
        }
        self
    }

    /// Length of segment `index`, seconds.
    pub(crate) fn segment_s(self, index: u32) -> f64 {
        let (start, end) = self.span_us(index);
        seconds(end - start)
    }

    /// Bytes of segment `index`: the last one has its share of a full one.
    pub(crate) fn bytes(self, index: u32, quality: Quality) -> f64 {
        let full = f64::from(self.segment_bytes(quality).unwrap_or(0));
        full * self.segment_s(index) / seconds(self.segment_us)
    }

    /// Octaves by which the rates offered lie above their nominal bitrates, on average: containers
    /// cost some, and a ladder may be of another kind altogether.
    pub(crate) fn octaves(self) -> f64 {
        let octaves = |quality: Quality| {
            let nominal_kbps = f64::from(quality.bitrate().kbps());
            libm::log2(self.needed_kbps(quality).max(1e-3) / nominal_kbps)
        };
        let (sum, count) = self
            .qualities()
            .fold((0.0, 0.0), |(sum, n), quality| (sum + octaves(quality), n + 1.0));
        if count > 0.0 { sum / count } else { 0.0 }
    }

    /// The rate that keeps up with playback, kbps.
    pub(crate) fn needed_kbps(self, quality: Quality) -> f64 {
        let bytes = f64::from(self.segment_bytes(quality).unwrap_or(0));
        bytes * 8.0 / 1e3 / seconds(self.segment_us)
    }
}

/// Microseconds as seconds.
#[expect(clippy::cast_precision_loss, reason = "285 years of microseconds fit in 53 bits")]
pub(crate) fn seconds(us: u64) -> f64 {
    us as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use Quality::{High, Low, Medium, Ultra};

    #[test]
    fn absurd_ladders_are_refused() {
        for (segment_us, duration_us, bytes, error) in [
            (0, 1, &[(Low, 1)][..], LadderError::NoDuration),
            (1, 0, &[(Low, 1)], LadderError::NoDuration),
            (1, 100_001, &[(Low, 1)], LadderError::TooManySegments),
            (1, u64::MAX, &[(Low, 1)], LadderError::TooManySegments),
            (10, 10, &[], LadderError::NoQuality),
            (10, 10, &[(Low, 0)], LadderError::SegmentBytes),
            (10, 10, &[(Low, u32::MAX)], LadderError::SegmentBytes),
        ] {
            let ladder = SegmentLadder::new(segment_us, duration_us, bytes.iter().copied());
            assert_eq!(ladder, Err(error), "{segment_us} {duration_us} {bytes:?}");
        }
    }

    #[test]
    fn the_last_segment_may_be_short() {
        let ladder = SegmentLadder::new(4_000_000, 9_000_000, [(Low, 32_000), (High, 128_000)]);
        let ladder = ladder.unwrap();
        assert_eq!(ladder.segments(), 3);
        assert_eq!(ladder.span_us(2), (8_000_000, 9_000_000));
        assert_eq!(ladder.span_us(9), (9_000_000, 9_000_000));
        assert_eq!(
            [0, 3_999_999, 4_000_000, u64::MAX].map(|us| ladder.segment_at(us)),
            [0, 0, 1, 2]
        );
        assert!((ladder.bytes(2, High) - 32_000.0).abs() < 1e-9);
        assert!((ladder.needed_kbps(High) - 256.0).abs() < 1e-9);
        assert_eq!([Low, Medium, High, Ultra].map(|q| ladder.serve(q)), [Low, Low, High, High]);
    }

    #[test]
    fn a_ladder_is_cut_where_it_is_bounded() {
        let of = |offered: &[Quality]| {
            SegmentLadder::new(1, 1, offered.iter().map(|quality| (*quality, 1))).unwrap()
        };
        for (offered, top, left) in [
            (&[Low, Medium, High, Ultra][..], Ultra, &[Low, Medium, High, Ultra][..]),
            (&[Low, Medium, High, Ultra], Medium, &[Low, Medium]),
            (&[Low, Medium, High], Ultra, &[Low, Medium, High]),
            (&[Low, High], Medium, &[Low]),
            (&[Medium, High], Low, &[Medium]),
        ] {
            let ladder = of(offered).up_to(top);
            assert_eq!(ladder, of(left), "{offered:?} up to {top}");
            assert_eq!(Some(&ladder.top()), left.last());
        }
    }
}
