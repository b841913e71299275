//! The cookie that carries a login session.
//!
//! Knows: its name, its attributes, and how to find it. Never: whether it is valid.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::ApiError;
use crate::config::PublicUrl;

const NAME: &str = "quicksync_login";

/// The secret in the request's login cookie.
pub(super) fn read(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == NAME).then_some(value))
}

/// Hands a login's secret to the browser. `max_age_s` of zero takes it away.
pub(super) fn set(url: &PublicUrl, secret: &str, max_age_s: i64) -> Result<HeaderValue, ApiError> {
    let secure = if url.is_secure() { "; Secure" } else { "" };
    let path = url.cookie_path();
    let text = format!(
        "{NAME}={secret}; Path={path}; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}"
    );
    HeaderValue::from_str(&text).map_err(ApiError::internal)
}
