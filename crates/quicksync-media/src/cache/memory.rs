//! Finished segments in memory, least recently used out first, and the single flight before them.

use bytes::Bytes;
use moka::future::Cache;
use moka::policy::EvictionPolicy;

use super::Key;
use crate::MediaError;

/// What an entry costs beside its bytes: key, pointers, moka's own nodes. An estimate.
const ENTRY_BYTES: usize = 256;

/// A bounded map that makes what it lacks, once however many ask.
#[derive(Debug)]
pub(crate) struct Memory {
    segments: Cache<Key, Bytes>,
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
            .build();
        Self { segments }
    }

    pub(crate) async fn segment(
        &self,
        key: Key,
        make: impl Future<Output = Result<Bytes, MediaError>>,
    ) -> Result<Bytes, MediaError> {
        self.segments.try_get_with(key, make).await.map_err(|error| (*error).clone())
    }

    pub(crate) fn contains(&self, key: &Key) -> bool {
        self.segments.contains_key(key)
    }
}
