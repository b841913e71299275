//! Takes what a scan found into the tables: tracks, and the albums, artists and covers they need.
//!
//! Knows: what makes two albums or artists one, and which rows nothing refers to any more. Never:
//! the files themselves.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Sqlite};
use uuid::Uuid;

use super::convert::{Columns, Under, id_bytes, path_bytes, signed};
use super::{Change, SqliteStore};
use crate::fold::{SEPARATOR, fold, key};
use crate::{FileStamp, ScannedFile, ScannedTags, StoreError};

/// What a batch has already looked up, by what is tagged (of two spellings the last one is shown), and what may be left empty by it.
#[derive(Default)]
struct Batch {
    artists: HashMap<String, Uuid>,
    albums: HashMap<(String, String, String), Uuid>,
    covers: HashMap<[u8; 32], Uuid>,
    left: Orphans,
    filled: BTreeSet<Uuid>,
}

/// Rows that lost a track and may have none now.
#[derive(Default)]
pub(super) struct Orphans {
    albums: BTreeSet<Uuid>,
    pub(super) artists: BTreeSet<Uuid>,
    covers: BTreeSet<Uuid>,
}

impl Orphans {
    /// Notes the album, artist and cover of the track in `row`, which is about to leave them.
    pub(super) fn note(&mut self, row: &SqliteRow) -> Result<(), StoreError> {
        self.albums.extend(row.optional_id("album_id")?);
        self.artists.extend(row.optional_id("artist_id")?);
        self.covers.extend(row.optional_id("cover_id")?);
        Ok(())
    }

    /// Removes the noted rows that no track refers to; what is left of the albums is refreshed.
    pub(super) async fn remove(self, change: &mut Change) -> Result<(), StoreError> {
        let Self { albums, mut artists, covers } = self;
        for album in albums {
            refresh_album(change, album, &mut artists).await?;
            const EMPTY: &str = "DELETE FROM albums WHERE id = ?1 \
                AND NOT EXISTS (SELECT 1 FROM tracks WHERE album_id = ?1)";
            sqlx::query(EMPTY).bind(id_bytes(album)).execute(change.db()).await?;
        }
        for artist in artists {
            const EMPTY: &str = "DELETE FROM artists WHERE id = ?1 \
                AND NOT EXISTS (SELECT 1 FROM tracks WHERE artist_id = ?1) \
                AND NOT EXISTS (SELECT 1 FROM albums WHERE artist_id = ?1)";
            sqlx::query(EMPTY).bind(id_bytes(artist)).execute(change.db()).await?;
        }
        for cover in covers {
            const UNUSED: &str = "DELETE FROM covers WHERE id = ?1 \
                AND NOT EXISTS (SELECT 1 FROM tracks WHERE cover_id = ?1)";
            sqlx::query(UNUSED).bind(id_bytes(cover)).execute(change.db()).await?;
        }
        Ok(())
    }
}

impl SqliteStore {
    pub(super) async fn take_files(&self, files: &[ScannedFile]) -> Result<(), StoreError> {
        let mut change = self.scans.begin().await?;
        let mut batch = Batch::default();
        for file in files {
            batch.take(&mut change, file).await?;
        }
        let Batch { mut left, filled, .. } = batch;
        for album in filled {
            refresh_album(&mut change, album, &mut left.artists).await?;
        }
        left.remove(&mut change).await?;
        change.commit().await
    }

    pub(super) async fn stamps(&self, folder: &Path) -> Result<Vec<FileStamp>, StoreError> {
        let under = Under::new(folder);
        let rows = sqlx::query(
            "SELECT path, size_bytes, modified_us, available, folder_picture FROM tracks \
             WHERE path = ?1 OR (path >= ?2 AND path < ?3)",
        )
        .bind(under.at)
        .bind(under.from)
        .bind(under.to)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(stamp_row).collect()
    }

    pub(super) async fn mark_available(
        &self,
        paths: &[PathBuf],
        available: bool,
    ) -> Result<(), StoreError> {
        let mut change = self.scans.begin().await?;
        for path in paths {
            sqlx::query("UPDATE tracks SET available = ?1 WHERE path = ?2 AND available <> ?1")
                .bind(available)
                .bind(path_bytes(path))
                .execute(change.db())
                .await?;
        }
        change.commit().await
    }

    pub(super) async fn mark_roots(
        &self,
        roots: &[PathBuf],
        missing: &[PathBuf],
    ) -> Result<(), StoreError> {
        let mut query =
            QueryBuilder::new("UPDATE tracks SET available = 0 WHERE available = 1 AND (NOT (");
        push_under_any(&mut query, roots);
        query.push(") OR ");
        push_under_any(&mut query, missing);
        query.push(")");
        let mut change = self.scans.begin().await?;
        query.build().execute(change.db()).await?;
        change.commit().await
    }
}

