//! `GET probe/?bytes=`: bytes nobody can compress, for the listener's own test.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::auth::Caller;
use crate::environment::random_key;
use crate::error::Problem;
use crate::extract::Query;
use crate::{ApiError, ServerState};

/// The most one probe may ask for: 2.7 s at 24 Mbps.
const MAX_BYTES: u64 = 8_000_000;
/// What is sent without a wish: a quarter of a second at 8 Mbps.
const DEFAULT_BYTES: u64 = 250_000;
/// Bytes made at a time.
const BLOCK_BYTES: u64 = 16 * 1024;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ProbeQuery {
    /// How many bytes, 1 to 8,000,000. Default 250,000.
    bytes: Option<u64>,
}

/// Incompressible bytes to time a download with.
#[utoipa::path(get, path = "/api/audio/quick-sync/probe/", tag = "quick-sync", operation_id = "download_probe",
    params(ProbeQuery),
    responses(
        (status = 200, description = "Done", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 400, description = "A field is not as it must be", body = Problem),
        (status = 429, description = "Too many, for now", body = Problem)))]
pub(super) async fn download(
    State(state): State<ServerState>,
    caller: Caller,
    Query(query): Query<ProbeQuery>,
) -> Result<Response, ApiError> {
    let bytes = query.bytes.unwrap_or(DEFAULT_BYTES);
    if !(1..=MAX_BYTES).contains(&bytes) {
        let detail = format!("bytes must be 1 to {MAX_BYTES}.");
        return Err(ApiError::invalid("bytes", detail));
    }
    let limit = &state.limits().listener_probes;
    limit.admit(caller.user_id, state.now()).map_err(ApiError::rate_limited)?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_LENGTH, bytes.to_string()),
        (CACHE_CONTROL, "no-store, no-transform".to_owned()),
    ];
    let body = Body::from_stream(noise(random_key(state.entropy()), bytes));
    Ok((headers, body).into_response())
}

/// `bytes` of the extended output of a hash: fast, and no window of it repeats.
fn noise(
    key: [u8; 32],
    bytes: u64,
) -> impl futures_util::Stream<Item = Result<Bytes, Infallible>> + Send {
    let reader = blake3::Hasher::new_keyed(&key).finalize_xof();
    stream::unfold((reader, bytes), |(mut reader, left)| async move {
        let next = usize::try_from(left.min(BLOCK_BYTES)).ok().filter(|next| *next > 0)?;
        let mut block = vec![0; next];
        reader.fill(&mut block);
        let left = left.saturating_sub(BLOCK_BYTES);
        Some((Ok(Bytes::from(block)), (reader, left)))
    })
}
