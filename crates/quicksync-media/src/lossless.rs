//! FLAC in the source's own rate and depth: the lossless rendition.
//!
//! Decides: which sources have one, and where its frames lie. Never: a resampler, a down-mix; what
//! would have to be changed has no lossless rendition, and the original file serves instead.
//!
//! # Model
//! Decoded samples are floats; up to 24 bits every integer has its own float, so they convert back
//! without a loss. Every frame stands alone and carries its number, so a segment is made on its own
//! and frame `n` never differs.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use flacenc::bitsink::ByteSink;
use flacenc::component::{BitRepr as _, StreamInfo};
use flacenc::config;
use flacenc::error::{Verified, Verify as _};
use flacenc::source::{Fill as _, FrameBuf};
use quicksync_decode::Analysis;
use quicksync_fmp4::{FlacFormat, ListedSegment};
use quicksync_model::{Codec, SAMPLE_RATE, Timeline};

use crate::MediaError;
use crate::codec::CHANNELS;
use crate::programme::{Piece, Source};

/// Samples in one frame.
const FRAME: u32 = Codec::Flac.packet_samples();
/// The encoder states no greater rate; beyond it, its frames are told to state none.
const FASTEST: u32 = 96_000;
/// The encoder takes no fewer samples than this; a shorter last frame is written as it is.
const SHORTEST: usize = 32;

/// Why a source has no lossless rendition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotLossless {
    /// Its own encoder has lost something already.
    LossySource,
    /// More channels than two.
    Channels(u16),
    /// A depth that a float does not hold, or none at all.
    Depth(Option<u32>),
    /// A rate FLAC's frames cannot state.
    Rate(u32),
}

impl fmt::Display for NotLossless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LossySource => f.write_str("the source is lossy: its file is all there is"),
            Self::Channels(count) => write!(f, "the source has {count} channels: play its file"),
            Self::Depth(Some(bits)) => write!(f, "the source has {bits} bits: play its file"),
            Self::Depth(None) => f.write_str("the source does not state its depth: play its file"),
            Self::Rate(rate) => write!(f, "the source has {rate} Hz: play its file"),
        }
    }
}

/// What the lossless rendition of a source is like.
///
/// # Errors
/// [`NotLossless`], which says why there is none.
pub fn lossless_format(analysis: &Analysis) -> Result<FlacFormat, NotLossless> {
    let format = analysis.format;
    if !format.is_lossless() {
        return Err(NotLossless::LossySource);
    }
    let channels = match format.channels {
        1 | 2 => u8::try_from(format.channels).unwrap_or(2),
        more => return Err(NotLossless::Channels(more)),
    };
    let bits_per_sample = match format.bits_per_sample {
        Some(1..=8) => 8,
        Some(9..=16) => 16,
        Some(17..=24) => 24,
        other => return Err(NotLossless::Depth(other)),
    };
    let sample_rate = format.sample_rate;
    // What a frame can state: any rate below 65,536 Hz, then tens of Hz. Beyond 96 kHz it need not.
    let stated = sample_rate <= 65_535 || sample_rate.is_multiple_of(10) || sample_rate > FASTEST;
    if sample_rate == 0 || !stated {
        return Err(NotLossless::Rate(sample_rate));
    }
    let frame_samples = u16::try_from(FRAME).unwrap_or(u16::MAX);
    Ok(FlacFormat {
        sample_rate,
        channels,
        bits_per_sample,
        frame_samples,
        samples: analysis.samples,
    })
}

/// One segment of a lossless rendition.
#[derive(Clone, Debug)]
pub(crate) struct LosslessCut {
    source: Arc<Source>,
    format: FlacFormat,
    index: u64,
    start: u64,
    samples: u32,
}

impl LosslessCut {
    /// The cut of segment `index`.
    ///
    /// # Errors
    /// [`MediaError::NotFound`] past the end, [`MediaError::NotLossless`] where there is none.
    pub(crate) fn new(source: &Source, index: u64) -> Result<Self, MediaError> {
        let format = lossless_format(&source.analysis).map_err(MediaError::NotLossless)?;
        let timeline = Timeline::lossless(format.samples, format.sample_rate);
        let not_found = || MediaError::NotFound { index, segments: timeline.segments() };
        let start = timeline.segment_start(index).ok_or_else(not_found)?.samples();
        let samples = timeline.segment_samples(index).ok_or_else(not_found)?;
        Ok(Self { source: Arc::new(source.clone()), format, index, start, samples })
    }

