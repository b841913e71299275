//! An album's playlists, segments and files: what a track has, of all its tracks as one.
//!
//! Decides nothing: each route finds the album and does what the track's route does.

use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use quicksync_model::Codec;
use uuid::Uuid;

use super::playable::Playable;
use super::segments::Piece;
use super::{dash, hls, segments, stream};
use crate::error::Problem;
use crate::extract::Named;
use crate::{ApiError, Caller, ServerState};

/// The HLS playlist that lists the qualities of an album that the listener may have now.
#[utoipa::path(get, path = "/api/albums/{id}/hls/master.m3u8", tag = "media",
    operation_id = "album_hls_multivariant", params(("id" = Uuid, Path, description = "The album")),
    responses(
        (status = 200, description = "The playlist", body = String,
            content_type = "application/vnd.apple.mpegurl"),
        (status = 304, description = "The playlist you have is the playlist there is"),
        (status = 404, description = "No such album", body = Problem),
    ))]
pub(super) async fn multivariant(
    State(state): State<ServerState>,
    caller: Caller,
    Named(id): Named<Uuid>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let album = Playable::album(&state, id).await?;
    hls::list_variants(&state, &caller, &album, Codec::Opus, (&uri, &headers)).await
}

/// The HLS playlist of one quality of an album.
#[utoipa::path(get, path = "/api/albums/{id}/hls/{playlist}", tag = "media",
    operation_id = "album_hls_playlist",
    params(
        ("id" = Uuid, Path, description = "The album"),
        ("playlist" = String, Path, description = "As of a track"),
    ),
    responses(
        (status = 200, description = "The playlist", body = String,
            content_type = "application/vnd.apple.mpegurl"),
        (status = 304, description = "The playlist you have is the playlist there is"),
        (status = 404, description = "No such album, or the quality is not offered", body = Problem),
    ))]
pub(super) async fn playlist(
    State(state): State<ServerState>,
    caller: Caller,
    Named((id, name)): Named<(Uuid, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let album = Playable::album(&state, id).await?;
    hls::named(&state, &caller, &album, &name, (&uri, &headers)).await
}

/// The DASH manifest of an album.
#[utoipa::path(get, path = "/api/albums/{id}/dash/manifest.mpd", tag = "media",
    operation_id = "album_dash_mpd", params(("id" = Uuid, Path, description = "The album")),
    responses(
        (status = 200, description = "The MPD", body = String,
            content_type = "application/dash+xml"),
        (status = 304, description = "The MPD you have is the MPD there is"),
        (status = 404, description = "No such album", body = Problem),
    ))]
pub(super) async fn mpd(
    State(state): State<ServerState>,
    caller: Caller,
    Named(id): Named<Uuid>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let album = Playable::album(&state, id).await?;
    dash::describe(&state, &caller, &album, &uri, &headers).await
}

/// The init segment of an album, the same for every quality.
#[utoipa::path(get, path = "/api/albums/{id}/segments/{version}/init.mp4", tag = "media",
    operation_id = "album_init_segment",
    params(
        ("id" = Uuid, Path, description = "The album"),
        ("version" = String, Path, description = "As the manifest says"),
    ),
    responses(
        (status = 200, description = "The init segment", body = Vec<u8>,
            content_type = "audio/mp4"),
        (status = 304, description = "The bytes you have are the bytes there are"),
        (status = 404, description = "No such album", body = Problem),
        (status = 410, description = "The album has changed: ask for the manifest", body = Problem),
    ))]
pub(super) async fn init(
    State(state): State<ServerState>,
    Named((id, version)): Named<(Uuid, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    Playable::album_of_version(&state, id, &version).await?;
    Ok(segments::init_of(&state, &version, &headers))
}

/// One segment of one quality of an album.
#[utoipa::path(get, path = "/api/albums/{id}/segments/{version}/{quality}/{segment}",
    tag = "media", operation_id = "album_segment",
    params(
        ("id" = Uuid, Path, description = "The album"),
        ("version" = String, Path, description = "As the manifest says"),
        ("quality" = String, Path, description = "`low`, `medium`, `high` or `ultra`"),
        ("segment" = String, Path, description = "As of a track"),
    ),
    responses(
        (status = 200, description = "The segment, as of a track", body = Vec<u8>,
            content_type = "audio/mp4"),
        (status = 304, description = "The bytes you have are the bytes there are"),
        (status = 404, description = "No such segment, or the quality is not offered",
            body = Problem),
        (status = 410, description = "The album has changed: ask for the manifest", body = Problem),
        (status = 422, description = "One of its tracks cannot be played", body = Problem),
    ))]
pub(super) async fn segment(
    State(state): State<ServerState>,
    caller: Caller,
    Named((id, version, quality, name)): Named<(Uuid, String, String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let piece = Piece::parse(&quality, &name).ok_or_else(|| ApiError::not_found("segment"))?;
    let album = Playable::album_of_version(&state, id, &version).await?;
    segments::segment_of(&state, &caller, &album, piece, (&method, &headers)).await
}

/// The whole album as one file.
#[utoipa::path(get, path = "/api/albums/{id}/stream/{file}", tag = "media",
    operation_id = "album_stream",
    params(
        ("id" = Uuid, Path, description = "The album"),
        ("file" = String, Path, description = "`album.opus` (Ogg Opus) or `album.mp3`"),
        ("quality" = Option<String>, Query, description = "As of a track"),
    ),
    responses(
        (status = 200, description = "The whole file. `Quick-Sync-Quality` names the quality it is.",
            content((Vec<u8> = "audio/ogg"), (Vec<u8> = "audio/mpeg"))),
        (status = 206, description = "The range asked for",
            content((Vec<u8> = "audio/ogg"), (Vec<u8> = "audio/mpeg"))),
        (status = 304, description = "The file you have is the file there is"),
        (status = 307, description = "The URL that names a quality, as of a track"),
        (status = 400, description = "A parameter is not as it must be", body = Problem),
        (status = 404, description = "No such album, or no such file of it", body = Problem),
        (status = 416, description = "The file has no such range", body = Problem),
        (status = 422, description = "One of its tracks cannot be played", body = Problem),
    ))]
pub(super) async fn stream(
    State(state): State<ServerState>,
    caller: Caller,
    Named((id, file)): Named<(Uuid, String)>,
    uri: Uri,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let container = stream::container_of(file.strip_prefix("album."))?;
    let album = Playable::album(&state, id).await?;
    stream::stream_of(&state, &caller, album, container, (&uri, &method, &headers)).await
}
