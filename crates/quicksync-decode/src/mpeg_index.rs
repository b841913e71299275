//! Where the frames of an MPEG audio stream lie, as far as anybody has asked.
//!
//! Knows: frame headers (ISO/IEC 11172-3 §2.4.2.3, ISO/IEC 13818-3 §2.4.2.3) and the tags that look
//! like frames and are not counted. Never: what a frame sounds like.
//!
//! Frames of a variable rate have no table that could be believed, so a position is found by walking
//! from header to header. What was walked once is kept: the next seek into the same file starts from
//! there. Only frames that follow each other without a byte between are indexed; past anything else
//! the demuxer searches by itself.

use std::io::{self, Read, Seek, SeekFrom};

use crate::window::Window;

/// Frames from one entry of the index to the next: 1.7 s at 44.1 kHz, 45 entries a minute.
const STEP: u64 = 64;
/// Bytes read at once while walking.
const BLOCK_BYTES: usize = 64 * 1024;
/// Bytes of a frame's beginning that are looked at: the furthest tag is VBRI's, after 36 bytes.
const HEAD_BYTES: usize = 64;
/// Where a VBRI tag is in its frame.
const VBRI_AT: usize = 36;

/// What a frame header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Header {
    bytes: u64,
    samples: u32,
    /// Version, layer and rate, which do not change within a stream.
    kind: u32,
    side_info_bytes: usize,
    header_bytes: usize,
}

impl Header {
    /// The header of a Layer III frame of a stated rate.
    fn read(bytes: &[u8]) -> Option<Self> {
        const RATES_KBPS: [[u64; 16]; 2] = [
            [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
            [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
        ];
        const RATES_HZ: [u64; 4] = [44_100, 48_000, 32_000, 0];
        let word = u32::from_be_bytes(*bytes.first_chunk()?);
        let field = |shift: u32, width: u32| (word >> shift) & ((1 << width) - 1);
        let at = |shift, width| usize::try_from(field(shift, width)).unwrap_or(0);
        if field(21, 11) != 0x7ff || field(17, 2) != 1 {
            return None;
        }
        // 3 is MPEG-1, 2 MPEG-2, 0 MPEG-2.5 at half of its rates.
        let (is_first, halvings) = match field(19, 2) {
            3 => (true, 0),
            2 => (false, 1),
            0 => (false, 2),
            _ => return None,
        };
        let kbps = RATES_KBPS[usize::from(is_first)][at(12, 4)];
        let hz = RATES_HZ[at(10, 2)] >> halvings;
        if kbps == 0 || hz == 0 {
            return None;
        }
        let samples = if is_first { 1152 } else { 576 };
        let side_info_bytes = match (is_first, field(6, 2) == 3) {
            (true, true) | (false, false) => 17,
            (true, false) => 32,
            (false, true) => 9,
        };
        Some(Self {
            bytes: u64::from(samples) / 8 * kbps * 1000 / hz + u64::from(field(9, 1)),
            samples,
            kind: word & 0xfffe_0c00,
            side_info_bytes,
            header_bytes: if field(16, 1) == 0 { 6 } else { 4 },
        })
    }

    /// Whether the frame that starts with `head` is a table of the stream, which is not played.
    fn is_tag(&self, head: &[u8]) -> bool {
        let named = |at: usize, names: &[&[u8]]| {
            let silent = head.get(self.header_bytes..at).unwrap_or_default();
            let name = head.get(at..at + 4).unwrap_or_default();
            names.contains(&name) && silent.iter().all(|byte| *byte == 0)
        };
        named(4 + self.side_info_bytes, &[b"Xing", b"Info"]) || named(VBRI_AT, &[b"VBRI"])
    }
}

/// The index of one file.
#[derive(Clone, Debug)]
pub(crate) struct MpegIndex {
    /// Where every [`STEP`]th frame lies.
    entries: Vec<u64>,
    /// Where the walk goes on, and how many frames lie before.
    at: u64,
    frames: u64,
    kind: u32,
    samples: u32,
    is_walked: bool,
}

impl MpegIndex {
    /// The index of a stream whose first frame to be played is `first`; `None` where that is not
    /// among the first two frames of the file, or no frame that can be indexed.
    pub(crate) fn new(window: &mut Window, first: &[u8]) -> io::Result<Option<Self>> {
        let Some(header) = Header::read(first) else { return Ok(None) };
        let mut at = 0;
        for _ in 0..2 {
            let mut bytes = Vec::new();
            window.seek(SeekFrom::Start(at))?;
            window.by_ref().take(first.len() as u64).read_to_end(&mut bytes)?;
            if bytes == first {
                let Header { kind, samples, .. } = header;
                let (entries, frames, is_walked) = (Vec::new(), 0, false);
                return Ok(Some(Self { entries, at, frames, kind, samples, is_walked }));
            }
            let Some(tag) = Header::read(&bytes) else { break };
            at += tag.bytes;
        }
        Ok(None)
    }

    /// Samples of a frame.
    pub(crate) const fn samples_of_frame(&self) -> u32 {
        self.samples
    }

    /// The last known frame at or before the `wanted`th: where it lies, and how many lie before it.
    pub(crate) fn find(&mut self, window: &mut Window, wanted: u64) -> io::Result<(u64, u64)> {
        if wanted >= self.frames && !self.is_walked {
            self.walk(window, wanted)?;
        }
        let last = (self.entries.len() as u64).saturating_sub(1);
        let entry = (wanted / STEP).min(last);
        let at = usize::try_from(entry).ok().and_then(|entry| self.entries.get(entry).copied());
        Ok((at.unwrap_or(self.at), if at.is_some() { entry * STEP } else { self.frames }))
    }

    /// Whether frame `wanted` lies within what was walked.
    pub(crate) const fn has(&self, wanted: u64) -> bool {
        wanted < self.frames
    }

    /// Walks until frame `wanted` is passed, or something that is no frame of this stream is met.
    fn walk(&mut self, window: &mut Window, wanted: u64) -> io::Result<()> {
        let mut block = Block::default();
        while self.frames <= wanted {
            let head = block.head(window, self.at)?;
            let header = Header::read(head).filter(|header| header.kind == self.kind);
            let Some(header) = header.filter(|header| self.at + header.bytes <= window.len())
            else {
                self.is_walked = true;
                return Ok(());
            };
            if !header.is_tag(head) {
                if self.frames.is_multiple_of(STEP) {
                    self.entries.push(self.at);
                }
                self.frames += 1;
            }
            self.at += header.bytes;
        }
        Ok(())
    }
}

/// A piece of the file.
#[derive(Default)]
struct Block {
    start: u64,
    bytes: Vec<u8>,
}

impl Block {
    /// The bytes at `at`, [`HEAD_BYTES`] of them unless the file ends before.
    fn head(&mut self, window: &mut Window, at: u64) -> io::Result<&[u8]> {
        let end = (at + HEAD_BYTES as u64).min(window.len());
        if at < self.start || end > self.start + self.bytes.len() as u64 {
            self.bytes.clear();
            self.start = at;
            window.seek(SeekFrom::Start(at.min(window.len())))?;
            window.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut self.bytes)?;
        }
        let from = usize::try_from(at - self.start).unwrap_or(usize::MAX).min(self.bytes.len());
        let to = (from + HEAD_BYTES).min(self.bytes.len());
        Ok(&self.bytes[from..to])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    /// MPEG-1 at 44.1 kHz, stereo: 128 and 160 kbps.
    const SHORT: [u8; 4] = [0xff, 0xfb, 0x90, 0x00];
    const LONG: [u8; 4] = [0xff, 0xfb, 0xa0, 0x00];

    fn frame(header: [u8; 4], fill: u8) -> Vec<u8> {
        let length = Header::read(&header).unwrap().bytes;
        [header.to_vec(), vec![fill; usize::try_from(length).unwrap() - 4]].concat()
    }

    fn tag() -> Vec<u8> {
        let mut tag = frame(SHORT, 0);
        tag[36..40].copy_from_slice(b"Xing");
        tag
    }

    fn window(frames: &[Vec<u8>]) -> (tempfile::NamedTempFile, Window) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&frames.concat()).unwrap();
        let window = Window::open(file.path()).unwrap();
        (file, window)
    }

