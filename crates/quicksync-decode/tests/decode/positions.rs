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
