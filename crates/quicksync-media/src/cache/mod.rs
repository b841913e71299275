//! Where finished segments are looked for: memory, then disk, then the encoder, once.
//!
//! Never: an error kept, a half-written segment served, a request failed because a disk did.

mod disk;
mod index;
mod key;
mod memory;

use std::sync::Arc;

use bytes::Bytes;

use crate::{EngineConfig, MediaError};
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

    /// The segment, made with `make` if neither level has it. However many ask at once, one looks
    /// and makes; if that one goes away, another takes over.
    ///
    /// # Errors
    /// Those of `make`, which are not kept: the next request tries again.
    pub(crate) async fn segment(
        &self,
        key: Key,
        make: impl Future<Output = Result<Bytes, MediaError>>,
    ) -> Result<Bytes, MediaError> {
        let find = async {
            if let Some(bytes) = self.load(&key).await {
                return Ok(bytes);
            }
            let bytes = make.await?;
            if let Some(disk) = &self.disk {
                disk.store_soon(key, bytes.clone());
            }
            Ok(bytes)
        };
        self.memory.segment(key, find).await
    }

    async fn load(&self, key: &Key) -> Option<Bytes> {
        self.disk.as_ref()?.load(key).await
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
