//! Which quality a request wants: `?quality=`, with `auto` for what suits the listener now.
//!
//! Decides: that a URL names one quality. `auto` is answered with a redirect to a URL that does, so
//! that a second range comes from the same bytes as the first. Never: what suits the listener; the
//! decision core does.

use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use quicksync_model::Quality;
use quicksync_progressive::Container;

use crate::ApiError;
use crate::caching::NO_STORE;

/// A wish for a quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// What suits the listener.
    Auto,
    /// The file itself.
    Original,
    /// This one.
    Quality(Quality),
}

impl Wanted {
    /// The last `quality` of the query, so that one may be appended to a URL that has one; `None`
    /// if there is none.
    pub(super) fn of(uri: &Uri) -> Result<Option<Self>, ApiError> {
        let Some(word) = last(uri, "quality") else { return Ok(None) };
        let refused = || {
            let detail =
                "quality is auto, low, medium, high or ultra; for a download also original.";
            ApiError::invalid("quality", detail)
        };
        match word.as_str() {
            "auto" => Ok(Some(Self::Auto)),
            "original" => Ok(Some(Self::Original)),
            word => word.parse().map(|quality| Some(Self::Quality(quality))).map_err(|_| refused()),
        }
    }
}

/// The last `codec` of the query: `opus` if there is none.
pub(super) fn container(uri: &Uri) -> Result<Container, ApiError> {
    match last(uri, "codec").as_deref() {
        None | Some("opus") => Ok(Container::OggOpus),
        Some("mp3") => Ok(Container::Mp3),
        Some(_) => Err(ApiError::invalid("codec", "codec is opus or mp3.")),
    }
}

fn last(uri: &Uri, name: &str) -> Option<String> {
    let pairs = url::form_urlencoded::parse(uri.query()?.as_bytes());
    pairs.filter(|(key, _)| key == name).last().map(|(_, value)| value.into_owned())
}

/// To the same URL with one quality in it. The reference is a query alone, so it holds behind every
/// proxy.
pub(super) fn redirect(uri: &Uri, quality: &str) -> Response {
    let pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.filter(|(name, _)| name != "quality"));
    let query = query.append_pair("quality", quality).finish();
    let headers = [(LOCATION, format!("?{query}")), (CACHE_CONTROL, NO_STORE.to_owned())];
    (StatusCode::TEMPORARY_REDIRECT, headers).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_counts() {
        let wanted = |query: &str| Wanted::of(&format!("/x{query}").parse().unwrap());
        for (query, expected) in [
            ("", None),
            ("?ticket=t", None),
            ("?quality=low&ticket=t&quality=high", Some(Wanted::Quality(Quality::High))),
            ("?quality=high&quality=auto", Some(Wanted::Auto)),
            ("?quality=original", Some(Wanted::Original)),
        ] {
            assert_eq!(wanted(query).unwrap(), expected, "{query}");
        }
        for query in ["?quality=", "?quality=best", "?quality=LOW", "?quality=low&quality=x"] {
            assert!(wanted(query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_redirect_names_one_quality_and_keeps_the_rest() {
        let uri = "/x?quality=auto&ticket=a%26b&codec=mp3".parse().unwrap();
        let answer = redirect(&uri, "high");
        assert_eq!(answer.headers()[LOCATION], "?ticket=a%26b&codec=mp3&quality=high");
    }
}
