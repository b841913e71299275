//! One Ogg page (RFC 3533 section 6).
//!
//! Knows: the header, lacing, the checksum. Never: what the packets hold.

use super::crc::crc;

/// Bytes of a header before its lacing values.
pub(super) const HEADER_BYTES: u64 = 27;
/// Where the checksum stands.
const CRC_AT: usize = 22;
/// A lacing value that says: more of this packet follows.
const FULL: u8 = 255;
/// Lacing values in one page at most.
const MAX_LACING: usize = 255;

/// The first byte of the packet belongs to one begun before.
const CONTINUED: u8 = 1;
/// The first page of the stream.
pub(super) const FIRST: u8 = 2;
/// The last page of the stream.
pub(super) const LAST: u8 = 4;

/// Where a page stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    /// [`FIRST`], [`LAST`] or neither.
    pub(super) flags: u8,
    /// Samples up to the end of the page; `u64::MAX` where no packet ends in it.
    pub(super) granule: u64,
    /// Of the stream.
    pub(super) serial: u32,
    /// Number of the page, from 0.
    pub(super) sequence: u32,
}

/// Appends a page of whole packets of `packet_bytes` each.
pub(super) fn write_page(at: Position, packets: &[u8], packet_bytes: usize, out: &mut Vec<u8>) {
    let mut lacing = Vec::with_capacity(MAX_LACING);
    for packet in packets.chunks_exact(packet_bytes) {
        lace(packet.len(), &mut lacing);
    }
    write(at, &lacing, packets, out);
}

/// Appends one packet of any length, on as many pages as it needs, and tells how many those are.
/// `at` is the position of the last of them but for its sequence, which is that of the first.
pub(super) fn write_packet(at: Position, packet: &[u8], out: &mut Vec<u8>) -> u32 {
    let mut lacing = Vec::with_capacity(packet.len() / MAX_LACING + 1);
    lace(packet.len(), &mut lacing);
    let (mut rest, mut sequence) = (packet, at.sequence);
    let pages = lacing.chunks(MAX_LACING).enumerate();
    let last = lacing.len().div_ceil(MAX_LACING).saturating_sub(1);
    for (n, lacing) in pages {
        let bytes: usize = lacing.iter().map(|value| usize::from(*value)).sum();
        let (page, left) = rest.split_at(bytes.min(rest.len()));
        rest = left;
        let flags = if n == 0 { at.flags } else { CONTINUED };
        let granule = if n == last { at.granule } else { u64::MAX };
        write(Position { flags, granule, sequence, ..at }, lacing, page, out);
        sequence = sequence.wrapping_add(1);
    }
    sequence.wrapping_sub(at.sequence)
}

fn lace(bytes: usize, lacing: &mut Vec<u8>) {
    let full = usize::from(FULL);
    lacing.extend(std::iter::repeat_n(FULL, bytes / full));
    lacing.push(u8::try_from(bytes % full).unwrap_or_default());
}

fn write(at: Position, lacing: &[u8], body: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(b"OggS\0");
    out.push(at.flags);
    out.extend_from_slice(&at.granule.to_le_bytes());
    out.extend_from_slice(&at.serial.to_le_bytes());
    out.extend_from_slice(&at.sequence.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.push(u8::try_from(lacing.len()).unwrap_or(u8::MAX));
    out.extend_from_slice(lacing);
    out.extend_from_slice(body);
    let page = &mut out[start..];
    let crc = crc(page).to_le_bytes();
    page[CRC_AT..CRC_AT + 4].copy_from_slice(&crc);
}

/// The bytes of a page of `packets` packets of `packet_bytes` each.
pub(super) fn page_bytes(packets: u64, packet_bytes: u64) -> u64 {
    let lacing = packet_bytes / u64::from(FULL) + 1;
    HEADER_BYTES + packets * (lacing + packet_bytes)
}
