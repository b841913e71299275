//! What is sent: bodies that tell their connection when they have been handed over.
//!
//! Knows: the phase of a connection. Never: what the bytes mean.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};

use super::socket::{Phase, SharedPhase};

/// A body that is there, and what is held until it has been handed over.
#[derive(Debug)]
pub struct Whole {
    bytes: Option<Bytes>,
    _held: Option<Arc<()>>,
}

impl Whole {
    pub(crate) const fn new(bytes: Bytes, held: Option<Arc<()>>) -> Self {
        Self { bytes: Some(bytes), _held: held }
    }
}

impl hyper::body::Body for Whole {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

/// What an answer has for a body.
#[derive(Debug)]
pub(super) enum Content {
    Whole(Whole),
    Any(Body),
}

/// A body that tells its connection when it has been handed over.
#[derive(Debug)]
pub(super) struct Tracked {
    content: Content,
    _end: EndOfAnswer,
}

impl Tracked {
    pub(super) const fn new(content: Content, phase: Arc<SharedPhase>) -> Self {
        Self { content, _end: EndOfAnswer(phase) }
    }
}

#[derive(Debug)]
struct EndOfAnswer(Arc<SharedPhase>);

impl Drop for EndOfAnswer {
    fn drop(&mut self) {
        self.0.set(Phase::Idle);
    }
}

impl hyper::body::Body for Tracked {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match &mut self.content {
            Content::Whole(whole) => Pin::new(whole).poll_frame(cx),
            Content::Any(body) => Pin::new(body).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Whole(whole) => whole.is_end_stream(),
            Content::Any(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Whole(whole) => whole.size_hint(),
            Content::Any(body) => body.size_hint(),
        }
    }
}
