//! `/api/tracks/{id}/manifest/`: everything a player needs to know of a track.
//!
//! Decides: the URLs, each with a media ticket in it, so that no player needs a header. Never: a
//! ticket for a ticket; a manifest needs a user.

use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use quicksync_model::{Ladder, Quality, Rendition, SAMPLE_RATE, SEGMENT_SAMPLES, Timeline};
use quicksync_progressive::Container;
use quicksync_store::TrackRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::download::download_quality;
use super::lossless::LosslessSet;
use super::playable::Playable;
use super::segments::WARM_UP;
use crate::caching::REVALIDATE;
use crate::error::Problem;
use crate::extract::{Json, Named, Query};
use crate::here::Here;
use crate::quick_sync::{Advice, Bounds, BoundsBody, Cap};
use crate::segment_source::SourceAudio;
use crate::wire::unix_s;
use crate::{ApiError, Caller, PublicUrl, ServerState, quick_sync};

/// How a track is played.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Manifest {
    track_id: Uuid,
    /// Hz, of every rendition.
    #[schema(example = 48000)]
    sample_rate: u32,
    /// Exact length of every rendition.
    samples: u64,
    /// Samples in every segment but the last.
    #[schema(example = 184320)]
    segment_samples: u32,
    /// How many segments there are.
    segments: u64,
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
    /// The same with MP3 segments; null where the server does not make MP3.
    hls_mp3_url: Option<String>,
    /// Plays in any DASH player as it is.
    dash_url: Option<String>,
    stream_urls: StreamUrls,
    /// The track, to be saved: the file itself, or at the start quality for who has
    /// `auto_download_quality` on. `&quality=` and `&codec=` may be appended.
    download_url: String,
    original: Original,
    /// The track without a loss, a set of its own; null where there is none.
    lossless: Option<LosslessSet>,
    /// Why there is no lossless rendition, or what holds it back; null where there is one.
    lossless_missing: Option<String>,
    joins: TrackJoins,
    /// Loudness by EBU R 128; null as long as it is not measured.
    loudness: Option<Loudness>,
    /// Unix time at which the URLs end, seconds.
    expires_at: f64,
}

/// One encoding of the track.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Rung {
    quality: &'static str,
    bitrate_kbps: u32,
    /// As `MediaSource.isTypeSupported` takes it.
    #[schema(example = "Opus")]
    codec: &'static str,
    init_url: String,
    /// With `{n}` for the segment's number, counted from 0.
    segment_url: String,
    /// The packet before the first segment, which prepares a decoder that comes from another track.
    warm_up_url: String,
    /// Exact length of every segment but the last.
    segment_bytes: u64,
    /// Exact length of the last segment.
    last_segment_bytes: u64,
}

/// What a player needs to join this track to another without a seam. To go on from any other track:
/// give the decoder a rung's warm-up, leave its output out, and go on with segment 0. The exact length
/// is `samples`; what a decoder gives beyond that is left out.
#[derive(Debug, Serialize, ToSchema)]
struct TrackJoins {
    /// The track whose last samples were before this one's first when it was encoded, so that the
    /// join of the two is heard as little as any other instant; null: silence was.
    previous_track_id: Option<Uuid>,
    /// The track whose first samples were after this one's last; null: silence was.
    next_track_id: Option<Uuid>,
    /// Length of every rung's warm-up, in samples.
    #[schema(example = 960)]
    warm_up_samples: u32,
}

impl TrackJoins {
    fn of(playable: &Playable) -> Self {
        Self {
            previous_track_id: playable.joins.previous,
            next_track_id: playable.joins.next,
            warm_up_samples: quicksync_model::PACKET_SAMPLES,
        }
    }
}

/// A quality that is not offered.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MissingRung {
    quality: &'static str,
    reason: String,
}

/// The whole track as one file, at the start quality; `&quality=` may be appended. Null where it is
/// not made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StreamUrls {
    opus: Option<String>,
    mp3: Option<String>,
}

/// The file itself.
#[derive(Debug, Serialize, ToSchema)]
struct Original {
    url: String,
    codec: String,
    /// Hz.
    sample_rate: u32,
    channels: u32,
    bits_per_sample: Option<u32>,
    bitrate_kbps: u32,
    size_bytes: u64,
}

