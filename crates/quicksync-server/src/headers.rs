//! The headers that answers carry, whatever they are.
//!
//! Decides: what a browser may do with an answer of ours. A page may set a policy of its own.
//! Never: caching.

use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;

/// Taken for nothing else than it says it is.
const ALL: (HeaderName, &str) = (X_CONTENT_TYPE_OPTIONS, "nosniff");
/// Of what a browser could show as a page.
const PAGES: [(HeaderName, &str); 3] = [
    (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"),
    (REFERRER_POLICY, "no-referrer"),
    (X_FRAME_OPTIONS, "DENY"),
];

/// Adds the headers that are not there yet.
pub(crate) fn harden(response: &mut Response) {
    let headers = response.headers_mut();
    let of_pages = if is_audio(headers) { &[][..] } else { &PAGES };
    for (name, value) in [ALL].iter().chain(of_pages) {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// Audio is heard. A listener at 64 kbps would wait for the rest with each segment.
fn is_audio(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"audio/"))
}
