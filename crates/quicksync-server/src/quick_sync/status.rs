//! `GET status/`: everything a settings page shows, from what is known already.

use axum::extract::State;
use axum::http::HeaderMap;
use quicksync_abr::{HostLoad, network_status, system_status};
use quicksync_model::{ParseNetworkKindError, Quality, Timestamp};
use quicksync_sense::Estimate;
use quicksync_store::Declaration;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::forecast::ForecastBody;
use super::load::Cause;
use super::player::PlaybackBody;
use super::preferences::PreferencesBody;
use super::sensing::Belief;
use super::surroundings::saves_data;
use super::{Advice, BoundsBody, advise, round_mbps};
use crate::auth::Caller;
use crate::error::Problem;
use crate::extract::{Json, Query};
use crate::wire::unix_s;
use crate::{ApiError, ServerState};

/// Status and preferences of the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StatusAnswer {
    status: StatusBody,
    /// The user's own.
    preferences: PreferencesBody,
    device: DeviceStanding,
    /// What bounds quality now.
    bounds: BoundsBody,
}

/// What the rules of the caller's device change.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeviceStanding {
    /// The preferences that hold on this device.
    preferences: PreferencesBody,
    /// Which of them its own rules set.
    #[schema(example = json!(["mode"]))]
    overridden: Vec<&'static str>,
    /// The quality of files to keep; null where nothing is ruled.
    download_quality: Option<&'static str>,
    /// The quality of copies for listening without a network; null where nothing is ruled.
    offline_quality: Option<&'static str>,
}

/// What is believed of the network and the host, and what follows.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StatusBody {
    network: NetworkBody,
    system: SystemBody,
    quality: QualityBody,
    buffer: BufferBody,
    /// What the device's player said last of what it plays; null where none speaks CMCD.
    playback: Option<PlaybackBody>,
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
    /// `playback`, `listener_probe`, `connection`, `server_probe`, `history` or `fallback`.
    #[schema(example = "playback")]
    source: &'static str,
    /// Seconds since it was measured; null for the fallback.
    #[schema(example = 12.5)]
    age_s: Option<f64>,
    /// From 0, a guess, to 1, as good as a minute of playback.
    #[schema(example = 0.8)]
    confidence: f64,
    /// `wifi`, `cellular`, `ethernet` or `unknown`, as the client said.
    #[schema(example = "wifi")]
    kind: &'static str,
    /// Whether data costs money here.
    is_metered: bool,
    /// Whether the client asked to be spared data.
    saves_data: bool,
    /// What is fresh of each source, the most trusted first.
    sources: Vec<SourceBody>,
    /// What this hour is expected to carry, from other hours; null where none is remembered.
    forecast: Option<ForecastBody>,
    prior: PriorBody,
}

/// The fresh figure of one source.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SourceBody {
    /// Where it comes from.
    source: &'static str,
    /// Megabits per second.
    speed_mbps: f64,
    /// Seconds since it was measured.
    age_s: Option<f64>,
    /// From 0 to 1.
    confidence: f64,
    /// Transfers behind it.
    samples: u32,
}

/// What a decision core is to believe before the first byte.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PriorBody {
    /// Megabits per second; 0 for nothing.
    mean_mbps: f64,
    /// From 0, a guess, to 1, as good as a minute of playback.
    confidence: f64,
}

/// The load of the host.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SystemBody {
    #[serde(flatten)]
    resources: ResourcesBody,
    /// `high_load` (CPU > 80 or memory > 85), `moderate_load` (> 50, > 70) or `low_load`, everything
    /// counted in that makes the host busy.
    #[schema(example = "low_load")]
    status: &'static str,
    /// Which load is the worst, once one is high: `cpu`, `memory`, `cpu_pressure`,
    /// `memory_pressure` or `encode_queue`; null while none is. It is named until all were clearly
    /// lower for 15 s.
    load_cause: Option<&'static str>,
    /// What the host counts as, everything counted in: what a decision core is told.
    effective: LoadBody,
    /// What the server's own work in the background (reading the library, comparing sessions) takes
    /// of the processors, 0 to 100. It gives way, and `cpu_percent` is without it.
    background_cpu_percent: f64,
    /// Share of the last five seconds in which a task waited for a processor, 0 to 100, without the
    /// work in the background; null where the kernel keeps no account.
    cpu_pressure_percent: Option<f64>,
    /// Share of the last ten seconds in which a task waited for memory.
    memory_pressure_percent: Option<f64>,
    /// Segments asked for and not begun.
    encode_waiting: u32,
}

/// A load on the documented scale.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LoadBody {
    /// 0 to 100.
    #[schema(example = 25.0)]
    cpu_percent: f64,
    /// 0 to 100.
    #[schema(example = 60.0)]
    memory_percent: f64,
}

/// The host's resources.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ResourcesBody {
    /// Share of the processors in use, 0 to 100, but for the server's work in the background.
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
    /// The highest quality allowed now; null for any.
    cap: Option<&'static str>,
    /// Why: `network`, `metered`, `saves_data` or `budget`.
    cap_reason: Option<&'static str>,
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

impl From<HostLoad> for LoadBody {
    fn from(HostLoad { cpu_percent, memory_percent }: HostLoad) -> Self {
        Self { cpu_percent, memory_percent }
    }
}

