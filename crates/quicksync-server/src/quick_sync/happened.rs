//! What happens in a playback session: each event checked, and what it adds to the session.
//!
//! Untrusted: an absurd event is refused with the field named. Decides: how good a session was so
//! far. Pure.

use quicksync_abr::playback::utility;
use quicksync_model::{Quality, Timestamp};
use quicksync_store::{SessionEventRow, SessionRow};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::ApiError;

/// A day: longer than any event lasts.
const MAX_MS: f64 = 86_400_000.0;
/// No event moves more bytes.
const MAX_BYTES: u64 = 4_000_000_000;
/// How old an event may be when it is posted, and how far a client's clock may be ahead.
const AGES_US: std::ops::RangeInclusive<i64> = -60_000_000..=86_400_000_000;
/// A segment plays so long, milliseconds: what the weights of the metric are per.
pub(super) const SEGMENT_MS: u64 = 3840;

/// One thing that happened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionEvent {
    /// `startup`, `heard`, `stall`, `switch`, `abandon`, `seek`, `fetched`, `wasted` or `end`.
    #[serde(rename = "type")]
    kind: String,
    /// Unix time, seconds; now if left out.
    at: Option<f64>,
    /// Of `startup`: from play to the first sound. Of `stall` and `heard`: how long. Of `fetched`, if
    /// it is one transfer: from the request to its last byte, `at`. Milliseconds.
    duration_ms: Option<f64>,
    /// Of `heard`: at which quality.
    quality: Option<String>,
    /// Of `switch`.
    from: Option<String>,
    /// Of `switch`.
    to: Option<String>,
    /// Of `fetched`, `wasted` and `abandon`: bytes of media.
    bytes: Option<u64>,
}

/// An event that passed every check.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Happened {
    at_us: i64,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    Startup(u32),
    Heard(Quality, u32),
    Stall(u32),
    Switch(Quality, Quality),
    Abandon(u64),
    Seek,
    Fetched(u64, Option<u32>),
    Wasted(u64),
    End,
}

impl Happened {
    pub(super) fn check(
        index: usize,
        event: &SessionEvent,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let refuse = |name: &str, must: &str| {
            let field = format!("events[{index}].{name}");
            ApiError::invalid(field.clone(), format!("{field} must be {must}."))
        };
        let ms = || {
            let within = event.duration_ms.filter(|ms| (0.0..=MAX_MS).contains(ms));
            within.map(whole).ok_or_else(|| refuse("duration_ms", "milliseconds, 0 to a day"))
        };
        let bytes = || {
            let within = event.bytes.filter(|bytes| *bytes <= MAX_BYTES);
            within.ok_or_else(|| refuse("bytes", "0 to 4,000,000,000"))
        };
        let quality = |name: &str, word: &Option<String>| {
            let parsed = word.as_deref().and_then(|word| word.parse().ok());
            parsed.ok_or_else(|| refuse(name, "low, medium, high or ultra"))
        };
        let what = match event.kind.as_str() {
            "startup" => What::Startup(ms()?),
            "heard" => What::Heard(quality("quality", &event.quality)?, ms()?),
            "stall" => What::Stall(ms()?),
            "switch" => What::Switch(quality("from", &event.from)?, quality("to", &event.to)?),
            "abandon" => What::Abandon(if event.bytes.is_some() { bytes()? } else { 0 }),
            "seek" => What::Seek,
            "fetched" if event.duration_ms.is_none() => What::Fetched(bytes()?, None),
            "fetched" => What::Fetched(bytes()?, Some(ms()?)),
            "wasted" => What::Wasted(bytes()?),
            "end" => What::End,
            _ => return Err(refuse("type", "one of the words there are")),
        };
        let at_us = event.at.map_or(now.as_micros(), micros);
        if !AGES_US.contains(&now.as_micros().saturating_sub(at_us)) {
            return Err(refuse("at", "Unix time in seconds, within the last day"));
        }
        Ok(Self { at_us: at_us.min(now.as_micros()), what })
    }

