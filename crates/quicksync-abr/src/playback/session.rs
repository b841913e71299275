//! The state machine: takes inputs, keeps what is known, and takes note of its own answers.
//!
//! Decides nothing: the estimator believes, the scheduler says what for, the controller how well,
//! the bounds what may be, and [`Moment`] makes one answer of it.
//!
//! # Invariants
//! - At most one transfer is under way.
//! - No output names a quality that the track does not offer, or a segment past its end.
//! - Time never runs backwards: an earlier `now` counts as the latest one.

use quicksync_model::{Quality, Timestamp};

use super::belief::Belief;
use super::bounds::{Bound, Bounds};
use super::config::{Limits, Prior, SessionConfig};
use super::controller;
use super::estimator::Estimator;
use super::holdings::Holdings;
use super::input::{Failure, Input};
use super::ladder::SegmentLadder;
use super::ledger::Ledger;
use super::moment::Moment;
use super::output::Output;
use super::playhead::Playhead;
use super::reason::Reason;
use super::setbacks::Setbacks;
use super::track::{SegmentKey, TrackId};
use super::transfer::Transfer;
use crate::Preload;

/// One listener's playback of a queue, from the core's point of view.
#[derive(Clone, Debug)]
pub struct PlaybackSession {
    pub(super) now: Timestamp,
    pub(super) preload: Preload,
    pub(super) start: Quality,
    pub(super) bounds: Bounds,
    pub(super) holdings: Holdings,
    pub(super) playhead: Playhead,
    pub(super) transfer: Option<Transfer>,
    pub(super) estimator: Estimator,
    pub(super) last: Option<Quality>,
    pub(super) setbacks: Setbacks,
    pub(super) ledger: Ledger,
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
        Self {
            now,
            preload: config.preload,
            start: config.start_quality,
            bounds: Bounds::new(config.limits),
            holdings: Holdings::new(track, ladder),
            playhead: Playhead::new(now),
            transfer: None,
            estimator: Estimator::new(config.prior),
            last: None,
            setbacks: Setbacks::default(),
            ledger: Ledger::default(),
        }
    }

    /// Takes note of what the player saw at `now`. Drain [`Self::poll_output`] afterwards.
    pub fn handle_input(&mut self, now: Timestamp, input: Input) {
        self.now = self.now.max(now);
        match input {
            Input::SegmentRequested { segment, quality } => self.requested(segment, quality),
            Input::BytesReceived { segment, quality, bytes } => {
                self.received(segment, quality, bytes);
            }
            Input::SegmentCompleted { segment, quality, bytes, cached } => {
                self.complete(segment, quality, bytes, cached);
            }
            Input::SegmentFailed { segment, quality, failure } => {
                self.fail(segment, quality, failure);
            }
            Input::SegmentHeld { segment, quality } => self.holdings.hold(segment, Some(quality)),
            Input::SegmentEvicted { segment } => self.holdings.hold(segment, None),
            Input::NextTrack(next) => self.announce(next),
            Input::CapChanged(limits) => self.bounds.change(limits),
            Input::HostLoad(load) => self.bounds.host_load(load),
            Input::DevicePressure(pressure) => self.bounds.device_pressure(pressure),
            Input::NetworkChanged { network, prior } => {
                self.bounds.change_network(network);
                self.change_network(prior);
            }
            Input::Timeout => {}
            of_playhead => self.move_playhead(of_playhead),
        }
    }

    fn move_playhead(&mut self, input: Input) {
        let (now, track) = (self.now, self.holdings.track());
        match input {
            Input::PlayPressed => self.playhead.press_play(now),
            Input::PausePressed => self.playhead.press_pause(now, track),
            Input::StallStarted => self.playhead.stall(now, track),
            Input::StallEnded => self.playhead.go_on(now, track),
            Input::PlayheadAt { track, position_us } if self.holdings.enter(track) => {
                self.playhead.is_at(now, self.within_track(position_us));
            }
            Input::Seeked { track, position_us } if self.holdings.enter(track) => {
                self.playhead.seek(now, self.within_track(position_us));
            }
            _ => {}
        }
    }

    /// The next thing to do; [`Output::Idle`] when there is nothing more, also if asked again.
    pub fn poll_output(&mut self) -> Output {
        let output = Moment::of(self).answer();
        match output {
            Output::Fetch { segment, quality, .. }
            | Output::Replace { segment, quality, .. }
            | Output::Prefetch { segment, quality, .. } => self.begin(segment, quality),
            Output::Abandon { reason, .. } => self.abandon(reason),
            Output::Play { .. } => self.playhead.run(self.now, self.holdings.track()),
            Output::Idle { .. } => {}
        }
        output
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
        self.holdings.ahead_s(self.position_us())
    }

    /// Bytes received so far, and how many of them were replaced or given up.
    #[must_use]
    pub const fn bytes(&self) -> (u64, u64) {
        self.ledger.totals()
    }

    /// The bounds in force.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        self.bounds.limits()
    }

    /// Where the sound is now.
    pub(super) fn position_us(&self) -> u64 {
        self.playhead.position_us(self.now, self.holdings.track())
    }

    fn within_track(&self, position_us: u64) -> u64 {
        position_us.min(self.holdings.track().ladder.duration_us())
    }

    /// What the bounds leave of a track's ladder from segment `index` on, and what took the rest. What
    /// the listener holds is bounded when it is asked for.
    pub(super) fn left_of(
        &self,
        ladder: SegmentLadder,
        index: u32,
    ) -> (SegmentLadder, Option<Bound>) {
        match self.bounds.chosen() {
            Some(_) => (ladder, None),
            None => self.bounds.leave(ladder, index),
        }
    }

    fn announce(&mut self, next: Option<(TrackId, SegmentLadder)>) {
        if let Some(new) = self.holdings.announce(next) {
            self.setbacks.forget(new);
        }
    }

    fn change_network(&mut self, prior: Prior) {
        self.estimator.change_network(prior);
        self.setbacks.forgive();
    }

    // Transfers.

    fn begin(&mut self, key: SegmentKey, quality: Quality) {
        let track = self.holdings.find(key.track);
        let size = track.map_or(0.0, |track| track.ladder.bytes(key.index, quality));
        self.transfer = Some(Transfer::new(key, quality, size, self.now));
    }

    fn under_way(&mut self, key: SegmentKey, quality: Quality) -> Option<&mut Transfer> {
        self.transfer.as_mut().filter(|transfer| transfer.is(key, quality))
    }

    fn requested(&mut self, key: SegmentKey, quality: Quality) {
        let now = self.now;
        if let Some(transfer) = self.under_way(key, quality) {
            transfer.requested(now);
        }
    }

    fn received(&mut self, key: SegmentKey, quality: Quality, bytes: u64) {
        let now = self.now;
        if let Some(transfer) = self.under_way(key, quality) {
            transfer.received(now, bytes);
        }
    }

    fn complete(&mut self, key: SegmentKey, quality: Quality, bytes: u64, cached: bool) {
        if let Some(mut transfer) = self.transfer.take_if(|transfer| transfer.is(key, quality)) {
            transfer.received(self.now, bytes);
            if !cached && transfer.bytes() > 0 {
                self.account(transfer.bytes());
                self.learn(&transfer);
            }
            self.waste_replaced(key);
            self.last = Some(quality);
            self.setbacks.forgive();
        }
        self.holdings.hold(key, Some(quality));
    }

    fn fail(&mut self, key: SegmentKey, quality: Quality, failure: Failure) {
        let Some(transfer) = self.transfer.take_if(|transfer| transfer.is(key, quality)) else {
            return;
        };
        self.waste(transfer.bytes());
        match failure {
            Failure::Transient => self.setbacks.fail(self.now),
            Failure::Missing => {
                let ladder = self.holdings.find(key.track).map(|track| track.ladder);
                self.setbacks.miss(self.now, key, quality, ladder);
            }
        }
    }

    /// Takes note of the transfer given up; only one that was too slow says something of the
    /// network.
    fn abandon(&mut self, reason: Reason) {
        let Some(transfer) = self.transfer.take() else { return };
        if reason != Reason::NotNeeded {
            self.setbacks.give_up(transfer.key, transfer.quality);
            self.learn(&transfer);
        }
        self.waste(transfer.bytes());
    }

    /// What a transfer says of the network.
    fn learn(&mut self, transfer: &Transfer) {
        let elapsed_s = transfer.elapsed_s(self.now);
        self.estimator.observe(transfer.received_f64(), elapsed_s, transfer.latency_s());
    }

    // Bytes.

    fn account(&mut self, bytes: u64) {
        self.ledger.receive(bytes);
        self.bounds.account(bytes);
    }

    fn waste(&mut self, bytes: u64) {
        self.account(bytes);
        self.ledger.waste(bytes);
    }

    /// Counts what a replacement throws away.
    fn waste_replaced(&mut self, key: SegmentKey) {
        let Some(old) = self.holdings.held(key) else { return };
        let Some(track) = self.holdings.find(key.track) else { return };
        let bytes = track.ladder.segment_bytes(old).unwrap_or(0);
        self.ledger.waste(u64::from(bytes));
    }
}
