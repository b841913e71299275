//! Which credentials behind media tickets were found valid lately.
//!
//! Decides: how stale that may be: a few seconds if another process revokes, not at all if this one
//! does. Time is an argument. Never: the store.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use quicksync_model::Timestamp;
use quicksync_store::{CredentialRow, UserRow};
use uuid::Uuid;

/// How long a valid credential is believed to be valid still.
const FRESH_US: u64 = 5_000_000;
/// Credentials remembered at once.
const MAX_ENTRIES: usize = 4096;

/// Credentials found valid, and when.
#[derive(Debug, Default)]
pub(crate) struct Revocations(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    generation: u64,
    valid: HashMap<Uuid, (Timestamp, CredentialRow, UserRow)>,
}

impl Revocations {
    /// The credential, if it was found valid just now; else the generation to hand to
    /// [`remember`](Self::remember) after asking the store.
    pub(super) fn recall(&self, id: Uuid, now: Timestamp) -> Result<(CredentialRow, UserRow), u64> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match known.valid.get(&id) {
            Some((then, credential, user)) if now.micros_since(*then) < FRESH_US => {
                Ok((credential.clone(), user.clone()))
            }
            _ => Err(known.generation),
        }
    }

    /// Remembers what the store said, unless something was revoked since it was asked.
    pub(super) fn remember(
        &self,
        generation: u64,
        found: &(CredentialRow, UserRow),
        now: Timestamp,
    ) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.generation != generation {
            return;
        }
        if known.valid.len() >= MAX_ENTRIES {
            known.valid.clear();
        }
        known.valid.insert(found.0.id, (now, found.0.clone(), found.1.clone()));
    }

    /// Something was revoked, or is about to be: nothing is believed any more.
    pub(crate) fn forget(&self) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.generation += 1;
        known.valid.clear();
    }
}
