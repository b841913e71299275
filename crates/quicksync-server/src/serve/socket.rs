//! A TCP stream with deadlines, and a way to look at it while it is in use.
//!
//! Decides: when a peer has dawdled too long. Never: what the bytes mean.

use std::future::Future;
use std::io;
use std::io::IoSlice;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use quicksync_splice::InPages;
use rustix::net::{RecvFlags, recv};
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::ServeLimits;
use crate::media::Playing;
use crate::quick_sync::{Link, LinkKey};

/// Read at once: more than any head of a request that players send.
const PIECE_BYTES: usize = 8 * 1024;

/// What is to be done when a connection ends, while the kernel still knows it.
pub(crate) type AtEnd = Box<dyn FnOnce() + Send>;

/// What a request may know of its connection.
#[derive(Clone)]
pub struct ConnectionInfo {
    peer: SocketAddr,
    socket: Weak<TcpStream>,
    shared: Arc<Shared>,
}

/// What all requests of a connection have in common.
struct Shared {
    /// Tells it from every other connection of this process.
    number: u64,
    link: Mutex<Option<(LinkKey, Arc<Link>)>>,
    playing: Mutex<Option<Arc<Playing>>>,
    at_end: Mutex<Option<AtEnd>>,
}

impl Shared {
    fn new() -> Arc<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let (link, playing) = (Mutex::default(), Mutex::default());
        Arc::new(Self { number, link, playing, at_end: Mutex::default() })
    }
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
        Self { peer, socket: Weak::new(), shared: Shared::new() }
    }

    /// The link that the connection is one of: the one it was of, or of now on that of another key.
    pub(crate) fn link(&self, key: LinkKey, make: impl FnOnce() -> Arc<Link>) -> Arc<Link> {
        let mut held = self.shared.link.lock().unwrap_or_else(PoisonError::into_inner);
        match held.as_ref() {
            Some((of, link)) if *of == key => return Arc::clone(link),
            Some((_, other)) => {
                other.remove(self.shared.number);
                // It plays for somebody else now.
                *self.shared.playing.lock().unwrap_or_else(PoisonError::into_inner) = None;
            }
            None => {}
        }
        let link = make();
        link.add(self.shared.number, Weak::clone(&self.socket));
        *held = Some((key, Arc::clone(&link)));
        link
    }

    /// What was asked for last, for the next request to be told from.
    pub(crate) fn playing(&self) -> Option<Arc<Playing>> {
        self.shared.playing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn plays(&self, playing: Arc<Playing>) {
        *self.shared.playing.lock().unwrap_or_else(PoisonError::into_inner) = Some(playing);
    }

    /// Has `hook` called when the connection ends, instead of any set before.
    pub(crate) fn at_end(&self, hook: AtEnd) {
        *self.shared.at_end.lock().unwrap_or_else(PoisonError::into_inner) = Some(hook);
    }

    /// The connection has ended; its socket is still there.
    pub(super) fn end(&self) {
        let hook = self.shared.at_end.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(hook) = hook {
            hook();
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
pub(super) enum Phase {
    /// The head of a request is owed.
    Head,
    /// A request is being answered.
    Request,
    /// Nothing is owed.
    Idle,
}

/// A phase and since when something is owed in it, which the socket and the answers share. Whoever
/// changes it wakes nobody.
#[derive(Debug)]
pub(super) struct SharedPhase(Mutex<(Phase, Instant)>);

impl SharedPhase {
    fn new(phase: Phase) -> Self {
        Self(Mutex::new((phase, Instant::now())))
    }

    pub(super) fn set(&self, phase: Phase) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.0 = phase;
        // Nothing follows from when a request began to be answered.
        if phase != Phase::Request {
            held.1 = Instant::now();
        }
    }

    fn load(&self) -> (Phase, Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A timer that is set anew as seldom as may be: it may go off early, and is then set for what is due
/// by now.
#[derive(Debug)]
struct Timer {
    sleep: Pin<Box<Sleep>>,
    is_set: bool,
}

impl Timer {
    fn new() -> Self {
        Self { sleep: Box::pin(tokio::time::sleep(Duration::ZERO)), is_set: false }
    }

    /// When it goes off, if it is to.
    fn due(&self) -> Option<Instant> {
        (self.is_set && !self.sleep.is_elapsed()).then(|| self.sleep.deadline())
    }

    /// Ready once it is `due`.
    fn poll(&mut self, cx: &mut Context<'_>, due: Instant) -> Poll<()> {
        if !self.is_set || due < self.sleep.deadline() {
            self.sleep.as_mut().reset(due);
            self.is_set = true;
        }
        loop {
            ready!(self.sleep.as_mut().poll(cx));
            if due <= self.sleep.deadline() {
                return Poll::Ready(());
            }
            self.sleep.as_mut().reset(due);
        }
    }
}

/// A TCP stream that fails when the peer dawdles.
#[derive(Debug)]
pub(super) struct Socket {
    stream: Arc<TcpStream>,
    phase: Arc<SharedPhase>,
    limits: ServeLimits,
    reading: Timer,
    writing: Timer,
    /// Since when the peer has taken nothing.
    blocked_since: Option<Instant>,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, limits: ServeLimits) -> Self {
        Self {
            stream: Arc::new(stream),
            phase: Arc::new(SharedPhase::new(Phase::Head)),
            limits,
            reading: Timer::new(),
            writing: Timer::new(),
            blocked_since: None,
        }
    }

    pub(super) fn info(&self, peer: SocketAddr) -> ConnectionInfo {
        ConnectionInfo { peer, socket: Arc::downgrade(&self.stream), shared: Shared::new() }
    }

    pub(super) fn phase(&self) -> Arc<SharedPhase> {
        Arc::clone(&self.phase)
    }

    fn poll_read_deadline(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let (phase, since) = self.phase.load();
            let (is_owed, due) = match phase {
                Phase::Head => (true, since + self.limits.head),
                Phase::Idle => (true, since + self.limits.idle),
                // Idleness may begin at any moment, unseen by the timer: it looks in time.
                Phase::Request => {
                    let due = self.reading.due();
                    (false, due.unwrap_or_else(|| Instant::now() + self.limits.idle))
                }
            };
            ready!(self.reading.poll(cx, due));
            if is_owed {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
        }
    }

    fn poll_write_with(
        &mut self,
        cx: &mut Context<'_>,
        write: impl Fn(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            match self.stream.poll_write_ready(cx) {
                Poll::Pending => {
                    let since = *self.blocked_since.get_or_insert_with(Instant::now);
                    let late = self.writing.poll(cx, since + self.limits.write);
                    return late.map(|()| Err(io::ErrorKind::TimedOut.into()));
                }
                Poll::Ready(ready) => ready?,
            }
            match write(&self.stream) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => {
                    self.blocked_since = None;
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
            match read(&self.stream, buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
                Ok(bytes) => {
                    if bytes > 0 && self.phase.load().0 == Phase::Idle {
                        self.phase.set(Phase::Head);
                    }
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }
}

/// Reads what there is. Less than there is room for is all of it, until the kernel tells of more
/// (epoll(7), edge-triggered): the kernel need not be asked a second time.
fn read(stream: &TcpStream, buffer: &mut ReadBuf<'_>) -> io::Result<usize> {
    let mut piece = [MaybeUninit::uninit(); PIECE_BYTES];
    let room = buffer.remaining().min(PIECE_BYTES);
    let mut taken = None;
    let outcome = stream.try_io(Interest::READABLE, || {
        let ((bytes, _), _) = recv(stream, &mut piece[..room], RecvFlags::empty())?;
        buffer.put_slice(bytes);
        taken = Some(bytes.len());
        // What says that there is no more is not told on.
        if (1..room).contains(&bytes.len()) {
            Err(io::ErrorKind::WouldBlock.into())
        } else {
            Ok(())
        }
    });
    taken.map_or_else(|| outcome.map(|()| 0), Ok)
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let in_pages = InPages::find(slices);
        self.poll_write_with(cx, |stream| match &in_pages {
            Some(in_pages) => stream.try_io(Interest::WRITABLE, || in_pages.send(stream)),
            None => stream.try_write_vectored(slices),
        })
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
