//! A track as one file: how long it is, what lies where, and each part of it on its own.
//!
//! Decides: the order of the parts. Never: what is in a packet.

use std::ops::Range;

use bytes::Bytes;
use quicksync_model::{Bitrate, PACKET_SAMPLES, Timeline};

use crate::mp3::{self, FRAME_SAMPLES, Mp3};
use crate::ogg::{OggOpus, PAGE_PACKETS};
use crate::tags::Tags;

/// What the packets are wrapped into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Container {
    /// Opus packets of 960 samples in Ogg pages.
    OggOpus,
    /// MP3 frames of 1152 samples, one after another.
    Mp3,
}

impl Container {
    /// Samples in one packet.
    #[must_use]
    pub const fn packet_samples(self) -> u32 {
        match self {
            Self::OggOpus => PACKET_SAMPLES,
            Self::Mp3 => FRAME_SAMPLES,
        }
    }

    /// Bytes in one packet at `bitrate`.
    #[must_use]
    pub const fn packet_bytes(self, bitrate: Bitrate) -> u32 {
        match self {
            Self::OggOpus => bitrate.packet_bytes(),
            Self::Mp3 => mp3::frame_bytes(bitrate),
        }
    }

    /// Packets that are wrapped together: a run of packets that begins at a multiple of this, and
    /// ends at one or with its segment, can be wrapped on its own.
    #[must_use]
    pub const fn run_packets(self) -> u32 {
        match self {
            Self::OggOpus => PAGE_PACKETS,
            Self::Mp3 => 1,
        }
    }
}

/// One of the pieces a file is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// What stands before the first packet.
    Head,
    /// The packet before the first one.
    WarmUp,
    /// A segment's packets.
    Segment(u64),
}

/// Some bytes of one piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which piece.
    pub place: Place,
    /// Which of its bytes, counted from its own start.
    pub range: Range<u64>,
}

/// Why packets cannot be wrapped: the caller's arithmetic is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProgressiveError {
    /// The packets are not as many, or not as large, as they must be.
    #[error("{got} bytes of packets from packet {first} of segment {segment}")]
    Packets {
        /// Of this segment.
        segment: u64,
        /// From this packet of it.
        first: u32,
        /// So many bytes.
        got: usize,
    },
    /// A warm-up that is not one packet.
    #[error("a warm-up packet of {got} bytes")]
    WarmUp {
        /// So many bytes.
        got: usize,
    },
}

/// A track as one file at one constant bitrate.
#[derive(Clone, Debug)]
pub struct TrackFile {
    container: Container,
    timeline: Timeline,
    packet_bytes: u32,
    wrapping: Wrapping,
}

#[derive(Clone, Debug)]
enum Wrapping {
    OggOpus(OggOpus),
    Mp3(Mp3),
}

impl TrackFile {
    /// The file of a track on `timeline` at `bitrate`. `identity` tells it from the tracks it may
    /// be chained with; `source_rate`, in Hz, is only told to who asks.
    #[must_use]
    pub fn new(
        container: Container,
        timeline: Timeline,
        bitrate: Bitrate,
        identity: u32,
        source_rate: u32,
        tags: &Tags,
    ) -> Self {
        let packet_bytes = container.packet_bytes(bitrate);
        let wrapping = match container {
            Container::OggOpus => {
                Wrapping::OggOpus(OggOpus::new(timeline, packet_bytes, identity, source_rate, tags))
            }
            Container::Mp3 => Wrapping::Mp3(Mp3::new(timeline, bitrate, tags)),
        };
        Self { container, timeline, packet_bytes, wrapping }
    }

    /// What stands before the first packet.
    #[must_use]
    pub fn head(&self) -> Bytes {
        match &self.wrapping {
            Wrapping::OggOpus(ogg) => ogg.head.clone(),
            Wrapping::Mp3(mp3) => mp3.head.clone(),
        }
    }

