//! A folder for one test's database, removed with it.
//!
//! Knows: the temporary folder. Never: a database that anyone keeps.

use std::path::{Path, PathBuf};

use uuid::Uuid;

#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn new() -> std::io::Result<Self> {
        let folder = std::env::temp_dir().join(format!("quicksync-store-{}", Uuid::new_v4()));
        std::fs::create_dir(&folder)?;
        Ok(Self(folder))
    }

    pub(super) fn file(&self) -> PathBuf {
        self.0.join("quicksync.db")
    }

    fn folder(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(self.folder()) {
            tracing::debug!(%error, "a scratch database stays behind");
        }
    }
}
