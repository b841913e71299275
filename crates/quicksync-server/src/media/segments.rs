//! Init and media segments: immutable bytes under versioned URLs.
//!
//! Decides: 304, 404, 410 before any work, and what answers when there is too much of it. Never:
//! other bytes under one URL to a cache: a stand-in of another rung is not to be kept.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use quicksync_model::{Codec, Quality, Rendition};
use uuid::Uuid;

use super::playable::Playable;
use crate::caching::{IMMUTABLE, NO_STORE, is_known};
use crate::error::{Problem, unavailable, unplayable};
use crate::extract::Named;
use crate::segment_source::{SegmentError, SegmentRequest};
use crate::{ApiError, ServerState};

const MEDIA_TYPE: &str = "audio/mp4";
const MP3_MEDIA_TYPE: &str = "audio/mpeg";
/// The name of what comes before the first segment.
const WARM_UP: &str = "warm-up.m4s";
/// The quality that the bytes of an answer are.
pub(super) const QUALITY_HEADER: HeaderName = HeaderName::from_static("quick-sync-quality");

/// The init segment, the same for every quality.
#[utoipa::path(get, path = "/api/tracks/{id}/segments/{version}/init.mp4", tag = "media",
    operation_id = "init_segment",
    params(
        ("id" = Uuid, Path, description = "The track"),
        ("version" = String, Path, description = "As the manifest says"),
    ),
    responses(
        (status = 200, description = "The init segment", body = Vec<u8>,
            content_type = "audio/mp4"),
        (status = 304, description = "The bytes you have are the bytes there are"),
        (status = 404, description = "No such track", body = Problem),
        (status = 410, description = "The file has changed: ask for the manifest", body = Problem),
        (status = 422, description = "The track cannot be played", body = Problem),
    ))]
pub(super) async fn init(
    State(state): State<ServerState>,
    Named((id, version)): Named<(Uuid, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    init_of(&state, &Playable::find(&state, id).await?, &version, &headers)
}

/// The init segment of a track or an album.
pub(super) fn init_of(
    state: &ServerState,
    playable: &Playable,
    version: &str,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    refuse_stale(playable, version)?;
    let etag = format!("\"{version}-init\"");
    let caching = [(ETAG, etag.clone()), (CACHE_CONTROL, IMMUTABLE.to_owned())];
    if is_known(headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let bytes = state.segments().init_segment();
    Ok((caching, [(CONTENT_TYPE, MEDIA_TYPE)], bytes).into_response())
}

/// One segment of one quality.
#[utoipa::path(get, path = "/api/tracks/{id}/segments/{version}/{quality}/{segment}",
    tag = "media", operation_id = "segment",
    params(
        ("id" = Uuid, Path, description = "The track"),
        ("version" = String, Path, description = "As the manifest says"),
        ("quality" = String, Path, description = "`low`, `medium`, `high` or `ultra`"),
        ("segment" = String, Path, description = "Its number, counted from 0, and `.m4s`, or `.mp3` \
            for MP3; `warm-up.m4s` is the packet before the first"),
    ),
    responses(
        (status = 200, description = "The segment. `Quick-Sync-Quality` names the quality the \
            bytes are: under overload another one may stand in, and is not to be kept.",
            body = Vec<u8>, content_type = "audio/mp4"),
        (status = 304, description = "The bytes you have are the bytes there are"),
        (status = 404, description = "No such segment, or the quality is not offered",
            body = Problem),
        (status = 410, description = "The file has changed: ask for the manifest", body = Problem),
        (status = 422, description = "The track cannot be played", body = Problem),
    ))]