impl ResourcesBody {
    pub(super) fn of(advice: &Advice) -> Self {
        let host = advice.host();
        Self {
            cpu_percent: host.load.cpu_percent,
            memory_percent: host.load.memory_percent,
            memory_available_mb: host.memory_available_mb,
            disk_percent: host.disk_percent,
        }
    }
}

fn age_s(estimate: &Estimate, now: Timestamp) -> Option<f64> {
    estimate.at.map(|at| unix_s(now.as_micros() - at.as_micros()).max(0.0))
}

fn round_share(share: f64) -> f64 {
    (share * 1e3).round() / 1e3
}

impl NetworkBody {
    pub(super) fn of(belief: &Belief, now: Timestamp) -> Self {
        let (estimate, here) = (&belief.estimate, belief.surroundings);
        Self {
            speed_mbps: round_mbps(estimate.throughput),
            status: network_status(estimate.throughput).as_str(),
            source: estimate.source.as_str(),
            age_s: age_s(estimate, now),
            confidence: round_share(estimate.confidence(now)),
            kind: here.kind.as_str(),
            is_metered: here.is_metered(),
            saves_data: here.saves_data,
            sources: belief.sources.iter().map(|source| SourceBody::of(source, now)).collect(),
            forecast: belief.forecast.map(ForecastBody::from),
            prior: PriorBody::of(belief, now),
        }
    }
}

impl SourceBody {
    fn of(estimate: &Estimate, now: Timestamp) -> Self {
        Self {
            source: estimate.source.as_str(),
            speed_mbps: round_mbps(estimate.throughput),
            age_s: age_s(estimate, now),
            confidence: round_share(estimate.confidence(now)),
            samples: estimate.samples,
        }
    }
}

impl PriorBody {
    fn of(belief: &Belief, now: Timestamp) -> Self {
        let (mean, confidence) = quicksync_sense::prior(&belief.estimate, belief.forecast, now);
        Self { mean_mbps: round_mbps(mean), confidence: round_share(confidence) }
    }
}

impl StatusBody {
    pub(super) fn of(advice: &Advice) -> Self {
        let quality = advice.quality;
        let (cap, stalls) = (advice.standing.cap(), advice.host().stalls);
        Self {
            network: NetworkBody::of(&advice.belief, advice.now),
            system: SystemBody {
                resources: ResourcesBody::of(advice),
                status: system_status(advice.effective_load()).as_str(),
                load_cause: advice.load.cause.map(Cause::as_str),
                effective: advice.effective_load().into(),
                background_cpu_percent: advice.host().background_cpu_percent,
                cpu_pressure_percent: stalls.map(|stalls| stalls.cpu_percent),
                memory_pressure_percent: stalls.map(|stalls| stalls.memory_percent),
                encode_waiting: advice.load.queue.waiting,
            },
            quality: QualityBody {
                level: quality.as_str(),
                bitrate: quality.bitrate().kbps(),
                description: describe(quality),
                auto_selected: advice.auto_selected,
                reason: advice.reason.clone(),
                cap: cap.map(|cap| cap.quality.as_str()),
                cap_reason: cap.map(|cap| cap.reason.as_str()),
            },
            buffer: BufferBody {
                buffer_size: advice.buffer.buffer_s,
                preload: advice.buffer.preload.as_str(),
                max_buffer_size: advice.buffer.max_buffer_s,
                rebuffer_threshold: advice.buffer.rebuffer_threshold_s,
            },
            playback: advice.belief.player.playback(advice.now),
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

/// What a client may say of its network with the question.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Declared {
    /// `wifi`, `cellular`, `ethernet` or `unknown`; as last said if left out.
    network_kind: Option<String>,
    /// Whether data costs money on it.
    metered: Option<bool>,
    /// Whether the listener wants to be spared data.
    save_data: Option<bool>,
}

impl Declared {
    /// As the store takes it.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<Declaration, ApiError> {
        let refused = |error: ParseNetworkKindError| {
            ApiError::invalid("network_kind", format!("network_kind: {error}."))
        };
        let kind = self.network_kind.as_deref().map(|word| word.parse().map_err(refused));
        let header = saves_data(headers).then_some(true);
        Ok(Declaration {
            network_kind: kind.transpose()?,
            is_metered: self.metered,
            saves_data: self.save_data.or(header),
        })
    }
}

/// Current status and preferences.
///
/// Answers from cached measurements and never waits for one.
#[utoipa::path(get, path = "/api/audio/quick-sync/status/", tag = "quick-sync", operation_id = "quick_sync_status",
    params(Declared),
    responses(
        (status = 200, description = "Done", body = StatusAnswer),
        (status = 400, description = "A field is not as it must be", body = Problem)))]
pub(super) async fn status(
    State(state): State<ServerState>,
    caller: Caller,
    Query(declared): Query<Declared>,
    headers: HeaderMap,
) -> Result<Json<StatusAnswer>, ApiError> {
    let device = (caller.user_id, caller.device_id);
    let declared = declared.check(&headers)?;
    state.sensing().declare(state.store(), device, (declared, None), state.now()).await?;
    let advice = advise(&state, &caller).await?;
    Ok(Json(StatusAnswer {
        status: StatusBody::of(&advice),
        bounds: advice.bounds_body(),
        preferences: advice.standing.own.into(),
        device: DeviceStanding {
            preferences: advice.standing.preferences.into(),
            overridden: advice.standing.overridden,
            download_quality: advice.standing.download_quality.map(Quality::as_str),
            offline_quality: advice.standing.offline_quality.map(Quality::as_str),
        },
    }))
}
