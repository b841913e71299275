//! Lists of tracks, albums and artists: filtered, searched, ordered, one page at a time.
//!
//! Knows: which index serves which order, so that a page of a large library costs as little as one
//! of a small one. Never: more than one page of rows in memory.

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};
use uuid::Uuid;

use super::SqliteStore;
use super::convert::{Columns, id_bytes, signed};
use super::loudness::loudness;
use crate::fold::words;
use crate::{
    AlbumQuery, AlbumRow, AlbumSort, AnalysisRow, ArtistQuery, ArtistRow, Neighbours, Page,
    PageRequest, StoreError, TrackQuery, TrackRow, TrackSort,
};

/// A track with the names it refers to.
pub(super) const TRACK_COLUMNS: &str = "t.*, al.title AS album, p.reason AS problem, \
    lo.integrated_lufs AS track_lufs, lo.true_peak_dbtp AS track_peak_dbtp, \
    al.integrated_lufs AS album_lufs, al.true_peak_dbtp AS album_peak_dbtp";
/// What [`TRACK_COLUMNS`] joins to `tracks t`.
pub(super) const TRACK_JOINS: &str = "LEFT JOIN albums al ON al.id = t.album_id LEFT JOIN problems p ON p.path = t.path \
     LEFT JOIN loudness lo ON lo.audio_hash = t.audio_hash";

const ALBUM_COLUMNS: &str = "al.*, ar.name AS artist, \
    (SELECT count(*) FROM tracks t WHERE t.album_id = al.id AND t.available = 1) AS track_count, \
    (SELECT sum(CAST(coalesce(t.samples, t.claimed_samples, 0) AS REAL) / max(t.sample_rate, 1)) \
     FROM tracks t WHERE t.album_id = al.id AND t.available = 1) AS duration_s, \
    (SELECT t.cover_id FROM tracks t WHERE t.album_id = al.id AND t.available = 1 \
     AND t.cover_id IS NOT NULL ORDER BY t.sort_album, t.id LIMIT 1) AS cover_id";
const ALBUM_IS_HEARD: &str =
    "EXISTS (SELECT 1 FROM tracks t WHERE t.album_id = al.id AND t.available = 1)";

const ARTIST_COLUMNS: &str = "ar.*, \
    (SELECT count(*) FROM albums al WHERE al.artist_id = ar.id AND EXISTS \
     (SELECT 1 FROM tracks t WHERE t.album_id = al.id AND t.available = 1)) AS album_count, \
    (SELECT count(*) FROM tracks t WHERE t.artist_id = ar.id AND t.available = 1) AS track_count";
const ARTIST_IS_HEARD: &str =
    "EXISTS (SELECT 1 FROM tracks t WHERE t.artist_id = ar.id AND t.available = 1)";

impl SqliteStore {
    pub(super) async fn list_tracks(
        &self,
        query: &TrackQuery,
        page: PageRequest,
    ) -> Result<Page<TrackRow>, StoreError> {
        let order = match query.sort {
            TrackSort::Album => "t.sort_album, t.id",
            TrackSort::Title => "t.sort_title, t.id",
            TrackSort::Added => "t.added_us DESC, t.id DESC",
        };
        let mut count = QueryBuilder::new("SELECT count(*) AS items FROM tracks t ");
        push_track_filter(&mut count, query);
        // The page is cut on the index alone; only its own rows are then read.
        let mut items = QueryBuilder::new("WITH page AS (SELECT t.id FROM tracks t ");
        push_track_filter(&mut items, query);
        push_cut(&mut items, order, page);
        items.push(format_args!(
            ") SELECT {TRACK_COLUMNS} FROM page CROSS JOIN tracks t ON t.id = page.id \
             {TRACK_JOINS} ORDER BY {order}"
        ));
        self.page(count, items, track_row).await
    }

    pub(super) async fn find_neighbours(&self, track: Uuid) -> Result<Neighbours, StoreError> {
        let (mut found, sides) = (Vec::new(), [("<", " DESC"), (">", "")]);
        for (side, descending) in sides {
            let mut query = QueryBuilder::new("SELECT ");
            query
                .push(TRACK_COLUMNS)
                .push(" FROM tracks me JOIN tracks t ON t.album_id = me.album_id ");
            query.push(TRACK_JOINS).push(" WHERE me.id = ").push_bind(id_bytes(track));
            query.push(format_args!(
                " AND t.available = 1 AND p.path IS NULL \
                 AND (t.sort_album, t.id) {side} (me.sort_album, me.id) \
                 ORDER BY t.sort_album{descending}, t.id{descending} LIMIT 1"
            ));
            let row = query.build().fetch_optional(&self.readers).await?;
            found.push(row.as_ref().map(track_row).transpose()?);
        }
        let next = found.pop().flatten();
        Ok(Neighbours { previous: found.pop().flatten(), next })
    }