    /// The length of the file in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        let last = self.timeline.segments();
        self.segment_at(last.saturating_sub(1)) + self.segment_bytes(last.saturating_sub(1))
    }

    /// The parts that make up the bytes of `range`, in order. What lies beyond the end is left out.
    pub fn parts(&self, range: Range<u64>) -> impl Iterator<Item = Part> + Send + use<> {
        let file = self.clone();
        let (head, segments) = (self.head().len() as u64, self.segment_at(0));
        let first = range.start.saturating_sub(segments) / self.segment_bytes(0).max(1);
        let before = [(Place::Head, 0..head), (Place::WarmUp, head..segments)];
        let music = (first..self.timeline.segments()).map(move |index| {
            let at = file.segment_at(index);
            (Place::Segment(index), at..at + file.segment_bytes(index))
        });
        let end = range.end;
        let cut = move |(place, piece): (Place, Range<u64>)| {
            let from = range.start.max(piece.start) - piece.start;
            let to = range.end.min(piece.end).saturating_sub(piece.start);
            (from < to).then_some(Part { place, range: from..to })
        };
        before
            .into_iter()
            .chain(music)
            .take_while(move |(_, piece)| piece.start < end)
            .filter_map(cut)
    }

    /// The warm-up packet, wrapped.
    ///
    /// # Errors
    /// [`ProgressiveError::WarmUp`] if it is not one packet.
    pub fn warm_up(&self, packet: &Bytes) -> Result<Bytes, ProgressiveError> {
        if packet.len() != self.packet_bytes as usize {
            return Err(ProgressiveError::WarmUp { got: packet.len() });
        }
        Ok(match &self.wrapping {
            Wrapping::OggOpus(ogg) => ogg.warm_up(packet).into(),
            Wrapping::Mp3(_) => packet.clone(),
        })
    }

    /// `packets` of `segment`, beginning with packet `first` of it, wrapped: a run as
    /// [`Container::run_packets`] says.
    ///
    /// # Errors
    /// [`ProgressiveError::Packets`] if they are no such run.
    pub fn run(
        &self,
        segment: u64,
        first: u32,
        packets: &Bytes,
    ) -> Result<Bytes, ProgressiveError> {
        let size = self.packet_bytes as usize;
        let run = self.container.run_packets();
        let left = self.packets(segment).checked_sub(first);
        let count = u32::try_from(packets.len() / size).ok();
        let fits = packets.len().is_multiple_of(size)
            && first.is_multiple_of(run)
            && count.zip(left).is_some_and(|(count, left)| {
                count <= left && (count == left || count.is_multiple_of(run))
            });
        if !fits {
            return Err(ProgressiveError::Packets { segment, first, got: packets.len() });
        }
        Ok(match &self.wrapping {
            Wrapping::OggOpus(ogg) => ogg.pages(segment, first, packets).into(),
            Wrapping::Mp3(_) => packets.clone(),
        })
    }

    /// How many packets `segment` has; none past the end.
    #[must_use]
    pub fn packets(&self, segment: u64) -> u32 {
        let samples = self.timeline.segment_samples(segment).unwrap_or_default();
        samples.div_ceil(self.container.packet_samples())
    }

    /// The bytes that packets `[0, count)` of a segment take, wrapped: which run holds a byte.
    #[must_use]
    pub fn run_bytes(&self, count: u32) -> u64 {
        match &self.wrapping {
            Wrapping::OggOpus(ogg) => ogg.segment_bytes(count),
            Wrapping::Mp3(mp3) => mp3.segment_bytes(count),
        }
    }

    /// Where `index` starts; for the first, where the music does.
    fn segment_at(&self, index: u64) -> u64 {
        let warm_up = match &self.wrapping {
            Wrapping::OggOpus(ogg) => ogg.warm_up_bytes(),
            Wrapping::Mp3(mp3) => mp3.warm_up_bytes(),
        };
        self.head().len() as u64 + warm_up + index * self.segment_bytes(0)
    }

    fn segment_bytes(&self, index: u64) -> u64 {
        self.run_bytes(self.packets(index))
    }
}
