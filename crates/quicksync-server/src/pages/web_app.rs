//! The web app's files: found by name, or the app's page for every address that is the app's own.
//!
//! Decides: caching, the content security policy, and where the app believes it lives. Never: what
//! is in the files, which the binary carries.

use std::borrow::Cow;
use std::fmt::Debug;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::{ApiError, ServerState};

/// The page of the app.
const PAGE: &str = "index.html";
/// Where the page says it lives; replaced by the public path prefix.
const BASE: &str = "<base href=\"/\"";
/// Files whose names change with their content.
const HASHED: &str = "assets/";

/// Scripts, styles and WebAssembly of our own only; sound is played from a media source, which is a
/// blob.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self'; media-src 'self' blob:; font-src 'self'; \
    connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'self'; \
    form-action 'self'; frame-ancestors 'none'";

/// One file of the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebFile {
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
    /// Changes whenever the content does.
    pub hash: [u8; 32],
}

/// The files of the app, by their path below its folder.
pub trait WebFiles: Debug + Send + Sync {
    /// The file at `path`, which has no leading slash.
    fn find(&self, path: &str) -> Option<WebFile>;
}

/// Answers what no route did: with a file of the app, its page, or a problem.
pub(crate) async fn answer(State(state): State<ServerState>, request: Request) -> Response {
    let path = request.uri().path().trim_matches('/');
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_interface = path == "api" || path.starts_with("api/");
    match state.web() {
        Some(files) if is_read && !is_interface => serve(&state, files, path, request.headers()),
        _ => nothing_here().into_response(),
    }
}

/// The app's page, if there is an app.
pub(super) fn page(state: &ServerState, headers: &HeaderMap) -> Option<Response> {
    state.web().map(|files| serve(state, files, PAGE, headers))
}

fn serve(state: &ServerState, files: &dyn WebFiles, path: &str, headers: &HeaderMap) -> Response {
    // A name with a dot is a file's: an address of the app has none, and gets the page.
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let path = if is_file { path } else { PAGE };
    let Some(file) = files.find(path) else { return nothing_here().into_response() };
    let etag = etag(state, path, &file);
    let caching =
        if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = if headers.get(IF_NONE_MATCH) == Some(&etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        whole(state, files, path, file, headers)
    };
    // Also where nothing changed: a browser takes the policy of the answer it got last.
    let fields = [
        (VARY, HeaderValue::from_static("accept-encoding")),
        (CONTENT_TYPE, HeaderValue::from_static(media_type(path))),
        (CACHE_CONTROL, HeaderValue::from_static(caching)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (ETAG, etag),
    ];
    response.headers_mut().extend(fields);
    response
}

fn whole(
    state: &ServerState,
    files: &dyn WebFiles,
    path: &str,
    file: WebFile,
    headers: &HeaderMap,
) -> Response {
    let packed = if takes_gzip(headers) { files.find(&format!("{path}.gz")) } else { None };
    let is_packed = packed.is_some();
    let mut response = Response::new(body(state, path, packed.unwrap_or(file)));
    if is_packed {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn body(state: &ServerState, path: &str, file: WebFile) -> Body {
    let prefix = state.config().public_url.prefix();
    match std::str::from_utf8(&file.bytes) {
        Ok(page) if path == PAGE && !prefix.is_empty() => {
            Body::from(page.replacen(BASE, &format!("<base href=\"{prefix}/\""), 1))
        }
        _ => match file.bytes {
            Cow::Borrowed(bytes) => Body::from(bytes),
            Cow::Owned(bytes) => Body::from(bytes),
        },
    }
}

/// Whether the client says plainly that it takes gzip; one that weighs codings gets none.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|codings| codings.split(',').any(|coding| coding.trim() == "gzip"))
}

/// A tag of the content, and of the prefix where the page names it.
fn etag(state: &ServerState, path: &str, file: &WebFile) -> HeaderValue {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&file.hash);
    if path == PAGE {
        hasher.update(state.config().public_url.prefix().as_bytes());
    }
    let hash = hasher.finalize().to_hex();
    // Weak: the same content goes out packed and plain.
    let text = format!("W/\"{}\"", hash.get(..32).unwrap_or_default());
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static("W/\"\""))
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/vnd.microsoft.icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn nothing_here() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "no_such_route", "There is nothing at this address.")
}
