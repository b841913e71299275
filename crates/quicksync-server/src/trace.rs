//! One line in the log per request.
//!
//! Decides: what is logged: never a query (it may hold a media ticket), never a header. Time comes
//! from the state's clock.

use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use quicksync_model::Timestamp;
use tracing::Level;

use crate::ServerState;

/// What the log will say of a request.
#[derive(Debug)]
pub(crate) struct Line(Option<Begun>);

#[derive(Debug)]
struct Begun {
    method: Method,
    path: String,
    at: Timestamp,
}

impl Line {
    /// A request has come. Nothing is noted of it if nothing will be logged.
    pub(crate) fn begin(state: &ServerState, request: &Request) -> Self {
        Self(tracing::enabled!(Level::DEBUG).then(|| Begun {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            at: state.now(),
        }))
    }

    /// Logs method, path, status and time to the first byte.
    pub(crate) fn end(self, state: &ServerState, response: &Response) {
        let Some(Begun { method, path, at }) = self.0 else { return };
        let (status, took_us) = (response.status().as_u16(), state.now().micros_since(at));
        tracing::debug!(%method, path, status, took_us, "answered");
    }
}
