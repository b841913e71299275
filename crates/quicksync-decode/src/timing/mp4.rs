//! MP4 files: the edit list and the iTunes gapless tag, which the demuxer leaves to us.
//!
//! Knows: `moov/mvhd`, `moov/trak/{tkhd,edts/elst}` (ISO/IEC 14496-12 §8.2, §8.3, §8.6) and the
//! `iTunSMPB` comment. Never: more than a few hundred box headers, more than one box in memory.

use std::io::{Read, Seek, SeekFrom};

use symphonia::core::formats::{FormatReader, Track};
use symphonia::core::meta::RawValue;

use super::{End, Timing};
use crate::window::Window;

/// Boxes looked at in one file before giving up on its timing.
const MAX_BOXES: u32 = 4096;
/// Bytes of one box's fields that are read: a long edit list is no gapless hint.
const MAX_FIELDS: u64 = 4096;

/// The samples that an edit list or the gapless tag presents, in ticks of the track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Presented {
    start: i64,
    length: Option<u64>,
}

pub(super) fn read(
    plain: Timing,
    format: &mut dyn FormatReader,
    track: &Track,
    source: &mut Window,
) -> Timing {
    let coded = track.duration.map_or(u64::MAX, |duration| duration.get());
    let tag = gapless_tag(format).and_then(|tag| parse_gapless_tag(&tag));
    let edit = Walker::new(source).edit(track.id, plain.ticks_per_second);
    let Some(presented) = tag.or(edit) else { return plain };
    let timing = Timing { origin: presented.start, ..plain };
    let end = presented.length.filter(|length| {
        let ends_at = length.saturating_add_signed(presented.start);
        ends_at < coded && ends_at > 0
    });
    let Some(length) = end else { return timing };
    let end = timing.sample_at(timing.origin.saturating_add_unsigned(length));
    Timing { end: End::At(u64::try_from(end).unwrap_or(0)), ..timing }
}

/// The text of the iTunes gapless comment.
fn gapless_tag(format: &mut dyn FormatReader) -> Option<String> {
    let mut metadata = format.metadata();
    let revision = metadata.skip_to_latest()?;
    revision.media.tags.iter().find_map(|tag| match &tag.raw.value {
        RawValue::String(text) if tag.raw.key.ends_with("iTunSMPB") => Some(text.to_string()),
        _ => None,
    })
}

/// Reads ` 00000000 00000840 000001CA 00000000003F31F6 …`: priming, padding and length in samples.
fn parse_gapless_tag(text: &str) -> Option<Presented> {
    let mut words = text.split_ascii_whitespace().skip(1);
    let priming = u32::from_str_radix(words.next()?, 16).ok()?;
    let _padding = u32::from_str_radix(words.next()?, 16).ok()?;
    let length = u64::from_str_radix(words.next()?, 16).ok()?;
    (length > 0).then_some(Presented { start: priming.into(), length: Some(length) })
}

/// Walks the boxes of a file without reading their bodies.
struct Walker<'s> {
    source: &'s mut Window,
    boxes_left: u32,
}

/// A box: its type, and where its body starts and ends.
#[derive(Clone, Copy)]
struct Span {
    kind: [u8; 4],
    start: u64,
    end: u64,
}

impl<'s> Walker<'s> {
    const fn new(source: &'s mut Window) -> Self {
        Self { source, boxes_left: MAX_BOXES }
    }

    /// What the edit list of `track` presents.
    fn edit(&mut self, track: u32, ticks_per_second: u32) -> Option<Presented> {
        let file = Span { kind: *b"file", start: 0, end: self.source.len() };
        let moov = self.child(file, *b"moov")?;
        let mvhd = self.child(moov, *b"mvhd")?;
        let movie_ticks = parse_movie_ticks(&self.fields(mvhd)?)?;
        let mut at = moov.start;
        while let Some(span) = self.next(at, moov.end) {
            at = span.end;
            if span.kind == *b"trak" && self.track_id(span) == Some(track) {
                let edts = self.child(span, *b"edts")?;
                let elst = self.child(edts, *b"elst")?;
                return parse_edit(&self.fields(elst)?, movie_ticks, ticks_per_second);
            }
        }
        None
    }

    fn track_id(&mut self, trak: Span) -> Option<u32> {
        let tkhd = self.child(trak, *b"tkhd")?;
        let fields = self.fields(tkhd)?;
        let at = if *fields.first()? == 1 { 20 } else { 12 };
        be_u32(&fields, at)
    }

    fn child(&mut self, parent: Span, kind: [u8; 4]) -> Option<Span> {
        let mut at = parent.start;
        while let Some(span) = self.next(at, parent.end) {
            if span.kind == kind {
                return Some(span);
            }
            at = span.end;
        }
        None
    }

