//! A decoder and a tag reader for files of one line of tags and then "audio", and a library over
//! a folder of such files.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use quicksync_decode::{
    Analysis, AudioHash, Codec, DecodeError, Decoder, Measurement, Probe, SourceFormat,
};
use quicksync_library::{Library, LibraryConfig, ScanReport, TagError, TagReader, Tags};
use quicksync_store::{
    LibraryStore, PageRequest, ProblemRow, SqliteStore, TrackQuery, TrackRow, TrackSort,
};
use tempfile::TempDir;
use tokio::sync::Semaphore;

pub(crate) const ALL: PageRequest = PageRequest { offset: 0, limit: 1000 };
/// The time it always is.
pub(crate) const NOW_US: i64 = 1_700_000_000_000_000;

fn now_us() -> i64 {
    NOW_US
}

/// Decodes files whose first line is tags and the rest audio.
#[derive(Debug)]
pub(crate) struct FakeDecoder {
    pub(crate) probes: AtomicU64,
    pub(crate) analyses: AtomicU64,
    pub(crate) measures: AtomicU64,
    /// Analyses wait for a permit each.
    pub(crate) gate: Semaphore,
    /// Done to a file while it is probed.
    pub(crate) while_probing: Mutex<Option<fn(&Path)>>,
    /// What every call fails with.
    pub(crate) fails: Mutex<Option<fn() -> DecodeError>>,
}

impl Default for FakeDecoder {
    fn default() -> Self {
        Self {
            probes: AtomicU64::new(0),
            analyses: AtomicU64::new(0),
            measures: AtomicU64::new(0),
            gate: Semaphore::new(10_000),
            while_probing: Mutex::default(),
            fails: Mutex::default(),
        }
    }
}

const FORMAT: SourceFormat = SourceFormat {
    codec: Codec::Flac,
    sample_rate: 44_100,
    channels: 2,
    bits_per_sample: Some(16),
};

/// As loud, in LUFS, as the audio is long, below 0; nothing to merge into an album.
fn measurement(length: f64) -> Measurement {
    Measurement {
        integrated_lufs: Some(-length),
        true_peak_dbtp: Some(-length / 2.0),
        blocks: Vec::new(),
    }
}

impl FakeDecoder {
    fn audio(&self, path: &Path) -> Result<Vec<u8>, DecodeError> {
        if let Some(error) = *self.fails.lock().unwrap() {
            return Err(error());
        }
        let bytes =
            std::fs::read(path).map_err(|error| DecodeError::Unreadable(error.to_string()))?;
        let end = bytes.iter().position(|byte| *byte == b'\n');
        end.map(|end| bytes[end..].to_vec())
            .ok_or_else(|| DecodeError::Malformed("there is no sound in it".into()))
    }
}

#[async_trait]
impl Decoder for FakeDecoder {
    async fn probe(&self, path: &Path) -> Result<Probe, DecodeError> {
        self.probes.fetch_add(1, Ordering::SeqCst);
        let audio = self.audio(path);
        let action = *self.while_probing.lock().unwrap();
        if let Some(action) = action {
            action(path);
        }
        Ok(Probe { format: FORMAT, claimed_samples: Some(audio?.len() as u64) })
    }

    async fn analyse(&self, path: &Path) -> Result<Analysis, DecodeError> {
        self.analyses.fetch_add(1, Ordering::SeqCst);
        let _permit = self.gate.acquire().await.unwrap();
        let audio = self.audio(path)?;
        let audio_hash = AudioHash(*blake3::hash(&audio).as_bytes());
        Ok(Analysis { format: FORMAT, samples: audio.len() as u64, mean_kbps: 100, audio_hash })
    }

    async fn measure(&self, path: &Path, samples: u64) -> Result<Measurement, DecodeError> {
        self.measures.fetch_add(1, Ordering::SeqCst);
        let audio = self.audio(path)?;
        assert_eq!(samples, audio.len() as u64);
        Ok(measurement(f64::from(u32::try_from(samples).unwrap())))
    }

