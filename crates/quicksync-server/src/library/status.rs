//! `/api/library/status/`, `rescan/`: how the scan is doing, and asking for another.
//!
//! Decides: nothing. Never: waits for a scan.

use axum::extract::State;
use axum::http::StatusCode;
use quicksync_library::ScanPhase;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::Json;
use crate::{ApiError, ServerState};

/// How large the library is, and how far its scan.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LibraryStatus {
    /// `idle`, `walking` (the list is filling) or `analysing` (the list is complete, every file is
    /// being read whole).
    phase: &'static str,
    /// Files done in this phase.
    done: u64,
    /// Files of this phase, as far as known.
    total: u64,
    /// Whether changes are noticed at once; false where only the regular rescan finds them.
    is_watching: bool,
    track_count: u64,
    album_count: u64,
    artist_count: u64,
    /// Files that could not be read.
    problem_count: u64,
    /// Tracks not read whole yet.
    unanalysed_count: u64,
}

/// How is the library doing?
#[utoipa::path(get, path = "/api/library/status/", tag = "library",
    operation_id = "library_status",
    responses((status = 200, description = "Counts and progress", body = LibraryStatus)))]
pub(super) async fn status(
    State(state): State<ServerState>,
) -> Result<Json<LibraryStatus>, ApiError> {
    let (scan, counts) = (state.library().status(), state.store().counts().await?);
    let phase = match scan.phase {
        ScanPhase::Idle => "idle",
        ScanPhase::Walking => "walking",
        ScanPhase::Analysing => "analysing",
    };
    Ok(Json(LibraryStatus {
        phase,
        done: scan.done,
        total: scan.total,
        is_watching: scan.watching,
        track_count: counts.tracks,
        album_count: counts.albums,
        artist_count: counts.artists,
        problem_count: counts.problems,
        unanalysed_count: counts.unanalysed,
    }))
}

/// Walk every music folder again.
#[utoipa::path(post, path = "/api/library/rescan/", tag = "library", operation_id = "rescan",
    responses((status = 202, description = "It will be done")))]
pub(super) async fn rescan(State(state): State<ServerState>) -> StatusCode {
    state.library().request_rescan();
    StatusCode::ACCEPTED
}