    pub(super) async fn find_by_audio(
        &self,
        prefix: [u8; 8],
    ) -> Result<Option<TrackRow>, StoreError> {
        let bound = |filler: u8| {
            let mut hash = [filler; 32];
            hash[..8].copy_from_slice(&prefix);
            hash.to_vec()
        };
        let mut query = QueryBuilder::new("SELECT ");
        query.push(TRACK_COLUMNS).push(" FROM tracks t ").push(TRACK_JOINS);
        query.push(" WHERE t.audio_hash BETWEEN ").push_bind(bound(0));
        query.push(" AND ").push_bind(bound(0xff));
        query.push(" AND t.available = 1 AND p.path IS NULL ORDER BY t.added_us, t.id LIMIT 1");
        let row = query.build().fetch_optional(&self.readers).await?;
        row.as_ref().map(track_row).transpose()
    }

    pub(super) async fn list_albums(
        &self,
        query: &AlbumQuery,
        page: PageRequest,
    ) -> Result<Page<AlbumRow>, StoreError> {
        let order = match query.sort {
            AlbumSort::Artist => "al.sort_artist, al.year, al.sort_title, al.id",
            AlbumSort::Title => "al.sort_title, al.sort_artist, al.id",
            AlbumSort::Added => "al.added_us DESC, al.id DESC",
        };
        let mut count = QueryBuilder::new("SELECT count(*) AS items FROM albums al WHERE ");
        push_album_filter(&mut count, query);
        let mut items = QueryBuilder::new("WITH page AS (SELECT al.id FROM albums al WHERE ");
        push_album_filter(&mut items, query);
        push_cut(&mut items, order, page);
        items.push(format_args!(
            ") SELECT {ALBUM_COLUMNS} FROM page CROSS JOIN albums al ON al.id = page.id \
             LEFT JOIN artists ar ON ar.id = al.artist_id ORDER BY {order}"
        ));
        self.page(count, items, album_row).await
    }

    pub(super) async fn list_artists(
        &self,
        query: &ArtistQuery,
        page: PageRequest,
    ) -> Result<Page<ArtistRow>, StoreError> {
        let order = "ar.sort_name, ar.id";
        let mut count = QueryBuilder::new("SELECT count(*) AS items FROM artists ar WHERE ");
        push_artist_filter(&mut count, query);
        let mut items = QueryBuilder::new("WITH page AS (SELECT ar.id FROM artists ar WHERE ");
        push_artist_filter(&mut items, query);
        push_cut(&mut items, order, page);
        items.push(format_args!(
            ") SELECT {ARTIST_COLUMNS} FROM page CROSS JOIN artists ar ON ar.id = page.id \
             ORDER BY {order}"
        ));
        self.page(count, items, artist_row).await
    }

    pub(super) async fn find_album(&self, id: Uuid) -> Result<Option<AlbumRow>, StoreError> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(ALBUM_COLUMNS);
        query.push(" FROM albums al LEFT JOIN artists ar ON ar.id = al.artist_id WHERE al.id = ");
        query.push_bind(id_bytes(id));
        let row = query.build().fetch_optional(&self.readers).await?;
        row.as_ref().map(album_row).transpose()
    }

    pub(super) async fn find_artist(&self, id: Uuid) -> Result<Option<ArtistRow>, StoreError> {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(ARTIST_COLUMNS).push(" FROM artists ar WHERE ar.id = ").push_bind(id_bytes(id));
        let row = query.build().fetch_optional(&self.readers).await?;
        row.as_ref().map(artist_row).transpose()
    }

    pub(super) async fn page<T>(
        &self,
        mut count: QueryBuilder<Sqlite>,
        mut items: QueryBuilder<Sqlite>,
        read: impl Fn(&SqliteRow) -> Result<T, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        let count = count.build().fetch_one(&self.readers).await?.unsigned("items")?;
        let rows = items.build().fetch_all(&self.readers).await?;
        let items = rows.iter().map(read).collect::<Result<_, _>>()?;
        Ok(Page { count, items })
    }
}

pub(super) fn push_cut(query: &mut QueryBuilder<Sqlite>, order: &str, page: PageRequest) {
    query.push(format_args!(" ORDER BY {order} LIMIT ")).push_bind(i64::from(page.limit));
    query.push(" OFFSET ").push_bind(signed(page.offset));
}

