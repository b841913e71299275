//! Finds the picture that lies beside the music.
//!
//! Knows: how such pictures are called. Never: a folder's picture twice in a row.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::covers::{Cover, MAX_COVER_BYTES, verified_cover};

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

/// The pictures of the folders that are being read.
#[derive(Debug, Default)]
pub(crate) struct FolderCovers(Mutex<HashMap<PathBuf, Option<Arc<HashedCover>>>>);

impl FolderCovers {
    /// The picture of `folder`. Reads the disk.
    pub(crate) fn of(&self, folder: &Path) -> Option<Arc<HashedCover>> {
        if let Some(known) = self.lock().get(folder) {
            return known.clone();
        }
        let found = find(folder).map(|cover| Arc::new(HashedCover::new(cover)));
        let mut known = self.lock();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(folder.to_owned(), found.clone());
        found
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Option<Arc<HashedCover>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find(folder: &Path) -> Option<Cover> {
    let mut candidates: Vec<(usize, PathBuf)> = fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter_map(|path| Some((rank(&path)?, path)))
        .collect();
    candidates.sort();
    candidates.into_iter().find_map(|(_, path)| read(&path))
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
