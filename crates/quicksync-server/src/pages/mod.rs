//! The few pages the server has of its own: what this is, and the first set-up.
//!
//! Decides: their content security policy, from the hash of their one inline script. Never: data of
//! users; a page fetches what it shows.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::ServerState;

const INDEX: &str = include_str!("index.html");
const SETUP: &str = include_str!("setup.html");

pub(crate) fn routes() -> Router<ServerState> {
    Router::new().route("/", get(async || page(INDEX))).route("/setup", get(async || page(SETUP)))
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
