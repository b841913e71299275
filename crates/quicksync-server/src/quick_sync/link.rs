//! The connections that a device plays over from one address, looked at together while bytes are
//! under way.
//!
//! Decides: for how long to look. Never: what a look is worth (`quicksync_sense::LinkMeter`).

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use foldhash::HashMap;
use quicksync_sense::{LinkMeter, LinkReading, TcpReading, TcpSample};
use tokio::net::TcpStream;

use super::beats::Beats;
use super::surroundings::DeviceKey;
use crate::serve::ConnectionInfo;

/// A stretch that says something of a network is longer, and who fetches segments faster than this
/// pays for no more questions to the kernel.
const SHORTEST_US: u64 = 20_000;
/// Links remembered before those that have ended are looked for: twice the connections there may be.
const MANY_LINKS: usize = 16_384;

/// Two devices share no link, nor do two networks that one device is on.
pub(crate) type LinkKey = (DeviceKey, IpAddr);

/// Every link that a connection plays over.
#[derive(Debug, Default)]
pub(super) struct Links {
    links: Mutex<HashMap<LinkKey, Weak<Link>>>,
    beats: Arc<Beats>,
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
        let link = Arc::new(Link::new(Arc::clone(&self.beats)));
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
    beats: Arc<Beats>,
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
    fn new(beats: Arc<Beats>) -> Self {
        Self { held: Mutex::default(), answers: Arc::default(), beats }
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
        let (mut held, now_us) = (self.held(), self.beats.now_us());
        let is_due = now_us.saturating_sub(held.measured_us) >= SHORTEST_US;
        is_due.then(|| held.measure(now_us)).flatten()
    }

    /// The same at the end of one of its connections, which cannot be asked later.
    pub(super) fn measure_last(&self) -> Option<TcpSample> {
        self.held().measure(self.beats.now_us())
    }

    /// Glances at the link as long as bytes are under way, or the answer may go on that what is
    /// returned is held for. One watch at a time; who asks for another joins the one there is.
    pub(super) fn watch(self: &Arc<Self>) -> Arc<()> {
        // Held before the question whether there is a watch: one that would end now sees it.
        let answer = Arc::clone(&self.answers);
        if !std::mem::replace(&mut self.held().is_watched, true) {
            self.beats.watch(Arc::clone(self));
        }
        answer
    }

    /// Whether nothing is under way; `None`, which ends the watch, once nothing will be.
    pub(super) fn glance(&self) -> Option<bool> {
        let mut held = self.held();
        let readings = held.ask();
        held.meter.glance(self.beats.now_us(), &readings);
        let is_idle = readings.iter().all(|(_, reading)| reading.in_flight == 0);
        let has_answers = Arc::strong_count(&self.answers) > 1;
        held.is_watched = !readings.is_empty() && (has_answers || !is_idle);
        held.is_watched.then_some(is_idle)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
