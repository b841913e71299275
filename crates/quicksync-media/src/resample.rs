//! Any source rate to 48 kHz, the same bits wherever the work began.
//!
//! Never: a file, an encoder, a guess. 48 kHz passes through untouched.
//!
//! # Model
//! rubato's FFT resampler turns blocks of `input` source frames into blocks of `output` frames,
//! each depending on its own input block and the one before it, `output / 2` frames late. Blocks
//! lie on an absolute grid from source frame 0, so block `b` is the same whoever asks, provided
//! block `b - 1` went through first to warm the overlap (measured: bit-identical).
//!
//! Source: rubato's documentation of `Fft` (overlap-add; delay of half an output block).

use std::ops::Range;

use quicksync_model::SAMPLE_RATE;
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _};

use crate::MediaError;
use crate::codec::CHANNELS;

/// The shorter side of a block has at least this many frames: the longer the block, the closer to
/// the Nyquist frequency the filter reaches. 44.1 kHz becomes 1176 -> 1280, which passes 21 kHz.
const MIN_BLOCK: u32 = 1024;

/// How one source rate maps to 48 kHz.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Resampler {
    rate: u32,
    /// Source frames in a block, and what they become. Both even, so that half a block is whole.
    input: u32,
    output: u32,
}

impl Resampler {
    /// The mapping from `rate` Hz.
    ///
    /// # Errors
    /// [`MediaError::Internal`] for a rate of 0: an analysis never states one.
    pub(crate) fn new(rate: u32) -> Result<Self, MediaError> {
        if rate == 0 {
            return Err(MediaError::Internal("a source at 0 Hz".into()));
        }
        let divisor = gcd(rate, SAMPLE_RATE);
        let (input, output) = (rate / divisor, SAMPLE_RATE / divisor);
        let blocks = MIN_BLOCK.div_ceil(input.min(output)).next_multiple_of(2);
        match (input.checked_mul(blocks), output.checked_mul(blocks)) {
            (Some(input), Some(output)) => Ok(Self { rate, input, output }),
            _ => Err(MediaError::Internal(format!("a source at {rate} Hz"))),
        }
    }

    /// Hz of the source.
    pub(crate) fn rate(self) -> u32 {
        self.rate
    }

    fn passes_through(self) -> bool {
        self.rate == SAMPLE_RATE
    }

    /// The source frames that [`Self::resample`] needs to make the output frames `wanted`. May
    /// begin before 0 and end past the source; what is not there is silence.
    pub(crate) fn needs(self, wanted: &Range<i64>) -> Range<i64> {
        if self.passes_through() {
            return wanted.clone();
        }
        let blocks = self.blocks(wanted);
        let input = i64::from(self.input);
        // One block before the first warms the overlap.
        (blocks.start - 1) * input..blocks.end * input
    }

    /// The blocks whose output holds the frames `wanted`, the delay taken into account.
    fn blocks(self, wanted: &Range<i64>) -> Range<i64> {
        let output = i64::from(self.output);
        let delay = output / 2;
        let first = (wanted.start + delay).div_euclid(output);
        let last = (wanted.end + delay - 1).div_euclid(output);
        first..last + 1
    }

    /// Turns `source`, the interleaved frames that [`Self::needs`] names, into the output frames
    /// `wanted`.
    ///
    /// # Errors
    /// [`MediaError::Internal`] if `source` is not as long as it must be, or rubato fails.
    pub(crate) fn resample(
        self,
        source: Vec<f32>,
        wanted: &Range<i64>,
    ) -> Result<Vec<f32>, MediaError> {
        let needed = self.needs(wanted);
        if source.len() != frames(&needed) * CHANNELS {
            let got = source.len() / CHANNELS;
            return Err(MediaError::Internal(format!("{got} frames, {needed:?} needed")));
        }
        if self.passes_through() {
            return Ok(source);
        }
        let mut made = self.run(&source)?;
        let output = i64::from(self.output);
        let start = wanted.start + output / 2 - self.blocks(wanted).start * output;
        let skip = usize::try_from(start).unwrap_or(usize::MAX).saturating_mul(CHANNELS);
        let length = frames(wanted) * CHANNELS;
        if made.len() < skip.saturating_add(length) {
            return Err(MediaError::Internal("the resampler fell short".into()));
        }
        made.drain(..skip);
        made.truncate(length);
        Ok(made)
    }

