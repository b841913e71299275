//! Drives the decision core as the web player does: the same inputs, every output obeyed.
//!
//! Decides nothing: what it adds is the translation.

use quicksync_abr::Preload;
use quicksync_abr::playback::{
    BufferLimits, ConfigError, Input, Limits, Output, PlaybackSession, Preferences, Prior,
    SegmentKey, SessionConfig, TrackId,
};
use quicksync_model::{Mode, NetworkKind, Quality, Timestamp};

use crate::player::{Agent, Event, Note, Order, Transfer, View};
use crate::setup::{Setup, quality};

/// The only track there is.
const TRACK: TrackId = TrackId(0);
/// The documented buffer of quality `high`, seconds: filled to this before play is pressed.
const TARGET_S: f64 = 15.0;
/// Its low mark, seconds.
const LOW_S: f64 = 4.5;
/// Outputs after one input beyond which the core never comes to rest.
const MOST_OUTPUTS: u32 = 100;

/// The decision core as an algorithm.
#[derive(Debug)]
pub struct QuickSync {
    session: PlaybackSession,
    notes: Option<Vec<Note>>,
}

impl QuickSync {
    /// A playback session of `setup` of whose network `prior` is believed, unmetered, in mode auto.
    ///
    /// # Errors
    /// When the buffer is so small that the core refuses it.
    pub fn new(setup: &Setup, prior: Prior) -> Result<Self, ConfigError> {
        let preferences =
            Preferences { mode: Mode::Auto, prefer_quality: true, adapt_to_system: true };
        Self::preferring(setup, prior, preferences)
    }

    /// As [`Self::new`], for a listener with these preferences.
    ///
    /// # Errors
    /// When the buffer is so small that the core refuses it.
    pub fn preferring(
        setup: &Setup,
        prior: Prior,
        preferences: Preferences,
    ) -> Result<Self, ConfigError> {
        let config = SessionConfig {
            limits: Limits {
                preferences,
                network: NetworkKind::Unknown,
                data_budget_bytes: None,
                cap: Quality::Ultra,
                buffer: buffer_limits(setup)?,
            },
            preload: Preload::Auto,
            start_quality: Quality::High,
            prior,
        };
        let now = Timestamp::from_micros(0);
        let session = PlaybackSession::new(config, TRACK, setup.ladder(), now);
        Ok(Self { session, notes: None })
    }

    /// Remembers what it thinks.
    #[must_use]
    pub fn remembering(mut self) -> Self {
        self.notes = Some(Vec::new());
        self
    }

    fn remember(&mut self, view: &View<'_>, output: Option<&Output>) {
        let Some(notes) = &mut self.notes else { return };
        let belief = self.session.belief();
        let (low, high) = belief.band();
        notes.push(Note {
            at_us: view.now_us,
            buffer_us: view.buffer_us,
            expected_kbps: belief.throughput().kbps(),
            band_kbps: (low.kbps(), high.kbps()),
            decision: output.map(|output| (output.word(), output.reason().to_string())),
        });
    }

    /// Takes the core's outputs until it rests; when it wants to be woken.
    fn drain(&mut self, view: &View<'_>, orders: &mut Vec<Order>) -> Option<u64> {
        let now = instant(view.now_us);
        for _ in 0..MOST_OUTPUTS {
            let output = self.session.poll_output();
            match output {
                Output::Idle { wake_at, .. } => {
                    self.remember(view, None);
                    return wake_at.and_then(|at| u64::try_from(at.as_micros()).ok());
                }
                Output::Fetch { segment, quality, .. }
                | Output::Replace { segment, quality, .. }
                | Output::Prefetch { segment, quality, .. } => {
                    let rung = quality as usize;
                    orders.push(Order::Fetch { segment: segment.index, rung });
                    self.session.handle_input(now, Input::SegmentRequested { segment, quality });
                }
                Output::Abandon { .. } => orders.push(Order::Abandon),
                Output::Play { .. } => orders.push(Order::Play),
            }
            self.remember(view, Some(&output));
        }
        None
    }
}

impl Agent for QuickSync {
    fn react(&mut self, event: Event, view: &View<'_>, orders: &mut Vec<Order>) -> Option<u64> {
        if let Some(input) = input(event, view) {
            self.session.handle_input(instant(view.now_us), input);
        }
        self.drain(view, orders)
    }

    fn notes(&mut self) -> Vec<Note> {
        self.notes.take().unwrap_or_default()
    }
}

fn input(event: Event, view: &View<'_>) -> Option<Input> {
    let named = |transfer: &Transfer| {
        (SegmentKey { track: TRACK, index: transfer.segment }, quality(transfer.rung))
    };
    Some(match event {
        Event::Begin => Input::PlayPressed,
        Event::Progress => {
            let transfer = view.transfer?;
            let (segment, quality) = named(&transfer);
            Input::BytesReceived { segment, quality, bytes: transfer.received }
        }
        Event::Completed(transfer) => {
            let (segment, quality) = named(&transfer);
            Input::SegmentCompleted { segment, quality, bytes: transfer.bytes, cached: false }
        }
        Event::Stalled => Input::StallStarted,
        Event::PlayheadAt => Input::PlayheadAt { track: TRACK, position_us: view.position_us },
        Event::Seeked => Input::Seeked { track: TRACK, position_us: view.position_us },
        Event::Woken => Input::Timeout,
    })
}

/// The documented buffer within the cap; without one as deep as the track.
fn buffer_limits(setup: &Setup) -> Result<BufferLimits, ConfigError> {
    let cap_us = setup.cap_us().unwrap_or_else(|| setup.duration_us() + setup.segment_us());
    let cap_s = crate::player::seconds(cap_us);
    let target_s = TARGET_S.min(cap_s);
    let max_s = cap_s.min(2.0 * TARGET_S).max(target_s);
    BufferLimits::new(target_s, max_s, LOW_S.min(target_s), cap_s.max(max_s))
}

fn instant(us: u64) -> Timestamp {
    Timestamp::from_micros(i64::try_from(us).unwrap_or(i64::MAX))
}
