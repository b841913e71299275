//! What a source is: its format, its exact length and the identity of its audio.

use std::fmt;
use std::path::Path;

use async_trait::async_trait;
use quicksync_model::{Bitrate, Ladder, rendition_samples};
use serde::{Deserialize, Serialize};

use crate::loudness::Measurement;

/// How the audio of a source file is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// AAC-LC in MP4 or ADTS.
    Aac,
    /// Apple Lossless.
    Alac,
    /// FLAC, native or in Ogg.
    Flac,
    /// MPEG-1/2 Layer III.
    Mp3,
    /// Opus in Ogg.
    Opus,
    /// Uncompressed, in WAV or AIFF.
    Pcm,
    /// Vorbis in Ogg.
    Vorbis,
}

/// The shape of a source's audio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFormat {
    /// How it is coded.
    pub codec: Codec,
    /// Samples per second, 8,000 to 192,000.
    pub sample_rate: u32,
    /// Channels in the file, 1 to 8; decoding always yields two.
    pub channels: u16,
    /// Bits per sample where the codec has such a thing.
    pub bits_per_sample: Option<u32>,
}

impl SourceFormat {
    /// Whether decoding gives back what the encoder was given.
    #[must_use]
    pub const fn is_lossless(&self) -> bool {
        matches!(self.codec, Codec::Alac | Codec::Flac | Codec::Pcm)
    }
}

/// What the headers alone say: enough for a list, not for a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// The shape of the audio.
    pub format: SourceFormat,
    /// Sample frames at the source rate as the headers claim; a whole read may correct it.
    pub claimed_samples: Option<u64>,
}

/// BLAKE3 of a source's coded audio packets: equal for equal audio whatever its tags and place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AudioHash(pub [u8; 32]);

impl fmt::Display for AudioHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for AudioHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AudioHash({self})")
    }
}

/// What is known after every packet has been read once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Analysis {
    /// The shape of the audio.
    pub format: SourceFormat,
    /// Exact sample frames at the source rate, priming and padding taken off.
    pub samples: u64,
    /// Mean rate of the coded audio (packets only, tags and covers left out), rounded up.
    pub mean_kbps: u32,
    /// Identity of the audio.
    pub audio_hash: AudioHash,
}

impl Analysis {
    /// The rungs worth offering for this source.
    #[must_use]
    pub fn ladder(&self) -> Ladder {
        if self.format.is_lossless() {
            Ladder::lossless()
        } else {
            Ladder::lossy(Bitrate::from_kbps(self.mean_kbps))
        }
    }

    /// Length of every rendition, in samples at 48 kHz.
    #[must_use]
    pub const fn rendition_samples(&self) -> u64 {
        rendition_samples(self.samples, self.format.sample_rate)
    }
}

/// Why a source cannot be read, named by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The file is gone, or the system refuses to read it: try again later.
    #[error("cannot read the file: {0}")]
    Unreadable(String),
    /// A sound file, but not of a kind we decode: leave it alone.
    #[error("not a format we can play: {0}")]
    Unsupported(String),
    /// The bytes contradict their own format: report it, do not retry until the file changes.
    #[error("the file is damaged: {0}")]
    Malformed(String),
    /// Decoding took more memory or time than one file may: treat the file as damaged.
    #[error("the file needs more resources than one file may take: {0}")]
    Exhausted(String),
    /// The decoding process died or could not be started.
    #[error("the decoder stopped while it read the file: {0}")]
    Died(String),
}

/// Reads source files. In process or by worker processes, with equal results.
#[async_trait]
pub trait Decoder: fmt::Debug + Send + Sync {
    /// Reads the headers.
    ///
    /// # Errors
    /// See [`DecodeError`].
    async fn probe(&self, path: &Path) -> Result<Probe, DecodeError>;

    /// Reads every packet once, without decoding where the container allows it.
    ///
    /// # Errors
    /// See [`DecodeError`].
    async fn analyse(&self, path: &Path) -> Result<Analysis, DecodeError>;

    /// Decodes the first `samples` sample frames, all that the analysis found, and measures how loud
    /// they are. Takes seconds where an analysis takes milliseconds.
    ///
    /// # Errors
    /// See [`DecodeError`].
    async fn measure(&self, path: &Path, samples: u64) -> Result<Measurement, DecodeError>;

    /// Decodes `frames` sample frames from `start`, both at the source rate, as interleaved
    /// stereo. Frames before 0 do not exist; what lies past the end is left out, so the result may
    /// be shorter than asked for. The same frames come back wherever decoding began.
    ///
    /// # Errors
    /// See [`DecodeError`].
    async fn decode(&self, path: &Path, start: u64, frames: u32) -> Result<Vec<f32>, DecodeError>;
}
