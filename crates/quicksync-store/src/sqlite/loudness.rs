//! Keeps how loud tracks and albums are.
//!
//! Knows: which albums' figures are out of date, which the schema counts. Never: how loudness is
//! computed, from samples or from tracks.

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};
use uuid::Uuid;

use super::SqliteStore;
use super::convert::{Columns, id_bytes};
use crate::{AlbumLoudnessRow, Loudness, LoudnessRow, StoreError, UnmeasuredRow};

/// Tracks that a listener can have but whose loudness is not known yet.
const UNMEASURED: &str = "t.available = 1 \
    AND NOT EXISTS (SELECT 1 FROM loudness lo WHERE lo.audio_hash = t.audio_hash) \
    AND NOT EXISTS (SELECT 1 FROM problems p WHERE p.path = t.path)";

impl SqliteStore {
    pub(super) async fn list_unmeasured(
        &self,
        limit: u32,
    ) -> Result<Vec<UnmeasuredRow>, StoreError> {
        let mut query = QueryBuilder::new(
            "SELECT id, path, size_bytes, modified_us, audio_hash, samples FROM tracks t \
             WHERE t.audio_hash IS NOT NULL AND ",
        );
        query.push(UNMEASURED).push(" ORDER BY t.added_us, t.id LIMIT ");
        query.push_bind(i64::from(limit));
        let rows = query.build().fetch_all(&self.readers).await?;
        rows.iter().map(unmeasured_row).collect()
    }

    pub(super) async fn keep_loudness(
        &self,
        audio_hash: &[u8; 32],
        measured: &LoudnessRow,
    ) -> Result<(), StoreError> {
        let mut change = self.scans.begin().await?;
        sqlx::query(
            "INSERT INTO loudness (audio_hash, integrated_lufs, true_peak_dbtp, blocks) \
             VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(audio_hash.to_vec())
        .bind(measured.loudness.map(|loudness| loudness.integrated_lufs))
        .bind(measured.loudness.map(|loudness| loudness.true_peak_dbtp))
        .bind(&measured.blocks)
        .execute(change.db())
        .await?;
        change.commit().await
    }

    pub(super) async fn find_unmeasured_album(
        &self,
    ) -> Result<Option<AlbumLoudnessRow>, StoreError> {
        let mut query = QueryBuilder::new(
            "SELECT id, loudness_changes FROM albums al \
             WHERE loudness_counted <> loudness_changes AND NOT EXISTS \
             (SELECT 1 FROM tracks t WHERE t.album_id = al.id AND ",
        );
        query.push(UNMEASURED).push(") LIMIT 1");
        let album = query.build().fetch_optional(&self.readers).await?;
        let Some(album) = album else { return Ok(None) };
        let id = album.id("id")?;
        let rows = sqlx::query(
            "SELECT lo.* FROM tracks t JOIN loudness lo ON lo.audio_hash = t.audio_hash \
             WHERE t.album_id = ?",
        )
        .bind(id_bytes(id))
        .fetch_all(&self.readers)
        .await?;
        let tracks = rows.iter().map(loudness_row).collect::<Result<_, _>>()?;
        Ok(Some(AlbumLoudnessRow { id, changes: album.unsigned("loudness_changes")?, tracks }))
    }

    pub(super) async fn keep_album_loudness(
        &self,
        album: Uuid,
        changes: u64,
        loudness: Option<Loudness>,
    ) -> Result<(), StoreError> {
        let mut change = self.scans.begin().await?;
        sqlx::query(
            "UPDATE albums SET integrated_lufs = ?, true_peak_dbtp = ?, loudness_counted = ? \
             WHERE id = ?",
        )
        .bind(loudness.map(|loudness| loudness.integrated_lufs))
        .bind(loudness.map(|loudness| loudness.true_peak_dbtp))
        .bind(super::convert::signed(changes))
        .bind(id_bytes(album))
        .execute(change.db())
        .await?;
        change.commit().await
    }
}

/// The loudness in two columns; `None` unless both are there.
pub(super) fn loudness(
    row: &SqliteRow,
    lufs: &str,
    peak: &str,
) -> Result<Option<Loudness>, StoreError> {
    let (lufs, peak): (Option<f64>, Option<f64>) = (row.try_get(lufs)?, row.try_get(peak)?);
    let both = lufs.zip(peak);
    Ok(both.map(|(integrated_lufs, true_peak_dbtp)| Loudness { integrated_lufs, true_peak_dbtp }))
}

fn loudness_row(row: &SqliteRow) -> Result<LoudnessRow, StoreError> {
    let loudness = loudness(row, "integrated_lufs", "true_peak_dbtp")?;
    Ok(LoudnessRow { loudness, blocks: row.try_get("blocks")? })
}

fn unmeasured_row(row: &SqliteRow) -> Result<UnmeasuredRow, StoreError> {
    Ok(UnmeasuredRow {
        id: row.id("id")?,
        path: row.path("path")?,
        size_bytes: row.unsigned("size_bytes")?,
        modified_us: row.int("modified_us")?,
        audio_hash: row.bytes("audio_hash")?,
        samples: row.unsigned("samples")?,
    })
}
