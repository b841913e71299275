//! HTTP load from one thread: many connections that stay open, each asking in turn for what it was
//! given, as fast as it is answered or at a pace.
//!
//! Decides: when a connection asks, and what counts as an answer. Never: what a figure means, or
//! anybody but 127.0.0.1.
//!
//! A paced request counts as asked when it was due: a server that falls behind is not spared the
//! waiting it caused (no coordinated omission).

mod answer;
mod client;
mod pace;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use rustix::event::{Timespec, epoll};
use rustix::thread::{CpuSet, sched_setaffinity};

use client::{Client, Progress};
use pace::Schedule;

/// A whole request: its head, and its body if it has one.
pub(crate) type Request = Arc<[u8]>;

/// Connections that do alike.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// Time from one request of a connection to its next; without it, as soon as it is answered.
    pub(crate) every: Option<Duration>,
    /// What each connection asks for, again and again, in order.
    pub(crate) clients: Vec<Vec<Request>>,
}

/// What came of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Answers with a 2xx status, whole.
    pub(crate) answers: u64,
    /// Everything else: other statuses, broken connections, paced requests never answered.
    pub(crate) errors: u64,
    /// Bytes of the bodies of answers.
    pub(crate) bytes: u64,
    /// From asking, or from when it was due, to the last byte; microseconds, ascending.
    pub(crate) waits_us: Vec<u32>,
}

impl Tally {
    /// The wait that so many of a hundred answers stay within, in milliseconds.
    pub(crate) fn wait_ms(&self, percent: usize) -> f64 {
        let last = self.waits_us.len().saturating_sub(1);
        let at = (self.waits_us.len() * percent / 100).min(last);
        self.waits_us.get(at).map_or(f64::NAN, |us| f64::from(*us) / 1e3)
    }
}

/// How long requests that are due at the end may still take.
const GRACE: Duration = Duration::from_secs(5);
/// Bodies are read in pieces of this size and thrown away.
const PIECE_BYTES: usize = 256 * 1024;
/// Connections looked at in one turn.
const EVENTS: usize = 256;

/// Loads `address` for a while from a thread of its own, on processor `cpu` if one is named; a tally
/// for each group.
pub(crate) fn run(
    address: SocketAddr,
    groups: &[Group],
    lasts: Duration,
    cpu: Option<usize>,
) -> Result<Vec<Tally>> {
    if address.ip() != Ipv4Addr::LOCALHOST {
        bail!("{address} is not this machine");
    }
    thread::scope(|scope| {
        let loading = scope.spawn(|| {
            if let Some(cpu) = cpu {
                let mut set = CpuSet::new();
                set.set(cpu);
                sched_setaffinity(None, &set).context("cannot choose a processor")?;
            }
            Load::open(address, groups)?.run(lasts)
        });
        loading.join().map_err(|_| anyhow!("the load generator failed"))?
    })
}

/// Connections under way.
struct Load<'a> {
    epoll: std::os::fd::OwnedFd,
    groups: &'a [Group],
    clients: Vec<Client<'a>>,
    schedule: Schedule,
    tallies: Vec<Tally>,
    /// Paced requests without their answer yet.
    owed: usize,
}

impl<'a> Load<'a> {
    fn open(address: SocketAddr, groups: &'a [Group]) -> Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let mut clients = Vec::new();
        for (group, of_group) in groups.iter().enumerate() {
            for requests in &of_group.clients {
                let client = Client::connect(address, group, requests)?;
                let data = epoll::EventData::new_u64(clients.len() as u64);
                epoll::add(&epoll, client.stream(), data, epoll::EventFlags::IN)?;
                clients.push(client);
            }
        }
        let tallies = vec![Tally::default(); groups.len()];
        Ok(Self { epoll, groups, clients, schedule: Schedule::default(), tallies, owed: 0 })
    }

    fn run(mut self, lasts: Duration) -> Result<Vec<Tally>> {
        let start = Instant::now();
        let end = start + lasts;
        self.begin(start)?;
        let mut piece = vec![0; PIECE_BYTES];
        let mut events = Vec::with_capacity(EVENTS);
        loop {
            let now = Instant::now();
            self.ask_who_is_due(now, end)?;
            if now >= end && (self.owed == 0 || now >= end + GRACE) {
                break;
            }
            let until = if now < end { end } else { end + GRACE };
            let until = self.schedule.next().map_or(until, |due| due.min(until));
            let pause = until.saturating_duration_since(now);
            events.clear();
            let room = rustix::buffer::spare_capacity(&mut events);
            epoll::wait(&self.epoll, room, Some(&Timespec::try_from(pause)?))?;
            for event in &events {
                let index = usize::try_from(event.data.u64())?;
                self.read(index, &mut piece, end)?;
            }
        }
        for client in self.clients.iter().filter(|client| client.is_waiting()) {
            let is_paced = self.groups[client.group()].every.is_some();
            self.tallies[client.group()].errors += u64::from(is_paced);
        }
        for tally in &mut self.tallies {
            tally.waits_us.sort_unstable();
        }
        Ok(self.tallies)
    }

    /// Connections that go as fast as they can ask now; the others are spread over their interval.
    fn begin(&mut self, start: Instant) -> Result<()> {
        let mut index = 0;
        for group in self.groups {
            let count = u32::try_from(group.clients.len())?;
            for nth in 0..count {
                match group.every {
                    Some(every) => self.schedule.add(start + every * nth / count, index),
                    None => self.clients[index].ask(start)?,
                }
                index += 1;
            }
        }
        Ok(())
    }

    /// Whatever is due before the end is asked for, however late that is noticed.
    fn ask_who_is_due(&mut self, now: Instant, end: Instant) -> Result<()> {
        while let Some((due, index)) = self.schedule.pop(now) {
            let client = &mut self.clients[index];
            let next = self.groups[client.group()].every.map(|every| due + every);
            if let Some(next) = next.filter(|next| *next < end) {
                self.schedule.add(next, index);
            }
            self.owed += usize::from(client.due(due)?);
        }
        Ok(())
    }

    fn read(&mut self, index: usize, piece: &mut [u8], end: Instant) -> Result<()> {
        let client = &mut self.clients[index];
        let (group, asked) = (client.group(), client.asked());
        let progress = client.read(piece);
        if progress == Progress::Unfinished {
            return Ok(());
        }
        let now = Instant::now();
        let (tally, is_paced) = (&mut self.tallies[group], self.groups[group].every.is_some());
        match progress {
            Progress::Answered { bytes } if now < end || is_paced => {
                tally.answers += 1;
                tally.bytes += bytes;
                let wait = (now - asked).as_micros();
                tally.waits_us.push(u32::try_from(wait).unwrap_or(u32::MAX));
            }
            Progress::Answered { .. } | Progress::Unfinished => {}
            Progress::Refused => tally.errors += 1,
            Progress::Broken => {
                tally.errors += 1;
                let data = epoll::EventData::new_u64(index as u64);
                client.reconnect()?;
                epoll::add(&self.epoll, client.stream(), data, epoll::EventFlags::IN)?;
            }
        }
        if is_paced {
            // The next one may be due already.
            self.owed -= usize::from(!client.ask_what_is_due()?);
        } else if now < end {
            client.ask(now)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
