//! The library over HTTP: tracks, albums, artists, search, covers, and how its scan is doing.
//!
//! Decides: the shapes of the wire. Never: a file; the store has the rows.

mod albums;
mod artists;
mod covers;
mod problems;
mod search;
mod status;
mod tracks;

use quicksync_store::TrackRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{ApiError, ServerState};

/// Longest search text.
const MAX_TEXT_CHARS: usize = 200;

pub(crate) fn user_routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new()
        .routes(routes!(tracks::list))
        .routes(routes!(tracks::one))
        .routes(routes!(albums::list))
        .routes(routes!(albums::one))
        .routes(routes!(artists::list))
        .routes(routes!(artists::one))
        .routes(routes!(search::search))
        .routes(routes!(covers::cover))
        .routes(routes!(status::status))
}

pub(crate) fn admin_routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(problems::list)).routes(routes!(status::rescan))
}

/// A search text, if there is one.
fn text(q: Option<String>) -> Result<Option<String>, ApiError> {
    match q {
        Some(text) if text.chars().count() > MAX_TEXT_CHARS => {
            Err(ApiError::invalid("q", "q has at most 200 characters."))
        }
        Some(text) if text.trim().is_empty() => Ok(None),
        other => Ok(other),
    }
}

/// Length of a track, as exactly as it is known yet.
#[expect(clippy::cast_precision_loss, reason = "5,900 years of audio fit in 53 bits")]
fn duration_s(track: &TrackRow) -> Option<f64> {
    let samples = track.analysis.map(|analysis| analysis.samples).or(track.claimed_samples)?;
    (track.sample_rate > 0).then(|| samples as f64 / f64::from(track.sample_rate))
}
