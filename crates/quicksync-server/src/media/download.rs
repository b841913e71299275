//! A track to be kept: the file itself, or one made for it with tags, cover and gapless data.
//!
//! Decides: which of the two, by the URL or by what the listener prefers. Never: the bytes.

use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use quicksync_progressive::{Picture, Tags};
use uuid::Uuid;

use super::ahead::listener;
use super::original;
use super::playable::Playable;
use super::stream::{Wish, tags};
use super::wanted::{Wanted, container, redirect};
use crate::error::Problem;
use crate::extract::Named;
use crate::quick_sync::Advice;
use crate::{ApiError, Caller, ServerState, quick_sync};

/// The track to be kept.
#[utoipa::path(get, path = "/api/tracks/{id}/download", tag = "media", operation_id = "download",
    params(
        ("id" = Uuid, Path, description = "The track"),
        ("quality" = Option<String>, Query, description = "`original`: the file itself. `low`, \
            `medium`, `high`, `ultra`: a file made of it, with its tags and cover. `auto`: what suits \
            the listener now, by a redirect to a URL that names it. Without one, `auto` for who has \
            `auto_download_quality` on, else `original`. The last one counts."),
        ("codec" = Option<String>, Query, description = "`opus` (if not given) or `mp3`; the \
            original is as it is"),
    ),
    responses(
        (status = 200, description = "The whole file. `Quick-Sync-Quality` names the quality it is.",
            body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, description = "The range asked for", body = Vec<u8>,
            content_type = "application/octet-stream"),
        (status = 304, description = "The file you have is the file there is"),
        (status = 307, description = "The URL that names a quality: the one for `auto`, or the best \
            at hand while the encoders are overloaded"),
        (status = 400, description = "A parameter is not as it must be", body = Problem),
        (status = 404, description = "No such track", body = Problem),
        (status = 416, description = "The file has no such range", body = Problem),
        (status = 422, description = "The track cannot be played", body = Problem),
    ))]
pub(super) async fn download(
    State(state): State<ServerState>,
    caller: Caller,
    Named(id): Named<Uuid>,
    uri: Uri,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let container = container(&uri)?;
    let quality = match Wanted::of(&uri)? {
        Some(Wanted::Quality(quality)) => quality,
        Some(Wanted::Original) => {
            let track = state.store().track(id).await?;
            let track = track.ok_or_else(|| ApiError::not_found("track"))?;
            return original::answer(&track, true, &method, &headers).await;
        }
        wanted => {
            let advice = quick_sync::advise(&state, &caller).await?;
            let suits = advice.quality.as_str();
            let word = if wanted.is_some() { suits } else { download_quality(&advice) };
            return Ok(redirect(&uri, word));
        }
    };
    let playable = Playable::find(&state, id).await?;
    let quality = playable.ladder.serve(quality);
    let tags = all_tags(&state, &playable).await?;
    let listener = listener(&caller);
    let wish = Wish { playable, container, quality, tags, listener, is_download: true };
    wish.answer(&state, &uri, &method, &headers).await
}

/// The word for what a download is if its URL does not say: the quality that the listener ruled,
/// else the one that suits them for who wants that, else the file itself.
pub(super) const fn download_quality(advice: &Advice) -> &'static str {
    match advice.standing.download_quality {
        Some(quality) => quality.as_str(),
        None if advice.standing.preferences.auto_download_quality => advice.quality.as_str(),
        None => "original",
    }
}

/// What a track says of itself, with its cover.
async fn all_tags(state: &ServerState, playable: &Playable) -> Result<Tags, ApiError> {
    let track = playable.track()?;
    let cover = match track.cover_id {
        Some(id) => state.store().cover(id).await?,
        None => None,
    };
    let album = match track.album_id {
        Some(id) => state.store().album(id).await?,
        None => None,
    };
    let picture = cover.map(|cover| Picture { media_type: cover.media_type, bytes: cover.bytes });
    let album_artist = album.map(|album| album.artist).unwrap_or_default();
    Ok(Tags { picture, album_artist, ..tags(playable) })
}
