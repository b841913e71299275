//! A TCP stream with deadlines, and a way to look at it while it is in use.
//!
//! Decides: when a peer has dawdled too long. Never: what the bytes mean.

use std::future::Future;
use std::io;
use std::io::IoSlice;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::task::AtomicWaker;
use quicksync_sense::{GLANCE_EVERY_US, TcpMeter, TcpReading, TcpSample};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::ServeLimits;

const GLANCE_EVERY: Duration = Duration::from_micros(GLANCE_EVERY_US);
/// Between two glances at a connection on which nothing moves.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// What is to be done when a connection ends, while the kernel still knows it.
pub(crate) type AtEnd = Box<dyn FnOnce(&ConnectionInfo) + Send>;

/// What a request may know of its connection.
#[derive(Clone)]
pub struct ConnectionInfo {
    peer: SocketAddr,
    socket: Weak<TcpStream>,
    shared: Arc<Shared>,
}

/// What all requests of a connection have in common.
#[derive(Default)]
struct Shared {
    meter: Mutex<TcpMeter>,
    at_end: Mutex<Option<AtEnd>>,
    is_watched: AtomicBool,
}

impl std::fmt::Debug for ConnectionInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectionInfo").field("peer", &self.peer).finish_non_exhaustive()
    }
}

impl ConnectionInfo {
    /// A request that came over no socket, as in tests.
    #[must_use]
    pub fn detached(peer: SocketAddr) -> Self {
        Self { peer, socket: Weak::new(), shared: Arc::default() }
    }

    /// What the connection carried since this was last asked, as far as the kernel knows.
    pub(crate) fn measure(&self) -> Option<TcpSample> {
        let reading = TcpReading::of(&*self.socket()?)?;
        self.shared.meter.lock().unwrap_or_else(PoisonError::into_inner).read(reading)
    }

    /// Glances at the connection as long as bytes are under way, or more of an answer may come. One
    /// watch at a time; who asks for another joins the one there is.
    pub(crate) fn watch(&self, answer: &Arc<()>) {
        if self.shared.is_watched.swap(true, Ordering::AcqRel) {
            return;
        }
        let (connection, answer) = (self.clone(), Arc::downgrade(answer));
        tokio::spawn(async move {
            let mut pause = GLANCE_EVERY;
            while let Some(in_flight) = connection.glance() {
                let is_idle = in_flight == 0;
                if is_idle && answer.strong_count() == 0 {
                    break;
                }
                // A client that has paused is not looked at twenty times a second.
                pause = if is_idle { (pause * 2).min(LONGEST_PAUSE) } else { GLANCE_EVERY };
                tokio::time::sleep(pause).await;
            }
            connection.shared.is_watched.store(false, Ordering::Release);
        });
    }

    /// How many packets are under way; `None` once the connection has ended.
    fn glance(&self) -> Option<u32> {
        let reading = TcpReading::of(&*self.socket()?)?;
        self.shared.meter.lock().unwrap_or_else(PoisonError::into_inner).glance(reading);
        Some(reading.in_flight)
    }

    /// Has `hook` called when the connection ends, instead of any set before.
    pub(crate) fn at_end(&self, hook: AtEnd) {
        *self.shared.at_end.lock().unwrap_or_else(PoisonError::into_inner) = Some(hook);
    }

    /// The connection has ended; its socket is still there.
    pub(super) fn end(&self) {
        let hook = self.shared.at_end.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(hook) = hook {
            hook(self);
        }
    }

    /// The address at the other end of the connection: a proxy's, where there is one.
    #[must_use]
    pub const fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// The socket while the connection lasts, for asking the kernel about its throughput. Do not
    /// hold on to it: the connection cannot close before.
    #[must_use]
    pub fn socket(&self) -> Option<Arc<TcpStream>> {
        self.socket.upgrade()
    }
}

/// Where a connection is in its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    /// The head of a request is owed.
    Head,
    /// A request is being answered.
    Request,
    /// Nothing is owed.
    Idle,
}

