//! `/api/covers/{id}`.
//!
//! Decides: which media types leave the server as images. Never: what is in the picture.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::caching::{IMMUTABLE, is_known};
use crate::config::PublicUrl;
use crate::error::Problem;
use crate::extract::{Named, Query};
use crate::{ApiError, ServerState};

/// Raster images only: nothing that could hold a script.
const MEDIA_TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];
const MAX_SIZE: u32 = 4096;

/// Where a cover is, if there is one.
pub(super) fn url(url: &PublicUrl, cover: Option<Uuid>) -> Option<String> {
    cover.map(|id| url.absolute(&format!("/api/covers/{id}")))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CoverQuery {
    /// The longest side wanted, in pixels. A wish: the image may be larger.
    #[param(minimum = 1, maximum = 4096)]
    size: Option<u32>,
}

/// A cover.
#[utoipa::path(get, path = "/api/covers/{id}", tag = "library", operation_id = "cover",
    params(("id" = Uuid, Path, description = "The cover"), CoverQuery),
    responses(
        (status = 200, description = "The image", content(
            (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"))),
        (status = 304, description = "The image you have is the image there is"),
        (status = 400, description = "A parameter is not as it must be", body = Problem),
        (status = 404, description = "No such cover", body = Problem),
    ))]
pub(super) async fn cover(
    State(state): State<ServerState>,
    Named(id): Named<Uuid>,
    Query(query): Query<CoverQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if query.size.is_some_and(|size| !(1..=MAX_SIZE).contains(&size)) {
        return Err(ApiError::invalid("size", "size is 1 to 4096 pixels."));
    }
    // A cover's id never names other bytes.
    let etag = format!("\"{id}\"");
    let caching = [(ETAG, etag.clone()), (CACHE_CONTROL, IMMUTABLE.to_owned())];
    if is_known(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let row = state.store().cover(id).await?;
    let row = row.filter(|row| MEDIA_TYPES.contains(&row.media_type.as_str()));
    let row = row.ok_or_else(|| ApiError::not_found("cover"))?;
    Ok((caching, [(CONTENT_TYPE, row.media_type)], row.bytes).into_response())
}
