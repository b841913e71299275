//! Rules in SQLite.
//!
//! Knows: the table `listening_rules`. Never: what a rule does to playback.

use async_trait::async_trait;
use quicksync_model::{Mode, Quality};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::convert::{Columns, id_bytes, signed};
use super::{Change, SqliteStore};
use crate::{BudgetRow, RuleChange, RuleRow, RuleStore, StoreError};

#[async_trait]
impl RuleStore for SqliteStore {
    async fn rules(&self, user: Uuid, device: Option<Uuid>) -> Result<RuleRow, StoreError> {
        let row = sqlx::query("SELECT * FROM listening_rules WHERE user_id = ? AND device_id = ?")
            .bind(id_bytes(user))
            .bind(id_bytes(device.unwrap_or_default()))
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map_or_else(|| Ok(RuleRow::default()), rule_row)
    }

    async fn all_rules(&self, user: Uuid) -> Result<Vec<(Option<Uuid>, RuleRow)>, StoreError> {
        let read = async {
            let query = "SELECT * FROM listening_rules WHERE user_id = ? ORDER BY device_id";
            let rows = sqlx::query(query).bind(id_bytes(user)).fetch_all(&self.readers).await?;
            rows.iter().map(with_device).collect()
        };
        self.memory.rules.or_read(user, read).await
    }

    async fn change_rules(
        &self,
        user: Uuid,
        device: Option<Uuid>,
        change: RuleChange<'_>,
    ) -> Result<RuleRow, StoreError> {
        let mut writing = self.durable.begin().await?;
        let row = sqlx::query("SELECT * FROM listening_rules WHERE user_id = ? AND device_id = ?")
            .bind(id_bytes(user))
            .bind(id_bytes(device.unwrap_or_default()))
            .fetch_optional(writing.db())
            .await?;
        let old = row.as_ref().map_or_else(|| Ok(RuleRow::default()), rule_row)?;
        let new = change(old);
        put(&mut writing, user, device.unwrap_or_default(), &new).await?;
        writing.commit().await?;
        Ok(new)
    }
}

async fn put(
    change: &mut Change,
    user: Uuid,
    device: Uuid,
    row: &RuleRow,
) -> Result<(), StoreError> {
    let quality = |quality: Option<Quality>| quality.map(Quality::as_str);
    sqlx::query(
        "INSERT OR REPLACE INTO listening_rules VALUES \
         (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(id_bytes(user))
    .bind(id_bytes(device))
    .bind(row.mode.map(Mode::as_str))
    .bind(row.prefer_quality)
    .bind(row.adapt_to_system)
    .bind(row.auto_download_quality)
    .bind(quality(row.cap_wifi))
    .bind(quality(row.cap_cellular))
    .bind(quality(row.cap_ethernet))
    .bind(quality(row.cap_unknown))
    .bind(quality(row.cap_metered))
    .bind(quality(row.download_quality))
    .bind(quality(row.offline_quality))
    .bind(row.budget.map(|budget| signed(budget.bytes)))
    .bind(row.budget.map(|budget| i64::from(budget.day)))
    .bind(row.budget.map(|budget| budget.counts.as_str()))
    .execute(change.db())
    .await?;
    Ok(())
}

/// The rules in a row, and the device they are for; `None`: all.
fn with_device(row: &SqliteRow) -> Result<(Option<Uuid>, RuleRow), StoreError> {
    let device = row.id("device_id")?;
    Ok((Some(device).filter(|device| !device.is_nil()), rule_row(row)?))
}

fn rule_row(row: &SqliteRow) -> Result<RuleRow, StoreError> {
    Ok(RuleRow {
        mode: row.optional_word("mode")?,
        prefer_quality: row.try_get("prefer_quality")?,
        adapt_to_system: row.try_get("adapt_to_system")?,
        auto_download_quality: row.try_get("auto_download_quality")?,
        cap_wifi: row.optional_word("cap_wifi")?,
        cap_cellular: row.optional_word("cap_cellular")?,
        cap_ethernet: row.optional_word("cap_ethernet")?,
        cap_unknown: row.optional_word("cap_unknown")?,
        cap_metered: row.optional_word("cap_metered")?,
        download_quality: row.optional_word("download_quality")?,
        offline_quality: row.optional_word("offline_quality")?,
        budget: budget_row(row)?,
    })
}

fn budget_row(row: &SqliteRow) -> Result<Option<BudgetRow>, StoreError> {
    let Some(bytes) = row.optional_unsigned("budget_bytes")? else { return Ok(None) };
    let day = row.optional_unsigned("budget_day")?.unwrap_or(1);
    let counts = row.optional_word("budget_counts")?.unwrap_or_default();
    Ok(Some(BudgetRow { bytes, day, counts }))
}