/// Loudness by EBU R 128.
#[derive(Debug, Serialize, ToSchema)]
struct Loudness {
    /// LUFS.
    track_lufs: f64,
    /// dBTP.
    track_peak_dbtp: f64,
    /// LUFS, of all tracks of the album as one; null until all are measured.
    album_lufs: Option<f64>,
    /// dBTP.
    album_peak_dbtp: Option<f64>,
}

impl Loudness {
    fn of(
        track: Option<quicksync_model::Loudness>,
        album: Option<quicksync_model::Loudness>,
    ) -> Option<Self> {
        track.map(|track| Self {
            track_lufs: hundredths(track.integrated_lufs),
            track_peak_dbtp: hundredths(track.true_peak_dbtp),
            album_lufs: album.map(|album| hundredths(album.integrated_lufs)),
            album_peak_dbtp: album.map(|album| hundredths(album.true_peak_dbtp)),
        })
    }
}

/// More digits than anyone hears would be noise.
fn hundredths(level: f64) -> f64 {
    (level * 100.0).round() / 100.0
}

/// How a track is played.
#[utoipa::path(get, path = "/api/tracks/{id}/manifest/", tag = "media",
    operation_id = "track_manifest",
    params(("id" = Uuid, Path, description = "The track"), LadderQuery),
    responses(
        (status = 200, description = "The manifest", body = Manifest),
        (status = 400, description = "`ladder` is neither", body = Problem),
        (status = 404, description = "No such track", body = Problem),
        (status = 422, description = "The track cannot be played", body = Problem),
    ))]
pub(super) async fn manifest(
    State(state): State<ServerState>,
    Here(here): Here,
    caller: Caller,
    Named(id): Named<Uuid>,
    Query(query): Query<LadderQuery>,
) -> Result<impl IntoResponse, ApiError> {
    let playable = Playable::find(&state, id).await?;
    let advice = quick_sync::advise(&state, &caller).await?;
    let urls = Urls::new(&state, &here, &caller, ("tracks", &playable));
    let told = query.told(&advice)?;
    Ok(([(CACHE_CONTROL, REVALIDATE)], Json(describe(&state, &playable, &advice, told, &urls)?)))
}

/// Which of the qualities offered a manifest lists.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LadderQuery {
    /// `bounded` (if left out): what the listener's rules allow now. `all`: every quality, for a
    /// player that keeps to `bounds` itself and follows when they change.
    ladder: Option<String>,
}

/// What a manifest lists: all, or what bounds leave.
pub(super) type Told = Option<Bounds>;

impl LadderQuery {
    pub(super) fn told(&self, advice: &Advice) -> Result<Told, ApiError> {
        match self.ladder.as_deref().unwrap_or("bounded") {
            "bounded" => Ok(Some(advice.bounds())),
            "all" => Ok(None),
            _ => Err(ApiError::invalid("ladder", "ladder is bounded or all.")),
        }
    }
}

/// Where the parts of one track or album are, with a ticket.
pub(super) struct Urls {
    base: String,
    ticket: String,
    pub(super) expires_at: f64,
}

impl Urls {
    /// Of a playable thing of this kind, as paths name it.
    pub(super) fn new(
        state: &ServerState,
        here: &PublicUrl,
        caller: &Caller,
        (kind, playable): (&str, &Playable),
    ) -> Self {
        let ticket = playable.new_ticket(state, caller);
        let base = here.absolute(&format!("/api/{kind}/{}", playable.id));
        Self {
            base,
            expires_at: unix_s(ticket.expires().as_micros()),
            ticket: state.ticket_key().seal(&ticket),
        }
    }

    pub(super) fn of(&self, path: &str) -> String {
        format!("{}/{path}?ticket={}", self.base, self.ticket)
    }
}

