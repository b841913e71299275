//! The segment engine: resample, encode, cut, cache.
//!
//! Knows: the grid, libopus, where finished segments lie. Never: HTTP, the library, a decision
//! about quality.
//!
//! # Model
//! Segment `n` of a rendition is a pure function of the samples around it, the rendition and
//! [`FORMAT_VERSION`]: it is encoded on its own, in any order, and its bytes never differ. Packet
//! `k` decodes to exactly samples `[k * packet, (k + 1) * packet)` of the 48 kHz timeline.
//!
//! # Reading order
//! [`Engine`] is what everyone asks; [`Programme`] is what is played; `cut` says which samples a
//! segment needs, `pcm` gets them from files that are `unchanged`, `codec` encodes them, `wrap` makes
//! a segment of the packets; `lossless` does all that for FLAC; `flight` and `pool` say who does it
//! when; `cache` keeps what they made.

mod cache;
mod codec;
mod config;
mod cut;
mod engine;
mod error;
mod flight;
mod lossless;
mod pcm;
mod pool;
mod programme;
mod resample;
mod unchanged;
mod wrap;

pub use config::{DiskConfig, EngineConfig, Place};
pub use engine::{Engine, PacketStream};
pub use error::MediaError;
pub use lossless::{NotLossless, lossless_format};
pub use pool::{Listener, Pressure};
pub use programme::{Programme, Source};
pub use unchanged::FileStamp;
pub use wrap::segment_bytes;

/// Feeds every cache key and ETag: raise it when one byte of any segment may change, which a new
/// encoder, a new resampler or another pre-roll all may do.
pub const FORMAT_VERSION: u32 = 5;
