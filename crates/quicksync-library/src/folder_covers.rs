//! Finds the picture that lies beside the music.
//!
//! Knows: how such pictures are called. Never: a folder's picture twice in a row.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::covers::{Cover, MAX_COVER_BYTES, verified_cover};
use crate::walk::FoundFile;

/// Names of a folder's picture, best first.
const NAMES: [&str; 4] = ["cover", "folder", "front", "album"];
/// Extensions of a folder's picture, best first.
const EXTENSIONS: [&str; 4] = ["jpg", "jpeg", "png", "webp"];
/// Folders remembered: files are read folder by folder.
const REMEMBERED: usize = 4;

/// A cover and the hash that tells it from others.
#[derive(Debug)]
pub(crate) struct HashedCover {
    pub(crate) hash: [u8; 32],
    pub(crate) cover: Cover,
}

impl HashedCover {
    pub(crate) fn new(cover: Cover) -> Self {
        Self { hash: *blake3::hash(&cover.bytes).as_bytes(), cover }
    }
}

/// Stands for a track's own picture, where others would have the stamp of their folder's.
pub(crate) const OWN_PICTURE: i64 = -1;

/// The pictures of the folders that are being read.
#[derive(Debug, Default)]
pub(crate) struct FolderCovers {
    pictures: Memory<Option<Arc<HashedCover>>>,
    stamps: Memory<i64>,
}

impl FolderCovers {
    /// The picture of `folder`. Reads the disk.
    pub(crate) fn of(&self, folder: &Path) -> Option<Arc<HashedCover>> {
        self.pictures.get(folder, || {
            let pictures = candidates(folder);
            let found = pictures.into_iter().find_map(|path| read(&path));
            found.map(|cover| Arc::new(HashedCover::new(cover)))
        })
    }

    /// A number that changes with the pictures of `folder`; 0 if there are none. Reads the disk.
    pub(crate) fn stamp(&self, folder: &Path) -> i64 {
        self.stamps.get(folder, || stamp(&candidates(folder)))
    }

    /// Forgets what it has read, which may be out of date.
    pub(crate) fn forget(&self) {
        self.pictures.lock().clear();
        self.stamps.lock().clear();
    }
}

/// What was read of a few folders.
#[derive(Debug)]
struct Memory<T>(Mutex<HashMap<PathBuf, T>>);

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Memory<T> {
    fn get(&self, folder: &Path, read: impl FnOnce() -> T) -> T {
        if let Some(known) = self.lock().get(folder) {
            return known.clone();
        }
        let found = read();
        let mut known = self.lock();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(folder.to_owned(), found.clone());
        found
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the name is that of a folder's picture.
pub(crate) fn is_folder_picture(path: &Path) -> bool {
    rank(path).is_some()
}

/// Files of `folder` that are called as its picture would be, best first.
fn candidates(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut candidates: Vec<(usize, PathBuf)> =
        entries.map(|entry| entry.path()).filter_map(|path| Some((rank(&path)?, path))).collect();
    candidates.sort();
    candidates.into_iter().map(|(_, path)| path).collect()
}

fn stamp(pictures: &[PathBuf]) -> i64 {
    let mut hash = blake3::Hasher::new();
    for path in pictures {
        let found = FoundFile::at(path).ok().flatten();
        let (size, time) = found.map_or((0, 0), |file| (file.size_bytes, file.modified_us));
        hash.update(path.as_os_str().as_encoded_bytes());
        hash.update(&[0]).update(&size.to_le_bytes()).update(&time.to_le_bytes());
    }
    let [a, b, c, d, e, f, g, h, ..] = *hash.finalize().as_bytes();
    let number = i64::from_le_bytes([a, b, c, d, e, f, g, h]).unsigned_abs() >> 1;
    if pictures.is_empty() { 0 } else { number.cast_signed().max(1) }
}

fn rank(path: &Path) -> Option<usize> {
    let among = |part: Option<&std::ffi::OsStr>, words: &[&str]| {
        let part = part?.to_str()?;
        words.iter().position(|word| part.eq_ignore_ascii_case(word))
    };
    let name = among(path.file_stem(), &NAMES)?;
    Some(name * EXTENSIONS.len() + among(path.extension(), &EXTENSIONS)?)
}

fn read(path: &Path) -> Option<Cover> {
    // A pipe or a device would block or never end.
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(MAX_COVER_BYTES + 1).read_to_end(&mut bytes).ok()?;
    verified_cover(bytes)
        .inspect_err(|reason| tracing::debug!(path = %path.display(), %reason, "no cover"))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cover_comes_before_folder_and_jpeg_before_png() {
        let rank = |name: &str| rank(Path::new(name));
        assert!(rank("Cover.JPG") < rank("cover.png"));
        assert!(rank("cover.webp") < rank("folder.jpg"));
        assert!(rank("folder.jpg") < rank("front.jpg"));
        for other in ["cover.svg", "cover.gif", "cover", "back.jpg", "cover.jpg.txt"] {
            assert_eq!(rank(other), None, "{other}");
        }
    }
}
