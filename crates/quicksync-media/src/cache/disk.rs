//! Finished segments on disk: written whole or not at all, checked when read, never relied upon.
//!
//! A full, read-only or dying disk costs encoding time and nothing else: its fault is remembered,
//! logged once and forgotten after the next success. Writing happens behind the request.

use std::path::{Path as FilePath, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{Error as StoreError, ObjectMeta, ObjectStore, ObjectStoreExt as _};
use quicksync_model::{SAMPLE_RATE, SEGMENT_SAMPLES};
use tokio::sync::{OnceCell, Semaphore};

use super::Key;
use super::index::Index;
use super::key::is_outdated;
use crate::{DiskConfig, Place};

/// BLAKE3 of the path and the bytes, after the bytes.
const TRAILER_BYTES: usize = blake3::OUT_LEN;
/// Longer than any segment: a file beyond this is not ours, and is not read into memory.
const MAX_FILE_BYTES: u64 = 8 * 1024 * 1024;
/// FLAC that found nothing to save, at 192 kHz and 24 bits with one more for a side channel, and a
/// quarter of that again for headers.
const _: () = {
    let samples = 192_000 * SEGMENT_SAMPLES as u64 / SAMPLE_RATE as u64;
    assert!(samples * 2 * 25 / 8 * 5 / 4 < MAX_FILE_BYTES);
};
/// Segments waiting to be written; behind a disk slower than that they are not kept.
const MAX_WRITES: u32 = 64;

/// One folder or store of segments.
#[derive(Debug)]
pub(crate) struct Disk {
    config: DiskConfig,
    store: OnceCell<Arc<dyn ObjectStore>>,
    index: Mutex<Index>,
    writes: Arc<Semaphore>,
    reading: Fault,
    writing: Fault,
}

impl Disk {
    pub(crate) fn new(config: DiskConfig) -> Self {
        Self {
            config,
            store: OnceCell::new(),
            index: Mutex::default(),
            writes: Arc::new(Semaphore::new(MAX_WRITES as usize)),
            reading: Fault::new("read"),
            writing: Fault::new("write"),
        }
    }

    /// Lists what is there. If that fails it is tried again with the next write.
    pub(crate) async fn open(&self) {
        if let Err(error) = self.store().await {
            self.writing.set(&error);
        }
    }

    pub(crate) fn contains(&self, key: &Key) -> bool {
        self.index().contains(key)
    }

    pub(crate) fn fault(&self) -> Option<String> {
        self.writing.get().or_else(|| self.reading.get())
    }

    /// The segment, if it is there and is what was written.
    pub(crate) async fn load(&self, key: &Key) -> Option<Bytes> {
        if !self.index().touch(key) {
            return None;
        }
        let path = key.path();
        let store = self.store.get()?;
        match read(store.as_ref(), &path).await {
            Ok(file) => {
                self.reading.clear();
                let segment = unseal(&path, file);
                if segment.is_none() {
                    tracing::warn!(%path, "a cached segment is damaged: dropped");
                    self.drop_file(store.as_ref(), key).await;
                }
                segment
            }
            Err(StoreError::NotFound { .. }) => {
                self.index().remove(key);
                None
            }
            Err(error) => {
                self.reading.set(&error);
                None
            }
        }
    }

    /// Writes the segment behind the caller's back.
    pub(crate) fn store_soon(self: &Arc<Self>, key: Key, segment: Bytes) {
        let Ok(permit) = Arc::clone(&self.writes).try_acquire_owned() else { return };
        let disk = Arc::clone(self);
        tokio::spawn(async move {
            match disk.write(key, &segment).await {
                Ok(()) => disk.writing.clear(),
                Err(error) => disk.writing.set(&error),
            }
            drop(permit);
        });
    }

    /// Waits until every write begun before this has ended.
    pub(crate) async fn flush(&self) {
        // The semaphore is never closed, and an error would mean there is nothing to wait for.
        let _all = self.writes.acquire_many(MAX_WRITES).await;
    }

    async fn write(&self, key: Key, segment: &[u8]) -> Result<(), StoreError> {
        let store = self.store().await?;
        let path = key.path();
        let file = seal(&path, segment);
        let bytes = file.len() as u64;
        if bytes > self.config.bytes {
            return Ok(());
        }
        store.put(&path, file.into()).await?;
        let evicted = {
            let mut index = self.index();
            index.insert(key, bytes);
            index.evict(self.config.bytes)
        };
        for key in &evicted {
            self.drop_file(store.as_ref(), key).await;
        }
        Ok(())
    }

    async fn drop_file(&self, store: &dyn ObjectStore, key: &Key) {
        self.index().remove(key);
        match store.delete(&key.path()).await {
            Ok(()) | Err(StoreError::NotFound { .. }) => {}
            Err(error) => self.writing.set(&error),
        }
    }

    fn index(&self) -> std::sync::MutexGuard<'_, Index> {
        // The index is sound between any two of its calls, so a panic elsewhere did not harm it.
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn store(&self) -> Result<&Arc<dyn ObjectStore>, StoreError> {
        self.store.get_or_try_init(|| self.find_out()).await
    }

    /// Opens the place and learns what lies there.
    async fn find_out(&self) -> Result<Arc<dyn ObjectStore>, StoreError> {
        let store = match &self.config.place {
            Place::Store(store) => Arc::clone(store),
            Place::Folder(folder) => open_folder(folder.clone()).await?,
        };
        let mut found: Vec<ObjectMeta> = Vec::new();
        let mut listing = store.list(None);
        while let Some(object) = listing.next().await {
            match object {
                Ok(object) => found.push(object),
                // What cannot be listed is lost to us; the rest still serves.
                Err(error) => self.reading.set(&error),
            }
        }
        // The best guess at the order of use that outlives a process.
        found.sort_by_key(|object| object.last_modified);
        let mut dropped: Vec<Path> = Vec::new();
        {
            let mut index = self.index();
            for object in found {
                match Key::from_path(&object.location) {
                    Some(key) => index.insert(key, object.size),
                    None if is_outdated(&object.location) => dropped.push(object.location),
                    None => {}
                }
            }
            dropped.extend(index.evict(self.config.bytes).iter().map(Key::path));
        }
        for path in &dropped {
            if let Err(error) = store.delete(path).await {
                tracing::warn!(%path, %error, "cannot delete an outdated segment");
            }
        }
        Ok(store)
    }
}

/// Makes the folder, takes out what a killed process left behind, and opens it.
async fn open_folder(folder: PathBuf) -> Result<Arc<dyn ObjectStore>, StoreError> {
    let opened = tokio::task::spawn_blocking(move || open_local(&folder)).await?;
    Ok(Arc::new(opened?))
}

fn open_local(folder: &FilePath) -> Result<LocalFileSystem, StoreError> {
    std::fs::create_dir_all(folder)
        .map_err(|error| StoreError::Generic { store: "folder", source: Box::new(error) })?;
    if let Err(error) = remove_staged(folder, FOLDER_DEPTH) {
        tracing::warn!(%error, "cannot sweep up half-written segments; they are never read");
    }
    Ok(LocalFileSystem::new_with_prefix(folder)?.with_automatic_cleanup(true))
}

/// Folders below the root in [`Key::path`].
const FOLDER_DEPTH: u32 = 5;

/// Removes the files that object_store stages writes in, `{name}#{number}`, which only a process
/// killed while it wrote leaves behind.
fn remove_staged(folder: &FilePath, depth: u32) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() && depth > 0 {
            remove_staged(&entry.path(), depth - 1)?;
        } else if kind.is_file() && entry.file_name().to_str().is_some_and(is_staged) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn is_staged(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    name.split_once('#').is_some_and(|(index, stage)| is_number(index) && is_number(stage))
}

async fn read(store: &dyn ObjectStore, path: &Path) -> Result<Bytes, StoreError> {
    let file = store.get(path).await?;
    if file.meta.size > MAX_FILE_BYTES {
        return Ok(Bytes::new());
    }
    file.bytes().await
}

/// The segment and a trailer that ties it to its path.
fn seal(path: &Path, segment: &[u8]) -> Bytes {
    let mut file = BytesMut::with_capacity(segment.len() + TRAILER_BYTES);
    file.extend_from_slice(segment);
    file.extend_from_slice(trailer(path, segment).as_bytes());
    file.freeze()
}

/// The segment, if its trailer is right.
fn unseal(path: &Path, mut file: Bytes) -> Option<Bytes> {
    let end = file.len().checked_sub(TRAILER_BYTES)?;
    let found = file.split_off(end);
    (trailer(path, &file).as_bytes() == found.as_ref()).then_some(file)
}

fn trailer(path: &Path, segment: &[u8]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(path.as_ref().as_bytes()).update(&[0]).update(segment);
    hasher.finalize()
}

/// What went wrong last and has not gone right since.
#[derive(Debug)]
struct Fault {
    doing: &'static str,
    text: Mutex<Option<String>>,
}

impl Fault {
    fn new(doing: &'static str) -> Self {
        Self { doing, text: Mutex::default() }
    }

    fn get(&self) -> Option<String> {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, error: &StoreError) {
        let text = format!("cannot {} cached segments: {}", self.doing, chain(error));
        let mut last = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none() {
            tracing::warn!("{text}; serving goes on without");
        }
        *last = Some(text);
    }

    fn clear(&self) {
        let last = self.text.lock().unwrap_or_else(PoisonError::into_inner).take();
        if last.is_some() {
            tracing::info!(
                "cached segments can be {} again",
                if self.doing == "read" { "read" } else { "written" }
            );
        }
    }
}

/// The error and its causes: the cause is where "no space left on device" stands.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_segment_opens_only_whole_and_in_its_place() {
        let path = Path::from("a/1");
        let file = seal(&path, b"segment");
        assert_eq!(unseal(&path, file.clone()).as_deref(), Some(&b"segment"[..]));
        assert_eq!(unseal(&Path::from("a/2"), file.clone()), None);
        for end in 0..file.len() {
            assert_eq!(unseal(&path, file.slice(..end)), None, "cut at {end}");
        }
        for n in 0..file.len() {
            let mut damaged = file.to_vec();
            damaged[n] ^= 1;
            assert_eq!(unseal(&path, damaged.into()), None, "bit flipped in byte {n}");
        }
    }

    #[test]
    fn only_staged_files_are_leftovers() {
        for (name, expected) in [
            ("17#1", true),
            ("0#22", true),
            ("17", false),
            ("#1", false),
            ("a#1", false),
            ("1#", false),
        ] {
            assert_eq!(is_staged(name), expected, "{name}");
        }
    }
}
