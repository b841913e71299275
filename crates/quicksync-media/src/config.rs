//! What an engine may use: memory, disk, cores.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use object_store::ObjectStore;

/// What an engine may use.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// Bytes of finished segments kept in memory. One hour at 320 kbps is 144 MB.
    pub memory_bytes: u64,
    /// Where finished segments outlive the process; without it every restart starts cold.
    pub disk: Option<DiskConfig>,
    /// Segments encoded at once. One per core: encoding is pure computation.
    pub workers: NonZeroUsize,
    /// Requests that may wait for a worker before the next is turned away. At 35 ms a segment, 32
    /// per worker is about a second; longer than that a player is better off with a cached rung.
    pub max_waiting: usize,
    /// Whether the segment after the one asked for is encoded when there is nothing else to do.
    pub encode_ahead: bool,
}

impl EngineConfig {
    /// One worker per core, 32 waiting requests for each, 256 MiB of memory, no disk.
    #[must_use]
    pub fn for_this_machine() -> Self {
        let workers = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self {
            memory_bytes: 256 * 1024 * 1024,
            disk: None,
            workers,
            max_waiting: workers.get().saturating_mul(32),
            encode_ahead: true,
        }
    }
}

/// Where finished segments are kept, and how much of it they may fill.
#[derive(Clone, Debug)]
pub struct DiskConfig {
    /// Where.
    pub place: Place,
    /// Bytes they may fill; the least recently used go first.
    pub bytes: u64,
}

/// Somewhere bytes outlive the process. One engine uses it at a time.
#[derive(Clone, Debug)]
pub enum Place {
    /// A folder of our own, made if it is missing.
    Folder(PathBuf),
    /// An object store.
    Store(Arc<dyn ObjectStore>),
}