    #[test]
    fn headers_say_how_long_a_frame_is() {
        for (header, bytes, samples) in [
            (SHORT, 417, 1152),
            (LONG, 522, 1152),
            // Padding, and MPEG-2 and 2.5 of the same table.
            ([0xff, 0xfb, 0x92, 0x00], 418, 1152),
            ([0xff, 0xf3, 0x80, 0x00], 208, 576),
            ([0xff, 0xe3, 0x18, 0x00], 72, 576),
        ] {
            let found = Header::read(&header).map(|found| (found.bytes, found.samples));
            assert_eq!(found, Some((bytes, samples)), "{header:x?}");
        }
        for bad in
            [[0, 0, 0, 0], [0xff, 0xfd, 0x90, 0], [0xff, 0xfb, 0xf0, 0], [0xff, 0xfb, 0x9c, 0]]
        {
            assert_eq!(Header::read(&bad), None, "{bad:x?}");
        }
    }

    #[test]
    fn frames_are_found_and_tags_are_not_counted() {
        let mut frames = vec![tag()];
        frames.extend((0..200).map(|n| frame(if n % 3 == 0 { LONG } else { SHORT }, 1)));
        frames.insert(100, tag());
        let (_file, mut window) = window(&frames);
        let mut index = MpegIndex::new(&mut window, &frames[1]).unwrap().unwrap();
        let bytes_before = |n: usize| frames[..n].concat().len() as u64;
        for (wanted, entry) in [(70, 64), (0, 0), (63, 0), (150, 128), (199, 192), (9999, 192)] {
            let (at, found) = index.find(&mut window, wanted).unwrap();
            let tags = if entry >= 99 { 2 } else { 1 };
            assert_eq!(found, entry, "{wanted}");
            assert_eq!(at, bytes_before(usize::try_from(entry).unwrap() + tags), "{wanted}");
        }
        assert!(index.has(199) && !index.has(200));
    }

    #[test]
    fn what_is_no_frame_ends_the_index() {
        let frames: Vec<_> = (0..100).map(|_| frame(SHORT, 1)).collect();
        let junk = [frames.concat(), vec![0; 33], frames.concat()];
        let (_file, mut window) = window(&junk);
        let mut index = MpegIndex::new(&mut window, &frames[0]).unwrap().unwrap();
        assert_eq!(index.find(&mut window, 150).unwrap().1, 64);
        assert!(index.has(99) && !index.has(100));
        assert!(MpegIndex::new(&mut window, b"OggS").unwrap().is_none());
        let other = frame(LONG, 2);
        assert!(MpegIndex::new(&mut window, &other).unwrap().is_none());
    }
}
