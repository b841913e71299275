//! What all peers have in common: a player that fetches in order, starts, resumes and gives up by
//! the rules it is given.

use std::fmt;

use crate::player::{Agent, Event, Note, Order, Sound, Transfer, View, seconds};
use crate::setup::Setup;

/// When a player starts, resumes, and looks at a transfer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Buffer to start with, seconds.
    pub start_s: f64,
    /// Buffer to resume with after a stall, seconds.
    pub resume_s: f64,
    /// How often a transfer under way is looked at; `None` if it is never given up.
    pub watch_us: Option<u64>,
}

impl Pace {
    /// As an HTML media element does by itself: with whatever is held.
    pub const AT_ONCE: Self = Self { start_s: 0.0, resume_s: 0.0, watch_us: None };
}

/// Whose rule says when to go on after a stall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ResumeRule {
    /// Each peer's own.
    #[default]
    Own,
    /// One of ours for all: more buffer the slower the network is.
    Ours,
}

/// A transfer that ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finished {
    /// At which rung.
    pub rung: usize,
    /// Bytes that came.
    pub bytes: f64,
    /// From the request to the last byte, seconds.
    pub elapsed_s: f64,
    /// From the request to the first byte, seconds.
    pub latency_s: f64,
    /// Cancelled rather than complete.
    pub cancelled: bool,
}

/// A transfer under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arriving {
    /// At which rung.
    pub rung: usize,
    /// Bytes of the whole.
    pub bytes: f64,
    /// Bytes that have come.
    pub received: f64,
    /// Since the request, seconds.
    pub elapsed_s: f64,
    /// From the request to the first byte, seconds; `None` before it.
    pub latency_s: Option<f64>,
}

/// What a rule sees.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// What is played.
    pub setup: &'a Setup,
    /// Now, seconds from the press on play.
    pub now_s: f64,
    /// Media ahead of the playhead, seconds.
    pub buffer_s: f64,
    /// The most there may be, seconds; the track's length where there is no cap.
    pub cap_s: f64,
    /// Length of a segment, seconds.
    pub segment_s: f64,
    /// Which segment is to be fetched.
    pub segment: u32,
    /// The rung of the segment before it.
    pub last: Option<usize>,
    /// Whether the sound runs.
    pub sound: Sound,
}

impl Scene<'_> {
    /// Bits per second of a rung.
    #[must_use]
    pub fn bps(rung: usize) -> f64 {
        f64::from(Setup::kbps(rung)) * 1e3
    }

    /// How many rungs there are.
    #[must_use]
    pub const fn rungs(&self) -> usize {
        self.setup.rungs()
    }

    /// The highest rung there is.
    #[must_use]
    pub const fn top(&self) -> usize {
        self.rungs().saturating_sub(1)
    }

    /// The highest rung of at most `bps`; the lowest if there is none.
    #[must_use]
    pub fn highest_within(&self, bps: f64) -> usize {
        (0..self.rungs()).rfind(|rung| Self::bps(*rung) <= bps).unwrap_or(0)
    }

    /// Bytes of a segment of a rung.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "segments are below 2^28 bytes")]
    pub fn bytes(&self, rung: usize) -> f64 {
        self.setup.bytes(rung) as f64
    }
}

/// The rule of one player.
pub trait Peer: fmt::Debug {
    /// When it starts, resumes, and looks at a transfer.
    fn pace(&self) -> Pace;

