//! Opens the rooms that more than one command needs: the store, and the worker processes.

use std::env;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use quicksync_decode::worker::{
    ANALYSE_TIMEOUT, DECODE_TIMEOUT, DEFAULT_MEMORY_LIMIT_BYTES, Pool, PoolConfig, Workers,
};
use quicksync_library::Library;
use quicksync_store::{SqliteStore, StoreOptions};

use crate::config::{Config, StoreConfig};
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

/// Worker processes of this very program: one pool for listeners, one for the library.
pub(crate) fn workers(encoders: NonZeroUsize) -> Result<Workers> {
    let program = env::current_exe().context("cannot find this program's own file")?;
    let pool = |workers, request_timeout| {
        Pool::new(PoolConfig {
            program: program.clone(),
            args: vec![WORKER.into()],
            workers,
            memory_limit_bytes: DEFAULT_MEMORY_LIMIT_BYTES,
            request_timeout,
        })
    };
    Ok(Workers::new(
        pool(encoders.get(), DECODE_TIMEOUT),
        pool(encoders.get().div_ceil(2), ANALYSE_TIMEOUT),
    ))
}

/// The library over the configured folders; nothing is read until it is started.
pub(crate) fn open_library(
    store: &SqliteStore,
    workers: &Workers,
    config: &Config,
) -> Result<Library> {
    let roots = config.music.iter().map(|root| absolute(root)).collect::<Result<_>>()?;
    Ok(Library::new(Arc::new(store.clone()), Arc::new(workers.clone()), roots))
}

/// The absolute form of a folder's name, whether or not the folder is there.
fn absolute(folder: &Path) -> Result<PathBuf> {
    std::path::absolute(folder)
        .with_context(|| format!("{:?} is no name of a folder", folder.display()))
}
