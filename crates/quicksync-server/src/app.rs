//! The whole interface as one service: what happens to every request, whatever its route.
//!
//! Decides: in which order. Nearly every request is for a segment and carries a ticket: it goes
//! straight to what answers it, past the router, whose search and layers take longer than the answer.
//! Never: what a route does, who may use it.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use tower::Service;

use crate::router::{forward, no_route, router, with_path};
use crate::serve::{Answers, ConnectionInfo, Whole};
use crate::{ServerState, client_address, cors, headers, media, trace};

/// The whole interface as one service. Clones share it.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: ServerState,
    routes: Router,
}

impl App {
    /// The interface of this server.
    #[must_use]
    pub fn new(state: &ServerState) -> Self {
        Self(Arc::new(Inner { state: state.clone(), routes: router(state) }))
    }

    /// The answer to a request.
    pub async fn answer(self, mut request: Request) -> Response {
        let state = &self.0.state;
        let line = trace::Line::begin(state, &request);
        let connection = request.extensions().get::<ConnectionInfo>().cloned();
        client_address::note(state, &mut request);
        let crossing = cors::Crossing::of(state, &request);
        let (mut response, playing) = match crossing.preflight() {
            Some(response) => (response, None),
            None => self.inside(request).await,
        };
        crossing.mark(&mut response);
        headers::harden(&mut response);
        if let (Some(playing), Some(connection)) = (playing, connection) {
            playing.keep(&connection, response.headers());
        }
        line.end(state, &response);
        response
    }

    /// Takes the public path prefix off; outside of it there is nothing.
    async fn inside(&self, mut request: Request) -> (Response, Option<media::Playing>) {
        let Inner { state, routes } = &*self.0;
        let path = request.uri().path();
        let inside = path.strip_prefix(state.config().public_url.prefix());
        let Some(inside) = inside.filter(|path| path.is_empty() || path.starts_with('/')) else {
            return (no_route().into_response(), None);
        };
        if inside.is_empty() || inside.len() < path.len() {
            let inside = if inside.is_empty() { "/" } else { inside };
            match with_path(request.uri(), inside) {
                Some(uri) => *request.uri_mut() = uri,
                None => return (no_route().into_response(), None),
            }
        }
        let (parts, body) = request.into_parts();
        match media::ticketed_segment(state, &parts).await {
            Some(answered) => answered,
            None => {
                let request = Request::from_parts(parts, body);
                (Box::pin(forward(routes.clone(), request)).await, None)
            }
        }
    }
}

impl Answers for App {
    fn at_once<B>(
        &self,
        request: &axum::http::Request<B>,
        connection: &ConnectionInfo,
    ) -> Option<axum::http::Response<Whole>> {
        // The log's lines are written on the way that all others take.
        if tracing::enabled!(tracing::Level::DEBUG) {
            return None;
        }
        media::at_once(&self.0.state, request, connection)
    }
}

impl Service<Request> for App {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let app = self.clone();
        Box::pin(async move { Ok(app.answer(request).await) })
    }
}
