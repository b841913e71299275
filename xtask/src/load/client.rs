//! One connection: it asks, reads the answer to its end, and may ask again.

use std::collections::VecDeque;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use anyhow::{Context as _, Result};
use rustix::net::{RecvFlags, recv};

use super::Request;
use super::answer::{self, Head};

/// Read at once of what begins with a head: more than any head.
const HEAD_BYTES: usize = 2048;

/// A connection and where it is in its conversation.
#[derive(Debug)]
pub(super) struct Client<'a> {
    stream: TcpStream,
    address: SocketAddr,
    group: usize,
    requests: &'a [Request],
    next: usize,
    asked: Instant,
    state: State,
    /// When requests were due that wait for the one under way.
    late: VecDeque<Instant>,
}

#[derive(Debug)]
enum State {
    Idle,
    /// What came of the head so far.
    Head(Vec<u8>),
    Body {
        head: Head,
        missing: u64,
    },
}

/// What came of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Unfinished,
    Answered {
        /// Of the body.
        bytes: u64,
    },
    /// Answered with a status other than 2xx.
    Refused,
    /// The connection ended, or what came is no answer.
    Broken,
}

impl<'a> Client<'a> {
    pub(super) fn connect(
        address: SocketAddr,
        group: usize,
        requests: &'a [Request],
    ) -> Result<Self> {
        let asked = Instant::now();
        let (state, late) = (State::Idle, VecDeque::new());
        let stream = open(address)?;
        Ok(Self { stream, address, group, requests, next: 0, asked, state, late })
    }

    pub(super) fn reconnect(&mut self) -> Result<()> {
        self.stream = open(self.address)?;
        self.state = State::Idle;
        Ok(())
    }

    pub(super) const fn stream(&self) -> &TcpStream {
        &self.stream
    }

    pub(super) const fn group(&self) -> usize {
        self.group
    }

    /// When the request under way was asked, or was due.
    pub(super) const fn asked(&self) -> Instant {
        self.asked
    }

    pub(super) const fn is_waiting(&self) -> bool {
        !matches!(self.state, State::Idle)
    }

    /// Asks for the next thing.
    pub(super) fn ask(&mut self, asked: Instant) -> Result<()> {
        let request = &self.requests[self.next];
        self.next = (self.next + 1) % self.requests.len();
        self.asked = asked;
        self.state = State::Head(Vec::new());
        self.stream.write_all(request).context("a connection takes no request")
    }

    /// A request is due: asks, unless one is under way. Whether it asked.
    pub(super) fn due(&mut self, due: Instant) -> Result<bool> {
        if self.is_waiting() {
            self.late.push_back(due);
            return Ok(false);
        }
        self.ask(due).map(|()| true)
    }

    /// Asks for what was due while another request was under way; whether there was any.
    pub(super) fn ask_what_is_due(&mut self) -> Result<bool> {
        match self.late.pop_front() {
            Some(due) => self.ask(due).map(|()| true),
            None => Ok(false),
        }
    }

    /// Reads what is there, and no further than the end of the answer.
    pub(super) fn read(&mut self, piece: &mut [u8]) -> Progress {
        loop {
            let found = match self.state {
                State::Body { .. } => self.discard(piece),
                _ => self.stream.read(&mut piece[..HEAD_BYTES]),
            };
            let count = match found {
                Ok(0) => return Progress::Broken,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Progress::Unfinished;
                }
                Err(_) => return Progress::Broken,
            };
            match self.take(&piece[..count]) {
                Some(Head { status, body_bytes, .. }) => {
                    self.state = State::Idle;
                    let is_success = (200..300).contains(&status);
                    let answered = Progress::Answered { bytes: body_bytes };
                    return if is_success { answered } else { Progress::Refused };
                }
                None if matches!(self.state, State::Idle) => return Progress::Broken,
                None => {}
            }
        }
    }

    /// Has the kernel throw away so much of a body (tcp(7)): who copied it would need longer for that than
    /// a server does to send it, and would measure themselves.
    fn discard(&self, piece: &mut [u8]) -> io::Result<usize> {
        let (_, count) = recv(&self.stream, piece, RecvFlags::TRUNC)?;
        Ok(count)
    }

    /// Takes bytes in; the head of the answer they end. Idle afterwards without one: no answer.
    fn take(&mut self, bytes: &[u8]) -> Option<Head> {
        match &mut self.state {
            State::Idle => None,
            State::Head(so_far) => {
                so_far.extend_from_slice(bytes);
                let parsed = answer::parse(so_far);
                let read = so_far.len();
                match parsed {
                    Ok(None) => None,
                    Ok(Some(head)) => self.take_body(head, head.body_bytes, read - head.head_bytes),
                    Err(_) => {
                        self.state = State::Idle;
                        None
                    }
                }
            }
            State::Body { head, missing } => {
                let (head, missing) = (*head, *missing);
                self.take_body(head, missing, bytes.len())
            }
        }
    }

    fn take_body(&mut self, head: Head, missing: u64, came: usize) -> Option<Head> {
        match missing.checked_sub(came as u64) {
            Some(0) => Some(head),
            Some(missing) => {
                self.state = State::Body { head, missing };
                None
            }
            // More than was asked for.
            None => {
                self.state = State::Idle;
                None
            }
        }
    }
}

fn open(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect(address).with_context(|| format!("no one at {address}"))?;
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    Ok(stream)
}
