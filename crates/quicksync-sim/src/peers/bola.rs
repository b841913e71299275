//! The score that BOLA chooses by, as dash.js and Sabre both have it.
//!
//! Source: K. Spiteri, R. Urgaonkar, R. Sitaraman, "BOLA: Near-Optimal Bitrate Adaptation for Online
//! Videos", INFOCOM 2016; the parameters from a buffer target as in K. Spiteri, R. Sitaraman,
//! D. Sparacio, "From Theory to Practice: Improving Bitrate Adaptation in the DASH Reference Player",
//! MMSys 2018.

use super::conduct::Scene;

/// Below this buffer the lowest rung has the best score, seconds.
pub(super) const MINIMUM_S: f64 = 10.0;
/// The buffer target is at least this plus so much per rung, seconds.
const PER_RUNG_S: f64 = 2.0;

/// BOLA's parameters for a buffer target.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bola {
    rungs: usize,
    v: f64,
    gamma: f64,
}

impl Bola {
    /// For a ladder of `rungs`, two at least, and a buffer of `target_s`.
    pub(super) fn new(rungs: usize, target_s: f64) -> Self {
        let count = f64::from(u8::try_from(rungs).unwrap_or(u8::MAX));
        let target_s = target_s.max(MINIMUM_S + PER_RUNG_S * count);
        let gamma = (utility(rungs.saturating_sub(1)) - 1.0) / (target_s / MINIMUM_S - 1.0);
        Self { rungs, v: MINIMUM_S / gamma, gamma }
    }

    /// How much a rung is worth at a buffer level, for each of its bits.
    fn score(self, rung: usize, level_s: f64) -> f64 {
        (self.v * (utility(rung) - 1.0 + self.gamma) - level_s) / Scene::bps(rung)
    }

    /// How much a number of bits is worth that brings a segment of a rung.
    pub(super) fn score_of(self, rung: usize, level_s: f64, bits: f64) -> f64 {
        (self.v * (utility(rung) - 1.0 + self.gamma) - level_s) / bits
    }

    /// The rung of the best score; the higher of equal ones.
    pub(super) fn best(self, level_s: f64) -> usize {
        let better = |best: usize, rung: usize| {
            if self.score(rung, level_s) >= self.score(best, level_s) { rung } else { best }
        };
        (1..self.rungs).fold(0, better)
    }

    /// From which level on a rung is better than every lower one, seconds.
    pub(super) fn least_s(self, rung: usize) -> f64 {
        let (rate, worth) = (Scene::bps(rung), utility(rung) - 1.0);
        let crossing = |lower: usize| {
            let (low_rate, low_worth) = (Scene::bps(lower), utility(lower) - 1.0);
            self.v * (self.gamma + (rate * low_worth - low_rate * worth) / (rate - low_rate))
        };
        (0..rung).map(crossing).fold(0.0, f64::max)
    }

    /// Beyond which level a rung is not worth fetching, seconds.
    pub(super) fn most_s(self, rung: usize) -> f64 {
        self.v * (utility(rung) - 1.0 + self.gamma)
    }
}

/// 1 for the lowest, more by the logarithm of the rate.
fn utility(rung: usize) -> f64 {
    (Scene::bps(rung) / Scene::bps(0)).ln() + 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_of_18_s_is_as_in_dash_js() {
        let bola = Bola::new(4, 0.0);
        assert!((bola.gamma - 5_f64.ln() / 0.8).abs() < 1e-9);
        assert!((bola.v - 10.0 / bola.gamma).abs() < 1e-9);
        assert!((bola.most_s(0) - 10.0).abs() < 1e-9);
        assert!((bola.most_s(3) - 18.0).abs() < 1e-9);
        let levels = [0.0, 5.0, 12.0, 14.0, 17.0].map(|level_s| bola.best(level_s));
        assert!(levels.is_sorted(), "{levels:?}");
        assert_eq!((levels[0], levels[4]), (0, 3));
        for rung in 1..4 {
            assert!(bola.best(bola.least_s(rung) + 1e-6) >= rung);
            assert!(bola.best(bola.least_s(rung) - 1e-6) < rung);
        }
    }
}
