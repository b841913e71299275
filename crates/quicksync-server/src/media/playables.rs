//! The tracks and albums whose segments were asked for lately.
//!
//! Decides: how many are remembered, and that none is once anything in the store has changed. Never:
//! stale; what was found while a change was under way is not kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quicksync_store::Store;
use uuid::Uuid;

use super::playable::{Part, Playable};
use crate::ApiError;

/// Files remembered at once, those of albums counted in: each takes about a kilobyte.
const MAX_FILES: usize = 8192;

/// What is remembered, by what it is asked for by.
#[derive(Debug, Default)]
pub(crate) struct Playables(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// [`Store::changes`] when all this was so.
    changes: u64,
    files: usize,
    /// Of each the version that was asked for last.
    found: HashMap<(Uuid, Part), Arc<Playable>>,
}

impl Playables {
    /// The playable of this version, as `find` finds it unless it is remembered.
    pub(super) async fn or_find<F: Future<Output = Result<Playable, ApiError>>>(
        &self,
        store: &dyn Store,
        key: (Uuid, Part),
        version: &str,
        find: impl FnOnce() -> F,
    ) -> Result<Arc<Playable>, ApiError> {
        let changes = store.changes();
        if let Some(playable) = self.at(changes).found.get(&key)
            && playable.version == version
        {
            return Ok(Arc::clone(playable));
        }
        // Apart: finding takes room that every request would have to set up.
        let playable = Arc::new(Box::pin(find()).await?);
        // A change since may have come after the finding.
        if store.changes() == changes {
            self.at(changes).keep(key, &playable);
        }
        Ok(playable)
    }

    /// What is known after so many changes.
    fn at(&self, changes: u64) -> MutexGuard<'_, Known> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.changes != changes {
            *known = Known { changes, ..Known::default() };
        }
        known
    }
}

impl Known {
    fn keep(&mut self, key: (Uuid, Part), playable: &Arc<Playable>) {
        let files = playable.audio.sources().len();
        if self.files + files > MAX_FILES {
            self.found.clear();
            self.files = 0;
        }
        self.files += files;
        if let Some(other) = self.found.insert(key, Arc::clone(playable)) {
            self.files -= other.audio.sources().len();
        }
    }
}
