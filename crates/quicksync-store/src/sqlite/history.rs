//! Rolled-up hours and the history of targets in SQLite.
//!
//! Knows: the tables `network_hours` and `target_history`. Never: a forecast.

use std::collections::BTreeSet;

use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::batch::OF_KNOWN_USERS;
use super::convert::{Columns, id_bytes, signed};
use super::{Change, SqliteStore};
use crate::{HistoryStore, NetworkHourRow, NewThroughputSample, Retention, StoreError, TargetRow};

/// Hours kept per device, over all its networks: a year of four hours a day.
const KEEP_HOURS: i64 = 1_500;
const HOUR_US: i64 = 3_600_000_000;
/// Samples of the server's own downlink say nothing of a device's network.
const NOT_OWN: &str = "server_probe";

#[async_trait]
impl HistoryStore for SqliteStore {
    async fn network_hours(
        &self,
        user: Uuid,
        device: Option<Uuid>,
        since_hour: i64,
        limit: u32,
    ) -> Result<Vec<NetworkHourRow>, StoreError> {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM network_hours WHERE user_id = ");
        query.push_bind(id_bytes(user)).push(" AND hour >= ").push_bind(since_hour);
        if let Some(device) = device {
            query.push(" AND device_id = ").push_bind(id_bytes(device));
        }
        query.push(" ORDER BY hour DESC, device_id, network_kind, network_key LIMIT ");
        query.push_bind(i64::from(limit));
        let rows = query.build().fetch_all(&self.readers).await?;
        rows.iter().map(hour_row).collect()
    }

    async fn forget_older(&self, retention: Retention) -> Result<u64, StoreError> {
        let before_us = retention.history_before_us;
        let mut change = self.batched.begin().await?;
        let mut forgotten = 0;
        for (statement, before) in [
            ("DELETE FROM throughput_samples WHERE measured_us < ?", before_us),
            ("DELETE FROM network_hours WHERE hour < ?", before_us.div_euclid(HOUR_US)),
            ("DELETE FROM data_usage WHERE day < ?", retention.usage_before_day),
            ("DELETE FROM playback_sessions WHERE started_us < ?", before_us),
        ] {
            let deleted = sqlx::query(statement).bind(before).execute(change.db()).await?;
            forgotten += deleted.rows_affected();
        }
        change.commit().await?;
        Ok(forgotten)
    }

    async fn add_targets(&self, rows: &[TargetRow], keep: u32) -> Result<(), StoreError> {
        let mut change = self.batched.begin().await?;
        for row in rows {
            sqlx::query(
                "INSERT INTO target_history (url, measured_us, bytes, duration_us, error) \
                 VALUES (?, ?, ?, ?, ?)",
            )
            .bind(&row.url)
            .bind(row.measured_us)
            .bind(signed(row.bytes))
            .bind(signed(row.duration_us))
            .bind(&row.error)
            .execute(change.db())
            .await?;
            sqlx::query(
                "DELETE FROM target_history WHERE id IN (SELECT id FROM target_history \
                 WHERE url = ? ORDER BY id DESC LIMIT -1 OFFSET ?)",
            )
            .bind(&row.url)
            .bind(i64::from(keep))
            .execute(change.db())
            .await?;
        }
        change.commit().await
    }

    async fn targets(&self, limit: u32) -> Result<Vec<TargetRow>, StoreError> {
        let rows = sqlx::query("SELECT * FROM target_history ORDER BY id DESC LIMIT ?")
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(target_row).collect()
    }
}

/// Adds samples to their hours. A user deleted meanwhile has none.
pub(super) async fn roll_up(
    change: &mut Change,
    samples: &[NewThroughputSample],
) -> Result<(), StoreError> {
    let samples: Vec<_> = samples.iter().filter(|sample| sample.source != NOT_OWN).collect();
    if samples.is_empty() {
        return Ok(());
    }
    let mut query = sqlx::QueryBuilder::new(
        "INSERT INTO network_hours (user_id, device_id, network_kind, network_key, hour, bytes, \
         sum_log2, sum_squares, samples) SELECT * FROM (",
    );
    query.push_values(samples, |mut values, sample| {
        let log2 = sample.throughput_bps.max(1.0).log2();
        values
            .push_bind(id_bytes(sample.user_id))
            .push_bind(id_bytes(sample.device_id))
            .push_bind(sample.network_kind.as_str())
            .push_bind(sample.network_key.to_vec())
            .push_bind(sample.measured_us.div_euclid(HOUR_US))
            .push_bind(signed(sample.bytes))
            .push_bind(log2)
            .push_bind(log2 * log2)
            .push("1");
    });
    query.push(OF_KNOWN_USERS).push(
        " ON CONFLICT DO UPDATE SET samples = samples + 1, bytes = bytes + excluded.bytes, \
         sum_log2 = sum_log2 + excluded.sum_log2, \
         sum_squares = sum_squares + excluded.sum_squares RETURNING samples, user_id, device_id",
    );
    let rows = query.build().persistent(false).fetch_all(change.db()).await?;
    let mut devices = BTreeSet::new();
    for row in rows {
        let begins_an_hour = row.int("samples")? == 1;
        if begins_an_hour {
            devices.insert((row.id("user_id")?, row.id("device_id")?));
        }
    }
    for (user, device) in devices {
        forget_oldest(change, user, device).await?;
    }
    Ok(())
}

/// Keeps the newest hours of a device only.
async fn forget_oldest(change: &mut Change, user: Uuid, device: Uuid) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM network_hours WHERE user_id = ?1 AND device_id = ?2 AND hour < \
         (SELECT hour FROM network_hours WHERE user_id = ?1 AND device_id = ?2 \
          ORDER BY hour DESC LIMIT 1 OFFSET ?3)",
    )
    .bind(id_bytes(user))
    .bind(id_bytes(device))
    .bind(KEEP_HOURS)
    .execute(change.db())
    .await?;
    Ok(())
}

fn hour_row(row: &SqliteRow) -> Result<NetworkHourRow, StoreError> {
    Ok(NetworkHourRow {
        device_id: row.id("device_id")?,
        network_kind: row.word("network_kind")?,
        network_key: row.bytes("network_key")?,
        hour: row.int("hour")?,
        samples: row.unsigned("samples")?,
        bytes: row.unsigned("bytes")?,
        sum_log2: row.try_get("sum_log2")?,
        sum_squares: row.try_get("sum_squares")?,
    })
}

fn target_row(row: &SqliteRow) -> Result<TargetRow, StoreError> {
    Ok(TargetRow {
        url: row.text("url")?,
        measured_us: row.int("measured_us")?,
        bytes: row.unsigned("bytes")?,
        duration_us: row.unsigned("duration_us")?,
        error: row.optional_text("error")?,
    })
}
