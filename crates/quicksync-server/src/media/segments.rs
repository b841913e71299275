//! Init and media segments: immutable bytes under versioned URLs.
//!
//! Decides: 304, 404, 410 before any work, and what answers when there is too much of it. Never:
//! other bytes under one URL to a cache: a stand-in of another rung is not to be kept.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use quicksync_model::{Codec, Quality, Rendition, Timeline};
use uuid::Uuid;

use super::ahead::{self, listener};
use super::lossless;
use super::playable::Playable;
use crate::caching::{IMMUTABLE, NO_STORE, is_known};
use crate::error::{Problem, unavailable, unplayable};
use crate::extract::Named;
use crate::segment_source::{Audio, SegmentError, SegmentRequest};
use crate::{ApiError, Caller, ServerState};

pub(super) const MEDIA_TYPE: &str = "audio/mp4";
const MP3_MEDIA_TYPE: &str = "audio/mpeg";
/// The name of what comes before the first segment.
pub(super) const WARM_UP: &str = "warm-up.m4s";
/// The name of the init segment of a lossless rendition, beside its segments.
pub(super) const INIT: &str = "init.mp4";
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
    Playable::of_version(&state, id, &version, |_| false).await?;
    Ok(init_of(&state, &version, &headers))
}

/// The init segment of a track or an album.
pub(super) fn init_of(state: &ServerState, version: &str, headers: &HeaderMap) -> Response {
    let etag = format!("\"{version}-init\"");
    immutable(headers, etag, || state.segments().init_segment())
}

/// Bytes of no quality that never change and cost nothing to make.
pub(super) fn immutable(
    headers: &HeaderMap,
    etag: String,
    bytes: impl FnOnce() -> Bytes,
) -> Response {
    let is_known = is_known(headers, &etag);
    let caching = [(ETAG, etag), (CACHE_CONTROL, IMMUTABLE.to_owned())];
    if is_known {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(CONTENT_TYPE, MEDIA_TYPE)], bytes()).into_response()
}

/// One segment of one quality.
#[utoipa::path(get, path = "/api/tracks/{id}/segments/{version}/{quality}/{segment}",
    tag = "media", operation_id = "segment",
    params(
        ("id" = Uuid, Path, description = "The track"),
        ("version" = String, Path, description = "As the manifest says"),
        ("quality" = String, Path, description = "`low`, `medium`, `high` or `ultra`; `lossless` for \
            the lossless rendition, where there is one"),
        ("segment" = String, Path, description = "Its number, counted from 0, and `.m4s`, or `.mp3` \
            for MP3; `warm-up.m4s` is the packet before the first. The lossless rendition has an \
            init segment of its own, `init.mp4`, and no warm-up"),
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
    caller: Caller,
    Named((id, version, quality, name)): Named<(Uuid, String, String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let names = Names { id, version: &version, quality: &quality, segment: &name };
    named(&state, &caller, names, (&method, &headers)).await
}

/// What the URL of a track's segment says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'a> {
    pub(super) id: Uuid,
    pub(super) version: &'a str,
    pub(super) quality: &'a str,
    pub(super) segment: &'a str,
}

/// The segment of a track that a URL names.
pub(super) async fn named(
    state: &ServerState,
    caller: &Caller,
    Names { id, version, quality, segment }: Names<'_>,
    asked: (&Method, &HeaderMap),
) -> Result<Response, ApiError> {
    let piece = Piece::parse(quality, segment).ok_or_else(no_such_segment)?;
    let at_an_end = |timeline| piece.is_at_an_end(timeline);
    let playable = Playable::of_version(state, id, version, at_an_end).await?;
    segment_of(state, caller, &playable, piece, asked).await
}

/// What can be asked for of one quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// The init segment of the lossless rendition.
    LosslessInit,
    /// The packet before the first segment.
    WarmUp(Quality),
    /// A segment.
    Segment(Rendition, u64),
}

