//! `sessions/`: playback sessions as their players tell of them, and how good they were.
//!
//! Untrusted: an absurd event is refused with the field named, and then none of them counts. The
//! figures of a session are sums of its events; nothing is made up.

use axum::extract::State;
use axum::http::StatusCode;
use quicksync_abr::playback::utility;
use quicksync_model::{NetworkKind, Quality, Timestamp};
use quicksync_store::{SessionEventRow, SessionRow};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::Caller;
use crate::error::Problem;
use crate::extract::{Json, Named, Query};
use crate::wire::unix_s;
use crate::{ApiError, ServerState};

/// Sessions kept of one user: years of them.
const KEEP_SESSIONS: u32 = 20_000;
/// Events kept of one session, the first; its figures go on counting.
const KEEP_EVENTS: u32 = 2_000;
/// Events in one request.
const MAX_EVENTS: usize = 200;
/// The longest decision log: an hour or so.
const MAX_LOG_BYTES: usize = 200_000;
/// The longest name of a player, in characters.
const MAX_PLAYER: usize = 80;
/// A day: longer than any event lasts.
const MAX_MS: f64 = 86_400_000.0;
/// No event moves more bytes.
const MAX_BYTES: u64 = 4_000_000_000;
/// How old an event may be when it is posted, and how far a client's clock may be ahead.
const AGES_US: std::ops::RangeInclusive<i64> = -60_000_000..=86_400_000_000;
/// Sessions in one answer.
const MAX_LIMIT: u32 = 500;
const DEFAULT_LIMIT: u32 = 50;
/// A segment plays so long, milliseconds: what the weights of the metric are per.
const SEGMENT_MS: f64 = 3840.0;

/// A session to be started.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionStart {
    /// Made by the client, so that asking twice starts one; random if left out.
    id: Option<Uuid>,
    /// What is started.
    track_id: Option<Uuid>,
    /// What the player calls itself, 1 to 80 characters.
    #[schema(example = "quicksync-web 0.1")]
    player: String,
    /// `wifi`, `cellular`, `ethernet` or `unknown`; as last said if left out.
    #[serde(default, deserialize_with = "network_kind")]
    #[schema(value_type = Option<String>, example = "wifi")]
    network_kind: Option<NetworkKind>,
}

/// What happened, in order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionReport {
    /// Up to 200.
    #[serde(default)]
    events: Vec<SessionEvent>,
    /// The decision log so far, up to 200,000 bytes; replaces what was sent before.
    decision_log: Option<String>,
}

/// One thing that happened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionEvent {
    /// `startup`, `heard`, `stall`, `switch`, `abandon`, `seek`, `fetched`, `wasted` or `end`.
    #[serde(rename = "type")]
    kind: String,
    /// Unix time, seconds; now if left out.
    at: Option<f64>,
    /// Of `startup`: from play to the first sound. Of `stall` and `heard`: how long. Milliseconds.
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

/// One playback session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionBody {
    id: Uuid,
    device_id: Uuid,
    track_id: Option<Uuid>,
    player: String,
    network_kind: &'static str,
    /// Unix time, seconds.
    started_at: f64,
    /// Unix time, seconds; null while it lasts.
    ended_at: Option<f64>,
    /// From play to the first sound, milliseconds; null before.
    startup_ms: Option<u32>,
    stalls: u32,
    stalled_ms: u64,
    switches: u32,
    abandons: u32,
    seeks: u32,
    heard_s: HeardBody,
    /// Of media.
    bytes: u64,
    /// Of media never heard.
    wasted_bytes: u64,
    /// Quality of experience per segment, 1 for the best without any trouble; null before anything
    /// was heard.
    qoe: Option<f64>,
}

/// Seconds heard at each quality.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct HeardBody {
    low: f64,
    medium: f64,
    high: f64,
    ultra: f64,
}

impl From<[u64; 4]> for HeardBody {
    fn from(heard_ms: [u64; 4]) -> Self {
        let [low, medium, high, ultra] = heard_ms.map(|ms| float(ms) / 1e3);
        Self { low, medium, high, ultra }
    }
}

