//! `history/`: the caller's own throughput samples, to read and to delete.

use axum::extract::State;
use axum::http::StatusCode;
use quicksync_model::Throughput;
use quicksync_store::{NetworkHourRow, ThroughputSampleRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::round_mbps;
use crate::auth::Caller;
use crate::error::Problem;
use crate::extract::{Json, Query};
use crate::wire::unix_s;
use crate::{ApiError, ServerState};

/// The most one answer holds.
const MAX_LIMIT: u32 = 500;
/// What one answer holds without a wish.
const DEFAULT_LIMIT: u32 = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct HistoryQuery {
    /// Of one device only.
    device: Option<Uuid>,
    /// How many at most, 1 to 500. Default 100.
    limit: Option<u32>,
}

/// Samples, newest first, and the hours they were rolled up in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HistoryAnswer {
    results: Vec<SampleBody>,
    /// Newest first, as many at most as samples.
    hours: Vec<HourBody>,
}

/// The transfers of one device on one network in one hour.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HourBody {
    /// On which device.
    device_id: Uuid,
    /// As the client said.
    network_kind: &'static str,
    /// When the hour begins, Unix time, seconds.
    starts_at: f64,
    /// How many transfers.
    samples: u32,
    /// Bytes that arrived in them.
    bytes: u64,
    /// Their geometric mean, megabits per second.
    speed_mbps: f64,
}

impl From<NetworkHourRow> for HourBody {
    fn from(row: NetworkHourRow) -> Self {
        let mean = (row.sum_log2 / f64::from(row.samples.max(1))).exp2();
        Self {
            device_id: row.device_id,
            network_kind: row.network_kind.as_str(),
            starts_at: unix_s(row.hour.saturating_mul(3_600_000_000)),
            samples: row.samples,
            bytes: row.bytes,
            speed_mbps: round_mbps(Throughput::from_bps(mean)),
        }
    }
}

/// One throughput sample.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SampleBody {
    /// On which device.
    device_id: Uuid,
    /// `playback`, `listener_probe`, `connection` or `server_probe`.
    source: String,
    /// `wifi`, `cellular`, `ethernet` or `unknown`, as the client said.
    network_kind: &'static str,
    /// Unix time, seconds.
    measured_at: f64,
    /// Bytes that arrived.
    bytes: u64,
    /// Milliseconds they took.
    duration_ms: f64,
    /// Megabits per second.
    speed_mbps: f64,
}

impl From<ThroughputSampleRow> for SampleBody {
    #[expect(clippy::cast_precision_loss, reason = "2^53 microseconds are 285 years")]
    fn from(row: ThroughputSampleRow) -> Self {
        let sample = row.sample;
        Self {
            device_id: sample.device_id,
            source: sample.source,
            network_kind: sample.network_kind.as_str(),
            measured_at: unix_s(sample.measured_us),
            bytes: sample.bytes,
            duration_ms: sample.duration_us as f64 / 1e3,
            speed_mbps: round_mbps(Throughput::from_bps(sample.throughput_bps)),
        }
    }
}

/// The caller's throughput samples, newest first.
#[utoipa::path(get, path = "/api/audio/quick-sync/history/", tag = "quick-sync", operation_id = "list_history",
    params(HistoryQuery),
    responses(
        (status = 200, description = "Done", body = HistoryAnswer),
        (status = 400, description = "A field is not as it must be", body = Problem)))]
pub(super) async fn list(
    State(state): State<ServerState>,
    caller: Caller,
    Query(query): Query<HistoryQuery>,
) -> Result<Json<HistoryAnswer>, ApiError> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(ApiError::invalid("limit", format!("limit must be 1 to {MAX_LIMIT}.")));
    }
    let (store, user) = (state.store(), caller.user_id);
    state.sensing().pending.flush(store).await?;
    let rows = store.samples(user, query.device, i64::MIN, limit).await?;
    let hours = store.network_hours(user, query.device, i64::MIN, limit).await?;
    Ok(Json(HistoryAnswer {
        results: rows.into_iter().map(SampleBody::from).collect(),
        hours: hours.into_iter().map(HourBody::from).collect(),
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ClearQuery {
    /// Of one device only.
    device: Option<Uuid>,
}

/// Deletes the caller's throughput samples, of all devices or of one, and what was learned of them.
#[utoipa::path(delete, path = "/api/audio/quick-sync/history/", tag = "quick-sync", operation_id = "clear_history",
    params(ClearQuery), responses(
        (status = 204, description = "Deleted")))]
pub(super) async fn clear(
    State(state): State<ServerState>,
    caller: Caller,
    Query(query): Query<ClearQuery>,
) -> Result<StatusCode, ApiError> {
    state.sensing().forget(caller.user_id, query.device);
    state.store().delete_samples(caller.user_id, query.device).await?;
    state.sensing().forget(caller.user_id, query.device);
    Ok(StatusCode::NO_CONTENT)
}
