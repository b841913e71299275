//! What a reader finds in an Ogg file: pages in order, positions exact, checksums right.

use quicksync_model::Quality;
use quicksync_progressive::{Container, Tags};

use crate::support::{file, full_tags, packets, read, warm_up};

/// A page as a reader sees it.
#[derive(Debug)]
struct Page {
    flags: u8,
    granule: u64,
    sequence: u32,
    packets: Vec<Vec<u8>>,
    is_open: bool,
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// RFC 3533 section 6, bit by bit.
fn checksum(page: &[u8]) -> u64 {
    let mut page = page.to_vec();
    page[22..26].fill(0);
    u64::from(page.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ (u32::from(*byte) << 24), |crc: u32, _| {
            if crc >> 31 == 0 { crc << 1 } else { (crc << 1) ^ 0x04c1_1db7 }
        })
    }))
}

fn pages(mut rest: &[u8]) -> Vec<Page> {
    let mut pages = Vec::new();
    while !rest.is_empty() {
        assert_eq!(&rest[..5], b"OggS\0");
        let values = usize::from(rest[26]);
        let lacing = rest[27..27 + values].to_vec();
        let body: usize = lacing.iter().map(|value| usize::from(*value)).sum();
        let (page, after) = rest.split_at(27 + values + body);
        assert_eq!(number(&page[22..26]), checksum(page), "page {}", pages.len());
        assert_eq!(number(&page[14..18]), 0x5eed);
        let (mut packets, mut at, mut open) = (vec![Vec::new()], 27 + values, false);
        for value in lacing {
            packets.last_mut().unwrap().extend_from_slice(&page[at..at + usize::from(value)]);
            at += usize::from(value);
            open = value == 255;
            if !open {
                packets.push(Vec::new());
            }
        }
        if !open {
            packets.pop();
        }
        let sequence = u32::try_from(number(&page[18..22])).unwrap();
        pages.push(Page {
            flags: page[5],
            granule: number(&page[6..14]),
            sequence,
            packets,
            is_open: open,
        });
        rest = after;
    }
    pages
}

#[test]
fn positions_are_exact_and_the_end_is_where_the_music_ends() {
    for quality in Quality::ALL {
        for samples in [1, 959, 960, 23_040, 23_041, 184_320, 184_321, 400_001] {
            let file = file(Container::OggOpus, samples, quality, &Tags::default());
            let pages = pages(&read(&file, Container::OggOpus, quality, 0..u64::MAX));
            let numbers: Vec<_> = pages.iter().map(|page| page.sequence).collect();
            assert!(numbers.iter().copied().eq(0..u32::try_from(pages.len()).unwrap()));
            let flags: Vec<_> = pages.iter().map(|page| page.flags).collect();
            assert_eq!((flags[0], *flags.last().unwrap()), (2, 4));
            assert!(flags[1..flags.len() - 1].iter().all(|flags| *flags == 0));
            let mut end = 0;
            for page in &pages[2..] {
                let (before, count) = (end, page.packets.len() as u64);
                end = page.granule;
                let is_last = page.flags == 4;
                assert!(end == before + 960 * count || is_last && end < before + 960 * count);
            }
            assert_eq!(end, 960 + samples, "{samples} samples after 960 that nobody hears");
        }
    }
}

#[test]
fn packets_come_out_as_they_went_in() {
    let quality = Quality::Ultra;
    let file = file(Container::OggOpus, 400_001, quality, &full_tags());
    let pages = pages(&read(&file, Container::OggOpus, quality, 0..u64::MAX));
    let head = pages.iter().position(|page| page.granule > 0 && page.granule < u64::MAX).unwrap();
    let music: Vec<_> = pages[head..].iter().flat_map(|page| page.packets.concat()).collect();
    let mut expected = warm_up(Container::OggOpus, quality).to_vec();
    for segment in 0..3 {
        expected.extend_from_slice(&packets(
            Container::OggOpus,
            quality,
            segment,
            file.packets(segment),
        ));
    }
    assert!(music == expected);
}

#[test]
fn comments_span_pages_and_say_everything() {
    let file = file(Container::OggOpus, 960, Quality::Low, &full_tags());
    let pages = pages(&file.head());
    assert_eq!(pages[0].packets, [b"OpusHead\x01\x02\xc0\x03\x44\xac\0\0\0\0\0".to_vec()]);
    assert!(pages.len() > 3);
    let last = pages.len() - 1;
    for (n, page) in pages.iter().enumerate().skip(1) {
        assert_eq!(page.flags, u8::from(n > 1), "page {n}");
        assert_eq!((page.is_open, page.granule == u64::MAX), (n < last, n < last), "page {n}");
    }
    let packet = pages[1..].iter().flat_map(|page| page.packets.concat()).collect::<Vec<_>>();
    let mut rest = packet.strip_prefix(b"OpusTags").unwrap();
    let mut next = || {
        let length = usize::try_from(number(&rest[..4])).unwrap();
        let text = String::from_utf8(rest[4..4 + length].to_vec()).unwrap();
        rest = &rest[4 + length..];
        text
    };
    assert!(next().starts_with("Quick Sync"));
    let count = number(&rest[..4]);
    rest = &rest[4..];
    let mut comments = Vec::new();
    for _ in 0..count {
        let length = usize::try_from(number(&rest[..4])).unwrap();
        comments.push(String::from_utf8(rest[4..4 + length].to_vec()).unwrap());
        rest = &rest[4 + length..];
    }
    assert!(rest.iter().all(|byte| *byte == 0), "room for longer gains");
    let cover = comments.pop().unwrap();
    // Type 3, nine bytes of media type.
    assert!(cover.starts_with("METADATA_BLOCK_PICTURE=AAAAAwAAAAlpbWFnZS9wbmcA"));
    assert_eq!(
        comments,
        [
            "TITLE=Día",
            "ARTIST=Ann",
            "ALBUM=Days",
            "ALBUMARTIST=Various",
            "TRACKNUMBER=7",
            "DISCNUMBER=1",
            "DATE=1999",
            "GENRE=Jazz",
            "R128_TRACK_GAIN=-3456",
            "R128_ALBUM_GAIN=-3456",
        ]
    );
}
