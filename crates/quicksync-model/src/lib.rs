//! The words and units every other crate speaks: qualities, rates, ladders and the media timeline.
//!
//! Knows: numbers and names. Never: a clock, I/O, allocation, serialization.
//!
//! # Reading order
//! [`Quality`] and [`Ladder`] say what can be heard; [`Timeline`] says where a segment lies.
#![no_std]

mod ladder;
mod loudness;
mod network_kind;
mod quality;
mod rendition;
mod timeline;
mod units;

pub use ladder::{Ladder, Missing, MissingReason};
pub use loudness::Loudness;
pub use network_kind::{NetworkKind, ParseNetworkKindError};
pub use quality::{Mode, ParseModeError, ParseQualityError, Quality};
pub use rendition::{Codec, ParseCodecError, Rendition};
pub use timeline::{
    MediaTime, PACKET_SAMPLES, SAMPLE_RATE, SEGMENT_SAMPLES, Timeline, rendition_samples,
};
pub use units::{Bitrate, Throughput, Timestamp};
