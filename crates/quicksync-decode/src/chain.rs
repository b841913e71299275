//! The links of a chained Ogg file: several pieces of music, each with headers of its own, one after
//! the other (RFC 3533 §4). Recorders of radio write them; a track is all of them.
//!
//! Knows: where links begin, and how long they are. Never: a packet, or how links are coded.
//!
//! Each link is read as if it were a file. Whatever is no chained Ogg file is one link.

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::ogg_page::{last_page, page_at, page_from};
use crate::reader::{Reader, unreadable};
use crate::remembered::Remembered;
use crate::restart::restart;
use crate::source::{DecodeError, SourceFormat};
use crate::window::Window;

/// Links of one file. More are a day of radio, or a file made to be opened for ever.
const MAX_LINKS: usize = 1000;
/// Logical streams in one link.
const MAX_STREAMS: usize = 64;
/// Bytes that are searched page by page, once halving has come so far.
const LINEAR_BYTES: u64 = 128 * 1024;
/// The links of Ogg files: finding them takes opening each.
static CHAINS: Remembered<Chain> = Remembered::new();

/// One link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// Where it lies; `None` is the whole file.
    pub(crate) bytes: Option<Range<u64>>,
    /// Its sample frames; those of the last link are as many as can be read.
    pub(crate) samples: Option<u64>,
}

/// The links of a file, at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chain {
    links: Vec<Link>,
}

/// What of one link belongs to a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part<'c> {
    pub(crate) link: &'c Link,
    /// First sample, counted from the link's own start.
    pub(crate) start: u64,
    pub(crate) frames: u32,
}

impl Chain {
    /// The links of the file at `path`.
    ///
    /// # Errors
    /// [`DecodeError::Unsupported`] where links differ in what a track has one of.
    pub(crate) fn of(path: &Path) -> Result<Arc<Self>, DecodeError> {
        let mut window = Window::open(path).map_err(unreadable)?;
        if serials_at(&mut window, 0).map_err(unreadable)?.is_none() {
            return Ok(Arc::new(Self::single()));
        }
        let key = window.key().map_err(unreadable)?;
        CHAINS.get_or(key, || match links(&mut window).map_err(unreadable)? {
            Some(first) => Self::open(path, &mut window, first),
            None => Ok(Self::single()),
        })
    }

    /// Of a file that is not chained.
    fn single() -> Self {
        Self { links: vec![Link { bytes: None, samples: None }] }
    }

    /// Opens every link, from `first` on. What cannot be opened ends the file, as damage does.
    fn open(path: &Path, window: &mut Window, first: Range<u64>) -> Result<Self, DecodeError> {
        let mut links: Vec<Link> = Vec::new();
        let mut format = None;
        let mut next = Some(first);
        while let Some(bytes) = next {
            if links.len() == MAX_LINKS {
                let why = format!("more than {MAX_LINKS} pieces of music in one Ogg file");
                return Err(DecodeError::Unsupported(why));
            }
            let reader = match Reader::open(path, Some(&bytes)) {
                Ok(reader) => reader,
                Err(error) if links.is_empty() => return Err(error),
                Err(_) => break,
            };
            let own = reader.format();
            agree(*format.get_or_insert(own), own, links.len())?;
            next = link_at(window, bytes.end).map_err(unreadable)?;
            let samples = reader.claimed_samples();
            links.push(Link { bytes: Some(bytes), samples });
            if samples.is_none() {
                break;
            }
        }
        if let Some(last) = links.last_mut() {
            last.samples = None;
        }
        Ok(Self { links })
    }

    pub(crate) fn links(&self) -> &[Link] {
        &self.links
    }

    /// What of each link lies in the `frames` sample frames from `start`.
    pub(crate) fn parts(&self, start: u64, frames: u32) -> Vec<Part<'_>> {
        let end = start.saturating_add(frames.into());
        let mut parts = Vec::new();
        let mut begin = 0_u64;
        for link in &self.links {
            let link_end = link.samples.map_or(u64::MAX, |samples| begin.saturating_add(samples));
            let (from, to) = (start.max(begin), end.min(link_end));
            let is_last_resort = parts.is_empty() && link.samples.is_none();
            if from < to || is_last_resort {
                let frames = u32::try_from(to.saturating_sub(from)).unwrap_or(u32::MAX);
                parts.push(Part { link, start: from - begin, frames });
            }
            begin = link_end;
        }
        parts
    }
}

