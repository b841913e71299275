//! A file at one moment.
//!
//! Decides: when two looks at a path saw the same bytes. Never: opens or reads a file.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;

/// A file at one moment: whoever writes to it, or puts another in its place, makes it another. So does
/// who renames it or changes its owner, which costs a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileKey {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) length: u64,
    pub(crate) modified_s: i64,
    pub(crate) modified_ns: i64,
    /// Changes with every write and cannot be set, as the time of the last write can.
    pub(crate) changed_s: i64,
    pub(crate) changed_ns: i64,
}

impl FileKey {
    /// The file of which this was found.
    #[must_use]
    pub fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            length: metadata.size(),
            modified_s: metadata.mtime(),
            modified_ns: metadata.mtime_nsec(),
            changed_s: metadata.ctime(),
            changed_ns: metadata.ctime_nsec(),
        }
    }

    /// Whether it is the other but for the time of its last change.
    pub(crate) fn is_but_for_its_change(&self, other: &Self) -> bool {
        let Self { changed_s, changed_ns, .. } = *other;
        *other == Self { changed_s, changed_ns, ..*self }
    }

    /// Its length in bytes.
    #[must_use]
    pub const fn size_bytes(&self) -> u64 {
        self.length
    }

    /// When it was last written to, Unix time in microseconds.
    #[must_use]
    pub const fn modified_us(&self) -> i64 {
        self.modified_s.saturating_mul(1_000_000).saturating_add(self.modified_ns / 1000)
    }

    /// A name for this moment, for an entity tag.
    #[must_use]
    pub fn tag(&self) -> String {
        let Self { inode, length, modified_s, modified_ns, changed_s, changed_ns, .. } = self;
        format!("{length:x}-{inode:x}-{modified_s:x}.{modified_ns:x}-{changed_s:x}.{changed_ns:x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{File, FileTimes};
    use std::path::Path;

    fn key(path: &Path) -> FileKey {
        FileKey::of(&std::fs::metadata(path).unwrap())
    }

    #[test]
    fn another_file_of_the_same_length_and_date_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&path, b"one").unwrap();
        let first = key(&path);
        assert_eq!(first, key(&path));
        assert_eq!(first.size_bytes(), 3);
        let written = std::fs::metadata(&path).unwrap().modified().unwrap();
        let since = written.duration_since(std::time::UNIX_EPOCH).unwrap().as_micros();
        assert_eq!(i128::from(first.modified_us()), since.cast_signed());
        std::fs::write(&other, b"two").unwrap();
        let times = FileTimes::new().set_modified(written);
        File::options().write(true).open(&other).unwrap().set_times(times).unwrap();
        std::fs::rename(&other, &path).unwrap();
        let second = key(&path);
        assert_eq!(second.modified_us(), first.modified_us());
        assert!(second != first && second.tag() != first.tag());
    }
}
