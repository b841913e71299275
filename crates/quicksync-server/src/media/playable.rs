//! A track that can be served: read whole, its ladder and timeline known.
//!
//! Decides: the ladder, and the version that stands in every segment's URL. Never: a caller.

use quicksync_model::{Bitrate, Ladder, Quality, Timeline};
use quicksync_store::TrackRow;
use uuid::Uuid;

use crate::segment_source::SourceAudio;
use crate::tickets::Ticket;
use crate::{ApiError, Caller, Proof, ServerState};

/// A track ready to be served.
#[derive(Debug)]
pub(super) struct Playable {
    pub(super) track: TrackRow,
    pub(super) source: SourceAudio,
    pub(super) ladder: Ladder,
    pub(super) timeline: Timeline,
    /// Changes whenever the bytes of any segment would: the audio's identity and the format.
    pub(super) version: String,
}

impl Playable {
    /// The track, read whole now if it has not been.
    pub(super) async fn find(state: &ServerState, id: Uuid) -> Result<Self, ApiError> {
        let track = state.library().ensure_analysed(id).await?;
        let unread = || ApiError::internal("a track came back from its analysis without one");
        let source = SourceAudio::of(&track).ok_or_else(unread)?;
        let [a, b, c, d, e, f, g, h, ..] = source.analysis.audio_hash;
        let identity = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
        Ok(Self {
            ladder: ladder(&source),
            timeline: source.timeline(),
            version: format!("{identity:016x}-{}", state.segments().format_version()),
            source,
            track,
        })
    }

    /// A ticket for this track: the caller's own, or a new one.
    pub(super) fn ticket(
        &self,
        state: &ServerState,
        caller: &Caller,
        carried: Option<String>,
    ) -> String {
        match carried {
            Some(text) if caller.proof == Proof::Ticket => text,
            _ => state.ticket_key().seal(&self.new_ticket(state, caller)),
        }
    }

    /// A new ticket for this track.
    pub(super) fn new_ticket(&self, state: &ServerState, caller: &Caller) -> Ticket {
        let rate = u64::from(quicksync_model::SAMPLE_RATE);
        let duration_us = self.timeline.samples().saturating_mul(1_000_000) / rate;
        Ticket::new(caller, self.track.id, duration_us, state.now())
    }

    /// Refuses a quality that is not offered, saying why.
    pub(super) fn offer(&self, quality: Quality) -> Result<Quality, ApiError> {
        let missing = self.ladder.missing().find(|missing| missing.quality == quality);
        missing.map_or(Ok(quality), |missing| {
            let detail = format!("{quality} is not offered: {}.", missing.reason);
            let status = axum::http::StatusCode::NOT_FOUND;
            Err(ApiError::new(status, "quality_not_offered", detail).field("quality"))
        })
    }
}

/// The rungs worth offering for a source.
fn ladder(source: &SourceAudio) -> Ladder {
    if matches!(source.codec.as_str(), "alac" | "flac" | "pcm") {
        Ladder::lossless()
    } else {
        Ladder::lossy(Bitrate::from_kbps(source.analysis.mean_kbps))
    }
}

/// Text on its way to a manifest, with an entity tag of its own.
pub(super) fn text_answer(
    headers: &axum::http::HeaderMap,
    media_type: &'static str,
    text: String,
) -> axum::response::Response {
    use axum::http::StatusCode;
    use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
    use axum::response::IntoResponse;

    let etag = format!("\"{}\"", blake3::hash(text.as_bytes()).to_hex().split_at(32).0);
    let caching = [(ETAG, etag.clone()), (CACHE_CONTROL, crate::caching::REVALIDATE.to_owned())];
    if crate::caching::is_known(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(CONTENT_TYPE, media_type)], text).into_response()
}
