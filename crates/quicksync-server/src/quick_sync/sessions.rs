//! `sessions/`: playback sessions as their players tell of them, and how good they were.
//!
//! Untrusted: an absurd event is refused with the field named, and then none of them counts. The
//! figures of a session are sums of its events; nothing is made up.

use axum::extract::State;
use axum::http::StatusCode;
use quicksync_model::NetworkKind;
use quicksync_store::{HindsightRow, LogPart, SessionEventRow, SessionReportRow, SessionRow};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::happened::{Happened, SessionEvent, float};
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
/// Sessions in one answer.
const MAX_LIMIT: u32 = 500;
const DEFAULT_LIMIT: u32 = 50;

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
    /// Which event of the session the first of these is, counted from 0. With it a report may be
    /// sent again: what was taken in already does not count twice. Without it every event counts.
    #[schema(example = 12)]
    first_event: Option<u64>,
    /// The decision log, or the next part of it; up to 200,000 bytes in all.
    decision_log: Option<String>,
    /// Where in the log that part begins, in bytes: what is kept from there on is replaced. 0 if left
    /// out.
    decision_log_at: Option<usize>,
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
    /// Events taken in: the number of the next one.
    events_taken: u64,
    /// How it compares with the best there could have been on its own network; null until that is
    /// known, some minutes after its end.
    hindsight: Option<HindsightBody>,
    /// Quality of experience per segment, 1 for the best without any trouble; null before anything
    /// was heard.
    qoe: Option<f64>,
}

/// How far a session stayed behind the optimum: of a player that knows the network in advance, holds
/// any amount of media and may replace it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HindsightBody {
    /// `compared`; else why not: `nothing_heard`, `unknown_network`, `too_long` (more than 16 minutes)
    /// or `failed`.
    outcome: String,
    /// Of `qoe`, at least; null where not compared.
    distance_at_least: Option<f64>,
    /// Of `qoe`, at most.
    distance_at_most: Option<f64>,
}

impl From<HindsightRow> for HindsightBody {
    fn from(row: HindsightRow) -> Self {
        Self {
            outcome: row.outcome,
            distance_at_least: row.distance.map(|(least, _)| least),
            distance_at_most: row.distance.map(|(_, most)| most),
        }
    }
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
            events_taken: row.events_taken,
            qoe: row.qoe,
            hindsight: row.hindsight.map(HindsightBody::from),
            player: row.player,
        }
    }
}

/// One session with everything that happened in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionDetail {
    #[serde(flatten)]
    session: SessionBody,
    /// In order, the first 2,000.
    events: Vec<EventBody>,
    /// What the core was told and answered, line by line; null if the player sent none.
    decision_log: Option<String>,
}

impl SessionDetail {
    /// A session of its user, with what is kept of it.
    pub(crate) async fn of(state: &ServerState, row: SessionRow) -> Result<Self, ApiError> {
        let (store, user, id) = (state.store(), row.user_id, row.id);
        let events = store.session_events(user, id).await?;
        Ok(Self {
            events: events.into_iter().map(EventBody::from).collect(),
            decision_log: store.session_log(user, id).await?,
            session: row.into(),
        })
    }
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventBody {
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
        events_taken: 0,
        qoe: None,
        hindsight: None,
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
    let row = state.store().session(caller.user_id, id).await?.ok_or_else(no_such_session)?;
    Ok(Json(SessionDetail::of(&state, row).await?))
}

/// Tells what happened in a playback session of the caller.
#[utoipa::path(post, path = "/api/audio/quick-sync/sessions/{id}/events/", tag = "quick-sync", operation_id = "post_session_events",
    params(("id" = Uuid, Path)), request_body = SessionReport,
    responses(
        (status = 200, description = "Done", body = SessionBody),
        (status = 400, description = "A field is not as it must be", body = Problem),
        (status = 404, description = "There is no such playback session", body = Problem),
        (status = 409, description = "The decision log has no byte before this part",
            body = Problem)))]
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
    let log = log_part(&report)?;
    let events: Vec<Happened> = report
        .events
        .iter()
        .enumerate()
        .map(|(index, event)| Happened::check(index, event, now))
        .collect::<Result<_, _>>()?;
    let rows: Vec<_> = events.iter().map(Happened::row).collect();
    let change = |row: SessionRow, known: usize| {
        events.iter().skip(known).fold(row, |row, event| event.apply(row))
    };
    let (whose, first) = ((caller.user_id, id), report.first_event);
    let report = SessionReportRow { first, events: &rows, keep: KEEP_EVENTS, log };
    let changed = state.store().add_session_events(whose, &change, report).await?;
    Ok(Json(changed.ok_or_else(no_such_session)?.into()))
}

fn log_part(report: &SessionReport) -> Result<Option<LogPart<'_>>, ApiError> {
    let at_byte = report.decision_log_at.unwrap_or(0);
    let Some(text) = report.decision_log.as_deref() else { return Ok(None) };
    if at_byte.saturating_add(text.len()) > MAX_LOG_BYTES {
        let detail = format!("decision_log has at most {MAX_LOG_BYTES} bytes.");
        return Err(ApiError::invalid("decision_log", detail));
    }
    Ok(Some(LogPart { at_byte, text }))
}
