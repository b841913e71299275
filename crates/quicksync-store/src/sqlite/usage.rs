//! The ledger in SQLite.
//!
//! Knows: the table `data_usage`. Never: a budget.

use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::SqliteStore;
use super::convert::{Columns, id_bytes, signed};
use crate::{StoreError, UsageRow, UsageStore};

#[async_trait]
impl UsageStore for SqliteStore {
    async fn add_usage(&self, rows: &[UsageRow]) -> Result<(), StoreError> {
        let mut change = self.batched.begin().await?;
        for row in rows {
            sqlx::query(
                "INSERT INTO data_usage (user_id, device_id, day, network_kind, is_metered, bytes, \
                 audio_ms) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 \
                 WHERE EXISTS (SELECT 1 FROM users WHERE id = ?1) \
                 ON CONFLICT DO UPDATE SET bytes = bytes + ?6, audio_ms = audio_ms + ?7",
            )
            .bind(id_bytes(row.user_id))
            .bind(id_bytes(row.device_id))
            .bind(row.day)
            .bind(row.network_kind.as_str())
            .bind(row.is_metered)
            .bind(signed(row.bytes))
            .bind(signed(row.audio_ms))
            .execute(change.db())
            .await?;
        }
        change.commit().await
    }

    async fn usage(
        &self,
        user: Uuid,
        device: Option<Uuid>,
        since_day: i64,
    ) -> Result<Vec<UsageRow>, StoreError> {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM data_usage WHERE user_id = ");
        query.push_bind(id_bytes(user)).push(" AND day >= ").push_bind(since_day);
        if let Some(device) = device {
            query.push(" AND device_id = ").push_bind(id_bytes(device));
        }
        query.push(" ORDER BY day, device_id, network_kind, is_metered");
        let rows = query.build().fetch_all(&self.readers).await?;
        rows.iter().map(usage_row).collect()
    }
}

fn usage_row(row: &SqliteRow) -> Result<UsageRow, StoreError> {
    Ok(UsageRow {
        user_id: row.id("user_id")?,
        device_id: row.id("device_id")?,
        day: row.int("day")?,
        network_kind: row.word("network_kind")?,
        is_metered: row.flag("is_metered")?,
        bytes: row.unsigned("bytes")?,
        audio_ms: row.unsigned("audio_ms")?,
    })
}
