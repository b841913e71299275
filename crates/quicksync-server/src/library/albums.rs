//! `/api/albums/`.
//!
//! Decides: what an album looks like on the wire. Never: its tracks; ask for them by `?album=`.

use axum::extract::State;
use axum::http::Uri;
use quicksync_store::{AlbumQuery, AlbumRow, AlbumSort};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::config::PublicUrl;
use crate::error::Problem;
use crate::extract::{Json, Named, Query};
use crate::here::Here;
use crate::wire::{List, PageQuery, unix_s};
use crate::{ApiError, ServerState};

/// What shares an album title and an album artist.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Album {
    id: Uuid,
    title: String,
    artist: String,
    artist_id: Option<Uuid>,
    /// The earliest year of its tracks.
    year: Option<u32>,
    cover_url: Option<String>,
    track_count: u64,
    /// Seconds, of what is known of its tracks.
    duration_s: f64,
    /// Unix time, seconds.
    added_at: f64,
    tracks_url: String,
}

impl Album {
    pub(super) fn of(row: AlbumRow, url: &PublicUrl) -> Self {
        Self {
            cover_url: super::covers::url(url, row.cover_id),
            tracks_url: url.absolute(&format!("/api/tracks/?album={}", row.id)),
            id: row.id,
            title: row.title,
            artist: row.artist,
            artist_id: row.artist_id,
            year: row.year,
            track_count: row.track_count,
            duration_s: row.duration_s,
            added_at: unix_s(row.added_us),
        }
    }
}

/// How albums are sorted.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Sort {
    /// Artist, year, title.
    #[default]
    Artist,
    /// Title.
    Title,
    /// Newest first.
    Added,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AlbumFilter {
    /// Words that title or artist contain, all of them.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Of one artist.
    artist: Option<Uuid>,
    /// The order; `artist` if not given.
    #[param(inline)]
    sort: Option<Sort>,
}

impl AlbumFilter {
    fn query(self) -> Result<AlbumQuery, ApiError> {
        let sort = match self.sort.unwrap_or_default() {
            Sort::Artist => AlbumSort::Artist,
            Sort::Title => AlbumSort::Title,
            Sort::Added => AlbumSort::Added,
        };
        Ok(AlbumQuery { text: super::text(self.q)?, artist: self.artist, sort })
    }
}

/// Albums that have a track to play.
#[utoipa::path(get, path = "/api/albums/", tag = "library", operation_id = "list_albums",
    params(PageQuery, AlbumFilter),
    responses(
        (status = 200, description = "One page of them", body = List<Album>),
        (status = 400, description = "A parameter is not as it must be", body = Problem),
    ))]
pub(super) async fn list(
    State(state): State<ServerState>,
    Here(url): Here,
    uri: Uri,
    Query(page): Query<PageQuery>,
    Query(filter): Query<AlbumFilter>,
) -> Result<Json<List<Album>>, ApiError> {
    let url = &url;
    let found = state.store().albums(&filter.query()?, page.request()?).await?;
    Ok(Json(List::page(found, &page, (url, &uri), |row| Album::of(row, url))))
}

/// One album.
#[utoipa::path(get, path = "/api/albums/{id}/", tag = "library", operation_id = "album",
    params(("id" = Uuid, Path, description = "The album")),
    responses(
        (status = 200, description = "The album", body = Album),
        (status = 404, description = "No such album", body = Problem),
    ))]
pub(super) async fn one(
    State(state): State<ServerState>,
    Here(url): Here,
    Named(id): Named<Uuid>,
) -> Result<Json<Album>, ApiError> {
    let row = state.store().album(id).await?.ok_or_else(|| ApiError::not_found("album"))?;
    Ok(Json(Album::of(row, &url)))
}
