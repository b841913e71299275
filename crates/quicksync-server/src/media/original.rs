//! The file itself, whole or by range.
//!
//! Decides: what a client gets of a file and what it is called, and that an answer is of one version of
//! it: where the file changes while it is sent, the answer breaks off. The path is the library's; nothing
//! of a request ever becomes one. Never: reads more at once than one buffer.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use futures_util::stream::try_unfold;
use quicksync_library::OpenFile;
use quicksync_store::TrackRow;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::disposition::disposition;
use super::ranged::{Asked, RangedBytes};
use crate::error::{Problem, unavailable};
use crate::extract::{Named, Query};
use crate::{ApiError, ServerState};

/// Read and sent at a time.
const PIECE_BYTES: u64 = 64 * 1024;

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
    let file = open(track).await?;
    let key = file.key();
    let modified = jiff::Timestamp::from_microsecond(key.modified_us());
    let name = track.path.file_name().unwrap_or_default().to_string_lossy();
    let bytes = RangedBytes {
        size: key.size_bytes(),
        etag: format!("\"{}\"", key.tag()),
        modified: Some(http_date(modified.map_err(ApiError::internal)?)),
        media_type: media_type(track),
        disposition: disposition(&name, is_download),
    };
    match bytes.asked(method, headers) {
        Asked::Answered(response) => Ok(*response),
        Asked::Bytes(span) => bytes.answer(&span, body(file, &span.range)),
    }
}

async fn open(track: &TrackRow) -> Result<OpenFile, ApiError> {
    let path = track.path.clone();
    let opened = tokio::task::spawn_blocking(move || OpenFile::open(&path)).await;
    opened.map_err(ApiError::internal)?.map_err(|error| unavailable().cause(error))
}

/// The bytes of `range`, a piece whenever the client has taken the one before. They end in an error
/// where the file is written to meanwhile: the client sees that they are not whole and asks again.
fn body(file: OpenFile, range: &Range<u64>) -> Body {
    let (file, end) = (Arc::new(file), range.end);
    let pieces = try_unfold(range.start, move |at| {
        let file = Arc::clone(&file);
        async move {
            if at >= end {
                return Ok(None);
            }
            let read = move || piece(&file, at..end.min(at + PIECE_BYTES));
            let piece = tokio::task::spawn_blocking(read).await.map_err(io::Error::other)??;
            let next = at + piece.len() as u64;
            Ok::<_, io::Error>(Some((piece, next)))
        }
    });
    let warn = |error: &io::Error| tracing::warn!(%error, "a file ends before its end");
    Body::from_stream(pieces.inspect_err(warn))
}

fn piece(file: &OpenFile, range: Range<u64>) -> io::Result<Bytes> {
    let mut bytes = vec![0; usize::try_from(range.end - range.start).map_err(io::Error::other)?];
    file.read_exact_at(&mut bytes, range.start)?;
    Ok(bytes.into())
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
