//! Where finished segments are looked for: memory, then disk.
//!
//! Never: an error kept, a half-written segment served, a request failed because a disk did.

mod disk;
mod index;
mod key;
mod memory;

use std::sync::Arc;

use bytes::Bytes;

use crate::EngineConfig;
use disk::Disk;
pub(crate) use key::Key;
use memory::Memory;

/// Both levels.
#[derive(Debug)]
pub(crate) struct Cache {
    memory: Memory,
    disk: Option<Arc<Disk>>,
}

impl Cache {
    /// Opens both levels. A disk that cannot be read is a fault to report, not an error.
    pub(crate) async fn open(config: &EngineConfig) -> Self {
        let disk = config.disk.clone().map(|disk| Arc::new(Disk::new(disk)));
        if let Some(disk) = &disk {
            disk.open().await;
        }
        Self { memory: Memory::new(config.memory_bytes), disk }
    }

    /// The segment, if it is in memory.
    pub(crate) fn at_hand(&self, key: &Key) -> Option<Bytes> {
        self.memory.get(key)
    }

    /// The segment, if either level has it.
    pub(crate) async fn load(&self, key: &Key) -> Option<Bytes> {
        if let Some(segment) = self.memory.get(key) {
            return Some(segment);
        }
        let segment = self.disk.as_ref()?.load(key).await?;
        self.memory.insert(*key, segment.clone());
        Some(segment)
    }

    /// Keeps a finished segment: in memory now, on disk soon.
    pub(crate) fn keep(&self, key: Key, segment: Bytes) {
        if let Some(disk) = &self.disk {
            disk.store_soon(key, segment.clone());
        }
        self.memory.insert(key, segment);
    }

    /// Whether the segment can be had without encoding.
    pub(crate) fn contains(&self, key: &Key) -> bool {
        self.memory.contains(key) || self.disk.as_ref().is_some_and(|disk| disk.contains(key))
    }

    /// What is wrong with the disk, in words for an administrator.
    pub(crate) fn disk_fault(&self) -> Option<String> {
        self.disk.as_ref()?.fault()
    }

    /// Waits until what is being written to disk is written or has failed.
    pub(crate) async fn flush(&self) {
        if let Some(disk) = &self.disk {
            disk.flush().await;
        }
    }
}