/// A phase that the socket and the answers share.
#[derive(Debug)]
pub(super) struct SharedPhase {
    phase: AtomicU8,
    /// Whoever waits for bytes: a new phase is a new deadline.
    reader: AtomicWaker,
}

impl SharedPhase {
    fn new(phase: Phase) -> Self {
        Self { phase: AtomicU8::new(phase as u8), reader: AtomicWaker::new() }
    }

    pub(super) fn set(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Release);
        self.reader.wake();
    }

    fn load(&self) -> Phase {
        match self.phase.load(Ordering::Acquire) {
            0 => Phase::Head,
            1 => Phase::Request,
            _ => Phase::Idle,
        }
    }
}

/// A deadline that is armed while something is owed.
#[derive(Debug)]
struct Deadline<T> {
    sleep: Pin<Box<Sleep>>,
    armed_for: Option<T>,
}

impl<T: Copy + PartialEq> Deadline<T> {
    fn new() -> Self {
        Self { sleep: Box::pin(tokio::time::sleep(Duration::ZERO)), armed_for: None }
    }

    /// Arms the deadline for `what` unless it is armed for it; an error once it has passed.
    fn poll(&mut self, cx: &mut Context<'_>, what: T, limit: Duration) -> Poll<io::Error> {
        if self.armed_for != Some(what) {
            self.sleep.as_mut().reset(Instant::now() + limit);
            self.armed_for = Some(what);
        }
        ready!(self.sleep.as_mut().poll(cx));
        Poll::Ready(io::ErrorKind::TimedOut.into())
    }

    fn disarm(&mut self) {
        self.armed_for = None;
    }
}

/// A TCP stream that fails when the peer dawdles.
#[derive(Debug)]
pub(super) struct Socket {
    stream: Arc<TcpStream>,
    phase: Arc<SharedPhase>,
    limits: ServeLimits,
    reading: Deadline<Phase>,
    writing: Deadline<()>,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, limits: ServeLimits) -> Self {
        Self {
            stream: Arc::new(stream),
            phase: Arc::new(SharedPhase::new(Phase::Head)),
            limits,
            reading: Deadline::new(),
            writing: Deadline::new(),
        }
    }

    pub(super) fn info(&self, peer: SocketAddr) -> ConnectionInfo {
        ConnectionInfo { peer, socket: Arc::downgrade(&self.stream), shared: Arc::default() }
    }

    pub(super) fn phase(&self) -> Arc<SharedPhase> {
        Arc::clone(&self.phase)
    }

    fn poll_read_deadline(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.phase.reader.register(cx.waker());
        let phase = self.phase.load();
        let limit = match phase {
            Phase::Head => self.limits.head,
            Phase::Idle => self.limits.idle,
            Phase::Request => {
                self.reading.disarm();
                return Poll::Pending;
            }
        };
        self.reading.poll(cx, phase, limit).map(Err)
    }

    fn poll_write_with(
        &mut self,
        cx: &mut Context<'_>,
        write: impl Fn(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            match self.stream.poll_write_ready(cx) {
                Poll::Pending => {
                    return self.writing.poll(cx, (), self.limits.write).map(Err);
                }
                Poll::Ready(ready) => ready?,
            }
            match write(&self.stream) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => {
                    self.writing.disarm();
                    return Poll::Ready(written);
                }
            }
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            match self.stream.poll_read_ready(cx) {
                Poll::Pending => return self.poll_read_deadline(cx),
                Poll::Ready(ready) => ready?,
            }
            match self.stream.try_read_buf(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
                Ok(bytes) => {
                    if bytes > 0 && self.phase.load() == Phase::Idle {
                        self.phase.set(Phase::Head);
                    }
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_with(cx, |stream| stream.try_write(bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_with(cx, |stream| stream.try_write_vectored(slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    /// A TCP stream has nothing of its own to flush.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// The stream closes when it is dropped, which follows at once.
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
