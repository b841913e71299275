//! Devices and throughput samples in SQLite.
//!
//! Knows: the tables `devices` and `throughput_samples`. Never: an estimate.

use std::collections::BTreeSet;

use async_trait::async_trait;
use quicksync_model::{NetworkKind, Throughput};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::batch::{MOST_ROWS, OF_KNOWN_USERS};
use super::convert::{Columns, id_bytes, signed};
use super::history::roll_up;
use super::{Change, SqliteStore};
use crate::{
    Declaration, DeviceRow, NetworkStore, NewThroughputSample, StoreError, ThroughputSampleRow,
};

/// Tables whose rows belong to a device of a user, beside its samples.
const OF_DEVICE: [&str; 3] = ["listening_rules", "data_usage", "playback_sessions"];
/// One in so many samples has its device's counted, which walks over all of them.
const LOOK_EVERY: i64 = 64;

#[async_trait]
impl NetworkStore for SqliteStore {
    async fn see_device(
        &self,
        user: Uuid,
        device: Uuid,
        name: &str,
        declared: Declaration,
        now_us: i64,
    ) -> Result<DeviceRow, StoreError> {
        let mut change = self.batched.begin().await?;
        let row = sqlx::query(
            "INSERT INTO devices (user_id, id, name, network_kind, first_seen_us, last_seen_us, \
             is_metered, saves_data) \
             VALUES (?1, ?2, ?3, coalesce(?4, ?5), ?6, ?6, coalesce(?7, 0), coalesce(?8, 0)) \
             ON CONFLICT (user_id, id) DO UPDATE SET \
             network_kind = coalesce(?4, network_kind), is_metered = coalesce(?7, is_metered), \
             saves_data = coalesce(?8, saves_data), last_seen_us = max(last_seen_us, ?6) \
             RETURNING *",
        )
        .bind(id_bytes(user))
        .bind(id_bytes(device))
        .bind(name)
        .bind(declared.network_kind.map(NetworkKind::as_str))
        .bind(NetworkKind::default().as_str())
        .bind(now_us)
        .bind(declared.is_metered)
        .bind(declared.saves_data)
        .fetch_one(change.db())
        .await?;
        change.commit().await?;
        device_row(&row)
    }

    async fn device(&self, user: Uuid, device: Uuid) -> Result<Option<DeviceRow>, StoreError> {
        let row = sqlx::query("SELECT * FROM devices WHERE user_id = ? AND id = ?")
            .bind(id_bytes(user))
            .bind(id_bytes(device))
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(device_row).transpose()
    }

    async fn devices(&self, user: Uuid) -> Result<Vec<DeviceRow>, StoreError> {
        let rows =
            sqlx::query("SELECT * FROM devices WHERE user_id = ? ORDER BY last_seen_us DESC, id")
                .bind(id_bytes(user))
                .fetch_all(&self.readers)
                .await?;
        rows.iter().map(device_row).collect()
    }

    async fn rename_device(
        &self,
        user: Uuid,
        device: Uuid,
        name: &str,
    ) -> Result<Option<DeviceRow>, StoreError> {
        let mut change = self.durable.begin().await?;
        let row =
            sqlx::query("UPDATE devices SET name = ? WHERE user_id = ? AND id = ? RETURNING *")
                .bind(name)
                .bind(id_bytes(user))
                .bind(id_bytes(device))
                .fetch_optional(change.db())
                .await?;
        change.commit().await?;
        row.as_ref().map(device_row).transpose()
    }

    async fn delete_device(&self, user: Uuid, device: Uuid) -> Result<bool, StoreError> {
        let mut change = self.durable.begin().await?;
        delete_samples(&mut change, user, Some(device)).await?;
        for table in OF_DEVICE {
            let mut query = sqlx::QueryBuilder::new("DELETE FROM ");
            query.push(table).push(" WHERE user_id = ").push_bind(id_bytes(user));
            query.push(" AND device_id = ").push_bind(id_bytes(device));
            query.build().execute(change.db()).await?;
        }
        let deleted = sqlx::query("DELETE FROM devices WHERE user_id = ? AND id = ?")
            .bind(id_bytes(user))
            .bind(id_bytes(device))
            .execute(change.db())
            .await?;
        change.commit().await?;
        Ok(deleted.rows_affected() > 0)
    }

    async fn add_samples(
        &self,
        samples: &[NewThroughputSample],
        keep_per_device: u32,
    ) -> Result<(), StoreError> {
        let mut change = self.batched.begin().await?;
        for samples in samples.chunks(MOST_ROWS) {
            for (user, device) in insert_samples(&mut change, samples).await? {
                forget_oldest(&mut change, user, device, keep_per_device).await?;
            }
            roll_up(&mut change, samples).await?;
        }
        change.commit().await
    }

