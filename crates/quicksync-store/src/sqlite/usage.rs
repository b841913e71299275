//! The ledger in SQLite.
//!
//! Knows: the table `data_usage`. Never: a budget.

use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::SqliteStore;
use super::batch::{MOST_ROWS, OF_KNOWN_USERS};
use super::convert::{Columns, id_bytes, signed};
use crate::{StoreError, UsageRow, UsageStore};

#[async_trait]
impl UsageStore for SqliteStore {
    async fn add_usage(&self, rows: &[UsageRow]) -> Result<(), StoreError> {
        let mut change = self.batched.begin().await?;
        for rows in rows.chunks(MOST_ROWS) {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO data_usage (user_id, device_id, day, network_kind, is_metered, \
                 bytes, audio_ms) SELECT * FROM (",
            );
            query.push_values(rows, |mut values, row| {
                values
                    .push_bind(id_bytes(row.user_id))
                    .push_bind(id_bytes(row.device_id))
                    .push_bind(row.day)
                    .push_bind(row.network_kind.as_str())
                    .push_bind(row.is_metered)
                    .push_bind(signed(row.bytes))
                    .push_bind(signed(row.audio_ms));
            });
            query.push(OF_KNOWN_USERS).push(
                " ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes, \
                 audio_ms = audio_ms + excluded.audio_ms",
            );
            query.build().persistent(false).execute(change.db()).await?;
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
