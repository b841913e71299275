//! Decodes any range of a source to the same samples, wherever decoding begins.
//!
//! Knows: how much of a stream a codec must have decoded before its output is exact. Never: where
//! a stream's samples lie, which its timing knows.

use std::path::Path;

use crate::chain::{Chain, Link};
use crate::reader::{Coded, Reader, guarded};
use crate::source::{Codec, DecodeError, SourceFormat};
use crate::timing::{End, Timing};

/// Most sample frames that one request may ask for: 64 MiB of stereo, 43 s at 192 kHz.
pub const MAX_FRAMES: u32 = 1 << 23;

/// Decodes `frames` sample frames from `start`: [`Decoder::decode`](crate::Decoder::decode), on the
/// calling thread.
///
/// The one exception to equal samples from every start is AAC with perceptual noise substitution:
/// its noise comes from the decoder's own generator, so a band that holds nothing but noise differs
/// with where decoding began, in samples and not to the ear.
///
/// # Errors
/// See [`DecodeError`]; [`DecodeError::Exhausted`] for more than [`MAX_FRAMES`].
pub fn decode(path: &Path, start: u64, frames: u32) -> Result<Vec<f32>, DecodeError> {
    if frames > MAX_FRAMES {
        return Err(DecodeError::Exhausted(format!("{frames} frames in one request")));
    }
    guarded(|| read_range(path, start, frames))
}

/// Decodes the first `frames` sample frames in one go from the first packet on: what every range is
/// held against. For tools: it holds as much memory as it decodes, 8 bytes a frame.
///
/// # Errors
/// See [`DecodeError`].
pub fn decode_linearly(path: &Path, frames: u32) -> Result<Vec<f32>, DecodeError> {
    guarded(|| read_range(path, 0, frames))
}

fn read_range(path: &Path, start: u64, frames: u32) -> Result<Vec<f32>, DecodeError> {
    let chain = Chain::of(path)?;
    let mut whole = Vec::new();
    for part in chain.parts(start, frames) {
        let mut stereo = read_link(path, part.link, part.start, part.frames)?;
        if part.link.samples.is_some() {
            // A link that is shorter than it claims ends in silence: the next one keeps its place.
            stereo.resize(part.frames as usize * 2, 0.0);
        }
        if whole.is_empty() {
            whole = stereo;
        } else {
            whole.extend_from_slice(&stereo);
        }
    }
    Ok(whole)
}

fn read_link(path: &Path, link: &Link, start: u64, frames: u32) -> Result<Vec<f32>, DecodeError> {
    let open = || Reader::open(path, link.bytes.as_ref());
    let mut reader = open()?;
    let from = start.saturating_sub(margin(reader.format()));
    let mut first = None;
    if from > 0 {
        if reader.seek(from).is_ok() {
            first = reader.next()?.filter(|coded| !goes_past(coded, from));
        }
        if first.is_none() {
            // Some files cannot be searched, or claim to end before they do; and a demuxer may go too
            // far, as among Ogg pages in which no packet ends. Read up to there.
            reader = open()?;
        }
    }
    let mut range = Range::new(start, frames);
    let to_file_end = reader.timing().needs_file_end(range.until);
    while let Some(coded) = first.take().map_or_else(|| reader.next(), |coded| Ok(Some(coded)))? {
        if !to_file_end && reaches(coded.start, range.until) {
            return Ok(range.cut(reader.timing()));
        }
        // The first packet of all is decoded even where it only prepares the second.
        if from > 0 && !reaches(coded.block_end, from) {
            range.read_to = range.read_to.max(presented(coded.end));
        } else if let Some((at, stereo)) = reader.decode(&coded) {
            range.write(at, &stereo, &coded);
        }
    }
    Ok(range.finish(reader.timing()))
}

/// Samples that a fresh decoder must have decoded before its output equals that of one that has
/// decoded everything. What the codecs need at least: 1,152 in MP3 (more where frames are small and
/// reach far back), 2,048 in AAC, 80 ms in Opus by RFC 7845 §4.6 and under 1 s to the last bit,
/// one packet in Vorbis. A second costs less than 1.5 ms and spares a table of near misses.
fn margin(format: SourceFormat) -> u64 {
    match format.codec {
        Codec::Aac | Codec::Mp3 | Codec::Opus | Codec::Vorbis => format.sample_rate.into(),
        Codec::Alac | Codec::Flac | Codec::Pcm => 0,
    }
}

/// A range being filled.
struct Range {
    start: u64,
    until: u64,
    /// One past the last sample known to exist.
    read_to: u64,
    stereo: Vec<f32>,
}

impl Range {
    fn new(start: u64, frames: u32) -> Self {
        let until = start.saturating_add(frames.into());
        // All of it at once: grown by halves it would be copied again and again.
        let stereo = Vec::with_capacity(frames.min(MAX_FRAMES) as usize * 2);
        Self { start, until, read_to: 0, stereo }
    }

    /// Takes what of `stereo`, decoded from `coded` and starting at `at`, lies in the range and is
    /// to be presented.
    fn write(&mut self, at: i64, stereo: &[f32], coded: &Coded) {
        let end = presented(coded.end);
        self.read_to = self.read_to.max(end);
        let begin = i128::from(at);
        let stop = begin + (stereo.len() / 2) as i128;
        let first = begin.max(self.start.into());
        let last = stop.min(end.into()).min(self.until.into());
        if first >= last {
            return;
        }
        let offset = |sample: i128, base: i128| usize::try_from((sample - base) * 2).ok();
        let base = i128::from(self.start);
        let bounds = (offset(first, base), offset(last, base), offset(first, begin));
        let (Some(to), Some(to_end), Some(taken)) = bounds else { return };
        if self.stereo.len() < to_end {
            self.stereo.resize(to_end, 0.0);
        }
        self.stereo[to..to_end].copy_from_slice(&stereo[taken..taken + (to_end - to)]);
    }

    /// The range when reading stopped because it was full.
    fn cut(self, timing: &Timing) -> Vec<f32> {
        match timing.end {
            End::At(end) => self.until_sample(end),
            End::LastSample | End::Padded { .. } => self.until_sample(u64::MAX),
        }
    }

    /// The range when reading stopped because the file ended.
    fn finish(self, timing: &Timing) -> Vec<f32> {
        let end = timing.samples(self.read_to);
        self.until_sample(end)
    }

    fn until_sample(mut self, end: u64) -> Vec<f32> {
        let frames = self.until.min(end).saturating_sub(self.start);
        // At most `MAX_FRAMES`. A hole in the stream is silence.
        self.stereo.resize(usize::try_from(frames).unwrap_or(0) * 2, 0.0);
        self.stereo
    }
}

/// Whether a packet begins only after `sample`, so that something before it is missing.
fn goes_past(coded: &Coded, sample: u64) -> bool {
    u64::try_from(coded.start).is_ok_and(|start| start > sample)
}

/// Whether `position` lies at or past `sample`.
fn reaches(position: i64, sample: u64) -> bool {
    u64::try_from(position).is_ok_and(|position| position >= sample)
}

/// A position as a length of presented samples.
fn presented(position: i64) -> u64 {
    u64::try_from(position).unwrap_or(0)
}
