//! Probes an audio file and decodes it on an exact timeline.
//!
//! Knows: the formats, their priming and padding, and how much margin a seek needs. Never: a
//! resampler, an encoder, the library, the network.
//!
//! # Reading order
//! [`Decoder`] is what everyone else asks; [`Analysis`] is what is known after a whole read.

mod aac;
mod analyse;
mod chain;
mod downmix;
mod file_key;
mod gating;
mod in_process;
mod loudness;
mod mpeg_index;
mod ogg_page;
mod open_file;
mod opus;
mod range;
mod reader;
mod remembered;
mod restart;
mod source;
mod tame;
mod timing;
mod vorbis;
mod window;
pub mod worker;

pub use analyse::{analyse, probe};
pub use downmix::mix_to_stereo;
pub use file_key::FileKey;
pub use gating::album_loudness;
pub use in_process::InProcess;
pub use loudness::{Measurement, measure};
pub use open_file::OpenFile;
pub use range::{MAX_FRAMES, decode, decode_linearly};
pub use source::{Analysis, AudioHash, Codec, DecodeError, Decoder, Probe, SourceFormat};
pub use tame::tame;