    /// The box that starts at `at`, if it ends by `end`.
    fn next(&mut self, at: u64, end: u64) -> Option<Span> {
        self.boxes_left = self.boxes_left.checked_sub(1)?;
        let header: [u8; 8] = self.bytes(at, end)?;
        let size = u64::from(u32::from_be_bytes([header[0], header[1], header[2], header[3]]));
        let kind = [header[4], header[5], header[6], header[7]];
        let (start, stop) = match size {
            0 => (at + 8, end),
            1 => {
                let size = u64::from_be_bytes(self.bytes(at.checked_add(8)?, end)?);
                (at + 16, at.checked_add(size)?)
            }
            size => (at + 8, at.checked_add(size)?),
        };
        (start <= stop && stop <= end).then_some(Span { kind, start, end: stop })
    }

    fn bytes<const N: usize>(&mut self, at: u64, end: u64) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        if at.checked_add(N as u64)? > end {
            return None;
        }
        self.source.seek(SeekFrom::Start(at)).ok()?;
        self.source.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    fn fields(&mut self, span: Span) -> Option<Vec<u8>> {
        let mut fields = Vec::new();
        self.source.seek(SeekFrom::Start(span.start)).ok()?;
        let length = (span.end - span.start).min(MAX_FIELDS);
        self.source.by_ref().take(length).read_to_end(&mut fields).ok()?;
        Some(fields)
    }
}

fn be_u32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|word| u32::from_be_bytes(*word))
}

fn be_u64(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|word| u64::from_be_bytes(*word))
}

/// Ticks a second of the movie, in which edits are as long as they say.
fn parse_movie_ticks(mvhd: &[u8]) -> Option<u32> {
    let at = if *mvhd.first()? == 1 { 20 } else { 12 };
    be_u32(mvhd, at).filter(|ticks| *ticks > 0)
}

/// The one edit that presents media; more than one is a montage and left alone.
fn parse_edit(elst: &[u8], movie_ticks: u32, track_ticks: u32) -> Option<Presented> {
    let wide = *elst.first()? == 1;
    let count = be_u32(elst, 4)?;
    let entry_bytes = if wide { 20 } else { 12 };
    let mut found = None;
    for n in 0..usize::try_from(count).ok()? {
        let at = n.checked_mul(entry_bytes)?.checked_add(8)?;
        let (length, start) = if wide {
            (be_u64(elst, at)?, be_u64(elst, at + 8)?.cast_signed())
        } else {
            (be_u32(elst, at)?.into(), be_u32(elst, at + 4)?.cast_signed().into())
        };
        // A media time of -1 is silence before the music: players skip it, and so do we.
        if start < 0 {
            continue;
        }
        if found.is_some() {
            return None;
        }
        found = Some(Presented { start, length: exact_length(length, movie_ticks, track_ticks) });
    }
    found
}

/// The length of an edit in ticks of the track; `None` where the movie counts too coarsely to say
/// it to the sample, or says that it is not known.
fn exact_length(length: u64, movie_ticks: u32, track_ticks: u32) -> Option<u64> {
    if length == 0 || !movie_ticks.is_multiple_of(track_ticks.max(1)) {
        return None;
    }
    let scaled = u128::from(length) * u128::from(track_ticks) / u128::from(movie_ticks);
    u64::try_from(scaled).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elst(entries: &[(u32, i32)]) -> Vec<u8> {
        let mut bytes = vec![0; 4];
        bytes.extend(u32::try_from(entries.len()).unwrap().to_be_bytes());
        for (length, start) in entries {
            bytes.extend(length.to_be_bytes());
            bytes.extend(start.to_be_bytes());
            bytes.extend([0, 1, 0, 0]);
        }
        bytes
    }

    #[test]
    fn one_edit_is_priming_and_length() {
        for (entries, movie, expected) in [
            (&[(500, 1024)][..], 1000, Some(Presented { start: 1024, length: None })),
            (&[(22_050, 1024)], 44_100, Some(Presented { start: 1024, length: Some(22_050) })),
            (&[(70, -1), (5, 2112)], 44_100, Some(Presented { start: 2112, length: Some(5) })),
            (&[(0, 1024)], 44_100, Some(Presented { start: 1024, length: None })),
            (&[(5, 0), (5, 100)], 44_100, None),
            (&[], 44_100, None),
        ] {
            assert_eq!(parse_edit(&elst(entries), movie, 44_100), expected, "{entries:?}");
        }
        assert_eq!(parse_edit(&elst(&[(5, 1)])[..15], 44_100, 44_100), None, "cut short");
        assert_eq!(parse_edit(&[0, 0, 0, 0, 255, 255, 255, 255], 1, 1), None, "a lying count");
    }

    #[test]
    fn the_gapless_tag_is_three_numbers_in_hex() {
        let text = " 00000000 00000840 000001CA 00000000003F31F6 00000000 00000000";
        let presented = Presented { start: 0x840, length: Some(0x3f_31f6) };
        assert_eq!(parse_gapless_tag(text), Some(presented));
        for bad in ["", "00000000 00000840", " 0 zz 0 1", " 0 840 1CA 0"] {
            assert_eq!(parse_gapless_tag(bad), None, "{bad:?}");
        }
    }
}
