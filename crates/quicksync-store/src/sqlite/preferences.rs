//! Quick Sync preferences in SQLite.
//!
//! Knows: the table `preferences`. Never: what a preference does to playback.

use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::SqliteStore;
use super::convert::{Columns, id_bytes};
use crate::{PreferencePatch, PreferenceRow, PreferenceStore, StoreError};

#[async_trait]
impl PreferenceStore for SqliteStore {
    async fn preferences(&self, user: Uuid) -> Result<PreferenceRow, StoreError> {
        let read = async {
            let row = sqlx::query("SELECT * FROM preferences WHERE user_id = ?")
                .bind(id_bytes(user))
                .fetch_optional(&self.readers)
                .await?;
            row.as_ref().map_or_else(|| Ok(PreferenceRow::default()), preference_row)
        };
        self.memory.preferences.or_read(user, read).await
    }

    async fn update_preferences(
        &self,
        user: Uuid,
        patch: PreferencePatch,
    ) -> Result<PreferenceRow, StoreError> {
        let mut change = self.durable.begin().await?;
        let row = sqlx::query("SELECT * FROM preferences WHERE user_id = ?")
            .bind(id_bytes(user))
            .fetch_optional(change.db())
            .await?;
        let old = row.as_ref().map_or_else(|| Ok(PreferenceRow::default()), preference_row)?;
        let new = patched(old, patch);
        sqlx::query(
            "INSERT INTO preferences \
             (user_id, mode, prefer_quality, adapt_to_system, auto_download_quality) \
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (user_id) DO UPDATE SET \
             mode = ?2, prefer_quality = ?3, adapt_to_system = ?4, auto_download_quality = ?5",
        )
        .bind(id_bytes(user))
        .bind(new.mode.as_str())
        .bind(new.prefer_quality)
        .bind(new.adapt_to_system)
        .bind(new.auto_download_quality)
        .execute(change.db())
        .await?;
        change.commit().await?;
        Ok(new)
    }
}

fn patched(old: PreferenceRow, patch: PreferencePatch) -> PreferenceRow {
    PreferenceRow {
        mode: patch.mode.unwrap_or(old.mode),
        prefer_quality: patch.prefer_quality.unwrap_or(old.prefer_quality),
        adapt_to_system: patch.adapt_to_system.unwrap_or(old.adapt_to_system),
        auto_download_quality: patch.auto_download_quality.unwrap_or(old.auto_download_quality),
    }
}

fn preference_row(row: &SqliteRow) -> Result<PreferenceRow, StoreError> {
    Ok(PreferenceRow {
        mode: row.word("mode")?,
        prefer_quality: row.flag("prefer_quality")?,
        adapt_to_system: row.flag("adapt_to_system")?,
        auto_download_quality: row.flag("auto_download_quality")?,
    })
}