    /// The rung of the next segment.
    fn choose(&mut self, scene: &Scene<'_>) -> usize;

    /// How long to wait before the request that was just chosen, seconds.
    fn delay_s(&self) -> f64 {
        0.0
    }

    /// A transfer ended.
    fn learn(&mut self, finished: &Finished, scene: &Scene<'_>);

    /// The rung to fetch instead of the transfer under way, if that is to be given up.
    fn give_up(&mut self, _arriving: &Arriving, _scene: &Scene<'_>) -> Option<usize> {
        None
    }

    /// The throughput it expects, kbps, for a picture; 0 if it has no idea of one.
    fn expected_kbps(&self) -> f64 {
        0.0
    }
}

/// A player with the rule of a peer.
#[derive(Debug)]
pub struct Conduct {
    peer: Box<dyn Peer>,
    resume: ResumeRule,
    /// The rung to fetch instead of one that was given up.
    instead: Option<(u32, usize)>,
    /// What was chosen for later, and when that is.
    later: Option<(u32, usize, u64)>,
    /// Bytes and seconds of the last transfers, for [`ResumeRule::Ours`].
    recent: (f64, f64),
    notes: Option<Vec<Note>>,
}

/// With [`ResumeRule::Ours`] this many seconds of buffer at 128 kbps, inversely more or less at
/// other rates. Measured: docs/design/simulator.md.
const HOLD_S: f64 = 10.0;
const HOLD_BPS: f64 = 128e3;
/// And never more than this many seconds.
const MOST_HOLD_S: f64 = 30.0;
/// The share that each transfer leaves of the ones before it.
const FADE: f64 = 0.7;

impl Conduct {
    /// A player with `peer`'s rule.
    #[must_use]
    pub fn new(peer: Box<dyn Peer>, resume: ResumeRule) -> Self {
        Self { peer, resume, instead: None, later: None, recent: (0.0, 0.0), notes: None }
    }

    /// Remembers what it thinks.
    #[must_use]
    pub fn remembering(mut self) -> Self {
        self.notes = Some(Vec::new());
        self
    }

    fn learn(&mut self, transfer: &Transfer, cancelled: bool, view: &View<'_>) {
        let finished = finished(transfer, cancelled, view.now_us);
        let (bytes, time_s) = self.recent;
        self.recent = (FADE * bytes + finished.bytes, FADE * time_s + finished.elapsed_s.max(1e-3));
        self.peer.learn(&finished, &scene(view, transfer.segment));
    }

    /// Whether enough is held to let the sound run.
    fn may_play(&self, view: &View<'_>) -> bool {
        let pace = self.peer.pace();
        let wanted_s = match (view.sound, self.resume) {
            (Sound::Running, _) => return false,
            (Sound::Starting, _) => pace.start_s,
            (Sound::Stalled, ResumeRule::Own) => pace.resume_s,
            (Sound::Stalled, ResumeRule::Ours) => {
                let bps = self.recent.0 * 8.0 / self.recent.1.max(1e-3);
                (HOLD_S * HOLD_BPS / bps.max(1.0)).min(MOST_HOLD_S)
            }
        };
        let no_more = view.missing().is_none() || !view.has_room(None);
        view.buffer_us > 0 && (no_more || seconds(view.buffer_us) >= wanted_s)
    }

    fn give_up(&mut self, view: &View<'_>, orders: &mut Vec<Order>) -> bool {
        let Some(transfer) = view.transfer else { return false };
        if view.setup.rungs() < 2 {
            return false;
        }
        let arriving = arriving(&transfer, view.now_us);
        let scene = scene(view, transfer.segment);
        let Some(rung) = self.peer.give_up(&arriving, &scene) else { return false };
        self.instead = Some((transfer.segment, rung));
        self.learn(&transfer, true, view);
        orders.push(Order::Abandon);
        true
    }

    fn fetch(&mut self, view: &View<'_>, orders: &mut Vec<Order>) -> bool {
        let Some(segment) = view.missing().filter(|_| view.has_room(None)) else { return false };
        let Some(rung) = self.chosen(segment, view) else { return false };
        orders.push(Order::Fetch { segment, rung });
        self.remember(view, Some(("fetch", format!("{} kbps", Setup::kbps(rung)))));
        true
    }

    /// The rung to request now; `None` if the rule wants to wait.
    fn chosen(&mut self, segment: u32, view: &View<'_>) -> Option<usize> {
        if let Some((chosen_for, rung, at_us)) = self.later
            && chosen_for == segment
        {
            let due = view.now_us >= at_us || view.sound != Sound::Running;
            return due.then(|| {
                self.later = None;
                rung
            });
        }
        let scene = scene(view, segment);
        // With one rung there is nothing to choose, and the rules that divide by steps have none.
        if scene.rungs() < 2 {
            return Some(scene.top());
        }
        let instead = self.instead.take().filter(|(given_up, _)| *given_up == segment);
        let chosen = self.peer.choose(&scene);
        let rung = instead.map_or(chosen, |(_, rung)| rung).min(scene.top());
        let delay_us = micros(self.peer.delay_s());
        if delay_us == 0 || instead.is_some() || view.sound != Sound::Running {
            self.later = None;
            return Some(rung);
        }
        self.later = Some((segment, rung, view.now_us + delay_us));
        None
    }

    fn remember(&mut self, view: &View<'_>, decision: Option<(&'static str, String)>) {
        let Some(notes) = &mut self.notes else { return };
        let expected_kbps = self.peer.expected_kbps();
        let band_kbps = (expected_kbps, expected_kbps);
        let (at_us, buffer_us) = (view.now_us, view.buffer_us);
        notes.push(Note { at_us, buffer_us, expected_kbps, band_kbps, decision });
    }

    fn wake_us(&self, view: &View<'_>, busy: bool, running: bool) -> Option<u64> {
        if busy {
            return self.peer.pace().watch_us.map(|every_us| view.now_us + every_us);
        }
        let room_us = view.now_us + view.room_in_us(None);
        let wake_us = self.later.map_or(room_us, |(_, _, at_us)| room_us.max(at_us));
        (running && view.missing().is_some()).then_some(wake_us)
    }
}

impl Agent for Conduct {
    fn react(&mut self, event: Event, view: &View<'_>, orders: &mut Vec<Order>) -> Option<u64> {
        if let Event::Completed(transfer) = event {
            self.learn(&transfer, false, view);
        }
        let play = self.may_play(view);
        if play {
            orders.push(Order::Play);
            self.remember(view, Some(("play", String::new())));
        }
        let mut busy = view.transfer.is_some();
        if busy && self.give_up(view, orders) {
            busy = false;
        }
        if !busy {
            busy = self.fetch(view, orders);
        }
        self.remember(view, None);
        self.wake_us(view, busy, play || view.sound == Sound::Running)
    }

