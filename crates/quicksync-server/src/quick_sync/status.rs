//! `GET status/`: everything a settings page shows, from what is known already.

use axum::extract::State;
use quicksync_abr::{network_status, system_status};
use quicksync_model::Quality;
use quicksync_sense::Estimate;
use serde::Serialize;
use utoipa::ToSchema;

use super::preferences::PreferencesBody;
use super::{Advice, advise, round_mbps};
use crate::auth::Caller;
use crate::extract::Json;
use crate::wire::unix_s;
use crate::{ApiError, ServerState};

/// Status and preferences of the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StatusAnswer {
    status: StatusBody,
    preferences: PreferencesBody,
}

/// What is believed of the network and the host, and what follows.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StatusBody {
    network: NetworkBody,
    system: SystemBody,
    quality: QualityBody,
    buffer: BufferBody,
    /// Unix time of this answer, seconds.
    #[schema(example = 1_702_656_789.123)]
    timestamp: f64,
}

/// The network of the caller's device.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NetworkBody {
    /// Megabits per second.
    #[schema(example = 3.5)]
    speed_mbps: f64,
    /// `excellent` (>= 5), `good` (>= 2), `fair` (>= 1) or `poor`.
    #[schema(example = "good")]
    status: &'static str,
    /// `playback`, `listener_probe`, `server_probe`, `history` or `fallback`.
    #[schema(example = "playback")]
    source: &'static str,
    /// Seconds since it was measured; null for the fallback.
    #[schema(example = 12.5)]
    age_s: Option<f64>,
}

/// The load of the host.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SystemBody {
    #[serde(flatten)]
    resources: ResourcesBody,
    /// `high_load` (CPU > 80 or memory > 85), `moderate_load` (> 50, > 70) or `low_load`.
    #[schema(example = "low_load")]
    status: &'static str,
}

/// The host's resources.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ResourcesBody {
    /// 0 to 100.
    #[schema(example = 25.0)]
    cpu_percent: f64,
    /// 0 to 100.
    #[schema(example = 60.0)]
    memory_percent: f64,
    /// MiB that programs can still get.
    #[schema(example = 2048)]
    memory_available_mb: u64,
    /// Share of the data folder's disk in use, 0 to 100.
    #[schema(example = 40.0)]
    disk_percent: f64,
}

/// The quality to start with.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct QualityBody {
    /// `low`, `medium`, `high` or `ultra`.
    #[schema(example = "high")]
    level: &'static str,
    /// Kilobits per second.
    #[schema(example = 256)]
    bitrate: u32,
    /// For people.
    #[schema(example = "High quality - best experience")]
    description: &'static str,
    /// False in a manual mode.
    auto_selected: bool,
    /// Why this level, as one sentence.
    #[schema(example = "Starting at high: 3.5 Mbps expected")]
    reason: String,
}

/// The buffer to start with.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BufferBody {
    /// Seconds.
    #[schema(example = 15)]
    buffer_size: u32,
    /// `metadata` or `auto`.
    #[schema(example = "auto")]
    preload: &'static str,
    /// Seconds.
    #[schema(example = 30)]
    max_buffer_size: u32,
    /// Seconds.
    #[schema(example = 4.5)]
    rebuffer_threshold: f64,
}

impl ResourcesBody {
    pub(super) fn of(advice: &Advice) -> Self {
        Self {
            cpu_percent: advice.load().cpu_percent,
            memory_percent: advice.load().memory_percent,
            memory_available_mb: advice.host.memory_available_mb,
            disk_percent: advice.host.disk_percent,
        }
    }
}

impl NetworkBody {
    pub(super) fn of(estimate: &Estimate, now: quicksync_model::Timestamp) -> Self {
        Self {
            speed_mbps: round_mbps(estimate.throughput),
            status: network_status(estimate.throughput).as_str(),
            source: estimate.source.as_str(),
            age_s: estimate.at.map(|at| unix_s(now.as_micros() - at.as_micros()).max(0.0)),
        }
    }
}

impl StatusBody {
    pub(super) fn of(advice: &Advice) -> Self {
        let quality = advice.recommendation.quality;
        Self {
            network: NetworkBody::of(&advice.estimate, advice.now),
            system: SystemBody {
                resources: ResourcesBody::of(advice),
                status: system_status(advice.load()).as_str(),
            },
            quality: QualityBody {
                level: quality.as_str(),
                bitrate: quality.bitrate().kbps(),
                description: describe(quality),
                auto_selected: advice.recommendation.auto_selected,
                reason: advice.recommendation.reason.to_string(),
            },
            buffer: BufferBody {
                buffer_size: advice.buffer.buffer_s,
                preload: advice.buffer.preload.as_str(),
                max_buffer_size: advice.buffer.max_buffer_s,
                rebuffer_threshold: advice.buffer.rebuffer_threshold_s,
            },
            timestamp: unix_s(advice.now.as_micros()),
        }
    }
}

const fn describe(quality: Quality) -> &'static str {
    match quality {
        Quality::Low => "Low quality - least data",
        Quality::Medium => "Medium quality - balances sound and data",
        Quality::High => "High quality - best experience",
        Quality::Ultra => "Ultra quality - every detail",
    }
}

/// Current status and preferences.
///
/// Answers from cached measurements and never waits for one.
#[utoipa::path(get, path = "/api/audio/quick-sync/status/", tag = "quick-sync", operation_id = "quick_sync_status",
    responses(
        (status = 200, description = "Done", body = StatusAnswer)))]
pub(super) async fn status(
    State(state): State<ServerState>,
    caller: Caller,
) -> Result<Json<StatusAnswer>, ApiError> {
    let advice = advise(&state, &caller).await?;
    Ok(Json(StatusAnswer {
        status: StatusBody::of(&advice),
        preferences: advice.preferences.into(),
    }))
}
