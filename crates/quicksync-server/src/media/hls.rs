//! HLS playlists of a track, for players that bring their own rules.
//!
//! Decides: relative URIs, each with the ticket, so that a player needs no header. Never: the text
//! itself; `quicksync-manifest` writes it.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use quicksync_manifest::{Bandwidth, Variant, media_playlist, multivariant_playlist};
use quicksync_model::{Codec, Quality};
use uuid::Uuid;

use super::playable::{Playable, text_answer};
use crate::error::Problem;
use crate::extract::Named;
use crate::tickets::ticket_in;
use crate::{ApiError, Caller, ServerState};

/// RFC 8216 section 4.
const MEDIA_TYPE: &str = "application/vnd.apple.mpegurl";

/// The HLS playlist that lists every quality offered.
#[utoipa::path(get, path = "/api/tracks/{id}/hls/master.m3u8", tag = "media",
    operation_id = "hls_multivariant", params(("id" = Uuid, Path, description = "The track")),
    responses(
        (status = 200, description = "The playlist", body = String,
            content_type = "application/vnd.apple.mpegurl"),
        (status = 304, description = "The playlist you have is the playlist there is"),
        (status = 404, description = "No such track", body = Problem),
        (status = 422, description = "The track cannot be played", body = Problem),
    ))]
pub(super) async fn multivariant(
    State(state): State<ServerState>,
    caller: Caller,
    Named(id): Named<Uuid>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    Ok(list_variants(&state, &caller, &Playable::find(&state, id).await?, &uri, &headers))
}

/// The playlist of a track's or an album's qualities.
pub(super) fn list_variants(
    state: &ServerState,
    caller: &Caller,
    playable: &Playable,
    uri: &Uri,
    headers: &HeaderMap,
) -> Response {
    let ticket = playable.ticket(state, caller, ticket_in(uri));
    let variants = playable.ladder.qualities().map(|quality| Variant {
        codec: Codec::Opus,
        bandwidth: bandwidth(state, playable, quality),
        name: quality.to_string(),
        uri: format!("{quality}.m3u8?ticket={ticket}"),
    });
    text_answer(headers, MEDIA_TYPE, multivariant_playlist(variants))
}

/// What a rung costs to carry, from the exact sizes of its segments.
pub(super) fn bandwidth(state: &ServerState, playable: &Playable, quality: Quality) -> Bandwidth {
    let timeline = playable.timeline;
    let bytes = |index| state.segments().segment_bytes(timeline, quality, index);
    Bandwidth::of(timeline, |index| bytes(index).unwrap_or_default())
}

/// The HLS playlist of one quality.
#[utoipa::path(get, path = "/api/tracks/{id}/hls/{playlist}", tag = "media",
    operation_id = "hls_playlist",
    params(
        ("id" = Uuid, Path, description = "The track"),
        ("playlist" = String, Path, description = "`low.m3u8`, `medium.m3u8`, `high.m3u8` or `ultra.m3u8`"),
    ),
    responses(
        (status = 200, description = "The playlist", body = String,
            content_type = "application/vnd.apple.mpegurl"),
        (status = 304, description = "The playlist you have is the playlist there is"),
        (status = 404, description = "No such track, or the quality is not offered", body = Problem),
        (status = 422, description = "The track cannot be played", body = Problem),
    ))]
pub(super) async fn playlist(
    State(state): State<ServerState>,
    caller: Caller,
    Named((id, name)): Named<(Uuid, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let quality = quality_of(&name)?;
    let playable = Playable::find(&state, id).await?;
    list_segments(&state, &caller, &playable, quality, (&uri, &headers))
}

/// The quality whose playlist has this name.
pub(super) fn quality_of(name: &str) -> Result<Quality, ApiError> {
    let quality = name.strip_suffix(".m3u8").and_then(|word| word.parse().ok());
    quality.ok_or_else(|| ApiError::not_found("playlist"))
}

/// The playlist of one quality of a track or an album.
pub(super) fn list_segments(
    state: &ServerState,
    caller: &Caller,
    playable: &Playable,
    quality: Quality,
    (uri, headers): (&Uri, &HeaderMap),
) -> Result<Response, ApiError> {
    let quality = playable.offer(quality)?;
    let ticket = playable.ticket(state, caller, ticket_in(uri));
    let base = format!("../segments/{}", playable.version);
    let init = format!("{base}/init.mp4?ticket={ticket}");
    let text = media_playlist(playable.timeline, Some(&init), |index| {
        format!("{base}/{quality}/{index}.m4s?ticket={ticket}")
    });
    Ok(text_answer(headers, MEDIA_TYPE, text))
}
