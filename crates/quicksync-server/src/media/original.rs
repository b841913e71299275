//! The file itself, whole or by range.
//!
//! Decides: what a client gets of a file and what it is called. The path is the library's; nothing
//! of a request ever becomes one. Never: reads more at once than one buffer.

use std::ops::Range;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use quicksync_store::TrackRow;
use serde::Deserialize;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;
use utoipa::IntoParams;
use uuid::Uuid;

use super::disposition::disposition;
use super::ranged::{Asked, RangedBytes};
use crate::error::{Problem, unavailable};
use crate::extract::{Named, Query};
use crate::{ApiError, ServerState};

/// Read and sent at a time.
const PIECE_BYTES: usize = 64 * 1024;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OriginalQuery {
    /// `1`: to be saved rather than played.
    download: Option<u8>,
}

/// The file itself.
#[utoipa::path(get, path = "/api/tracks/{id}/original", tag = "media", operation_id = "original",
    params(("id" = Uuid, Path, description = "The track"), OriginalQuery),
    responses(
        (status = 200, description = "The whole file", body = Vec<u8>,
            content_type = "application/octet-stream"),
        (status = 206, description = "The range asked for", body = Vec<u8>,
            content_type = "application/octet-stream"),
        (status = 304, description = "The file you have is the file there is"),
        (status = 404, description = "No such track", body = Problem),
        (status = 416, description = "The file has no such range", body = Problem),
    ))]
pub(super) async fn original(
    State(state): State<ServerState>,
    Named(id): Named<Uuid>,
    Query(query): Query<OriginalQuery>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let track = state.store().track(id).await?.ok_or_else(|| ApiError::not_found("track"))?;
    answer(&track, query.download == Some(1), &method, &headers).await
}

/// The file of a track, or what is asked of it.
pub(super) async fn answer(
    track: &TrackRow,
    is_download: bool,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    if !track.available {
        return Err(unavailable());
    }
    let (file, size, modified) = open(track).await?;
    let name = track.path.file_name().unwrap_or_default().to_string_lossy();
    let bytes = RangedBytes {
        size,
        etag: format!("\"{size:x}-{:x}\"", modified.as_microsecond()),
        modified: Some(http_date(modified)),
        media_type: media_type(track),
        disposition: disposition(&name, is_download),
    };
    match bytes.asked(method, headers) {
        Asked::Answered(response) => Ok(*response),
        Asked::Bytes(span) => bytes.answer(&span, stream(file, &span.range).await?),
    }
}

/// A file, its length, and when it was last written.
async fn open(track: &TrackRow) -> Result<(File, u64, jiff::Timestamp), ApiError> {
    let gone = |error: std::io::Error| unavailable().cause(error);
    // Asked before opening: opening a pipe would wait for a writer.
    let is_file = tokio::fs::metadata(&track.path).await.map_err(gone)?.is_file();
    if !is_file {
        return Err(unavailable());
    }
    let file = File::open(&track.path).await.map_err(gone)?;
    let metadata = file.metadata().await.map_err(gone)?;
    let modified = metadata.modified().map_err(gone)?;
    let modified = jiff::Timestamp::try_from(modified).map_err(ApiError::internal)?;
    Ok((file, metadata.len(), modified))
}

async fn stream(mut file: File, range: &Range<u64>) -> Result<Body, ApiError> {
    file.seek(std::io::SeekFrom::Start(range.start)).await.map_err(ApiError::internal)?;
    let part = file.take(range.end - range.start);
    Ok(Body::from_stream(ReaderStream::with_capacity(part, PIECE_BYTES)))
}

fn http_date(at: jiff::Timestamp) -> String {
    let printed = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at);
    printed.unwrap_or_default()
}

fn media_type(track: &TrackRow) -> &'static str {
    let extension = track.path.extension().and_then(|extension| extension.to_str());
    let extension = extension.unwrap_or_default().to_ascii_lowercase();
    match (track.codec.as_str(), extension.as_str()) {
        ("flac", "oga" | "ogg") | ("vorbis" | "opus", _) => "audio/ogg",
        ("flac", _) => "audio/flac",
        ("mp3", _) => "audio/mpeg",
        ("aac", "aac") => "audio/aac",
        ("aac" | "alac", _) => "audio/mp4",
        ("pcm", "aif" | "aiff" | "aifc") => "audio/aiff",
        ("pcm", _) => "audio/wav",
        _ => "application/octet-stream",
    }
}
