//! What a browser sees: the web app, or, where the binary carries none, two pages of the server's
//! own: what this is, and the first set-up.
//!
//! Decides: their content security policy, from the hash of their one inline script. Never: data of
//! users; a page fetches what it shows.

mod web_app;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::ServerState;

pub(crate) use web_app::answer;
pub use web_app::{WebFile, WebFiles};

const INDEX: &str = include_str!("index.html");
const SETUP: &str = include_str!("setup.html");

pub(crate) fn routes() -> Router<ServerState> {
    Router::new()
        .route("/", get(async |app, headers| app_or(INDEX, app, headers)))
        .route("/setup", get(async |app, headers| app_or(SETUP, app, headers)))
}

fn app_or(html: &'static str, State(state): State<ServerState>, headers: HeaderMap) -> Response {
    web_app::page(&state, &headers).unwrap_or_else(|| page(html).into_response())
}

fn page(html: &'static str) -> impl IntoResponse {
    let policy = format!(
        "default-src 'none'; script-src {}; style-src {}; connect-src 'self'; form-action 'none'; \
         base-uri 'none'; frame-ancestors 'none'",
        hash_of(html, "<script>", "</script>"),
        hash_of(html, "<style>", "</style>"),
    );
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-cache".to_owned()),
    ];
    (headers, html)
}

/// The source expression that allows exactly the text between two tags (CSP level 3, section 8.3).
fn hash_of(html: &str, open: &str, close: &str) -> String {
    let inner = html.split_once(open).and_then(|(_, rest)| rest.split_once(close));
    match inner {
        Some((text, _)) => format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes()))),
        None => "'none'".to_owned(),
    }
}
