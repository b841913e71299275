//! The media timeline: 48 kHz samples, cut into segments that Opus, AAC and MP3 frames all divide.
//!
//! One segment is 184,320 samples = 3.84 s = 192 Opus packets = 180 AAC frames = 160 MP3 frames,
//! so every codec shares one grid and a player may change codec at any boundary.

/// Samples per second of every rendition.
pub const SAMPLE_RATE: u32 = 48_000;
/// Samples in one Opus packet (20 ms; RFC 6716 §2).
pub const PACKET_SAMPLES: u32 = 960;
/// Samples in every segment but the last.
pub const SEGMENT_SAMPLES: u32 = 184_320;

const _: () = assert!(SEGMENT_SAMPLES.is_multiple_of(PACKET_SAMPLES));
const _: () = assert!(SEGMENT_SAMPLES.is_multiple_of(1024), "AAC-LC frames divide a segment");
const _: () = assert!(SEGMENT_SAMPLES.is_multiple_of(1152), "MP3 frames divide a segment");

/// A position or length on the media timeline, in samples at [`SAMPLE_RATE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MediaTime(u64);

impl MediaTime {
    /// The position `samples` after the start.
    #[must_use]
    pub const fn from_samples(samples: u64) -> Self {
        Self(samples)
    }

    /// Samples at [`SAMPLE_RATE`].
    #[must_use]
    pub const fn samples(self) -> u64 {
        self.0
    }

    /// Seconds, rounded to the nearest `f64` (exact below 2^53 samples).
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "5,900 years of audio fit in 53 bits")]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / f64::from(SAMPLE_RATE)
    }
}

/// The length of a rendition of `source_samples` at `source_rate` Hz: rounded up, so that the last
/// source sample is always covered. Zero for a rate of zero.
#[must_use]
pub const fn rendition_samples(source_samples: u64, source_rate: u32) -> u64 {
    if source_rate == 0 {
        return 0;
    }
    let scaled = (source_samples as u128 * SAMPLE_RATE as u128).div_ceil(source_rate as u128);
    if scaled > u64::MAX as u128 {
        u64::MAX
    } else {
        #[expect(clippy::cast_possible_truncation, reason = "checked on the line above")]
        {
            scaled as u64
        }
    }
}

/// Samples in one FLAC frame, which divides a segment at 48 kHz too.
const LOSSLESS_FRAME: u32 = 4096;
const _: () = assert!(SEGMENT_SAMPLES.is_multiple_of(LOSSLESS_FRAME));

/// Where the segments of one rendition lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeline {
    samples: u64,
    rate: u32,
    segment: u32,
}

impl Timeline {
    /// The timeline of a rendition of exactly `samples`.
    #[must_use]
    pub const fn new(samples: u64) -> Self {
        Self { samples, rate: SAMPLE_RATE, segment: SEGMENT_SAMPLES }
    }

    /// The timeline of a lossless rendition, which keeps the source's `rate` in Hz: segments are as
    /// many whole FLAC frames as take no longer than the others' segments.
    #[must_use]
    pub const fn lossless(samples: u64, rate: u32) -> Self {
        let longest = rate as u64 * SEGMENT_SAMPLES as u64 / SAMPLE_RATE as u64;
        let frames = longest / LOSSLESS_FRAME as u64;
        let segment = if frames == 0 { 1 } else { frames } * LOSSLESS_FRAME as u64;
        let segment = if segment > u32::MAX as u64 { SEGMENT_SAMPLES as u64 } else { segment };
        #[expect(clippy::cast_possible_truncation, reason = "checked on the line above")]
        let segment = segment as u32;
        Self { samples, rate: if rate == 0 { 1 } else { rate }, segment }
    }

    /// Samples per second; never 0.
    #[must_use]
    pub const fn rate(self) -> u32 {
        self.rate
    }

    /// Samples in every segment but the last.
    #[must_use]
    pub const fn full_segment(self) -> u32 {
        self.segment
    }

    /// So many samples of this timeline in seconds, rounded to the nearest `f64`.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "5,900 years of audio fit in 53 bits")]
    pub fn seconds(self, samples: u64) -> f64 {
        samples as f64 / f64::from(self.rate)
    }

    /// Exact length of the rendition.
    #[must_use]
    pub const fn samples(self) -> u64 {
        self.samples
    }

    /// How many segments there are; none for an empty track.
    #[must_use]
    pub const fn segments(self) -> u64 {
        self.samples.div_ceil(self.segment as u64)
    }

    /// Where segment `index`, counted from 0, starts; `None` past the end.
    #[must_use]
    pub const fn segment_start(self, index: u64) -> Option<MediaTime> {
        if index < self.segments() { Some(MediaTime(index * self.segment as u64)) } else { None }
    }

    /// Samples in segment `index`; `None` past the end. Only the last may be short.
    #[must_use]
    pub fn segment_samples(self, index: u64) -> Option<u32> {
        let start = self.segment_start(index)?.samples();
        let left = (self.samples - start).min(u64::from(self.segment));
        u32::try_from(left).ok()
    }

    /// Packets in segment `index`, the last of which may be short; `None` past the end.
    #[must_use]
    pub fn segment_packets(self, index: u64) -> Option<u32> {
        Some(self.segment_samples(index)?.div_ceil(PACKET_SAMPLES))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_cover_the_track_exactly() {
        for samples in [0, 1, 959, 960, 184_319, 184_320, 184_321, 7_815_169, 8_640_000_000] {
            let timeline = Timeline::new(samples);
            let last = timeline.segments().saturating_sub(2);
            let covered: u64 = (last..timeline.segments())
                .map(|n| u64::from(timeline.segment_samples(n).unwrap()))
                .sum();
            assert_eq!(last * u64::from(SEGMENT_SAMPLES) + covered, samples);
            assert_eq!(timeline.segment_samples(timeline.segments()), None);
        }
    }

    #[test]
    fn lossless_segments_are_whole_frames_and_no_longer_than_the_others() {
        for (rate, frames) in
            [(44_100, 41), (48_000, 45), (96_000, 90), (192_000, 180), (8_000, 7), (1, 1), (0, 1)]
        {
            let timeline = Timeline::lossless(10_000_000, rate);
            assert_eq!(timeline.full_segment(), frames * 4096, "{rate} Hz");
            assert_eq!(timeline.segment_samples(0), Some(frames * 4096), "{rate} Hz");
            assert!(rate < 4096 || timeline.seconds(u64::from(timeline.full_segment())) <= 3.84);
        }
        let timeline = Timeline::lossless(170_000, 44_100);
        assert_eq!(
            (timeline.segments(), timeline.segment_samples(1)),
            (2, Some(170_000 - 41 * 4096))
        );
    }

    #[test]
    fn rendition_length_rounds_up() {
        for (samples, rate, expected) in [
            (44_100, 44_100, 48_000),
            (1, 44_100, 2),
            (7_180_416, 44_100, 7_815_419),
            (96_001, 96_000, 48_001),
            (5, 0, 0),
        ] {
            assert_eq!(rendition_samples(samples, rate), expected, "{samples} at {rate} Hz");
        }
    }
}
