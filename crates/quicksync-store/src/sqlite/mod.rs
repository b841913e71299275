//! The store in one SQLite file: connections, migrations, secrets.
//!
//! Knows: which connection a change goes through. What a user gave us is synced to the disk before
//! it is acknowledged; scans and telemetry are not, and a crash may lose their last moments but
//! never corrupts or halves them. Never: what a row means.
//!
//! # Reading order
//! [`SqliteStore`] and its `Writer`; then one file per room.

mod accounts;
mod analysis;
mod batch;
mod convert;
mod error;
mod files;
mod history;
mod library;
mod lists;
mod loudness;
mod memory;
mod network;
mod preferences;
mod rules;
mod scratch;
mod sessions;
mod usage;

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use self::convert::Columns;
use self::error::file_error;
use self::memory::Memory;
use self::scratch::Scratch;
use crate::{Store, StoreError};

/// How a [`SqliteStore`] is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreOptions {
    /// Connections that read at once. Four keep up with several hundred listeners; each costs a
    /// thread and up to 2 MB of page cache.
    pub readers: u32,
    /// How long a change waits for another process that writes, and a read for a connection,
    /// before it is [`StoreError::Busy`].
    pub busy_timeout: Duration,
    /// How large the file may grow; what would grow it further is [`StoreError::DiskFull`].
    /// `None` leaves that to the disk.
    pub max_bytes: Option<u64>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { readers: 4, busy_timeout: Duration::from_secs(5), max_bytes: None }
    }
}

/// The store in one SQLite file. Clones share its connections.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    readers: SqlitePool,
    durable: Writer,
    /// For telemetry.
    batched: Writer,
    /// For scans: batched too.
    scans: Writer,
    memory: Arc<Memory>,
    _scratch: Option<Arc<Scratch>>,
}

impl SqliteStore {
    /// Opens the database file at `path`, made with mode 0600 if there is none, and brings its
    /// schema up to date. The folder must exist.
    ///
    /// # Errors
    /// See [`StoreError`]; a file that is no database, or of a newer version, is
    /// [`StoreError::Failed`].
    pub async fn open(path: &Path, options: StoreOptions) -> Result<Self, StoreError> {
        make_private(path).map_err(|error| file_error(&error))?;
        Self::connect(path, options, Syncing::Real, None).await
    }

