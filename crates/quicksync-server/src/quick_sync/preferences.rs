//! `preferences/`: what a listener chose. POST and PATCH change only the fields given.

use axum::extract::State;
use quicksync_model::Mode;
use quicksync_store::{PreferencePatch, PreferenceRow};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::advise;
use super::status::StatusBody;
use crate::auth::Caller;
use crate::extract::Json;
use crate::{ApiError, ServerState};

/// A listener's preferences.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct PreferencesBody {
    /// `auto`, `low`, `medium`, `high` or `ultra`.
    #[schema(example = "auto")]
    mode: &'static str,
    /// Prefer higher quality when the host has room. Default true.
    prefer_quality: bool,
    /// Let host load change the quality. Default true.
    adapt_to_system: bool,
    /// Apply Quick Sync to downloads. Default false.
    auto_download_quality: bool,
}

impl From<PreferenceRow> for PreferencesBody {
    fn from(row: PreferenceRow) -> Self {
        Self {
            mode: row.mode.as_str(),
            prefer_quality: row.prefer_quality,
            adapt_to_system: row.adapt_to_system,
            auto_download_quality: row.auto_download_quality,
        }
    }
}

/// The fields to change; what is not given stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PreferencesChange {
    /// `auto`, `low`, `medium`, `high` or `ultra`.
    #[serde(default, deserialize_with = "mode")]
    #[schema(value_type = Option<String>, example = "auto")]
    mode: Option<Mode>,
    #[serde(default, deserialize_with = "flag")]
    prefer_quality: Option<bool>,
    #[serde(default, deserialize_with = "flag")]
    adapt_to_system: Option<bool>,
    #[serde(default, deserialize_with = "flag")]
    auto_download_quality: Option<bool>,
}

/// The whole preferences after a change, plain and as `status/` nests them, and what follows.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PreferencesAnswer {
    #[serde(flatten)]
    plain: PreferencesBody,
    preferences: PreferencesBody,
    status: StatusBody,
}

/// `null` is not a way to leave a field out: it is a wrong type.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    bool::deserialize(deserializer).map(Some)
}

fn mode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Mode>, D::Error> {
    let word = String::deserialize(deserializer)?;
    word.parse().map(Some).map_err(serde::de::Error::custom)
}

/// The caller's preferences.
#[utoipa::path(get, path = "/api/audio/quick-sync/preferences/", tag = "quick-sync", operation_id = "quick_sync_preferences",
    responses(
        (status = 200, description = "Done", body = PreferencesBody)))]
pub(super) async fn read(
    State(state): State<ServerState>,
    caller: Caller,
) -> Result<Json<PreferencesBody>, ApiError> {
    Ok(Json(state.store().preferences(caller.user_id).await?.into()))
}

/// Changes the fields given; durable before it is answered.
#[utoipa::path(post, path = "/api/audio/quick-sync/preferences/", tag = "quick-sync", operation_id = "post_quick_sync_preferences",
    request_body = PreferencesChange,
    responses(
        (status = 200, description = "Done", body = PreferencesAnswer)))]
pub(super) async fn change(
    state: State<ServerState>,
    caller: Caller,
    change: Json<PreferencesChange>,
) -> Result<Json<PreferencesAnswer>, ApiError> {
    update(state, caller, change).await
}

/// Changes the fields given; durable before it is answered. The same as POST.
#[utoipa::path(patch, path = "/api/audio/quick-sync/preferences/", tag = "quick-sync", operation_id = "patch_quick_sync_preferences",
    request_body = PreferencesChange,
    responses(
        (status = 200, description = "Done", body = PreferencesAnswer)))]
pub(super) async fn update(
    State(state): State<ServerState>,
    caller: Caller,
    Json(change): Json<PreferencesChange>,
) -> Result<Json<PreferencesAnswer>, ApiError> {
    let patch = PreferencePatch {
        mode: change.mode,
        prefer_quality: change.prefer_quality,
        adapt_to_system: change.adapt_to_system,
        auto_download_quality: change.auto_download_quality,
    };
    let preferences = state.store().update_preferences(caller.user_id, patch).await?.into();
    let status = StatusBody::of(&advise(&state, &caller).await?);
    Ok(Json(PreferencesAnswer { plain: preferences, preferences, status }))
}
