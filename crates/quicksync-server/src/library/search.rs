//! `/api/search/`: one text, everything it may mean.
//!
//! Decides: how many of each kind. Never: what matches; the store does.

use axum::extract::State;
use quicksync_store::{AlbumQuery, ArtistQuery, Page, PageRequest, TrackQuery};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::albums::Album;
use super::artists::Artist;
use super::tracks::Track;
use crate::error::Problem;
use crate::extract::{Json, Query};
use crate::here::Here;
use crate::{ApiError, ServerState};

const DEFAULT_LIMIT: u32 = 10;
const MAX_LIMIT: u32 = 50;

/// The first hits of one kind.
#[derive(Debug, Serialize, ToSchema)]
struct Hits<T> {
    /// How many there are in all.
    count: u64,
    results: Vec<T>,
}

impl<T> Hits<T> {
    fn of<R>(page: Page<R>, convert: impl FnMut(R) -> T) -> Self {
        Self { count: page.count, results: page.items.into_iter().map(convert).collect() }
    }
}

/// What a text may mean.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SearchAnswer {
    tracks: Hits<Track>,
    albums: Hits<Album>,
    artists: Hits<Artist>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchQuery {
    /// Words, all of which must be contained.
    #[param(min_length = 1, max_length = 200)]
    q: String,
    /// Hits of each kind; 10 if not given.
    #[param(minimum = 1, maximum = 50)]
    limit: Option<u32>,
}

/// Search tracks, albums and artists.
#[utoipa::path(get, path = "/api/search/", tag = "library", operation_id = "search",
    params(SearchQuery),
    responses(
        (status = 200, description = "The first hits of each kind", body = SearchAnswer),
        (status = 400, description = "A parameter is not as it must be", body = Problem),
    ))]
pub(super) async fn search(
    State(state): State<ServerState>,
    Here(url): Here,
    Query(query): Query<SearchQuery>,
) -> Result<Json<SearchAnswer>, ApiError> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(ApiError::invalid("limit", "limit is 1 to 50."));
    }
    let text = super::text(Some(query.q))?;
    if text.is_none() {
        return Err(ApiError::invalid("q", "q must not be blank."));
    }
    let (store, url) = (state.store(), &url);
    let page = PageRequest { offset: 0, limit };
    let tracks = TrackQuery { text: text.clone(), ..TrackQuery::default() };
    let albums = AlbumQuery { text: text.clone(), ..AlbumQuery::default() };
    let artists = ArtistQuery { text };
    Ok(Json(SearchAnswer {
        tracks: Hits::of(store.tracks(&tracks, page).await?, |row| Track::of(row, url)),
        albums: Hits::of(store.albums(&albums, page).await?, |row| Album::of(row, url)),
        artists: Hits::of(store.artists(&artists, page).await?, |row| Artist::of(row, url)),
    }))
}