pub(super) async fn segment(
    State(state): State<ServerState>,
    Named((id, version, quality, name)): Named<(Uuid, String, String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let playable = Playable::find(&state, id).await?;
    segment_of(&state, playable, (&version, &quality, &name), &method, &headers).await
}

/// A segment of a track or an album, by version, quality and name.
pub(super) async fn segment_of(
    state: &ServerState,
    playable: Playable,
    (version, quality, name): (&str, &str, &str),
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    refuse_stale(&playable, version)?;
    if name == WARM_UP {
        return warm_up(state, playable, version, quality, headers).await;
    }
    let (codec, quality, index) = parse(quality, name).ok_or_else(no_such_segment)?;
    let quality = playable.offer(quality)?;
    let rendition = Rendition::new(codec, quality);
    let length = state.segments().segment_bytes(playable.timeline, rendition, index);
    let length = length.ok_or_else(no_such_segment)?;
    let etag = format!("\"{version}-{codec}-{quality}-{index}\"");
    let common = [
        (ETAG, etag.clone()),
        (CACHE_CONTROL, IMMUTABLE.to_owned()),
        (QUALITY_HEADER, quality.to_string()),
    ];
    if is_known(headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let media_type = if codec == Codec::Mp3 { MP3_MEDIA_TYPE } else { MEDIA_TYPE };
    let media = [(CONTENT_TYPE, media_type.to_owned())];
    if *method == Method::HEAD {
        return Ok((common, media, [(CONTENT_LENGTH, length.to_string())]).into_response());
    }
    let request = SegmentRequest { audio: playable.audio, codec, quality, index };
    match state.segments().segment(request.clone()).await {
        Ok(bytes) => Ok((common, media, bytes).into_response()),
        Err(SegmentError::Overloaded) => {
            let (quality, bytes) = stand_in(state, request).await?;
            let marks =
                [(CACHE_CONTROL, NO_STORE.to_owned()), (QUALITY_HEADER, quality.to_string())];
            Ok((marks, media, bytes).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// What a decoder that comes from another track takes in before the first segment.
async fn warm_up(
    state: &ServerState,
    playable: Playable,
    version: &str,
    quality: &str,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let quality = playable.offer(quality.parse().map_err(|_| no_such_segment())?)?;
    let etag = format!("\"{version}-{quality}-warm-up\"");
    let common = [
        (ETAG, etag.clone()),
        (CACHE_CONTROL, IMMUTABLE.to_owned()),
        (QUALITY_HEADER, quality.to_string()),
    ];
    if is_known(headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let bytes = state.segments().warm_up(playable.audio, quality).await?;
    Ok((common, [(CONTENT_TYPE, MEDIA_TYPE)], bytes).into_response())
}

fn parse(quality: &str, name: &str) -> Option<(Codec, Quality, u64)> {
    let (number, extension) = name.split_once('.')?;
    let codec = match extension {
        "m4s" => Codec::Opus,
        "mp3" => Codec::Mp3,
        _ => return None,
    };
    // One segment has one URL: no sign, no leading zeros.
    let is_plain = number == "0" || !number.starts_with(['0', '+']);
    Some((codec, quality.parse().ok()?, number.parse().ok().filter(|_| is_plain)?))
}

fn no_such_segment() -> ApiError {
    ApiError::not_found("segment")
}

fn refuse_stale(playable: &Playable, version: &str) -> Result<(), ApiError> {
    if playable.version == version {
        return Ok(());
    }
    let detail = "The track has changed since its manifest was made: ask for the manifest again.";
    Err(ApiError::new(StatusCode::GONE, "stale_version", detail).field("version"))
}

async fn stand_in(
    state: &ServerState,
    mut request: SegmentRequest,
) -> Result<(Quality, Bytes), ApiError> {
    let quality = best_at_hand(state, &request).await.ok_or_else(ApiError::overloaded)?;
    request.quality = quality;
    Ok((quality, state.segments().segment(request).await?))
}

/// The best rung of this segment that is at hand: the nearest at or below the wish, else the nearest
/// above it.
pub(super) async fn best_at_hand(state: &ServerState, request: &SegmentRequest) -> Option<Quality> {
    let wanted = request.quality;
    let at_hand = state.segments().cached(request).await;
    let below = at_hand.iter().copied().filter(|quality| *quality <= wanted).max();
    below.or_else(|| at_hand.iter().copied().filter(|quality| *quality > wanted).min())
}

impl From<SegmentError> for ApiError {
    fn from(error: SegmentError) -> Self {
        match error {
            SegmentError::NotFound => no_such_segment(),
            SegmentError::Unplayable(reason) => unplayable(&reason),
            SegmentError::Unavailable => unavailable(),
            SegmentError::Overloaded => Self::overloaded(),
            SegmentError::Internal(_) => Self::internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_has_one_name() {
        assert_eq!(parse("low", "0.m4s"), Some((Codec::Opus, Quality::Low, 0)));
        assert_eq!(parse("ultra", "120.m4s"), Some((Codec::Opus, Quality::Ultra, 120)));
        for name in ["00.m4s", "+1.m4s", "-1.m4s", "1", "1.mp4", ".m4s", "1e3.m4s", " 1.m4s"] {
            assert_eq!(parse("low", name), None, "{name}");
        }
        assert_eq!(parse("low", "18446744073709551616.m4s"), None);
        assert_eq!(parse("best", "1.m4s"), None);
    }
}
