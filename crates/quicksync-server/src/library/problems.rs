//! `/api/library/problems/`: files that could not be read, and why.
//!
//! Decides: administrators see whole paths, since they must find the file; nobody else sees any.

use axum::extract::State;
use axum::http::Uri;
use quicksync_store::ProblemRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Problem;
use crate::extract::{Json, Query};
use crate::here::Here;
use crate::wire::{List, PageQuery, unix_s};
use crate::{ApiError, ServerState};

/// A file that could not be read.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LibraryProblem {
    path: String,
    /// The track it belongs to, if it ever was one.
    track_id: Option<Uuid>,
    /// A sentence.
    reason: String,
    /// Unix time it was first met, seconds.
    since: f64,
}

impl From<ProblemRow> for LibraryProblem {
    fn from(row: ProblemRow) -> Self {
        Self {
            path: row.path.to_string_lossy().into_owned(),
            track_id: row.track_id,
            reason: row.reason,
            since: unix_s(row.since_us),
        }
    }
}

/// Files that could not be read.
#[utoipa::path(get, path = "/api/library/problems/", tag = "library",
    operation_id = "list_problems", params(PageQuery),
    responses(
        (status = 200, description = "One page of them", body = List<LibraryProblem>),
        (status = 400, description = "A parameter is not as it must be", body = Problem),
    ))]
pub(super) async fn list(
    State(state): State<ServerState>,
    Here(url): Here,
    uri: Uri,
    Query(page): Query<PageQuery>,
) -> Result<Json<List<LibraryProblem>>, ApiError> {
    let url = &url;
    let found = state.store().problems(page.request()?).await?;
    Ok(Json(List::page(found, &page, (url, &uri), Into::into)))
}
