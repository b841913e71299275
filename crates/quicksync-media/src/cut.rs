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
use crate::codec::{Encoder, Shape};
use crate::pcm::Feed;

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
    /// Packets encoded and thrown away, of which the last `lead` stand alone.
    preroll: u32,
    lead: u32,
}

/// Packets are handed on in runs of about half a second: the first is heard early, and none is so
/// small that handing it on costs more than making it. A whole number of packets of Opus and of MP3.
const RUN_SAMPLES: u32 = 23_040;
/// What is read first: all runs that hold some of the first second, so that the rest is there before the
/// encoder has come so far.
const FIRST_SAMPLES: u32 = 3 * RUN_SAMPLES;

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
        // A decoder that comes from another track has taken in the warm-up, and nothing before it:
        // the encoder of the first segment goes on from the same packet.
        let lead = if index == 0 { shape.lead } else { 0 };
        let preroll = shape.preroll + lead;
        Ok(Self { index, start, samples, rendition, shape, first, packets, preroll, lead })
    }

    /// The cut of the packet before the first one. It has no place on the timeline and says 0.
    ///
    /// # Errors
    /// [`MediaError::Unsupported`] for a codec this build lacks.
    pub(crate) fn warm_up(rendition: Rendition) -> Result<Self, MediaError> {
        let shape = Shape::of(rendition.codec())?;
        Ok(Self {
            index: 0,
            start: MediaTime::default(),
            samples: shape.packet,
            rendition,
            shape,
            first: -1,
            packets: 1,
            preroll: shape.preroll,
            lead: 0,
        })
    }

    /// Samples that the encoder is fed.
    pub(crate) fn fed(&self) -> Range<i64> {
        let packet = i64::from(self.shape.packet);
        let ahead = i64::from(self.shape.ahead);
        let start = (self.first - i64::from(self.preroll)) * packet + ahead;
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

    /// A window in two: what the packets of the first second and the warm-up want of it, in any codec,
    /// and the others. They overlap by more than an encoder takes at once. `None` if it is too short for
    /// that to be worth the while.
    pub(crate) fn halves(window: &Range<i64>) -> Option<(Range<i64>, Range<i64>)> {
        let (before, after) = Shape::REACH;
        let head = window.start + i64::from(before + FIRST_SAMPLES + after);
        let tail = head - i64::from(Shape::LONGEST);
        let is_long = window.end - head > i64::from(FIRST_SAMPLES);
        is_long.then_some((window.start..head, tail..window.end))
    }

    /// Encodes the samples that [`Self::fed`] names. Each run of packets goes to `hand_on` as soon
    /// as it is there, until that says that nobody wants more. Blocks where `feed` does.
    ///
    /// # Errors
    /// [`MediaError::Abandoned`] if nobody did, [`MediaError::Internal`] otherwise; a caller that
    /// keeps to the contract sees none of those.
    pub(crate) fn encode(
        &self,
        mut feed: Feed,
        mut hand_on: impl FnMut(Bytes) -> bool,
    ) -> Result<Packets, MediaError> {
        let mut encoder = Encoder::new(self.rendition)?;
        let mut packets = Packets::default();
        let mut peek = self.shape.peek;
        let mut next = move || self.shape.packet + std::mem::take(&mut peek);
        let mut dropped = Vec::new();
        for n in 0..self.preroll {
            encoder.stand_alone(n + self.lead >= self.preroll)?;
            encoder.encode(feed.take(next())?, &mut dropped)?;
        }
        let run = (RUN_SAMPLES / self.shape.packet).max(1);
        let mut handed = 0;
        for n in 1..=self.packets {
            encoder.stand_alone(n == 1)?;
            let pcm = feed.take(next())?;
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