    /// An empty store of its own for tests: a file in the temporary folder that is never synced and
    /// goes with the last clone. It behaves as the real one does, which a database in memory would
    /// not: that locks differently.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open_in_memory() -> Result<Self, StoreError> {
        let scratch = Scratch::new().map_err(|error| file_error(&error))?;
        let path = scratch.file();
        make_private(&path).map_err(|error| file_error(&error))?;
        let scratch = Some(Arc::new(scratch));
        Self::connect(&path, StoreOptions::default(), Syncing::None, scratch).await
    }

    /// Waits for running changes and closes the file. Later calls fail.
    pub async fn close(&self) {
        self.durable.pool.close().await;
        self.batched.pool.close().await;
        self.readers.close().await;
    }

    async fn connect(
        path: &Path,
        options: StoreOptions,
        syncing: Syncing,
        scratch: Option<Arc<Scratch>>,
    ) -> Result<Self, StoreError> {
        let [full, normal] = match syncing {
            Syncing::Real => [SqliteSynchronous::Full, SqliteSynchronous::Normal],
            Syncing::None => [SqliteSynchronous::Off; 2],
        };
        let mut connect = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(options.busy_timeout)
            .page_size(4096)
            .foreign_keys(true);
        if let Some(max_bytes) = options.max_bytes {
            connect = connect.pragma("max_page_count", (max_bytes / PAGE_BYTES).to_string());
        }
        let pool = |connections: u32, connect: SqliteConnectOptions| {
            SqlitePoolOptions::new()
                .max_connections(connections.max(1))
                .acquire_timeout(options.busy_timeout)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .connect_with(connect)
        };
        let durable = pool(1, connect.clone().synchronous(full)).await?;
        sqlx::migrate!()
            .run(&durable)
            .await
            .map_err(|error| StoreError::Failed(format!("migration: {error}")))?;
        let turn = Arc::new(Mutex::new(()));
        let batched = pool(1, connect.clone().synchronous(normal)).await?;
        let readers = pool(options.readers, connect.synchronous(normal)).await?;
        let memory = Arc::new(Memory::default());
        let writer = |pool: &SqlitePool, forgets| Writer {
            pool: pool.clone(),
            turn: Arc::clone(&turn),
            forgets,
        };
        Ok(Self {
            readers,
            durable: writer(&durable, Some(Arc::clone(&memory))),
            batched: writer(&batched, None),
            scans: writer(&batched, Some(Arc::clone(&memory))),
            memory,
            _scratch: scratch,
        })
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn secret(
        &self,
        name: &str,
        create: &(dyn Fn() -> [u8; 32] + Send + Sync),
    ) -> Result<[u8; 32], StoreError> {
        let mut change = self.durable.begin().await?;
        sqlx::query("INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(name)
            .bind(create().to_vec())
            .execute(change.db())
            .await?;
        let row = sqlx::query("SELECT value FROM secrets WHERE name = ?")
            .bind(name)
            .fetch_one(change.db())
            .await?;
        change.commit().await?;
        row.bytes("value")
    }

    fn changes(&self) -> u64 {
        self.memory.changes()
    }

    async fn check(&self) -> Result<(), StoreError> {
        let mut change = self.durable.begin().await?;
        sqlx::query(
            "INSERT INTO readiness (id, checks) VALUES (1, 1) \
             ON CONFLICT (id) DO UPDATE SET checks = checks + 1",
        )
        .execute(change.db())
        .await?;
        change.commit().await?;
        sqlx::query("SELECT checks FROM readiness").fetch_one(&self.readers).await?;
        Ok(())
    }
}

/// SQLite's page size, which every new database gets.
const PAGE_BYTES: u64 = 4096;

/// Whether commits reach the disk.
#[derive(Clone, Copy)]
enum Syncing {
    Real,
    None,
}

/// Takes the lock at once: a change that has begun does not fail for want of it.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// The one connection of its kind that writes. Both kinds take turns in the order they asked, so
/// that neither waits by polling SQLite's lock.
#[derive(Clone, Debug)]
struct Writer {
    pool: SqlitePool,
    turn: Arc<Mutex<()>>,
    /// What its changes make stale.
    forgets: Option<Arc<Memory>>,
}

impl Writer {
    async fn begin(&self) -> Result<Change, StoreError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let transaction = match self.pool.begin_with(BEGIN).await {
            // Where SQLite undid a change by itself, as it does on a full disk, undoing it again
            // fails, and the connection counts as inside a transaction for ever: replace it.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                self.pool.acquire().await?.close().await?;
                self.pool.begin_with(BEGIN).await?
            }
            other => other?,
        };
        Ok(Change { transaction, turn, forgets: self.forgets.clone() })
    }
}

/// One transaction that writes; dropped without [`Change::commit`] it changes nothing.
struct Change {
    transaction: Transaction<'static, Sqlite>,
    turn: OwnedMutexGuard<()>,
    forgets: Option<Arc<Memory>>,
}

impl Change {
    fn db(&mut self) -> &mut sqlx::SqliteConnection {
        &mut self.transaction
    }

    async fn commit(self) -> Result<(), StoreError> {
        let Self { transaction, turn, forgets } = self;
        let Some(memory) = forgets else { return Ok(transaction.commit().await?) };
        // On its own: a caller who leaves must not leave a change behind that nothing knows of.
        let committing = tokio::spawn(async move {
            let committed = transaction.commit().await;
            memory.forget();
            drop(turn);
            committed
        });
        let lost = |_| StoreError::Failed("the change was stopped".into());
        Ok(committing.await.map_err(lost)??)
    }
}

/// Makes the file if there is none, and takes it from everyone but its owner. SQLite gives the
/// same mode to the log beside it.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    drop(file);
    Ok(())
}
