//! Ogg Opus: 24 packets a page, eight pages a segment, positions exact to the sample.
//!
//! Knows: which pages carry which packets, and what each says. Never: the packets' contents.

mod crc;
mod head;
mod page;

use bytes::Bytes;
use quicksync_model::{PACKET_SAMPLES, SEGMENT_SAMPLES, Timeline};

use crate::tags::Tags;
use page::{FIRST, LAST, Position, page_bytes, write_packet, write_page};

/// Packets in a page: 0.48 s. Fewer cost more headers (these 56 bytes a second), more delay the first
/// sound; eight pages are one segment, and 24 packets of 800 bytes need 96 of the 255 lacing values
/// there are.
pub(crate) const PAGE_PACKETS: u32 = 24;
const SEGMENT_PACKETS: u32 = SEGMENT_SAMPLES / PACKET_SAMPLES;
const SEGMENT_PAGES: u32 = SEGMENT_PACKETS / PAGE_PACKETS;
const _: () = assert!(SEGMENT_PACKETS.is_multiple_of(PAGE_PACKETS));
/// Samples of the warm-up packet, which nobody hears.
const PRE_SKIP: u16 = 960;
const _: () = assert!(PRE_SKIP as u32 == PACKET_SAMPLES);

/// The parts of one file that do not depend on its packets.
#[derive(Clone, Debug)]
pub(crate) struct OggOpus {
    pub(crate) head: Bytes,
    timeline: Timeline,
    packet_bytes: u32,
    serial: u32,
    head_pages: u32,
}

impl OggOpus {
    pub(crate) fn new(
        timeline: Timeline,
        packet_bytes: u32,
        serial: u32,
        source_rate: u32,
        tags: &Tags,
    ) -> Self {
        let mut head = Vec::new();
        let at = Position { flags: FIRST, granule: 0, serial, sequence: 0 };
        let identification = head::identification(PRE_SKIP, source_rate);
        let pages = write_packet(at, &identification, &mut head);
        let at = Position { flags: 0, sequence: pages, ..at };
        let head_pages = pages + write_packet(at, &head::comments(tags), &mut head);
        Self { head: head.into(), timeline, packet_bytes, serial, head_pages }
    }

    pub(crate) fn warm_up_bytes(&self) -> u64 {
        page_bytes(1, u64::from(self.packet_bytes))
    }

    pub(crate) fn segment_bytes(&self, packets: u32) -> u64 {
        let size = u64::from(self.packet_bytes);
        let bytes = |packets: u32| page_bytes(u64::from(packets), size);
        let (full, rest) = (packets / PAGE_PACKETS, packets % PAGE_PACKETS);
        u64::from(full) * bytes(PAGE_PACKETS) + if rest > 0 { bytes(rest) } else { 0 }
    }

    pub(crate) fn warm_up(&self, packet: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let flags = if self.timeline.segments() == 0 { LAST } else { 0 };
        self.write(flags, u64::from(PRE_SKIP), self.head_pages, packet, &mut out);
        out
    }

    /// The pages of whole `packets`, which begin a page of `segment` at packet `first`.
    pub(crate) fn pages(&self, segment: u64, first: u32, packets: &[u8]) -> Vec<u8> {
        let page = (PAGE_PACKETS as usize) * self.packet_bytes as usize;
        let mut out = Vec::with_capacity(packets.len() + packets.len() / 64);
        for (n, packets) in (first / PAGE_PACKETS..).zip(packets.chunks(page)) {
            self.page(segment, n, packets, &mut out);
        }
        out
    }

    fn page(&self, segment: u64, page: u32, packets: &[u8], out: &mut Vec<u8>) {
        let samples = self.timeline.samples();
        let start = segment * u64::from(SEGMENT_SAMPLES);
        let end = start + u64::from((page + 1) * PAGE_PACKETS * PACKET_SAMPLES);
        // The last page ends where the track does, within its last packet (RFC 7845 section 4.4).
        let flags = if end >= samples { LAST } else { 0 };
        let before = u32::try_from(segment).unwrap_or(u32::MAX).wrapping_mul(SEGMENT_PAGES);
        let sequence = self.head_pages.wrapping_add(1).wrapping_add(before).wrapping_add(page);
        self.write(flags, u64::from(PRE_SKIP) + end.min(samples), sequence, packets, out);
    }

    fn write(&self, flags: u8, granule: u64, sequence: u32, packets: &[u8], out: &mut Vec<u8>) {
        let at = Position { flags, granule, serial: self.serial, sequence };
        write_page(at, packets, self.packet_bytes as usize, out);
    }
}
