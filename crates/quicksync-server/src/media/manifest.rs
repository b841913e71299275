//! `/api/tracks/{id}/manifest/`: everything a player needs to know of a track.
//!
//! Decides: the URLs, each with a media ticket in it, so that no player needs a header. Never: a
//! ticket for a ticket; a manifest needs a user.

use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use quicksync_model::{Quality, SAMPLE_RATE, SEGMENT_SAMPLES, Timeline};
use quicksync_progressive::Container;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::download::download_quality;
use super::playable::Playable;
use crate::caching::REVALIDATE;
use crate::error::Problem;
use crate::extract::{Json, Named};
use crate::here::Here;
use crate::quick_sync::Advice;
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
    /// The qualities offered, lowest first.
    ladder: Vec<Rung>,
    /// The qualities not offered, and why.
    missing: Vec<MissingRung>,
    /// Plays in any HLS player as it is.
    hls_url: String,
    /// HLS with MP3; null as long as the server does not make MP3.
    hls_mp3_url: Option<String>,
    /// Plays in any DASH player as it is.
    dash_url: Option<String>,
    stream_urls: StreamUrls,
    /// The track, to be saved: the file itself, or at the start quality for who has
    /// `auto_download_quality` on. `&quality=` and `&codec=` may be appended.
    download_url: String,
    original: Original,
    /// Loudness by EBU R 128; null as long as it is not measured.
    loudness: Option<Loudness>,
    /// Unix time at which the URLs end, seconds.
    expires_at: f64,
}

/// One encoding of the track.
#[derive(Debug, Serialize, ToSchema)]
struct Rung {
    quality: &'static str,
    bitrate_kbps: u32,
    /// As `MediaSource.isTypeSupported` takes it.
    #[schema(example = "Opus")]
    codec: &'static str,
    init_url: String,
    /// With `{n}` for the segment's number, counted from 0.
    segment_url: String,
    /// Exact length of every segment but the last.
    segment_bytes: u64,
    /// Exact length of the last segment.
    last_segment_bytes: u64,
}

/// A quality that is not offered.
#[derive(Debug, Serialize, ToSchema)]
struct MissingRung {
    quality: &'static str,
    reason: String,
}

/// The whole track as one file, at the start quality; `&quality=` may be appended. Null where it is
/// not made.
#[derive(Debug, Serialize, ToSchema)]
struct StreamUrls {
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
    operation_id = "track_manifest", params(("id" = Uuid, Path, description = "The track")),
    responses(
        (status = 200, description = "The manifest", body = Manifest),
        (status = 404, description = "No such track", body = Problem),
        (status = 422, description = "The track cannot be played", body = Problem),
    ))]
pub(super) async fn manifest(
    State(state): State<ServerState>,
    Here(here): Here,
    caller: Caller,
    Named(id): Named<Uuid>,
) -> Result<impl IntoResponse, ApiError> {
    let playable = Playable::find(&state, id).await?;
    let advice = quick_sync::advise(&state, &caller).await?;
    let urls = Urls::new(&state, &here, &caller, &playable);
    Ok(([(CACHE_CONTROL, REVALIDATE)], Json(describe(&state, playable, &advice, &urls)?)))
}

/// Where the parts of one track are, with a ticket.
struct Urls {
    base: String,
    ticket: String,
    expires_at: f64,
}

impl Urls {
    fn new(state: &ServerState, here: &PublicUrl, caller: &Caller, playable: &Playable) -> Self {
        let ticket = playable.new_ticket(state, caller);
        let base = here.absolute(&format!("/api/tracks/{}", ticket.track_id));
        Self {
            base,
            expires_at: unix_s(ticket.expires().as_micros()),
            ticket: state.ticket_key().seal(&ticket),
        }
    }

    fn of(&self, path: &str) -> String {
        format!("{}/{path}?ticket={}", self.base, self.ticket)
    }
}

fn describe(
    state: &ServerState,
    playable: Playable,
    advice: &Advice,
    urls: &Urls,
) -> Result<Manifest, ApiError> {
    let (timeline, ladder) = (playable.timeline, playable.ladder);
    let (track_loudness, album_loudness) = (playable.track.loudness, playable.track.album_loudness);
    let start = ladder.serve(advice.recommendation.quality).as_str();
    let stream = |container, file: &str| {
        let url = || format!("{}&quality={start}", urls.of(&format!("stream/{file}")));
        state.segments().makes(container).then(url)
    };
    let rungs = ladder.qualities().map(|quality| rung(state, &playable, quality, urls));
    Ok(Manifest {
        track_id: playable.track.id,
        sample_rate: SAMPLE_RATE,
        samples: timeline.samples(),
        segment_samples: SEGMENT_SAMPLES,
        segments: timeline.segments(),
        start_quality: start,
        ladder: rungs.collect::<Result<_, _>>()?,
        missing: ladder.missing().map(missing).collect(),
        hls_url: urls.of("hls/master.m3u8"),
        hls_mp3_url: None,
        dash_url: Some(urls.of("dash/manifest.mpd")),
        stream_urls: StreamUrls {
            opus: stream(Container::OggOpus, "track.opus"),
            mp3: stream(Container::Mp3, "track.mp3"),
        },
        download_url: format!("{}&quality={}", urls.of("download"), download_quality(advice)),
        original: original(playable, urls),
        loudness: Loudness::of(track_loudness, album_loudness),
        expires_at: urls.expires_at,
    })
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
    let last_bytes =
        last.map_or(Some(0), |last| segments.segment_bytes(playable.timeline, quality, last));
    Ok(Rung {
        quality: quality.as_str(),
        bitrate_kbps: quality.bitrate().kbps(),
        codec: quicksync_manifest::OPUS,
        init_url: urls.of(&format!("segments/{version}/init.mp4")),
        segment_url: urls.of(&format!("segments/{version}/{quality}/{{n}}.m4s")),
        segment_bytes: segments.segment_bytes(full, quality, 0).ok_or_else(unsized_segment)?,
        last_segment_bytes: last_bytes.ok_or_else(unsized_segment)?,
    })
}

fn missing(missing: quicksync_model::Missing) -> MissingRung {
    MissingRung { quality: missing.quality.as_str(), reason: missing.reason.to_string() }
}

fn original(playable: Playable, urls: &Urls) -> Original {
    Original {
        url: urls.of("original"),
        codec: playable.track.codec,
        sample_rate: playable.source.sample_rate,
        channels: playable.source.channels,
        bits_per_sample: playable.source.bits_per_sample,
        bitrate_kbps: playable.source.analysis.mean_kbps,
        size_bytes: playable.track.size_bytes,
    }
}
