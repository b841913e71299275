//! What a listener does besides listening: seeks within the track, or skips the rest of it.
//!
//! Drawn from a seed: equal seeds, equal listeners.

use crate::seed::Seeded;
use crate::setup::Setup;

/// One thing a listener does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// To a position of the track, microseconds of media.
    Seek(u64),
    /// Away: the track ends here.
    Skip,
}

/// What a listener does, and when: microseconds from the press on play, in that order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listener {
    /// The moves in the order of their times.
    pub moves: Vec<(u64, Move)>,
}

impl Listener {
    /// One who hears the track out.
    pub const PATIENT: Self = Self { moves: Vec::new() };

    /// One who seeks `seeks` times, anywhere to anywhere, drawn from `seed`.
    #[must_use]
    pub fn seeking(setup: &Setup, seeks: usize, seed: u64) -> Self {
        let mut random = Seeded::new(seed);
        let duration_us = setup.duration_us();
        let mut moves: Vec<_> = (0..seeks)
            .map(|_| (random.below(duration_us), Move::Seek(random.below(duration_us))))
            .collect();
        moves.sort_by_key(|(at_us, _)| *at_us);
        Self { moves }
    }

    /// This listener, who also skips: with a chance of `share`, and then at any time.
    #[must_use]
    pub fn skipping(mut self, setup: &Setup, share: f64, seed: u64) -> Self {
        let mut random = Seeded::new(seed);
        if random.unit() < share {
            let at_us = random.below(setup.duration_us());
            self.moves.retain(|(seek_us, _)| *seek_us < at_us);
            self.moves.push((at_us, Move::Skip));
        }
        self
    }
}