fn push_under_any(query: &mut QueryBuilder<Sqlite>, folders: &[PathBuf]) {
    query.push("(0");
    for folder in folders {
        let under = Under::new(folder);
        query.push(" OR (path >= ").push_bind(under.from);
        query.push(" AND path < ").push_bind(under.to).push(")");
    }
    query.push(")");
}

fn stamp_row(row: &SqliteRow) -> Result<FileStamp, StoreError> {
    Ok(FileStamp {
        path: row.path("path")?,
        size_bytes: row.unsigned("size_bytes")?,
        modified_us: row.int("modified_us")?,
        available: row.flag("available")?,
        folder_picture: row.optional_unsigned("folder_picture")?,
    })
}

/// The rows a file refers to.
struct Refs {
    artist: Option<Uuid>,
    album: Option<Uuid>,
    cover: Option<Uuid>,
}

impl Batch {
    async fn take(&mut self, change: &mut Change, file: &ScannedFile) -> Result<(), StoreError> {
        let refs = self.refs(change, file).await?;
        let path = path_bytes(&file.path);
        let known =
            sqlx::query("SELECT id, album_id, artist_id, cover_id FROM tracks WHERE path = ?")
                .bind(&path)
                .fetch_optional(change.db())
                .await?;
        if let Some(row) = known {
            self.left.note(&row)?;
            forget_changed(change, row.id("id")?, file).await?;
        }
        put_track(change, file, &refs).await?;
        self.filled.extend(refs.album);
        sqlx::query("DELETE FROM problems WHERE path = ?").bind(path).execute(change.db()).await?;
        Ok(())
    }

    async fn refs(&mut self, change: &mut Change, file: &ScannedFile) -> Result<Refs, StoreError> {
        let artist = match by_performers(&file.tags) {
            // Known when all tracks of the album are.
            true => None,
            false => self.artist(change, filed_under(&file.tags)).await?,
        };
        let album = self.album(change, file, artist).await?;
        let cover = self.cover(change, file).await?;
        Ok(Refs { artist, album, cover })
    }

    async fn artist(
        &mut self,
        change: &mut Change,
        name: &str,
    ) -> Result<Option<Uuid>, StoreError> {
        if key(name).is_empty() {
            return Ok(None);
        }
        if let Some(id) = self.artists.get(name) {
            return Ok(Some(*id));
        }
        let id = put_artist(change, name).await?;
        self.artists.insert(name.to_owned(), id);
        Ok(Some(id))
    }

    async fn album(
        &mut self,
        change: &mut Change,
        file: &ScannedFile,
        artist: Option<Uuid>,
    ) -> Result<Option<Uuid>, StoreError> {
        let tags = &file.tags;
        let title_key = key(&tags.album);
        if title_key.is_empty() {
            return Ok(None);
        }
        let artist_key = if by_performers(tags) { String::new() } else { key(filed_under(tags)) };
        let keys = (tags.album.clone(), artist_key.clone(), tags.album_key.clone());
        if let Some(id) = self.albums.get(&keys) {
            return Ok(Some(*id));
        }
        let (sort_artist, sort_title) = (fold(filed_under(tags)), fold(&tags.album));
        let row = sqlx::query(
            "INSERT INTO albums (id, title, title_key, artist_id, artist_key, album_key, added_us, \
             sort_artist, sort_title, search) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (title_key, artist_key, album_key) DO UPDATE SET title = excluded.title \
             RETURNING id",
        )
        .bind(id_bytes(Uuid::new_v4()))
        .bind(&tags.album)
        .bind(title_key)
        .bind(artist.map(id_bytes))
        .bind(artist_key)
        .bind(&tags.album_key)
        .bind(file.seen_us)
        .bind(&sort_artist)
        .bind(&sort_title)
        .bind(format!("{sort_title}{SEPARATOR}{sort_artist}"))
        .fetch_one(change.db())
        .await?;
        let id = row.id("id")?;
        self.albums.insert(keys, id);
        Ok(Some(id))
    }

    async fn cover(
        &mut self,
        change: &mut Change,
        file: &ScannedFile,
    ) -> Result<Option<Uuid>, StoreError> {
        let Some((hash, media_type, bytes)) = &file.cover else { return Ok(None) };
        if let Some(id) = self.covers.get(hash) {
            return Ok(Some(*id));
        }
        let known = sqlx::query("SELECT id FROM covers WHERE hash = ?")
            .bind(hash.to_vec())
            .fetch_optional(change.db())
            .await?;
        let id = match known {
            Some(row) => row.id("id")?,
            None => insert_cover(change, hash, media_type, bytes).await?,
        };
        self.covers.insert(*hash, id);
        Ok(Some(id))
    }
}

