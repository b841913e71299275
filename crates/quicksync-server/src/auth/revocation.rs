//! Which credentials behind media tickets were found valid lately.
//!
//! Decides: how stale that may be: a few seconds if another process revokes (the command line works on
//! the database of a running server), not at all if this one does. Time is an argument. Never: the
//! store.

use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::HashMap;
use quicksync_model::Timestamp;
use quicksync_store::{CredentialRow, UserRow};
use uuid::Uuid;

use super::credential::counts;

/// How long a valid credential is believed to be valid still.
const FRESH_US: u64 = 5_000_000;
/// Credentials remembered at once.
const MAX_ENTRIES: usize = 4096;

/// Credentials found valid, and when.
#[derive(Debug, Default)]
pub(crate) struct Revocations(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// [`Store::changes`](quicksync_store::Store::changes) when all this was so.
    changes: u64,
    valid: HashMap<Uuid, (Timestamp, CredentialRow, UserRow)>,
}

impl Known {
    fn fresh(&self, id: Uuid, now: Timestamp) -> Option<(&CredentialRow, &UserRow)> {
        let (then, credential, user) = self.valid.get(&id)?;
        // A clock that was set back says nothing of how long ago that was.
        let is_fresh = *then <= now && now.micros_since(*then) < FRESH_US;
        is_fresh.then_some((credential, user))
    }
}

impl Revocations {
    /// The credential, if it was found valid just now and nothing has changed since.
    pub(super) fn recall(
        &self,
        changes: u64,
        id: Uuid,
        now: Timestamp,
    ) -> Option<(CredentialRow, UserRow)> {
        let known = self.at(changes);
        known.fresh(id, now).map(|(credential, user)| (credential.clone(), user.clone()))
    }

    /// Whether the credential was found valid just now, nothing has changed since, and it counts.
    pub(crate) fn holds(&self, changes: u64, id: Uuid, now: Timestamp) -> bool {
        let known = self.at(changes);
        known.fresh(id, now).is_some_and(|(credential, _)| counts(credential, now))
    }

    /// Remembers what the store said when it had changed so often.
    pub(super) fn remember(&self, changes: u64, found: &(CredentialRow, UserRow), now: Timestamp) {
        let mut known = self.at(changes);
        if known.valid.len() >= MAX_ENTRIES {
            known.valid.clear();
        }
        known.valid.insert(found.0.id, (now, found.0.clone(), found.1.clone()));
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
