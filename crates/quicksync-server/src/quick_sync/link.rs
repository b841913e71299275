//! The connections that a device plays over from one address, looked at together while bytes are
//! under way.
//!
//! Decides: when to look. Never: what a look is worth (`quicksync_sense::LinkMeter`).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use quicksync_sense::{GLANCE_EVERY_US, LinkMeter, LinkReading, TcpReading, TcpSample};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::surroundings::DeviceKey;
use crate::serve::ConnectionInfo;

const GLANCE_EVERY: Duration = Duration::from_micros(GLANCE_EVERY_US);
/// A stretch that says something of a network is longer, and who fetches segments faster than this
/// pays for no more questions to the kernel.
const SHORTEST_US: u64 = 20_000;
/// Between two glances at a link on which nothing moves.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// Links remembered before those that have ended are looked for: twice the connections there may be.
const MANY_LINKS: usize = 16_384;

/// Two devices share no link, nor do two networks that one device is on.
pub(crate) type LinkKey = (DeviceKey, IpAddr);

/// Every link that a connection plays over.
#[derive(Debug)]
pub(super) struct Links {
    links: Mutex<HashMap<LinkKey, Weak<Link>>>,
    /// What all of them count their time from, so that they are looked at on the same beats: a
    /// sleeping processor is woken once for all.
    began: Instant,
}

impl Default for Links {
    fn default() -> Self {
        Self { links: Mutex::default(), began: Instant::now() }
    }
}

impl Links {
    /// The link that `connection` plays over for a device; from now on what it carries counts there.
    pub(super) fn join(&self, device: DeviceKey, connection: &ConnectionInfo) -> Arc<Link> {
        let key = (device, connection.peer().ip().to_canonical());
        connection.link(key, || self.of(key))
    }

    fn of(&self, key: LinkKey) -> Arc<Link> {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(link) = links.get(&key).and_then(Weak::upgrade) {
            return link;
        }
        if links.len() >= MANY_LINKS {
            links.retain(|_, link| link.strong_count() > 0);
        }
        let link = Arc::new(Link::new(self.began));
        links.insert(key, Arc::downgrade(&link));
        link
    }
}

/// The connections of one device at one address.
#[derive(Debug)]
pub(crate) struct Link {
    held: Mutex<Held>,
    /// Held by every answer under way.
    answers: Arc<()>,
    began: Instant,
}

#[derive(Debug, Default)]
struct Held {
    meter: LinkMeter,
    sockets: Vec<(u64, Weak<TcpStream>)>,
    measured_us: u64,
    /// Whether somebody glances at it.
    is_watched: bool,
}

impl Held {
    fn measure(&mut self, now_us: u64) -> Option<TcpSample> {
        self.measured_us = now_us;
        let readings = self.ask();
        self.meter.read(now_us, &readings)
    }

    /// What the kernel says of each connection now; those that ended are left out from here on.
    fn ask(&mut self) -> Vec<LinkReading> {
        let Self { meter, sockets, .. } = self;
        let mut readings = Vec::with_capacity(sockets.len());
        sockets.retain(|(number, socket)| {
            let reading = socket.upgrade().and_then(|socket| TcpReading::of(&*socket));
            if let Some(reading) = reading {
                readings.push((*number, reading));
            } else {
                meter.leave(*number);
            }
            reading.is_some()
        });
        readings
    }
}

impl Link {
    fn new(began: Instant) -> Self {
        Self { held: Mutex::default(), answers: Arc::default(), began }
    }

    /// Takes a connection in; `number` tells it from the others.
    pub(crate) fn add(&self, number: u64, socket: Weak<TcpStream>) {
        let Some(reading) = socket.upgrade().and_then(|socket| TcpReading::of(&*socket)) else {
            return;
        };
        let mut held = self.held();
        held.meter.join((number, reading));
        held.sockets.push((number, socket));
    }

    /// Lets a connection go that plays for somebody else now.
    pub(crate) fn remove(&self, number: u64) {
        let mut held = self.held();
        held.meter.leave(number);
        held.sockets.retain(|(other, _)| *other != number);
    }

    /// What the link carried since this was last asked, as far as the kernel knows. Asked again within
    /// [`SHORTEST_US`] it says nothing, and counts next time what was carried meanwhile.
    pub(super) fn measure(&self) -> Option<TcpSample> {
        let (mut held, now_us) = (self.held(), self.now_us());
        let is_due = now_us.saturating_sub(held.measured_us) >= SHORTEST_US;
        is_due.then(|| held.measure(now_us)).flatten()
    }

    /// The same at the end of one of its connections, which cannot be asked later.
    pub(super) fn measure_last(&self) -> Option<TcpSample> {
        self.held().measure(self.now_us())
    }

    /// Glances at the link as long as bytes are under way, or the answer may go on that what is
    /// returned is held for. One watch at a time; who asks for another joins the one there is.
    pub(super) fn watch(self: &Arc<Self>) -> Arc<()> {
        // Held before the question whether there is a watch: one that would end now sees it.
        let answer = Arc::clone(&self.answers);
        if !std::mem::replace(&mut self.held().is_watched, true) {
            let link = Arc::clone(self);
            tokio::spawn(async move {
                let mut pause = GLANCE_EVERY;
                while let Some(is_idle) = link.glance() {
                    // A client that has paused is not looked at twenty times a second.
                    pause = if is_idle { (pause * 2).min(LONGEST_PAUSE) } else { GLANCE_EVERY };
                    tokio::time::sleep_until(link.beat(pause)).await;
                }
            });
        }
        answer
    }

    /// Whether nothing is under way; `None`, which ends the watch, once nothing will be.
    fn glance(&self) -> Option<bool> {
        let mut held = self.held();
        let readings = held.ask();
        held.meter.glance(self.now_us(), &readings);
        let is_idle = readings.iter().all(|(_, reading)| reading.in_flight == 0);
        let has_answers = Arc::strong_count(&self.answers) > 1;
        held.is_watched = !readings.is_empty() && (has_answers || !is_idle);
        held.is_watched.then_some(is_idle)
    }

    /// The last beat within `pause` from now.
    fn beat(&self, pause: Duration) -> Instant {
        let due_us =
            self.now_us().saturating_add(u64::try_from(pause.as_micros()).unwrap_or(u64::MAX));
        self.began + Duration::from_micros(due_us - due_us % GLANCE_EVERY_US)
    }

    fn now_us(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
