//! The lossless rendition of a track: a set of its own beside the ladder, in which nothing is lost.
//!
//! Decides: where it is reached. A player is never switched between it and the ladder: its clock is
//! the source's own, and it costs ten times as much as any rung. Where anything caps quality its
//! playlist and its MPD are the ladder's, up to the cap: the music goes on. Never: an album; its
//! tracks are played one after another, and there is nothing between them to join.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use quicksync_manifest::{
    AdaptationSet, Bandwidth, Mpd, Representation, Variant, codecs, media_playlist,
    multivariant_playlist,
};
use quicksync_model::{Codec, Rendition};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::manifest::{Told, Urls};
use super::playable::{Item, Playable, text_answer};
use super::{dash, hls, segments};
use crate::error::Problem;
use crate::extract::Named;
use crate::quick_sync::{self, Bounds};
use crate::segment_source::Lossless;
use crate::tickets::ticket_in;
use crate::{ApiError, Caller, ServerState};

/// The word that stands for the quality in its URLs.
const WORD: &str = Rendition::LOSSLESS;

/// How a track is played without a loss. Never switch between this and the ladder: it runs at the
/// source's own rate.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LosslessSet {
    /// As `MediaSource.isTypeSupported` takes it.
    #[schema(example = "fLaC")]
    codec: &'static str,
    /// Hz: the source's own.
    sample_rate: u32,
    channels: u32,
    bits_per_sample: u32,
    /// Exact length, at its own rate.
    samples: u64,
    /// Samples in every segment but the last.
    segment_samples: u32,
    /// How many segments there are.
    segments: u64,
    init_url: String,
    /// With `{n}` for the segment's number, counted from 0. Segments differ in length.
    segment_url: String,
    /// Plays in any HLS player as it is; while anything in `bounds` holds, up to that and no more.
    hls_url: String,
    /// Plays in any DASH player as it is, within `bounds` too.
    dash_url: String,
}

impl LosslessSet {
    /// The set of a track, or why there is none to tell of.
    pub(super) fn describe(
        state: &ServerState,
        playable: &Playable,
        told: Told,
        urls: &Urls,
    ) -> Result<Self, String> {
        let source = playable.audio.sources().first().ok_or_else(String::new)?;
        let Lossless { timeline, channels, bits_per_sample } = state.segments().lossless(source)?;
        if let Some(cap) = told.and_then(Bounds::holds_lossless_back) {
            return Err(cap.reason.to_string());
        }
        let base = format!("segments/{}/{WORD}", playable.version);
        Ok(Self {
            codec: codecs(Codec::Flac),
            sample_rate: timeline.rate(),
            channels,
            bits_per_sample,
            samples: timeline.samples(),
            segment_samples: timeline.full_segment(),
            segments: timeline.segments(),
            init_url: urls.of(&format!("{base}/{}", segments::INIT)),
            segment_url: urls.of(&format!("{base}/{{n}}.m4s")),
            hls_url: urls.of("hls/lossless-master.m3u8"),
            dash_url: urls.of("dash/lossless.mpd"),
        })
    }
}

/// What the rendition is like.
///
/// # Errors
/// Why there is none, as an answer.
pub(super) fn of(state: &ServerState, playable: &Playable) -> Result<Lossless, ApiError> {
    let refused = |why: String| {
        let detail = format!("There is no lossless rendition: {why}.");
        ApiError::new(StatusCode::NOT_FOUND, "quality_not_offered", detail).field("quality")
    };
    match (&playable.item, playable.audio.sources()) {
        (Item::Track(_), [source]) => state.segments().lossless(source).map_err(refused),
        _ => Err(refused("an album has none as one, its tracks have".to_owned())),
    }
}

/// Its init segment.
pub(super) fn init(
    state: &ServerState,
    playable: &Playable,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    of(state, playable)?;
    let source = playable.audio.sources().first().ok_or_else(|| ApiError::not_found("track"))?;
    let bytes = state.segments().lossless_init_segment(source)?;
    let etag = format!("\"{}-{WORD}-init\"", playable.version);
    Ok(segments::immutable(headers, etag, || bytes))
}

