//! Finished segments in memory, least recently used out first, and where the kernel can send them
//! from.

use bytes::Bytes;
use foldhash::fast::RandomState;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use quicksync_splice::in_pages;

use super::Key;

/// What an entry costs beside its bytes: key, pointers, moka's own nodes. An estimate.
const ENTRY_BYTES: usize = 256;

/// A map bounded by bytes.
#[derive(Debug)]
pub(crate) struct Memory {
    segments: Cache<Key, Bytes, RandomState>,
}

impl Memory {
    pub(crate) fn new(bytes: u64) -> Self {
        let segments = Cache::builder()
            .max_capacity(bytes)
            // A segment encoded ahead has been asked for never yet, so popularity would drop it.
            .eviction_policy(EvictionPolicy::lru())
            .weigher(|_, bytes: &Bytes| {
                u32::try_from(bytes.len().saturating_add(ENTRY_BYTES)).unwrap_or(u32::MAX)
            })
            .build_with_hasher(RandomState::default());
        Self { segments }
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Bytes> {
        self.segments.get(key)
    }

    pub(crate) fn insert(&self, key: Key, segment: Bytes) {
        self.segments.insert(key, in_pages(segment));
    }

    pub(crate) fn contains(&self, key: &Key) -> bool {
        self.segments.contains_key(key)
    }
}