    /// All blocks of `source` but the first, which only warms.
    fn run(self, source: &[f32]) -> Result<Vec<f32>, MediaError> {
        let (input, output) = (self.input as usize, self.output as usize);
        let mut fft = Fft::<f32>::new_custom(
            self.rate as usize,
            SAMPLE_RATE as usize,
            input,
            1,
            CHANNELS,
            rubato::WindowFunction::BlackmanHarris2,
            FixedSync::Both,
        )
        .map_err(failure)?;
        let mut block = vec![0.0; output * CHANNELS];
        let mut made = Vec::with_capacity(source.len() / input * output);
        for (n, frames) in source.chunks_exact(input * CHANNELS).enumerate() {
            let read = InterleavedSlice::new(frames, CHANNELS, input).map_err(failure)?;
            let mut write =
                InterleavedSlice::new_mut(&mut block, CHANNELS, output).map_err(failure)?;
            fft.process_into_buffer(&read, &mut write, None).map_err(failure)?;
            if n > 0 {
                made.extend_from_slice(&block);
            }
        }
        Ok(made)
    }
}

/// Frames in a range that never runs backwards.
pub(crate) fn frames(range: &Range<i64>) -> usize {
    usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(0)
}

fn failure(error: impl std::fmt::Display) -> MediaError {
    MediaError::Internal(format!("the resampler refused: {error}"))
}

const fn gcd(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a test signal needs no more precision than f32 has"
)]
mod tests {
    use super::*;

    const RATES: [u32; 14] = [
        8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 37_800, 44_056, 44_100, 48_000,
        88_200, 96_000, 192_000,
    ];

    /// Two seconds of sines that stay below half the lowest rate, silent beyond both ends.
    fn source(rate: u32, range: Range<i64>) -> Vec<f32> {
        range.flat_map(|n| [signal(n, rate, 997.0), signal(n, rate, 1_501.0)]).collect()
    }

    fn signal(n: i64, rate: u32, hz: f64) -> f32 {
        if n < 0 || n >= 2 * i64::from(rate) {
            return 0.0;
        }
        let t = n as f64 / f64::from(rate);
        // Fades in and out, so that the ends do not ring.
        let envelope = (std::f64::consts::PI * t / 2.0).sin();
        (envelope * (std::f64::consts::TAU * hz * t).sin() * 0.5) as f32
    }

    fn resample(rate: u32, wanted: Range<i64>) -> Vec<f32> {
        let resampler = Resampler::new(rate).unwrap();
        resampler.resample(source(rate, resampler.needs(&wanted)), &wanted).unwrap()
    }

    #[test]
    fn block_sizes_follow_the_ratio() {
        for (rate, expected) in [
            (44_100, (1_176, 1_280)),
            (48_000, (1_024, 1_024)),
            (96_000, (2_048, 1_024)),
            (8_000, (1_024, 6_144)),
            (192_000, (4_096, 1_024)),
        ] {
            let resampler = Resampler::new(rate).unwrap();
            assert_eq!((resampler.input, resampler.output), expected, "{rate} Hz");
        }
        for rate in RATES.into_iter().chain([8_001, 191_999]) {
            let resampler = Resampler::new(rate).unwrap();
            assert_eq!((resampler.input % 2, resampler.output % 2), (0, 0), "{rate} Hz");
        }
        assert!(Resampler::new(0).is_err());
    }

    #[test]
    fn the_same_bits_wherever_it_began() {
        for rate in RATES {
            let whole = resample(rate, -400..96_400);
            let edges = [(-400, 1), (-1, 2), (0, 960), (1, 1), (639, 1_280), (95_000, 1_400)];
            // Anywhere else: a generator with every start, whatever the block size.
            let anywhere = (1..12_i64).map(|n| (n * 7_919 * 7_919 % 94_000, 1 + n * 389 % 2_300));
            for (start, length) in edges.into_iter().chain(anywhere) {
                let part = resample(rate, start..start + length);
                let skip = usize::try_from(start + 400).unwrap() * CHANNELS;
                assert!(
                    part.iter()
                        .map(|v| v.to_bits())
                        .eq(whole[skip..skip + part.len()].iter().map(|v| v.to_bits())),
                    "{rate} Hz from {start}"
                );
            }
        }
    }

    #[test]
    fn sample_0_stays_sample_0() {
        for rate in RATES {
            let made = resample(rate, 0..96_000);
            let ideal = source(SAMPLE_RATE, 0..96_000);
            let worst = made.iter().zip(&ideal).map(|(a, b)| (a - b).abs()).fold(0.0_f32, f32::max);
            assert!(worst < 2e-4, "{rate} Hz: off by {worst}");
        }
    }

    #[test]
    fn source_at_48_khz_passes_bit_exact() {
        assert_eq!(resample(48_000, -5..5_000), source(48_000, -5..5_000));
    }
}
