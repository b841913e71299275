//! What transfers showed, rolled up by the hour; what the server's own targets gave. Telemetry:
//! batched, bounded, deletable.

use async_trait::async_trait;
use quicksync_model::NetworkKind;
use uuid::Uuid;

use crate::StoreError;

/// The transfers of one device on one network in one hour.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkHourRow {
    /// On which device.
    pub device_id: Uuid,
    /// As the client declared.
    pub network_kind: NetworkKind,
    /// Salted hash of the address prefix.
    pub network_key: [u8; 8],
    /// Whole hours since the Unix epoch, UTC.
    pub hour: i64,
    /// How many transfers.
    pub samples: u32,
    /// Bytes that arrived in them.
    pub bytes: u64,
    /// Sum of log2 of their rates in bits per second.
    pub sum_log2: f64,
    /// Sum of the squares of those.
    pub sum_squares: f64,
}

/// What one configured target gave once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetRow {
    /// As configured, without user name and password.
    pub url: String,
    /// Unix time.
    pub measured_us: i64,
    /// Bytes that arrived, 0 if it failed.
    pub bytes: u64,
    /// Time they took, microseconds.
    pub duration_us: u64,
    /// Why it failed.
    pub error: Option<String>,
}

/// How far back telemetry is kept: what is older goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Samples, rolled-up hours and playback sessions before this, Unix time.
    pub history_before_us: i64,
    /// Days of the ledger before this, whole days since the Unix epoch.
    pub usage_before_day: i64,
}

/// History by user and device.
#[async_trait]
pub trait HistoryStore {
    /// The user's rolled-up hours from `since_hour` on, newest first, at most `limit`; of one
    /// device if given.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn network_hours(
        &self,
        user: Uuid,
        device: Option<Uuid>,
        since_hour: i64,
        limit: u32,
    ) -> Result<Vec<NetworkHourRow>, StoreError>;

    /// Forgets what is older, of every user; returns how many rows.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn forget_older(&self, retention: Retention) -> Result<u64, StoreError>;

    /// Keeps what targets gave, at most `keep` newest of each.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn add_targets(&self, rows: &[TargetRow], keep: u32) -> Result<(), StoreError>;

    /// What targets gave, newest first.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn targets(&self, limit: u32) -> Result<Vec<TargetRow>, StoreError>;
}
