//! Walks a folder and tells of every audio file in it once.
//!
//! Knows: which names may be audio, hidden files, links and the loops they make. Never: what is in
//! a file.

use std::collections::{HashSet, VecDeque};
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::config::unix_us;

/// Extensions of files that may be audio, in lower case.
const EXTENSIONS: [&str; 11] =
    ["flac", "mp3", "ogg", "oga", "opus", "m4a", "mp4", "aac", "wav", "aif", "aiff"];
/// Folders in folders; deeper ones are left out.
const MAX_DEPTH: usize = 64;
/// Links to folders followed in one walk.
const MAX_LINKS: usize = 10_000;

/// A file as the system describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundFile {
    pub(crate) path: PathBuf,
    pub(crate) size_bytes: u64,
    pub(crate) modified_us: i64,
}

impl FoundFile {
    /// The file at `path`; `None` if there is none.
    pub(crate) fn at(path: &Path) -> std::io::Result<Option<Self>> {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => Ok(Some(Self::new(path.to_owned(), &metadata))),
            Ok(_) => Ok(None),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn new(path: PathBuf, metadata: &Metadata) -> Self {
        let modified_us = metadata.modified().map(unix_us).unwrap_or_default();
        Self { path, size_bytes: metadata.len(), modified_us }
    }
}

/// Whether the error says that there is no such file, rather than that it cannot be reached.
pub(crate) fn is_gone(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Whether the file's name says audio.
pub(crate) fn may_be_audio(path: &Path) -> bool {
    path.extension().and_then(|extension| extension.to_str()).is_some_and(|extension| {
        EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// Whether the file or folder of this name is hidden.
pub(crate) fn is_hidden(name: &std::ffi::OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Calls `tell` with every audio file at or under `start`, folder by folder, until it says false.
///
/// A folder or file reached by a link is told of only if it is not reached without one: a link
/// that leads up makes no loop, and one beside its target no second track.
pub(crate) fn walk(start: &Path, tell: &mut dyn FnMut(FoundFile) -> bool) {
    let mut walk =
        Walk { tell, folders: HashSet::new(), files: HashSet::new(), links: VecDeque::new() };
    if walk.under(start).is_none() {
        return;
    }
    let mut followed = 0;
    while let Some(link) = walk.links.pop_front() {
        followed += 1;
        if followed > MAX_LINKS || walk.follow(&link).is_none() {
            return;
        }
    }
}

struct Walk<'a> {
    tell: &'a mut dyn FnMut(FoundFile) -> bool,
    folders: HashSet<(u64, u64)>,
    files: HashSet<(u64, u64)>,
    links: VecDeque<PathBuf>,
}

impl Walk<'_> {
    /// `None` if it should end.
    fn under(&mut self, start: &Path) -> Option<()> {
        let mut entries = WalkDir::new(start)
            .follow_root_links(true)
            .max_depth(MAX_DEPTH)
            .sort_by_file_name()
            .into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    tracing::debug!(%error, "a folder is left out");
                    continue;
                }
            };
            let is_inside = entry.depth() > 0;
            if is_inside && is_hidden(entry.file_name()) {
                if entry.file_type().is_dir() {
                    entries.skip_current_dir();
                }
            } else if entry.file_type().is_symlink() && is_inside {
                self.links.push_back(entry.into_path());
            } else if !self.meet(&entry)? {
                entries.skip_current_dir();
            }
        }
        Some(())
    }

    /// Whether to go into `entry`; `None` if the walk should end.
    fn meet(&mut self, entry: &DirEntry) -> Option<bool> {
        let Ok(metadata) = std::fs::metadata(entry.path()) else { return Some(true) };
        if metadata.is_dir() {
            return Some(self.folders.insert((metadata.dev(), metadata.ino())));
        }
        if metadata.is_file() && may_be_audio(entry.path()) {
            self.files.insert((metadata.dev(), metadata.ino()));
            let file = FoundFile::new(entry.path().to_owned(), &metadata);
            return (self.tell)(file).then_some(true);
        }
        Some(true)
    }

    fn follow(&mut self, link: &Path) -> Option<()> {
        // A dangling link is nothing.
        let Ok(target) = std::fs::metadata(link) else { return Some(()) };
        let identity = (target.dev(), target.ino());
        if target.is_dir() && !self.folders.contains(&identity) {
            return self.under(link);
        }
        if target.is_file() && may_be_audio(link) && self.files.insert(identity) {
            return (self.tell)(FoundFile::new(link.to_owned(), &target)).then_some(());
        }
        Some(())
    }
}