/// Whether the album is whatever lies in one folder under one title, and is filed under those who
/// play on it.
fn by_performers(tags: &ScannedTags) -> bool {
    tags.album_artist.is_empty() && !tags.album_key.is_empty() && !key(&tags.album).is_empty()
}

/// Who a track's album is filed under, as far as the track can tell.
fn filed_under(tags: &ScannedTags) -> &str {
    if tags.album_artist.is_empty() { &tags.artist } else { &tags.album_artist }
}

async fn put_artist(change: &mut Change, name: &str) -> Result<Uuid, StoreError> {
    let row = sqlx::query(
        "INSERT INTO artists (id, name, name_key, sort_name) VALUES (?, ?, ?, ?) \
         ON CONFLICT (name_key) DO UPDATE SET name = excluded.name RETURNING id",
    )
    .bind(id_bytes(Uuid::new_v4()))
    .bind(name)
    .bind(key(name))
    .bind(fold(name))
    .fetch_one(change.db())
    .await?;
    row.id("id")
}

async fn insert_cover(
    change: &mut Change,
    hash: &[u8; 32],
    media_type: &str,
    bytes: &[u8],
) -> Result<Uuid, StoreError> {
    let id = Uuid::new_v4();
    sqlx::query("INSERT INTO covers (id, hash, media_type, bytes) VALUES (?, ?, ?, ?)")
        .bind(id_bytes(id))
        .bind(hash.to_vec())
        .bind(media_type)
        .bind(bytes)
        .execute(change.db())
        .await?;
    Ok(id)
}

/// Drops what was learnt by reading a file whole, if the file is another one now.
async fn forget_changed(
    change: &mut Change,
    track: Uuid,
    file: &ScannedFile,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE tracks SET audio_hash = NULL, samples = NULL, mean_kbps = NULL \
         WHERE id = ? AND (size_bytes <> ? OR modified_us <> ?)",
    )
    .bind(id_bytes(track))
    .bind(signed(file.size_bytes))
    .bind(file.modified_us)
    .execute(change.db())
    .await?;
    Ok(())
}

async fn put_track(change: &mut Change, file: &ScannedFile, refs: &Refs) -> Result<(), StoreError> {
    let tags = &file.tags;
    sqlx::query(
        "INSERT INTO tracks (id, added_us, available, path, root, size_bytes, modified_us, title, \
         artist, artist_id, album_id, track_number, disc_number, year, genre, cover_id, codec, \
         sample_rate, channels, bits_per_sample, claimed_samples, sort_album, sort_title, search, folder_picture) \
         VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (path) DO UPDATE SET (available, root, size_bytes, modified_us, title, artist, \
         artist_id, album_id, track_number, disc_number, year, genre, cover_id, codec, sample_rate, \
         channels, bits_per_sample, claimed_samples, sort_album, sort_title, search, \
         folder_picture) = (1, excluded.root, excluded.size_bytes, excluded.modified_us, excluded.title, \
         excluded.artist, excluded.artist_id, excluded.album_id, excluded.track_number, \
         excluded.disc_number, excluded.year, excluded.genre, excluded.cover_id, excluded.codec, \
         excluded.sample_rate, excluded.channels, excluded.bits_per_sample, \
         excluded.claimed_samples, excluded.sort_album, excluded.sort_title, excluded.search, \
         excluded.folder_picture)",
    )
    .bind(id_bytes(Uuid::new_v4()))
    .bind(file.seen_us)
    .bind(path_bytes(&file.path))
    .bind(path_bytes(&file.root))
    .bind(signed(file.size_bytes))
    .bind(file.modified_us)
    .bind(&tags.title)
    .bind(&tags.artist)
    .bind(refs.artist.map(id_bytes))
    .bind(refs.album.map(id_bytes))
    .bind(tags.track_number)
    .bind(tags.disc_number)
    .bind(tags.year)
    .bind(&tags.genre)
    .bind(refs.cover.map(id_bytes))
    .bind(&file.codec)
    .bind(file.sample_rate)
    .bind(file.channels)
    .bind(file.bits_per_sample)
    .bind(file.claimed_samples.map(signed))
    .bind(sort_album(tags, refs.album))
    .bind(fold(&tags.title))
    .bind(search(tags))
    .bind(file.folder_picture)
    .execute(change.db())
    .await?;
    Ok(())
}

