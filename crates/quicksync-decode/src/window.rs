//! The part of a file that holds its audio container, tags outside the container left off.
//!
//! Knows: where ID3v2, ID3v1, APE and Lyrics3 tags lie around a stream. Never: what they say.
//!
//! An MPEG stream has no container, so a demuxer would search tags and covers for frames. Cutting
//! them off first makes the audio, and so its hash, independent of how a file is tagged.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use symphonia::core::io::MediaSource;

use crate::file_key::FileKey;
use crate::open_file::open_regular;

/// Length of an ID3v2 header, and of the optional footer (ID3v2.4 §3.1, §3.4).
const ID3V2_HEADER_BYTES: u64 = 10;
/// Length of an ID3v1 tag.
const ID3V1_BYTES: u64 = 128;
/// Length of an APEv2 header or footer.
const APE_FOOTER_BYTES: u64 = 32;
/// Length of a Lyrics3v2 footer: six digits and the magic.
const LYRICS3_FOOTER_BYTES: u64 = 15;
/// Chunks of a WAV file looked at before its samples.
const MAX_CHUNKS: usize = 1000;
/// No real file stacks more tags than this at one end.
const MAX_TAGS: usize = 16;

/// A file seen from `start` to `end`.
#[derive(Debug)]
pub(crate) struct Window {
    file: File,
    start: u64,
    end: u64,
    position: u64,
    /// What is read instead of the first bytes.
    overlay: Option<[u8; 8]>,
}

