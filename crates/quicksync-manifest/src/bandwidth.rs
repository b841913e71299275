//! What a rendition costs in bits per second, container included.

use quicksync_model::{SAMPLE_RATE, SEGMENT_SAMPLES, Timeline};

use crate::hls::TARGET_DURATION_S;

/// Peak and mean rate of a rendition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bandwidth {
    /// Bits per second of the costliest run of segments as long as a target duration: HLS
    /// `BANDWIDTH`, DASH `bandwidth`. Rounded up.
    pub peak_bps: u64,
    /// Bits per second of the whole rendition: HLS `AVERAGE-BANDWIDTH`. Rounded up.
    pub average_bps: u64,
}

impl Bandwidth {
    /// The bandwidth of a rendition on `timeline` whose segment `n` is `segment_bytes(n)` bytes.
    /// All full segments must be of one size, as hard constant bitrate makes them, so only the
    /// first and the last are asked for.
    #[must_use]
    pub fn of(timeline: Timeline, segment_bytes: impl Fn(u64) -> u64) -> Self {
        let Some(last) = timeline.segments().checked_sub(1) else {
            return Self { peak_bps: 0, average_bps: 0 };
        };
        let last_bytes = segment_bytes(last);
        let last_samples = timeline.segment_samples(last).map_or(0, u64::from);
        if last == 0 {
            let only = bps(last_bytes, last_samples);
            return Self { peak_bps: only, average_bps: only };
        }
        let full_bytes = segment_bytes(0);
        let full = u64::from(SEGMENT_SAMPLES);
        // RFC 8216 §4.3.4.2: runs of 0.5 to 1.5 target durations. A short last segment, dear for
        // its length, counts alone only if it is that long, else with the one before it.
        let tail = if 2 * last_samples >= u64::from(TARGET_DURATION_S * SAMPLE_RATE) {
            bps(last_bytes, last_samples)
        } else {
            bps(full_bytes.saturating_add(last_bytes), full + last_samples)
        };
        Self {
            peak_bps: bps(full_bytes, full).max(tail),
            average_bps: bps(
                full_bytes.saturating_mul(last).saturating_add(last_bytes),
                timeline.samples(),
            ),
        }
    }

    /// The bandwidth of a rendition whose segments have been made, from their sizes in order: for
    /// codecs that no arithmetic foretells. `None` unless there is a size for every segment.
    #[must_use]
    pub fn measured(timeline: Timeline, sizes: &[u64]) -> Option<Self> {
        if sizes.len() as u64 != timeline.segments() {
            return None;
        }
        let rate = u64::from(timeline.rate());
        let target = u64::from(TARGET_DURATION_S) * rate;
        let sized: Vec<(u64, u64)> = (0..)
            .zip(sizes)
            .map(|(n, bytes)| (*bytes, timeline.segment_samples(n).map_or(0, u64::from)))
            .collect();
        // Runs of 0.5 to 1.5 target durations: single segments, and each with a short last one.
        let in_range = |samples: u64| 2 * samples >= target && 2 * samples <= 3 * target;
        let runs = sized.windows(2).map(|pair| (pair[0].0 + pair[1].0, pair[0].1 + pair[1].1));
        let peak = sized.iter().copied().chain(runs).filter(|(_, samples)| in_range(*samples));
        let all = (sizes.iter().sum(), timeline.samples());
        let average_bps = bps_at(all.0, all.1, rate);
        let peak_bps = peak.map(|(bytes, samples)| bps_at(bytes, samples, rate)).max();
        Some(Self { peak_bps: peak_bps.unwrap_or(0).max(average_bps), average_bps })
    }

    /// What no FLAC rendition exceeds, made or not: its samples uncompressed, with the frames' and
    /// the boxes' headers. The mean is then the same bound.
    #[must_use]
    pub fn lossless_bound(timeline: Timeline, channels: u32, bits_per_sample: u32) -> Self {
        // A side channel takes one bit more than a sample.
        let sample_bits = u64::from(channels) * u64::from(bits_per_sample.saturating_add(1));
        let bytes = |samples: u64| {
            // A frame's header, footer and subframe headers, its entry in the run; the boxes.
            let headers = samples.div_ceil(4096) * (32 + 8) + 256;
            (samples * sample_bits).div_ceil(8) + headers
        };
        let rate = u64::from(timeline.rate());
        let samples = |index: u64| timeline.segment_samples(index).map_or(0, u64::from);
        let (full, last) = (samples(0), samples(timeline.segments().saturating_sub(1)));
        // The fewer samples, the dearer: the last segment where it counts alone, else with another.
        let counts_alone =
            timeline.segments() < 2 || 2 * last >= u64::from(TARGET_DURATION_S) * rate;
        let (bytes, samples) = if counts_alone {
            (bytes(last), last)
        } else {
            (bytes(full) + bytes(last), full + last)
        };
        let bound = bps_at(bytes, samples, rate);
        Self { peak_bps: bound, average_bps: bound }
    }
}

