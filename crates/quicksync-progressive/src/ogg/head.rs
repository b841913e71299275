//! The head of an Ogg Opus file: identification and comments (RFC 7845 section 5), the latter with
//! padding.
//!
//! Knows: the two header packets. Never: a page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::tags::{Picture, Tags};

/// As the comment header names who wrote the file.
const VENDOR: &str = concat!("Quick Sync ", env!("CARGO_PKG_VERSION"));
/// Cover (front), in the picture types of FLAC and ID3v2.
const FRONT_COVER: u32 = 3;
/// The longest comment about loudness: its length, its name, five digits and a sign.
const GAIN_BYTES: usize = 4 + "R128_TRACK_GAIN=-32768".len();

/// The identification header: stereo, and what to leave out at the start.
pub(super) fn identification(pre_skip: u16, source_rate: u32) -> Vec<u8> {
    let mut packet = b"OpusHead\x01\x02".to_vec();
    packet.extend_from_slice(&pre_skip.to_le_bytes());
    packet.extend_from_slice(&source_rate.to_le_bytes());
    // Output gain 0, and channel mapping family 0.
    packet.extend_from_slice(&[0, 0, 0]);
    packet
}

/// The comment header. It is as long whether or not the loudness is known yet: what its comments
/// leave of the room kept for them is zeros at the end, which readers pass over.
pub(super) fn comments(tags: &Tags) -> Vec<u8> {
    let mut comments: Vec<String> =
        tags.texts().into_iter().map(|(name, text)| format!("{name}={text}")).collect();
    let mut room = 0;
    for (name, loudness) in [("TRACK", tags.track_loudness), ("ALBUM", tags.album_loudness)] {
        let gain = loudness.map(|loudness| format!("R128_{name}_GAIN={}", loudness.r128_gain()));
        room += GAIN_BYTES - gain.as_ref().map_or(0, |gain| 4 + gain.len());
        comments.extend(gain);
    }
    comments.extend(tags.picture.as_ref().map(picture));
    let mut packet = b"OpusTags".to_vec();
    push(&mut packet, VENDOR.as_bytes(), u32::to_le_bytes);
    packet.extend_from_slice(&count(comments.len()).to_le_bytes());
    for comment in comments {
        push(&mut packet, comment.as_bytes(), u32::to_le_bytes);
    }
    packet.resize(packet.len() + room, 0);
    packet
}

/// The cover as FLAC's picture block (RFC 9639 section 8.8), in base64 as Ogg comments have it.
/// Sides and depth are 0, which readers take from the image.
fn picture(picture: &Picture) -> String {
    let mut block = FRONT_COVER.to_be_bytes().to_vec();
    push(&mut block, picture.media_type.as_bytes(), u32::to_be_bytes);
    block.extend_from_slice(&[0; 4 * 5]);
    push(&mut block, &picture.bytes, u32::to_be_bytes);
    format!("METADATA_BLOCK_PICTURE={}", STANDARD.encode(block))
}

fn push(out: &mut Vec<u8>, bytes: &[u8], length: fn(u32) -> [u8; 4]) {
    out.extend_from_slice(&length(count(bytes.len())));
    out.extend_from_slice(bytes);
}

/// Nothing we write is 4 GiB long.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
