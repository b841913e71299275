//! The library trait over SQLite: what is one statement is here, the rest in the files beside it.
//!
//! Knows: the tables `tracks`, `covers` and `problems`. Never: the file system.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::SqliteStore;
use super::convert::{Columns, Under, id_bytes, path_bytes};
use super::lists::{TRACK_COLUMNS, TRACK_JOINS, push_cut, track_row};
use crate::{
    AlbumLoudnessRow, AlbumQuery, AlbumRow, AnalysisRow, ArtistQuery, ArtistRow, CoverRow,
    FileStamp, LibraryCounts, LibraryStore, Loudness, LoudnessRow, Neighbours, Page, PageRequest,
    ProblemRow, ProblemStamp, ScannedFile, StoreError, TrackQuery, TrackRow, UnanalysedRow,
    UnmeasuredRow,
};

#[async_trait]
impl LibraryStore for SqliteStore {
    async fn file_stamps(&self, root: &Path) -> Result<Vec<FileStamp>, StoreError> {
        self.stamps(root).await
    }

    async fn put_files(&self, files: &[ScannedFile]) -> Result<(), StoreError> {
        self.take_files(files).await
    }

    async fn set_available(&self, paths: &[PathBuf], available: bool) -> Result<(), StoreError> {
        self.mark_available(paths, available).await
    }

    async fn set_roots(&self, roots: &[PathBuf], missing: &[PathBuf]) -> Result<(), StoreError> {
        self.mark_roots(roots, missing).await
    }

    async fn put_problem(&self, path: &Path, reason: &str, now_us: i64) -> Result<(), StoreError> {
        self.note_problem(path, None, reason, now_us).await
    }

    async fn put_file_problem(
        &self,
        stamp: &ProblemStamp,
        reason: &str,
        now_us: i64,
    ) -> Result<(), StoreError> {
        let size_and_time = (stamp.size_bytes, stamp.modified_us);
        self.note_problem(&stamp.path, Some(size_and_time), reason, now_us).await
    }

    async fn problem_stamps(&self, folder: &Path) -> Result<Vec<ProblemStamp>, StoreError> {
        let under = Under::new(folder);
        let rows = sqlx::query(
            "SELECT path, coalesce(size_bytes, 0) AS size_bytes, \
             coalesce(modified_us, 0) AS modified_us FROM problems \
             WHERE path = ?1 OR (path >= ?2 AND path < ?3)",
        )
        .bind(under.at)
        .bind(under.from)
        .bind(under.to)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(problem_stamp).collect()
    }

    async fn clear_problems(&self, paths: &[PathBuf]) -> Result<(), StoreError> {
        let mut change = self.scans.begin().await?;
        for path in paths {
            sqlx::query("DELETE FROM problems WHERE path = ?")
                .bind(path_bytes(path))
                .execute(change.db())
                .await?;
        }
        change.commit().await
    }

    async fn problems(&self, page: PageRequest) -> Result<Page<ProblemRow>, StoreError> {
        let count = QueryBuilder::new("SELECT count(*) AS items FROM problems");
        let mut items = QueryBuilder::new(
            "SELECT p.*, t.id AS track_id FROM problems p LEFT JOIN tracks t ON t.path = p.path",
        );
        push_cut(&mut items, "p.path", page);
        self.page(count, items, problem_row).await
    }

    async fn unanalysed(&self, limit: u32) -> Result<Vec<UnanalysedRow>, StoreError> {
        self.list_unanalysed(limit).await
    }

    async fn put_analysis(
        &self,
        analysed: &UnanalysedRow,
        analysis: AnalysisRow,
    ) -> Result<Uuid, StoreError> {
        self.keep_analysis(analysed, analysis).await
    }

    async fn unmeasured(&self, limit: u32) -> Result<Vec<UnmeasuredRow>, StoreError> {
        self.list_unmeasured(limit).await
    }

    async fn put_loudness(
        &self,
        audio_hash: &[u8; 32],
        measured: &LoudnessRow,
    ) -> Result<(), StoreError> {
        self.keep_loudness(audio_hash, measured).await
    }

    async fn unmeasured_album(&self) -> Result<Option<AlbumLoudnessRow>, StoreError> {
        self.find_unmeasured_album().await
    }

    async fn put_album_loudness(
        &self,
        album: Uuid,
        changes: u64,
        loudness: Option<Loudness>,
    ) -> Result<(), StoreError> {
        self.keep_album_loudness(album, changes, loudness).await
    }

    async fn neighbours(&self, track: Uuid) -> Result<Neighbours, StoreError> {
        self.find_neighbours(track).await
    }

