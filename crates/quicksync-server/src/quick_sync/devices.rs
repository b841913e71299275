//! `devices/`: the caller's own devices, to name, to rule and to forget.

use axum::extract::State;
use axum::http::StatusCode;
use quicksync_model::Quality;
use quicksync_store::{BudgetRow, DeviceRow, RuleRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::{
    self, BudgetChange, BudgetRule, CapsBody, CapsChange, OverridesBody, OverridesChange,
};
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
    /// Whether data costs money on its network, as it last said.
    is_metered: bool,
    /// Whether it last asked to be spared data.
    saves_data: bool,
    /// What stands over its user's preferences here.
    overrides: OverridesBody,
    /// What stands over its user's caps here.
    caps: CapsBody,
    /// Of files to keep; null where the user's rule holds.
    download_quality: Option<&'static str>,
    /// Of copies for listening without a network; null where the user's rule holds.
    offline_quality: Option<&'static str>,
    /// Its data for a month; null for no bound.
    budget: Option<BudgetRule>,
}

impl DeviceBody {
    pub(crate) fn of(row: DeviceRow, rules: &RuleRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            network_kind: row.network_kind.as_str(),
            first_seen: unix_s(row.first_seen_us),
            last_seen: unix_s(row.last_seen_us),
            is_metered: row.is_metered,
            saves_data: row.saves_data,
            overrides: rules.into(),
            caps: rules.into(),
            download_quality: rules.download_quality.map(Quality::as_str),
            offline_quality: rules.offline_quality.map(Quality::as_str),
            budget: rules.budget.map(BudgetRule::from),
        }
    }
}

/// What to change; what is left out stays, null takes a rule back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeviceChange {
    /// 1 to 80 characters.
    #[schema(example = "Kitchen radio")]
    name: Option<String>,
    overrides: Option<OverridesChange>,
    caps: Option<CapsChange>,
    #[serde(default, deserialize_with = "rules::quality")]
    #[schema(value_type = Option<String>, example = "high")]
    download_quality: Option<Option<Quality>>,
    #[serde(default, deserialize_with = "rules::quality")]
    #[schema(value_type = Option<String>, example = "medium")]
    offline_quality: Option<Option<Quality>>,
    #[serde(default, deserialize_with = "rules::budget")]
    #[schema(value_type = Option<BudgetChange>)]
    budget: Option<Option<BudgetChange>>,
}

/// A change whose every part was checked.
struct Checked {
    change: DeviceChange,
    budget: Option<Option<BudgetRow>>,
}

impl Checked {
    fn new(change: DeviceChange) -> Result<Self, ApiError> {
        let budget = change.budget.map(|budget| budget.map(BudgetChange::check).transpose());
        let budget = budget.transpose()?;
        if let Some(name) = change.name.as_deref() {
            check_name(name)?;
        }
        Ok(Self { change, budget })
    }

    const fn has_rules(&self) -> bool {
        let change = &self.change;
        change.overrides.is_some()
            || change.caps.is_some()
            || change.download_quality.is_some()
            || change.offline_quality.is_some()
            || self.budget.is_some()
    }

    fn apply(&self, row: RuleRow) -> RuleRow {
        let row = self.change.overrides.unwrap_or_default().apply(row);
        let row = self.change.caps.unwrap_or_default().apply(row);
        RuleRow {
            download_quality: self.change.download_quality.unwrap_or(row.download_quality),
            offline_quality: self.change.offline_quality.unwrap_or(row.offline_quality),
            budget: self.budget.unwrap_or(row.budget),
            ..row
        }
    }
}

fn check_name(name: &str) -> Result<(), ApiError> {
    let name = name.trim();
    let is_plain = name.chars().all(|c| !c.is_control());
    if (1..=MAX_NAME).contains(&name.chars().count()) && is_plain {
        return Ok(());
    }
    let detail = format!("name must have 1 to {MAX_NAME} printable characters.");
    Err(ApiError::invalid("name", detail))
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
    Ok(Json(List::whole(bodies(&state, caller.user_id).await?)))
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
    Ok(Json(body(&state, caller.user_id, id).await?))
}

async fn body(state: &ServerState, user: Uuid, id: Uuid) -> Result<DeviceBody, ApiError> {
    let row = state.store().device(user, id).await?.ok_or_else(no_such_device)?;
    Ok(DeviceBody::of(row, &state.store().rules(user, Some(id)).await?))
}

/// A user's devices with their rules, last seen first.
pub(crate) async fn bodies(state: &ServerState, user: Uuid) -> Result<Vec<DeviceBody>, ApiError> {
    let rules = state.store().all_rules(user).await?;
    let of = |id: Uuid| rules.iter().find(|(device, _)| *device == Some(id)).map(|(_, row)| *row);
    let rows = state.store().devices(user).await?.into_iter();
    Ok(rows
        .map(|row| (of(row.id).unwrap_or_default(), row))
        .map(|(rules, row)| DeviceBody::of(row, &rules))
        .collect())
}

/// Changes a device of the caller: its name, and rules that stand over its user's.
#[utoipa::path(patch, path = "/api/audio/quick-sync/devices/{id}/", tag = "quick-sync", operation_id = "change_device",
    params(("id" = Uuid, Path)), request_body = DeviceChange,
    responses(
        (status = 200, description = "Done", body = DeviceBody),
        (status = 400, description = "A field is not as it must be", body = Problem),
        (status = 404, description = "There is no such device", body = Problem)))]
pub(super) async fn update(
    State(state): State<ServerState>,
    caller: Caller,
    Named(id): Named<Uuid>,
    Json(change): Json<DeviceChange>,
) -> Result<Json<DeviceBody>, ApiError> {
    let (store, user) = (state.store(), caller.user_id);
    let change = Checked::new(change)?;
    store.device(user, id).await?.ok_or_else(no_such_device)?;
    if let Some(name) = change.change.name.as_deref() {
        store.rename_device(user, id, name.trim()).await?.ok_or_else(no_such_device)?;
    }
    if change.has_rules() {
        store.change_rules(user, Some(id), &|row| change.apply(row)).await?;
    }
    Ok(Json(body(&state, user, id).await?))
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