impl Window {
    /// Opens the file at `path` and finds its audio.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let (file, metadata) = open_regular(path)?;
        let mut window = Self { file, start: 0, end: metadata.len(), position: 0, overlay: None };
        window.skip_leading_tags()?;
        if let Some(rf64) = window.rf64()? {
            window.overlay = Some(*b"RIFF\xff\xff\xff\xff");
            window.end = window.start + rf64.min(window.len());
        } else if !window.has_own_bounds()? {
            window.drop_trailing_tags()?;
        }
        window.seek(SeekFrom::Start(0))?;
        Ok(window)
    }

    /// What lies at `bytes` of this window, as a window.
    pub(crate) fn part(mut self, bytes: &Range<u64>) -> io::Result<Self> {
        let end = self.start.saturating_add(bytes.end).min(self.end);
        let start = self.start.saturating_add(bytes.start).min(end);
        if start > self.start {
            self.overlay = None;
        }
        (self.start, self.end) = (start, end);
        self.seek(SeekFrom::Start(0))?;
        Ok(self)
    }

    /// Which file this is, as it is now.
    pub(crate) fn key(&self) -> io::Result<FileKey> {
        Ok(FileKey::of(&self.file.metadata()?))
    }

    /// At most `count` bytes from `at` on, fewer only where the window ends.
    pub(crate) fn bytes(&mut self, at: u64, count: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.seek(SeekFrom::Start(at.min(self.len())))?;
        self.by_ref().take(count).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Bytes of audio container.
    pub(crate) const fn len(&self) -> u64 {
        self.end - self.start
    }

    fn skip_leading_tags(&mut self) -> io::Result<()> {
        for _ in 0..MAX_TAGS {
            let Some(header) = self.peek::<10>(0)? else { break };
            let Some(length) = id3v2_length(&header) else { break };
            self.start = (self.start + length).min(self.end);
        }
        Ok(())
    }

    /// Whether the container says where it ends, so that what follows it does no harm.
    fn has_own_bounds(&mut self) -> io::Result<bool> {
        let Some(magic) = self.peek::<8>(0)? else { return Ok(false) };
        Ok(matches!(&magic[..4], b"fLaC" | b"OggS" | b"RIFF" | b"FORM") || &magic[4..] == b"ftyp")
    }

    /// Where the samples of a WAV file of 64-bit sizes end (EBU Tech 3306); `None` of another file.
    ///
    /// Its sizes of 32 bits read "unknown", which a demuxer takes for "to the end of the file". So
    /// such a file is an ordinary one that ends with its samples, but for its first four bytes.
    fn rf64(&mut self) -> io::Result<Option<u64>> {
        let Some(head) = self.peek::<12>(0)? else { return Ok(None) };
        if !matches!(&head[..4], b"RF64" | b"BW64") || &head[8..] != b"WAVE" {
            return Ok(None);
        }
        let mut at = 12;
        let mut samples_bytes = None;
        for _ in 0..MAX_CHUNKS {
            let Some(chunk) = self.peek::<8>(at)? else { break };
            let size = u32::from_le_bytes([chunk[4], chunk[5], chunk[6], chunk[7]]);
            match &chunk[..4] {
                b"ds64" => {
                    // After the size of the file, the size of the samples.
                    samples_bytes = self.peek::<8>(at + 16)?.map(u64::from_le_bytes);
                }
                b"data" => {
                    let size = match (size, samples_bytes) {
                        (u32::MAX, Some(bytes)) => bytes,
                        (u32::MAX, None) => u64::MAX,
                        (size, _) => size.into(),
                    };
                    return Ok(Some(size.saturating_add(at + 8)));
                }
                _ => {}
            }
            at = at.saturating_add(8).saturating_add(u64::from(size) + u64::from(size & 1));
        }
        Ok(Some(u64::MAX))
    }

    fn drop_trailing_tags(&mut self) -> io::Result<()> {
        for _ in 0..MAX_TAGS {
            let Some(length) = self.trailing_tag_length()? else { break };
            self.end -= length.min(self.len());
        }
        Ok(())
    }

    fn trailing_tag_length(&mut self) -> io::Result<Option<u64>> {
        let length = self.len();
        if let Some(at) = length.checked_sub(ID3V1_BYTES)
            && self.peek::<3>(at)?.is_some_and(|magic| &magic == b"TAG")
        {
            return Ok(Some(ID3V1_BYTES));
        }
        if let Some(at) = length.checked_sub(APE_FOOTER_BYTES)
            && let Some(footer) = self.peek::<32>(at)?
            && let Some(bytes) = ape_length(&footer)
        {
            return Ok(Some(bytes));
        }
        if let Some(at) = length.checked_sub(LYRICS3_FOOTER_BYTES)
            && let Some(footer) = self.peek::<15>(at)?
            && let Some(bytes) = lyrics3_length(&footer)
        {
            return Ok(Some(bytes));
        }
        if let Some(at) = length.checked_sub(ID3V2_HEADER_BYTES)
            && let Some(mut footer) = self.peek::<10>(at)?
            && &footer[..3] == b"3DI"
        {
            footer[..3].copy_from_slice(b"ID3");
            return Ok(id3v2_length(&footer));
        }
        Ok(None)
    }

    /// `N` bytes at `offset` from the window's start, or `None` if it is shorter.
    fn peek<const N: usize>(&mut self, offset: u64) -> io::Result<Option<[u8; N]>> {
        let mut bytes = [0; N];
        if offset.saturating_add(N as u64) > self.len() {
            return Ok(None);
        }
        self.file.seek(SeekFrom::Start(self.start + offset))?;
        self.file.read_exact(&mut bytes)?;
        Ok(Some(bytes))
    }
}

impl Read for Window {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len().saturating_sub(self.position)).unwrap_or(usize::MAX);
        let wanted = buf.len().min(left);
        let read = self.file.read(&mut buf[..wanted])?;
        if let Some(overlay) = &self.overlay {
            let from = usize::try_from(self.position).unwrap_or(usize::MAX).min(overlay.len());
            buf[..read].iter_mut().zip(&overlay[from..]).for_each(|(byte, over)| *byte = *over);
        }
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(offset) => self.len().checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        let absolute = target.and_then(|target| target.checked_add(self.start));
        let (Some(target), Some(absolute)) = (target, absolute) else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "seek outside the file"));
        };
        self.file.seek(SeekFrom::Start(absolute))?;
        self.position = target;
        Ok(target)
    }
}

