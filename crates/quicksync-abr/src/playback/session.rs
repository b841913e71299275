//! The state machine: takes inputs, keeps what is known, and gives the next output when asked.
//!
//! Decides nothing about the network itself: the estimator believes, the controller chooses, the
//! scheduler says what for.
//!
//! # Invariants
//! - At most one transfer is under way.
//! - No output names a quality that the track does not offer, or a segment past its end.
//! - Time never runs backwards: an earlier `now` counts as the latest one.

use alloc::vec::Vec;

use quicksync_model::{Mode, Quality, Timestamp};

use super::belief::Belief;
use super::config::{Limits, SessionConfig};
use super::controller::{self, Sound, View};
use super::estimator::Estimator;
use super::input::{DevicePressure, Failure, Input};
use super::ladder::{SegmentLadder, seconds};
use super::output::Output;
use super::reason::{Reason, Situation};
use super::scheduler::{Need, Scene};
use super::track::{SegmentKey, Track, TrackId};
use super::transfer::Transfer;
use crate::{HostLoad, Preload, SystemStatus, system_status};

/// While a transfer is under way it is looked at this often, microseconds.
const WATCH_US: i64 = 500_000;
/// No wake-up is sooner than this, microseconds.
const SOONEST_US: i64 = 10_000;
/// First pause after a failure, doubled with each further one, microseconds.
const BACK_OFF_US: i64 = 500_000;
/// The longest pause: `BACK_OFF_US << 4`.
const BACK_OFF_DOUBLINGS: u32 = 4;
/// Renditions remembered as missing; beyond it the oldest is forgotten and tried again.
const MOST_MISSING: usize = 64;

/// Where the sound is, and whether it runs.
#[derive(Clone, Copy, Debug)]
struct Playhead {
    position_us: u64,
    at: Timestamp,
    phase: Phase,
    wanted: bool,
    ever_wanted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    /// Before the first sound, or after a seek; since when the listener waits.
    Starting(Option<Timestamp>),
    Running,
    Stalled,
    /// By the listener, with media held.
    Paused,
}

/// One listener's playback of a queue, from the core's point of view.
#[derive(Clone, Debug)]
pub struct PlaybackSession {
    now: Timestamp,
    limits: Limits,
    preload: Preload,
    start: Quality,
    track: Track,
    next: Option<Track>,
    playhead: Playhead,
    transfer: Option<Transfer>,
    estimator: Estimator,
    last: Option<Quality>,
    load: HostLoad,
    pressure: DevicePressure,
    given_up: Option<(SegmentKey, Quality)>,
    missing: Vec<(SegmentKey, Quality)>,
    failures: u32,
    retry_at: Option<Timestamp>,
    received_bytes: u64,
    wasted_bytes: u64,
    budget_used_bytes: u64,
}

impl PlaybackSession {
    /// A session about to play `track`, of which nothing is held.
    #[must_use]
    pub fn new(
        config: SessionConfig,
        track: TrackId,
        ladder: SegmentLadder,
        now: Timestamp,
    ) -> Self {
        let phase = Phase::Starting(None);
        Self {
            now,
            limits: config.limits,
            preload: config.preload,
            start: config.start_quality,
            track: Track::new(track, ladder),
            next: None,
            playhead: Playhead {
                position_us: 0,
                at: now,
                phase,
                wanted: false,
                ever_wanted: false,
            },
            transfer: None,
            estimator: Estimator::new(config.prior),
            last: None,
            load: HostLoad::default(),
            pressure: DevicePressure::default(),
            given_up: None,
            missing: Vec::new(),
            failures: 0,
            retry_at: None,
            received_bytes: 0,
            wasted_bytes: 0,
            budget_used_bytes: 0,
        }
    }

