//! The segment engine: resample, encode, cut, cache.
//!
//! Knows: the grid, libopus, where finished segments lie. Never: HTTP, the library, a decision
//! about quality.
//!
//! # Model
//! Segment `n` of a rung is a pure function of the source's samples, the rung and
//! [`FORMAT_VERSION`]: it is encoded on its own, in any order, and its bytes never differ. Packet
//! `k` decodes to exactly source samples `[960 k, 960 k + 960)` at 48 kHz.
//!
//! # Reading order
//! [`Engine`] is what everyone asks; `cut` says which samples a segment needs; `opus` and
//! `resample` are the two machines it runs; `cache` keeps what they made.

mod cache;
mod config;
mod cut;
mod engine;
mod error;
mod opus;
mod pool;
mod resample;

pub use config::{DiskConfig, EngineConfig, Place};
pub use engine::{Engine, Source, segment_bytes};
pub use error::MediaError;
pub use pool::Pressure;

/// Feeds every cache key and ETag: raise it when one byte of any segment may change, which a new
/// libopus, a new resampler or another pre-roll all may do.
pub const FORMAT_VERSION: u32 = 1;
