//! `rules/`: caps by network and qualities of files to keep, for all devices of the caller.
//!
//! What a device rules for itself stands at `devices/{id}/` and over this.

use axum::extract::State;
use quicksync_model::Quality;
use quicksync_store::RuleRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules::{self, CapsBody, CapsChange};
use crate::auth::Caller;
use crate::error::Problem;
use crate::extract::Json;
use crate::{ApiError, ServerState};

/// The caller's rules for all their devices.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct UserRulesBody {
    caps: CapsBody,
    /// Of files to keep; null for what `auto_download_quality` says.
    download_quality: Option<&'static str>,
    /// Of copies for listening without a network; null for the same as of files to keep.
    offline_quality: Option<&'static str>,
}

impl From<RuleRow> for UserRulesBody {
    fn from(row: RuleRow) -> Self {
        Self {
            caps: (&row).into(),
            download_quality: row.download_quality.map(Quality::as_str),
            offline_quality: row.offline_quality.map(Quality::as_str),
        }
    }
}

/// Rules to change; null takes one back, what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UserRulesChange {
    caps: Option<CapsChange>,
    #[serde(default, deserialize_with = "rules::quality")]
    #[schema(value_type = Option<String>, example = "high")]
    download_quality: Option<Option<Quality>>,
    #[serde(default, deserialize_with = "rules::quality")]
    #[schema(value_type = Option<String>, example = "medium")]
    offline_quality: Option<Option<Quality>>,
}

impl UserRulesChange {
    fn apply(&self, row: RuleRow) -> RuleRow {
        let row = self.caps.unwrap_or_default().apply(row);
        RuleRow {
            download_quality: self.download_quality.unwrap_or(row.download_quality),
            offline_quality: self.offline_quality.unwrap_or(row.offline_quality),
            ..row
        }
    }
}

/// The caller's rules for all their devices.
#[utoipa::path(get, path = "/api/audio/quick-sync/rules/", tag = "quick-sync", operation_id = "show_rules",
    responses((status = 200, description = "Done", body = UserRulesBody)))]
pub(super) async fn read(
    State(state): State<ServerState>,
    caller: Caller,
) -> Result<Json<UserRulesBody>, ApiError> {
    Ok(Json(state.store().rules(caller.user_id, None).await?.into()))
}

/// Changes the rules given; durable before it is answered.
#[utoipa::path(patch, path = "/api/audio/quick-sync/rules/", tag = "quick-sync", operation_id = "change_rules",
    request_body = UserRulesChange,
    responses(
        (status = 200, description = "Done", body = UserRulesBody),
        (status = 400, description = "A field is not as it must be", body = Problem)))]
pub(super) async fn update(
    State(state): State<ServerState>,
    caller: Caller,
    Json(change): Json<UserRulesChange>,
) -> Result<Json<UserRulesBody>, ApiError> {
    let apply = |row: RuleRow| change.apply(row);
    Ok(Json(state.store().change_rules(caller.user_id, None, &apply).await?.into()))
}
