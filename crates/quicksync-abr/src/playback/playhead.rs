//! Where the sound is, and whether it runs: what the player said last, moved on by the time since.
//!
//! Never: how far the sound can move, which is the track's to say; a clock.

use quicksync_model::Timestamp;

use super::ladder::seconds;
use super::policy::Sound;
use super::track::Track;

/// What the sound does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Before the first sound, or after a seek; since when the listener waits.
    Starting(Option<Timestamp>),
    Running,
    Stalled,
    /// By the listener, with media held.
    Paused,
}

/// The sound of a playback session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Playhead {
    position_us: u64,
    at: Timestamp,
    phase: Phase,
    wanted: bool,
    ever_wanted: bool,
}

impl Playhead {
    /// At the beginning of a track, before the listener presses play.
    pub(super) const fn new(now: Timestamp) -> Self {
        let phase = Phase::Starting(None);
        Self { position_us: 0, at: now, phase, wanted: false, ever_wanted: false }
    }

    /// Where the sound is at `now`: it moves with time while it runs, as far as media is held.
    pub(super) fn position_us(&self, now: Timestamp, track: &Track) -> u64 {
        if self.phase != Phase::Running {
            return self.position_us;
        }
        let moved = self.position_us.saturating_add(now.micros_since(self.at));
        moved.min(track.held_until_us(self.position_us))
    }

    /// The listener wants sound.
    pub(super) fn press_play(&mut self, now: Timestamp) {
        self.wanted = true;
        self.ever_wanted = true;
        if self.phase == Phase::Starting(None) {
            self.phase = Phase::Starting(Some(now));
        }
    }

    /// The listener wants silence.
    pub(super) fn press_pause(&mut self, now: Timestamp, track: &Track) {
        self.freeze(now, track);
        self.wanted = false;
        self.phase = match self.phase {
            Phase::Running => Phase::Paused,
            Phase::Starting(_) => Phase::Starting(None),
            other => other,
        };
    }

    /// The sound stopped for lack of media.
    pub(super) fn stall(&mut self, now: Timestamp, track: &Track) {
        if self.phase == Phase::Running {
            self.freeze(now, track);
            self.phase = Phase::Stalled;
        }
    }

    /// The sound went on without being told to; after a pause it does not.
    pub(super) fn go_on(&mut self, now: Timestamp, track: &Track) {
        if self.phase != Phase::Paused {
            self.run(now, track);
        }
    }

    /// Lets the sound run, if the listener wants any.
    pub(super) fn run(&mut self, now: Timestamp, track: &Track) {
        if self.wanted {
            self.freeze(now, track);
            self.phase = Phase::Running;
        }
    }

    /// The player says where the sound is.
    pub(super) fn is_at(&mut self, now: Timestamp, position_us: u64) {
        self.position_us = position_us;
        self.at = now;
    }

    /// The listener moved: the sound waits there.
    pub(super) fn seek(&mut self, now: Timestamp, position_us: u64) {
        self.is_at(now, position_us);
        self.phase = Phase::Starting(self.wanted.then_some(now));
    }

    /// Whether the listener has ever pressed play.
    pub(super) const fn ever_wanted(&self) -> bool {
        self.ever_wanted
    }

    /// Whether the listener wants sound and there is none.
    pub(super) fn is_due(&self) -> bool {
        self.wanted && self.phase != Phase::Running
    }

    /// Whether the sound runs.
    pub(super) fn runs(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Whether the listener paused it, or has just asked it to go on.
    pub(super) fn is_paused(&self) -> bool {
        self.phase == Phase::Paused
    }

    /// What the controller sees of it.
    pub(super) fn sound(&self, now: Timestamp) -> Sound {
        match self.phase {
            Phase::Starting(since) => {
                Sound::Starting(since.map_or(0.0, |since| seconds(now.micros_since(since))))
            }
            Phase::Running | Phase::Paused => Sound::Running,
            Phase::Stalled => Sound::Stalled,
        }
    }

    /// Takes the position of now as the one to count from.
    fn freeze(&mut self, now: Timestamp, track: &Track) {
        self.is_at(now, self.position_us(now, track));
    }
}
