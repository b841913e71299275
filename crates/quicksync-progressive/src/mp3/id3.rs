//! An ID3v2.4 tag: texts in UTF-8, the cover, ReplayGain.
//!
//! Format: id3.org, ID3v2.4.0 main structure and native frames.

use crate::tags::{Picture, Tags, replay_gain, replay_gain_peak};

/// Text encoding: UTF-8.
const UTF_8: u8 = 3;
/// Picture type: cover (front).
const FRONT_COVER: u8 = 3;
/// The longest levels of a track and its album: heads of frames with their encodings and ends of names,
/// names, a gain of five digits and the peak at 20 dBTP.
const LEVELS_BYTES: usize =
    2 * (2 * (10 + 2 + "replaygain_track_gain".len()) + "-327.68 dB".len() + "10.000000".len());
/// Sizes have 28 bits.
const MAX_BYTES: usize = (1 << 28) - 1;

/// The tag; nothing at all if there is nothing to say. It is as long whether or not the loudness is
/// known yet: what its frames leave of the room for them is padding (ID3v2.4.0 section 3.3).
pub(super) fn tag(tags: &Tags) -> Vec<u8> {
    let mut frames = Vec::new();
    for (name, text) in tags.texts() {
        push(&mut frames, frame_id(name), &[&[UTF_8], text.as_bytes()]);
    }
    let before = frames.len();
    for (name, loudness) in [("track", tags.track_loudness), ("album", tags.album_loudness)] {
        let Some(loudness) = loudness else { continue };
        user_text(&mut frames, &format!("replaygain_{name}_gain"), &replay_gain(loudness));
        user_text(&mut frames, &format!("replaygain_{name}_peak"), &replay_gain_peak(loudness));
    }
    let padding = LEVELS_BYTES.saturating_sub(frames.len() - before);
    if let Some(Picture { media_type, bytes }) = &tags.picture {
        // Encoding, media type and its end, picture type, an empty description's end.
        let about = [&[UTF_8], media_type.as_bytes(), &[0, FRONT_COVER, 0]].concat();
        push(&mut frames, *b"APIC", &[&about, bytes]);
    }
    if frames.is_empty() || frames.len() + padding > MAX_BYTES {
        return Vec::new();
    }
    frames.resize(frames.len() + padding, 0);
    [b"ID3\x04\0\0".as_slice(), &synchsafe(frames.len()), &frames].concat()
}

/// The frame for a field by its Vorbis comment name.
fn frame_id(name: &str) -> [u8; 4] {
    *match name {
        "TITLE" => b"TIT2",
        "ARTIST" => b"TPE1",
        "ALBUM" => b"TALB",
        "ALBUMARTIST" => b"TPE2",
        "TRACKNUMBER" => b"TRCK",
        "DISCNUMBER" => b"TPOS",
        "DATE" => b"TDRC",
        _ => b"TCON",
    }
}

fn user_text(frames: &mut Vec<u8>, name: &str, text: &str) {
    push(frames, *b"TXXX", &[&[UTF_8], name.as_bytes(), &[0], text.as_bytes()]);
}

fn push(frames: &mut Vec<u8>, id: [u8; 4], parts: &[&[u8]]) {
    let size = parts.iter().map(|part| part.len()).sum();
    frames.extend_from_slice(&id);
    frames.extend_from_slice(&synchsafe(size));
    frames.extend_from_slice(&[0, 0]);
    for part in parts {
        frames.extend_from_slice(part);
    }
}

/// Seven bits a byte, so that no size looks like the start of a frame.
fn synchsafe(size: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| u8::try_from((size >> shift) & 0x7f).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use quicksync_model::Loudness;

    #[test]
    fn nothing_to_say_is_no_tag() {
        assert_eq!(tag(&Tags::default()), b"");
    }

    #[test]
    fn frames_say_how_long_they_are() {
        let tags = Tags {
            title: "Día".into(),
            track_number: Some(3),
            track_loudness: Some(Loudness { integrated_lufs: -18.0, true_peak_dbtp: 0.0 }),
            picture: Some(Picture { media_type: "image/png".into(), bytes: vec![7; 200] }),
            ..Tags::default()
        };
        let tag = tag(&tags);
        let mut rest = &tag[10..];
        assert_eq!(tag[6..10], synchsafe(rest.len()));
        let mut found = Vec::new();
        while rest.first().is_some_and(|byte| *byte != 0) {
            let size = rest[4..8].iter().fold(0, |size, byte| size << 7 | usize::from(*byte));
            found.push((String::from_utf8_lossy(&rest[..4]).into_owned(), &rest[10..10 + size]));
            rest = &rest[10 + size..];
        }
        let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["TIT2", "TRCK", "TXXX", "TXXX", "APIC"]);
        assert!(!rest.is_empty() && rest.iter().all(|byte| *byte == 0), "room for the album's");
        assert_eq!(found[0].1, "\u{3}Día".as_bytes());
        assert_eq!(found[2].1, b"\x03replaygain_track_gain\x000.00 dB");
        assert_eq!(found[4].1[..13], *b"\x03image/png\0\x03\0");
        assert_eq!(synchsafe(0x0fff_ffff), [0x7f; 4]);
    }
}