/// Artist, album, disc, number, title as one text that sorts as they do one after the other. A
/// missing disc is the first, a track without a number comes after those with one.
fn sort_album(tags: &ScannedTags, album: Option<Uuid>) -> String {
    let parts = [
        fold(filed_under(tags)),
        fold(&tags.album),
        album.map_or_else(String::new, |id| id.simple().to_string()),
        format!("{:010}", tags.disc_number.unwrap_or(1)),
        format!("{:010}", tags.track_number.unwrap_or(u32::MAX)),
        fold(&tags.title),
    ];
    parts.join(&SEPARATOR.to_string())
}

fn search(tags: &ScannedTags) -> String {
    [&tags.title, &tags.artist, &tags.album, &tags.album_artist]
        .map(|field| fold(field))
        .join(&SEPARATOR.to_string())
}

/// Who an album is filed under that several perform on.
const VARIOUS_ARTISTS: &str = "Various Artists";
/// What stands between a performer and their guests, in lower case.
const GUESTS: [&str; 7] = [" feat. ", " feat ", " ft. ", " ft ", " featuring ", " (feat", " [feat"];

/// Sets what an album has from its tracks. Notes in `left` an artist it is no longer filed under.
pub(super) async fn refresh_album(
    change: &mut Change,
    album: Uuid,
    left: &mut BTreeSet<Uuid>,
) -> Result<(), StoreError> {
    let row = sqlx::query(
        "UPDATE albums SET (year, added_us) = (SELECT min(year), coalesce(min(added_us), \
         albums.added_us) FROM tracks WHERE album_id = ?1) WHERE id = ?1 \
         RETURNING artist_id, artist_key = '' AND album_key <> '' AS by_performers",
    )
    .bind(id_bytes(album))
    .fetch_optional(change.db())
    .await?;
    match row {
        Some(row) if row.flag("by_performers")? => {
            left.extend(row.optional_id("artist_id")?);
            file_under_performers(change, album, left).await
        }
        _ => Ok(()),
    }
}

/// Files an album and its tracks under the one who performs on all of them, or under the various.
async fn file_under_performers(
    change: &mut Change,
    album: Uuid,
    left: &mut BTreeSet<Uuid>,
) -> Result<(), StoreError> {
    let rows = sqlx::query("SELECT DISTINCT artist, artist_id FROM tracks WHERE album_id = ?")
        .bind(id_bytes(album))
        .fetch_all(change.db())
        .await?;
    let mut performers = Vec::new();
    for row in &rows {
        performers.push(row.text("artist")?);
        left.extend(row.optional_id("artist_id")?);
    }
    let Some(name) = common_performer(&performers) else { return Ok(()) };
    let artist = put_artist(change, name).await?;
    sqlx::query(
        "UPDATE albums SET artist_id = ?1, sort_artist = ?2, \
         search = sort_title || ?3 || ?2 WHERE id = ?4",
    )
    .bind(id_bytes(artist))
    .bind(fold(name))
    .bind(SEPARATOR.to_string())
    .bind(id_bytes(album))
    .execute(change.db())
    .await?;
    sqlx::query(
        "UPDATE tracks SET artist_id = ?1, \
         sort_album = ?2 || substr(sort_album, instr(sort_album, ?3)) WHERE album_id = ?4",
    )
    .bind(id_bytes(artist))
    .bind(fold(name))
    .bind(SEPARATOR.to_string())
    .bind(id_bytes(album))
    .execute(change.db())
    .await?;
    Ok(())
}

/// Who an album is filed under whose tracks are by `performers`; `None` of no tracks.
fn common_performer(performers: &[String]) -> Option<&str> {
    let first = without_guests(performers.first()?);
    let is_common = performers.iter().all(|name| key(without_guests(name)) == key(first));
    Some(if is_common { first } else { VARIOUS_ARTISTS })
}

/// `Ann` of `Ann feat. Bob`.
fn without_guests(performer: &str) -> &str {
    let lower = performer.to_ascii_lowercase();
    let end = GUESTS.iter().filter_map(|word| lower.find(word)).filter(|at| *at > 0).min();
    end.map_or(performer, |end| &performer[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_make_no_compilation() {
        for (performers, filed_under) in [
            (&["Ann"][..], Some("Ann")),
            (&["Ann", "ann  feat. Bob", "ANN (feat. C)"], Some("Ann")),
            (&["Ann feat. Bob", "Ann ft Cy"], Some("Ann")),
            (&["Ann", "Bob"], Some("Various Artists")),
            (&["Feat. Nobody"], Some("Feat. Nobody")),
            (&["Émile ft. Ann", "émile"], Some("Émile")),
            (&[], None),
        ] {
            let performers: Vec<String> = performers.iter().map(|&name| name.into()).collect();
            assert_eq!(common_performer(&performers), filed_under, "{performers:?}");
        }
    }
}
