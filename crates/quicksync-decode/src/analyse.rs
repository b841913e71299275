//! Reads every packet of a source once: its exact length, its mean rate and the hash of its audio.
//!
//! Knows: what makes two files the same audio. Never: tags, covers, names, more than the last few
//! packets' samples.

use std::collections::VecDeque;
use std::path::Path;

use crate::chain::{Chain, Link};
use crate::reader::{Coded, Reader, guarded, pcm_sample_bytes};
use crate::source::{Analysis, AudioHash, Codec, DecodeError, Probe, SourceFormat};

/// Fed to the hash first: changing what is hashed changes this.
const HASH_DOMAIN: &[u8] = b"quick-sync audio 1\0";
/// The same for the hashes of a chain's links.
const CHAIN_HASH_DOMAIN: &[u8] = b"quick-sync chain 1\0";
/// Packets at the end of a file that are decoded to see where it can be decoded to. An MP3 frame
/// may reach back over this many others for its bits.
const TAIL_PACKETS: usize = 16;
/// Samples that one packet can hold at most (FLAC: 65,535).
const MAX_PACKET_SAMPLES: u64 = 65_536;
/// Holes in a timeline that are still believed, in seconds, beside as much again as was coded.
const MAX_HOLE_S: u64 = 10;

/// Reads the headers: [`Decoder::probe`](crate::Decoder::probe), on the calling thread.
///
/// # Errors
/// See [`DecodeError`].
pub fn probe(path: &Path) -> Result<Probe, DecodeError> {
    guarded(|| {
        let chain = Chain::of(path)?;
        let mut format = None;
        let mut claimed_samples = Some(0_u64);
        for link in chain.links() {
            let samples = match (link.samples, format) {
                (Some(samples), Some(_)) => Some(samples),
                _ => {
                    let reader = Reader::open(path, link.bytes.as_ref())?;
                    format.get_or_insert_with(|| reader.format());
                    reader.claimed_samples()
                }
            };
            claimed_samples =
                claimed_samples.zip(samples).map(|(sum, more)| sum.saturating_add(more));
        }
        let nothing = || DecodeError::Malformed("it holds no audio".into());
        Ok(Probe { format: format.ok_or_else(nothing)?, claimed_samples })
    })
}

/// Reads every packet: [`Decoder::analyse`](crate::Decoder::analyse), on the calling thread.
///
/// # Errors
/// See [`DecodeError`]; [`DecodeError::Malformed`] where nothing can be decoded.
pub fn analyse(path: &Path) -> Result<Analysis, DecodeError> {
    guarded(|| {
        let chain = Chain::of(path)?;
        let links = chain.links().iter();
        let links = links.map(|link| Ok((link, analyse_link(path, link)?)));
        together(&links.collect::<Result<Vec<_>, DecodeError>>()?)
    })
}

/// What one link is, and the sums that its mean rate is of.
struct LinkAnalysis {
    analysis: Analysis,
    bytes: u64,
    coded_samples: u64,
}

fn analyse_link(path: &Path, link: &Link) -> Result<LinkAnalysis, DecodeError> {
    let mut reader = Reader::open(path, link.bytes.as_ref())?;
    let mut sums = Sums::new(&reader);
    while let Some(coded) = reader.next()? {
        sums.add(coded);
    }
    sums.finish(&mut reader)
}

/// What a whole file is: the shape of its first link, and the audio of all.
fn together(links: &[(&Link, LinkAnalysis)]) -> Result<Analysis, DecodeError> {
    let [(_, first), further @ ..] = links else {
        return Err(DecodeError::Malformed("it holds no audio".into()));
    };
    if further.is_empty() {
        return Ok(first.analysis);
    }
    let mut hash = blake3::Hasher::new();
    hash.update(CHAIN_HASH_DOMAIN);
    let (mut samples, mut bytes, mut coded_samples) = (0_u64, 0_u64, 0_u64);
    for (link, found) in links {
        let of_link = link.samples.unwrap_or(found.analysis.samples);
        hash.update(&found.analysis.audio_hash.0);
        hash.update(&of_link.to_le_bytes());
        samples = samples.saturating_add(of_link);
        bytes = bytes.saturating_add(found.bytes);
        coded_samples = coded_samples.saturating_add(found.coded_samples);
    }
    let format = first.analysis.format;
    Ok(Analysis {
        format,
        samples,
        mean_kbps: mean_kbps(bytes, coded_samples, format.sample_rate.into()),
        audio_hash: AudioHash(*hash.finalize().as_bytes()),
    })
}

