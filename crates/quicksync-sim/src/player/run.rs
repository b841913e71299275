//! The loop: from one instant at which something happens to the next.

use super::agent::{Agent, Event, Order, Sound, Transfer, View};
use super::listener::{Listener, Move};
use super::playback::{Download, Fate, Playback, Stall};
use crate::setup::Setup;
use crate::trace::NetworkTrace;

/// The first report of a transfer comes with its first packet, bytes.
const PACKET_BYTES: u64 = 1_448;
/// Further reports of a transfer come this often, as a browser's reads of a body do, microseconds.
const PROGRESS_US: u64 = 100_000;
/// The playhead is reported this often, as the web player does, microseconds.
const PLAYHEAD_US: u64 = 1_000_000;
/// No wake-up is sooner than this after the last one, microseconds.
const SOONEST_US: u64 = 1_000;
/// A playback longer than this many times its track and a day is given up.
const MOST_TRACKS: u64 = 1_000;
const DAY_US: u64 = 24 * 3600 * 1_000_000;
/// An algorithm that is asked more often than this is given up.
const MOST_EVENTS: u32 = 20_000_000;

/// Why a playback came to no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlayError {
    /// The trace carries nothing.
    #[error("the trace carries nothing at all")]
    DeadLink,
    /// The algorithm waits for what never comes, or never comes to rest.
    #[error("the algorithm stopped before the end of the track")]
    NoEnd,
}

/// Plays `setup` over `link` as `agent` orders.
///
/// # Errors
/// See [`PlayError`].
pub fn play(
    setup: &Setup,
    link: &NetworkTrace,
    listener: &Listener,
    agent: &mut dyn Agent,
) -> Result<Playback, PlayError> {
    if link.mean_bps() <= 0.0 {
        return Err(PlayError::DeadLink);
    }
    let mut player = Player::new(setup, link, listener);
    player.tell(agent, Event::Begin);
    for _ in 0..MOST_EVENTS {
        if player.ended {
            return Ok(player.finish());
        }
        let next_us = player.next_event_us();
        if next_us > setup.duration_us().saturating_mul(MOST_TRACKS).saturating_add(DAY_US) {
            return Err(PlayError::NoEnd);
        }
        player.advance(next_us);
        player.react(agent);
    }
    Err(PlayError::NoEnd)
}

#[derive(Clone, Copy, Debug)]
struct InFlight {
    transfer: Transfer,
    done_us: u64,
    report_us: u64,
    replaces: bool,
}

#[derive(Debug)]
struct Player<'a> {
    setup: &'a Setup,
    link: &'a NetworkTrace,
    moves: std::slice::Iter<'a, (u64, Move)>,
    next_move: Option<&'a (u64, Move)>,
    now_us: u64,
    position_us: u64,
    /// Where what is held without a gap from the playhead on ends.
    until_us: u64,
    held: Vec<Option<usize>>,
    sound: Sound,
    since_us: u64,
    sounded: bool,
    under_way: Option<InFlight>,
    wake_us: u64,
    playhead_us: u64,
    /// The first segment that has not begun to sound since the last seek.
    unheard: u32,
    playback: Playback,
    orders: Vec<Order>,
    ended: bool,
}

impl<'a> Player<'a> {
    fn new(setup: &'a Setup, link: &'a NetworkTrace, listener: &'a Listener) -> Self {
        let mut moves = listener.moves.iter();
        let next_move = moves.next();
        Self {
            setup,
            link,
            moves,
            next_move,
            now_us: 0,
            position_us: 0,
            until_us: 0,
            held: vec![None; usize::try_from(setup.segments()).unwrap_or(0)],
            sound: Sound::Starting,
            since_us: 0,
            sounded: false,
            under_way: None,
            wake_us: u64::MAX,
            playhead_us: u64::MAX,
            unheard: 0,
            playback: Playback::default(),
            orders: Vec::new(),
            ended: false,
        }
    }

    // Time.

    fn next_event_us(&self) -> u64 {
        let mut next_us = self.wake_us;
        if let Some(under_way) = &self.under_way {
            next_us = next_us.min(under_way.done_us).min(under_way.report_us);
        }
        if self.sound == Sound::Running {
            next_us = next_us.min(self.now_us + self.buffer_us()).min(self.playhead_us);
        }
        if let Some((at_us, _)) = self.next_move {
            next_us = next_us.min(*at_us);
        }
        next_us.max(self.now_us)
    }

