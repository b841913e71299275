//! CMAF init and media segments as bytes (ISO/IEC 14496-12, 23000-19; Opus in ISOBMFF 0.8.1).
//!
//! Knows: packets and where they lie on the media timeline. Never: an encoder, a file, a clock.
//!
//! # Model
//! Hard constant bitrate: every packet of a rung has the same size, so the header of a segment is
//! the same size too and [`segment_bytes`] knows every byte position before anything is encoded.
//!
//! # Reading order
//! [`init_segment`] once per player, then one [`Segment`] after another; for FLAC and
//! AAC, whose packets differ in size, [`lossless_init_segment`], [`aac_init_segment`] and
//! [`ListedSegment`].

mod aac;
mod error;
mod init;
mod lossless;
mod segment;

pub use aac::aac_init_segment;
pub use error::Fmp4Error;
pub use init::init_segment;
pub use lossless::{FlacFormat, ListedSegment, lossless_init_segment};
pub use segment::{Segment, segment_bytes};

/// The number of the only `trak` in every init segment.
const TRACK_ID: u32 = 1;

/// Every Opus packet can be a sync sample: `sample_depends_on = 2` (ISO/IEC 14496-12 §8.8.3.1).
const SYNC_SAMPLE: u32 = 0x0200_0000;