/// Whether a further link can go on where the first began.
fn agree(first: SourceFormat, other: SourceFormat, place: usize) -> Result<(), DecodeError> {
    let differ = |what: &str, first: String, other: String| {
        let nth = place + 1;
        let why = format!(
            "a chained Ogg file whose pieces differ in their {what}: first {first}, in piece {nth} {other}"
        );
        Err(DecodeError::Unsupported(why))
    };
    if first.codec != other.codec {
        return differ("codec", format!("{:?}", first.codec), format!("{:?}", other.codec));
    }
    if first.sample_rate != other.sample_rate {
        let hz = |format: SourceFormat| format!("{} Hz", format.sample_rate);
        return differ("sample rate", hz(first), hz(other));
    }
    let shape = |format: SourceFormat| (format.channels, format.bits_per_sample);
    if first.is_lossless() && shape(first) != shape(other) {
        let said = |format: SourceFormat| {
            let bits = format.bits_per_sample.unwrap_or(0);
            format!("{} channels of {bits} bits", format.channels)
        };
        return differ("channels or bits", said(first), said(other));
    }
    Ok(())
}

/// Where the first of several links lies; `None` of a file that is not chained.
fn links(window: &mut Window) -> io::Result<Option<Range<u64>>> {
    let first = link_at(window, 0)?;
    Ok(first.filter(|first| first.end < window.len()))
}

/// The link that begins at `start`, if one does.
fn link_at(window: &mut Window, start: u64) -> io::Result<Option<Range<u64>>> {
    let Some(serials) = serials_at(window, start)? else { return Ok(None) };
    let end = match last_page(window)? {
        None => window.len(),
        Some(last) if serials.contains(&last.serial) => window.len(),
        Some(_) => link_end(window, start, window.len(), &serials)?,
    };
    // Halving goes by serial numbers, of which the next link may have the same.
    let anew = if serials.len() == 1 { restart(window, start..end)? } else { None };
    Ok(Some(start..anew.unwrap_or(end)))
}

/// The streams whose first pages lie at `start`; `None` if there are none.
fn serials_at(window: &mut Window, start: u64) -> io::Result<Option<BTreeSet<u32>>> {
    let mut serials = BTreeSet::new();
    let mut at = start;
    while let Some(page) = page_at(window, at)?
        && page.is_first
        && serials.len() < MAX_STREAMS
    {
        serials.insert(page.serial);
        at = page.end;
    }
    Ok((!serials.is_empty()).then_some(serials))
}

/// Where the pages of `serials`, which begin at `start`, give way to others.
fn link_end(window: &mut Window, start: u64, end: u64, serials: &BTreeSet<u32>) -> io::Result<u64> {
    let (mut own, mut other) = (start, end);
    while other - own > LINEAR_BYTES {
        let middle = own + (other - own) / 2;
        match page_from(window, middle, other)? {
            Some(page) if serials.contains(&page.serial) => own = page.start.max(own + 1),
            Some(page) => other = page.start.min(middle),
            None => other = middle,
        }
    }
    let mut at = own;
    let mut found = own;
    while let Some(page) = page_from(window, at, end)? {
        if !serials.contains(&page.serial) {
            return Ok(page.start);
        }
        at = page.end;
        found = page.end;
    }
    Ok(found.max(end))
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "the numbers of tests are small")]
mod tests {
    use super::*;
    use std::io::Write as _;

    use crate::source::Codec;

    fn page(serial: u32, is_first: bool, body: &[u8]) -> Vec<u8> {
        numbered(serial, 0, is_first, body)
    }

    fn numbered(serial: u32, sequence: u32, is_first: bool, body: &[u8]) -> Vec<u8> {
        let mut page = b"OggS\0".to_vec();
        page.push(if is_first { 2 } else { 0 });
        page.extend([0; 8]);
        page.extend(serial.to_le_bytes());
        page.extend(sequence.to_le_bytes());
        page.extend([0; 4]);
        let laces: Vec<u8> = [vec![255; body.len() / 255], vec![(body.len() % 255) as u8]].concat();
        page.push(laces.len() as u8);
        [page, laces, body.to_vec()].concat()
    }

    fn link(serials: &[u32], pages: usize) -> Vec<u8> {
        let first = serials.iter().map(|serial| page(*serial, true, b"head"));
        let more = (0..pages).map(|n| page(serials[n % serials.len()], false, &[n as u8; 4000]));
        first.chain(more).flatten().collect()
    }

