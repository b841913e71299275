//! The links that bytes are under way on, looked at on common beats: a sleeping processor is woken once
//! for all of them.
//!
//! Decides: when a link is looked at. Never: what a look is worth.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use quicksync_sense::GLANCE_EVERY_US;
use tokio::time::Instant;

use super::link::Link;

/// Beats between two looks at a link on which nothing moves: a second.
const LONGEST_PAUSE: u64 = 1_000_000 / GLANCE_EVERY_US;

/// Who is looked at, and what all of them count their time from.
#[derive(Debug)]
pub(super) struct Beats {
    began: Instant,
    watched: Mutex<Watched>,
}

#[derive(Debug, Default)]
struct Watched {
    turns: Vec<Turn>,
    /// Whether somebody keeps the beat.
    is_kept: bool,
}

/// A link, the beat it is looked at on, and how long after that again if nothing moves.
#[derive(Debug)]
struct Turn {
    link: Arc<Link>,
    due: u64,
    pause: u64,
}

impl Default for Beats {
    fn default() -> Self {
        Self { began: Instant::now(), watched: Mutex::default() }
    }
}

impl Beats {
    /// Time since the first.
    pub(super) fn now_us(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Has a link looked at from the next beat on, for as long as there is something to see.
    pub(super) fn watch(self: &Arc<Self>, link: Arc<Link>) {
        let mut watched = self.watched();
        watched.turns.push(Turn { link, due: 0, pause: 1 });
        if !std::mem::replace(&mut watched.is_kept, true) {
            tokio::spawn(Arc::clone(self).keep());
        }
    }

    async fn keep(self: Arc<Self>) {
        loop {
            let beat = self.now_us() / GLANCE_EVERY_US + 1;
            let at = Duration::from_micros(beat.saturating_mul(GLANCE_EVERY_US));
            tokio::time::sleep_until(self.began + at).await;
            // Whoever comes meanwhile does not wait for the looks.
            let turns = std::mem::take(&mut self.watched().turns);
            let turns: Vec<_> = turns.into_iter().filter_map(|turn| turn.taken(beat)).collect();
            let mut watched = self.watched();
            watched.turns.extend(turns);
            watched.is_kept = !watched.turns.is_empty();
            if !watched.is_kept {
                return;
            }
        }
    }

    fn watched(&self) -> MutexGuard<'_, Watched> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// The next turn, after a look if this one has come; `None` if there is nothing more to see.
    fn taken(mut self, beat: u64) -> Option<Self> {
        if self.due <= beat {
            let is_idle = self.link.glance()?;
            // A client that has paused is not looked at twenty times a second.
            self.pause = if is_idle { (self.pause * 2).min(LONGEST_PAUSE) } else { 1 };
            self.due = beat + self.pause;
        }
        Some(self)
    }
}
