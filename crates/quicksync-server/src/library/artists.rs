//! `/api/artists/`.
//!
//! Decides: what an artist looks like on the wire. Never: their albums; ask for them by `?artist=`.

use axum::extract::State;
use axum::http::Uri;
use quicksync_store::{ArtistQuery, ArtistRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::config::PublicUrl;
use crate::error::Problem;
use crate::extract::{Json, Named, Query};
use crate::here::Here;
use crate::wire::{List, PageQuery};
use crate::{ApiError, ServerState};

/// Who albums and tracks are filed under.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Artist {
    id: Uuid,
    name: String,
    album_count: u64,
    track_count: u64,
    albums_url: String,
}

impl Artist {
    pub(super) fn of(row: ArtistRow, url: &PublicUrl) -> Self {
        Self {
            albums_url: url.absolute(&format!("/api/albums/?artist={}", row.id)),
            id: row.id,
            name: row.name,
            album_count: row.album_count,
            track_count: row.track_count,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ArtistFilter {
    /// Words that the name contains, all of them.
    #[param(max_length = 200)]
    q: Option<String>,
}

/// Artists by name.
#[utoipa::path(get, path = "/api/artists/", tag = "library", operation_id = "list_artists",
    params(PageQuery, ArtistFilter),
    responses(
        (status = 200, description = "One page of them", body = List<Artist>),
        (status = 400, description = "A parameter is not as it must be", body = Problem),
    ))]
pub(super) async fn list(
    State(state): State<ServerState>,
    Here(url): Here,
    uri: Uri,
    Query(page): Query<PageQuery>,
    Query(filter): Query<ArtistFilter>,
) -> Result<Json<List<Artist>>, ApiError> {
    let url = &url;
    let query = ArtistQuery { text: super::text(filter.q)? };
    let found = state.store().artists(&query, page.request()?).await?;
    Ok(Json(List::page(found, &page, (url, &uri), |row| Artist::of(row, url))))
}

/// One artist.
#[utoipa::path(get, path = "/api/artists/{id}/", tag = "library", operation_id = "artist",
    params(("id" = Uuid, Path, description = "The artist")),
    responses(
        (status = 200, description = "The artist", body = Artist),
        (status = 404, description = "No such artist", body = Problem),
    ))]
pub(super) async fn one(
    State(state): State<ServerState>,
    Here(url): Here,
    Named(id): Named<Uuid>,
) -> Result<Json<Artist>, ApiError> {
    let row = state.store().artist(id).await?.ok_or_else(|| ApiError::not_found("artist"))?;
    Ok(Json(Artist::of(row, &url)))
}
