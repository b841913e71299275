//! Which source samples a segment needs, and how they become its packets.
//!
//! Knows: the grid, the pre-roll, the lookahead. Never: a file, a cache, a thread.
//!
//! # Model
//! Packets `[p, q)` are kept. Encoding starts `PREROLL` packets earlier and throws those away, so
//! that the encoder's memory is that of a running encoder; the first kept packet does not predict
//! from the one before it, so that a decoder arriving from another rung is in step after 40 ms.
//! Packet `k` is fed samples `[960 k + 312, 960 k + 1272)`, which a decoder gives back 312 samples
//! later, at `960 k`. Before the track's first sample and after its last is silence.
//!
//! A decoder that comes from another track overlaps its end with our beginning, for 2.5 ms. The
//! warm-up, the packet before the first, takes that in the place of the music.

use std::ops::Range;

use bytes::Bytes;
use quicksync_decode::Analysis;
use quicksync_fmp4::Segment;
use quicksync_model::{MediaTime, PACKET_SAMPLES, Quality, Timeline};

use crate::MediaError;
use crate::opus::{CHANNELS, Encoder, LOOKAHEAD};
use crate::resample::{Resampler, frames};

/// Packets encoded and thrown away before the first one kept. Measured: 4 are enough for the mean,
/// 8 leave the worst boundary within 4 dB of the worse of its two rungs.
const PREROLL: i64 = 8;

/// Louder than any music and any overshoot; what lies beyond is damage, and would turn a whole FFT
/// block into infinities.
const LOUDEST: f32 = 8.0;

/// Samples beyond which positions are not worth the care of checked arithmetic: 185 years.
const LONGEST: u64 = 1 << 48;

/// What one segment needs and where it lies; independent of the rung.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    index: u64,
    start: MediaTime,
    /// Presented samples.
    samples: u32,
    resampler: Resampler,
    /// Kept packets.
    packets: Range<i64>,
    /// Source frames that exist.
    source: u64,
}

impl Cut {
    /// The cut of segment `index`.
    ///
    /// # Errors
    /// [`MediaError::NotFound`] past the end.
    pub(crate) fn new(analysis: &Analysis, index: u64) -> Result<Self, MediaError> {
        let timeline = Timeline::new(analysis.rendition_samples());
        if timeline.samples().max(analysis.samples) > LONGEST {
            return Err(MediaError::Internal(format!("{} samples", timeline.samples())));
        }
        let not_found = || MediaError::NotFound { index, segments: timeline.segments() };
        let start = timeline.segment_start(index).ok_or_else(not_found)?;
        let samples = timeline.segment_samples(index).ok_or_else(not_found)?;
        let count = timeline.segment_packets(index).ok_or_else(not_found)?;
        let first =
            i64::try_from(start.samples() / u64::from(PACKET_SAMPLES)).map_err(|_| not_found())?;
        Ok(Self {
            index,
            start,
            samples,
            resampler: Resampler::new(analysis.format.sample_rate)?,
            packets: first..first + i64::from(count),
            source: analysis.samples,
        })
    }

    /// The cut of the packet before the first one. It has no place on the track's timeline and
    /// says 0.
    ///
    /// # Errors
    /// [`MediaError::Internal`] as for any segment.
    pub(crate) fn warm_up(analysis: &Analysis) -> Result<Self, MediaError> {
        Ok(Self { samples: PACKET_SAMPLES, packets: -1..0, ..Self::new(analysis, 0)? })
    }

    /// Samples at 48 kHz that the encoder is fed.
    fn fed(&self) -> Range<i64> {
        let packet = i64::from(PACKET_SAMPLES);
        let ahead = i64::from(LOOKAHEAD);
        (self.packets.start - PREROLL) * packet + ahead..self.packets.end * packet + ahead
    }

    /// The source frames to decode: those that exist of those that are needed.
    pub(crate) fn decode(&self) -> Range<u64> {
        let needed = self.resampler.needs(&self.fed());
        let clip = |frame: i64| u64::try_from(frame).unwrap_or(0).min(self.source);
        clip(needed.start)..clip(needed.end)
    }

    /// Makes the segment from `decoded`, the interleaved frames that [`Self::decode`] names.
    ///
    /// # Errors
    /// [`MediaError::Internal`]; a caller that keeps to the contract sees none.
    pub(crate) fn make(&self, decoded: &[f32], quality: Quality) -> Result<Bytes, MediaError> {
        let fed = self.fed();
        let pcm = self.resampler.resample(self.surround(decoded), &fed)?;
        let bitrate = quality.bitrate();
        let packets = self.encode(&pcm, Encoder::new(bitrate)?)?;
        let segment = Segment {
            index: self.index,
            start: self.start,
            samples: self.samples,
            packet_bytes: bitrate.packet_bytes(),
            packets: &packets,
        };
        Ok(segment.to_bytes()?)
    }

    /// Puts silence where the source does not exist and takes out what no encoder may see.
    fn surround(&self, decoded: &[f32]) -> Vec<f32> {
        let needed = self.resampler.needs(&self.fed());
        let before = match usize::try_from(needed.start) {
            Ok(_) => 0,
            Err(_) => usize::try_from(needed.start.unsigned_abs()).unwrap_or(0),
        };
        let mut source = vec![0.0; frames(&needed) * CHANNELS];
        for (value, decoded) in source.iter_mut().skip(before * CHANNELS).zip(decoded) {
            *value = if decoded.is_finite() { decoded.clamp(-LOUDEST, LOUDEST) } else { 0.0 };
        }
        source
    }

    fn encode(&self, pcm: &[f32], mut encoder: Encoder) -> Result<Vec<u8>, MediaError> {
        let mut packets = Vec::new();
        let input = pcm.chunks_exact(PACKET_SAMPLES as usize * CHANNELS);
        for (pcm, packet) in input.zip(-PREROLL..) {
            if packet == 0 {
                packets.clear();
            }
            encoder.disable_prediction(packet == 0)?;
            encoder.encode(pcm, &mut packets)?;
        }
        Ok(packets)
    }
}