impl From<SessionRow> for SessionBody {
    fn from(row: SessionRow) -> Self {
        Self {
            id: row.id,
            device_id: row.device_id,
            track_id: row.track_id,
            network_kind: row.network_kind.as_str(),
            started_at: unix_s(row.started_us),
            ended_at: row.ended_us.map(unix_s),
            startup_ms: row.startup_ms,
            stalls: row.stalls,
            stalled_ms: row.stalled_ms,
            switches: row.switches,
            abandons: row.abandons,
            seeks: row.seeks,
            heard_s: row.heard_ms.into(),
            bytes: row.bytes,
            wasted_bytes: row.wasted_bytes,
            qoe: row.qoe,
            player: row.player,
        }
    }
}

/// One session with everything that happened in it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionDetail {
    #[serde(flatten)]
    session: SessionBody,
    /// In order, the first 2,000.
    events: Vec<EventBody>,
    /// What the core was told and answered, line by line; null if the player sent none.
    decision_log: Option<String>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventBody {
    #[serde(rename = "type")]
    kind: String,
    /// Unix time, seconds.
    at: f64,
    /// Its other fields.
    #[schema(value_type = Object)]
    detail: Value,
}

impl From<SessionEventRow> for EventBody {
    fn from(row: SessionEventRow) -> Self {
        let detail = serde_json::from_str(&row.detail).unwrap_or_default();
        Self { kind: row.kind, at: unix_s(row.at_us), detail }
    }
}

/// Playback sessions, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionsAnswer {
    results: Vec<SessionBody>,
}

fn network_kind<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NetworkKind>, D::Error> {
    let word = String::deserialize(from)?;
    word.parse().map(Some).map_err(serde::de::Error::custom)
}

fn no_such_session() -> ApiError {
    ApiError::not_found("playback session")
}

/// Starts a playback session of the caller's device.
#[utoipa::path(post, path = "/api/audio/quick-sync/sessions/", tag = "quick-sync", operation_id = "start_session",
    request_body = SessionStart,
    responses(
        (status = 201, description = "Started, or there already", body = SessionBody),
        (status = 400, description = "A field is not as it must be", body = Problem),
        (status = 409, description = "The id is taken", body = Problem)))]
pub(super) async fn start(
    State(state): State<ServerState>,
    caller: Caller,
    Json(start): Json<SessionStart>,
) -> Result<(StatusCode, Json<SessionBody>), ApiError> {
    let player = start.player.trim();
    let is_plain = player.chars().all(|c| !c.is_control());
    if !(1..=MAX_PLAYER).contains(&player.chars().count()) || !is_plain {
        return Err(ApiError::invalid("player", "player must have 1 to 80 printable characters."));
    }
    let (now, device) = (state.now(), (caller.user_id, caller.device_id));
    let here = state.sensing().belief(state.store(), device, now).await?.surroundings;
    let row = SessionRow {
        id: start.id.unwrap_or_else(|| crate::random_uuid(state.entropy())),
        user_id: caller.user_id,
        device_id: caller.device_id,
        track_id: start.track_id,
        player: player.to_owned(),
        network_kind: start.network_kind.unwrap_or(here.kind),
        started_us: now.as_micros(),
        updated_us: now.as_micros(),
        ended_us: None,
        startup_ms: None,
        stalls: 0,
        stalled_ms: 0,
        switches: 0,
        abandons: 0,
        seeks: 0,
        heard_ms: [0; 4],
        bytes: 0,
        wasted_bytes: 0,
        switch_cost: 0.0,
        qoe: None,
    };
    let kept = state.store().start_session(&row, KEEP_SESSIONS).await?;
    Ok((StatusCode::CREATED, Json(kept.into())))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SessionsQuery {
    /// How many at most, 1 to 500. Default 50.
    limit: Option<u32>,
}

/// The caller's playback sessions, newest first.
#[utoipa::path(get, path = "/api/audio/quick-sync/sessions/", tag = "quick-sync", operation_id = "list_sessions",
    params(SessionsQuery),
    responses(
        (status = 200, description = "Done", body = SessionsAnswer),
        (status = 400, description = "A field is not as it must be", body = Problem)))]