    fn advance(&mut self, to_us: u64) {
        if self.sound == Sound::Running {
            let position_us = (self.position_us + (to_us - self.now_us)).min(self.until_us);
            self.hear(position_us);
            self.position_us = position_us;
        }
        self.now_us = to_us;
    }

    /// Writes down the segments that begin to sound before the playhead reaches a position.
    fn hear(&mut self, until_us: u64) {
        while self.start_us(self.unheard) < until_us {
            let rung = self.held_rung(self.unheard).unwrap_or(0);
            self.playback.heard.push((self.unheard, rung));
            self.unheard += 1;
        }
    }

    fn react(&mut self, agent: &mut dyn Agent) {
        if let Some(done) = self.under_way.filter(|under_way| under_way.done_us <= self.now_us) {
            self.complete(agent, done);
        }
        if self.sound == Sound::Running && self.buffer_us() == 0 {
            self.run_dry(agent);
        }
        if let Some((at_us, step)) = self.next_move
            && *at_us <= self.now_us
            && !self.ended
        {
            self.next_move = self.moves.next();
            self.follow(agent, *step);
        }
        if self.ended {
            return;
        }
        if self.under_way.is_some_and(|under_way| under_way.report_us <= self.now_us) {
            self.report(agent);
        }
        if self.sound == Sound::Running && self.playhead_us <= self.now_us {
            self.playhead_us = self.now_us + PLAYHEAD_US;
            self.tell(agent, Event::PlayheadAt);
        }
        if self.wake_us <= self.now_us {
            self.tell(agent, Event::Woken);
            self.wake_us = self.wake_us.max(self.now_us + SOONEST_US);
        }
    }

    fn complete(&mut self, agent: &mut dyn Agent, done: InFlight) {
        self.under_way = None;
        let Transfer { segment, rung, bytes, .. } = done.transfer;
        let begun = segment < self.unheard && self.held_rung(segment).is_some();
        if !begun {
            self.discard(segment);
            self.hold(segment, rung);
        }
        self.note(done, bytes, if begun { Fate::Late } else { Fate::Kept });
        let transfer = Transfer { received: bytes, ..done.transfer };
        self.tell(agent, Event::Completed(transfer));
    }

    fn run_dry(&mut self, agent: &mut dyn Agent) {
        if self.position_us >= self.setup.duration_us() {
            self.ended = true;
        } else {
            self.sound = Sound::Stalled;
            self.since_us = self.now_us;
            self.tell(agent, Event::Stalled);
        }
    }

    fn follow(&mut self, agent: &mut dyn Agent, step: Move) {
        self.end_wait();
        match step {
            Move::Skip => self.ended = true,
            Move::Seek(position_us) => {
                self.position_us = position_us.min(self.setup.duration_us() - 1);
                self.unheard = self.segment_at(self.position_us);
                self.until_us = self.held_until_us();
                self.sound = Sound::Starting;
                self.since_us = self.now_us;
                self.tell(agent, Event::Seeked);
            }
        }
    }

    fn report(&mut self, agent: &mut dyn Agent) {
        let now_us = self.now_us;
        let Some(under_way) = &mut self.under_way else { return };
        under_way.report_us = now_us + PROGRESS_US;
        let transfer = &mut under_way.transfer;
        let received = self.link.carried_bytes(transfer.first_byte_us, now_us).min(transfer.bytes);
        if received > transfer.received {
            transfer.received = received;
            self.tell(agent, Event::Progress);
        }
    }

    // Orders.

    fn tell(&mut self, agent: &mut dyn Agent, event: Event) {
        let mut orders = std::mem::take(&mut self.orders);
        let wake_us = agent.react(event, &self.view(), &mut orders);
        self.wake_us = wake_us.unwrap_or(u64::MAX);
        for order in orders.drain(..) {
            if !self.obey(order) {
                self.playback.refused += 1;
            }
        }
        self.orders = orders;
    }

    /// False if the player cannot do it.
    fn obey(&mut self, order: Order) -> bool {
        match order {
            Order::Fetch { segment, rung } => self.fetch(segment, rung),
            Order::Abandon => self.abandon(),
            Order::Play => self.start(),
        }
    }

