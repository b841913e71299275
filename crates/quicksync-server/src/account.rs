//! `/api/account/`: everything kept about the caller, to take along or to have erased.
//!
//! Decides: what belongs in an export. Never: secrets, other users.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::IntoResponse;
use quicksync_store::{
    CredentialKind, CredentialRow, DeviceRow, PreferenceRow, ThroughputSampleRow,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::extract::Json;
use crate::wire::unix_s;
use crate::{ApiError, Caller, ServerState};

/// More samples than the store keeps of one user.
const ALL_SAMPLES: u32 = 1_000_000;

/// Everything kept about one user.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Export {
    user: ExportedUser,
    preferences: ExportedPreferences,
    login_sessions: Vec<ExportedCredential>,
    tokens: Vec<ExportedCredential>,
    devices: Vec<ExportedDevice>,
    samples: Vec<ExportedSample>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ExportedUser {
    id: Uuid,
    name: String,
    is_admin: bool,
    created_s: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ExportedPreferences {
    mode: &'static str,
    prefer_quality: bool,
    adapt_to_system: bool,
    auto_download_quality: bool,
}

impl From<PreferenceRow> for ExportedPreferences {
    fn from(row: PreferenceRow) -> Self {
        Self {
            mode: row.mode.as_str(),
            prefer_quality: row.prefer_quality,
            adapt_to_system: row.adapt_to_system,
            auto_download_quality: row.auto_download_quality,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct ExportedCredential {
    id: Uuid,
    name: String,
    created_s: f64,
    last_used_s: f64,
    expires_s: Option<f64>,
}

impl From<CredentialRow> for ExportedCredential {
    fn from(row: CredentialRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            created_s: unix_s(row.created_us),
            last_used_s: unix_s(row.last_used_us),
            expires_s: row.expires_us.map(unix_s),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct ExportedDevice {
    id: Uuid,
    name: String,
    network_kind: &'static str,
    first_seen_s: f64,
    last_seen_s: f64,
}

impl From<DeviceRow> for ExportedDevice {
    fn from(row: DeviceRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            network_kind: row.network_kind.as_str(),
            first_seen_s: unix_s(row.first_seen_us),
            last_seen_s: unix_s(row.last_seen_us),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct ExportedSample {
    device_id: Uuid,
    source: String,
    network_kind: &'static str,
    measured_s: f64,
    bytes: u64,
    duration_s: f64,
    throughput_kbps: f64,
}

impl From<ThroughputSampleRow> for ExportedSample {
    fn from(ThroughputSampleRow { sample, .. }: ThroughputSampleRow) -> Self {
        Self {
            device_id: sample.device_id,
            source: sample.source,
            network_kind: sample.network_kind.as_str(),
            measured_s: unix_s(sample.measured_us),
            bytes: sample.bytes,
            duration_s: std::time::Duration::from_micros(sample.duration_us).as_secs_f64(),
            throughput_kbps: sample.throughput_bps / 1e3,
        }
    }
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
    let row = store.user(user).await?;
    let export = Export {
        preferences: store.preferences(user).await?.into(),
        login_sessions: all(store.credentials(user, CredentialKind::Login).await?),
        tokens: all(store.credentials(user, CredentialKind::Token).await?),
        devices: all(store.devices(user).await?),
        samples: all(store.samples(user, None, i64::MIN, ALL_SAMPLES).await?),
        user: ExportedUser {
            id: user,
            name: caller.user_name,
            is_admin: caller.is_admin,
            created_s: row.map(|row| unix_s(row.created_us)),
        },
    };
    let name = "attachment; filename=\"quicksync-account.json\"";
    Ok(([(CONTENT_DISPOSITION, name)], Json(export)))
}

fn all<R, T: From<R>>(rows: Vec<R>) -> Vec<T> {
    rows.into_iter().map(Into::into).collect()
}

/// Erase the caller's devices and measurements, and set their preferences back. The account,
/// its login sessions and its tokens stay.
#[utoipa::path(delete, path = "/api/account/data/", tag = "accounts",
    operation_id = "erase_account_data",
    responses((status = 204, description = "Erased")))]
async fn erase(State(state): State<ServerState>, caller: Caller) -> Result<StatusCode, ApiError> {
    state.store().delete_user_data(caller.user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
