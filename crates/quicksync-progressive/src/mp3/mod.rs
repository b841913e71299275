//! MP3: an ID3v2 tag, an Info frame that says how much to leave out, and constant frames.
//!
//! Knows: the frame header and what stands before the music. Never: the frames' contents.

mod id3;
mod info;

use bytes::Bytes;
use quicksync_model::{Bitrate, SEGMENT_SAMPLES, Timeline};

use crate::tags::Tags;

/// Samples in one frame of MPEG-1 layer III.
pub(crate) const FRAME_SAMPLES: u32 = 1152;
const _: () = assert!(SEGMENT_SAMPLES.is_multiple_of(FRAME_SAMPLES));

/// The parts of one file that do not depend on its frames.
#[derive(Clone, Debug)]
pub(crate) struct Mp3 {
    pub(crate) head: Bytes,
    frame_bytes: u32,
}

impl Mp3 {
    pub(crate) fn new(timeline: Timeline, bitrate: Bitrate, tags: &Tags) -> Self {
        let mut head = id3::tag(tags);
        head.extend_from_slice(&info::frame(timeline.samples(), bitrate));
        Self { head: head.into(), frame_bytes: frame_bytes(bitrate) }
    }

    pub(crate) fn warm_up_bytes(&self) -> u64 {
        self.segment_bytes(1)
    }

    pub(crate) fn segment_bytes(&self, frames: u32) -> u64 {
        u64::from(frames) * u64::from(self.frame_bytes)
    }
}

/// Bytes in a frame at 48 kHz, where no frame needs padding.
pub(crate) const fn frame_bytes(bitrate: Bitrate) -> u32 {
    bitrate.kbps() * 3
}
