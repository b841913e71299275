//! `POST samples/`: what a client's own transfers showed.
//!
//! Untrusted: an absurd sample is refused with the field named, and then none of them counts.

use axum::Extension;
use axum::extract::State;
use quicksync_model::{NetworkKind, Throughput, Timestamp};
use quicksync_sense::{Measurement, Source};
use quicksync_store::{Declaration, NewThroughputSample};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::pending::KEEP_PER_DEVICE;
use super::status::NetworkBody;
use super::surroundings::{DeviceKey, Surroundings, network_key};
use crate::auth::Caller;
use crate::client_address::ClientAddress;
use crate::error::Problem;
use crate::extract::Json;
use crate::{ApiError, ServerState};

/// Samples in one request: more than five minutes of segments.
const MAX_SAMPLES: usize = 100;
/// No transfer of ours is longer than an original file of an hour at 24 bit, 192 kHz.
const MAX_BYTES: u64 = 4_000_000_000;
/// No transfer takes longer than this and says anything about a network.
const MAX_DURATION_MS: f64 = 3_600_000.0;
/// Faster than any listener's network: 100 Gbps.
const MAX_MBPS: f64 = 100_000.0;
/// How old a sample may be when it is posted.
const MAX_AGE_US: i64 = 3600 * 1_000_000;
/// How far a client's clock may be ahead of ours.
const MAX_AHEAD_US: i64 = 60 * 1_000_000;

/// Throughput samples of the caller's device.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SamplesChange {
    /// `wifi`, `cellular`, `ethernet` or `unknown`.
    #[serde(default, deserialize_with = "network_kind")]
    #[schema(value_type = Option<String>, example = "wifi")]
    network_kind: Option<NetworkKind>,
    /// Whether data costs money on it.
    metered: Option<bool>,
    /// Whether the listener wants to be spared data.
    save_data: Option<bool>,
    /// 1 to 100 of them.
    samples: Vec<SampleChange>,
}

/// One transfer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleChange {
    /// Bytes that arrived.
    #[schema(example = 61_440)]
    bytes: u64,
    /// Milliseconds from the request to the last of them.
    #[schema(example = 412.5)]
    duration_ms: f64,
    /// Unix time of its end, seconds; now if left out. At most an hour ago.
    measured_at: Option<f64>,
    /// `playback` (default) or `listener_probe`.
    #[serde(default, deserialize_with = "source")]
    #[schema(value_type = Option<String>, example = "playback")]
    source: Option<Source>,
}

/// What the samples changed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SamplesAnswer {
    /// How many were taken in.
    accepted: usize,
    /// What is believed of the network now.
    network: NetworkBody,
}

fn network_kind<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NetworkKind>, D::Error> {
    let word = String::deserialize(from)?;
    word.parse().map(Some).map_err(serde::de::Error::custom)
}

fn source<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Source>, D::Error> {
    let word = String::deserialize(from)?;
    let known = [Source::Playback, Source::ListenerProbe].into_iter().find(|s| s.as_str() == word);
    let refused = || serde::de::Error::custom("a source is one of playback, listener_probe");
    known.map(Some).ok_or_else(refused)
}

/// Takes throughput samples of the caller's device in.
#[utoipa::path(post, path = "/api/audio/quick-sync/samples/", tag = "quick-sync", operation_id = "post_samples",
    request_body = SamplesChange,
    responses(
        (status = 200, description = "Done", body = SamplesAnswer),
        (status = 400, description = "A field is not as it must be", body = Problem)))]
pub(super) async fn post(
    State(state): State<ServerState>,
    Extension(address): Extension<ClientAddress>,
    caller: Caller,
    Json(change): Json<SamplesChange>,
) -> Result<Json<SamplesAnswer>, ApiError> {
    let now = state.now();
    let found = check_all(&change.samples, now)?;
    let device = (caller.user_id, caller.device_id);
    let declared = Declaration {
        network_kind: change.network_kind,
        is_metered: change.metered,
        saves_data: change.save_data,
    };
    let seen = (declared, Some(network_key(&state, address)));
    let here = state.sensing().declare(state.store(), device, seen, now).await?;
    let rows: Vec<_> = found.iter().map(|found| found.row(device, here)).collect();
    state.store().add_samples(&rows, KEEP_PER_DEVICE).await?;
    for found in &found {
        let measured = (found.source, found.measurement());
        state.sensing().record(state.store(), device, measured, now).await?;
    }
    let belief = state.sensing().belief(state.store(), device, now).await?;
    Ok(Json(SamplesAnswer { accepted: found.len(), network: NetworkBody::of(&belief, now) }))
}

/// A sample that passed every check.
#[derive(Clone, Copy, Debug)]
struct Checked {
    source: Source,
    bytes: u64,
    duration_us: u64,
    throughput: Throughput,
    at: Timestamp,
}

impl Checked {
    const fn measurement(self) -> Measurement {
        let explicit = matches!(self.source, Source::ListenerProbe);
        Measurement { throughput: self.throughput, at: self.at, explicit }
    }

    fn row(self, (user_id, device_id): DeviceKey, here: Surroundings) -> NewThroughputSample {
        NewThroughputSample {
            user_id,
            device_id,
            source: self.source.as_str().to_owned(),
            network_kind: here.kind,
            network_key: here.key,
            measured_us: self.at.as_micros(),
            bytes: self.bytes,
            duration_us: self.duration_us,
            throughput_bps: self.throughput.bps(),
        }
    }
}

fn check_all(samples: &[SampleChange], now: Timestamp) -> Result<Vec<Checked>, ApiError> {
    if samples.is_empty() || samples.len() > MAX_SAMPLES {
        let detail = format!("samples must hold 1 to {MAX_SAMPLES} samples.");
        return Err(ApiError::invalid("samples", detail));
    }
    samples.iter().enumerate().map(|(index, sample)| check(index, sample, now)).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "every value is bounded by the checks before its cast"
)]
fn check(index: usize, sample: &SampleChange, now: Timestamp) -> Result<Checked, ApiError> {
    let refuse = |name: &str, must: &str| {
        let field = format!("samples[{index}].{name}");
        ApiError::invalid(field.clone(), format!("{field} must be {must}."))
    };
    if !(1..=MAX_BYTES).contains(&sample.bytes) {
        return Err(refuse("bytes", "1 to 4,000,000,000"));
    }
    if !(sample.duration_ms > 0.0 && sample.duration_ms <= MAX_DURATION_MS) {
        return Err(refuse("duration_ms", "more than 0 and at most an hour"));
    }
    let throughput = Throughput::from_bps(sample.bytes as f64 * 8e3 / sample.duration_ms);
    if throughput.mbps() > MAX_MBPS {
        return Err(refuse("duration_ms", "long enough for a rate of at most 100 Gbps"));
    }
    let at_us = sample.measured_at.map_or(now.as_micros(), |at| (at * 1e6) as i64);
    let age_us = now.as_micros().saturating_sub(at_us);
    if !(-MAX_AHEAD_US..=MAX_AGE_US).contains(&age_us) {
        return Err(refuse("measured_at", "Unix time in seconds, within the last hour"));
    }
    Ok(Checked {
        source: sample.source.unwrap_or(Source::Playback),
        bytes: sample.bytes,
        duration_us: (sample.duration_ms * 1e3).ceil() as u64,
        throughput,
        // A client's clock that is ahead must not make a figure count for longer.
        at: Timestamp::from_micros(at_us.min(now.as_micros())),
    })
}