    async fn track_by_audio(&self, prefix: [u8; 8]) -> Result<Option<TrackRow>, StoreError> {
        self.find_by_audio(prefix).await
    }

    async fn tracks_by_audio(&self, audio_hash: &[u8; 32]) -> Result<Vec<TrackRow>, StoreError> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(TRACK_COLUMNS).push(" FROM tracks t ").push(TRACK_JOINS);
        query.push(" WHERE t.audio_hash = ").push_bind(audio_hash.to_vec());
        query.push(" ORDER BY t.added_us, t.id");
        let rows = query.build().fetch_all(&self.readers).await?;
        rows.iter().map(track_row).collect()
    }

    async fn track(&self, id: Uuid) -> Result<Option<TrackRow>, StoreError> {
        let read = async {
            let mut query = QueryBuilder::new("SELECT ");
            query.push(TRACK_COLUMNS).push(" FROM tracks t ").push(TRACK_JOINS);
            query.push(" WHERE t.id = ").push_bind(id_bytes(id));
            let row = query.build().fetch_optional(&self.readers).await?;
            row.as_ref().map(track_row).transpose()
        };
        self.memory.tracks.or_read(id, read).await
    }

    async fn tracks(
        &self,
        query: &TrackQuery,
        page: PageRequest,
    ) -> Result<Page<TrackRow>, StoreError> {
        self.list_tracks(query, page).await
    }

    async fn album(&self, id: Uuid) -> Result<Option<AlbumRow>, StoreError> {
        self.find_album(id).await
    }

    async fn albums(
        &self,
        query: &AlbumQuery,
        page: PageRequest,
    ) -> Result<Page<AlbumRow>, StoreError> {
        self.list_albums(query, page).await
    }

    async fn artist(&self, id: Uuid) -> Result<Option<ArtistRow>, StoreError> {
        self.find_artist(id).await
    }

    async fn artists(
        &self,
        query: &ArtistQuery,
        page: PageRequest,
    ) -> Result<Page<ArtistRow>, StoreError> {
        self.list_artists(query, page).await
    }

    async fn cover(&self, id: Uuid) -> Result<Option<CoverRow>, StoreError> {
        let row = sqlx::query("SELECT id, media_type, bytes FROM covers WHERE id = ?")
            .bind(id_bytes(id))
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(cover_row).transpose()
    }

    async fn counts(&self) -> Result<LibraryCounts, StoreError> {
        let row = sqlx::query(
            "SELECT (SELECT count(*) FROM tracks WHERE available = 1) AS tracks, \
             (SELECT count(*) FROM albums al WHERE EXISTS \
              (SELECT 1 FROM tracks t WHERE t.album_id = al.id AND t.available = 1)) AS albums, \
             (SELECT count(*) FROM artists ar WHERE EXISTS \
              (SELECT 1 FROM tracks t WHERE t.artist_id = ar.id AND t.available = 1)) AS artists, \
             (SELECT count(*) FROM problems) AS problems, \
             (SELECT count(*) FROM tracks WHERE available = 1 AND audio_hash IS NULL) AS unanalysed, \
             (SELECT count(*) FROM tracks t WHERE available = 1 AND audio_hash IS NOT NULL AND NOT \
              EXISTS (SELECT 1 FROM loudness lo WHERE lo.audio_hash = t.audio_hash)) AS unmeasured",
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(LibraryCounts {
            tracks: row.unsigned("tracks")?,
            albums: row.unsigned("albums")?,
            artists: row.unsigned("artists")?,
            problems: row.unsigned("problems")?,
            unanalysed: row.unsigned("unanalysed")?,
            unmeasured: row.unsigned("unmeasured")?,
        })
    }
}

fn cover_row(row: &SqliteRow) -> Result<CoverRow, StoreError> {
    use sqlx::Row;
    Ok(CoverRow {
        id: row.id("id")?,
        media_type: row.text("media_type")?,
        bytes: row.try_get("bytes")?,
    })
}

fn problem_row(row: &SqliteRow) -> Result<ProblemRow, StoreError> {
    Ok(ProblemRow {
        path: row.path("path")?,
        track_id: row.optional_id("track_id")?,
        reason: row.text("reason")?,
        since_us: row.int("since_us")?,
    })
}

fn problem_stamp(row: &SqliteRow) -> Result<ProblemStamp, StoreError> {
    Ok(ProblemStamp {
        path: row.path("path")?,
        size_bytes: row.unsigned("size_bytes")?,
        modified_us: row.int("modified_us")?,
    })
}
