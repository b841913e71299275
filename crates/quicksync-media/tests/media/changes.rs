//! Files that change after they were analysed: what was made stays right, what cannot be made is said.

use std::fs::{File, FileTimes};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use quicksync_decode::{Analysis, DecodeError, Decoder, InProcess, Measurement, Probe};
use quicksync_media::{Engine, FileStamp, MediaError, Programme, Source};
use quicksync_model::{Quality, Rendition};
use tempfile::TempDir;

use crate::harness::config;

const LOW: Rendition = Rendition::Opus(Quality::Low);
/// Three segments and a part of a fourth, at 48 kHz.
const FRAMES: u32 = 600_007;

/// A WAV file of 16 bits in which every sample hangs on the seed; `tag` stands behind the samples.
fn wav(frames: u32, seed: u32, tag: &[u8]) -> Vec<u8> {
    let chunk = |id: &[u8; 4], body: &[u8]| {
        let size = u32::try_from(body.len()).unwrap().to_le_bytes();
        [&id[..], &size, body, if body.len() % 2 == 1 { &[0] } else { &[] }].concat()
    };
    let format = [1_u16, 2, 48_000, 0, 61_184, 2, 4, 16].map(u16::to_le_bytes).concat();
    let mut state = seed;
    let mut sample = |n: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let wave = ((n / 100) % 200) * 100;
        u16::try_from((wave + (state >> 20)) & 0xffff).unwrap().to_le_bytes()
    };
    let samples: Vec<u8> = (0..2 * frames).flat_map(&mut sample).collect();
    let tag = if tag.is_empty() { Vec::new() } else { chunk(b"note", tag) };
    let body = [b"WAVE".to_vec(), chunk(b"fmt ", &format), chunk(b"data", &samples), tag].concat();
    chunk(b"RIFF", &body)
}

fn stamp(path: &Path) -> FileStamp {
    let found = std::fs::metadata(path).unwrap();
    let since = found.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap();
    FileStamp { size_bytes: found.len(), modified_us: i64::try_from(since.as_micros()).unwrap() }
}

/// A track as a library has it.
fn programme(path: &Path) -> Programme {
    let analysis = quicksync_decode::analyse(path).unwrap();
    let source = Source { path: path.to_owned(), analysis, stamp: Some(stamp(path)) };
    Programme::track(source).unwrap()
}

struct Stage {
    _folder: TempDir,
    path: PathBuf,
    programme: Programme,
    engine: Engine,
}

impl Stage {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        std::fs::write(&path, wav(FRAMES, 1, b"")).unwrap();
        let engine = Engine::open(config(), Arc::new(InProcess)).await.unwrap();
        Self { programme: programme(&path), _folder: folder, path, engine }
    }

    async fn segment(&self, index: u64) -> Result<Bytes, MediaError> {
        self.engine.segment(&self.programme, LOW, index).await
    }

    /// Puts other bytes in the place of the file, as who saves by renaming does, dated as it was.
    fn replace(&self, bytes: &[u8]) {
        let dated = std::fs::metadata(&self.path).unwrap().modified().unwrap();
        let other = self.path.with_extension("new");
        std::fs::write(&other, bytes).unwrap();
        let file = File::options().write(true).open(&other).unwrap();
        file.set_times(FileTimes::new().set_modified(dated)).unwrap();
        std::fs::rename(&other, &self.path).unwrap();
    }
}

fn is_unreadable(outcome: &Result<Bytes, MediaError>) -> bool {
    let Err(MediaError::Source(cause)) = outcome else { return false };
    matches!(**cause, DecodeError::Unreadable(_))
}

type Change = fn(&Stage);

const CHANGES: [(&str, Change); 6] = [
    ("other audio of the same length", |stage| {
        std::fs::write(&stage.path, wav(FRAMES, 2, b"")).unwrap();
    }),
    ("other audio of the same length and date", |stage| stage.replace(&wav(FRAMES, 3, b""))),
    ("longer", |stage| std::fs::write(&stage.path, wav(FRAMES + 48_000, 1, b"")).unwrap()),
    ("shorter", |stage| {
        let file = File::options().write(true).open(&stage.path).unwrap();
        file.set_len(900_000).unwrap();
    }),
    ("no music", |stage| std::fs::write(&stage.path, b"nothing of the kind").unwrap()),
    ("gone", |stage| std::fs::remove_file(&stage.path).unwrap()),
];

#[tokio::test]
async fn nothing_is_made_of_another_file_and_what_was_made_stays() {
    for (name, change) in CHANGES {
        let stage = Stage::new().await;
        let first = stage.segment(0).await.unwrap();
        change(&stage);
        for index in [1, 2, 3] {
            let outcome = stage.segment(index).await;
            assert!(is_unreadable(&outcome), "{name}: {outcome:?}");
        }
        assert_eq!(stage.segment(0).await.unwrap(), first, "{name}: it was made before");
        // Nobody else is any the worse for it.
        let other = Stage::new().await;
        let expected = other.segment(1).await.unwrap();
        let there = stage.engine.segment(&other.programme, LOW, 1).await.unwrap();
        assert_eq!(there, expected, "{name}");
        // The audio is back: nothing of the other was kept under its name.
        std::fs::write(&stage.path, wav(FRAMES, 1, b"")).unwrap();
        assert_eq!(stage.segment(1).await.unwrap(), expected, "{name}");
    }
}

#[tokio::test]
async fn new_tags_and_dates_change_no_byte() {
    let untouched = Stage::new().await;
    let stage = Stage::new().await;
    stage.segment(0).await.unwrap();
    std::fs::write(&stage.path, wav(FRAMES, 1, b"a title")).unwrap();
    assert_eq!(stage.segment(1).await.unwrap(), untouched.segment(1).await.unwrap());
    stage.replace(&wav(FRAMES, 1, b"a genre"));
    assert_eq!(stage.segment(2).await.unwrap(), untouched.segment(2).await.unwrap());
    // As the library has it after a look.
    let known = Stage { programme: programme(&stage.path), ..stage };
    assert_eq!(known.segment(3).await.unwrap(), untouched.segment(3).await.unwrap());
}

/// Decodes, and has the file written to meanwhile, once.
#[derive(Debug)]
struct Meddler(AtomicBool);

#[async_trait]
impl Decoder for Meddler {
    async fn probe(&self, path: &Path) -> Result<Probe, DecodeError> {
        InProcess.probe(path).await
    }

    async fn analyse(&self, path: &Path) -> Result<Analysis, DecodeError> {
        InProcess.analyse(path).await
    }

    async fn measure(&self, path: &Path, samples: u64) -> Result<Measurement, DecodeError> {
        InProcess.measure(path, samples).await
    }

    async fn decode(&self, path: &Path, start: u64, frames: u32) -> Result<Vec<f32>, DecodeError> {
        let decoded = InProcess.decode(path, start, frames).await;
        if !self.0.swap(true, Ordering::SeqCst) {
            std::fs::write(path, wav(FRAMES, 1, b"another title")).unwrap();
        }
        decoded
    }
}

#[tokio::test]
async fn what_was_read_in_the_midst_of_a_change_is_not_believed() {
    let stage = Stage::new().await;
    let engine = Engine::open(config(), Arc::new(Meddler(AtomicBool::new(false)))).await.unwrap();
    let midst = engine.segment(&stage.programme, LOW, 1).await;
    assert!(is_unreadable(&midst), "{midst:?}");
    let after = engine.segment(&stage.programme, LOW, 1).await.unwrap();
    assert_eq!(after, Stage::new().await.segment(1).await.unwrap());
}
