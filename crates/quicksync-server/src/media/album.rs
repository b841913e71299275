//! `/api/albums/{id}/manifest/`: an album as one gapless stream, and where its tracks lie in it.
//!
//! Decides: which tracks belong to it: all that can be played, in order. Never: how they join; the
//! segment source does.

use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use quicksync_model::{SAMPLE_RATE, SEGMENT_SAMPLES};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::manifest::{LadderQuery, MissingRung, Rung, StreamUrls, Urls, missing, rungs};
use super::playable::{Item, Playable};
use crate::caching::REVALIDATE;
use crate::error::Problem;
use crate::extract::{Json, Named, Query};
use crate::here::Here;
use crate::quick_sync::BoundsBody;
use crate::{ApiError, Caller, ServerState, quick_sync};

/// How an album is played without a seam.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AlbumManifest {
    album_id: Uuid,
    title: String,
    artist: String,
    /// Hz, of every rendition.
    #[schema(example = 48000)]
    sample_rate: u32,
    /// Exact length of the whole.
    samples: u64,
    /// Samples in every segment but the last.
    #[schema(example = 184320)]
    segment_samples: u32,
    /// How many segments there are.
    segments: u64,
    /// The tracks in order. Each ends where the next begins; the last where the album does.
    tracks: Vec<AlbumTrack>,
    /// The quality to start with, for this listener now.
    start_quality: &'static str,
    /// The qualities offered, lowest first; up to `bounds.max_quality` if not asked for all.
    ladder: Vec<Rung>,
    /// The qualities not offered, and why.
    missing: Vec<MissingRung>,
    /// What bounds quality now.
    bounds: BoundsBody,
    /// Plays in any HLS player as it is.
    hls_url: String,
    /// Plays in any DASH player as it is.
    dash_url: String,
    /// The whole album as one file.
    stream_urls: StreamUrls,
    /// Unix time at which the URLs end, seconds.
    expires_at: f64,
}

/// A track's place in its album.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AlbumTrack {
    track_id: Uuid,
    title: String,
    artist: String,
    /// The sample of the album at which it is first heard.
    start_sample: u64,
    /// Exact length in it, in samples.
    samples: u64,
    /// How it is played on its own.
    manifest_url: String,
}

/// How an album is played without a seam.
#[utoipa::path(get, path = "/api/albums/{id}/manifest/", tag = "media",
    operation_id = "album_manifest",
    params(("id" = Uuid, Path, description = "The album"), LadderQuery),
    responses(
        (status = 200, description = "The manifest", body = AlbumManifest),
        (status = 400, description = "`ladder` is neither", body = Problem),
        (status = 404, description = "No such album, or none of its tracks can be played",
            body = Problem),
        (status = 422, description = "One of its tracks cannot be played", body = Problem),
    ))]
pub(super) async fn manifest(
    State(state): State<ServerState>,
    Here(here): Here,
    caller: Caller,
    Named(id): Named<Uuid>,
    Query(query): Query<LadderQuery>,
) -> Result<impl IntoResponse, ApiError> {
    let playable = Playable::album(&state, id).await?;
    let advice = quick_sync::advise(&state, &caller).await?;
    let told = query.told(&advice)?;
    let urls = Urls::new(&state, &here, &caller, ("albums", &playable));
    let Item::Album(album) = &playable.item else {
        return Err(ApiError::internal("an album came back as a track"));
    };
    let (timeline, ladder) = (playable.timeline, playable.ladder);
    let start = ladder.serve(advice.quality).as_str();
    let ends = album.tracks.iter().skip(1).map(|(_, start)| *start).chain([timeline.samples()]);
    let tracks = album.tracks.iter().zip(ends).map(|((track, start), end)| AlbumTrack {
        track_id: track.id,
        title: track.title.clone(),
        artist: track.artist.clone(),
        start_sample: *start,
        samples: end.saturating_sub(*start),
        manifest_url: here.absolute(&format!("/api/tracks/{}/manifest/", track.id)),
    });
    let manifest = AlbumManifest {
        album_id: id,
        title: album.row.title.clone(),
        artist: album.row.artist.clone(),
        sample_rate: SAMPLE_RATE,
        samples: timeline.samples(),
        segment_samples: SEGMENT_SAMPLES,
        segments: timeline.segments(),
        tracks: tracks.collect(),
        start_quality: start,
        ladder: rungs(&state, &playable, told, &urls)?,
        missing: missing(ladder, told),
        bounds: advice.bounds_body(),
        hls_url: urls.of("hls/master.m3u8"),
        dash_url: urls.of("dash/manifest.mpd"),
        stream_urls: StreamUrls::new(&state, &urls, "album", start),
        expires_at: urls.expires_at,
    };
    Ok(([(CACHE_CONTROL, REVALIDATE)], Json(manifest)))
}
