//! The file itself, whole or by range.
//!
//! Decides: what a client gets of a file and what it is called. The path is the library's; nothing
//! of a request ever becomes one. Never: reads more at once than one buffer.

use std::path::Path;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE,
    ETAG, IF_RANGE, LAST_MODIFIED, RANGE,
};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use quicksync_store::TrackRow;
use serde::Deserialize;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;
use utoipa::IntoParams;
use uuid::Uuid;

use super::range::ByteRange;
use crate::caching::{REVALIDATE, is_known};
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
    if !track.available {
        return Err(unavailable());
    }
    let file = OpenFile::open(&track).await?;
    if is_known(&headers, &file.etag) {
        return Ok((StatusCode::NOT_MODIFIED, file.validators()).into_response());
    }
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let range = match text(IF_RANGE) {
        Some(condition) if condition != file.etag && condition != file.modified => ByteRange::Whole,
        _ => ByteRange::parse(text(RANGE), file.size),
    };
    let is_download = query.download == Some(1);
    answer(file, &track, range, method == Method::HEAD, is_download).await
}

async fn answer(
    file: OpenFile,
    track: &TrackRow,
    range: ByteRange,
    is_head: bool,
    is_download: bool,
) -> Result<Response, ApiError> {
    let size = file.size;
    let (status, first, length) = match range {
        ByteRange::Whole => (StatusCode::OK, 0, size),
        ByteRange::Part { first, last } => (StatusCode::PARTIAL_CONTENT, first, last - first + 1),
        ByteRange::Outside => return Ok(outside(size)),
    };
    let about = [
        (ACCEPT_RANGES, "bytes".to_owned()),
        (CONTENT_TYPE, media_type(track).to_owned()),
        (CONTENT_LENGTH, length.to_string()),
        (CONTENT_DISPOSITION, disposition(&track.path, is_download)),
    ];
    let part = (status == StatusCode::PARTIAL_CONTENT)
        .then(|| [(CONTENT_RANGE, format!("bytes {first}-{}/{size}", first + length - 1))]);
    let validators = file.validators();
    let body = if is_head { Body::empty() } else { file.stream(first, length).await? };
    let mut response = (status, validators, about, body).into_response();
    for (name, value) in part.into_iter().flatten() {
        response.headers_mut().insert(name, value.parse().map_err(ApiError::internal)?);
    }
    Ok(response)
}

fn outside(size: u64) -> Response {
    let detail = format!("The file has {size} bytes.");
    let status = StatusCode::RANGE_NOT_SATISFIABLE;
    let error = ApiError::new(status, "range_not_satisfiable", detail).field("range");
    ([(CONTENT_RANGE, format!("bytes */{size}"))], error).into_response()
}

/// A file, and what tells it from what it was before.
#[derive(Debug)]
struct OpenFile {
    file: File,
    size: u64,
    etag: String,
    modified: String,
}

impl OpenFile {
    async fn open(track: &TrackRow) -> Result<Self, ApiError> {
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
        let size = metadata.len();
        Ok(Self {
            file,
            size,
            etag: format!("\"{size:x}-{:x}\"", modified.as_microsecond()),
            modified: http_date(modified),
        })
    }

    fn validators(&self) -> [(HeaderName, String); 3] {
        [
            (ETAG, self.etag.clone()),
            (LAST_MODIFIED, self.modified.clone()),
            (CACHE_CONTROL, REVALIDATE.to_owned()),
        ]
    }

    async fn stream(mut self, first: u64, length: u64) -> Result<Body, ApiError> {
        self.file.seek(std::io::SeekFrom::Start(first)).await.map_err(ApiError::internal)?;
        let part = self.file.take(length);
        Ok(Body::from_stream(ReaderStream::with_capacity(part, PIECE_BYTES)))
    }
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

/// The file's own name (RFC 6266, RFC 8187), every byte beyond the plainest encoded.
fn disposition(path: &Path, is_download: bool) -> String {
    let kind = if is_download { "attachment" } else { "inline" };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut text = format!("{kind}; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
