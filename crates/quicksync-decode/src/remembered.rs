//! What was found out about a file and is worth keeping until the file changes.
//!
//! Knows: when a file is the same one. Never: what is kept.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::file_key::FileKey;

/// Files remembered: some more than one process decodes in turn.
const CAPACITY: usize = 32;

/// What is kept of the last few files, the latest first; or of parts of them, where `K` says which.
#[derive(Debug)]
pub(crate) struct Remembered<T, K = FileKey> {
    files: Mutex<VecDeque<(K, Arc<T>)>>,
}

impl<T, K: Copy + Eq> Remembered<T, K> {
    pub(crate) const fn new() -> Self {
        Self { files: Mutex::new(VecDeque::new()) }
    }

    /// What is kept of a file, or what `find_out` says of it, which is then kept.
    ///
    /// # Errors
    /// Those of `find_out`, which are not kept.
    pub(crate) fn get_or<E>(
        &self,
        key: K,
        find_out: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        if let Some(found) = self.find(key) {
            return Ok(found);
        }
        // Two that ask at once find out twice, and need not wait for each other.
        let found = Arc::new(find_out()?);
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.push_front((key, Arc::clone(&found)));
        files.truncate(CAPACITY);
        Ok(found)
    }

    fn find(&self, key: K) -> Option<Arc<T>> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let place = files.iter().position(|(kept, _)| *kept == key)?;
        let file = files.remove(place)?;
        files.push_front(file);
        files.front().map(|(_, found)| Arc::clone(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(inode: u64) -> FileKey {
        let (modified_s, modified_ns) = (7, 0);
        let (changed_s, changed_ns) = (7, 0);
        FileKey { device: 1, inode, length: 9, modified_s, modified_ns, changed_s, changed_ns }
    }

    #[test]
    fn the_latest_files_are_kept_until_they_change() {
        let kept = Remembered::new();
        let ask = |key, value| kept.get_or(key, || Ok::<u64, ()>(value)).map(|found| *found);
        for inode in 0..CAPACITY as u64 {
            assert_eq!(ask(key(inode), inode), Ok(inode));
        }
        assert_eq!(ask(key(0), 99), Ok(0));
        assert_eq!(ask(FileKey { length: 10, ..key(0) }, 98), Ok(98));
        assert_eq!(ask(FileKey { changed_ns: 1, ..key(0) }, 97), Ok(97));
        // Two more than there is room for: those longest not asked for are gone.
        assert_eq!(ask(key(0), 96), Ok(0));
        assert_eq!(ask(key(1), 95), Ok(95));
    }

    #[test]
    fn what_could_not_be_found_out_is_asked_again() {
        let kept = Remembered::new();
        assert_eq!(kept.get_or(key(1), || Err::<u64, _>("gone")), Err("gone"));
        assert_eq!(kept.get_or(key(1), || Ok::<u64, ()>(5)).map(|found| *found), Ok(5));
    }
}
