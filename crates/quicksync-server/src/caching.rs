//! What caches are told, and whether a client has what it asks for.
//!
//! Decides: the cache policies. Never: what an entity tag is made of.

use axum::http::HeaderMap;
use axum::http::header::IF_NONE_MATCH;

/// The bytes under this URL never change, and are for this listener only.
pub(crate) const IMMUTABLE: &str = "private, max-age=31536000, immutable";
/// Keep it, and ask each time whether it changed.
pub(crate) const REVALIDATE: &str = "private, no-cache";
/// Do not keep it.
pub(crate) const NO_STORE: &str = "no-store";

/// Whether `If-None-Match` names the entity tag (RFC 9110 section 13.1.2, weak comparison).
pub(crate) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_match_whole() {
        for (value, known) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"ab\"", false),
            ("a", false),
            ("", false),
        ] {
            let headers = [(IF_NONE_MATCH, value.parse().unwrap())].into_iter().collect();
            assert_eq!(is_known(&headers, "\"a\""), known, "{value}");
        }
        assert!(!is_known(&HeaderMap::new(), "\"a\""));
    }
}
