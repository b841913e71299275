//! What a rendition is encoded in, and how large its packets are.

use core::fmt;
use core::str::FromStr;

use crate::{Bitrate, PACKET_SAMPLES, Quality};

/// What a rendition is encoded in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    /// Opus at a hard constant bitrate.
    Opus,
    /// MPEG-1 layer III at a constant bitrate, without bit reservoir.
    Mp3,
    /// AAC-LC.
    Aac,
    /// FLAC: the source's own samples, in the source's own rate.
    Flac,
}

impl Codec {
    /// Every codec.
    pub const ALL: [Self; 4] = [Self::Opus, Self::Mp3, Self::Aac, Self::Flac];

    /// The lower-case word used in every interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opus => "opus",
            Self::Mp3 => "mp3",
            Self::Aac => "aac",
            Self::Flac => "flac",
        }
    }

    /// Samples in one packet.
    #[must_use]
    pub const fn packet_samples(self) -> u32 {
        match self {
            Self::Opus => PACKET_SAMPLES,
            Self::Mp3 => 1152,
            Self::Aac => 1024,
            Self::Flac => 4096,
        }
    }

    /// Bytes in every packet at `bitrate`; `None` where packets differ in size.
    #[must_use]
    pub const fn packet_bytes(self, bitrate: Bitrate) -> Option<u32> {
        match self {
            Self::Opus => Some(bitrate.packet_bytes()),
            // 1152 samples at 48 kHz are 24 ms, a whole number of bytes at every whole kbps.
            Self::Mp3 => Some(bitrate.kbps() * 3),
            Self::Aac | Self::Flac => None,
        }
    }
}

impl fmt::Display for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is not one of opus, mp3, aac, flac.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseCodecError;

impl fmt::Display for ParseCodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a codec is one of opus, mp3, aac, flac")
    }
}

impl core::error::Error for ParseCodecError {}

impl FromStr for Codec {
    type Err = ParseCodecError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|codec| codec.as_str() == text).ok_or(ParseCodecError)
    }
}

/// One encoding of a track: a rung of a codec's ladder, or the lossless one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rendition {
    /// Opus at a quality's rate.
    Opus(Quality),
    /// MP3 at a quality's rate.
    Mp3(Quality),
    /// AAC-LC at a quality's rate.
    Aac(Quality),
    /// The source's own samples.
    Flac,
}

impl Rendition {
    /// The word for the quality of a lossless rendition, wherever a quality is named.
    pub const LOSSLESS: &'static str = "lossless";

    /// The rendition of `codec` at `quality`; a lossless codec has but one.
    #[must_use]
    pub const fn new(codec: Codec, quality: Quality) -> Self {
        match codec {
            Codec::Opus => Self::Opus(quality),
            Codec::Mp3 => Self::Mp3(quality),
            Codec::Aac => Self::Aac(quality),
            Codec::Flac => Self::Flac,
        }
    }

    /// What it is encoded in.
    #[must_use]
    pub const fn codec(self) -> Codec {
        match self {
            Self::Opus(_) => Codec::Opus,
            Self::Mp3(_) => Codec::Mp3,
            Self::Aac(_) => Codec::Aac,
            Self::Flac => Codec::Flac,
        }
    }

    /// Its rung; `None` where nothing is lost.
    #[must_use]
    pub const fn quality(self) -> Option<Quality> {
        match self {
            Self::Opus(quality) | Self::Mp3(quality) | Self::Aac(quality) => Some(quality),
            Self::Flac => None,
        }
    }

    /// The word for its quality.
    #[must_use]
    pub const fn quality_str(self) -> &'static str {
        match self.quality() {
            Some(quality) => quality.as_str(),
            None => Self::LOSSLESS,
        }
    }

    /// Bytes in every packet; `None` where packets differ in size.
    #[must_use]
    pub const fn packet_bytes(self) -> Option<u32> {
        match self.quality() {
            Some(quality) => self.codec().packet_bytes(quality.bitrate()),
            None => None,
        }
    }
}

impl fmt::Display for Rendition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.codec(), self.quality_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rendition_is_its_codec_and_quality() {
        for codec in Codec::ALL {
            assert_eq!(codec.as_str().parse(), Ok(codec));
            for quality in Quality::ALL {
                let rendition = Rendition::new(codec, quality);
                assert_eq!(rendition.codec(), codec);
                assert!(rendition.quality().is_none_or(|found| found == quality));
                assert_eq!(rendition.quality().is_none(), codec == Codec::Flac);
            }
        }
        assert_eq!("Opus".parse::<Codec>(), Err(ParseCodecError));
    }

    #[test]
    fn constant_rates_have_constant_packets() {
        let bytes = |codec: Codec| Quality::ALL.map(|q| codec.packet_bytes(q.bitrate()));
        assert_eq!(bytes(Codec::Opus), [160, 320, 640, 800].map(Some));
        assert_eq!(bytes(Codec::Mp3), [192, 384, 768, 960].map(Some));
        assert_eq!(bytes(Codec::Flac), [None; 4]);
    }
}
