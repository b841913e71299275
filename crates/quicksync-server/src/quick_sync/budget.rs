//! `GET budget/`: the ledger of the caller's device by kind of network, and where its month stands.

use axum::extract::State;
use quicksync_model::Quality;
use quicksync_store::UsageRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::rules::BudgetRule;
use super::standing::{BudgetStanding, standing};
use crate::auth::Caller;
use crate::error::Problem;
use crate::extract::{Json, Query};
use crate::wire::unix_s;
use crate::{ApiError, ServerState};

/// Days of the ledger in one answer.
const MAX_DAYS: u32 = 400;
const DEFAULT_DAYS: u32 = 31;
const DAY_US: i64 = 24 * 3600 * 1_000_000;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct BudgetQuery {
    /// How many days of the ledger, 1 to 400. Default 31.
    days: Option<u32>,
    /// Of every device of the caller. Default: of the one that asks.
    #[serde(default)]
    all_devices: bool,
}

/// Where a month stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MonthBody {
    #[serde(flatten)]
    rule: BudgetRule,
    /// Unix time, seconds.
    began_at: f64,
    /// Unix time, seconds.
    ends_at: f64,
    /// Bytes that count, since then.
    used_bytes: u64,
    /// Bytes left.
    left_bytes: u64,
    /// What the rest of the month can afford, kilobits per second.
    affordable_kbps: u32,
    /// The highest quality that follows; null for any.
    cap: Option<&'static str>,
}

impl From<BudgetStanding> for MonthBody {
    fn from(standing: BudgetStanding) -> Self {
        let budget = standing.budget;
        Self {
            rule: standing.rule.into(),
            began_at: unix_s(standing.month.0.as_micros()),
            ends_at: unix_s(standing.month.1.as_micros()),
            used_bytes: budget.used_bytes,
            left_bytes: budget.left_bytes(),
            affordable_kbps: budget.affordable().kbps(),
            cap: budget.cap().map(Quality::as_str),
        }
    }
}

/// Media sent to one device on one day over one kind of network.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageBody {
    /// To which device.
    device_id: Uuid,
    /// When the day began (UTC), Unix time, seconds.
    day_at: f64,
    /// As the client declared.
    network_kind: &'static str,
    /// Whether it cost money.
    is_metered: bool,
    /// Of media.
    bytes: u64,
    /// How long that media plays, seconds.
    audio_s: f64,
}

impl From<UsageRow> for UsageBody {
    #[expect(clippy::cast_precision_loss, reason = "nobody listens for 2^53 milliseconds")]
    fn from(row: UsageRow) -> Self {
        Self {
            device_id: row.device_id,
            day_at: unix_s(row.day.saturating_mul(DAY_US)),
            network_kind: row.network_kind.as_str(),
            is_metered: row.is_metered,
            bytes: row.bytes,
            audio_s: row.audio_ms as f64 / 1e3,
        }
    }
}

/// The ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BudgetAnswer {
    /// The month of the device that asks; null where it has no budget.
    month: Option<MonthBody>,
    /// The ledger by day and kind of network, oldest first.
    usage: Vec<UsageBody>,
}

/// How much data went to the caller's device, and how far its month's data will go.
#[utoipa::path(get, path = "/api/audio/quick-sync/budget/", tag = "quick-sync", operation_id = "show_budget",
    params(BudgetQuery),
    responses(
        (status = 200, description = "Done", body = BudgetAnswer),
        (status = 400, description = "A field is not as it must be", body = Problem)))]
pub(super) async fn list(
    State(state): State<ServerState>,
    caller: Caller,
    Query(query): Query<BudgetQuery>,
) -> Result<Json<BudgetAnswer>, ApiError> {
    let days = query.days.unwrap_or(DEFAULT_DAYS);
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(ApiError::invalid("days", format!("days must be 1 to {MAX_DAYS}.")));
    }
    let (now, device) = (state.now(), (caller.user_id, caller.device_id));
    // The ledger is written every few seconds: who asks for it gets it whole.
    state.sensing().pending.flush(state.store()).await?;
    let here = state.sensing().belief(state.store(), device, now).await?.surroundings;
    let month = standing(&state, device, here).await?.budget.map(MonthBody::from);
    let since = now.as_micros().div_euclid(DAY_US) - i64::from(days) + 1;
    let which = (!query.all_devices).then_some(caller.device_id);
    let rows = state.store().usage(caller.user_id, which, since).await?;
    Ok(Json(BudgetAnswer { month, usage: rows.into_iter().map(UsageBody::from).collect() }))
}
