//! Files for a decoder that reads nothing else.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use quicksync_model::Codec;

/// A file of the system's temporary folder that goes with its owner.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// A file of these bytes, named after the codec in it.
    pub(super) fn new(codec: Codec, bytes: &[u8]) -> io::Result<Self> {
        let name = format!("quicksync-check-{:016x}.{codec}", rand::random::<u64>());
        let path = std::env::temp_dir().join(name);
        // Never through a link that somebody left there.
        let mut file = File::options().write(true).create_new(true).open(&path)?;
        let scratch = Self(path);
        file.write_all(bytes)?;
        Ok(scratch)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _gone = std::fs::remove_file(&self.0);
    }
}
