//! Keeps what a whole read of a file showed, and gives a moved file its old track back.
//!
//! Knows: equal audio is the same track if the old one is missing. Never: how audio is hashed.

use std::path::Path;

use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::convert::{Columns, id_bytes, path_bytes, signed};
use super::files::{Orphans, refresh_album};
use super::{Change, SqliteStore};
use crate::{AnalysisRow, StoreError, UnanalysedRow};

impl SqliteStore {
    pub(super) async fn list_unanalysed(
        &self,
        limit: u32,
    ) -> Result<Vec<UnanalysedRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, path, size_bytes, modified_us FROM tracks \
             WHERE available = 1 AND audio_hash IS NULL \
             AND NOT EXISTS (SELECT 1 FROM problems WHERE problems.path = tracks.path) \
             ORDER BY added_us, id LIMIT ?",
        )
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(unanalysed_row).collect()
    }

    pub(super) async fn keep_analysis(
        &self,
        analysed: &UnanalysedRow,
        analysis: AnalysisRow,
    ) -> Result<Uuid, StoreError> {
        let mut change = self.scans.begin().await?;
        if !set_analysis(&mut change, analysed, analysis).await? {
            return Ok(analysed.id);
        }
        sqlx::query("DELETE FROM problems WHERE path = ?")
            .bind(path_bytes(&analysed.path))
            .execute(change.db())
            .await?;
        let older = missing_twin(&mut change, analysed, analysis.audio_hash).await?;
        if let Some(older) = older {
            hand_over(&mut change, analysed, older).await?;
        }
        change.commit().await?;
        Ok(older.unwrap_or(analysed.id))
    }
}

/// False if the file is another one by now.
async fn set_analysis(
    change: &mut Change,
    analysed: &UnanalysedRow,
    analysis: AnalysisRow,
) -> Result<bool, StoreError> {
    let updated = sqlx::query(
        "UPDATE tracks SET audio_hash = ?, samples = ?, mean_kbps = ? \
         WHERE id = ? AND path = ? AND size_bytes = ? AND modified_us = ?",
    )
    .bind(analysis.audio_hash.to_vec())
    .bind(signed(analysis.samples))
    .bind(analysis.mean_kbps)
    .bind(id_bytes(analysed.id))
    .bind(path_bytes(&analysed.path))
    .bind(signed(analysed.size_bytes))
    .bind(analysed.modified_us)
    .execute(change.db())
    .await?;
    Ok(updated.rows_affected() > 0)
}

/// The track that the file at `analysed.path` was before it moved: missing, of the same audio, and
/// with no present track that has it already. Of several the one whose file had the same name, else
/// the oldest.
async fn missing_twin(
    change: &mut Change,
    analysed: &UnanalysedRow,
    audio_hash: [u8; 32],
) -> Result<Option<Uuid>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, path, available FROM tracks WHERE audio_hash = ? AND id <> ? \
         ORDER BY added_us, id",
    )
    .bind(audio_hash.to_vec())
    .bind(id_bytes(analysed.id))
    .fetch_all(change.db())
    .await?;
    for row in &rows {
        if row.flag("available")? {
            return Ok(None);
        }
    }
    let same_name = |row: &&SqliteRow| {
        row.path("path").is_ok_and(|path| path.file_name() == analysed.path.file_name())
    };
    rows.iter().find(same_name).or_else(|| rows.first()).map(|row| row.id("id")).transpose()
}

/// Gives the file of `analysed` to the track `older` and removes the row it had.
async fn hand_over(
    change: &mut Change,
    analysed: &UnanalysedRow,
    older: Uuid,
) -> Result<(), StoreError> {
    let (newer, path) = (id_bytes(analysed.id), path_bytes(&analysed.path));
    let mut orphans = Orphans::default();
    let before = sqlx::query("SELECT album_id, artist_id, cover_id FROM tracks WHERE id = ?")
        .bind(id_bytes(older))
        .fetch_one(change.db())
        .await?;
    orphans.note(&before)?;
    // Two rows cannot have one path, not even for a moment.
    sqlx::query("UPDATE tracks SET path = ?1 WHERE id = ?1")
        .bind(&newer)
        .execute(change.db())
        .await?;
    let after = sqlx::query(
        "UPDATE tracks SET available = 1, path = ?1, (root, size_bytes, modified_us, title, artist, \
         artist_id, album_id, track_number, disc_number, year, genre, cover_id, codec, sample_rate, \
         channels, bits_per_sample, claimed_samples, audio_hash, samples, mean_kbps, sort_album, \
         sort_title, search, folder_picture) = (SELECT root, size_bytes, modified_us, title, artist, artist_id, \
         album_id, track_number, disc_number, year, genre, cover_id, codec, sample_rate, channels, \
         bits_per_sample, claimed_samples, audio_hash, samples, mean_kbps, sort_album, sort_title, \
         search, folder_picture FROM tracks WHERE id = ?2) WHERE id = ?3 RETURNING album_id",
    )
    .bind(path)
    .bind(&newer)
    .bind(id_bytes(older))
    .fetch_one(change.db())
    .await?;
    sqlx::query("DELETE FROM tracks WHERE id = ?").bind(&newer).execute(change.db()).await?;
    if let Some(album) = after.optional_id("album_id")? {
        refresh_album(change, album, &mut orphans.artists).await?;
    }
    orphans.remove(change).await
}

fn unanalysed_row(row: &SqliteRow) -> Result<UnanalysedRow, StoreError> {
    Ok(UnanalysedRow {
        id: row.id("id")?,
        path: row.path("path")?,
        size_bytes: row.unsigned("size_bytes")?,
        modified_us: row.int("modified_us")?,
    })
}

impl SqliteStore {
    pub(super) async fn note_problem(
        &self,
        path: &Path,
        stamp: Option<(u64, i64)>,
        reason: &str,
        now_us: i64,
    ) -> Result<(), StoreError> {
        let mut change = self.scans.begin().await?;
        sqlx::query(
            "INSERT INTO problems (path, reason, since_us, size_bytes, modified_us) \
             VALUES (?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET \
             (reason, size_bytes, modified_us) = \
             (excluded.reason, excluded.size_bytes, excluded.modified_us)",
        )
        .bind(path_bytes(path))
        .bind(reason)
        .bind(now_us)
        .bind(stamp.map(|(size_bytes, _)| signed(size_bytes)))
        .bind(stamp.map(|(_, modified_us)| modified_us))
        .execute(change.db())
        .await?;
        change.commit().await
    }
}
