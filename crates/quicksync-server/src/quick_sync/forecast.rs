//! `GET forecast/`: what the network of the caller's device is expected to carry, hour by hour.

use axum::extract::State;
use quicksync_sense::{Forecast, forecast};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::round_mbps;
use super::sensing::remembered_hours;
use crate::auth::Caller;
use crate::error::Problem;
use crate::extract::{Json, Query};
use crate::wire::unix_s;
use crate::{ApiError, ServerState};

/// A week ahead at most.
const MAX_HOURS: u32 = 168;
/// A day, without a wish.
const DEFAULT_HOURS: u32 = 24;
const HOUR_US: i64 = 3600 * 1_000_000;

/// What one hour is expected to carry.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct ForecastBody {
    /// When the hour begins, Unix time, seconds.
    starts_at: f64,
    /// Megabits per second.
    #[schema(example = 3.5)]
    speed_mbps: f64,
    /// What nine in ten outcomes exceed, megabits per second.
    #[schema(example = 1.2)]
    low_mbps: f64,
    /// Standard deviation, octaves: 1 is half or double.
    #[schema(example = 0.9)]
    spread_octaves: f64,
    /// From 0, a guess, to 1, as good as a minute of playback.
    #[schema(example = 0.3)]
    confidence: f64,
    /// Remembered hours it was made from.
    #[schema(example = 14)]
    hours: u32,
}

impl From<Forecast> for ForecastBody {
    fn from(forecast: Forecast) -> Self {
        let round = |share: f64| (share * 1e3).round() / 1e3;
        Self {
            starts_at: unix_s(forecast.hour.saturating_mul(HOUR_US)),
            speed_mbps: round_mbps(forecast.median),
            low_mbps: round_mbps(forecast.low()),
            spread_octaves: round(forecast.spread_octaves),
            confidence: round(forecast.confidence),
            hours: forecast.hours,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ForecastQuery {
    /// How many hours, this one included, 1 to 168. Default 24.
    hours: Option<u32>,
}

/// A forecast.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ForecastAnswer {
    /// The kind of network it is for: the one the device is on.
    network_kind: &'static str,
    /// Hour by hour; empty where nothing is remembered.
    results: Vec<ForecastBody>,
}

/// What the network of the caller's device is expected to carry, from what it carried in other
/// hours.
#[utoipa::path(get, path = "/api/audio/quick-sync/forecast/", tag = "quick-sync", operation_id = "forecast",
    params(ForecastQuery),
    responses(
        (status = 200, description = "Done", body = ForecastAnswer),
        (status = 400, description = "A field is not as it must be", body = Problem)))]
pub(super) async fn list(
    State(state): State<ServerState>,
    caller: Caller,
    Query(query): Query<ForecastQuery>,
) -> Result<Json<ForecastAnswer>, ApiError> {
    let hours = query.hours.unwrap_or(DEFAULT_HOURS);
    if !(1..=MAX_HOURS).contains(&hours) {
        return Err(ApiError::invalid("hours", format!("hours must be 1 to {MAX_HOURS}.")));
    }
    let (now, device) = (state.now(), (caller.user_id, caller.device_id));
    let here = state.sensing().belief(state.store(), device, now).await?.surroundings;
    let first = now.as_micros().div_euclid(HOUR_US);
    let past = remembered_hours(state.store(), device, here, first).await?;
    let coming = (0..i64::from(hours)).filter_map(|ahead| forecast(&past, first + ahead));
    Ok(Json(ForecastAnswer {
        network_kind: here.kind.as_str(),
        results: coming.map(ForecastBody::from).collect(),
    }))
}
