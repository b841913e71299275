//! Probes an audio file and decodes it on an exact timeline.
//!
//! Knows: the formats, their priming and padding, and how much margin a seek needs. Never: a
//! resampler, an encoder, the library, the network.
//!
//! # Reading order
//! [`Decoder`] is what everyone else asks; [`Analysis`] is what is known after a whole read.

mod source;

pub use source::{Analysis, AudioHash, Codec, DecodeError, Decoder, Probe, SourceFormat};
