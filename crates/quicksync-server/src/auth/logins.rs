//! `/api/auth/sessions/`: where the caller is logged in.
//!
//! Decides: nothing but whose they are. Never: other users' login sessions.

use axum::extract::State;
use axum::http::StatusCode;
use quicksync_store::{CredentialKind, CredentialRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Caller;
use crate::error::Problem;
use crate::extract::{Json, Named};
use crate::wire::{List, unix_s};
use crate::{ApiError, ServerState};

/// A login session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LoginSession {
    id: Uuid,
    /// What the browser called itself.
    name: String,
    /// Unix time, seconds.
    created_at: f64,
    /// Unix time, seconds, to the nearest few minutes.
    last_used_at: f64,
    /// Unix time, seconds at which it ends at the latest.
    expires_at: Option<f64>,
    /// Whether it is the one behind this request.
    is_current: bool,
}

impl LoginSession {
    pub(crate) fn of(row: CredentialRow, current: Uuid) -> Self {
        Self {
            is_current: row.id == current,
            id: row.id,
            name: row.name,
            created_at: unix_s(row.created_us),
            last_used_at: unix_s(row.last_used_us),
            expires_at: row.expires_us.map(unix_s),
        }
    }
}

/// The caller's login sessions, newest first.
#[utoipa::path(get, path = "/api/auth/sessions/", tag = "accounts",
    operation_id = "list_login_sessions",
    responses((status = 200, description = "The login sessions", body = List<LoginSession>)))]
pub(crate) async fn list(
    State(state): State<ServerState>,
    caller: Caller,
) -> Result<Json<List<LoginSession>>, ApiError> {
    let rows = state.store().credentials(caller.user_id, CredentialKind::Login).await?;
    let rows = rows.into_iter().map(|row| LoginSession::of(row, caller.credential_id));
    Ok(Json(List::whole(rows)))
}

/// End a login session.
#[utoipa::path(delete, path = "/api/auth/sessions/{id}/", tag = "accounts",
    operation_id = "revoke_login_session",
    params(("id" = Uuid, Path, description = "The login session")),
    responses(
        (status = 204, description = "Ended"),
        (status = 404, description = "No such login session", body = Problem),
    ))]
pub(crate) async fn revoke(
    State(state): State<ServerState>,
    caller: Caller,
    Named(id): Named<Uuid>,
) -> Result<StatusCode, ApiError> {
    revoke_own(&state, &caller, id, CredentialKind::Login, "login session").await
}

/// Revokes a credential of the caller's, if it is of that kind.
pub(super) async fn revoke_own(
    state: &ServerState,
    caller: &Caller,
    id: Uuid,
    kind: CredentialKind,
    what: &str,
) -> Result<StatusCode, ApiError> {
    let found = state.store().credential(id).await?;
    let is_theirs = found.is_some_and(|(row, user)| row.kind == kind && user.id == caller.user_id);
    if !is_theirs || !state.store().delete_credential(caller.user_id, id).await? {
        return Err(ApiError::not_found(what));
    }
    Ok(StatusCode::NO_CONTENT)
}