    fn found(bytes: &[u8]) -> Vec<Range<u64>> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut window = Window::open(file.path()).unwrap();
        let mut all = Vec::new();
        let mut next = links(&mut window).unwrap();
        while let Some(range) = next {
            next = link_at(&mut window, range.end).unwrap();
            all.push(range);
        }
        all
    }

    #[test]
    fn links_are_found_whatever_their_lengths() {
        for lengths in [vec![1, 1], vec![200, 1, 300], vec![1, 400], vec![3, 3, 3, 3, 90]] {
            let links: Vec<Vec<u8>> = lengths
                .iter()
                .enumerate()
                .map(|(n, pages)| link(&[10 * n as u32, 10 * n as u32 + 1], *pages))
                .collect();
            let mut at = 0;
            let ends = links.iter().map(|link| {
                at += link.len() as u64;
                at - link.len() as u64..at
            });
            assert_eq!(found(&links.concat()), ends.collect::<Vec<_>>(), "{lengths:?}");
        }
    }

    #[test]
    fn links_of_one_serial_number_are_told_apart_by_the_numbers_of_their_pages() {
        // Lengths in pages, whose sizes vary by half.
        let size = |n: u32| 3000 + (n.wrapping_mul(2_654_435_761) >> 20) as usize % 2000;
        let link = |pages: u32| -> Vec<u8> {
            (0..pages).flat_map(|n| numbered(7, n, n == 0, &vec![n as u8; size(n)])).collect()
        };
        for lengths in [
            vec![300, 300],
            vec![400, 30],
            vec![30, 400],
            vec![90, 700],
            vec![2, 3000],
            vec![3000, 2],
            vec![200; 12],
            vec![2, 2, 2],
            vec![1000],
        ] {
            let links: Vec<Vec<u8>> = lengths.iter().map(|pages| link(*pages)).collect();
            let mut at = 0;
            let mut ends: Vec<_> = links
                .iter()
                .map(|link| {
                    at += link.len() as u64;
                    at - link.len() as u64..at
                })
                .collect();
            if ends.len() == 1 {
                ends.clear();
            }
            assert_eq!(found(&links.concat()), ends, "{lengths:?}");
        }
    }

    #[test]
    fn what_is_not_chained_is_left_alone() {
        let odd = link(&[7], 40);
        // Music that looks like a page of another stream.
        let trap = [link(&[7], 40), page(7, false, &page(8, true, b"no"))].concat();
        for bytes in [&odd[..], &trap, b"OggS", b"", b"fLaC", &[0; 70_000]] {
            assert_eq!(found(bytes), []);
        }
        // Cut in the middle of a page: the link goes on to the end.
        let cut = [link(&[1], 40), link(&[2], 40)].concat();
        assert_eq!(found(&cut[..cut.len() - 99]).len(), 2);
    }

    #[test]
    fn ranges_are_cut_at_links() {
        let link = |samples| Link { bytes: None, samples };
        let chain = Chain { links: vec![link(Some(100)), link(Some(50)), link(None)] };
        for (start, frames, expected) in [
            (0, 100, &[(0, 0, 100)][..]),
            (99, 2, &[(0, 99, 1), (1, 0, 1)]),
            (90, 100, &[(0, 90, 10), (1, 0, 50), (2, 0, 40)]),
            (150, 7, &[(2, 0, 7)]),
            (1000, 0, &[(2, 850, 0)]),
        ] {
            let parts = chain.parts(start, frames);
            let place = |part: &Part<'_>| {
                chain.links.iter().position(|link| std::ptr::eq(link, part.link)).unwrap()
            };
            let found: Vec<_> =
                parts.iter().map(|part| (place(part), part.start, part.frames)).collect();
            assert_eq!(found, expected, "{frames} from {start}");
        }
    }

    #[test]
    fn links_that_cannot_go_on_are_named() {
        let first = SourceFormat {
            codec: Codec::Vorbis,
            sample_rate: 44_100,
            channels: 2,
            bits_per_sample: None,
        };
        let said = |other| agree(first, other, 1).map_err(|error| error.to_string());
        assert_eq!(said(SourceFormat { channels: 1, ..first }), Ok(()));
        let other = said(SourceFormat { sample_rate: 48_000, ..first });
        assert!(other.is_err_and(|why| why.ends_with("first 44100 Hz, in piece 2 48000 Hz")));
        assert!(said(SourceFormat { codec: Codec::Opus, ..first }).is_err());
        let flac = SourceFormat { codec: Codec::Flac, bits_per_sample: Some(16), ..first };
        assert!(agree(flac, SourceFormat { channels: 1, ..flac }, 4).is_err());
        assert!(agree(flac, flac, 4).is_ok());
    }
}
