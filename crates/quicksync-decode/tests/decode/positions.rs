//! The same samples come back wherever decoding begins.

use std::path::Path;

use quicksync_decode::{DecodeError, MAX_FRAMES, analyse, decode};

use crate::media::{FORMATS, Shelf};
use crate::mutate::Lcg;

/// Long enough that every margin lies inside the file several times over.
const FRAMES: u32 = 300_007;

fn bits(samples: &[f32]) -> Vec<u32> {
    samples.iter().map(|sample| sample.to_bits()).collect()
}

#[track_caller]
fn assert_range(name: &str, path: &Path, linear: &[f32], start: u64, frames: u32) {
    let ours = decode(path, start, frames).unwrap();
    let total = linear.len() as u64 / 2;
    let (from, to) = (start.min(total), (start + u64::from(frames)).min(total));
    let expected = &linear[from as usize * 2..to as usize * 2];
    assert_eq!(ours.len(), expected.len(), "{name}: {frames} from {start}");
    let first = ours.iter().zip(expected).position(|(a, b)| a.to_bits() != b.to_bits());
    assert_eq!(first, None, "{name}: {frames} from {start}: first difference");
}

#[test]
fn every_range_equals_the_linear_decode() {
    let shelf = Shelf::new();
    for format in &FORMATS {
        let path = format.encode(&shelf, FRAMES);
        let linear = decode(&path, 0, 2 * FRAMES).unwrap();
        let total = linear.len() as u64 / 2;
        let mut random = Lcg(11);
        let corners = [0, 1, 1023, 1024, total - 1, total, total + 1, total + 90_000, total - 3000];
        let anywhere = (0..12).map(|_| random.below(total));
        for start in corners.into_iter().chain(anywhere) {
            assert_range(format.name, &path, &linear, start, 4096);
        }
        assert_range(format.name, &path, &linear, total - 500, 100_000);
        assert_range(format.name, &path, &linear, 70_000, 0);
    }
}

#[test]
fn neighbouring_ranges_join_into_the_whole() {
    let shelf = Shelf::new();
    for format in &FORMATS {
        let path = format.encode(&shelf, 140_001);
        let samples = analyse(&path).unwrap().samples;
        let whole = decode(&path, 0, MAX_FRAMES).unwrap();
        assert_eq!(whole.len() as u64, 2 * samples, "{}", format.name);
        let parts: Vec<f32> = (0..samples)
            .step_by(33_333)
            .flat_map(|at| decode(&path, at, 33_333).unwrap())
            .collect();
        assert!(bits(&parts) == bits(&whole), "{}", format.name);
    }
}

#[test]
fn too_long_a_range_is_refused() {
    let shelf = Shelf::new();
    let path = shelf.wav(2, 44_100, 10);
    assert!(matches!(decode(&path, 0, MAX_FRAMES + 1), Err(DecodeError::Exhausted(_))));
    assert_eq!(decode(&path, u64::MAX, MAX_FRAMES).unwrap().len(), 0);
    assert_eq!(decode(&path, 9, 5).unwrap().len(), 2);
}

#[test]
fn ranges_in_a_long_last_page_equal_the_linear_decode() {
    let shelf = Shelf::new();
    // Five pages of 85 packets of 640 bytes, of which a search by halves visits the third and the
    // last.
    let args = ["-c:a", "libopus", "-b:a", "256k", "-vbr", "off", "-page_duration", "20000000"];
    for frames in [400_100, 404_500] {
        let source = shelf.wav(2, 48_000, frames);
        let path = shelf.encode(&source, "pages.opus", &args);
        let linear = decode(&path, 0, 2 * frames).unwrap();
        assert_eq!(linear.len(), 2 * frames as usize);
        for start in (u64::from(frames) - 140_000..u64::from(frames)).step_by(4999) {
            assert_range("pages.opus", &path, &linear, start, 2000);
        }
    }
}

#[test]
fn ranges_among_pages_in_which_no_packet_ends_equal_the_linear_decode() {
    let shelf = Shelf::new();
    // Frames of some 200 kB, which take three or four pages each.
    let args = ["-c:a", "flac", "-frame_size", "32768", "-strict", "experimental"];
    let path = shelf.encode(&shelf.wav(6, 96_000, 500_003), "wide.oga", &args);
    let linear = decode(&path, 0, 1_000_000).unwrap();
    assert_eq!(linear.len(), 2 * 500_003);
    for start in (1_000..500_003).step_by(31_117) {
        assert_range("wide.oga", &path, &linear, start, 2000);
    }
}

/// The check sum of a page (RFC 3533 §6).
fn page_sum(page: &[u8]) -> u32 {
    page.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ (u32::from(*byte) << 24), |sum, _| {
            (sum << 1) ^ if sum >> 31 == 1 { 0x04c1_1db7 } else { 0 }
        })
    })
}

/// The Ogg file with every granule position of music less by `samples`.
fn moved_up(file: &[u8], samples: u64) -> Vec<u8> {
    let mut moved = file.to_vec();
    let mut at = 0;
    while at < moved.len() {
        let segments = usize::from(moved[at + 26]);
        let body: usize =
            moved[at + 27..at + 27 + segments].iter().map(|size| usize::from(*size)).sum();
        let page = &mut moved[at..at + 27 + segments + body];
        let granule = u64::from_le_bytes(page[6..14].try_into().unwrap());
        if granule > 0 && granule < u64::MAX {
            page[6..14].copy_from_slice(&(granule - samples).to_le_bytes());
        }
        page[22..26].fill(0);
        let sum = page_sum(page);
        page[22..26].copy_from_slice(&sum.to_le_bytes());
        at += 27 + segments + body;
    }
    moved
}

#[test]
fn what_a_first_page_of_vorbis_holds_too_much_lies_before_the_beginning() {
    let shelf = Shelf::new();
    let plain = shelf.encode(
        &shelf.wav(2, 44_100, 200_000),
        "plain.ogg",
        &["-c:a", "libvorbis", "-q:a", "4"],
    );
    let bytes = std::fs::read(&plain).unwrap();
    assert_eq!(moved_up(&bytes, 0), bytes, "the sums are the file's own");
    let whole = decode(&plain, 0, 200_000).unwrap();
    for samples in [1_u32, 128, 700] {
        let cut = shelf.put("cut.ogg", &moved_up(&bytes, samples.into()));
        assert_eq!(analyse(&cut).unwrap().samples, u64::from(200_000 - samples), "{samples}");
        for start in [0, 1, 10_000, 60_000, 150_000_u32] {
            let ours = decode(&cut, start.into(), 5_000).unwrap();
            let from = 2 * (start + samples) as usize;
            assert!(ours == whole[from..from + 10_000], "{samples} before {start}");
        }
    }
}