    pub(crate) fn index(&self) -> u64 {
        self.index
    }

    /// The frames of the file to decode.
    pub(crate) fn piece(&self) -> Piece {
        let source = Arc::clone(&self.source);
        Piece { source, start: self.start, frames: self.samples, place: 0 }
    }

    /// Makes the segment from `decoded`, the interleaved stereo that [`Self::piece`] names.
    ///
    /// # Errors
    /// [`MediaError::Internal`] if the encoder refuses.
    pub(crate) fn make(&self, decoded: &[f32]) -> Result<Bytes, MediaError> {
        let encoder = Encoder::new(self.format)?;
        let (mut packets, mut sizes) = (Vec::new(), Vec::new());
        let first = self.start / u64::from(FRAME);
        for (number, stereo) in (first..).zip(decoded.chunks(FRAME as usize * CHANNELS)) {
            let number = u32::try_from(number).ok().filter(|number| *number < 1 << 31);
            let number = number.ok_or_else(|| failure("a frame number of 31 bits"))?;
            let frame = encoder.frame(number, &self.integers(stereo))?;
            sizes.push(u32::try_from(frame.len()).unwrap_or(u32::MAX));
            packets.extend_from_slice(&frame);
        }
        let segment = ListedSegment {
            index: self.index,
            start: self.start,
            samples: self.samples,
            packet_samples: FRAME,
            sizes: &sizes,
            packets: &packets,
        };
        Ok(segment.to_bytes()?)
    }

    /// The source's own integers; a mono source arrives doubled.
    fn integers(&self, stereo: &[f32]) -> Vec<i32> {
        let step = CHANNELS / usize::from(self.format.channels.clamp(1, 2));
        let scale = f64::from(1_u32 << (self.format.bits_per_sample.clamp(1, 24) - 1));
        let integer = |value: f32| {
            #[expect(clippy::cast_possible_truncation, reason = "at most 24 bits; NaN becomes 0")]
            let integer = (f64::from(value) * scale).round().clamp(-scale, scale - 1.0) as i32;
            integer
        };
        stereo.iter().step_by(step).copied().map(integer).collect()
    }
}

/// flacenc with one setting for all frames.
struct Encoder {
    config: Verified<config::Encoder>,
    info: StreamInfo,
    format: FlacFormat,
}

impl Encoder {
    fn new(format: FlacFormat) -> Result<Self, MediaError> {
        let config = config::Encoder::default().into_verified();
        let config = config.map_err(|(_, error)| failure(&error))?;
        let rate = if format.sample_rate > FASTEST { SAMPLE_RATE } else { format.sample_rate };
        let info =
            StreamInfo::new(rate as usize, format.channels.into(), format.bits_per_sample.into());
        Ok(Self { config, info: info.map_err(|error| failure(&error))?, format })
    }

    /// Frame `number` of interleaved integers.
    fn frame(&self, number: u32, samples: &[i32]) -> Result<Vec<u8>, MediaError> {
        let channels = usize::from(self.format.channels.max(1));
        let length = samples.len() / channels;
        if length < SHORTEST {
            return Ok(verbatim(self.format, number, samples));
        }
        let mut block = FrameBuf::with_size(channels, length).map_err(|error| failure(&error))?;
        block.fill_interleaved(samples).map_err(|error| failure(&error))?;
        let number = number as usize;
        let frame = flacenc::encode_fixed_size_frame(&self.config, &block, number, &self.info);
        let frame = frame.map_err(|error| failure(&error))?;
        let mut sink = ByteSink::new();
        frame.write(&mut sink).map_err(|error| failure(&error))?;
        let frame = sink.into_inner();
        Ok(if self.format.sample_rate > FASTEST { without_rate(frame) } else { frame })
    }
}