    /// Takes note of what the player saw at `now`. Drain [`Self::poll_output`] afterwards.
    pub fn handle_input(&mut self, now: Timestamp, input: Input) {
        self.now = self.now.max(now);
        match input {
            Input::PlayPressed => self.press_play(),
            Input::PausePressed => self.press_pause(),
            Input::StallStarted => self.stall(),
            Input::StallEnded => self.run_if(|phase| phase != Phase::Paused),
            Input::PlayheadAt { track, position_us } => self.playhead_at(track, position_us),
            Input::Seeked { track, position_us } => self.seek(track, position_us),
            Input::NextTrack(next) => self.announce(next),
            Input::CapChanged(limits) => {
                self.limits = limits;
                self.budget_used_bytes = 0;
            }
            Input::HostLoad(load) => self.load = load,
            Input::DevicePressure(pressure) => self.pressure = pressure,
            Input::NetworkChanged { network, prior } => {
                self.limits.network = network;
                self.estimator.change_network(prior);
                self.forgive();
            }
            Input::Timeout => {}
            transfer => self.handle_transfer(transfer),
        }
    }

    fn handle_transfer(&mut self, input: Input) {
        let now = self.now;
        match input {
            Input::SegmentRequested { segment, quality } => {
                if let Some(transfer) = self.under_way(segment, quality) {
                    transfer.requested(now);
                }
            }
            Input::BytesReceived { segment, quality, bytes } => {
                if let Some(transfer) = self.under_way(segment, quality) {
                    transfer.received(now, bytes);
                }
            }
            Input::SegmentCompleted { segment, quality, bytes, cached } => {
                self.complete(segment, quality, bytes, cached);
            }
            Input::SegmentHeld { segment, quality } => self.hold(segment, Some(quality)),
            Input::SegmentEvicted { segment } => self.hold(segment, None),
            Input::SegmentFailed { segment, quality, failure } => {
                self.fail(segment, quality, failure);
            }
            _ => {}
        }
    }

    /// The next thing to do; [`Output::Idle`] when there is nothing more, also if asked again.
    pub fn poll_output(&mut self) -> Output {
        if let Some(output) = self.abandon() {
            return output;
        }
        if let Some(output) = self.play() {
            return output;
        }
        if self.transfer.is_none()
            && let Some(output) = self.begin_transfer()
        {
            return output;
        }
        self.idle()
    }

    /// What is believed of the network now, bytes under way included.
    #[must_use]
    pub fn belief(&self) -> Belief {
        let belief = self.estimator.belief();
        match &self.transfer {
            Some(transfer) => controller::with_arriving(belief, transfer, self.now),
            None => belief,
        }
    }

    /// Media ahead of the playhead without a gap, seconds.
    #[must_use]
    pub fn buffer_s(&self) -> f64 {
        let position_us = self.position_us();
        let until_us = self.track.held_until_us(position_us);
        let mut buffer_us = until_us.saturating_sub(position_us);
        if until_us >= self.track.ladder.duration_us() {
            buffer_us += self.next.as_ref().map_or(0, |next| next.held_until_us(0));
        }
        seconds(buffer_us)
    }

    /// Bytes received so far, and how many of them were replaced or given up.
    #[must_use]
    pub const fn bytes(&self) -> (u64, u64) {
        (self.received_bytes, self.wasted_bytes)
    }

    /// The bounds in force.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    // What the player said.

    fn press_play(&mut self) {
        self.playhead.wanted = true;
        self.playhead.ever_wanted = true;
        if self.playhead.phase == Phase::Starting(None) {
            self.playhead.phase = Phase::Starting(Some(self.now));
        }
    }

    fn press_pause(&mut self) {
        self.freeze();
        self.playhead.wanted = false;
        self.playhead.phase = match self.playhead.phase {
            Phase::Running => Phase::Paused,
            Phase::Starting(_) => Phase::Starting(None),
            other => other,
        };
    }

    fn stall(&mut self) {
        if self.playhead.phase == Phase::Running {
            self.freeze();
            self.playhead.phase = Phase::Stalled;
        }
    }

    fn run_if(&mut self, condition: impl Fn(Phase) -> bool) {
        if self.playhead.wanted && condition(self.playhead.phase) {
            self.freeze();
            self.playhead.phase = Phase::Running;
        }
    }

    fn playhead_at(&mut self, track: TrackId, position_us: u64) {
        if self.enter(track) {
            self.playhead.position_us = position_us.min(self.track.ladder.duration_us());
            self.playhead.at = self.now;
        }
    }

    fn seek(&mut self, track: TrackId, position_us: u64) {
        if self.enter(track) {
            self.playhead.position_us = position_us.min(self.track.ladder.duration_us());
            self.playhead.at = self.now;
            let since = self.playhead.wanted.then_some(self.now);
            self.playhead.phase = Phase::Starting(since);
        }
    }

