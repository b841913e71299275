//! One line in the log per request.
//!
//! Decides: what is logged: never a query (it may hold a media ticket), never a header. Time comes
//! from the state's clock.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::ServerState;

/// Logs method, path, status and time to the first byte.
pub(crate) async fn log(
    State(state): State<ServerState>,
    request: Request,
    next: Next,
) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let begun = state.now();
    let response = next.run(request).await;
    let took_us = state.now().micros_since(begun);
    tracing::debug!(%method, path, status = response.status().as_u16(), took_us, "answered");
    response
}