    fn notes(&mut self) -> Vec<Note> {
        self.notes.take().unwrap_or_default()
    }
}

fn scene<'a>(view: &View<'a>, segment: u32) -> Scene<'a> {
    let cap_us = view.setup.cap_us().unwrap_or_else(|| view.setup.duration_us());
    Scene {
        setup: view.setup,
        now_s: seconds(view.now_us),
        buffer_s: seconds(view.buffer_us),
        cap_s: seconds(cap_us),
        segment_s: seconds(view.setup.segment_us()),
        segment,
        last: segment.checked_sub(1).and_then(|before| view.held_rung(before)),
        sound: view.sound,
    }
}

/// Seconds as microseconds, at most a day.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bounded before the cast"
)]
fn micros(seconds: f64) -> u64 {
    (seconds.clamp(0.0, 86_400.0) * 1e6).round() as u64
}

#[expect(clippy::cast_precision_loss, reason = "segments are below 2^28 bytes")]
fn finished(transfer: &Transfer, cancelled: bool, now_us: u64) -> Finished {
    Finished {
        rung: transfer.rung,
        bytes: transfer.received as f64,
        elapsed_s: seconds(now_us - transfer.requested_us),
        latency_s: seconds(transfer.first_byte_us.min(now_us) - transfer.requested_us),
        cancelled,
    }
}

#[expect(clippy::cast_precision_loss, reason = "segments are below 2^28 bytes")]
fn arriving(transfer: &Transfer, now_us: u64) -> Arriving {
    let latency_s = seconds(transfer.first_byte_us - transfer.requested_us);
    Arriving {
        rung: transfer.rung,
        bytes: transfer.bytes as f64,
        received: transfer.received as f64,
        elapsed_s: seconds(now_us - transfer.requested_us),
        latency_s: (transfer.received > 0).then_some(latency_s),
    }
}
