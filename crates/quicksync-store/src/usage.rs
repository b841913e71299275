//! The ledger: how much media went to which device over which kind of network.

use async_trait::async_trait;
use quicksync_model::NetworkKind;
use uuid::Uuid;

use crate::StoreError;

/// Media sent to one device on one day over one kind of network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageRow {
    /// Whose.
    pub user_id: Uuid,
    /// To which device.
    pub device_id: Uuid,
    /// Whole days since the Unix epoch, UTC.
    pub day: i64,
    /// As the client declared.
    pub network_kind: NetworkKind,
    /// Whether it cost money, as the client declared.
    pub is_metered: bool,
    /// Of media.
    pub bytes: u64,
    /// How long that media plays.
    pub audio_ms: u64,
}

/// The ledger by user and device.
#[async_trait]
pub trait UsageStore {
    /// Adds to the ledger.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn add_usage(&self, rows: &[UsageRow]) -> Result<(), StoreError>;

    /// The user's ledger from `since_day` on, oldest first; of one device if given.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn usage(
        &self,
        user: Uuid,
        device: Option<Uuid>,
        since_day: i64,
    ) -> Result<Vec<UsageRow>, StoreError>;
}