/// What is summed over the packets.
struct Sums {
    format: SourceFormat,
    hash: blake3::Hasher,
    framed: bool,
    bytes: u64,
    coded_samples: u64,
    /// One past the last sample of the packets no longer in `tail`.
    read_to: i64,
    tail: VecDeque<Coded>,
}

impl Sums {
    fn new(reader: &Reader) -> Self {
        let format = reader.format();
        let (codec_id, extra) = reader.decoder_setup();
        // The setup of these repeats figures that a remultiplexer may change or leave out.
        let extra = if matches!(format.codec, Codec::Flac | Codec::Pcm) { &[] } else { extra };
        let mut hash = blake3::Hasher::new();
        hash.update(HASH_DOMAIN);
        hash.update(codec_id.to_string().as_bytes());
        hash.update(&format.sample_rate.to_le_bytes());
        hash.update(&format.channels.to_le_bytes());
        hash.update(&(extra.len() as u64).to_le_bytes());
        hash.update(extra);
        // PCM has no packets: the demuxer cuts it as it likes.
        let framed = pcm_sample_bytes(*codec_id).is_none();
        let tail = VecDeque::with_capacity(TAIL_PACKETS + 1);
        Self { format, hash, framed, bytes: 0, coded_samples: 0, read_to: 0, tail }
    }

    fn add(&mut self, coded: Coded) {
        let length = coded.bytes().len() as u64;
        if self.framed {
            self.hash.update(&length.to_le_bytes());
        }
        self.hash.update(coded.bytes());
        self.bytes = self.bytes.saturating_add(length);
        let samples = coded.block_end.saturating_sub(coded.start).max(0).unsigned_abs();
        self.coded_samples = self.coded_samples.saturating_add(samples.min(MAX_PACKET_SAMPLES));
        self.tail.push_back(coded);
        if self.tail.len() > TAIL_PACKETS
            && let Some(coded) = self.tail.pop_front()
        {
            self.read_to = self.read_to.max(coded.end);
        }
    }

    fn finish(mut self, reader: &mut Reader) -> Result<LinkAnalysis, DecodeError> {
        for coded in std::mem::take(&mut self.tail) {
            if reader.decode(&coded).is_some() {
                self.read_to = self.read_to.max(coded.end);
            }
        }
        let read_to = u64::try_from(self.read_to).unwrap_or(0);
        let samples = reader.timing().samples(read_to);
        if samples == 0 {
            return Err(DecodeError::Malformed("nothing in it can be decoded".into()));
        }
        let rate = u64::from(self.format.sample_rate);
        if samples > self.coded_samples.saturating_mul(2).saturating_add(MAX_HOLE_S * rate) {
            return Err(DecodeError::Malformed("its timestamps jump far ahead".into()));
        }
        // The same packets presented otherwise are other audio: a cache must not mix the two.
        self.hash.update(&reader.timing().origin.to_le_bytes());
        self.hash.update(&samples.to_le_bytes());
        let analysis = Analysis {
            format: self.format,
            samples,
            mean_kbps: mean_kbps(self.bytes, self.coded_samples, rate),
            audio_hash: AudioHash(*self.hash.finalize().as_bytes()),
        };
        Ok(LinkAnalysis { analysis, bytes: self.bytes, coded_samples: self.coded_samples })
    }
}

/// Bits a millisecond, rounded up.
fn mean_kbps(bytes: u64, samples: u64, rate: u64) -> u32 {
    let bits = u128::from(bytes) * 8 * u128::from(rate);
    let kbps = bits.div_ceil(u128::from(samples.max(1)) * 1000);
    u32::try_from(kbps).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_rate_is_rounded_up() {
        for (bytes, samples, rate, kbps) in [
            (16_000, 48_000, 48_000, 128),
            (16_001, 48_000, 48_000, 129),
            (0, 1, 8_000, 0),
            (u64::MAX, 1, 192_000, u32::MAX),
            (5, 0, 44_100, 1_764),
        ] {
            assert_eq!(mean_kbps(bytes, samples, rate), kbps, "{bytes} in {samples}");
        }
    }
}
