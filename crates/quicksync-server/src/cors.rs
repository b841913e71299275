//! What scripts of other sites may do: call with a token, from the origins the administrator named.
//!
//! Decides: the CORS headers (Fetch standard, section 3.3). Cookies are never allowed across
//! origins. Never: who a caller is.

use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
    VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::ServerState;

const TIMING_ALLOW_ORIGIN: HeaderName = HeaderName::from_static("timing-allow-origin");
const METHODS: &str = "GET, HEAD, POST, PATCH, DELETE";
const REQUEST_HEADERS: &str = "Authorization, Content-Type, If-None-Match, If-Range, Range, \
    X-Quick-Sync-Device, CMCD-Object, CMCD-Request, CMCD-Session, CMCD-Status";
const EXPOSED: &str = "Accept-Ranges, CMSD-Dynamic, CMSD-Static, Content-Length, Content-Range, \
    ETag, Quick-Sync-Quality, Retry-After";
/// How long a browser may remember the answer to a preflight.
const MAX_AGE_S: &str = "7200";

/// A request as far as other sites are concerned.
#[derive(Debug)]
pub(crate) struct Crossing {
    /// Whether answers depend on the origin.
    varies: bool,
    origin: Option<HeaderValue>,
    is_preflight: bool,
}

impl Crossing {
    /// Whether the request comes from a site that may send it.
    pub(crate) fn of(state: &ServerState, request: &Request) -> Self {
        Self {
            varies: !state.config().allowed_origins.is_empty(),
            origin: allowed_origin(state, request.headers()),
            is_preflight: request.method() == Method::OPTIONS
                && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD),
        }
    }

    /// The answer, if all that is asked is whether it may ask.
    pub(crate) fn preflight(&self) -> Option<Response> {
        let asks = self.is_preflight && self.origin.is_some();
        asks.then(|| StatusCode::NO_CONTENT.into_response())
    }

    /// Marks an answer for the origins allowed.
    pub(crate) fn mark(self, response: &mut Response) {
        let headers = response.headers_mut();
        if self.varies {
            headers.append(VARY, HeaderValue::from_static("Origin"));
        }
        if let Some(origin) = self.origin {
            mark(headers, origin, self.is_preflight);
        }
    }
}

fn allowed_origin(state: &ServerState, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(ORIGIN)?;
    let is_allowed = |allowed: &&crate::AllowedOrigin| origin == allowed.as_str();
    state.config().allowed_origins.iter().find(is_allowed).map(|_| origin.clone())
}

fn mark(headers: &mut HeaderMap, origin: HeaderValue, is_preflight: bool) {
    let mut set = |name: HeaderName, text| headers.insert(name, HeaderValue::from_static(text));
    if is_preflight {
        set(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        set(ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
        set(ACCESS_CONTROL_MAX_AGE, MAX_AGE_S);
    } else {
        set(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
    headers.insert(TIMING_ALLOW_ORIGIN, origin.clone());
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
}
