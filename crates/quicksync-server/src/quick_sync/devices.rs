//! `devices/`: the caller's own devices, to name and to forget.

use axum::extract::State;
use axum::http::StatusCode;
use quicksync_store::DeviceRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::Caller;
use crate::error::Problem;
use crate::extract::{Json, Named};
use crate::wire::{List, unix_s};
use crate::{ApiError, ServerState};

/// The longest name of a device, in characters.
const MAX_NAME: usize = 80;

/// One device.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeviceBody {
    /// Made by the client, or the id of its login session or API token.
    id: Uuid,
    /// What the user called it, or what its software calls itself.
    name: String,
    /// `wifi`, `cellular`, `ethernet` or `unknown`, as it last said.
    network_kind: &'static str,
    /// Unix time, seconds.
    first_seen: f64,
    /// Unix time, seconds, to the nearest few minutes.
    last_seen: f64,
}

impl From<DeviceRow> for DeviceBody {
    fn from(row: DeviceRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            network_kind: row.network_kind.as_str(),
            first_seen: unix_s(row.first_seen_us),
            last_seen: unix_s(row.last_seen_us),
        }
    }
}

/// A new name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeviceChange {
    /// 1 to 80 characters.
    #[schema(example = "Kitchen radio")]
    name: String,
}

fn no_such_device() -> ApiError {
    ApiError::not_found("device")
}

/// The caller's devices, last seen first.
#[utoipa::path(get, path = "/api/audio/quick-sync/devices/", tag = "quick-sync", operation_id = "list_devices",
    responses(
        (status = 200, description = "Done", body = List<DeviceBody>)))]
pub(super) async fn list(
    State(state): State<ServerState>,
    caller: Caller,
) -> Result<Json<List<DeviceBody>>, ApiError> {
    let rows = state.store().devices(caller.user_id).await?;
    Ok(Json(List::whole(rows)))
}

/// One device of the caller.
#[utoipa::path(get, path = "/api/audio/quick-sync/devices/{id}/", tag = "quick-sync", operation_id = "show_device",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "Done", body = DeviceBody),
        (status = 404, description = "There is no such device", body = Problem)))]
pub(super) async fn one(
    State(state): State<ServerState>,
    caller: Caller,
    Named(id): Named<Uuid>,
) -> Result<Json<DeviceBody>, ApiError> {
    let rows = state.store().devices(caller.user_id).await?;
    let row = rows.into_iter().find(|row| row.id == id).ok_or_else(no_such_device)?;
    Ok(Json(row.into()))
}

/// Renames a device of the caller.
#[utoipa::path(patch, path = "/api/audio/quick-sync/devices/{id}/", tag = "quick-sync", operation_id = "rename_device",
    params(("id" = Uuid, Path)), request_body = DeviceChange,
    responses(
        (status = 200, description = "Done", body = DeviceBody),
        (status = 404, description = "There is no such device", body = Problem)))]
pub(super) async fn update(
    State(state): State<ServerState>,
    caller: Caller,
    Named(id): Named<Uuid>,
    Json(change): Json<DeviceChange>,
) -> Result<Json<DeviceBody>, ApiError> {
    let name = change.name.trim();
    let is_plain = name.chars().all(|c| !c.is_control());
    if !(1..=MAX_NAME).contains(&name.chars().count()) || !is_plain {
        let detail = format!("name must have 1 to {MAX_NAME} printable characters.");
        return Err(ApiError::invalid("name", detail));
    }
    let row = state.store().rename_device(caller.user_id, id, name).await?;
    Ok(Json(row.ok_or_else(no_such_device)?.into()))
}

/// Deletes a device of the caller and everything measured on it.
#[utoipa::path(delete, path = "/api/audio/quick-sync/devices/{id}/", tag = "quick-sync", operation_id = "forget_device",
    params(("id" = Uuid, Path)),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "There is no such device", body = Problem)))]
pub(super) async fn delete(
    State(state): State<ServerState>,
    caller: Caller,
    Named(id): Named<Uuid>,
) -> Result<StatusCode, ApiError> {
    if !state.store().delete_device(caller.user_id, id).await? {
        return Err(no_such_device());
    }
    state.sensing().forget(caller.user_id, Some(id));
    Ok(StatusCode::NO_CONTENT)
}
