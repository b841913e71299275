//! What is on disk is served only if it is whole; what is wrong with a disk costs time, not sound.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path as StorePath;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result as StoreResult,
};
use quicksync_media::{DiskConfig, Engine, EngineConfig, Place};
use quicksync_model::{Codec, Quality, Rendition};

use crate::harness::{Synth, config};

const EIGHT_SECONDS: usize = 8 * 48_000;

async fn engine_at(place: Place, bytes: u64, synth: &Arc<Synth>) -> Engine {
    let disk = Some(DiskConfig { place, bytes });
    Engine::open(EngineConfig { disk, ..config() }, Arc::clone(synth) as _).await.unwrap()
}

async fn engine_in(folder: &Path, synth: &Arc<Synth>) -> Engine {
    engine_at(Place::Folder(folder.to_owned()), 1 << 30, synth).await
}

/// Every file below `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[tokio::test]
async fn a_restart_serves_from_disk() {
    let folder = tempfile::tempdir().unwrap();
    let synth = Synth::music(48_000, EIGHT_SECONDS);
    let source = synth.programme();
    let first = engine_in(folder.path(), &synth).await;
    let segment = first.segment(&source, Rendition::Opus(Quality::High), 1).await.unwrap();
    first.flush().await;
    drop(first);
    let second = engine_in(folder.path(), &synth).await;
    assert_eq!(second.cached(&source, Codec::Opus, 1), [Quality::High]);
    assert_eq!(second.segment(&source, Rendition::Opus(Quality::High), 1).await.unwrap(), segment);
    assert_eq!((synth.decodes(), second.disk_fault()), (1, None));
}

#[tokio::test]
async fn the_longest_segment_is_served_from_disk_too() {
    let folder = tempfile::tempdir().unwrap();
    // Lossless, of the highest rate and depth, and of noise in which there is nothing to save.
    let synth = Synth::noise(192_000, 4 * 192_000);
    let programme = synth.programme();
    let first = engine_in(folder.path(), &synth).await;
    let segment = first.segment(&programme, Rendition::Flac, 0).await.unwrap();
    assert!(segment.len() > 4_000_000, "{}", segment.len());
    first.flush().await;
    drop(first);
    let second = engine_in(folder.path(), &synth).await;
    assert_eq!(second.segment(&programme, Rendition::Flac, 0).await.unwrap(), segment);
    assert_eq!(synth.decodes(), 1, "made anew, though it was there");
}

#[tokio::test]
async fn a_damaged_file_is_never_served() {
    let synth = Synth::music(48_000, EIGHT_SECONDS);
    let source = synth.programme();
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, Damage); 5] = [
        ("empty", Vec::clear),
        ("half-written", |file| file.truncate(file.len() / 2)),
        ("one bit", |file| file[20_000] ^= 4),
        ("garbage", |file| file.fill(0x55)),
        ("endless", |file| file.resize(9 << 20, 0)),
    ];
    for (name, damage) in damages {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine_in(folder.path(), &synth).await;
        let segment = engine.segment(&source, Rendition::Opus(Quality::Low), 0).await.unwrap();
        engine.flush().await;
        let [file] = &files(folder.path())[..] else { panic!("{name}: one file expected") };
        let whole = fs::read(file).unwrap();
        let mut damaged = whole.clone();
        damage(&mut damaged);
        fs::write(file, damaged).unwrap();
        let restarted = engine_in(folder.path(), &synth).await;
        assert_eq!(
            restarted.segment(&source, Rendition::Opus(Quality::Low), 0).await.unwrap(),
            segment,
            "{name}"
        );
        restarted.flush().await;
        assert_eq!(fs::read(file).unwrap(), whole, "{name}: written anew");
    }
}

#[tokio::test]
async fn a_file_under_another_segment_s_name_is_never_served() {
    let folder = tempfile::tempdir().unwrap();
    let synth = Synth::music(48_000, EIGHT_SECONDS);
    let source = synth.programme();
    let engine = engine_in(folder.path(), &synth).await;
    engine.segment(&source, Rendition::Opus(Quality::Low), 0).await.unwrap();
    let segment = engine.segment(&source, Rendition::Opus(Quality::Low), 1).await.unwrap();
    engine.flush().await;
    let found = files(folder.path());
    fs::copy(&found[0], &found[1]).unwrap();
    let restarted = engine_in(folder.path(), &synth).await;
    assert_eq!(
        restarted.segment(&source, Rendition::Opus(Quality::Low), 1).await.unwrap(),
        segment
    );
}

#[tokio::test]
async fn a_start_sweeps_up_what_a_kill_left_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let synth = Synth::music(48_000, EIGHT_SECONDS);
    let engine = engine_in(folder.path(), &synth).await;
    engine.segment(&synth.programme(), Rendition::Opus(Quality::Low), 0).await.unwrap();
    engine.flush().await;
    let segment = files(folder.path()).remove(0);
    let staged = segment.with_file_name("1#1");
    let outdated = folder.path().join("v0/opus/aa/old/low/0");
    let foreign = folder.path().join("v0/photos/summer.jpg");
    for path in [&staged, &outdated, &foreign] {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"half a segm").unwrap();
    }
    let restarted = engine_in(folder.path(), &synth).await;
    assert_eq!(files(folder.path()), [foreign, segment]);
    assert_eq!(restarted.disk_fault(), None);
}

