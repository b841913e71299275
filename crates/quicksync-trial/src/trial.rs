//! One session, told what a source draws, watched from beginning to end.

use std::fmt;

use quicksync_abr::decision_log::{RecordedSession, replay};
use quicksync_abr::playback::{
    Failure, Input, Output, PlaybackSession, SegmentKey, SegmentLadder, SessionConfig, TrackId,
};
use quicksync_model::{Quality, Timestamp};

use crate::Source;
use crate::draw::Draw;
use crate::witness::Witness;

/// An input is answered with no more outputs than this, the last of which is idle: give up, play,
/// fetch.
const MOST_OUTPUTS: usize = 4;
/// Every so many trials the log is written and replayed.
const REPLAYED: u64 = 8;

/// A promise that was not kept.
#[derive(Clone, Debug)]
pub struct Broken {
    /// Which.
    pub promise: String,
    /// The decision log of the session, up to there.
    pub log: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.promise, self.log)
    }
}

impl std::error::Error for Broken {}

/// How much was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// Inputs told.
    pub inputs: u64,
    /// Outputs answered.
    pub outputs: u64,
}

/// Tells a new session up to `most` inputs.
///
/// # Errors
/// With the first promise that is not kept.
pub fn run(source: &mut impl Source, most: u64) -> Result<Trial, Broken> {
    let mut player = Player::new(source);
    let mut trial = Trial::default();
    while trial.inputs < most && !player.draw.0.is_spent() {
        let (now, input) = player.next();
        trial.inputs += 1;
        trial.outputs += player.tell(now, input).map_err(|promise| player.broken(promise))?;
    }
    if player.draw.once_in(REPLAYED) {
        let log = player.retell();
        replay(&log).map_err(|error| Broken { promise: format!("replay: {error}"), log })?;
    }
    Ok(trial)
}

/// A player that draws what it does next.
struct Player<'a, S> {
    draw: Draw<'a, S>,
    begun: (SessionConfig, TrackId, SegmentLadder, Timestamp),
    told: Vec<(Timestamp, Input)>,
    session: PlaybackSession,
    witness: Witness,
    now: i64,
    latest: Timestamp,
    wake_at: Option<Timestamp>,
}

impl<'a, S: Source> Player<'a, S> {
    fn new(source: &'a mut S) -> Self {
        let mut draw = Draw(source);
        let (config, ladder) = (draw.config(), draw.ladder());
        let now = if draw.once_in(30) { i64::MAX - 3_000_000 } else { 1_000_000 };
        let begun = (config, TrackId(0), ladder, Timestamp::from_micros(now));
        Self {
            draw,
            begun,
            told: Vec::new(),
            session: PlaybackSession::new(begun.0, begun.1, begun.2, begun.3),
            witness: Witness::new(config, TrackId(0), ladder),
            now,
            latest: begun.3,
            wake_at: None,
        }
    }

    fn next(&mut self) -> (Timestamp, Input) {
        let input = match (self.draw.small(5), self.witness.transfer()) {
            (0, _) => self.draw.input(),
            (1, Some((segment, quality))) => {
                Input::BytesReceived { segment, quality, bytes: self.draw.bytes() }
            }
            (2.., Some((segment, quality))) => self.end(segment, quality),
            (1, None) => Input::PlayPressed,
            (2, None) => self.move_on(),
            (_, None) => Input::Timeout,
        };
        let on_time = self.wake_at.filter(|_| input == Input::Timeout && !self.draw.once_in(4));
        self.now =
            on_time.map_or_else(|| self.now.saturating_add(self.step()), Timestamp::as_micros);
        (Timestamp::from_micros(self.now), input)
    }

    /// To another place, the next track, or one that follows it.
    fn move_on(&mut self) -> Input {
        let (present, next) = self.witness.tracks();
        match next {
            Some((track, _)) if self.draw.once_in(2) => Input::PlayheadAt { track, position_us: 0 },
            None if self.draw.once_in(2) => self.draw.next_track(),
            _ => {
                let position_us = self.draw.0.below(present.1.duration_us());
                Input::Seeked { track: present.0, position_us }
            }
        }
    }

    fn end(&mut self, segment: SegmentKey, quality: Quality) -> Input {
        if self.draw.once_in(10) {
            let failure = self.draw.one_of(&Failure::ALL);
            return Input::SegmentFailed { segment, quality, failure };
        }
        let (bytes, cached) = (self.draw.bytes(), self.draw.once_in(8));
        Input::SegmentCompleted { segment, quality, bytes, cached }
    }

    /// Microseconds to the next input: mostly a few, at times backwards or beyond all reason.
    fn step(&mut self) -> i64 {
        let few = i64::try_from(self.draw.0.below(1_500_000)).unwrap_or(0);
        match self.draw.small(64) {
            0 => -few,
            1 => few * 1_000_000,
            2 => i64::try_from(self.draw.0.below(u64::MAX >> 1)).unwrap_or(0),
            3 => i64::MIN / 3,
            _ => few,
        }
    }

    fn tell(&mut self, now: Timestamp, input: Input) -> Result<u64, String> {
        self.told.push((now, input));
        self.latest = self.latest.max(now);
        self.session.handle_input(now, input);
        self.witness.hear(&input);
        for outputs in 1..=MOST_OUTPUTS {
            let output = self.session.poll_output();
            self.witness.judge(&output, &self.session)?;
            if let Output::Idle { wake_at, .. } = output {
                self.rest(wake_at, output)?;
                return Ok(outputs as u64);
            }
        }
        Err("always at rest soon".to_owned())
    }

    /// At rest it stays at rest, and wakes later than now.
    fn rest(&mut self, wake_at: Option<Timestamp>, output: Output) -> Result<(), String> {
        let end_of_time = Timestamp::from_micros(i64::MAX);
        if wake_at.is_some_and(|at| at <= self.latest && at < end_of_time) {
            return Err(format!("wakes after now: {output:?} at {:?}", self.latest));
        }
        let again = self.session.poll_output();
        if again != output {
            return Err(format!("idle is idle if asked again: {output:?}, then {again:?}"));
        }
        self.wake_at = wake_at;
        Ok(())
    }

    fn broken(&self, promise: String) -> Broken {
        Broken { promise, log: self.retell() }
    }

    /// The same session once more, with its log.
    fn retell(&self) -> String {
        let (config, track, ladder, now) = self.begun;
        let mut session = RecordedSession::new(config, track, ladder, now);
        for (now, input) in &self.told {
            session.handle_input(*now, *input);
            for _ in 0..MOST_OUTPUTS {
                if matches!(session.poll_output(), Output::Idle { .. }) {
                    break;
                }
            }
        }
        session.log().to_owned()
    }
}