fn bps(bytes: u64, samples: u64) -> u64 {
    bps_at(bytes, samples, SAMPLE_RATE.into())
}

fn bps_at(bytes: u64, samples: u64, rate: u64) -> u64 {
    let bits = u128::from(bytes) * 8 * u128::from(rate);
    u64::try_from(bits.div_ceil(u128::from(samples.max(1)))).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 128 kbps in packets of 320 bytes and 220 bytes of boxes a segment.
    fn bandwidth(samples: u64) -> (u64, u64) {
        let timeline = Timeline::new(samples);
        let of = Bandwidth::of(timeline, |n| {
            220 + 320 * u64::from(timeline.segment_packets(n).unwrap())
        });
        (of.peak_bps, of.average_bps)
    }

    #[test]
    fn short_ends_count_as_the_standard_says() {
        for (samples, expected) in [
            (0, (0, 0)),
            (960, (216_000, 216_000)),
            (184_320, (128_459, 128_459)),
            // One packet more: dear alone, next to nothing beside a full segment.
            (184_320 + 960, (128_912, 128_912)),
            (184_320 * 100 + 1, (129_583, 128_470)),
            // Two seconds are half a target duration: from there on the last counts alone.
            (184_320 + 95_999, (128_604, 128_604)),
            (184_320 + 96_000, (128_880, 128_603)),
        ] {
            assert_eq!(bandwidth(samples), expected, "{samples}");
        }
    }

    #[test]
    fn measured_sizes_say_what_was_measured() {
        let timeline = Timeline::lossless(44_100 * 10, 44_100);
        let of = |sizes: &[u64]| Bandwidth::measured(timeline, sizes);
        assert_eq!(of(&[1, 2]), None);
        let seconds = 167_936.0 / 44_100.0;
        let found = of(&[300_000, 500_000, 100_000]).unwrap();
        assert_eq!(found.average_bps, 720_000);
        let peak = f64::from(u32::try_from(found.peak_bps).unwrap());
        assert!((peak - 500_000.0 * 8.0 / seconds).abs() < 1.0, "{peak}");
        let bound = Bandwidth::lossless_bound(timeline, 2, 16);
        assert!(bound.peak_bps > 1_411_200 && bound.peak_bps < 1_520_000, "{bound:?}");
    }

    #[test]
    fn the_bound_holds_of_short_tracks_too() {
        for samples in [1, 100, 9_000, 167_936, 167_937, 170_000, 256_136, 300_000, 1_000_000] {
            let timeline = Timeline::lossless(samples, 44_100);
            // Uncompressed, with the least of headers there can be around it.
            let bytes = |n| {
                let samples = u64::from(timeline.segment_samples(n).unwrap());
                samples * 2 * 17 / 8 + samples.div_ceil(4096) * 16 + 160
            };
            let sizes: Vec<u64> = (0..timeline.segments()).map(bytes).collect();
            let measured = Bandwidth::measured(timeline, &sizes).unwrap();
            let bound = Bandwidth::lossless_bound(timeline, 2, 16);
            assert!(bound.peak_bps >= measured.peak_bps, "{samples}: {bound:?}, {measured:?}");
            assert!(bound.average_bps >= measured.average_bps, "{samples}");
        }
    }

    #[test]
    fn constant_sizes_measure_as_they_are_foretold() {
        for samples in [184_320 * 5, 184_320 * 5 + 960, 184_320 * 5 + 100_000] {
            let timeline = Timeline::new(samples);
            let bytes = |n| 220 + 320 * u64::from(timeline.segment_packets(n).unwrap());
            let sizes: Vec<u64> = (0..timeline.segments()).map(bytes).collect();
            let measured = Bandwidth::measured(timeline, &sizes);
            assert_eq!(measured, Some(Bandwidth::of(timeline, bytes)), "{samples}");
        }
    }

    #[test]
    fn absurd_sizes_do_not_overflow() {
        let of = Bandwidth::of(Timeline::new(u64::MAX), |_| u64::MAX / 2);
        assert!(of.peak_bps >= of.average_bps);
    }
}
