//! `POST test/`: runs the server's probe now and says what came of it.
//!
//! The figure counts for the caller's device only.

use axum::Extension;
use axum::extract::State;
use quicksync_model::{Throughput, Timestamp};
use quicksync_sense::{Estimate, Measurement, ProbeReport, Source, TargetReport};
use quicksync_store::{NewThroughputSample, TargetRow};
use serde::Serialize;
use utoipa::ToSchema;

use super::load;
use super::pending::KEEP_PER_DEVICE;
use super::sensing::Belief;
use super::standing::standing;
use super::status::ResourcesBody;
use super::surroundings::network_key;
use super::{Advice, round_mbps};
use crate::auth::Caller;
use crate::client_address::ClientAddress;
use crate::error::Problem;
use crate::extract::Json;
use crate::wire::unix_s;
use crate::{ApiError, ServerState};

/// Figures of targets in one answer.
const MAX_PAST: u32 = 200;

/// The outcome of a test.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TestAnswer {
    /// Megabits per second; 2.0 if every target failed.
    #[schema(example = 4.2)]
    network_speed_mbps: f64,
    system_resources: ResourcesBody,
    /// `low`, `medium`, `high` or `ultra`, by the caller's own preferences.
    #[schema(example = "high")]
    recommended_quality: &'static str,
    /// Unix time, seconds.
    #[schema(example = 1_702_656_789.123)]
    timestamp: f64,
    /// `server_probe`, or `fallback` if every target failed.
    #[schema(example = "server_probe")]
    source: &'static str,
    /// Why this quality, as one sentence.
    reason: String,
    /// Each configured target.
    targets: Vec<TargetBody>,
}

/// What one target gave.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TargetBody {
    /// As configured.
    url: String,
    /// Bytes that arrived; null if the target failed.
    bytes: Option<u64>,
    /// Milliseconds from the start of the test to the last of them.
    duration_ms: Option<u64>,
    /// Megabits per second of this target alone.
    speed_mbps: Option<f64>,
    /// Why the target failed, as a sentence.
    error: Option<String>,
    /// What it gave in this test and before, newest first.
    history: Vec<PastBody>,
}

/// What a target gave once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PastBody {
    /// Unix time, seconds.
    measured_at: f64,
    /// Megabits per second; null if it failed.
    speed_mbps: Option<f64>,
    /// Why it failed.
    error: Option<String>,
}

impl From<&TargetRow> for PastBody {
    #[expect(clippy::cast_precision_loss, reason = "a probe moves far fewer than 2^53 bytes")]
    fn from(row: &TargetRow) -> Self {
        let rate = (row.duration_us > 0).then(|| {
            round_mbps(Throughput::from_bps(row.bytes as f64 * 8e6 / row.duration_us as f64))
        });
        Self {
            measured_at: unix_s(row.measured_us),
            speed_mbps: rate.filter(|_| row.error.is_none()),
            error: row.error.clone(),
        }
    }
}

impl TargetBody {
    #[expect(clippy::cast_precision_loss, reason = "a probe moves far fewer than 2^53 bytes")]
    fn of(target: &TargetReport, past: &[TargetRow]) -> Self {
        let transfer = target.outcome.as_ref().ok();
        let rate = transfer.map(|t| t.bytes as f64 * 8.0 / t.duration.as_secs_f64());
        Self {
            url: target.url.clone(),
            bytes: transfer.map(|t| t.bytes),
            duration_ms: transfer
                .map(|t| u64::try_from(t.duration.as_millis()).unwrap_or(u64::MAX)),
            speed_mbps: rate.map(|bps| round_mbps(Throughput::from_bps(bps))),
            error: target.outcome.as_ref().err().map(ToString::to_string),
            history: past.iter().filter(|row| row.url == target.url).map(PastBody::from).collect(),
        }
    }
}

/// Runs a network speed test.
///
/// Downloads from the configured targets to this server. A target that fails is named; if all fail
/// the answer is 2.0 Mbps with source `fallback`.
#[utoipa::path(post, path = "/api/audio/quick-sync/test/", tag = "quick-sync", operation_id = "run_speed_test",
    responses(
        (status = 200, description = "Done", body = TestAnswer),
        (status = 429, description = "Too many, for now", body = Problem)))]
pub(super) async fn run(
    State(state): State<ServerState>,
    Extension(address): Extension<ClientAddress>,
    caller: Caller,
) -> Result<Json<TestAnswer>, ApiError> {
    let limit = &state.limits().speed_tests;
    limit.admit(caller.user_id, state.now()).map_err(ApiError::rate_limited)?;
    let report = state.sensing().run_probe().await;
    let now = state.now();
    if let Some(throughput) = report.throughput {
        keep(&state, &caller, address, (throughput, &report), now).await?;
    }
    let device = (caller.user_id, caller.device_id);
    let belief = state.sensing().belief(state.store(), device, now).await?;
    let belief = Belief { estimate: estimate_of(&report, now), ..belief };
    let estimate = belief.estimate;
    let standing = standing(&state, device, belief.surroundings).await?;
    let advice = Advice::from_figures(standing, belief, load::of(&state, now), now);
    state.sensing().pending.add_report(&report, now);
    state.sensing().pending.flush(state.store()).await?;
    let past = state.store().targets(MAX_PAST).await?;
    Ok(Json(TestAnswer {
        network_speed_mbps: round_mbps(estimate.throughput),
        system_resources: ResourcesBody::of(&advice),
        recommended_quality: advice.quality.as_str(),
        timestamp: unix_s(now.as_micros()),
        source: estimate.source.as_str(),
        reason: advice.reason,
        targets: report.targets.iter().map(|target| TargetBody::of(target, &past)).collect(),
    }))
}

fn estimate_of(report: &ProbeReport, now: Timestamp) -> Estimate {
    let measured = |throughput| Measurement { throughput, at: now, explicit: true };
    report.throughput.map_or_else(Estimate::fallback, |throughput| {
        Estimate::single(Source::ServerProbe, measured(throughput))
    })
}

/// Keeps the figure, so that it outlives a restart, and lets it count.
async fn keep(
    state: &ServerState,
    caller: &Caller,
    address: ClientAddress,
    (throughput, report): (Throughput, &ProbeReport),
    now: Timestamp,
) -> Result<(), ApiError> {
    let sample = NewThroughputSample {
        user_id: caller.user_id,
        device_id: caller.device_id,
        source: Source::ServerProbe.as_str().to_owned(),
        network_kind: quicksync_model::NetworkKind::Unknown,
        network_key: network_key(state, address),
        measured_us: now.as_micros(),
        bytes: report.bytes,
        duration_us: u64::try_from(report.duration.as_micros()).unwrap_or(u64::MAX),
        throughput_bps: throughput.bps(),
    };
    // A figure that cannot be kept still counts until the next restart.
    if let Err(error) = state.store().add_samples(&[sample], KEEP_PER_DEVICE).await {
        tracing::warn!(%error, "could not keep the figure of a speed test");
    }
    let found = Measurement { throughput, at: now, explicit: true };
    let device = (caller.user_id, caller.device_id);
    state.sensing().record(state.store(), device, (Source::ServerProbe, found), now).await?;
    Ok(())
}
