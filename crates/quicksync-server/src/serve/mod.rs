//! The interface on a socket: an accept loop of our own.
//!
//! Decides: how many connections there are, how long each may dawdle, and how serving ends. Never:
//! what is answered.
//!
//! A connection has a deadline only while it owes us something: the head of a request, or the taking
//! of bytes we have for it. A player with a full buffer owes nothing for minutes.

mod body;
mod socket;

pub use body::Whole;
pub use socket::ConnectionInfo;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::future::{Either, ready};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_util::task::TaskTracker;
use tower::{Service, ServiceExt as _};

use crate::ApiError;
use body::{Content, Tracked};
use socket::{Phase, SharedPhase, Socket};

/// How long connections may dawdle, and how many there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServeLimits {
    /// Connections at once; more wait to be accepted. Each costs about 20 kB.
    pub connections: usize,
    /// From the first byte of a request, or from accepting, to the end of its head.
    pub head: Duration,
    /// Between an answer and the next request: longer than a player's buffer lasts.
    pub idle: Duration,
    /// Without the client taking a single byte of an answer.
    pub write: Duration,
    /// From the head of a request to the head of its answer.
    pub answer: Duration,
    /// For answers under way when serving ends.
    pub grace: Duration,
}

impl Default for ServeLimits {
    /// Tuned for thousands of listeners on one small machine.
    fn default() -> Self {
        Self {
            connections: 8192,
            head: Duration::from_secs(20),
            idle: Duration::from_secs(180),
            write: Duration::from_secs(60),
            answer: Duration::from_secs(60),
            grace: Duration::from_secs(10),
        }
    }
}

/// The largest head of a request, and the read buffer of a connection.
const BUFFER_BYTES: usize = 16 * 1024;
/// After a failed accept (out of file descriptors, say).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What answers requests: an [`App`](crate::App), or a router of a test's own.
pub trait Answers:
    Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static
{
    /// The answer, where it can be given without waiting for anything.
    fn at_once<B>(
        &self,
        _: &hyper::Request<B>,
        _: &ConnectionInfo,
    ) -> Option<hyper::Response<Whole>> {
        None
    }
}

impl Answers for Router {}

/// Serves until `shutdown` is done, then lets answers under way end.
pub async fn serve(
    listener: TcpListener,
    app: impl Answers,
    limits: ServeLimits,
    shutdown: impl Future<Output = ()>,
) {
    let (closing, is_closing) = watch::channel(false);
    let room = Arc::new(Semaphore::new(limits.connections));
    let tracker = TaskTracker::new();
    let accepting = async {
        while let Ok(permit) = Arc::clone(&room).acquire_owned().await {
            let (stream, peer) = accept(&listener).await;
            let connection = converse(stream, peer, app.clone(), limits, is_closing.clone());
            tracker.spawn(async move {
                connection.await;
                drop(permit);
            });
        }
    };
    tokio::select! {
        () = accepting => {}
        () = shutdown => {}
    }
    tracker.close();
    // No connection left is no failure.
    let _ = closing.send(true);
    if tokio::time::timeout(limits.grace, tracker.wait()).await.is_err() {
        tracing::warn!(connections = tracker.len(), "answers were cut short by the end of serving");
    }
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                tracing::warn!(%error, "could not accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Serves one connection to its end.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    app: impl Answers,
    limits: ServeLimits,
    mut is_closing: watch::Receiver<bool>,
) {
    // Segments are small: waiting to fill a packet costs 40 ms each (Nagle against delayed ACK).
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "could not set TCP_NODELAY");
    }
    let socket = Socket::new(stream, limits);
    let info = socket.info(peer);
    let (phase, ending) = (socket.phase(), info.clone());
    let service = hyper::service::service_fn(move |request| {
        phase.set(Phase::Request);
        match app.at_once(&request, &info) {
            Some(response) => {
                let whole = |body| Tracked::new(Content::Whole(body), Arc::clone(&phase));
                Either::Left(ready(Ok(response.map(whole))))
            }
            None => {
                let (app, info, phase) = (app.clone(), info.clone(), Arc::clone(&phase));
                // As large as all that may follow: it would be moved about with the short answers.
                Either::Right(Box::pin(answer(app, request, info, phase, limits.answer)))
            }
        }
    });
    let connection = http1::Builder::new()
        .max_buf_size(BUFFER_BYTES)
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(socket), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = is_closing.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    ending.end();
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "connection ended");
    }
}

async fn answer(
    app: impl Answers,
    request: hyper::Request<Incoming>,
    info: ConnectionInfo,
    phase: Arc<SharedPhase>,
    limit: Duration,
) -> Result<hyper::Response<Tracked>, Infallible> {
    let mut request: Request = request.map(Body::new);
    request.extensions_mut().insert(info);
    let response = match tokio::time::timeout(limit, app.oneshot(request)).await {
        Ok(Ok(response)) => response,
        Ok(Err(never)) => match never {},
        Err(_) => late(),
    };
    Ok(response.map(|body| Tracked::new(Content::Any(body), phase)))
}

fn late() -> Response {
    let detail = "The answer took too long.";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", detail).retry_after(5).into_response()
}
