//! What lies on disk, in order of use. Never: the disk.

use std::collections::{BTreeMap, HashMap};

use super::Key;

/// Keys, their sizes and the order they were last used in.
#[derive(Debug, Default)]
pub(crate) struct Index {
    entries: HashMap<Key, Entry>,
    order: BTreeMap<u64, Key>,
    bytes: u64,
    uses: u64,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    bytes: u64,
    used: u64,
}

impl Index {
    /// Adds or replaces an entry as the most recently used.
    pub(crate) fn insert(&mut self, key: Key, bytes: u64) {
        self.remove(&key);
        self.uses += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        self.entries.insert(key, Entry { bytes, used: self.uses });
        self.order.insert(self.uses, key);
    }

    /// Marks an entry as the most recently used; whether it is there.
    pub(crate) fn touch(&mut self, key: &Key) -> bool {
        let found = self.entries.get(key).copied();
        if let Some(entry) = found {
            self.insert(*key, entry.bytes);
        }
        found.is_some()
    }

    pub(crate) fn remove(&mut self, key: &Key) {
        if let Some(entry) = self.entries.remove(key) {
            self.order.remove(&entry.used);
            self.bytes = self.bytes.saturating_sub(entry.bytes);
        }
    }

    pub(crate) fn contains(&self, key: &Key) -> bool {
        self.entries.contains_key(key)
    }

    /// Takes out the least recently used entries until no more than `limit` bytes remain.
    pub(crate) fn evict(&mut self, limit: u64) -> Vec<Key> {
        let mut evicted = Vec::new();
        while self.bytes > limit {
            let Some((_, key)) = self.order.pop_first() else { break };
            self.remove(&key);
            evicted.push(key);
        }
        evicted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quicksync_decode::AudioHash;
    use quicksync_model::{Quality, Rendition};

    fn key(index: u64) -> Key {
        Key { audio_hash: AudioHash([0; 32]), rendition: Rendition::Opus(Quality::Low), index }
    }

    #[test]
    fn the_least_recently_used_go_first() {
        let mut index = Index::default();
        for n in 0..4 {
            index.insert(key(n), 10);
        }
        assert!(index.touch(&key(0)));
        assert!(!index.touch(&key(9)));
        index.insert(key(2), 25);
        assert_eq!(index.evict(44), [key(1), key(3)]);
        assert!(index.contains(&key(0)) && index.contains(&key(2)) && !index.contains(&key(1)));
        index.remove(&key(2));
        assert_eq!((index.bytes, index.order.len()), (10, 1));
        assert_eq!(index.evict(0), [key(0)]);
        assert_eq!(index.evict(0), []);
    }
}