    fn fetch(&mut self, segment: u32, rung: usize) -> bool {
        let replaces = self.held_rung(segment).is_some();
        let ended = segment >= self.setup.segments() || rung >= self.setup.rungs();
        let begun = self.start_us(segment) + self.setup.segment_us() <= self.position_us
            || (replaces && segment < self.unheard);
        let room = replaces || self.view().has_room(None);
        if self.under_way.is_some() || ended || begun || !room {
            return false;
        }
        let bytes = self.setup.bytes(rung);
        let requested_us = self.now_us;
        let first_byte_us = requested_us + self.link.latency_us(requested_us);
        let end_us = |bytes| self.link.finish_us(first_byte_us, bytes).unwrap_or(u64::MAX);
        let (done_us, report_us) = (end_us(bytes), end_us(bytes.min(PACKET_BYTES)));
        let transfer = Transfer { segment, rung, bytes, requested_us, first_byte_us, received: 0 };
        self.under_way = Some(InFlight { transfer, done_us, report_us, replaces });
        true
    }

    fn abandon(&mut self) -> bool {
        let Some(under_way) = self.under_way.take() else { return false };
        let from_us = under_way.transfer.first_byte_us.min(self.now_us);
        let received = self.link.carried_bytes(from_us, self.now_us);
        self.note(under_way, received.min(under_way.transfer.bytes), Fate::Abandoned);
        true
    }

    fn start(&mut self) -> bool {
        if self.sound == Sound::Running || self.buffer_us() == 0 {
            return false;
        }
        self.end_wait();
        self.sound = Sound::Running;
        self.playhead_us = self.now_us + PLAYHEAD_US;
        true
    }

    /// Counts the silence that ends now.
    fn end_wait(&mut self) {
        let length_us = self.now_us - self.since_us;
        match self.sound {
            Sound::Running => {}
            Sound::Stalled => {
                self.playback.stalls.push(Stall { at_us: self.since_us, length_us });
            }
            Sound::Starting if self.sounded => self.playback.seek_wait_us += length_us,
            Sound::Starting => self.playback.startup_us += length_us,
        }
        self.sounded = true;
    }

    // What is held.

    fn view(&self) -> View<'_> {
        let received = |under_way: &InFlight| {
            let from_us = under_way.transfer.first_byte_us.min(self.now_us);
            let received = self.link.carried_bytes(from_us, self.now_us);
            Transfer { received: received.min(under_way.transfer.bytes), ..under_way.transfer }
        };
        View {
            setup: self.setup,
            now_us: self.now_us,
            position_us: self.position_us,
            buffer_us: self.buffer_us(),
            sound: self.sound,
            transfer: self.under_way.as_ref().map(received),
            held: &self.held,
        }
    }

    const fn buffer_us(&self) -> u64 {
        self.until_us.saturating_sub(self.position_us)
    }

    fn start_us(&self, segment: u32) -> u64 {
        u64::from(segment) * self.setup.segment_us()
    }

    fn segment_at(&self, position_us: u64) -> u32 {
        u32::try_from(position_us / self.setup.segment_us()).unwrap_or(u32::MAX)
    }

    fn held_rung(&self, segment: u32) -> Option<usize> {
        self.held.get(usize::try_from(segment).ok()?).copied().flatten()
    }

    fn hold(&mut self, segment: u32, rung: usize) {
        let slot = usize::try_from(segment).ok().and_then(|index| self.held.get_mut(index));
        if let Some(slot) = slot {
            *slot = Some(rung);
        }
        self.until_us = self.held_until_us();
    }

    fn held_until_us(&self) -> u64 {
        let mut segment = self.segment_at(self.position_us);
        while self.held_rung(segment).is_some() {
            segment += 1;
        }
        self.start_us(segment).max(self.position_us)
    }

    /// What is held of a segment will not be heard.
    fn discard(&mut self, segment: u32) {
        let kept =
            |download: &&mut Download| download.segment == segment && download.fate == Fate::Kept;
        if let Some(old) = self.playback.downloads.iter_mut().rev().find(kept) {
            old.fate = Fate::Replaced;
        }
    }

    fn note(&mut self, under_way: InFlight, bytes: u64, fate: Fate) {
        let Transfer { segment, rung, requested_us, .. } = under_way.transfer;
        let replaces = under_way.replaces;
        let finished_us = self.now_us;
        self.playback.downloads.push(Download {
            segment,
            rung,
            bytes,
            requested_us,
            finished_us,
            replaces,
            fate,
        });
    }

    fn finish(mut self) -> Playback {
        self.abandon();
        self.playback.ended_us = self.now_us;
        self.playback
    }
}
