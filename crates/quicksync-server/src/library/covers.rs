//! `/api/covers/{id}`.
//!
//! Decides: which media types leave the server as images, and how many are scaled at once. Never:
//! what is in the picture.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use quicksync_library::cover_thumbnail;
use quicksync_store::CoverRow;
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
/// Larger wishes get the image as it was found.
const SCALED_UP_TO: u32 = 1024;

/// Where a cover is, if there is one.
pub(super) fn url(url: &PublicUrl, cover: Option<Uuid>) -> Option<String> {
    cover.map(|id| url.absolute(&format!("/api/covers/{id}")))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CoverQuery {
    /// The longest side wanted, in pixels. Up to 1024 the image is scaled down to it; beyond that, or
    /// where it cannot be scaled, it comes as it was found.
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
    let size = query.size.filter(|size| *size <= SCALED_UP_TO);
    let etag = size.map_or_else(|| format!("\"{id}\""), |size| format!("\"{id}-{size}\""));
    let caching = [(ETAG, etag.clone()), (CACHE_CONTROL, IMMUTABLE.to_owned())];
    if is_known(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let row = state.store().cover(id).await?;
    let row = row.filter(|row| MEDIA_TYPES.contains(&row.media_type.as_str()));
    let row = row.ok_or_else(|| ApiError::not_found("cover"))?;
    let (media_type, bytes) = match size {
        Some(size) => scaled(&state, row, size).await?,
        None => (row.media_type, row.bytes),
    };
    Ok((caching, [(CONTENT_TYPE, media_type)], bytes).into_response())
}

/// The image scaled down, or as it is if that cannot be done.
async fn scaled(
    state: &ServerState,
    cover: CoverRow,
    size: u32,
) -> Result<(String, Vec<u8>), ApiError> {
    // Each takes tens of megabytes for a moment.
    let _turn = state.scaling().acquire().await.map_err(ApiError::internal)?;
    let scaling = tokio::task::spawn_blocking(move || match cover_thumbnail(&cover.bytes, size) {
        Ok(small) => (small.media_type.to_owned(), small.bytes),
        Err(error) => {
            tracing::debug!(%error, cover = %cover.id, "cannot scale a cover");
            (cover.media_type, cover.bytes)
        }
    });
    scaling.await.map_err(ApiError::internal)
}
