//! Any range of bytes is the slice of the whole file.

use bytes::Bytes;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use quicksync_model::{Loudness, Quality};
use quicksync_progressive::{Container, Place, ProgressiveError, Tags};

use crate::support::{file, full_tags, packets, part, read};

const CONTAINERS: [Container; 2] = [Container::OggOpus, Container::Mp3];
const SEGMENT: u64 = 184_320;

fn lengths() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), 1..2000_u64, SEGMENT - 2..SEGMENT + 2, SEGMENT..4 * SEGMENT]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ranges_are_slices_of_the_whole(
        samples in lengths(),
        quality in (0..4_usize).prop_map(|n| Quality::ALL[n]),
        is_mp3 in any::<bool>(),
        is_tagged in any::<bool>(),
        cuts in proptest::collection::vec((any::<u64>(), any::<u64>()), 12),
    ) {
        let container = CONTAINERS[usize::from(is_mp3)];
        let tags = if is_tagged { full_tags() } else { Tags::default() };
        let file = file(container, samples, quality, &tags);
        let whole = read(&file, container, quality, 0..u64::MAX);
        assert_eq!(whole.len() as u64, file.size());
        for (a, b) in cuts {
            let (a, b) = (a % (file.size() + 2), b % (file.size() + 2));
            let range = a.min(b)..a.max(b);
            let at = |place: u64| usize::try_from(place.min(file.size())).unwrap();
            let slice = &whole[at(range.start)..at(range.end)];
            assert!(read(&file, container, quality, range.clone()) == slice, "{range:?}");
        }
    }
}

#[test]
fn nothing_moves_when_the_loudness_becomes_known() {
    let [quiet, loud] = [(-70.0, -100.0), (40.0, 20.0)].map(|(integrated_lufs, true_peak_dbtp)| {
        Some(Loudness { integrated_lufs, true_peak_dbtp })
    });
    for container in CONTAINERS {
        let heads =
            [(None, None), (quiet, None), (loud, quiet), (quiet, loud)].map(|(track, album)| {
                let tags = Tags { track_loudness: track, album_loudness: album, ..full_tags() };
                file(container, SEGMENT, Quality::Low, &tags).head()
            });
        assert!(heads.iter().all(|head| head.len() == heads[0].len()), "{container:?}");
        assert!(heads[0] != heads[1] && heads[1] != heads[2], "{container:?}");
    }
}

#[test]
fn a_seek_touches_only_what_it_needs() {
    for container in CONTAINERS {
        let file = file(container, 60 * SEGMENT, Quality::Medium, &full_tags());
        let middle = file.size() / 2;
        let parts: Vec<_> = file.parts(middle..middle + 1000).collect();
        assert!(parts.len() <= 2, "{parts:?}");
        assert!(
            parts.iter().all(|part| matches!(part.place, Place::Segment(28..=31))),
            "{parts:?}"
        );
        assert_eq!(file.parts(file.size()..file.size() + 9).count(), 0);
        let last: Vec<_> = file.parts(file.size() - 1..u64::MAX).collect();
        assert_eq!(last.iter().map(|part| part.place).collect::<Vec<_>>(), [Place::Segment(59)]);
    }
}

#[test]
fn runs_put_together_are_the_segment() {
    for container in CONTAINERS {
        let quality = Quality::Low;
        let file = file(container, SEGMENT + 100_001, quality, &Tags::default());
        let size = container.packet_bytes(quality.bitrate()) as usize;
        for segment in [0, 1] {
            let count = file.packets(segment);
            let all = packets(container, quality, segment, count);
            let whole = file.run(segment, 0, &all).unwrap();
            assert_eq!(whole.len() as u64, file.run_bytes(count));
            let run = 48.max(container.run_packets());
            let mut joined = Vec::new();
            for first in (0..count).step_by(run as usize) {
                let to = (first + run).min(count);
                let packets = all.slice(first as usize * size..to as usize * size);
                joined.extend_from_slice(&file.run(segment, first, &packets).unwrap());
            }
            assert!(joined == whole, "{container:?} {segment}");
        }
    }
}

#[test]
fn packets_that_do_not_fit_are_refused() {
    let container = Container::OggOpus;
    let file = file(container, SEGMENT + 960 * 50, Quality::Low, &Tags::default());
    for (segment, first, bytes) in [
        (0, 0, 47 * 160),
        (0, 1, 48 * 160),
        (0, 0, 193 * 160),
        (1, 0, 51 * 160),
        (1, 48, 3 * 160),
        (2, 0, 160),
        (0, 0, 1),
    ] {
        let packets = Bytes::from(vec![0; bytes]);
        let refused = file.run(segment, first, &packets);
        let error = ProgressiveError::Packets { segment, first, got: bytes };
        assert_eq!(refused, Err(error));
    }
    assert!(file.run(1, 48, &Bytes::from(vec![0; 320])).is_ok());
    let refused = file.warm_up(&Bytes::from_static(b"x"));
    assert_eq!(refused, Err(ProgressiveError::WarmUp { got: 1 }));
}

#[test]
fn a_part_says_which_bytes_of_its_piece() {
    let container = Container::Mp3;
    let file = file(container, 2 * SEGMENT, Quality::Low, &Tags::default());
    // Info frame and warm-up have 192 bytes each, a segment 160 of them.
    let parts: Vec<_> = file.parts(191..385).map(|part| (part.place, part.range)).collect();
    let expected = [(Place::Head, 191..192), (Place::WarmUp, 0..192), (Place::Segment(0), 0..1)];
    assert_eq!(parts, expected);
    let one = file.parts(385..386).next().unwrap();
    assert_eq!(part(&file, container, Quality::Low, &one).len(), 1);
}