fn push_track_filter(filter: &mut QueryBuilder<Sqlite>, query: &TrackQuery) {
    let words = words(query.text.as_deref().unwrap_or_default());
    if !words.is_empty() && query.album.is_none() && query.artist.is_none() {
        // Left to itself SQLite follows the order's index and looks up every row.
        filter.push("INDEXED BY tracks_by_search ");
    }
    filter.push("WHERE t.available = 1");
    if let Some(album) = query.album {
        filter.push(" AND t.album_id = ").push_bind(id_bytes(album));
    }
    if let Some(artist) = query.artist {
        filter.push(" AND t.artist_id = ").push_bind(id_bytes(artist));
    }
    push_words(filter, "t.search", words);
}

fn push_album_filter(filter: &mut QueryBuilder<Sqlite>, query: &AlbumQuery) {
    filter.push(ALBUM_IS_HEARD);
    if let Some(artist) = query.artist {
        filter.push(" AND al.artist_id = ").push_bind(id_bytes(artist));
    }
    push_words(filter, "al.search", words(query.text.as_deref().unwrap_or_default()));
}

fn push_artist_filter(filter: &mut QueryBuilder<Sqlite>, query: &ArtistQuery) {
    filter.push(ARTIST_IS_HEARD);
    push_words(filter, "ar.sort_name", words(query.text.as_deref().unwrap_or_default()));
}

/// Every word must be somewhere in `column`. Not LIKE: nothing in a word is special.
fn push_words(filter: &mut QueryBuilder<Sqlite>, column: &str, words: Vec<String>) {
    for word in words.into_iter().take(MAX_WORDS) {
        filter.push(format_args!(" AND instr({column}, ")).push_bind(word).push(") > 0");
    }
}

/// More words than anyone types: a query of a million of them must not become a statement.
const MAX_WORDS: usize = 16;

pub(super) fn track_row(row: &SqliteRow) -> Result<TrackRow, StoreError> {
    Ok(TrackRow {
        id: row.id("id")?,
        root: row.path("root")?,
        path: row.path("path")?,
        size_bytes: row.unsigned("size_bytes")?,
        modified_us: row.int("modified_us")?,
        available: row.flag("available")?,
        title: row.text("title")?,
        artist: row.text("artist")?,
        artist_id: row.optional_id("artist_id")?,
        album: row.optional_text("album")?.unwrap_or_default(),
        album_id: row.optional_id("album_id")?,
        track_number: row.optional_unsigned("track_number")?,
        disc_number: row.optional_unsigned("disc_number")?,
        year: row.optional_unsigned("year")?,
        genre: row.optional_text("genre")?,
        cover_id: row.optional_id("cover_id")?,
        codec: row.text("codec")?,
        sample_rate: row.unsigned("sample_rate")?,
        channels: row.unsigned("channels")?,
        bits_per_sample: row.optional_unsigned("bits_per_sample")?,
        claimed_samples: row.optional_unsigned("claimed_samples")?,
        analysis: analysis_row(row)?,
        loudness: loudness(row, "track_lufs", "track_peak_dbtp")?,
        album_loudness: loudness(row, "album_lufs", "album_peak_dbtp")?,
        problem: row.optional_text("problem")?,
        added_us: row.int("added_us")?,
    })
}

fn analysis_row(row: &SqliteRow) -> Result<Option<AnalysisRow>, StoreError> {
    let Some(audio_hash) = row.optional_bytes("audio_hash")? else { return Ok(None) };
    let (samples, mean_kbps) = (row.unsigned("samples")?, row.unsigned("mean_kbps")?);
    Ok(Some(AnalysisRow { audio_hash, samples, mean_kbps }))
}

fn album_row(row: &SqliteRow) -> Result<AlbumRow, StoreError> {
    let duration_s: Option<f64> = row.try_get("duration_s")?;
    Ok(AlbumRow {
        id: row.id("id")?,
        title: row.text("title")?,
        artist: row.optional_text("artist")?.unwrap_or_default(),
        artist_id: row.optional_id("artist_id")?,
        year: row.optional_unsigned("year")?,
        cover_id: row.optional_id("cover_id")?,
        track_count: row.unsigned("track_count")?,
        duration_s: duration_s.unwrap_or_default(),
        loudness: loudness(row, "integrated_lufs", "true_peak_dbtp")?,
        added_us: row.int("added_us")?,
    })
}

fn artist_row(row: &SqliteRow) -> Result<ArtistRow, StoreError> {
    Ok(ArtistRow {
        id: row.id("id")?,
        name: row.text("name")?,
        album_count: row.unsigned("album_count")?,
        track_count: row.unsigned("track_count")?,
    })
}
