//! What a rendition costs in bits per second, container included.

use quicksync_model::{SAMPLE_RATE, SEGMENT_SAMPLES, Timeline};

use crate::hls::TARGET_DURATION_S;

/// Peak and mean rate of a rendition whose full segments are all of one size.
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
}

fn bps(bytes: u64, samples: u64) -> u64 {
    let bits = u128::from(bytes) * 8 * u128::from(SAMPLE_RATE);
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
    fn absurd_sizes_do_not_overflow() {
        let of = Bandwidth::of(Timeline::new(u64::MAX), |_| u64::MAX / 2);
        assert!(of.peak_bps >= of.average_bps);
    }
}
