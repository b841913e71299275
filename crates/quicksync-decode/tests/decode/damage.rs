//! Damaged files give errors or sound: never a panic, a dead worker, or sound without end.

use std::path::{Path, PathBuf};

use quicksync_decode::worker::{DECODE_TIMEOUT, Pool};
use quicksync_decode::{DecodeError, analyse, decode, probe};

use crate::media::{FORMATS, Shelf};
use crate::workers::pool;

/// Frames of the files that are damaged: small, so that there can be many.
const FRAMES: u32 = 6_000;
/// Mutants of each format.
const MUTANTS: u64 = 1_000;
/// Mutants that a child is asked to try at once.
const BATCH: u64 = 50;
/// Every container and every codec in one of them.
const DAMAGED: [&str; 14] = [
    "untagged.mp3",
    "pcm.wav",
    "rf64.wav",
    "pcm.aiff",
    "native.flac",
    "flac.oga",
    "alac.m4a",
    "vbr.mp3",
    "stereo.ogg",
    "surround.opus",
    "opus.mp4",
    "aac.m4a",
    "fragments.m4a",
    "stream.aac",
];

/// How many of the mutants of `file` from seed `first` on still give sound.
async fn torture(pool: &Pool, file: &Path, scratch: &Path, first: u64, count: u64) -> u64 {
    let order = format!("{}\n{}\n{first}\n{count}", file.display(), scratch.display());
    match pool.call("torture", order.as_bytes()).await {
        Ok(answer) => String::from_utf8(answer).unwrap().parse().unwrap(),
        Err(error) if count == 1 => panic!("{} mutant {first}: {error}", file.display()),
        Err(_) => {
            // One of them: which, is found one by one.
            let mut sounding = 0;
            for seed in first..first + count {
                sounding += Box::pin(torture(pool, file, scratch, seed, 1)).await;
            }
            sounding
        }
    }
}

/// Two links of Vorbis.
fn chain(shelf: &Shelf) -> PathBuf {
    let source = shelf.wav(2, 44_100, FRAMES);
    let links = ["1", "2"].map(|serial| {
        let options = ["-c:a", "libvorbis", "-serial_offset", serial];
        std::fs::read(shelf.encode(&source, &format!("link-{serial}.ogg"), &options)).unwrap()
    });
    shelf.put("chain.ogg", &links.concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_mutants_of_each_format_harm_nobody() {
    let shelf = Shelf::new();
    // The children bound their own computing: a busy machine is no failure.
    let pool = pool(4, 20 * DECODE_TIMEOUT);
    let mut files = Vec::new();
    for name in DAMAGED {
        let format = FORMATS.iter().find(|format| format.name == name).unwrap();
        let file: PathBuf = format.encode(&shelf, FRAMES);
        files.push((name, file));
    }
    files.push(("chain.ogg", chain(&shelf)));
    let mut orders = Vec::new();
    for (name, file) in files {
        for first in (0..MUTANTS).step_by(BATCH as usize) {
            let scratch = shelf.path(&format!("{name}-{first}"));
            let (pool, file) = (pool.clone(), file.clone());
            let work = async move { torture(&pool, &file, &scratch, first, BATCH).await };
            orders.push((name, tokio::spawn(work)));
        }
    }
    let mut sounding = std::collections::BTreeMap::<&str, u64>::new();
    for (name, order) in orders {
        *sounding.entry(name).or_default() += order.await.unwrap();
    }
    // Damage that always ends in an error, or never, would test only half of it.
    assert!(sounding.values().all(|count| (10..990).contains(count)), "{sounding:?}");
    println!("of {MUTANTS} mutants each so many give sound: {sounding:?}");
}

#[test]
fn files_that_change_after_their_analysis_give_their_new_sound_or_an_error() {
    let shelf = Shelf::new();
    for name in ["pcm.wav", "native.flac", "vbr.mp3", "untagged.mp3", "stereo.ogg", "aac.m4a"] {
        let format = FORMATS.iter().find(|format| format.name == name).unwrap();
        let path = format.encode(&shelf, 200_003);
        let file = std::fs::read(&path).unwrap();
        let samples = analyse(&path).unwrap().samples;
        let whole = decode(&path, 0, 1 << 20).unwrap();
        // Asked in the middle first, so that whatever is remembered of the file is remembered.
        let middle = decode(&path, samples / 2, 4096).unwrap();
        std::fs::write(&path, &file[..file.len() / 2]).unwrap();
        match decode(&path, 0, 1 << 20) {
            Ok(half) => {
                let heard = half.len().min(whole.len() / 4);
                assert!(half.len() <= whole.len(), "{name}");
                assert_eq!(half[..heard], whole[..heard], "{name}");
            }
            // Of an MP4 file without its table of contents nothing is known.
            Err(DecodeError::Malformed(_) | DecodeError::Unsupported(_)) => {}
            Err(error) => panic!("{name}: {error:?}"),
        }
        let _no_panic = decode(&path, samples / 2, 4096);
        // It grows again to what it was, as a file does that is being copied.
        std::fs::write(&path, &file).unwrap();
        assert_eq!(decode(&path, samples / 2, 4096).unwrap(), middle, "{name}");
        std::fs::remove_file(&path).unwrap();
        for gone in [decode(&path, 0, 9), decode(&path, samples / 2, 9)] {
            assert!(matches!(gone, Err(DecodeError::Unreadable(_))), "{name}: {gone:?}");
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