    /// Makes `track` the present one; false if it is neither that nor the next.
    fn enter(&mut self, track: TrackId) -> bool {
        if self.track.id == track {
            return true;
        }
        match self.next.take() {
            Some(next) if next.id == track => {
                self.track = next;
                true
            }
            other => {
                self.next = other;
                false
            }
        }
    }

    fn announce(&mut self, next: Option<(TrackId, SegmentLadder)>) {
        let known = self.next.as_ref().map(|next| (next.id, next.ladder));
        if known != next {
            let next = next.filter(|(id, _)| *id != self.track.id);
            self.next = next.map(|(id, ladder)| Track::new(id, ladder));
        }
    }

    fn complete(&mut self, key: SegmentKey, quality: Quality, bytes: u64, cached: bool) {
        let now = self.now;
        if let Some(transfer) = self.transfer.take_if(|transfer| transfer.is(key, quality)) {
            let mut transfer = transfer;
            transfer.received(now, bytes);
            if !cached && transfer.bytes() > 0 {
                self.account(transfer.bytes());
                self.estimator.observe(&transfer, transfer.elapsed_s(now));
            }
            self.waste_replaced(key);
            self.last = Some(quality);
            self.forgive();
        }
        self.hold(key, Some(quality));
    }

    /// Counts what a replacement throws away.
    fn waste_replaced(&mut self, key: SegmentKey) {
        let Some(track) = self.track_of(key.track) else { return };
        let Some(old) = track.held(key.index) else { return };
        let bytes = track.ladder.segment_bytes(old).unwrap_or(0);
        self.wasted_bytes = self.wasted_bytes.saturating_add(u64::from(bytes));
    }

    fn hold(&mut self, key: SegmentKey, quality: Option<Quality>) {
        for track in [Some(&mut self.track), self.next.as_mut()].into_iter().flatten() {
            if track.id == key.track {
                track.hold(key.index, quality);
            }
        }
    }

    fn fail(&mut self, key: SegmentKey, quality: Quality, failure: Failure) {
        let Some(transfer) = self.transfer.take_if(|transfer| transfer.is(key, quality)) else {
            return;
        };
        self.waste(transfer.bytes());
        self.failures = self.failures.saturating_add(1);
        if failure == Failure::Missing {
            if self.missing.len() >= MOST_MISSING {
                self.missing.remove(0);
            }
            self.missing.push((key, quality));
            if self
                .track_of(key.track)
                .is_some_and(|track| self.offered(track, key, quality).is_some())
            {
                return;
            }
            self.missing.retain(|(missing, _)| *missing != key);
        }
        let doublings = (self.failures - 1).min(BACK_OFF_DOUBLINGS);
        self.retry_at = Some(later(self.now, BACK_OFF_US << doublings));
    }

    /// A new reason to hope: no pause before the next request.
    fn forgive(&mut self) {
        self.failures = 0;
        self.retry_at = None;
    }

    fn account(&mut self, bytes: u64) {
        self.received_bytes = self.received_bytes.saturating_add(bytes);
        self.budget_used_bytes = self.budget_used_bytes.saturating_add(bytes);
    }

    fn waste(&mut self, bytes: u64) {
        self.account(bytes);
        self.wasted_bytes = self.wasted_bytes.saturating_add(bytes);
    }

    // What is known.

    fn under_way(&mut self, key: SegmentKey, quality: Quality) -> Option<&mut Transfer> {
        self.transfer.as_mut().filter(|transfer| transfer.is(key, quality))
    }

    fn track_of(&self, id: TrackId) -> Option<&Track> {
        [Some(&self.track), self.next.as_ref()].into_iter().flatten().find(|track| track.id == id)
    }

    /// Where the sound is now: it moves with time while it runs, as far as media is held.
    fn position_us(&self) -> u64 {
        let playhead = &self.playhead;
        if playhead.phase != Phase::Running {
            return playhead.position_us;
        }
        let moved = playhead.position_us.saturating_add(self.now.micros_since(playhead.at));
        moved.min(self.track.held_until_us(playhead.position_us))
    }

    /// Takes the position of now as the one to count from.
    fn freeze(&mut self) {
        self.playhead.position_us = self.position_us();
        self.playhead.at = self.now;
    }