    pub(super) fn row(&self) -> SessionEventRow {
        let (kind, detail) = match self.what {
            What::Startup(ms) => ("startup", serde_json::json!({"duration_ms": ms})),
            What::Heard(quality, ms) => {
                ("heard", serde_json::json!({"quality": quality.as_str(), "duration_ms": ms}))
            }
            What::Stall(ms) => ("stall", serde_json::json!({"duration_ms": ms})),
            What::Switch(from, to) => {
                ("switch", serde_json::json!({"from": from.as_str(), "to": to.as_str()}))
            }
            What::Abandon(bytes) => ("abandon", serde_json::json!({"bytes": bytes})),
            What::Seek => ("seek", serde_json::json!({})),
            What::Fetched(bytes, None) => ("fetched", serde_json::json!({"bytes": bytes})),
            What::Fetched(bytes, Some(ms)) => {
                ("fetched", serde_json::json!({"bytes": bytes, "duration_ms": ms}))
            }
            What::Wasted(bytes) => ("wasted", serde_json::json!({"bytes": bytes})),
            What::End => ("end", serde_json::json!({})),
        };
        SessionEventRow { at_us: self.at_us, kind: kind.to_owned(), detail: detail.to_string() }
    }

    pub(super) fn apply(&self, mut row: SessionRow) -> SessionRow {
        row.updated_us = row.updated_us.max(self.at_us);
        match self.what {
            What::Startup(ms) => row.startup_ms = row.startup_ms.or(Some(ms)),
            What::Heard(quality, ms) => {
                let heard = Quality::ALL.iter().position(|known| *known == quality);
                let slot = &mut row.heard_ms[heard.unwrap_or_default()];
                *slot = slot.saturating_add(ms.into());
            }
            What::Stall(ms) => {
                row.stalls = row.stalls.saturating_add(1);
                row.stalled_ms = row.stalled_ms.saturating_add(ms.into());
            }
            What::Switch(from, to) => {
                row.switches = row.switches.saturating_add(1);
                row.switch_cost += (utility(to) - utility(from)).abs();
            }
            What::Abandon(bytes) => {
                row.abandons = row.abandons.saturating_add(1);
                row.wasted_bytes = row.wasted_bytes.saturating_add(bytes);
            }
            What::Seek => row.seeks = row.seeks.saturating_add(1),
            What::Fetched(bytes, _) => row.bytes = row.bytes.saturating_add(bytes),
            What::Wasted(bytes) => row.wasted_bytes = row.wasted_bytes.saturating_add(bytes),
            What::End => row.ended_us = Some(self.at_us),
        }
        row.qoe = qoe(&row);
        row
    }
}

/// How good the session was so far, per segment heard: utility, less half of every step between
/// rungs, 0.3 a second and 4 an occurrence of stalls, 0.1 a second of startup delay.
fn qoe(row: &SessionRow) -> Option<f64> {
    let segments = row.heard_ms.map(|ms| float(ms) / float(SEGMENT_MS));
    let count: f64 = segments.iter().sum();
    if count <= 0.0 {
        return None;
    }
    let pairs = Quality::ALL.iter().zip(segments);
    let heard: f64 = pairs.map(|(quality, segments)| utility(*quality) * segments).sum();
    let startup_s = f64::from(row.startup_ms.unwrap_or_default()) / 1e3;
    let stalled_s = float(row.stalled_ms) / 1e3;
    let lost =
        0.5 * row.switch_cost + 0.3 * stalled_s + 4.0 * f64::from(row.stalls) + 0.1 * startup_s;
    Some((heard - lost) / count)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the caller checked the range"
)]
const fn whole(ms: f64) -> u32 {
    ms as u32
}

#[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and the age is checked")]
const fn micros(seconds: f64) -> i64 {
    (seconds * 1e6) as i64
}

#[expect(clippy::cast_precision_loss, reason = "nobody listens for 2^53 milliseconds")]
pub(super) const fn float(count: u64) -> f64 {
    count as f64
}
