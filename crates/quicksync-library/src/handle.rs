//! The handle others hold: ask for a track's analysis, a rescan, or how far the scan is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use quicksync_decode::Decoder;
use quicksync_store::{Store, StoreError, TrackRow};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::analyse::Flights;
use crate::changes::ChangeQueue;
use crate::config::{LibraryConfig, outermost};
use crate::folder_covers::FolderCovers;
use crate::status::{ScanStatus, Status};

/// A running library. Clones share it.
#[derive(Clone, Debug)]
pub struct Library {
    pub(crate) shared: Arc<Shared>,
}

/// What clones of a [`Library`] share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) decoder: Arc<dyn Decoder>,
    pub(crate) config: LibraryConfig,
    /// Absolute, none inside another.
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) status: Status,
    pub(crate) folder_covers: FolderCovers,
    pub(crate) flights: Flights,
    /// Of the decoder for listeners who wait.
    pub(crate) urgent_flights: Flights,
    pub(crate) changes: ChangeQueue,
    /// Held by the one walk that goes on at a time.
    pub(crate) walk_turn: tokio::sync::Mutex<()>,
    pub(crate) rescan_asked: Notify,
    pub(crate) analysis_asked: Notify,
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

impl Library {
    /// A library over the folders of `config`, which may be just a `Vec` of them. Nothing is read
    /// until it is started.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        decoder: Arc<dyn Decoder>,
        config: impl Into<LibraryConfig>,
    ) -> Self {
        let config = config.into();
        let roots = outermost(&config.roots);
        let shared = Shared {
            store,
            decoder,
            roots,
            config,
            status: Status::default(),
            folder_covers: FolderCovers::default(),
            flights: Flights::default(),
            urgent_flights: Flights::default(),
            changes: ChangeQueue::default(),
            walk_turn: tokio::sync::Mutex::default(),
            rescan_asked: Notify::new(),
            analysis_asked: Notify::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// The track with its analysis, made now, ahead of the background's turn, if it has none.
    /// Callers at once share one analysis, which goes on if they leave. The row's id differs from
    /// `track` if the file turns out to be an older track that moved.
    ///
    /// # Errors
    /// See [`EnsureError`].
    pub async fn ensure_analysed(&self, track: Uuid) -> Result<TrackRow, EnsureError> {
        self.ensure(track).await
    }

    /// Asks for a walk over every folder, now. A running library heeds it.
    pub fn request_rescan(&self) {
        self.shared.rescan_asked.notify_one();
    }

    /// Asks for a look at these files, which are not as the library has them. A running library heeds
    /// it, whether or not the system tells of changes in their folders.
    pub fn look_at<'a>(&self, paths: impl IntoIterator<Item = &'a Path>) {
        paths.into_iter().for_each(|path| self.shared.changes.note(path.to_owned()));
    }

    /// How far the scan is.
    #[must_use]
    pub fn status(&self) -> ScanStatus {
        self.shared.status.now()
    }
}
