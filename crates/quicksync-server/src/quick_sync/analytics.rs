//! `analytics/`: what the caller's playback sessions add up to, as a summary, as a series and as a
//! file; for administrators those of everybody.
//!
//! Decides: how sessions are grouped and what is counted of them. Never: what another user listened
//! to, not even for an administrator.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use quicksync_model::{Quality, Timestamp};
use quicksync_store::SessionRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::happened::float;
use super::sessions::{HeardBody, SessionBody};
use crate::auth::Caller;
use crate::error::Problem;
use crate::extract::{Json, Query};
use crate::wire::unix_s;
use crate::{ApiError, ServerState};

/// Sessions that one answer is made from: all that are kept of one user.
const MAX_SESSIONS: u32 = 20_000;
const DEFAULT_DAYS: u32 = 30;
const MAX_DAYS: u32 = 400;
const DAY_US: i64 = 24 * 3600 * 1_000_000;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SpanQuery {
    /// How many days back, 1 to 400. Default 30.
    days: Option<u32>,
    /// Of every user, for administrators. Default: the caller's own.
    #[serde(default)]
    everyone: bool,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SeriesQuery {
    /// How many days back, 1 to 400. Default 30.
    days: Option<u32>,
    /// Of every user, for administrators. Default: the caller's own.
    #[serde(default)]
    everyone: bool,
    /// `day` (if left out), `device`, `network_kind`, `player` or `user`.
    by: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportQuery {
    /// How many days back, 1 to 400. Default 30.
    days: Option<u32>,
    /// Of every user, for administrators. Default: the caller's own.
    #[serde(default)]
    everyone: bool,
    /// `json` (if left out) or `csv`.
    format: Option<String>,
}

/// What playback sessions add up to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Figures {
    /// Playback sessions.
    sessions: u32,
    heard_s: HeardBody,
    /// At every quality together, seconds.
    listened_s: f64,
    stalls: u64,
    /// Null where nothing was heard.
    stalls_per_hour: Option<f64>,
    stalled_s: f64,
    switches: u64,
    /// Half of the sessions started sooner, milliseconds; null where none did.
    startup_p50_ms: Option<u32>,
    /// Nineteen in twenty started sooner, milliseconds.
    startup_p95_ms: Option<u32>,
    /// Of media.
    bytes: u64,
    /// What ultra all the time would have taken, less that; negative where more was fetched.
    saved_bytes: i64,
    /// Of media never heard.
    wasted_bytes: u64,
    /// Mean quality of experience of the sessions, each by what was heard in it.
    qoe: Option<f64>,
    /// How many of them were compared with the best there could have been.
    compared_sessions: u32,
    /// How far those stayed behind it in quality of experience, at least; a mean as of `qoe`.
    distance_at_least: Option<f64>,
    /// The same, at most.
    distance_at_most: Option<f64>,
}

/// Figures of one group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GroupBody {
    /// The day (`2026-11-22`, UTC), the device's id, the kind of network, the player or the user's
    /// name.
    key: String,
    #[serde(flatten)]
    figures: Figures,
}

/// Figures by group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SeriesAnswer {
    /// What the groups are.
    by: &'static str,
    /// In the order of their keys.
    results: Vec<GroupBody>,
}

/// How sessions are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Day,
    Device,
    NetworkKind,
    Player,
    User,
}

impl By {
    const ALL: [Self; 5] = [Self::Day, Self::Device, Self::NetworkKind, Self::Player, Self::User];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Device => "device",
            Self::NetworkKind => "network_kind",
            Self::Player => "player",
            Self::User => "user",
        }
    }

    fn key(self, row: &SessionRow, names: &BTreeMap<Uuid, String>) -> String {
        match self {
            Self::Day => jiff::Timestamp::from_microsecond(row.started_us)
                .map(|instant| instant.strftime("%Y-%m-%d").to_string())
                .unwrap_or_default(),
            Self::Device => row.device_id.to_string(),
            Self::NetworkKind => row.network_kind.to_string(),
            Self::Player => row.player.clone(),
            Self::User => names.get(&row.user_id).cloned().unwrap_or_default(),
        }
    }
}

/// What the caller's playback sessions add up to.
#[utoipa::path(get, path = "/api/audio/quick-sync/analytics/summary/", tag = "quick-sync", operation_id = "analytics_summary",
    params(SpanQuery),
    responses(
        (status = 200, description = "Done", body = Figures),
        (status = 400, description = "A field is not as it must be", body = Problem),
        (status = 403, description = "Only an administrator may see everyone's", body = Problem)))]
pub(super) async fn summary(
    State(state): State<ServerState>,
    caller: Caller,
    Query(query): Query<SpanQuery>,
) -> Result<Json<Figures>, ApiError> {
    let listened = Listened::read(&state, &caller, query.days, query.everyone).await?;
    Ok(Json(Figures::of(listened.rows.iter())))
}

/// The same by day, device, kind of network or player.
#[utoipa::path(get, path = "/api/audio/quick-sync/analytics/series/", tag = "quick-sync", operation_id = "analytics_series",
    params(SeriesQuery),
    responses(
        (status = 200, description = "Done", body = SeriesAnswer),
        (status = 400, description = "A field is not as it must be", body = Problem),
        (status = 403, description = "Only an administrator may see everyone's", body = Problem)))]
