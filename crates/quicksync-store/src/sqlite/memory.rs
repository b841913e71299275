//! Rows that every media request asks for, remembered until something could have changed them.
//!
//! Decides: how many are remembered, and when none is believed any more: after each change of what
//! a user gave us or of the library, whoever made it through this store. Never: another process; the
//! lock on the data folder sees to it that no other one changes these rows. Never stale: what was
//! read while a change was under way is not kept.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::{PreferenceRow, RuleRow, StoreError, TrackRow};

/// Rows of each kind remembered at once; a track's is about half a kilobyte.
const MAX_ROWS: usize = 4096;

/// What is remembered, by id of the track or the user. What is not there is remembered too.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) tracks: Remembered<Option<TrackRow>>,
    pub(super) preferences: Remembered<PreferenceRow>,
    pub(super) rules: Remembered<Vec<(Option<Uuid>, RuleRow)>>,
    changes: AtomicU64,
}

impl Memory {
    /// Something has changed, or may have.
    pub(super) fn forget(&self) {
        self.tracks.forget();
        self.preferences.forget();
        self.rules.forget();
        // Last: who sees the new number finds nothing old.
        self.changes.fetch_add(1, Ordering::Release);
    }

    /// How often something has changed.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }
}

/// Rows of one kind.
#[derive(Debug)]
pub(super) struct Remembered<V, K = Uuid>(Mutex<Known<K, V>>);

#[derive(Debug)]
struct Known<K, V> {
    /// How often everything was forgotten.
    generation: u64,
    rows: HashMap<K, V>,
}

impl<V, K> Default for Remembered<V, K> {
    fn default() -> Self {
        Self(Mutex::new(Known { generation: 0, rows: HashMap::new() }))
    }
}

impl<V: Clone, K: Copy + Eq + Hash> Remembered<V, K> {
    /// The row, as `read` finds it unless it is remembered.
    pub(super) async fn or_read(
        &self,
        key: K,
        read: impl Future<Output = Result<V, StoreError>>,
    ) -> Result<V, StoreError> {
        let generation = {
            let known = self.lock();
            if let Some(row) = known.rows.get(&key) {
                return Ok(row.clone());
            }
            known.generation
        };
        let row = read.await?;
        let mut known = self.lock();
        // A change since may have come after the reading.
        if known.generation == generation {
            if known.rows.len() >= MAX_ROWS {
                known.rows.clear();
            }
            known.rows.insert(key, row.clone());
        }
        Ok(row)
    }

    fn forget(&self) {
        let mut known = self.lock();
        known.generation += 1;
        known.rows.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Known<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::*;

    type Numbers = Remembered<u32, u32>;

    async fn read(numbers: &Numbers, key: u32, value: u32) -> u32 {
        numbers.or_read(key, ready(Ok(value))).await.unwrap()
    }

    #[tokio::test]
    async fn a_row_is_read_once_until_something_changes() {
        let numbers = Numbers::default();
        assert_eq!((read(&numbers, 1, 10).await, read(&numbers, 1, 11).await), (10, 10));
        numbers.forget();
        assert_eq!((read(&numbers, 1, 12).await, read(&numbers, 2, 20).await), (12, 20));
    }

    #[tokio::test]
    async fn what_was_read_during_a_change_is_not_kept() {
        let numbers = Numbers::default();
        let reading = async {
            numbers.forget();
            Ok(10)
        };
        assert_eq!(numbers.or_read(1, reading).await.unwrap(), 10);
        assert_eq!(read(&numbers, 1, 11).await, 11);
    }

    #[tokio::test]
    async fn errors_are_not_kept_and_rows_are_bounded() {
        let numbers = Numbers::default();
        assert!(numbers.or_read(1, ready(Err(StoreError::Busy))).await.is_err());
        assert_eq!(read(&numbers, 1, 10).await, 10);
        for key in (0_u32..).take(3 * MAX_ROWS) {
            read(&numbers, key, key).await;
        }
        assert!(numbers.lock().rows.len() <= MAX_ROWS);
    }
}
