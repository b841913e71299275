//! Damaged files give errors or sound: never a panic, a dead worker, or sound without end.

use std::fs;
use std::path::Path;

use quicksync_decode::worker::{DECODE_TIMEOUT, Workers};
use quicksync_decode::{DecodeError, Decoder, analyse, decode, probe};

use crate::media::{FORMATS, Lcg, Shelf};
use crate::workers::pool;

const FRAMES: u32 = 12_000;
const MUTANTS: u64 = 100;

/// One of many ways to damage a file, chosen by `seed`.
fn mutant(file: &[u8], seed: u64) -> Vec<u8> {
    let mut random = Lcg(seed);
    let mut bytes = file.to_vec();
    let length = bytes.len() as u64;
    // Headers are where damage tells most.
    let near_start = |random: &mut Lcg| random.below(length.min(600)) as usize;
    match seed % 6 {
        0 => bytes.truncate(random.below(length) as usize),
        1 => {
            for _ in 0..=random.below(8) {
                bytes[near_start(&mut random)] ^= 1 << random.below(8);
            }
        }
        2 => {
            for _ in 0..=random.below(30) {
                bytes[random.below(length) as usize] = random.below(256) as u8;
            }
        }
        3 => {
            // A size, a count or a time as large as can be.
            let at = near_start(&mut random);
            let end = (at + 4).min(bytes.len());
            bytes[at..end].fill(0xff);
        }
        4 => {
            let at = random.below(length) as usize;
            let end = (at + random.below(500) as usize).min(bytes.len());
            bytes.drain(at..end);
        }
        _ => {
            let at = random.below(length) as usize;
            let end = (at + random.below(2000) as usize).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            let to = random.below(length) as usize;
            bytes.splice(to..to, piece);
        }
    }
    bytes
}

fn assert_honest<T>(what: &str, result: &Result<T, DecodeError>) {
    let fits =
        matches!(result, Ok(_) | Err(DecodeError::Malformed(_) | DecodeError::Unsupported(_)));
    if let Err(error) = result {
        assert!(fits, "{what}: {error:?}");
    }
}

#[tokio::test]
async fn mutants_harm_nobody() {
    let shelf = Shelf::new();
    let workers = Workers::new(pool(1, DECODE_TIMEOUT), pool(1, DECODE_TIMEOUT));
    for (index, format) in FORMATS.iter().enumerate() {
        let file = fs::read(format.encode(&shelf, FRAMES)).unwrap();
        for n in 0..MUTANTS {
            let seed = n + 1000 * index as u64;
            let what = format!("{} mutant {seed}", format.name);
            let path = shelf.put("mutant", &mutant(&file, seed));
            assert_honest(&what, &workers.probe(&path).await);
            let analysis = workers.analyse(&path).await;
            assert_honest(&what, &analysis);
            if let Ok(analysis) = analysis {
                // A byte of coded audio holds no hour of it.
                assert!(analysis.samples < 40_000_000, "{what}: {}", analysis.samples);
            }
            for start in [0, 5000] {
                let range = workers.decode(&path, start, 4000).await;
                assert_honest(&what, &range);
                assert!(!range.is_ok_and(|range| range.len() > 8000), "{what}: too long");
            }
        }
    }
}

#[test]
fn nothing_panics_in_process() {
    let shelf = Shelf::new();
    let all = |path: &Path| {
        let _ = (probe(path), analyse(path), decode(path, 0, 100), decode(path, 1 << 40, 100));
    };
    all(&shelf.put("empty", b""));
    for magic in [
        &b"fLaC"[..],
        b"OggS",
        b"RIFF\xff\xff\xff\xffWAVE",
        b"FORM",
        b"\0\0\0\x08ftyp",
        b"\xff\xfb\x90\x64",
        b"ID3",
        b"\xff\xf1",
    ] {
        for filler in [0, 0xff] {
            for length in [0, 1, 40, 70_000] {
                all(&shelf.put("hostile", &[magic, &vec![filler; length]].concat()));
            }
        }
    }
}