impl Piece {
    /// The piece of this quality and name.
    pub(super) fn parse(quality: &str, name: &str) -> Option<Self> {
        let lossless = quality == Rendition::LOSSLESS;
        let (number, extension) = match name {
            INIT if lossless => return Some(Self::LosslessInit),
            WARM_UP => return quality.parse().ok().map(Self::WarmUp),
            name => name.split_once('.')?,
        };
        let rendition = match extension {
            "m4s" if lossless => Rendition::Flac,
            "m4s" => Rendition::Opus(quality.parse().ok()?),
            "mp3" => Rendition::Mp3(quality.parse().ok()?),
            _ => return None,
        };
        // One segment has one URL: no sign, no leading zeros.
        let is_plain = number == "0" || !number.starts_with(['0', '+']);
        Some(Self::Segment(rendition, number.parse().ok().filter(|_| is_plain)?))
    }

    /// Whether samples of the neighbours may be in it: an encoder sees a fraction of a second more
    /// than it presents, so they may be in the first segment and in the last two.
    pub(super) fn is_at_an_end(self, timeline: Timeline) -> bool {
        match self {
            Self::LosslessInit | Self::Segment(Rendition::Flac, _) => false,
            Self::WarmUp(_) => true,
            Self::Segment(_, index) => index == 0 || index.saturating_add(2) >= timeline.segments(),
        }
    }
}

