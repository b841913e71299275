//! What every store must do, written against `dyn Store` so that a second database can be held to
//! it: `empty_store` is the only place that names one.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod accounts;
mod history;
mod library;
mod lists;
mod loudness;
mod network;
mod preferences;
mod reattach;
mod rules;
mod samples;
mod sessions;
mod sqlite;
mod usage;

use std::sync::Arc;

use quicksync_store::{SqliteStore, Store};

pub(crate) type SharedStore = Arc<dyn Store>;

pub(crate) async fn empty_store() -> SharedStore {
    Arc::new(SqliteStore::open_in_memory().await.unwrap())
}