    async fn decode(&self, _: &Path, _: u64, _: u32) -> Result<Vec<f32>, DecodeError> {
        Err(DecodeError::Unsupported("nobody listens here".into()))
    }
}

/// Reads `title|artist|album` from the first line.
#[derive(Debug)]
struct FakeTags;

#[async_trait]
impl TagReader for FakeTags {
    async fn read(&self, path: &Path) -> Result<Tags, TagError> {
        let bytes = std::fs::read(path).unwrap_or_default();
        let line = String::from_utf8_lossy(bytes.split(|byte| *byte == b'\n').next().unwrap());
        let mut parts = line.split('|').map(str::to_owned);
        let mut part = || parts.next().unwrap_or_default();
        Ok(Tags { title: part(), artist: part(), album: part(), ..Tags::default() })
    }
}

/// A music folder, a library over it, and what is needed to look inside.
pub(crate) struct House {
    pub(crate) folder: TempDir,
    pub(crate) library: Library,
    pub(crate) store: SqliteStore,
    pub(crate) decoder: Arc<FakeDecoder>,
    writes: AtomicI64,
}

impl House {
    /// A house whose files are never too fresh.
    pub(crate) async fn new() -> Self {
        Self::with(|config| config.settle = Duration::ZERO).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut LibraryConfig)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open_in_memory().await.unwrap();
        let decoder = Arc::new(FakeDecoder::default());
        let root = folder.path().join("m");
        std::fs::create_dir(&root).unwrap();
        let mut config = LibraryConfig::from(vec![root]);
        config.clock = now_us;
        config.tags = Arc::new(FakeTags);
        change(&mut config);
        let library = Library::new(Arc::new(store.clone()), decoder.clone(), config);
        Self { folder, library, store, decoder, writes: AtomicI64::new(0) }
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("m")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Writes a file of these tags and this audio, about an hour old.
    pub(crate) fn write(&self, name: &str, tags: &str, audio: &str) {
        self.write_bytes(name, format!("{tags}\n{audio}").as_bytes());
    }

    pub(crate) fn write_bytes(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        set_time(&path, NOW_US - 3_600_000_000 + self.writes.fetch_add(1, Ordering::SeqCst));
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        let to = self.path(to);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::rename(self.path(from), to).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).unwrap();
    }

    pub(crate) async fn scan(&self) -> ScanReport {
        self.library.scan_once(&|_| {}).await.unwrap()
    }

    pub(crate) async fn scan_and_analyse(&self) -> ScanReport {
        let report = self.scan().await;
        self.library.analyse_pending(&|_| {}).await.unwrap();
        report
    }

    pub(crate) async fn tracks(&self) -> Vec<TrackRow> {
        let query = TrackQuery { sort: TrackSort::Title, ..TrackQuery::default() };
        self.store.tracks(&query, ALL).await.unwrap().items
    }

    pub(crate) async fn titles(&self) -> Vec<String> {
        self.tracks().await.into_iter().map(|track| track.title).collect()
    }

    pub(crate) async fn only(&self) -> TrackRow {
        let mut tracks = self.tracks().await;
        assert_eq!(tracks.len(), 1, "{tracks:?}");
        tracks.remove(0)
    }

    pub(crate) async fn problems(&self) -> Vec<ProblemRow> {
        self.store.problems(ALL).await.unwrap().items
    }

    pub(crate) fn probes(&self) -> u64 {
        self.decoder.probes.swap(0, Ordering::SeqCst)
    }

    pub(crate) fn analyses(&self) -> u64 {
        self.decoder.analyses.swap(0, Ordering::SeqCst)
    }
}

pub(crate) fn set_time(path: &Path, unix_us: i64) {
    let time: SystemTime = UNIX_EPOCH + Duration::from_micros(unix_us.unsigned_abs());
    std::fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}