/// Whether a player that knows nothing of us may have it now.
async fn is_left(state: &ServerState, caller: &Caller) -> Result<bool, ApiError> {
    Ok(quick_sync::advise(state, caller).await?.bounds().cap().is_none())
}

/// Its one variant; those of the ladder where quality is capped.
pub(super) async fn list_variants(
    state: &ServerState,
    caller: &Caller,
    playable: &Playable,
    (uri, headers): (&Uri, &HeaderMap),
) -> Result<Response, ApiError> {
    let lossless = of(state, playable)?;
    if !is_left(state, caller).await? {
        return hls::list_variants(state, caller, playable, Codec::Opus, (uri, headers)).await;
    }
    let ticket = playable.ticket(state, caller, ticket_in(uri));
    let variant = Variant {
        codec: Codec::Flac,
        bandwidth: bound(lossless),
        name: WORD.to_owned(),
        uri: format!("{WORD}.m3u8?ticket={ticket}"),
    };
    Ok(text_answer(headers, hls::MEDIA_TYPE, multivariant_playlist([variant])))
}

/// Its segments as an HLS playlist.
pub(super) fn playlist(
    state: &ServerState,
    caller: &Caller,
    playable: &Playable,
    (uri, headers): (&Uri, &HeaderMap),
) -> Result<Response, ApiError> {
    let timeline = of(state, playable)?.timeline;
    let ticket = playable.ticket(state, caller, ticket_in(uri));
    let base = format!("../segments/{}/{WORD}", playable.version);
    let init = format!("{base}/{}?ticket={ticket}", segments::INIT);
    let text = media_playlist(timeline, Some(&init), |index| {
        format!("{base}/{index}.m4s?ticket={ticket}")
    });
    Ok(text_answer(headers, hls::MEDIA_TYPE, text))
}

/// The DASH manifest of the lossless rendition; of the ladder where quality is capped.
#[utoipa::path(get, path = "/api/tracks/{id}/dash/lossless.mpd", tag = "media",
    operation_id = "dash_lossless_mpd", params(("id" = Uuid, Path, description = "The track")),
    responses(
        (status = 200, description = "The MPD", body = String,
            content_type = "application/dash+xml"),
        (status = 304, description = "The MPD you have is the MPD there is"),
        (status = 404, description = "No such track, or it has no lossless rendition", body = Problem),
        (status = 422, description = "The track cannot be played", body = Problem),
    ))]
pub(super) async fn mpd(
    State(state): State<ServerState>,
    caller: Caller,
    Named(id): Named<Uuid>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let playable = Playable::find(&state, id).await?;
    let lossless = of(&state, &playable)?;
    if !is_left(&state, &caller).await? {
        return dash::describe(&state, &caller, &playable, &uri, &headers).await;
    }
    let ticket = playable.ticket(&state, &caller, ticket_in(&uri));
    let base = format!("../segments/{}/{WORD}", playable.version);
    let set = AdaptationSet {
        codec: Codec::Flac,
        channels: lossless.channels,
        timeline: lossless.timeline,
        init_uri: format!("{base}/{}?ticket={ticket}", segments::INIT),
        representations: vec![Representation {
            id: WORD.to_owned(),
            bandwidth_bps: bound(lossless).peak_bps,
            segment_uri: format!("{base}/{{n}}.m4s?ticket={ticket}"),
        }],
    };
    let text = quicksync_manifest::mpd(&Mpd { sets: vec![set] });
    Ok(text_answer(&headers, "application/dash+xml", text))
}

/// Its true rate is known when it is made; until then, what it cannot exceed.
fn bound(lossless: Lossless) -> Bandwidth {
    let Lossless { timeline, channels, bits_per_sample } = lossless;
    Bandwidth::lossless_bound(timeline, channels, bits_per_sample)
}