/// A piece of a track or an album, which is of the version asked for.
pub(super) async fn segment_of(
    state: &ServerState,
    caller: &Caller,
    playable: &Playable,
    piece: Piece,
    (method, headers): (&Method, &HeaderMap),
) -> Result<Response, ApiError> {
    let (rendition, index) = match piece {
        Piece::LosslessInit => return lossless::init(state, playable, headers),
        Piece::WarmUp(quality) => {
            return Box::pin(warm_up(state, caller, playable, quality, headers)).await;
        }
        Piece::Segment(rendition, index) => (rendition, index),
    };
    let length = length(state, playable, rendition, index)?;
    let (codec, quality) = (rendition.codec(), rendition.quality_str());
    let etag = format!("\"{}-{codec}-{quality}-{index}\"", playable.version);
    let common = [
        (ETAG, etag.clone()),
        (CACHE_CONTROL, IMMUTABLE.to_owned()),
        (QUALITY_HEADER, quality.to_owned()),
    ];
    if is_known(headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let media_type = if codec == Codec::Mp3 { MP3_MEDIA_TYPE } else { MEDIA_TYPE };
    let media = [(CONTENT_TYPE, media_type.to_owned())];
    // Where no arithmetic foretells the length, a HEAD costs what a GET does.
    if let (&Method::HEAD, Some(length)) = (method, length) {
        return Ok((common, media, [(CONTENT_LENGTH, length.to_string())]).into_response());
    }
    let audio = playable.audio.clone();
    let request = SegmentRequest { audio, rendition, index, listener: listener(caller) };
    match state.segments().segment(request.clone()).await {
        Ok(bytes) => {
            let place = (playable.timeline, playable.joins);
            ahead::next_track(state, place, (rendition, index), listener(caller));
            Ok((common, media, bytes).into_response())
        }
        Err(error) => {
            look_again(state, &request.audio, &error);
            let (quality, bytes) = Box::pin(stand_in(state, request, error)).await?;
            let marks = [(CACHE_CONTROL, NO_STORE), (QUALITY_HEADER, quality)];
            Ok((marks, media, bytes).into_response())
        }
    }
}

/// The exact length of a segment that is offered, where that is known before it is made.
fn length(
    state: &ServerState,
    playable: &Playable,
    rendition: Rendition,
    index: u64,
) -> Result<Option<u64>, ApiError> {
    let Some(quality) = rendition.quality() else {
        let timeline = lossless::of(state, playable)?.timeline;
        return timeline.segment_start(index).map(|_| None).ok_or_else(no_such_segment);
    };
    playable.offer(quality)?;
    let length = state.segments().segment_bytes(playable.timeline, rendition, index);
    length.map(Some).ok_or_else(no_such_segment)
}

/// What a decoder that comes from another track takes in before the first segment.
async fn warm_up(
    state: &ServerState,
    caller: &Caller,
    playable: &Playable,
    quality: Quality,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let quality = playable.offer(quality)?;
    let etag = format!("\"{}-{quality}-warm-up\"", playable.version);
    let common = [
        (ETAG, etag.clone()),
        (CACHE_CONTROL, IMMUTABLE.to_owned()),
        (QUALITY_HEADER, quality.to_string()),
    ];
    if is_known(headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let bytes = state.segments().warm_up(playable.audio.clone(), quality, listener(caller)).await?;
    Ok((common, [(CONTENT_TYPE, MEDIA_TYPE)], bytes).into_response())
}

fn no_such_segment() -> ApiError {
    ApiError::not_found("segment")
}

/// What answers in the place of a segment that cannot be had, not to be kept: under overload the
/// best rung at hand; where it may be a neighbour's file that cannot be read, the segment without
/// its samples.
async fn stand_in(
    state: &ServerState,
    mut request: SegmentRequest,
    error: SegmentError,
) -> Result<(&'static str, Bytes), ApiError> {
    let alone = request.audio.without_neighbours();
    match (&error, alone) {
        (SegmentError::Overloaded, _) => {
            let quality = best_at_hand(state, &request).await.ok_or_else(ApiError::overloaded)?;
            request.rendition = Rendition::new(request.rendition.codec(), quality);
        }
        (SegmentError::Unavailable | SegmentError::Unplayable(_), Some(alone)) => {
            request.audio = alone;
        }
        _ => return Err(error.into()),
    }
    let quality = request.rendition.quality_str();
    Ok((quality, state.segments().segment(request).await?))
}

/// Has the library look at files that are not there, or hold other audio than it knows of.
pub(super) fn look_again(state: &ServerState, audio: &Audio, error: &SegmentError) {
    if matches!(error, SegmentError::Unavailable) {
        let library = ServerState::library(state);
        library.look_at(audio.files().map(|source| source.path.as_path()));
    }
}

/// The best rung of this segment that is at hand: the nearest at or below the wish, else the nearest
/// above it.
pub(super) async fn best_at_hand(state: &ServerState, request: &SegmentRequest) -> Option<Quality> {
    let wanted = request.rendition.quality()?;
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
        use Rendition::{Flac, Mp3, Opus};
        for (quality, name, piece) in [
            ("low", "0.m4s", Piece::Segment(Opus(Quality::Low), 0)),
            ("ultra", "120.m4s", Piece::Segment(Opus(Quality::Ultra), 120)),
            ("high", "7.mp3", Piece::Segment(Mp3(Quality::High), 7)),
            ("lossless", "7.m4s", Piece::Segment(Flac, 7)),
            ("lossless", "init.mp4", Piece::LosslessInit),
            ("low", "warm-up.m4s", Piece::WarmUp(Quality::Low)),
        ] {
            assert_eq!(Piece::parse(quality, name), Some(piece), "{quality}/{name}");
        }
        for name in ["00.m4s", "+1.m4s", "-1.m4s", "1", "1.mp4", ".m4s", "1e3.m4s", " 1.m4s"] {
            assert_eq!(Piece::parse("low", name), None, "{name}");
        }
        for (quality, name) in [
            ("low", "18446744073709551616.m4s"),
            ("best", "1.m4s"),
            ("low", "init.mp4"),
            ("lossless", "1.mp3"),
            ("lossless", "warm-up.m4s"),
        ] {
            assert_eq!(Piece::parse(quality, name), None, "{quality}/{name}");
        }
    }

    #[test]
    fn neighbours_are_in_the_ends_and_nowhere_else() {
        let timeline = Timeline::new(184_320 * 5);
        let of =
            |index| Piece::Segment(Rendition::Opus(Quality::Low), index).is_at_an_end(timeline);
        assert_eq!([0, 1, 2, 3, 4].map(of), [true, false, false, true, true]);
        assert!(Piece::WarmUp(Quality::Low).is_at_an_end(timeline));
        assert!(!Piece::Segment(Rendition::Flac, 0).is_at_an_end(timeline), "it keeps to its own");
    }
}
