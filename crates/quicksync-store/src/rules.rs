//! What a user wants on top of the preferences, for all their devices or for one: durable before it
//! is acknowledged.

use async_trait::async_trait;
use quicksync_model::{Mode, NetworkKind, Quality};
use uuid::Uuid;

use crate::StoreError;

/// Which data a budget counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum BudgetCounts {
    /// What came over cellular or metered networks.
    #[default]
    Metered,
    /// Everything.
    All,
}

impl BudgetCounts {
    /// The word in rows and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Metered => "metered",
            Self::All => "all",
        }
    }
}

impl std::str::FromStr for BudgetCounts {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Metered, Self::All].into_iter().find(|counts| counts.as_str() == text).ok_or(())
    }
}

/// Data for a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetRow {
    /// Bytes of media.
    pub bytes: u64,
    /// The day on which the month begins, 1 to 28.
    pub day: u8,
    /// What counts.
    pub counts: BudgetCounts,
}

/// What is ruled; `None`: nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleRow {
    /// Auto, or one quality.
    pub mode: Option<Mode>,
    /// Prefer higher quality when the host has room.
    pub prefer_quality: Option<bool>,
    /// Let host load lower the quality.
    pub adapt_to_system: Option<bool>,
    /// Apply Quick Sync to downloads.
    pub auto_download_quality: Option<bool>,
    /// The highest quality on wifi.
    pub cap_wifi: Option<Quality>,
    /// The highest quality on cellular.
    pub cap_cellular: Option<Quality>,
    /// The highest quality on a cable.
    pub cap_ethernet: Option<Quality>,
    /// The highest quality where the client did not say.
    pub cap_unknown: Option<Quality>,
    /// The highest quality wherever data costs money or is to be spared.
    pub cap_metered: Option<Quality>,
    /// Of files to keep.
    pub download_quality: Option<Quality>,
    /// Of copies to listen to without a network.
    pub offline_quality: Option<Quality>,
    /// Data for a month.
    pub budget: Option<BudgetRow>,
}

impl RuleRow {
    /// The cap of one kind of network.
    #[must_use]
    pub const fn cap(&self, kind: NetworkKind) -> Option<Quality> {
        match kind {
            NetworkKind::Wifi => self.cap_wifi,
            NetworkKind::Cellular => self.cap_cellular,
            NetworkKind::Ethernet => self.cap_ethernet,
            NetworkKind::Unknown => self.cap_unknown,
        }
    }
}

/// Changes a rule row.
pub type RuleChange<'a> = &'a (dyn Fn(RuleRow) -> RuleRow + Send + Sync);

/// Rules by user and device.
#[async_trait]
pub trait RuleStore {
    /// The user's rules for all their devices (`None`) or for one; empty if they made none.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn rules(&self, user: Uuid, device: Option<Uuid>) -> Result<RuleRow, StoreError>;

    /// Every rule of the user with the device it is for.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn all_rules(&self, user: Uuid) -> Result<Vec<(Option<Uuid>, RuleRow)>, StoreError>;

    /// Changes rules in one transaction, durable when it returns, and gives back the whole. Two
    /// changes at once both take effect.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn change_rules(
        &self,
        user: Uuid,
        device: Option<Uuid>,
        change: RuleChange<'_>,
    ) -> Result<RuleRow, StoreError>;
}
