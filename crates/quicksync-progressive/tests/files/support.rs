//! A file, and packets of the tests' own.

use bytes::Bytes;
use quicksync_model::{Loudness, Quality, Timeline};
use quicksync_progressive::{Container, Part, Picture, Place, Tags, TrackFile};

/// A file at one quality.
pub(crate) fn file(container: Container, samples: u64, quality: Quality, tags: &Tags) -> TrackFile {
    let timeline = Timeline::new(samples);
    TrackFile::new(container, timeline, quality.bitrate(), 0x5eed, 44_100, tags)
}

/// Packets of one segment that no other segment has.
pub(crate) fn packets(container: Container, quality: Quality, segment: u64, count: u32) -> Bytes {
    let size = container.packet_bytes(quality.bitrate());
    let seed = segment.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (0..u64::from(size * count)).map(|n| (n.wrapping_mul(seed | 1) >> 7).to_le_bytes()[0]).collect()
}

/// The warm-up packet.
pub(crate) fn warm_up(container: Container, quality: Quality) -> Bytes {
    packets(container, quality, u64::MAX, 1)
}

/// The bytes of one part.
pub(crate) fn part(file: &TrackFile, container: Container, quality: Quality, part: &Part) -> Bytes {
    let piece = match part.place {
        Place::Head => file.head(),
        Place::WarmUp => file.warm_up(&warm_up(container, quality)).unwrap(),
        Place::Segment(index) => {
            let packets = packets(container, quality, index, file.packets(index));
            file.run(index, 0, &packets).unwrap()
        }
    };
    let at = |place: u64| usize::try_from(place).unwrap();
    piece.slice(at(part.range.start)..at(part.range.end))
}

/// The bytes of a range, part by part.
pub(crate) fn read(
    file: &TrackFile,
    container: Container,
    quality: Quality,
    range: std::ops::Range<u64>,
) -> Vec<u8> {
    file.parts(range).flat_map(|one| part(file, container, quality, &one)).collect()
}

/// Every field filled, and a cover that takes more than one page.
pub(crate) fn full_tags() -> Tags {
    let loudness = Loudness { integrated_lufs: -9.5, true_peak_dbtp: -0.3 };
    Tags {
        title: "Día".into(),
        artist: "Ann".into(),
        album: "Days".into(),
        album_artist: "Various".into(),
        track_number: Some(7),
        disc_number: Some(1),
        year: Some(1999),
        genre: Some("Jazz".into()),
        picture: Some(Picture { media_type: "image/png".into(), bytes: vec![7; 150_000] }),
        track_loudness: Some(loudness),
        album_loudness: Some(loudness),
    }
}
