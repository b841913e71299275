//! The DASH MPD of a track.
//!
//! Decides: relative URIs, each with the ticket. Never: the text itself; `quicksync-manifest`
//! writes it.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use quicksync_manifest::{AdaptationSet, Mpd, Representation};
use quicksync_model::{Codec, Rendition};
use uuid::Uuid;

use super::hls::bandwidth;
use super::playable::{Playable, text_answer};
use crate::error::Problem;
use crate::extract::Named;
use crate::tickets::ticket_in;
use crate::{ApiError, Caller, ServerState, quick_sync};

/// The DASH manifest of the qualities offered that the listener may have now.
#[utoipa::path(get, path = "/api/tracks/{id}/dash/manifest.mpd", tag = "media",
    operation_id = "dash_mpd", params(("id" = Uuid, Path, description = "The track")),
    responses(
        (status = 200, description = "The MPD", body = String,
            content_type = "application/dash+xml"),
        (status = 304, description = "The MPD you have is the MPD there is"),
        (status = 404, description = "No such track", body = Problem),
        (status = 422, description = "The track cannot be played", body = Problem),
    ))]
pub(super) async fn mpd(
    State(state): State<ServerState>,
    caller: Caller,
    Named(id): Named<Uuid>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    describe(&state, &caller, &Playable::find(&state, id).await?, &uri, &headers).await
}

/// The MPD of a track or an album.
pub(super) async fn describe(
    state: &ServerState,
    caller: &Caller,
    playable: &Playable,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let bounds = quick_sync::advise(state, caller).await?.bounds();
    let ticket = playable.ticket(state, caller, ticket_in(uri));
    let base = format!("../segments/{}", playable.version);
    let representations = bounds.variants(playable.ladder).map(|quality| Representation {
        id: quality.to_string(),
        bandwidth_bps: bandwidth(state, playable, Rendition::Opus(quality)).peak_bps,
        segment_uri: format!("{base}/{quality}/{{n}}.m4s?ticket={ticket}"),
    });
    let set = AdaptationSet {
        codec: Codec::Opus,
        channels: 2,
        timeline: playable.timeline,
        init_uri: format!("{base}/init.mp4?ticket={ticket}"),
        representations: representations.collect(),
    };
    let mpd = Mpd { sets: vec![set] };
    Ok(text_answer(headers, "application/dash+xml", quicksync_manifest::mpd(&mpd)))
}