#[tokio::test]
async fn the_disk_never_holds_more_than_it_may() {
    let folder = tempfile::tempdir().unwrap();
    let synth = Synth::music(48_000, EIGHT_SECONDS * 4);
    let source = synth.programme();
    let limit = 3 * 31_000;
    let place = || Place::Folder(folder.path().to_owned());
    let engine = engine_at(place(), limit, &synth).await;
    for index in 0..6 {
        engine.segment(&source, Rendition::Opus(Quality::Low), index).await.unwrap();
        engine.flush().await;
        let size: u64 = files(folder.path()).iter().map(|f| f.metadata().unwrap().len()).sum();
        assert!(size <= limit, "{size} bytes after segment {index}");
    }
    let restarted = engine_at(place(), limit / 3, &synth).await;
    assert_eq!(files(folder.path()).len(), 1);
    assert_eq!(restarted.cached(&source, Codec::Opus, 0), []);
}

#[tokio::test]
async fn a_full_disk_costs_nothing_but_encoding_again() {
    let store = Arc::new(Flaky { inner: InMemory::new(), broken: AtomicBool::new(true) });
    let synth = Synth::music(48_000, EIGHT_SECONDS);
    let source = synth.programme();
    let engine = engine_at(Place::Store(Arc::clone(&store) as _), 1 << 30, &synth).await;
    engine.segment(&source, Rendition::Opus(Quality::Low), 0).await.unwrap();
    engine.flush().await;
    let fault = engine.disk_fault().unwrap();
    assert!(fault.contains("No space left on device"), "{fault}");
    assert_eq!(engine.cached(&source, Codec::Opus, 0), [Quality::Low], "memory still has it");
    store.broken.store(false, Ordering::SeqCst);
    engine.segment(&source, Rendition::Opus(Quality::Low), 1).await.unwrap();
    engine.flush().await;
    assert_eq!(engine.disk_fault(), None);
}

#[tokio::test]
async fn a_disk_that_cannot_be_read_is_a_fault_and_not_a_failure() {
    let store = Arc::new(Flaky { inner: InMemory::new(), broken: AtomicBool::new(false) });
    let synth = Synth::music(48_000, EIGHT_SECONDS);
    let source = synth.programme();
    let place = || Place::Store(Arc::clone(&store) as _);
    let first = engine_at(place(), 1 << 30, &synth).await;
    let segment = first.segment(&source, Rendition::Opus(Quality::Low), 0).await.unwrap();
    first.flush().await;
    let second = engine_at(place(), 1 << 30, &synth).await;
    store.broken.store(true, Ordering::SeqCst);
    assert_eq!(second.segment(&source, Rendition::Opus(Quality::Low), 0).await.unwrap(), segment);
    assert!(second.disk_fault().is_some());
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("segments");
    fs::write(&blocked, b"a file where the folder should be").unwrap();
    let synth = Synth::music(48_000, EIGHT_SECONDS);
    let source = synth.programme();
    let engine = engine_in(&blocked, &synth).await;
    assert!(engine.disk_fault().is_some());
    assert!(engine.segment(&source, Rendition::Opus(Quality::Low), 0).await.is_ok());
    engine.flush().await;
    fs::remove_file(&blocked).unwrap();
    assert!(engine.segment(&source, Rendition::Opus(Quality::Low), 1).await.is_ok());
    engine.flush().await;
    assert_eq!((engine.disk_fault(), files(&blocked).len()), (None, 1));
}

/// A store that can run out of space.
#[derive(Debug)]
struct Flaky {
    inner: InMemory,
    broken: AtomicBool,
}

impl Flaky {
    fn check(&self) -> StoreResult<()> {
        if !self.broken.load(Ordering::SeqCst) {
            return Ok(());
        }
        let source = Box::new(std::io::Error::from_raw_os_error(28));
        Err(object_store::Error::Generic { store: "flaky", source })
    }
}

impl std::fmt::Display for Flaky {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a store that can run out of space")
    }
}

#[async_trait]
impl ObjectStore for Flaky {
    async fn put_opts(
        &self,
        path: &StorePath,
        payload: PutPayload,
        options: PutOptions,
    ) -> StoreResult<PutResult> {
        self.check()?;
        self.inner.put_opts(path, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        path: &StorePath,
        options: PutMultipartOptions,
    ) -> StoreResult<Box<dyn MultipartUpload>> {
        self.check()?;
        self.inner.put_multipart_opts(path, options).await
    }

    async fn get_opts(&self, path: &StorePath, options: GetOptions) -> StoreResult<GetResult> {
        self.check()?;
        self.inner.get_opts(path, options).await
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, StoreResult<StorePath>>,
    ) -> BoxStream<'static, StoreResult<StorePath>> {
        self.inner.delete_stream(paths)
    }

    fn list(&self, prefix: Option<&StorePath>) -> BoxStream<'static, StoreResult<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&StorePath>) -> StoreResult<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(
        &self,
        from: &StorePath,
        to: &StorePath,
        options: CopyOptions,
    ) -> StoreResult<()> {
        self.inner.copy_opts(from, to, options).await
    }
}
