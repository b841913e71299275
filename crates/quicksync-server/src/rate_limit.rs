//! How many failures, or calls, a key may have per minute.
//!
//! Decides: now or later. Time is an argument; memory is bounded. Never: what a key stands for.
//!
//! # Model
//! Generic cell rate algorithm (ITU-T I.371 annex A): each key keeps the instant at which its
//! budget is whole again; each hit moves it one interval on; a key more than `burst` intervals
//! ahead waits.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use quicksync_model::Timestamp;

/// Keys remembered at once. A key is a few dozen bytes: about 4 MB at most.
const MAX_KEYS: usize = 65_536;

/// A limit of `burst` hits at once and one more every `interval`.
#[derive(Debug)]
pub struct RateLimit<K> {
    burst: i64,
    interval_us: i64,
    whole_again_us: Mutex<HashMap<K, i64>>,
}

impl<K: Eq + Hash> RateLimit<K> {
    /// A limit of `per_minute` hits, all of which may come at once.
    #[must_use]
    pub fn per_minute(per_minute: u32) -> Self {
        let burst = i64::from(per_minute.max(1));
        Self { burst, interval_us: 60_000_000 / burst, whole_again_us: Mutex::default() }
    }

    /// Whether `key` may go on, without counting.
    ///
    /// # Errors
    /// The seconds to wait, at least one.
    pub fn check(&self, key: &K, now: Timestamp) -> Result<(), u32> {
        let whole_again = self.keys().get(key).copied().unwrap_or_default();
        self.verdict(whole_again, now.as_micros())
    }

    /// Counts one hit of `key` if it may go on. Of many callers at once no more than the limit get
    /// through.
    ///
    /// # Errors
    /// The seconds to wait, at least one.
    pub fn admit(&self, key: K, now: Timestamp) -> Result<(), u32> {
        let now = now.as_micros();
        let mut keys = self.keys();
        self.verdict(keys.get(&key).copied().unwrap_or_default(), now)?;
        if keys.len() >= MAX_KEYS && !keys.contains_key(&key) {
            make_room(&mut keys, now);
        }
        let whole_again = keys.entry(key).or_insert(now);
        *whole_again = (*whole_again).max(now).saturating_add(self.interval_us);
        Ok(())
    }

    /// Takes one hit of `key` back.
    pub fn refund(&self, key: &K) {
        if let Some(whole_again) = self.keys().get_mut(key) {
            *whole_again -= self.interval_us;
        }
    }

    fn keys(&self) -> MutexGuard<'_, HashMap<K, i64>> {
        self.whole_again_us.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn verdict(&self, whole_again: i64, now: i64) -> Result<(), u32> {
        let early_us = whole_again - now - (self.burst - 1) * self.interval_us;
        if early_us <= 0 {
            return Ok(());
        }
        Err(u32::try_from(early_us.div_euclid(1_000_000) + 1).unwrap_or(u32::MAX))
    }
}

/// Forgets the keys whose budget is whole; if none is, the half that is nearest to it.
fn make_room<K: Eq + Hash>(keys: &mut HashMap<K, i64>, now: i64) {
    keys.retain(|_, whole_again| *whole_again > now);
    if keys.len() < MAX_KEYS {
        return;
    }
    let mut instants: Vec<i64> = keys.values().copied().collect();
    let (_, median, _) = instants.select_nth_unstable(MAX_KEYS / 2);
    let median = *median;
    keys.retain(|_, whole_again| *whole_again > median);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(1_700_000_000_000_000 + seconds * 1_000_000)
    }

    #[test]
    fn five_at_once_then_one_every_twelve_seconds() {
        let limit = RateLimit::per_minute(5);
        for _ in 0..5 {
            assert_eq!(limit.admit("a", at(0)), Ok(()));
        }
        for (seconds, verdict) in [(0, Err(13)), (11, Err(2)), (12, Ok(())), (12, Err(13))] {
            assert_eq!(limit.admit("a", at(seconds)), verdict, "at {seconds} s");
        }
        assert_eq!(limit.admit("b", at(12)), Ok(()), "keys do not share a budget");
    }

    #[test]
    fn memory_is_bounded_and_the_busiest_keys_stay() {
        let limit = RateLimit::per_minute(2);
        (0..2).for_each(|_| limit.admit(u64::MAX, at(0)).unwrap());
        (0..2 * MAX_KEYS as u64).for_each(|key| limit.admit(key, at(0)).unwrap());
        assert!(limit.whole_again_us.lock().unwrap().len() <= MAX_KEYS);
        assert!(limit.check(&u64::MAX, at(0)).is_err());
        limit.refund(&u64::MAX);
        assert!(limit.check(&u64::MAX, at(0)).is_ok());
    }
}