/// The frame with "as the stream information says" in the place of its rate, which must be one that
/// takes no bytes of its own, as 48 kHz does (RFC 9639 §9.1).
fn without_rate(mut frame: Vec<u8>) -> Vec<u8> {
    let number = match frame.get(4).map_or(0, |first| first.leading_ones()) {
        0 => 1,
        ones => ones as usize,
    };
    let size = match frame.get(2).map_or(0, |byte| byte >> 4) {
        6 => 1,
        7 => 2,
        _ => 0,
    };
    let (header, end) = (4 + number + size, frame.len().saturating_sub(2));
    if let Some(byte) = frame.get_mut(2) {
        *byte &= 0xf0;
    }
    let [_, check] = crc(frame.get(..header).unwrap_or_default(), 8, 0x07).to_be_bytes();
    if let Some(byte) = frame.get_mut(header) {
        *byte = check;
    }
    frame.truncate(end);
    let check = crc(&frame, 16, 0x8005);
    frame.extend_from_slice(&check.to_be_bytes());
    frame
}

/// A frame of plain samples, for the last few of a track (RFC 9639 §9).
fn verbatim(format: FlacFormat, number: u32, samples: &[i32]) -> Vec<u8> {
    let channels = usize::from(format.channels.max(1));
    let length = samples.len() / channels;
    // Fixed block size; its length in a byte at the end; rate and depth as the stream says.
    let mut frame = vec![0xff, 0xf8, 0x60, (format.channels.max(1) - 1) << 4];
    frame.extend(coded_number(number));
    frame.push(u8::try_from(length.saturating_sub(1)).unwrap_or(u8::MAX));
    frame.push(crc(&frame, 8, 0x07).to_be_bytes()[1]);
    let bytes = usize::from(format.bits_per_sample / 8);
    for channel in 0..channels {
        frame.push(0x02);
        for sample in samples.iter().skip(channel).step_by(channels) {
            frame.extend_from_slice(sample.to_be_bytes().get(4 - bytes..).unwrap_or_default());
        }
    }
    frame.extend_from_slice(&crc(&frame, 16, 0x8005).to_be_bytes());
    frame
}

/// A number as UTF-8 would code it, up to 31 bits (RFC 9639 §9.1.5).
fn coded_number(number: u32) -> Vec<u8> {
    let low = |shift: u32| u8::try_from((number >> shift) & 0x3f).unwrap_or(0) | 0x80;
    if let Ok(byte @ 0..0x80) = u8::try_from(number) {
        return vec![byte];
    }
    let bits = 32 - number.leading_zeros();
    // Five bits beside two bytes' marks, then five more for each byte.
    let follow = (1..6).find(|follow| bits <= 5 * follow + 6).unwrap_or(5);
    let mark = u8::try_from((0xff00_u32 >> (follow + 1)) & 0xff).unwrap_or(0);
    let first = mark | u8::try_from((number >> (6 * follow)) & 0x3f).unwrap_or(0);
    std::iter::once(first).chain((0..follow).rev().map(|n| low(6 * n))).collect()
}

/// FLAC's checksums: most significant bit first, from zero.
fn crc(bytes: &[u8], width: u32, polynomial: u16) -> u16 {
    let top = 1_u16 << (width - 1);
    let mask = u16::MAX >> (16 - width);
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << (width - 8)), |crc, _| {
            (if crc & top == 0 { crc << 1 } else { (crc << 1) ^ polynomial }) & mask
        })
    })
}

fn failure(error: &(impl fmt::Debug + ?Sized)) -> MediaError {
    MediaError::Internal(format!("the FLAC encoder refused: {error:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_coded_as_utf_8() {
        for number in [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xffff, 0x1_0000, 0x10_ffff] {
            let expected = char::from_u32(number).unwrap().to_string();
            assert_eq!(coded_number(number), expected.as_bytes(), "{number:#x}");
        }
        assert_eq!(coded_number(0x7fff_ffff), [0xfd, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf]);
        assert_eq!(coded_number(0x20_0000), [0xf8, 0x88, 0x80, 0x80, 0x80]);
    }

    #[test]
    fn checksums_are_those_of_the_standard() {
        assert_eq!(crc(b"123456789", 8, 0x07), 0xf4);
        assert_eq!(crc(b"123456789", 16, 0x8005), 0xfee8);
    }
}
