//! The pages of an Ogg file (RFC 3533 §6), found by their headers.
//!
//! Knows: whose a page is, which number it has and where it lies. Never: a packet, a checksum.

use std::io;

use crate::window::Window;

/// Bytes of a page header before its segment table, and with the longest one (RFC 3533 §6).
const HEADER_BYTES: usize = 27;
const LONGEST_HEADER_BYTES: u64 = 27 + 255;
/// Longest page: its header and 255 segments of 255 bytes.
const LONGEST_PAGE_BYTES: u64 = LONGEST_HEADER_BYTES + 255 * 255;
const IS_FIRST_PAGE: u8 = 2;

/// A page: whose it is, and where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) serial: u32,
    /// Its number in its stream, from 0.
    pub(crate) sequence: u32,
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) is_first: bool,
}

/// The page at `at`, if one begins there and its whole header is there.
pub(crate) fn page_at(window: &mut Window, at: u64) -> io::Result<Option<Page>> {
    let header = window.bytes(at, LONGEST_HEADER_BYTES)?;
    Ok(parse(&header, at))
}

/// The first page that begins from `from` on and before `until`, and is followed by another or by the
/// end of the file: music may hold the capture pattern by chance.
pub(crate) fn page_from(window: &mut Window, from: u64, until: u64) -> io::Result<Option<Page>> {
    let mut at = from;
    while at < until {
        let bytes = window.bytes(at, LONGEST_PAGE_BYTES + LONGEST_HEADER_BYTES)?;
        let places = bytes.windows(4).enumerate().filter(|(_, word)| *word == b"OggS");
        for (place, _) in places {
            let start = at + place as u64;
            let Some(page) = parse(&bytes[place..], start).filter(|page| page.start < until) else {
                continue;
            };
            if page.end >= window.len() || page_at(window, page.end)?.is_some() {
                return Ok(Some(page));
            }
        }
        // The last bytes may be the beginning of a page.
        at += (bytes.len() as u64).saturating_sub(LONGEST_HEADER_BYTES).max(1);
    }
    Ok(None)
}

/// The last page that begins in the file.
pub(crate) fn last_page(window: &mut Window) -> io::Result<Option<Page>> {
    let from = window.len().saturating_sub(2 * LONGEST_PAGE_BYTES);
    let bytes = window.bytes(from, 2 * LONGEST_PAGE_BYTES)?;
    let mut end = bytes.len();
    while let Some(place) = bytes[..end].windows(4).rposition(|word| word == b"OggS") {
        if let Some(page) = parse(&bytes[place..], from + place as u64)
            && (page.end >= window.len() || page_at(window, page.end)?.is_some())
        {
            return Ok(Some(page));
        }
        end = place;
    }
    Ok(None)
}

fn parse(bytes: &[u8], start: u64) -> Option<Page> {
    let header = bytes.first_chunk::<HEADER_BYTES>()?;
    if !header.starts_with(b"OggS\0") {
        return None;
    }
    let laces = bytes.get(HEADER_BYTES..HEADER_BYTES + usize::from(header[26]))?;
    let body: u64 = laces.iter().map(|lace| u64::from(*lace)).sum();
    Some(Page {
        serial: u32::from_le_bytes([header[14], header[15], header[16], header[17]]),
        sequence: u32::from_le_bytes([header[18], header[19], header[20], header[21]]),
        start,
        end: start + (HEADER_BYTES + laces.len()) as u64 + body,
        is_first: header[5] & IS_FIRST_PAGE != 0,
    })
}