impl MediaSource for Window {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.len())
    }
}

/// Whole length of the ID3v2 tag that starts with `header` (ID3v2.4 §3.1: a 28-bit size, seven
/// bits a byte, without the header and the footer).
fn id3v2_length(header: &[u8; 10]) -> Option<u64> {
    let size = &header[6..];
    if &header[..3] != b"ID3" || header[3] == 0xff || size.iter().any(|byte| byte & 0x80 != 0) {
        return None;
    }
    let body = size.iter().fold(0, |sum, byte| (sum << 7) | u64::from(*byte));
    let footer = if header[5] & 0x10 != 0 { ID3V2_HEADER_BYTES } else { 0 };
    Some(ID3V2_HEADER_BYTES + body + footer)
}

/// Whole length of the APE tag that ends with `footer`.
fn ape_length(footer: &[u8; 32]) -> Option<u64> {
    const HAS_HEADER: u8 = 0x80;
    if &footer[..8] != b"APETAGEX" {
        return None;
    }
    let body = u32::from_le_bytes([footer[12], footer[13], footer[14], footer[15]]);
    let header = if footer[23] & HAS_HEADER != 0 { APE_FOOTER_BYTES } else { 0 };
    Some(u64::from(body).max(APE_FOOTER_BYTES) + header)
}

/// Whole length of the Lyrics3v2 tag that ends with `footer`.
fn lyrics3_length(footer: &[u8; 15]) -> Option<u64> {
    let body = std::str::from_utf8(footer.strip_suffix(b"LYRICS200")?).ok()?;
    Some(body.parse::<u64>().ok()? + LYRICS3_FOOTER_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn audio_of(bytes: &[u8]) -> Vec<u8> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut audio = Vec::new();
        Window::open(file.path()).unwrap().read_to_end(&mut audio).unwrap();
        audio
    }

    fn id3v1() -> Vec<u8> {
        [b"TAG".to_vec(), vec![b' '; 125]].concat()
    }

    fn ape(body: &[u8]) -> Vec<u8> {
        let mut footer = b"APETAGEX\xd0\x07\0\0".to_vec();
        footer.extend(u32::try_from(body.len() + 32).unwrap().to_le_bytes());
        footer.resize(32, 0);
        [body, &footer].concat()
    }

    #[test]
    fn tags_at_both_ends_are_left_off() {
        let audio = b"\xff\xfb\x90\x64 frames".to_vec();
        let id3v2 = [b"ID3\x04\0\0\0\0\0\x05".to_vec(), b"12345".to_vec()].concat();
        let lyrics = b"LYRICSBEGIN000011LYRICS200".to_vec();
        for (name, parts) in [
            ("bare", vec![&audio]),
            ("id3v2", vec![&id3v2, &audio]),
            ("two id3v2", vec![&id3v2, &id3v2, &audio]),
            ("id3v1", vec![&audio, &id3v1()]),
            ("ape and id3v1", vec![&audio, &ape(b"cover \xff\xfb"), &id3v1()]),
            ("all", vec![&id3v2, &audio, &ape(b""), &lyrics, &id3v1()]),
        ] {
            let file: Vec<u8> = parts.into_iter().flatten().copied().collect();
            assert_eq!(audio_of(&file), audio, "{name}");
        }
    }

    #[test]
    fn hostile_sizes_leave_an_empty_window() {
        let huge = b"ID3\x04\0\0\x7f\x7f\x7f\x7f".to_vec();
        assert_eq!(audio_of(&huge), b"");
        let mut lying = ape(b"xx");
        lying[14] = 0xff;
        lying[15] = 0xff;
        lying[16] = 0xff;
        assert_eq!(audio_of(&lying), b"");
        assert_eq!(audio_of(b""), b"");
    }

    #[test]
    fn containers_keep_what_looks_like_a_tag() {
        let file = [b"OggS....".to_vec(), id3v1()].concat();
        assert_eq!(audio_of(&file), file);
    }
}