pub(super) async fn series(
    State(state): State<ServerState>,
    caller: Caller,
    Query(query): Query<SeriesQuery>,
) -> Result<Json<SeriesAnswer>, ApiError> {
    let word = query.by.as_deref().unwrap_or("day");
    let words = "by is one of day, device, network_kind, player, user.";
    let refused = || ApiError::invalid("by", words);
    let by = By::ALL.into_iter().find(|by| by.as_str() == word).ok_or_else(refused)?;
    let listened = Listened::read(&state, &caller, query.days, query.everyone).await?;
    let mut groups: BTreeMap<String, Vec<&SessionRow>> = BTreeMap::new();
    for row in &listened.rows {
        groups.entry(by.key(row, &listened.names)).or_default().push(row);
    }
    let group = |(key, rows): (String, Vec<&SessionRow>)| GroupBody {
        key,
        figures: Figures::of(rows.into_iter()),
    };
    Ok(Json(SeriesAnswer { by: by.as_str(), results: groups.into_iter().map(group).collect() }))
}

/// The caller's playback sessions as a file.
///
/// Of everyone: without the tracks.
#[utoipa::path(get, path = "/api/audio/quick-sync/analytics/export/", tag = "quick-sync", operation_id = "analytics_export",
    params(ExportQuery),
    responses(
        (status = 200, description = "A list as JSON, or lines as CSV", body = Vec<SessionBody>),
        (status = 400, description = "A field is not as it must be", body = Problem),
        (status = 403, description = "Only an administrator may see everyone's", body = Problem)))]
pub(super) async fn export(
    State(state): State<ServerState>,
    caller: Caller,
    Query(query): Query<ExportQuery>,
) -> Result<Response, ApiError> {
    let Listened { rows, .. } = Listened::read(&state, &caller, query.days, query.everyone).await?;
    match query.format.as_deref().unwrap_or("json") {
        "json" => {
            let name = "attachment; filename=\"quicksync-sessions.json\"";
            let bodies: Vec<_> = rows.into_iter().map(SessionBody::from).collect();
            Ok(([(CONTENT_DISPOSITION, name)], Json(bodies)).into_response())
        }
        "csv" => {
            let name = "attachment; filename=\"quicksync-sessions.csv\"";
            let headers = [
                (CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
                (CONTENT_DISPOSITION, name),
            ];
            Ok((headers, csv(&rows)).into_response())
        }
        _ => Err(ApiError::invalid("format", "format is json or csv.")),
    }
}

/// The playback sessions that an answer is made from.
struct Listened {
    rows: Vec<SessionRow>,
    /// Of the users they are of.
    names: BTreeMap<Uuid, String>,
}

impl Listened {
    /// Of the caller, or of everyone: then without the tracks, which are nobody else's business.
    async fn read(
        state: &ServerState,
        caller: &Caller,
        days: Option<u32>,
        everyone: bool,
    ) -> Result<Self, ApiError> {
        let days = days.unwrap_or(DEFAULT_DAYS);
        if !(1..=MAX_DAYS).contains(&days) {
            return Err(ApiError::invalid("days", format!("days must be 1 to {MAX_DAYS}.")));
        }
        if everyone && !caller.is_admin {
            return Err(ApiError::forbidden("Only an administrator may see everyone's."));
        }
        let now: Timestamp = state.now();
        let since = now.as_micros().saturating_sub(i64::from(days) * DAY_US);
        let mut names = BTreeMap::from([(caller.user_id, caller.user_name.clone())]);
        if everyone {
            let users = state.store().users().await?;
            names = users.into_iter().map(|user| (user.id, user.name)).collect();
        }
        let mut rows = Vec::new();
        for user in names.keys() {
            rows.extend(state.store().sessions(*user, (since, i64::MAX), MAX_SESSIONS).await?);
        }
        if everyone {
            rows.sort_unstable_by_key(|row| (std::cmp::Reverse(row.started_us), row.id));
            rows.truncate(MAX_SESSIONS as usize);
            rows.iter_mut().for_each(|row| row.track_id = None);
        }
        Ok(Self { rows, names })
    }
}

impl Figures {
    fn of<'a>(rows: impl Iterator<Item = &'a SessionRow> + Clone) -> Self {
        let sum =
            |of: fn(&SessionRow) -> u64| rows.clone().map(of).fold(0_u64, u64::saturating_add);
        let mut heard_ms = [0_u64; 4];
        for row in rows.clone() {
            for (total, ms) in heard_ms.iter_mut().zip(row.heard_ms) {
                *total = total.saturating_add(ms);
            }
        }
        let listened_ms = heard_ms.iter().fold(0_u64, |sum, ms| sum.saturating_add(*ms));
        let (stalls, bytes) = (sum(|row| row.stalls.into()), sum(|row| row.bytes));
        let mut startups: Vec<u32> = rows.clone().filter_map(|row| row.startup_ms).collect();
        startups.sort_unstable();
        let hours = float(listened_ms) / 3.6e6;
        Self {
            sessions: count(rows.clone()),
            heard_s: heard_ms.into(),
            listened_s: float(listened_ms) / 1e3,
            stalls,
            stalls_per_hour: (hours > 0.0).then(|| float(stalls) / hours),
            stalled_s: float(sum(|row| row.stalled_ms)) / 1e3,
            switches: sum(|row| row.switches.into()),
            startup_p50_ms: quantile(&startups, 50),
            startup_p95_ms: quantile(&startups, 95),
            bytes,
            saved_bytes: saved(listened_ms, bytes),
            wasted_bytes: sum(|row| row.wasted_bytes),
            qoe: mean(rows.clone(), |row| row.qoe),
            compared_sessions: count(rows.clone().filter(|row| distance(row).is_some())),
            distance_at_least: mean(rows.clone(), |row| distance(row).map(|(least, _)| least)),
            distance_at_most: mean(rows, |row| distance(row).map(|(_, most)| most)),
        }
    }
}

