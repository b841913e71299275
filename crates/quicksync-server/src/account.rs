//! `/api/account/`: everything kept about the caller, to take along or to have erased.
//!
//! Decides: what belongs in an export. Never: secrets, other users.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use futures_util::{StreamExt as _, stream};
use quicksync_store::{CredentialKind, SessionRow};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::{LoginSession, Token};
use crate::quick_sync::{
    self, DeviceBody, HourBody, PreferencesBody, SampleBody, SessionDetail, UsageBody,
    UserRulesBody,
};
use crate::users::User;
use crate::{ApiError, Caller, ServerState};

/// More samples than the store keeps of one user.
const ALL_SAMPLES: u32 = 1_000_000;

/// Everything kept about one user.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Export {
    user: Option<User>,
    preferences: PreferencesBody,
    login_sessions: Vec<LoginSession>,
    tokens: Vec<Token>,
    rules: UserRulesBody,
    devices: Vec<DeviceBody>,
    samples: Vec<SampleBody>,
    /// What the samples were rolled up in.
    hours: Vec<HourBody>,
    /// The ledger of data.
    usage: Vec<UsageBody>,
    /// Playback sessions with their events and decision logs, newest first; the last part of the
    /// document, sent while it is read.
    sessions: Vec<SessionDetail>,
}

pub(crate) fn routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(export)).routes(routes!(erase))
}

/// Everything kept about the caller, as one document.
#[utoipa::path(get, path = "/api/account/export/", tag = "accounts",
    operation_id = "export_account",
    responses((status = 200, description = "Everything but secrets", body = Export)))]
async fn export(
    State(state): State<ServerState>,
    caller: Caller,
) -> Result<impl IntoResponse, ApiError> {
    let (store, user) = (state.store(), caller.user_id);
    state.sensing().flush(store).await?;
    let logins = store.credentials(user, CredentialKind::Login).await?.into_iter();
    let export = Export {
        user: store.user(user).await?.map(Into::into),
        preferences: store.preferences(user).await?.into(),
        login_sessions: logins.map(|row| LoginSession::of(row, caller.credential_id)).collect(),
        tokens: all(store.credentials(user, CredentialKind::Token).await?),
        rules: store.rules(user, None).await?.into(),
        devices: quick_sync::device_bodies(&state, user).await?,
        samples: all(store.samples(user, None, i64::MIN, ALL_SAMPLES).await?),
        hours: all(store.network_hours(user, None, i64::MIN, ALL_SAMPLES).await?),
        usage: all(store.usage(user, None, i64::MIN).await?),
        sessions: Vec::new(),
    };
    let sessions = store.sessions(user, (i64::MIN, i64::MAX), ALL_SAMPLES).await?;
    let body = document(&export, state.clone(), sessions)?;
    let name = "attachment; filename=\"quicksync-account.json\"";
    Ok(([(CONTENT_DISPOSITION, name), (CONTENT_TYPE, "application/json")], body))
}

/// An export as text: years of decision logs are not held at once.
fn document(
    export: &Export,
    state: ServerState,
    sessions: Vec<SessionRow>,
) -> Result<Body, ApiError> {
    let text = serde_json::to_string(export).map_err(ApiError::internal)?;
    let head = text.strip_suffix("]}").ok_or_else(|| ApiError::internal("sessions come last"))?;
    let head = stream::iter([Ok::<_, std::io::Error>(Bytes::from(head.to_owned()))]);
    let each = stream::iter(sessions.into_iter().enumerate()).then(move |(index, row)| {
        let state = state.clone();
        async move {
            part(&state, index, row).await.map_err(|error| {
                // The status is long sent: whoever reads sees the document end early.
                tracing::error!(?error, "an export broke off");
                std::io::Error::other("the export broke off")
            })
        }
    });
    let tail = stream::iter([Ok(Bytes::from_static(b"]}"))]);
    Ok(Body::from_stream(head.chain(each).chain(tail)))
}

async fn part(state: &ServerState, index: usize, row: SessionRow) -> Result<Bytes, ApiError> {
    let detail = SessionDetail::of(state, row).await?;
    let text = serde_json::to_string(&detail).map_err(ApiError::internal)?;
    Ok(Bytes::from(if index == 0 { text } else { format!(",{text}") }))
}

fn all<R, T: From<R>>(rows: Vec<R>) -> Vec<T> {
    rows.into_iter().map(Into::into).collect()
}

/// Erase the caller's devices, measurements, rules, ledger and playback sessions, and set their preferences back. The account,
/// its login sessions and its tokens stay.
#[utoipa::path(delete, path = "/api/account/data/", tag = "accounts",
    operation_id = "erase_account_data",
    responses((status = 204, description = "Erased")))]
async fn erase(State(state): State<ServerState>, caller: Caller) -> Result<StatusCode, ApiError> {
    // Twice: what arrives while the store erases is not to be written after it.
    state.sensing().forget(caller.user_id, None);
    state.store().delete_user_data(caller.user_id).await?;
    state.sensing().forget(caller.user_id, None);
    state.auth().devices.forget(caller.user_id);
    Ok(StatusCode::NO_CONTENT)
}
