//! `/healthz`, `/readyz`: for whatever watches over the process.
//!
//! Decides: ready means that the database answers. A cache disk that cannot be written is named and
//! does not stop anything. Never: details that an anonymous caller should not see.

use axum::extract::State;
use axum::http::StatusCode;
use quicksync_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ServerState;
use crate::extract::Json;

/// Whether the process is fit, and what ails it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`, `degraded` (it serves, but not all is well) or `unavailable`.
    status: &'static str,
    /// What is not well, as sentences.
    faults: Vec<String>,
}

impl Health {
    fn of(is_ready: bool, faults: Vec<String>) -> Self {
        let status = match (is_ready, faults.is_empty()) {
            (true, true) => "ok",
            (true, false) => "degraded",
            (false, _) => "unavailable",
        };
        Self { status, faults }
    }
}

pub(crate) fn routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(alive)).routes(routes!(ready))
}

/// Does the process answer?
#[utoipa::path(get, path = "/healthz", tag = "server", operation_id = "healthz",
    responses((status = 200, description = "It does", body = Health)))]
async fn alive() -> Json<Health> {
    Json(Health::of(true, Vec::new()))
}

/// Can requests be served?
#[utoipa::path(get, path = "/readyz", tag = "server", operation_id = "readyz",
    responses(
        (status = 200, description = "They can", body = Health),
        (status = 503, description = "The database does not answer", body = Health),
    ))]
async fn ready(State(state): State<ServerState>) -> (StatusCode, Json<Health>) {
    let mut faults = Vec::new();
    let is_ready = match state.store().check().await {
        Ok(()) => true,
        // Reading still works on a full disk: what is there can be played.
        Err(StoreError::DiskFull) => {
            faults.push("The disk that holds the database is full.".to_owned());
            true
        }
        Err(error) => {
            tracing::error!(%error, "the database is not ready");
            faults.push("The database does not answer.".to_owned());
            false
        }
    };
    if let Some(fault) = state.segments().disk_fault() {
        tracing::warn!(fault, "segments are not kept on disk");
        faults.push("The disk that holds cached segments cannot be written.".to_owned());
    }
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Health::of(is_ready, faults)))
}
