//! Opens the rooms that more than one command needs: the store, and the worker processes.

use std::env;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use quicksync_decode::worker::{
    ANALYSE_TIMEOUT, DECODE_TIMEOUT, DEFAULT_MEMORY_LIMIT_BYTES, Pool, PoolConfig, Workers,
};
use quicksync_library::{Library, LibraryConfig, WorkerTags};
use quicksync_store::{SqliteStore, StoreOptions};

use crate::config::StoreConfig;
use crate::data_dir;

/// The subcommand that worker processes run.
pub(crate) const WORKER: &str = "worker";

/// Opens the database, and makes it and its folder when they are missing.
pub(crate) async fn open_store(config: &StoreConfig) -> Result<SqliteStore> {
    data_dir::create(&config.data)?;
    SqliteStore::open(&config.database, StoreOptions::default())
        .await
        .with_context(|| format!("cannot open the database {}", config.database.display()))
}

/// Worker processes of this very program, in pools that do not wait for each other: one for
/// listeners, one for the library, which gives way to all others, one for listeners who wait for the
/// library.
#[derive(Clone, Debug)]
pub(crate) struct Pools {
    listeners: Pool,
    library: Pool,
    urgent: Pool,
}

impl Pools {
    /// Pools for so many encoders. Nothing is started until it is needed.
    pub(crate) fn new(encoders: NonZeroUsize) -> Result<Self> {
        let program = env::current_exe().context("cannot find this program's own file")?;
        let pool = |workers, request_timeout| PoolConfig {
            program: program.clone(),
            args: vec![WORKER.into()],
            workers,
            memory_limit_bytes: DEFAULT_MEMORY_LIMIT_BYTES,
            request_timeout,
            gives_way: false,
        };
        let whole = pool(encoders.get().div_ceil(2), ANALYSE_TIMEOUT);
        Ok(Self {
            listeners: Pool::new(pool(encoders.get(), DECODE_TIMEOUT)),
            library: Pool::new(PoolConfig { gives_way: true, ..whole.clone() }),
            urgent: Pool::new(whole),
        })
    }

    /// Starts the processes that listeners wait for: the first of them waits no longer than the
    /// others.
    pub(crate) fn start_for_listeners(&self) {
        self.listeners.start_ahead();
    }

    /// What segments are decoded by.
    pub(crate) fn decoder(&self) -> Workers {
        Workers::new(self.listeners.clone(), self.library.clone())
    }
}

/// The library over the configured folders; nothing is read until it is started.
pub(crate) fn open_library(store: &SqliteStore, pools: &Pools, roots: Vec<PathBuf>) -> Library {
    let urgent = Workers::new(pools.listeners.clone(), pools.urgent.clone());
    let config = LibraryConfig {
        tags: Arc::new(WorkerTags::new(pools.library.clone())),
        urgent_decoder: Some(Arc::new(urgent)),
        ..LibraryConfig::from(roots)
    };
    Library::new(Arc::new(store.clone()), Arc::new(pools.decoder()), config)
}
