//! A segment as it goes over the wire, and its packets taken out again without a copy.
//!
//! Knows: CMAF for Opus and AAC, HLS packed audio for MP3 (RFC 8216 §3.4: an ID3 tag that says where on the
//! timeline it begins, then bare frames). Never: an encoder.

use bytes::Bytes;
use quicksync_fmp4::{ListedSegment, Segment};
use quicksync_model::{Codec, MediaTime, Rendition, SAMPLE_RATE, Timeline};

use crate::MediaError;
use crate::cut::{Cut, Packets};

/// The frame owner that HLS gives to the timestamp, with the zero that ends it.
const OWNER: &[u8] = b"com.apple.streaming.transportStreamTimestamp\0";
/// A tag header, a frame header, the owner and the timestamp.
const TAG_BYTES: usize = 10 + 10 + OWNER.len() + 8;
/// Ticks per second of the timestamp.
const TICKS: u64 = 90_000;
const _: () = assert!(TICKS.is_multiple_of(15) && SAMPLE_RATE as u64 / 8 == TICKS / 15);

/// The segment of `cut` with `packets` in it.
///
/// # Errors
/// [`MediaError::Internal`] if the packets do not fit the cut.
pub(crate) fn wrap(cut: &Cut, packets: &Packets) -> Result<Bytes, MediaError> {
    match cut.rendition.codec() {
        Codec::Mp3 => Ok(packed_audio(cut.start, &packets.bytes)),
        Codec::Aac => {
            let segment = ListedSegment {
                index: cut.index,
                start: cut.start.samples(),
                samples: cut.samples,
                packet_samples: Codec::Aac.packet_samples(),
                sizes: &packets.sizes,
                packets: &packets.bytes,
            };
            Ok(segment.to_bytes()?)
        }
        _ => {
            let segment = Segment {
                index: cut.index,
                start: cut.start,
                samples: cut.samples,
                packet_bytes: cut.rendition.packet_bytes().unwrap_or_default(),
                packets: &packets.bytes,
            };
            Ok(segment.to_bytes()?)
        }
    }
}

/// The packets of a segment of constant packets, as they stand in it.
pub(crate) fn unwrap(cut: &Cut, segment: &Bytes) -> Result<Bytes, MediaError> {
    let codec = cut.rendition.codec();
    let size = cut.rendition.packet_bytes().ok_or(MediaError::Unsupported(codec))?;
    let count = cut.samples.div_ceil(cut.rendition.codec().packet_samples());
    let bytes = u64::from(size) * u64::from(count);
    let start = usize::try_from(bytes).ok().and_then(|bytes| segment.len().checked_sub(bytes));
    let start =
        start.ok_or_else(|| MediaError::Internal(format!("{bytes} bytes in {}", segment.len())))?;
    Ok(segment.slice(start..))
}

/// The exact length in bytes of segment `index`, known before it is encoded; `None` past the end,
/// and where packets differ in size.
#[must_use]
pub fn segment_bytes(timeline: Timeline, rendition: Rendition, index: u64) -> Option<u64> {
    let samples = timeline.segment_samples(index)?;
    let size = rendition.packet_bytes()?;
    Some(match rendition {
        Rendition::Mp3(_) => {
            let count = samples.div_ceil(Codec::Mp3.packet_samples());
            TAG_BYTES as u64 + u64::from(count) * u64::from(size)
        }
        _ => quicksync_fmp4::segment_bytes(samples, size),
    })
}

fn packed_audio(start: MediaTime, frames: &[u8]) -> Bytes {
    let mut bytes = Vec::with_capacity(TAG_BYTES + frames.len());
    let frame_size = OWNER.len() + 8;
    bytes.extend_from_slice(b"ID3\x04\x00\x00");
    bytes.extend_from_slice(&syncsafe(frame_size + 10));
    bytes.extend_from_slice(b"PRIV");
    bytes.extend_from_slice(&syncsafe(frame_size));
    bytes.extend_from_slice(&[0, 0]);
    bytes.extend_from_slice(OWNER);
    // 33 bits, as in a transport stream: they begin anew after 26 hours.
    let ticks = u128::from(start.samples()) * u128::from(TICKS) / u128::from(SAMPLE_RATE);
    let ticks = u64::try_from(ticks & 0x1_ffff_ffff).unwrap_or_default();
    bytes.extend_from_slice(&ticks.to_be_bytes());
    bytes.extend_from_slice(frames);
    bytes.into()
}

/// Seven bits in each of four bytes. Our sizes are far below 128.
fn syncsafe(size: usize) -> [u8; 4] {
    [0, 0, 0, u8::try_from(size & 0x7f).unwrap_or_default()]
}

const _: () = assert!(OWNER.len() + 8 + 10 < 128);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_audio_says_where_it_begins() {
        for (samples, ticks) in [
            (0, 0),
            (184_320, 345_600),
            (1_843_200, 3_456_000),
            ((1 << 33) * 8 / 15 + 8, 14),
            (1 << 62, ((1_u64 << 62) / 8 * 15) & 0x1_ffff_ffff),
        ] {
            let segment = packed_audio(MediaTime::from_samples(samples), b"frames");
            assert_eq!(segment.len(), TAG_BYTES + 6);
            assert_eq!(&segment[..10], b"ID3\x04\0\0\0\0\0\x3f", "size {}", TAG_BYTES - 10);
            assert_eq!(&segment[10..20], b"PRIV\0\0\0\x35\0\0");
            assert_eq!(&segment[20..65], OWNER);
            assert_eq!(&segment[65..73], u64::to_be_bytes(ticks), "{samples}");
            assert_eq!(&segment[73..], b"frames");
        }
    }
}
