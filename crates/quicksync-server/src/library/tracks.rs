//! `/api/tracks/`.
//!
//! Decides: what a track looks like on the wire. Never: how it is played; its manifest says that.

use axum::extract::State;
use axum::http::Uri;
use quicksync_store::{TrackQuery, TrackRow, TrackSort};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::config::PublicUrl;
use crate::error::Problem;
use crate::extract::{Json, Named, Query};
use crate::here::Here;
use crate::wire::{List, PageQuery, unix_s};
use crate::{ApiError, ServerState};

/// One library item a listener picks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Track {
    id: Uuid,
    title: String,
    artist: String,
    artist_id: Option<Uuid>,
    album: String,
    album_id: Option<Uuid>,
    track_number: Option<u32>,
    disc_number: Option<u32>,
    year: Option<u32>,
    genre: Option<String>,
    cover_url: Option<String>,
    /// Seconds; as the file's headers claim until it has been read whole.
    duration_s: Option<f64>,
    /// `aac`, `alac`, `flac`, `mp3`, `opus`, `pcm` or `vorbis`.
    codec: String,
    /// Hz.
    sample_rate: u32,
    channels: u32,
    bits_per_sample: Option<u32>,
    /// Mean rate of the file's audio; null until it has been read whole.
    bitrate_kbps: Option<u32>,
    size_bytes: u64,
    /// False while its file is missing.
    is_available: bool,
    /// Why it cannot be played, if so.
    problem: Option<String>,
    /// Unix time, seconds.
    added_at: f64,
    manifest_url: String,
}

impl Track {
    pub(super) fn of(row: TrackRow, url: &PublicUrl) -> Self {
        Self {
            duration_s: super::duration_s(&row),
            cover_url: super::covers::url(url, row.cover_id),
            manifest_url: url.absolute(&format!("/api/tracks/{}/manifest/", row.id)),
            id: row.id,
            title: row.title,
            artist: row.artist,
            artist_id: row.artist_id,
            album: row.album,
            album_id: row.album_id,
            track_number: row.track_number,
            disc_number: row.disc_number,
            year: row.year,
            genre: row.genre,
            codec: row.codec,
            sample_rate: row.sample_rate,
            channels: row.channels,
            bits_per_sample: row.bits_per_sample,
            bitrate_kbps: row.analysis.map(|analysis| analysis.mean_kbps),
            size_bytes: row.size_bytes,
            is_available: row.available,
            problem: row.problem,
            added_at: unix_s(row.added_us),
        }
    }
}

/// How tracks are sorted.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Sort {
    /// Artist, album, disc, number, title.
    #[default]
    Album,
    /// Title.
    Title,
    /// Newest first.
    Added,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TrackFilter {
    /// Words that title, artist or album contain, all of them.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Of one album.
    album: Option<Uuid>,
    /// Of one artist.
    artist: Option<Uuid>,
    /// The order; `album` if not given.
    #[param(inline)]
    sort: Option<Sort>,
}

impl TrackFilter {
    fn query(self) -> Result<TrackQuery, ApiError> {
        let sort = match self.sort.unwrap_or_default() {
            Sort::Album => TrackSort::Album,
            Sort::Title => TrackSort::Title,
            Sort::Added => TrackSort::Added,
        };
        let text = super::text(self.q)?;
        Ok(TrackQuery { text, album: self.album, artist: self.artist, sort })
    }
}

/// Tracks that can be played now.
#[utoipa::path(get, path = "/api/tracks/", tag = "library", operation_id = "list_tracks",
    params(PageQuery, TrackFilter),
    responses(
        (status = 200, description = "One page of them", body = List<Track>),
        (status = 400, description = "A parameter is not as it must be", body = Problem),
    ))]
pub(super) async fn list(
    State(state): State<ServerState>,
    Here(url): Here,
    uri: Uri,
    Query(page): Query<PageQuery>,
    Query(filter): Query<TrackFilter>,
) -> Result<Json<List<Track>>, ApiError> {
    let url = &url;
    let found = state.store().tracks(&filter.query()?, page.request()?).await?;
    Ok(Json(List::page(found, &page, (url, &uri), |row| Track::of(row, url))))
}

/// One track, also while its file is missing.
#[utoipa::path(get, path = "/api/tracks/{id}/", tag = "library", operation_id = "track",
    params(("id" = Uuid, Path, description = "The track")),
    responses(
        (status = 200, description = "The track", body = Track),
        (status = 404, description = "No such track", body = Problem),
    ))]
pub(super) async fn one(
    State(state): State<ServerState>,
    Here(url): Here,
    Named(id): Named<Uuid>,
) -> Result<Json<Track>, ApiError> {
    let row = state.store().track(id).await?.ok_or_else(|| ApiError::not_found("track"))?;
    Ok(Json(Track::of(row, &url)))
}
