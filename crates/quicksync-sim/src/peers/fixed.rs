//! One rung throughout: what a player without adaptation does.

use super::conduct::{Finished, Pace, Peer, Scene};

/// Always the same rung.
#[derive(Clone, Copy, Debug)]
pub struct Fixed(pub usize);

impl Peer for Fixed {
    fn pace(&self) -> Pace {
        Pace::AT_ONCE
    }

    fn choose(&mut self, _scene: &Scene<'_>) -> usize {
        self.0
    }

    fn learn(&mut self, _finished: &Finished, _scene: &Scene<'_>) {}
}
