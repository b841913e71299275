//! Ogg streams: pre-skip, first and last granule positions.
//!
//! Knows: granule positions (RFC 3533 §6, RFC 7845 §4, Vorbis I §A.2). Never: packets' contents.

use std::io::{Read, Seek, SeekFrom};

use symphonia::core::formats::{FormatReader, Track};
use symphonia::core::packet::Packet;

use super::{End, Timing};
use crate::source::Codec;
use crate::window::Window;

/// Two whole pages of the greatest size (RFC 3533 §6: 65,307 bytes), and a piece of a third.
const TAIL_BYTES: u64 = 3 * 65_307;
/// How far a demuxer may err in judging where a page starts, from the page alone: the longest
/// packet, and one of Vorbis that overlaps with one unseen.
const GUESS_SAMPLES: i64 = 5_760 + 8_192;
/// Packets that one page can hold: as many as segments (RFC 3533 §6).
const MOST_PACKETS: usize = 255;
/// Bytes of a page header before its segment table.
const HEADER_BYTES: usize = 27;

/// What the first and the last page of a stream say, which takes reading them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pages {
    /// Where the first page holds more than it says.
    pub(crate) first: Option<FirstPage>,
    /// The granule position at which the last page begins: where the page before ends.
    last_start: Option<i64>,
}

impl Pages {
    /// Of stream `serial` of `source`. `fresh` is a demuxer at its beginning, where the first page may
    /// hold more than it says, as it may in Vorbis alone.
    pub(crate) fn read(
        source: &mut Window,
        serial: u32,
        fresh: Option<Box<dyn FormatReader>>,
    ) -> Self {
        let first = fresh.and_then(|mut demuxer| FirstPage::read(demuxer.as_mut(), serial));
        Self { first, last_start: last_page_start(source, serial) }
    }
}

/// An Opus stream's positions include the pre-skip; a Vorbis stream's first packet yields nothing
/// but counts; either may begin late, if it was cut out of a longer one.
pub(super) fn read(
    plain: Timing,
    track: &Track,
    first: Option<&Packet>,
    codec: Codec,
    pages: Pages,
) -> Timing {
    let start =
        first.map_or(0, |packet| packet.pts.get().saturating_add_unsigned(packet.trim_start.get()));
    let skip = match codec {
        Codec::Opus => i64::from(track.delay.unwrap_or(0)),
        _ => 0,
    };
    let origin = start.max(0).saturating_add(skip);
    let timing = Timing { origin, end: End::LastSample, trims_packets: true, ..plain };
    // A demuxer that lands in the last page by a seek takes its padding for music and places the
    // whole page early, by which it also judges whether to land there.
    let early = i64::from(track.padding.unwrap_or(0)) + GUESS_SAMPLES;
    let last_seek = pages
        .last_start
        .map(|tick| u64::try_from(timing.sample_at(tick).saturating_sub(early)).unwrap_or(0));
    Timing { last_seek, ..timing }
}

/// The first page of a Vorbis stream that holds more than its granule position says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FirstPage {
    /// The tick at which it ends.
    pub(crate) end: i64,
    /// Samples too many. They lie before the presentation (Vorbis I §A.2); the demuxer takes them for
    /// samples after the page, and so places all of it late.
    pub(crate) excess: u64,
}

impl FirstPage {
    /// What `demuxer`, fresh and of use for nothing else afterwards, finds of it; `None` where it holds
    /// what it says, and where it is the last, whose end is cut.
    fn read(demuxer: &mut dyn FormatReader, track: u32) -> Option<Self> {
        for _ in 0..MOST_PACKETS {
            let packet = demuxer.next_packet().ok()??;
            let excess = packet.trim_end.get();
            if packet.track_id != track || excess == 0 {
                continue;
            }
            let end = packet.pts.get().saturating_add_unsigned(packet.dur.get());
            let goes_on = demuxer.next_packet().is_ok_and(|packet| packet.is_some());
            return goes_on.then_some(Self { end, excess });
        }
        None
    }
}

/// The granule position at which the last page of stream `serial` begins: where the page before
/// ends. `None` if there are no two pages at the end of the file.
fn last_page_start(source: &mut Window, serial: u32) -> Option<i64> {
    let from = source.len().saturating_sub(TAIL_BYTES);
    let mut tail = Vec::new();
    source.seek(SeekFrom::Start(from)).ok()?;
    source.by_ref().take(TAIL_BYTES).read_to_end(&mut tail).ok()?;
    page_ends(&tail, serial).into_iter().rev().nth(1)
}

/// The granule positions of the pages of stream `serial` on which a packet ends.
fn page_ends(bytes: &[u8], serial: u32) -> Vec<i64> {
    let mut ends = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(4).position(|word| word == b"OggS") {
        rest = &rest[at..];
        if let Some(header) = rest.first_chunk::<HEADER_BYTES>()
            && header[4] == 0
            && header[14..18] == serial.to_le_bytes()
        {
            let granule: [u8; 8] = std::array::from_fn(|n| header[6 + n]);
            let granule = i64::from_le_bytes(granule);
            if granule >= 0 {
                ends.push(granule);
            }
        }
        rest = &rest[4..];
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(serial: u32, granule: i64) -> Vec<u8> {
        let mut page = b"OggS\0\0".to_vec();
        page.extend(granule.to_le_bytes());
        page.extend(serial.to_le_bytes());
        page.resize(HEADER_BYTES + 40, 7);
        page
    }

    #[test]
    fn pages_of_other_streams_and_without_a_packet_end_are_passed_over() {
        let bytes = [page(1, 100), page(2, 150), page(1, 200), page(1, -1), page(1, 250)].concat();
        assert_eq!(page_ends(&bytes, 1), [100, 200, 250]);
        assert_eq!(page_ends(&bytes[..bytes.len() - 60], 1), [100, 200]);
        assert_eq!(page_ends(&bytes, 3), [0_i64; 0]);
        assert_eq!(page_ends(b"OggS", 1), [0_i64; 0]);
    }
}
