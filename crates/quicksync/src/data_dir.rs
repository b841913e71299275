//! The data folder: made when missing, held by one process at a time.
//!
//! The lock is the system's own and ends with the process, however that ends.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::failure::Refusal;

/// The right to write segments and to scan; given back when dropped.
#[derive(Debug)]
pub(crate) struct DataLock {
    _file: File,
}

/// Makes the data folder, readable by its owner only: it holds password hashes.
pub(crate) fn create(folder: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("cannot make the data folder {}", folder.display()))
}

/// Takes the data folder for this process.
pub(crate) fn lock(folder: &Path) -> Result<DataLock> {
    let path = folder.join("lock");
    let file = File::options()
        .create(true)
        .append(true)
        .open(&path)
        .with_context(|| format!("cannot write to the data folder {}", folder.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(DataLock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(Refusal::DataInUse(folder.to_owned()).into()),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("a/b");
        create(&data).unwrap();
        create(&data).unwrap();
        let held = lock(&data).unwrap();
        let refused = lock(&data).unwrap_err();
        assert!(matches!(refused.downcast_ref(), Some(Refusal::DataInUse(_))), "{refused:#}");
        drop(held);
        lock(&data).unwrap();
    }
}
