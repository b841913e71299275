//! Whether a file still holds the audio that its analysis found.
//!
//! Decides: when a file has to be read whole again before a sample of it is believed, and that
//! nothing decoded from a file in the midst of a change is. Never: what becomes of a track whose file
//! holds other audio; that is for whoever watches files.
//!
//! Segments are kept for good under the name of their audio. A file that was replaced, and is as long
//! as before or longer, decodes without an error: its samples would be kept under the name of others.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use quicksync_decode::{AudioHash, DecodeError, Decoder, FileKey};

use crate::programme::{Piece, Source};

/// Files remembered; beyond that all are forgotten, which costs a look at each.
const CAPACITY: usize = 4096;

/// A file as it was when it was analysed, as far as libraries remember it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStamp {
    /// Its length.
    pub size_bytes: u64,
    /// When it was last written to, Unix time in microseconds.
    pub modified_us: i64,
}

/// The file at `path` now.
async fn at(path: &Path) -> Result<FileKey, DecodeError> {
    let found = tokio::fs::metadata(path).await;
    found
        .map(|metadata| FileKey::of(&metadata))
        .map_err(|error| DecodeError::Unreadable(error.to_string()))
}

impl FileStamp {
    fn fits(self, file: FileKey) -> bool {
        (self.size_bytes, self.modified_us) == (file.size_bytes(), file.modified_us())
    }
}

/// A decoder that believes no file that is not what it was.
#[derive(Debug)]
pub(crate) struct Unchanged {
    decoder: Arc<dyn Decoder>,
    /// What each file held when it was last looked at.
    known: Mutex<HashMap<PathBuf, (FileKey, AudioHash)>>,
}

impl Unchanged {
    pub(crate) fn new(decoder: Arc<dyn Decoder>) -> Self {
        Self { decoder, known: Mutex::default() }
    }

    /// The samples of a piece, as many as there are.
    ///
    /// # Errors
    /// [`DecodeError::Unreadable`] if the file holds other audio by now, or changes meanwhile.
    pub(crate) async fn decode(&self, piece: &Piece) -> Result<Vec<f32>, DecodeError> {
        let Piece { source, start, frames, .. } = piece;
        let Some(stamp) = source.stamp else {
            return self.decoder.decode(&source.path, *start, *frames).await;
        };
        let before = at(&source.path).await?;
        self.verify(source, stamp, before).await?;
        let decoded = self.decoder.decode(&source.path, *start, *frames).await;
        // What a decoder complains of in the midst of a change is no fault of the file.
        unchanged_since(&source.path, before).await?;
        decoded
    }

    async fn verify(
        &self,
        source: &Source,
        stamp: FileStamp,
        now: FileKey,
    ) -> Result<(), DecodeError> {
        let expected = source.analysis.audio_hash;
        let known = self.known().get(&source.path).copied();
        let found = match known {
            Some((file, found)) if file == now => found,
            // By its stamp alone another file in its place may look the same: believed once.
            Some((file, _)) if stamp.fits(file) => self.look(&source.path, now).await?,
            _ if stamp.fits(now) => expected,
            _ => self.look(&source.path, now).await?,
        };
        self.remember(&source.path, (now, found));
        if found == expected {
            return Ok(());
        }
        Err(DecodeError::Unreadable("it holds other audio than when it was analysed".into()))
    }

    /// What the file holds. New tags leave the audio as it was.
    async fn look(&self, path: &Path, now: FileKey) -> Result<AudioHash, DecodeError> {
        let analysis = self.decoder.analyse(path).await;
        unchanged_since(path, now).await?;
        // Whether that is its last word, and not half a file, is for the library to find out.
        let other = |error| DecodeError::Unreadable(format!("it is another file by now: {error}"));
        Ok(analysis.map_err(other)?.audio_hash)
    }

    fn remember(&self, path: &Path, found: (FileKey, AudioHash)) {
        let mut known = self.known();
        if known.get(path) == Some(&found) {
            return;
        }
        if known.len() >= CAPACITY {
            known.clear();
        }
        known.insert(path.to_owned(), found);
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, (FileKey, AudioHash)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn unchanged_since(path: &Path, before: FileKey) -> Result<(), DecodeError> {
    if at(path).await? == before {
        return Ok(());
    }
    Err(DecodeError::Unreadable("it is being changed".into()))
}