/// The smallest value that `percent` of all do not exceed.
fn quantile(sorted: &[u32], percent: usize) -> Option<u32> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

/// A millisecond of ultra is so many bytes: its kbps over 8.
fn saved(listened_ms: u64, bytes: u64) -> i64 {
    let ultra = listened_ms.saturating_mul(u64::from(Quality::Ultra.bitrate().kbps())) / 8;
    let signed = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
    signed(ultra).saturating_sub(signed(bytes))
}

fn count<'a>(rows: impl Iterator<Item = &'a SessionRow>) -> u32 {
    u32::try_from(rows.count()).unwrap_or(u32::MAX)
}

fn distance(row: &SessionRow) -> Option<(f64, f64)> {
    row.hindsight.as_ref()?.distance
}

/// A mean over those sessions that have a figure, each by what was heard in it.
fn mean<'a>(
    rows: impl Iterator<Item = &'a SessionRow>,
    figure: impl Fn(&SessionRow) -> Option<f64>,
) -> Option<f64> {
    let weighed = rows.filter_map(|row| {
        let heard = row.heard_ms.iter().fold(0_u64, |sum, ms| sum.saturating_add(*ms));
        Some((figure(row)?, float(heard)))
    });
    let (sum, weight) = weighed
        .fold((0.0, 0.0), |(sum, total), (figure, heard)| (sum + figure * heard, total + heard));
    (weight > 0.0).then(|| sum / weight)
}

/// RFC 4180, the fields in the order of the JSON.
fn csv(rows: &[SessionRow]) -> String {
    let mut text = String::from(
        "id,device_id,track_id,player,network_kind,started_at,ended_at,startup_ms,stalls,\
         stalled_ms,switches,abandons,seeks,low_s,medium_s,high_s,ultra_s,bytes,wasted_bytes,qoe,\
         hindsight,distance_at_least,distance_at_most\r\n",
    );
    let optional = |value: Option<String>| value.unwrap_or_default();
    let number = |value: Option<f64>| optional(value.map(|value| value.to_string()));
    for row in rows {
        let [low, medium, high, ultra] = row.heard_ms.map(|ms| float(ms) / 1e3);
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{},{},{},{},{},{},{},{},{},{},{},{},{},{low},{medium},{high},{ultra},{},{},{},{},{},{}\r\n",
            row.id,
            row.device_id,
            optional(row.track_id.map(|id| id.to_string())),
            quoted(&row.player),
            row.network_kind,
            unix_s(row.started_us),
            optional(row.ended_us.map(|us| unix_s(us).to_string())),
            optional(row.startup_ms.map(|ms| ms.to_string())),
            row.stalls,
            row.stalled_ms,
            row.switches,
            row.abandons,
            row.seeks,
            row.bytes,
            row.wasted_bytes,
            number(row.qoe),
            optional(row.hindsight.as_ref().map(|hindsight| hindsight.outcome.clone())),
            number(distance(row).map(|(least, _)| least)),
            number(distance(row).map(|(_, most)| most)),
        );
    }
    text
}

/// A text of somebody else's: no quote ends it, and no program that opens the file takes it for a
/// formula.
fn quoted(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t']);
    let mark = if is_formula { "'" } else { "" };
    format!("\"{mark}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_seen() {
        let hundred: Vec<u32> = (1..=100).collect();
        for (sorted, percent, expected) in [
            (&hundred[..], 50, Some(50)),
            (&hundred[..], 95, Some(95)),
            (&hundred[..1], 95, Some(1)),
            (&hundred[..2], 50, Some(1)),
            (&[], 50, None),
        ] {
            assert_eq!(quantile(sorted, percent), expected, "{percent}");
        }
    }

    #[test]
    fn a_players_name_is_text_and_nothing_else() {
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(quoted("=HYPERLINK()"), "\"'=HYPERLINK()\"");
    }

    #[test]
    fn saved_is_against_ultra_all_the_time() {
        assert_eq!(saved(1000, 8_000), 32_000);
        assert_eq!(saved(1000, 50_000), -10_000);
    }
}
