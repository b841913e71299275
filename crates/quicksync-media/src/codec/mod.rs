//! The encoders behind one interface: samples in, packets out, one for one.
//!
//! All `unsafe` code of the crate is in this folder, one file per library. Never: a file, a cache,
//! a thread.

#[cfg(feature = "aac")]
mod aac;
#[cfg(feature = "mp3")]
mod mp3;
mod opus;

use std::ffi::c_int;

use quicksync_model::{Codec, Rendition};

use crate::MediaError;

/// Interleaved channels; a mono source arrives doubled.
pub(crate) const CHANNELS: usize = 2;

/// What a cut must know of a codec, in samples at 48 kHz and packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Samples in one packet.
    pub(crate) packet: u32,
    /// By how much input leads what a decoder gives back, so that packet `k` is heard at
    /// `k * packet`.
    pub(crate) ahead: u32,
    /// Samples beyond a packet's own that the encoder wants to see before it gives the first.
    pub(crate) peek: u32,
    /// Packets encoded and thrown away before the first one kept.
    pub(crate) preroll: u32,
    /// Packets more before a track's first, which stand alone as the warm-up does.
    pub(crate) lead: u32,
}

impl Shape {
    /// The shape of `codec`.
    ///
    /// # Errors
    /// [`MediaError::Unsupported`] if this build cannot encode it.
    pub(crate) fn of(codec: Codec) -> Result<Self, MediaError> {
        match codec {
            Codec::Opus => Ok(opus::SHAPE),
            #[cfg(feature = "mp3")]
            Codec::Mp3 => Ok(mp3::SHAPE),
            #[cfg(feature = "aac")]
            Codec::Aac => Ok(aac::SHAPE),
            other => Err(MediaError::Unsupported(other)),
        }
    }

    /// Samples before a segment's first and after its last that any codec may want: what is
    /// decoded once serves them all. The first segment's reach back as far as the warm-up packet's.
    pub(crate) const REACH: (u32, u32) = (9 * 960 - 312, 2048);

    /// Samples that no encoder takes more of at once: an MP3 frame and what LAME peeks at.
    pub(crate) const LONGEST: u32 = 2 * 1152;
}

/// One encoder, started afresh for every segment.
#[derive(Debug)]
pub(crate) enum Encoder {
    /// libopus.
    Opus(opus::Encoder),
    /// LAME.
    #[cfg(feature = "mp3")]
    Mp3(mp3::Encoder),
    /// The Fraunhofer FDK.
    #[cfg(feature = "aac")]
    Aac(aac::Encoder),
}

impl Encoder {
    /// A fresh encoder of `rendition`.
    ///
    /// # Errors
    /// [`MediaError::Unsupported`] if this build has none, [`MediaError::Internal`] if the library
    /// refuses.
    pub(crate) fn new(rendition: Rendition) -> Result<Self, MediaError> {
        match rendition {
            Rendition::Opus(quality) => opus::Encoder::new(quality.bitrate()).map(Self::Opus),
            #[cfg(feature = "mp3")]
            Rendition::Mp3(quality) => mp3::Encoder::new(quality.bitrate()).map(Self::Mp3),
            #[cfg(feature = "aac")]
            Rendition::Aac(quality) => aac::Encoder::new(quality.bitrate()).map(Self::Aac),
            other => Err(MediaError::Unsupported(other.codec())),
        }
    }

    /// Makes the next packets decodable without what came before them, or no longer. Codecs whose
    /// packets always are have nothing to do.
    ///
    /// # Errors
    /// [`MediaError::Internal`] if the library refuses.
    pub(crate) fn stand_alone(&mut self, alone: bool) -> Result<(), MediaError> {
        match self {
            Self::Opus(encoder) => encoder.disable_prediction(alone),
            #[cfg(feature = "mp3")]
            Self::Mp3(_) => Ok(()),
            #[cfg(feature = "aac")]
            Self::Aac(_) => Ok(()),
        }
    }

    /// Appends exactly one packet to `packets`, or nothing. The first input is longer by
    /// [`Shape::peek`].
    ///
    /// # Errors
    /// [`MediaError::Internal`] if `pcm` is not that long, or the library fails.
    pub(crate) fn encode(&mut self, pcm: &[f32], packets: &mut Vec<u8>) -> Result<(), MediaError> {
        match self {
            Self::Opus(encoder) => encoder.encode(pcm, packets),
            #[cfg(feature = "mp3")]
            Self::Mp3(encoder) => encoder.encode(pcm, packets),
            #[cfg(feature = "aac")]
            Self::Aac(encoder) => encoder.encode(pcm, packets),
        }
    }
}

/// Refuses `pcm` that is not so many samples long.
fn expect(pcm: &[f32], samples: u32) -> Result<(), MediaError> {
    if pcm.len() == samples as usize * CHANNELS {
        return Ok(());
    }
    Err(MediaError::Internal(format!("{} values for {samples} samples", pcm.len())))
}

/// Appends a packet: `encode` writes it into `room` bytes and says how many it took.
fn append(
    packets: &mut Vec<u8>,
    room: usize,
    encode: impl FnOnce(&mut [u8]) -> Result<usize, MediaError>,
) -> Result<(), MediaError> {
    let start = packets.len();
    packets.resize(start + room, 0);
    let written = encode(&mut packets[start..]);
    packets.truncate(start + written.as_ref().map_or(0, |bytes| *bytes));
    written.map(drop)
}

/// Our numbers are small constants; one that does not fit becomes one the libraries refuse.
fn to_c_int(value: impl TryInto<c_int>) -> c_int {
    value.try_into().unwrap_or(c_int::MIN)
}
