//! HLS playlists of a track, for players that bring their own rules.
//!
//! Decides: relative URIs, each with the ticket, so that a player needs no header. Never: the text
//! itself; `quicksync-manifest` writes it.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use quicksync_manifest::{Bandwidth, Variant, media_playlist, multivariant_playlist};
use quicksync_model::{Codec, Quality, Rendition};
use quicksync_progressive::Container;
use uuid::Uuid;

use super::lossless;
use super::playable::{Playable, text_answer};
use crate::error::Problem;
use crate::extract::Named;
use crate::tickets::ticket_in;
use crate::{ApiError, Caller, ServerState, quick_sync};

/// RFC 8216 section 4.
pub(super) const MEDIA_TYPE: &str = "application/vnd.apple.mpegurl";
/// The playlist of the qualities in MP3.
pub(super) const MP3_MASTER: &str = "mp3.m3u8";
/// The playlist of the lossless rendition, and the one that lists it alone.
const LOSSLESS: &str = "lossless.m3u8";
const LOSSLESS_MASTER: &str = "lossless-master.m3u8";
/// Before the name of a quality's playlist if its segments are MP3.
const MP3_PREFIX: &str = "mp3-";

/// The HLS playlist that lists the qualities offered that the listener may have now.
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
    let playable = Playable::find(&state, id).await?;
    list_variants(&state, &caller, &playable, Codec::Opus, (&uri, &headers)).await
}

/// The playlist of a track's or an album's qualities.
pub(super) async fn list_variants(
    state: &ServerState,
    caller: &Caller,
    playable: &Playable,
    codec: Codec,
    (uri, headers): (&Uri, &HeaderMap),
) -> Result<Response, ApiError> {
    let bounds = quick_sync::advise(state, caller).await?.bounds();
    let ticket = playable.ticket(state, caller, ticket_in(uri));
    let prefix = if codec == Codec::Mp3 { MP3_PREFIX } else { "" };
    let variants = bounds.variants(playable.ladder).map(|quality| Variant {
        codec,
        bandwidth: bandwidth(state, playable, Rendition::new(codec, quality)),
        name: quality.to_string(),
        uri: format!("{prefix}{quality}.m3u8?ticket={ticket}"),
    });
    Ok(text_answer(headers, MEDIA_TYPE, multivariant_playlist(variants)))
}

/// What a rung costs to carry, from the exact sizes of its segments.
pub(super) fn bandwidth(
    state: &ServerState,
    playable: &Playable,
    rendition: Rendition,
) -> Bandwidth {
    let timeline = playable.timeline;
    let bytes = |index| state.segments().segment_bytes(timeline, rendition, index);
    Bandwidth::of(timeline, |index| bytes(index).unwrap_or_default())
}

/// The HLS playlist of one quality.
#[utoipa::path(get, path = "/api/tracks/{id}/hls/{playlist}", tag = "media",
    operation_id = "hls_playlist",
    params(
        ("id" = Uuid, Path, description = "The track"),
        ("playlist" = String, Path, description = "`low.m3u8`, `medium.m3u8`, `high.m3u8` or \
            `ultra.m3u8`; for MP3 `mp3-low.m3u8` and so on, and `mp3.m3u8` lists those; \
            `lossless.m3u8`, and `lossless-master.m3u8` lists that one"),
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
    let playable = Playable::find(&state, id).await?;
    named(&state, &caller, &playable, &name, (&uri, &headers)).await
}

/// The playlist of this name of a track or an album.
pub(super) async fn named(
    state: &ServerState,
    caller: &Caller,
    playable: &Playable,
    name: &str,
    (uri, headers): (&Uri, &HeaderMap),
) -> Result<Response, ApiError> {
    let no_such = || ApiError::not_found("playlist");
    if name.starts_with("mp3") && !state.segments().makes(Container::Mp3) {
        return Err(no_such());
    }
    if name == MP3_MASTER {
        return list_variants(state, caller, playable, Codec::Mp3, (uri, headers)).await;
    }
    if name == LOSSLESS_MASTER {
        return lossless::list_variants(state, caller, playable, (uri, headers)).await;
    }
    if name == LOSSLESS {
        return lossless::playlist(state, caller, playable, (uri, headers));
    }
    let word = name.strip_suffix(".m3u8").ok_or_else(no_such)?;
    let (codec, word) = match word.strip_prefix(MP3_PREFIX) {
        Some(word) => (Codec::Mp3, word),
        None => (Codec::Opus, word),
    };
    let quality: Quality = word.parse().map_err(|_| no_such())?;
    let quality = playable.offer(quality)?;
    let ticket = playable.ticket(state, caller, ticket_in(uri));
    let base = format!("../segments/{}", playable.version);
    let init = format!("{base}/init.mp4?ticket={ticket}");
    let (init, extension) =
        if codec == Codec::Mp3 { (None, "mp3") } else { (Some(init.as_str()), "m4s") };
    let text = media_playlist(playable.timeline, init, |index| {
        format!("{base}/{quality}/{index}.{extension}?ticket={ticket}")
    });
    Ok(text_answer(headers, MEDIA_TYPE, text))
}
