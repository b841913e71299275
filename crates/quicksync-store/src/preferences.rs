//! What a listener chose, durable before it is acknowledged.

use async_trait::async_trait;
use quicksync_model::Mode;
use uuid::Uuid;

use crate::StoreError;

/// One user's Quick Sync preferences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreferenceRow {
    /// Auto, or one quality.
    pub mode: Mode,
    /// Prefer higher quality when the host has room.
    pub prefer_quality: bool,
    /// Let host load lower the quality.
    pub adapt_to_system: bool,
    /// Apply Quick Sync to downloads.
    pub auto_download_quality: bool,
}

impl Default for PreferenceRow {
    /// The documented defaults.
    fn default() -> Self {
        Self {
            mode: Mode::Auto,
            prefer_quality: true,
            adapt_to_system: true,
            auto_download_quality: false,
        }
    }
}

/// The fields of a partial update; `None` leaves a field as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PreferencePatch {
    /// See [`PreferenceRow::mode`].
    pub mode: Option<Mode>,
    /// See [`PreferenceRow::prefer_quality`].
    pub prefer_quality: Option<bool>,
    /// See [`PreferenceRow::adapt_to_system`].
    pub adapt_to_system: Option<bool>,
    /// See [`PreferenceRow::auto_download_quality`].
    pub auto_download_quality: Option<bool>,
}

/// Preferences by user.
#[async_trait]
pub trait PreferenceStore {
    /// The user's preferences, the defaults if they never chose.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn preferences(&self, user: Uuid) -> Result<PreferenceRow, StoreError>;

    /// Changes the given fields in one transaction, durable when it returns, and gives back the
    /// whole. Two partial updates at once both take effect.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn update_preferences(
        &self,
        user: Uuid,
        patch: PreferencePatch,
    ) -> Result<PreferenceRow, StoreError>;
}
