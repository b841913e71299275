//! Which samples a segment needs, and how they become its packets.
//!
//! Knows: the grid, the pre-roll, the lookahead. Never: a file, a cache, a thread, a container.
//!
//! # Model
//! Packets `[p, q)` are kept. Encoding starts some packets earlier and throws those away, so that
//! the encoder's memory is that of a running encoder; the first kept packet stands alone, so that a
//! decoder arriving from another rung is soon in step (Opus: after 40 ms). Input is fed ahead by
//! the delay of encoder and decoder together, so packet `k` decodes to samples
//! `[k * packet, (k + 1) * packet)`.
//!
//! A decoder that comes from another track overlaps its end with our beginning. The warm-up, the
//! packet before the first, takes that in the place of the music.

use std::ops::Range;

use bytes::Bytes;
use quicksync_model::{MediaTime, Rendition, SEGMENT_SAMPLES, Timeline};

use crate::MediaError;
use crate::codec::{CHANNELS, Encoder, Shape};

/// What one segment needs and where it lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    pub(crate) index: u64,
    pub(crate) start: MediaTime,
    /// Presented samples.
    pub(crate) samples: u32,
    pub(crate) rendition: Rendition,
    shape: Shape,
    /// The first packet kept, counted from the start of the timeline.
    first: i64,
    packets: u32,
}

/// Packets are handed on in runs of about one second: the first is heard early, and none is so
/// small that handing it on costs more than making it.
const RUN_SAMPLES: u32 = 46_080;

impl Cut {
    /// The cut of segment `index`.
    ///
    /// # Errors
    /// [`MediaError::NotFound`] past the end, [`MediaError::Unsupported`] for a codec this build
    /// lacks.
    pub(crate) fn new(
        timeline: Timeline,
        rendition: Rendition,
        index: u64,
    ) -> Result<Self, MediaError> {
        let shape = Shape::of(rendition.codec())?;
        let not_found = || MediaError::NotFound { index, segments: timeline.segments() };
        let start = timeline.segment_start(index).ok_or_else(not_found)?;
        let samples = timeline.segment_samples(index).ok_or_else(not_found)?;
        let first = start.samples() / u64::from(shape.packet);
        let first = i64::try_from(first).map_err(|_| not_found())?;
        let packets = samples.div_ceil(shape.packet);
        Ok(Self { index, start, samples, rendition, shape, first, packets })
    }

    /// The cut of the packet before the first one. It has no place on the timeline and says 0.
    ///
    /// # Errors
    /// [`MediaError::Unsupported`] for a codec this build lacks.
    pub(crate) fn warm_up(rendition: Rendition) -> Result<Self, MediaError> {
        let shape = Shape::of(rendition.codec())?;
        let (index, start) = (0, MediaTime::default());
        Ok(Self { index, start, samples: shape.packet, rendition, shape, first: -1, packets: 1 })
    }

    /// Samples that the encoder is fed.
    pub(crate) fn fed(&self) -> Range<i64> {
        let packet = i64::from(self.shape.packet);
        let ahead = i64::from(self.shape.ahead);
        let start = (self.first - i64::from(self.shape.preroll)) * packet + ahead;
        let end = (self.first + i64::from(self.packets)) * packet + ahead;
        start..end + i64::from(self.shape.peek)
    }

    /// Samples around segment `index` that serve every codec and rung.
    pub(crate) fn window(timeline: Timeline, index: u64) -> Option<Range<i64>> {
        let start = i64::try_from(timeline.segment_start(index)?.samples()).ok()?;
        let samples = timeline.segment_samples(index)?;
        // The last packet of any codec is whole.
        let whole = SEGMENT_SAMPLES.min(samples.saturating_add(1152));
        let (before, after) = Shape::REACH;
        Some(start - i64::from(before)..start + i64::from(whole) + i64::from(after))
    }

    /// Encodes `pcm`, the interleaved samples that [`Self::fed`] names. Each run of packets goes to
    /// `hand_on` as soon as it is there, until that says that nobody wants more.
    ///
    /// # Errors
    /// [`MediaError::Abandoned`] if nobody did, [`MediaError::Internal`] otherwise; a caller that
    /// keeps to the contract sees none of those.
    pub(crate) fn encode(
        &self,
        pcm: &[f32],
        mut hand_on: impl FnMut(Bytes) -> bool,
    ) -> Result<Packets, MediaError> {
        let mut encoder = Encoder::new(self.rendition)?;
        let mut packets = Packets::default();
        let (packet, peek) = (self.shape.packet as usize, self.shape.peek as usize);
        let (first, rest) = pcm
            .split_at_checked((packet + peek) * CHANNELS)
            .ok_or_else(|| MediaError::Internal(format!("{} values to encode", pcm.len())))?;
        let mut input = std::iter::once(first).chain(rest.chunks_exact(packet * CHANNELS));
        let mut dropped = Vec::new();
        for pcm in input.by_ref().take(self.shape.preroll as usize) {
            encoder.encode(pcm, &mut dropped)?;
        }
        let run = (RUN_SAMPLES / self.shape.packet).max(1);
        let mut handed = 0;
        for (n, pcm) in (1_u32..).zip(input) {
            encoder.stand_alone(n == 1)?;
            packets.push(|bytes| encoder.encode(pcm, bytes))?;
            if n.is_multiple_of(run) || n == self.packets {
                let ready = packets.bytes.get(handed..).unwrap_or_default();
                handed = packets.bytes.len();
                if !hand_on(Bytes::copy_from_slice(ready)) {
                    return Err(MediaError::Abandoned);
                }
            }
        }
        Ok(packets)
    }
}

/// Packets, one after another.
#[derive(Debug, Default)]
pub(crate) struct Packets {
    pub(crate) bytes: Vec<u8>,
    pub(crate) sizes: Vec<u32>,
}

impl Packets {
    fn push(
        &mut self,
        encode: impl FnOnce(&mut Vec<u8>) -> Result<(), MediaError>,
    ) -> Result<(), MediaError> {
        let before = self.bytes.len();
        encode(&mut self.bytes)?;
        self.sizes.push(u32::try_from(self.bytes.len() - before).unwrap_or(u32::MAX));
        Ok(())
    }
}