fn describe(
    state: &ServerState,
    playable: &Playable,
    advice: &Advice,
    told: Told,
    urls: &Urls,
) -> Result<Manifest, ApiError> {
    let (timeline, ladder) = (playable.timeline, playable.ladder);
    let track = playable.track()?;
    let start = ladder.serve(advice.quality).as_str();
    let lossless = LosslessSet::describe(state, playable, told, urls);
    Ok(Manifest {
        track_id: track.id,
        sample_rate: SAMPLE_RATE,
        samples: timeline.samples(),
        segment_samples: SEGMENT_SAMPLES,
        segments: timeline.segments(),
        start_quality: start,
        ladder: rungs(state, playable, told, urls)?,
        missing: missing(ladder, told),
        bounds: advice.bounds_body(),
        hls_url: urls.of("hls/master.m3u8"),
        hls_mp3_url: state.segments().makes(Container::Mp3).then(|| urls.of("hls/mp3.m3u8")),
        dash_url: Some(urls.of("dash/manifest.mpd")),
        stream_urls: StreamUrls::new(state, urls, "track", start),
        download_url: format!("{}&quality={}", urls.of("download"), download_quality(advice)),
        original: original(track, playable.audio.sources(), urls)?,
        lossless_missing: lossless.as_ref().err().cloned(),
        lossless: lossless.ok(),
        joins: TrackJoins::of(playable),
        loudness: Loudness::of(track.loudness, track.album_loudness),
        expires_at: urls.expires_at,
    })
}

impl StreamUrls {
    /// The files of a thing whose files have this name, at the quality to start with.
    pub(super) fn new(state: &ServerState, urls: &Urls, name: &str, start: &str) -> Self {
        let url = |container, extension: &str| {
            let url =
                || format!("{}&quality={start}", urls.of(&format!("stream/{name}.{extension}")));
            state.segments().makes(container).then(url)
        };
        Self { opus: url(Container::OggOpus, "opus"), mp3: url(Container::Mp3, "mp3") }
    }
}

/// The qualities told of.
pub(super) fn rungs(
    state: &ServerState,
    playable: &Playable,
    told: Told,
    urls: &Urls,
) -> Result<Vec<Rung>, ApiError> {
    let is_told = |quality: &Quality| is_held_back(*quality, told).is_none();
    let qualities = playable.ladder.qualities().filter(is_told);
    qualities.map(|quality| rung(state, playable, quality, urls)).collect()
}

fn is_held_back(quality: Quality, told: Told) -> Option<Cap> {
    told.and_then(|bounds| bounds.holds_back(quality))
}

fn rung(
    state: &ServerState,
    playable: &Playable,
    quality: Quality,
    urls: &Urls,
) -> Result<Rung, ApiError> {
    let (segments, version) = (state.segments(), &playable.version);
    let unsized_segment = || ApiError::internal("a segment of the timeline has no size");
    let full = Timeline::new(u64::from(SEGMENT_SAMPLES));
    let last = playable.timeline.segments().checked_sub(1);
    let rendition = Rendition::Opus(quality);
    let last_bytes =
        last.map_or(Some(0), |last| segments.segment_bytes(playable.timeline, rendition, last));
    Ok(Rung {
        quality: quality.as_str(),
        bitrate_kbps: quality.bitrate().kbps(),
        codec: quicksync_manifest::OPUS,
        init_url: urls.of(&format!("segments/{version}/init.mp4")),
        segment_url: urls.of(&format!("segments/{version}/{quality}/{{n}}.m4s")),
        warm_up_url: urls.of(&format!("segments/{version}/{quality}/{WARM_UP}")),
        segment_bytes: segments.segment_bytes(full, rendition, 0).ok_or_else(unsized_segment)?,
        last_segment_bytes: last_bytes.ok_or_else(unsized_segment)?,
    })
}

/// The qualities not told of, lowest first, and why.
pub(super) fn missing(ladder: Ladder, told: Told) -> Vec<MissingRung> {
    let held_back = ladder.qualities().filter_map(|quality| {
        let cap = is_held_back(quality, told)?;
        Some((quality, cap.reason.to_string()))
    });
    let missing = ladder.missing().map(|missing| (missing.quality, missing.reason.to_string()));
    let rung =
        |(quality, reason): (Quality, String)| MissingRung { quality: quality.as_str(), reason };
    held_back.chain(missing).map(rung).collect()
}

fn original(track: &TrackRow, sources: &[SourceAudio], urls: &Urls) -> Result<Original, ApiError> {
    let source = sources.first().ok_or_else(|| ApiError::internal("a track without a source"))?;
    Ok(Original {
        url: urls.of("original"),
        codec: track.codec.clone(),
        sample_rate: source.sample_rate,
        channels: source.channels,
        bits_per_sample: source.bits_per_sample,
        bitrate_kbps: source.analysis.mean_kbps,
        size_bytes: track.size_bytes,
    })
}