    fn sound(&self) -> Sound {
        match self.playhead.phase {
            Phase::Starting(since) => {
                Sound::Starting(since.map_or(0.0, |since| seconds(self.now.micros_since(since))))
            }
            Phase::Running | Phase::Paused => Sound::Running,
            Phase::Stalled => Sound::Stalled,
        }
    }

    fn scene(&self) -> Scene<'_> {
        let ceiling_s = if self.playhead.ever_wanted {
            self.limits.ceiling_s()
        } else {
            let segment_s = self.track.ladder.segment_s(0);
            (self.limits.buffer.target_s() + segment_s).min(self.limits.ceiling_s())
        };
        Scene {
            track: &self.track,
            next: self.next.as_ref(),
            position_us: self.position_us(),
            buffer_s: self.buffer_s(),
            limits: &self.limits,
            ceiling_s,
        }
    }

    fn view(&self, track: &Track, index: u32) -> View {
        let before = index.checked_sub(1).and_then(|index| track.held(index));
        View {
            ladder: track.ladder,
            segment: track.key(index),
            buffer_s: self.buffer_s(),
            last: before.or(self.last),
            start: self.start,
            belief: self.belief(),
            sound: self.sound(),
            limits: self.limits.buffer,
            prefer_quality: self.limits.preferences.prefer_quality,
        }
    }

    /// The view of whatever is being waited for.
    fn present_view(&self) -> View {
        match self.scene().missing() {
            Some(Need::Ahead(index)) => self.view(self.next.as_ref().unwrap_or(&self.track), index),
            Some(Need::Fill(index)) => self.view(&self.track, index),
            None => self.view(&self.track, 0),
        }
    }

    fn situation(&self, view: &View, quality: Quality) -> Situation {
        Situation {
            expected_kbps: view.belief.throughput().kbps(),
            needed_kbps: view.ladder.needed_kbps(quality),
            buffer_s: view.buffer_s,
        }
    }

    // What to do.

    fn abandon(&mut self) -> Option<Output> {
        let transfer = self.transfer?;
        let reason = if self.is_obsolete(&transfer) {
            Reason::NotNeeded
        } else {
            let reason = self.too_slow(&transfer)?;
            self.given_up = Some((transfer.key, transfer.quality));
            reason
        };
        self.transfer = None;
        if reason != Reason::NotNeeded {
            self.estimator.observe(&transfer, transfer.elapsed_s(self.now));
        }
        self.waste(transfer.bytes());
        Some(Output::Abandon { segment: transfer.key, quality: transfer.quality, reason })
    }

    /// Whether a transfer no longer serves anything, or stands in the way of what is needed now.
    fn is_obsolete(&self, transfer: &Transfer) -> bool {
        let Some(track) = self.track_of(transfer.key.track) else { return true };
        let scene = self.scene();
        let present = track.id == self.track.id;
        // What sounds already is not replaced: its end would come from another decoder run.
        let playing = track.ladder.segment_at(scene.position_us);
        let replaces = track.held(transfer.key.index).is_some();
        let passed = present
            && (transfer.key.index < playing || (replaces && transfer.key.index == playing));
        let needed = scene.missing().is_some_and(|need| match need {
            Need::Fill(index) => !present || transfer.key.index != index,
            Need::Ahead(_) => false,
        });
        passed || (needed && scene.buffer_s < self.track.ladder.segment_s(0))
    }

    fn too_slow(&self, transfer: &Transfer) -> Option<Reason> {
        if self.limits.preferences.mode != Mode::Auto {
            return None;
        }
        let track = self.track_of(transfer.key.track)?;
        if track.held(transfer.key.index).is_some() {
            return None;
        }
        let mut view = self.view(track, transfer.key.index);
        view.belief = self.estimator.belief();
        let elapsed_s = transfer.elapsed_s(self.now);
        let (rest_s, arriving_kbps) = controller::too_slow(&view, transfer, elapsed_s)?;
        let (quality, buffer_s) = (transfer.quality, view.buffer_s);
        Some(Reason::TooSlow { quality, arriving_kbps, rest_s: rest_s.min(999.0), buffer_s })
    }

    fn play(&mut self) -> Option<Output> {
        if !self.playhead.wanted || self.playhead.phase == Phase::Running {
            return None;
        }
        let view = self.present_view();
        let scene = self.scene();
        let no_more = scene.missing().is_none() || !scene.has_room();
        let paused = self.playhead.phase == Phase::Paused;
        if view.buffer_s <= 0.0 || !(paused || no_more || controller::may_play(&view)) {
            return None;
        }
        let situation = Situation { needed_kbps: 0.0, ..self.situation(&view, Quality::Low) };
        let stalled = self.playhead.phase == Phase::Stalled;
        self.run_if(|_| true);
        let reason = if stalled { Reason::Recovered(situation) } else { Reason::Ready(situation) };
        Some(Output::Play { reason })
    }

    fn begin_transfer(&mut self) -> Option<Output> {
        if self.must_wait().is_some() {
            return None;
        }
        if let Some(output) = self.upgrade() {
            return Some(output);
        }
        let scene = self.scene();
        let need = scene.missing().filter(|_| scene.has_room())?;
        let (ahead, track, index) = match need {
            Need::Fill(index) => (false, &self.track, index),
            Need::Ahead(index) => (true, self.next.as_ref()?, index),
        };
        let (segment, ladder) = (track.key(index), track.ladder);
        let view = self.view(track, index);
        let (wanted, reason) = self.choose(&view);
        let quality = self.offered(track, segment, wanted)?;
        self.note_transfer(segment, quality, ladder);
        let situation = self.situation(&view, quality);
        Some(if ahead {
            let reason = Reason::NextTrack(quality, situation);
            Output::Prefetch { segment, quality, reason }
        } else {
            let reason = if quality == wanted { reason } else { self.explain(&view, quality) };
            Output::Fetch { segment, quality, reason }
        })
    }

    fn upgrade(&mut self) -> Option<Output> {
        let view = self.present_view();
        let (to, _) = self.choose(&view);
        let scene = self.scene();
        let transfer_s = view.belief.transfer_s(view.ladder.bytes(0, to));
        let bytes = (as_f64(self.wasted_bytes), as_f64(self.received_bytes));
        let (index, from) = scene.upgrade(self.track.ladder.serve(to), transfer_s, bytes)?;
        let to = self.track.ladder.serve(to);
        let segment = self.track.key(index);
        if self.missing.contains(&(segment, to)) {
            return None;
        }
        let situation = self.situation(&view, to);
        self.note_transfer(segment, to, self.track.ladder);
        let reason = Reason::Upgrade { from, to, situation };
        Some(Output::Replace { segment, quality: to, reason })
    }

    fn note_transfer(&mut self, key: SegmentKey, quality: Quality, ladder: SegmentLadder) {
        let size = ladder.bytes(key.index, quality);
        self.transfer = Some(Transfer::new(key, quality, size, self.now));
    }

    /// The quality for the segment of `view`, and why that one.
    fn choose(&self, view: &View) -> (Quality, Reason) {
        let ladder = view.ladder;
        if let Mode::Manual(quality) = self.limits.preferences.mode {
            let quality = ladder.serve(quality);
            return (quality, Reason::Chosen(quality));
        }
        let top = match self.given_up {
            Some((key, quality)) if key == view.segment => quality.lower(),
            _ => Quality::Ultra,
        };
        let free = controller::choose(view, top);
        let (bound, why) = self.bound(view, free);
        let quality = ladder.serve(free.min(bound));
        let reason = match why {
            Some(reason) if quality < free => reason(quality),
            _ => self.explain(view, quality),
        };
        (quality, reason)
    }

    fn explain(&self, view: &View, quality: Quality) -> Reason {
        let at = |named| self.situation(view, named);
        match view.last {
            None => Reason::First(quality, at(quality)),
            Some(last) if quality < last => Reason::Dropped(quality, at(last)),
            Some(last) if quality > last => Reason::Raised(quality, at(quality)),
            Some(_) => Reason::Kept(quality, at(quality)),
        }
    }

    /// What load, pressure and budget allow of `free`, and which of them is the tightest.
    fn bound(&self, view: &View, free: Quality) -> (Quality, Option<impl Fn(Quality) -> Reason>) {
        #[derive(Clone, Copy)]
        enum Bound {
            Host(HostLoad),
            Device(DevicePressure),
            Budget(u64),
        }
        let mut bounds = Vec::new();
        if self.limits.preferences.adapt_to_system {
            if system_status(self.load) == SystemStatus::HighLoad {
                bounds.push((free.lower(), Bound::Host(self.load)));
            }
            let allowed = match self.pressure {
                DevicePressure::Nominal | DevicePressure::Fair => Quality::Ultra,
                DevicePressure::Serious => Quality::High,
                DevicePressure::Critical => Quality::Medium,
            };
            bounds.push((allowed, Bound::Device(self.pressure)));
        }
        if let Some(left) = self.budget_left() {
            bounds.push((affordable(view, left), Bound::Budget(left)));
        }
        let tightest = bounds.into_iter().min_by_key(|(quality, _)| *quality);
        let (quality, bound) = tightest.unzip();
        let reason = bound.map(|bound| {
            move |quality| match bound {
                Bound::Host(load) => Reason::HostBusy(quality, load),
                Bound::Device(pressure) => Reason::DeviceBusy(quality, pressure),
                Bound::Budget(left_bytes) => Reason::Budget { quality, left_bytes },
            }
        });
        (quality.unwrap_or(Quality::Ultra), reason)
    }

    fn budget_left(&self) -> Option<u64> {
        Some(self.limits.data_budget_bytes?.saturating_sub(self.budget_used_bytes))
    }

    /// The nearest quality to `wanted` that is not known to be missing; lower ones first.
    fn offered(&self, track: &Track, key: SegmentKey, wanted: Quality) -> Option<Quality> {
        let there = |quality: &Quality| !self.missing.contains(&(key, *quality));
        let mut lower = track.ladder.qualities().filter(|quality| *quality <= wanted);
        let mut higher = track.ladder.qualities().filter(|quality| *quality > wanted);
        lower.rfind(there).or_else(|| higher.find(there))
    }

    /// Why no transfer may begin now, and until when.
    fn must_wait(&self) -> Option<(Reason, Option<Timestamp>)> {
        if !self.playhead.ever_wanted && self.preload == Preload::Metadata {
            return Some((Reason::NotPressed, None));
        }
        let retry_at = self.retry_at.filter(|at| *at > self.now)?;
        let reason = Reason::BackingOff { failures: self.failures, buffer_s: self.buffer_s() };
        Some((reason, Some(retry_at)))
    }

    fn idle(&self) -> Output {
        if self.transfer.is_some() {
            let view = self.present_view();
            let situation = Situation { needed_kbps: 0.0, ..self.situation(&view, Quality::Low) };
            let wake_at = Some(later(self.now, WATCH_US));
            return Output::Idle { wake_at, reason: Reason::Waiting(situation) };
        }
        if let Some((reason, wake_at)) = self.must_wait() {
            return Output::Idle { wake_at, reason };
        }
        let scene = self.scene();
        if scene.missing().is_none() {
            return Output::Idle { wake_at: None, reason: Reason::Complete };
        }
        let running = self.playhead.phase == Phase::Running;
        let room_in_us = to_us(scene.room_in_s()).max(SOONEST_US);
        let wake_at = running.then(|| later(self.now, room_in_us));
        let (buffer_s, ceiling_s) = (scene.buffer_s, scene.ceiling_s);
        Output::Idle { wake_at, reason: Reason::Full { buffer_s, ceiling_s } }
    }
}

/// The highest quality at which the rest of the track fits in `left` bytes; low if none does.
fn affordable(view: &View, left: u64) -> Quality {
    let segments = f64::from(view.ladder.segments().saturating_sub(view.segment.index));
    let fits = |quality: &Quality| segments * view.ladder.bytes(0, *quality) <= as_f64(left);
    view.ladder.qualities().rfind(fits).unwrap_or(Quality::Low)
}

fn later(now: Timestamp, us: i64) -> Timestamp {
    Timestamp::from_micros(now.as_micros().saturating_add(us))
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to a day")]
fn to_us(s: f64) -> i64 {
    libm::ceil(s.clamp(0.0, 86_400.0) * 1e6) as i64
}

#[expect(clippy::cast_precision_loss, reason = "a byte in 9 petabytes decides nothing")]
fn as_f64(bytes: u64) -> f64 {
    bytes as f64
}