    async fn samples(
        &self,
        user: Uuid,
        device: Option<Uuid>,
        since_us: i64,
        limit: u32,
    ) -> Result<Vec<ThroughputSampleRow>, StoreError> {
        let mut query =
            sqlx::QueryBuilder::new("SELECT * FROM throughput_samples WHERE user_id = ");
        query.push_bind(id_bytes(user)).push(" AND measured_us >= ").push_bind(since_us);
        if let Some(device) = device {
            query.push(" AND device_id = ").push_bind(id_bytes(device));
        }
        query.push(" ORDER BY measured_us DESC, id DESC LIMIT ").push_bind(i64::from(limit));
        let rows = query.build().fetch_all(&self.readers).await?;
        rows.iter().map(sample_row).collect()
    }

    async fn delete_samples(&self, user: Uuid, device: Option<Uuid>) -> Result<u64, StoreError> {
        let mut change = self.durable.begin().await?;
        let deleted = delete_samples(&mut change, user, device).await?;
        change.commit().await?;
        Ok(deleted)
    }

    async fn delete_user_data(&self, user: Uuid) -> Result<(), StoreError> {
        let mut change = self.durable.begin().await?;
        delete_samples(&mut change, user, None).await?;
        for table in OF_DEVICE.into_iter().chain(["devices", "preferences"]) {
            let mut query = sqlx::QueryBuilder::new("DELETE FROM ");
            query.push(table).push(" WHERE user_id = ").push_bind(id_bytes(user));
            query.build().execute(change.db()).await?;
        }
        change.commit().await
    }
}

/// Keeps samples; which devices are to be looked at, since they may have too many now.
async fn insert_samples(
    change: &mut Change,
    samples: &[NewThroughputSample],
) -> Result<BTreeSet<(Uuid, Uuid)>, StoreError> {
    let mut query = sqlx::QueryBuilder::new(
        "INSERT INTO throughput_samples (user_id, device_id, source, network_kind, network_key, \
         measured_us, bytes, duration_us, throughput_bps) SELECT * FROM (",
    );
    query.push_values(samples, |mut values, sample| {
        values
            .push_bind(id_bytes(sample.user_id))
            .push_bind(id_bytes(sample.device_id))
            .push_bind(&sample.source)
            .push_bind(sample.network_kind.as_str())
            .push_bind(sample.network_key.to_vec())
            .push_bind(sample.measured_us)
            .push_bind(signed(sample.bytes))
            .push_bind(signed(sample.duration_us))
            .push_bind(Throughput::from_bps(sample.throughput_bps).bps());
    });
    query.push(OF_KNOWN_USERS).push(" RETURNING id, user_id, device_id");
    let rows = query.build().persistent(false).fetch_all(change.db()).await?;
    let mut devices = BTreeSet::new();
    for row in rows {
        if row.int("id")? % LOOK_EVERY == 0 {
            devices.insert((row.id("user_id")?, row.id("device_id")?));
        }
    }
    Ok(devices)
}

async fn forget_oldest(
    change: &mut Change,
    user: Uuid,
    device: Uuid,
    keep: u32,
) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM throughput_samples WHERE id IN (SELECT id FROM throughput_samples \
         WHERE user_id = ? AND device_id = ? ORDER BY measured_us DESC, id DESC LIMIT -1 OFFSET ?)",
    )
    .bind(id_bytes(user))
    .bind(id_bytes(device))
    .bind(i64::from(keep))
    .execute(change.db())
    .await?;
    Ok(())
}

async fn delete_samples(
    change: &mut Change,
    user: Uuid,
    device: Option<Uuid>,
) -> Result<u64, StoreError> {
    let mut deleted = 0;
    for table in ["network_hours", "throughput_samples"] {
        let mut query = sqlx::QueryBuilder::new("DELETE FROM ");
        query.push(table).push(" WHERE user_id = ").push_bind(id_bytes(user));
        if let Some(device) = device {
            query.push(" AND device_id = ").push_bind(id_bytes(device));
        }
        deleted = query.build().execute(change.db()).await?.rows_affected();
    }
    Ok(deleted)
}

fn device_row(row: &SqliteRow) -> Result<DeviceRow, StoreError> {
    Ok(DeviceRow {
        id: row.id("id")?,
        user_id: row.id("user_id")?,
        name: row.text("name")?,
        network_kind: row.word("network_kind")?,
        is_metered: row.flag("is_metered")?,
        saves_data: row.flag("saves_data")?,
        first_seen_us: row.int("first_seen_us")?,
        last_seen_us: row.int("last_seen_us")?,
    })
}

fn sample_row(row: &SqliteRow) -> Result<ThroughputSampleRow, StoreError> {
    Ok(ThroughputSampleRow {
        id: row.int("id")?,
        sample: NewThroughputSample {
            user_id: row.id("user_id")?,
            device_id: row.id("device_id")?,
            source: row.text("source")?,
            network_kind: row.word("network_kind")?,
            network_key: row.bytes("network_key")?,
            measured_us: row.int("measured_us")?,
            bytes: row.unsigned("bytes")?,
            duration_us: row.unsigned("duration_us")?,
            throughput_bps: row.try_get("throughput_bps")?,
        },
    })
}
