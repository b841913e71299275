//! A regular file, opened, and whether it still holds the bytes that it held then.
//!
//! Decides: which changes leave a file's bytes as they were. Never: reads them.
//!
//! What is seen of a file tells every write to it but one: of programs that write tags, some set the time
//! of the last write back, and then only the time of the last change has moved. So it has when a file
//! gets another name or loses its last one, which does nothing to its bytes; those two are told by the
//! name that the system has for the open file, and by the count of its names.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::fs::OFlags;

use crate::file_key::FileKey;

/// Opens what must be a regular file, and looks at what was opened.
///
/// # Errors
/// Those of the system; [`io::ErrorKind::InvalidInput`] for anything but a regular file.
pub(crate) fn open_regular(path: &Path) -> io::Result<(File, Metadata)> {
    // Without it, opening a pipe waits for somebody to write into it. Reading a file never waits so.
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() {
        return Ok((file, metadata));
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"))
}

/// A file that is read piece by piece, all of one version.
#[derive(Debug)]
pub struct OpenFile {
    file: File,
    opened: FileKey,
    seen: Mutex<Seen>,
}

/// The file at the last look.
#[derive(Debug)]
struct Seen {
    key: FileKey,
    /// By which name the system knows it; `None` where it does not say.
    name: Option<PathBuf>,
}

impl OpenFile {
    /// Opens the file at `path`.
    ///
    /// # Errors
    /// Those of the system; [`io::ErrorKind::InvalidInput`] for anything but a regular file.
    pub fn open(path: &Path) -> io::Result<Self> {
        let (file, metadata) = open_regular(path)?;
        let (opened, name) = (FileKey::of(&metadata), name_of(&file));
        Ok(Self { file, opened, seen: Mutex::new(Seen { key: opened, name }) })
    }

    /// The file as it was when it was opened.
    #[must_use]
    pub const fn key(&self) -> FileKey {
        self.opened
    }

    /// Fills `bytes` from byte `at` on with what was there when the file was opened.
    ///
    /// # Errors
    /// Those of the system; an error as well where the file has been written to since. `bytes` are
    /// then of no use.
    pub fn read_exact_at(&self, bytes: &mut [u8], at: u64) -> io::Result<()> {
        self.file.read_exact_at(bytes, at)?;
        // Looked at after reading: what was written before is seen, what is written later was not read.
        if self.is_unchanged()? {
            return Ok(());
        }
        Err(io::Error::other("it has changed since its first byte was read"))
    }

    fn is_unchanged(&self) -> io::Result<bool> {
        let metadata = self.file.metadata()?;
        let (now, name) = (FileKey::of(&metadata), name_of(&self.file));
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let has_lost_its_name = metadata.nlink() == 0;
        let has_another_name = name.is_some() && name != seen.name;
        if now == seen.key
            || now.is_but_for_its_change(&seen.key) && (has_lost_its_name || has_another_name)
        {
            *seen = Seen { key: now, name };
            return Ok(true);
        }
        Ok(false)
    }
}

/// By which name the system knows an open file.
fn name_of(file: &File) -> Option<PathBuf> {
    std::fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()
}

#[cfg(test)]
mod tests {
    use std::fs::{self, FileTimes};
    use std::io::Write as _;

    use super::*;

    /// Writes as programs do that date a file as it was dated before.
    fn write_keeping_the_date(path: &Path) {
        let dated = fs::metadata(path).unwrap().modified().unwrap();
        let mut file = File::options().write(true).open(path).unwrap();
        file.write_all(b"two").unwrap();
        file.set_times(FileTimes::new().set_modified(dated)).unwrap();
    }

    #[test]
    fn a_file_may_change_its_names_and_nothing_else() {
        type Step = fn(&Path);
        let rename: Step = |path| fs::rename(path, path.with_extension("other")).unwrap();
        let remove: Step = |path| fs::remove_file(path).unwrap();
        let replace: Step = |path| {
            fs::write(path.with_extension("new"), b"new").unwrap();
            fs::rename(path.with_extension("new"), path).unwrap();
        };
        let edit: Step = write_keeping_the_date;
        let edit_renamed: Step = |path| write_keeping_the_date(&path.with_extension("other"));
        let grow: Step =
            |path| File::options().append(true).open(path).unwrap().write_all(b"x").unwrap();
        let steps: [(&str, &[Step], bool); 8] = [
            ("nothing", &[], true),
            ("renamed", &[rename], true),
            ("removed", &[remove], true),
            ("replaced", &[replace], true),
            ("written to", &[grow], false),
            ("written to, dated as before", &[edit], false),
            ("renamed, then written to", &[rename, edit_renamed], false),
            (
                "renamed, then removed",
                &[rename, |path| {
                    fs::remove_file(path.with_extension("other")).unwrap();
                }],
                true,
            ),
        ];
        for (name, steps, is_same) in steps {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a");
            fs::write(&path, b"one").unwrap();
            let file = OpenFile::open(&path).unwrap();
            let mut bytes = [0; 3];
            let mut read = file.read_exact_at(&mut bytes, 0);
            for step in steps {
                step(&path);
                read = file.read_exact_at(&mut bytes, 0);
            }
            assert_eq!(read.is_ok(), is_same, "{name}: {read:?}");
            assert!(!is_same || &bytes == b"one", "{name}");
            assert_eq!(file.key().size_bytes(), 3, "{name}");
        }
    }

    #[test]
    fn what_is_no_regular_file_is_refused_and_nobody_waits() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        for path in [pipe.as_path(), folder.path(), Path::new("/dev/null")] {
            let refused = OpenFile::open(path).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::InvalidInput, "{}", path.display());
        }
        let gone = OpenFile::open(&folder.path().join("gone")).unwrap_err();
        assert_eq!(gone.kind(), io::ErrorKind::NotFound);
    }
}
