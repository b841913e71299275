//! What every store must do, written against `dyn Store` so that a second database can be held to
//! it. `conformance!` gives each case a store of its own.

mod accounts;
mod library;
mod lists;
mod network;
mod preferences;
mod reattach;
mod samples;
mod sqlite;

use std::sync::Arc;

use quicksync_store::{SqliteStore, Store};

pub type SharedStore = Arc<dyn Store>;

pub async fn empty_store() -> SharedStore {
    Arc::new(SqliteStore::open_in_memory().await.unwrap())
}
