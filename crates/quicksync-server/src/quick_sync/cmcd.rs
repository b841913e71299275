//! `POST cmcd/`: what players report by themselves: CMCD in event mode, as lines or as JSON.
//!
//! Untrusted: a report with an absurd record is refused with the record and key named, and then
//! none of its records counts.

use axum::Extension;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use quicksync_model::Timestamp;
use quicksync_sense::{Cmcd, CmcdError};
use quicksync_store::Declaration;

use super::surroundings::network_key;
use crate::auth::Caller;
use crate::client_address::ClientAddress;
use crate::error::Problem;
use crate::extract::JSON_LIMIT_BYTES;
use crate::{ApiError, ServerState};

/// How old a record may be, and how far a client's clock may be ahead: an hour, a minute.
const AGES_MS: std::ops::RangeInclusive<i64> = -60_000..=3_600_000;

/// Takes in a player's report: Common Media Client Data (CTA-5004-B) in event mode.
///
/// One record a line as `application/cmcd`, or one object or a list of them as
/// `application/json`.
#[utoipa::path(post, path = "/api/audio/quick-sync/cmcd/", tag = "quick-sync", operation_id = "post_cmcd",
    request_body(content = String, content_type = "application/cmcd",
        example = "e=t,ts=1700000000000,sid=\"4c\",sta=p,bl=(12000),br=(256),mtp=(1200),v=2"),
    responses(
        (status = 204, description = "Taken in"),
        (status = 400, description = "A record is not as it must be", body = Problem),
        (status = 413, description = "Too long", body = Problem)))]
pub(super) async fn post(
    State(state): State<ServerState>,
    Extension(address): Extension<ClientAddress>,
    caller: Caller,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let is_json = request.headers().get(CONTENT_TYPE).is_some_and(|media_type| {
        media_type.to_str().is_ok_and(|media_type| media_type.starts_with("application/json"))
    });
    let body = to_bytes(request.into_body(), JSON_LIMIT_BYTES).await.map_err(|_| too_long())?;
    let now = state.now();
    let records = read(&body, is_json)?;
    check_ages(&records, now)?;
    let device = (caller.user_id, caller.device_id);
    let seen = (Declaration::default(), Some(network_key(&state, address)));
    state.sensing().declare(state.store(), device, seen, now).await?;
    for record in &records {
        state.sensing().hear(state.store(), device, record, now).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn too_long() -> ApiError {
    let detail = format!("The body is longer than {JSON_LIMIT_BYTES} bytes, or ended early.");
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
}

fn read(body: &[u8], is_json: bool) -> Result<Vec<Cmcd>, ApiError> {
    let records = if is_json {
        Cmcd::parse_json(body)
    } else {
        let text = std::str::from_utf8(body).map_err(|_| refuse(0, "", "must be UTF-8"))?;
        Cmcd::parse_lines(text)
    };
    let records = records.map_err(|(record, error)| match error {
        CmcdError::Value { key, must } => refuse(record, key, &format!("must be {must}")),
        other => refuse(record, "", &other.to_string()),
    })?;
    if records.is_empty() { Err(refuse(0, "", "is missing")) } else { Ok(records) }
}

fn check_ages(records: &[Cmcd], now: Timestamp) -> Result<(), ApiError> {
    let now_ms = now.as_micros() / 1000;
    let is_absurd =
        |record: &Cmcd| record.at_ms.is_some_and(|at| !AGES_MS.contains(&(now_ms - at)));
    match records.iter().position(is_absurd) {
        Some(record) => Err(refuse(record, "ts", "must lie within the last hour")),
        None => Ok(()),
    }
}

fn refuse(record: usize, key: &str, what: &str) -> ApiError {
    let field = match key {
        "" => format!("records[{record}]"),
        key => format!("records[{record}].{key}"),
    };
    ApiError::invalid(field.clone(), format!("{field} {what}."))
}