pub(super) async fn list(
    State(state): State<ServerState>,
    caller: Caller,
    Query(query): Query<SessionsQuery>,
) -> Result<Json<SessionsAnswer>, ApiError> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(ApiError::invalid("limit", format!("limit must be 1 to {MAX_LIMIT}.")));
    }
    let rows = state.store().sessions(caller.user_id, (i64::MIN, i64::MAX), limit).await?;
    Ok(Json(SessionsAnswer { results: rows.into_iter().map(SessionBody::from).collect() }))
}

/// One playback session of the caller, with its events and decision log.
#[utoipa::path(get, path = "/api/audio/quick-sync/sessions/{id}/", tag = "quick-sync", operation_id = "show_session",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "Done", body = SessionDetail),
        (status = 404, description = "There is no such playback session", body = Problem)))]
pub(super) async fn one(
    State(state): State<ServerState>,
    caller: Caller,
    Named(id): Named<Uuid>,
) -> Result<Json<SessionDetail>, ApiError> {
    let (store, user) = (state.store(), caller.user_id);
    let row = store.session(user, id).await?.ok_or_else(no_such_session)?;
    let events = store.session_events(user, id).await?;
    Ok(Json(SessionDetail {
        session: row.into(),
        events: events.into_iter().map(EventBody::from).collect(),
        decision_log: store.session_log(user, id).await?,
    }))
}

/// Tells what happened in a playback session of the caller.
#[utoipa::path(post, path = "/api/audio/quick-sync/sessions/{id}/events/", tag = "quick-sync", operation_id = "post_session_events",
    params(("id" = Uuid, Path)), request_body = SessionReport,
    responses(
        (status = 200, description = "Done", body = SessionBody),
        (status = 400, description = "A field is not as it must be", body = Problem),
        (status = 404, description = "There is no such playback session", body = Problem)))]
pub(super) async fn report(
    State(state): State<ServerState>,
    caller: Caller,
    Named(id): Named<Uuid>,
    Json(report): Json<SessionReport>,
) -> Result<Json<SessionBody>, ApiError> {
    let now = state.now();
    if report.events.len() > MAX_EVENTS {
        return Err(ApiError::invalid("events", format!("events are at most {MAX_EVENTS}.")));
    }
    let log = report.decision_log.as_deref();
    if log.is_some_and(|log| log.len() > MAX_LOG_BYTES) {
        let detail = format!("decision_log has at most {MAX_LOG_BYTES} bytes.");
        return Err(ApiError::invalid("decision_log", detail));
    }
    let events: Vec<Happened> = report
        .events
        .iter()
        .enumerate()
        .map(|(index, event)| Happened::check(index, event, now))
        .collect::<Result<_, _>>()?;
    let rows: Vec<_> = events.iter().map(Happened::row).collect();
    let change = |row: SessionRow| events.iter().fold(row, |row, event| event.apply(row));
    let whose = (caller.user_id, id);
    let changed =
        state.store().add_session_events(whose, &change, (&rows, KEEP_EVENTS), log).await?;
    Ok(Json(changed.ok_or_else(no_such_session)?.into()))
}

/// An event that passed every check.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Happened {
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
    Fetched(u64),
    Wasted(u64),
    End,
}

impl Happened {
    fn check(index: usize, event: &SessionEvent, now: Timestamp) -> Result<Self, ApiError> {
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
            "fetched" => What::Fetched(bytes()?),
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

    fn row(&self) -> SessionEventRow {
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
            What::Fetched(bytes) => ("fetched", serde_json::json!({"bytes": bytes})),
            What::Wasted(bytes) => ("wasted", serde_json::json!({"bytes": bytes})),
            What::End => ("end", serde_json::json!({})),
        };
        SessionEventRow { at_us: self.at_us, kind: kind.to_owned(), detail: detail.to_string() }
    }

    fn apply(&self, mut row: SessionRow) -> SessionRow {
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
            What::Fetched(bytes) => row.bytes = row.bytes.saturating_add(bytes),
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
    let segments = row.heard_ms.map(|ms| float(ms) / SEGMENT_MS);
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

#[expect(clippy::cast_precision_loss, reason = "nobody listens for 2^53 milliseconds")]
pub(super) const fn float(count: u64) -> f64 {
    count as f64
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
