//! Turns transfers into what is known of the network.
//!
//! Never: what to do about it.
//!
//! # Model
//! A transfer takes latency + size / rate. `x = log2(8 * bytes / (elapsed - latency))` of each enters
//! exponential averages at four time scales, weighted by transfer time. The weight has a floor,
//! because a 31 kB segment on a good link says as much as a long one on a bad link, and a ceiling,
//! because one outage says little about the rate after it. How far `x` lay from the fast average
//! enters a histogram of residuals that starts from a fitted prior; how much of the time the link
//! carried next to nothing is the hazard of an outage.

use super::belief::Belief;
use super::config::Prior;

/// Half-lives of the averages, seconds of transfer: the least one follows a handover, the greatest
/// spans a track. Neighbours lie a factor of four apart, as log-rate spectra are flat.
const HALF_LIVES_S: [f64; 4] = [2.0, 8.0, 30.0, 120.0];
/// Least and greatest weight of one transfer, seconds.
const WEIGHT_S: (f64, f64) = (0.5, 8.0);
/// Latency before any was seen, seconds: a mobile round trip.
const LATENCY_S: f64 = 0.1;
/// A latency sample counts at most this many times the present value: an outage is no latency.
const LATENCY_CLIP: f64 = 4.0;
/// Share of a new latency sample.
const LATENCY_GAIN: f64 = 0.2;
/// Latencies outside are clipped, seconds.
const LATENCY_RANGE_S: (f64, f64) = (0.001, 5.0);
/// log2 of 128 kbps in bits per second: rates are told apart around the ladder.
pub(super) const REFERENCE_LOG2: f64 = 16.965_784_284_662_09;
/// Rates outside 32 bit/s to 33 Mbit/s decide nothing and are clipped, log2 of bits per second.
const RATE_LOG2: (f64, f64) = (5.0, REFERENCE_LOG2 + 8.0);
/// The rate assumed when nothing is known, octaves above 128 kbps: 388 kbps.
const UNKNOWN_OCTAVES: f64 = 1.6;
/// A prior without doubt weighs as much as this share of a long history.
const PRIOR_WEIGHT: f64 = 0.2;
/// Edges of the residual histogram, octaves.
const RESIDUAL_EDGES: [f64; RESIDUALS - 1] = [-3.0, -1.5, -0.5, 0.5, 1.5];
/// How many bins it has.
const RESIDUALS: usize = 6;
/// Their centres, octaves, for the spread.
const RESIDUAL_CENTRES: [f64; RESIDUALS] = [-3.5, -2.0, -0.9, 0.0, 0.9, 2.0];
/// Shares of the residuals before any was seen. Measured with public traces, see
/// docs/design/decision-core.md.
const RESIDUAL_PRIOR: [f64; RESIDUALS] = [0.02, 0.05, 0.17, 0.55, 0.17, 0.04];
/// Share of a new residual in the histogram.
const RESIDUAL_GAIN: f64 = 0.06;
/// Share of a new residual in the volatility, and what counts at most, octaves.
const VOLATILITY: (f64, f64) = (0.15, 3.0);
/// Volatility before anything was seen, octaves.
const UNKNOWN_VOLATILITY: f64 = 0.5;
/// Half-life of the share of time in outages, seconds of transfer.
const OUTAGE_HALF_LIFE_S: f64 = 60.0;
/// That share before anything was seen: measured with public traces.
const UNKNOWN_OUTAGE: f64 = 0.03;
/// A transfer this many octaves below 128 kbps, 32 kbps, is one through an outage.
const OUTAGE_OCTAVES: f64 = -2.0;
/// How much of the worst fall is remembered at each transfer.
const WORST_KEEP: f64 = 0.97;
/// A transfer adds at most this much to the time observed, seconds.
const OBSERVED_S: f64 = 10.0;
/// How many of the latest transfers are remembered one by one.
pub(super) const RECENT: usize = 6;
/// No belief is more certain than this, octaves.
const LEAST_SPREAD: f64 = 0.25;

/// An exponential average over weights that starts without bias.
#[derive(Clone, Copy, Debug)]
struct Average {
    value: f64,
    weight: f64,
}

impl Average {
    fn observe(&mut self, x: f64, weight_s: f64, half_life_s: f64) {
        let keep = libm::exp2(-weight_s / half_life_s);
        let new = 1.0 - keep;
        self.weight = self.weight * keep + new;
        self.value += (x - self.value) * new / self.weight;
    }
}

/// What was learned from transfers. Rates are log2 of bits per second.
#[derive(Clone, Copy, Debug)]
pub struct Estimator {
    averages: [Average; HALF_LIVES_S.len()],
    recent: [f64; RECENT],
    residuals: [f64; RESIDUALS],
    volatility: f64,
    outage: f64,
    worst: f64,
    latency_s: f64,
    observed_s: f64,
    transfers: u32,
    prior_log2: f64,
    confidence: f64,
}

impl Estimator {
    /// An estimator that knows no more than `prior`.
    #[must_use]
    pub fn new(prior: Prior) -> Self {
        let known = prior.mean().bps() > 0.0;
        let unknown = REFERENCE_LOG2 + UNKNOWN_OCTAVES;
        let prior_log2 = if known { log_rate(prior.mean().bps()) } else { unknown };
        let confidence = if known { prior.confidence() } else { 0.0 };
        let average = Average { value: prior_log2, weight: PRIOR_WEIGHT * confidence + 1e-9 };
        Self {
            averages: [average; HALF_LIVES_S.len()],
            recent: [prior_log2; RECENT],
            residuals: RESIDUAL_PRIOR,
            volatility: UNKNOWN_VOLATILITY,
            outage: UNKNOWN_OUTAGE,
            worst: 0.0,
            latency_s: LATENCY_S,
            observed_s: 0.0,
            transfers: 0,
            prior_log2,
            confidence,
        }
    }

    /// On a network of which only `prior` is known; without one, what the old one showed is all
    /// there is, as a guess.
    pub fn change_network(&mut self, prior: Prior) {
        let old = *self;
        *self = Self::new(prior);
        if prior.mean().bps() <= 0.0 && old.is_known() {
            let value = old.averages[0].value;
            self.averages = [Average { value, weight: 1e-9 }; HALF_LIVES_S.len()];
            self.recent = [value; RECENT];
            self.prior_log2 = value;
        }
    }

    /// Learns from a transfer that ended, or was given up, after `elapsed_s` and `bytes`, whose
    /// first byte came after `latency_s`.
    pub fn observe(&mut self, bytes: f64, elapsed_s: f64, latency_s: Option<f64>) {
        if let Some(sample) = latency_s {
            let sample = sample.min(self.latency_s * LATENCY_CLIP);
            self.latency_s += LATENCY_GAIN * (sample - self.latency_s);
            self.latency_s = self.latency_s.clamp(LATENCY_RANGE_S.0, LATENCY_RANGE_S.1);
        }
        let time_s = (elapsed_s - self.latency_s.min(0.9 * elapsed_s)).max(0.002);
        let x = log_rate(bytes.max(1.0) * 8.0 / time_s);
        let weight_s = time_s.clamp(WEIGHT_S.0, WEIGHT_S.1);
        self.note_residual(x);
        self.note_outage(x, weight_s);
        for (average, half_life_s) in self.averages.iter_mut().zip(HALF_LIVES_S) {
            average.observe(x, weight_s, half_life_s);
        }
        self.recent.copy_within(..RECENT - 1, 1);
        self.recent[0] = x;
        if self.transfers == 0 {
            self.recent = [x; RECENT];
        }
        self.transfers = self.transfers.saturating_add(1);
        self.observed_s += time_s.min(OBSERVED_S);
    }

    /// The first transfer has nothing to be compared with.
    fn note_residual(&mut self, x: f64) {
        if self.transfers == 0 {
            return;
        }
        let residual = x - self.averages[0].value;
        self.volatility += VOLATILITY.0 * (residual.abs().min(VOLATILITY.1) - self.volatility);
        let bin = RESIDUAL_EDGES.iter().filter(|edge| **edge <= residual).count();
        for (index, share) in self.residuals.iter_mut().enumerate() {
            *share += RESIDUAL_GAIN * (f64::from(u8::from(index == bin)) - *share);
        }
    }

    fn note_outage(&mut self, x: f64, weight_s: f64) {
        let above = x - REFERENCE_LOG2;
        let keep = libm::exp2(-weight_s / OUTAGE_HALF_LIFE_S);
        let now = f64::from(u8::from(above < OUTAGE_OCTAVES));
        self.outage = self.outage * keep + (1.0 - keep) * now;
        self.worst = (self.worst * WORST_KEEP).max(1.0 - above);
    }

    /// What to expect of the next transfer: the lower of the fast average and its mean with the next
    /// slower one, since a fall is believed sooner than a rise.
    #[must_use]
    pub fn belief(&self) -> Belief {
        let (fast, slower) = (self.averages[0].value, self.averages[1].value);
        Belief {
            latency_s: self.latency_s,
            rate_log2: fast.min(0.5 * (fast + slower)),
            spread: self.spread(),
            outage_share: self.outage,
            known: self.is_known(),
        }
    }

    /// Whether there is anything to go by.
    fn is_known(&self) -> bool {
        self.transfers > 0 || self.confidence > 0.0
    }

    /// Standard deviation of the residuals, octaves.
    fn spread(&self) -> f64 {
        let bins = self.residuals.iter().zip(RESIDUAL_CENTRES);
        let square: f64 = bins.map(|(share, centre)| share * centre * centre).sum();
        libm::sqrt(square).max(LEAST_SPREAD)
    }

    // What the policy looks at.

    pub(super) fn averages(&self) -> [f64; HALF_LIVES_S.len()] {
        self.averages.map(|average| average.value)
    }

    pub(super) const fn recent(&self) -> [f64; RECENT] {
        self.recent
    }

    pub(super) const fn residuals(&self) -> [f64; RESIDUALS] {
        self.residuals
    }

    pub(super) const fn volatility(&self) -> f64 {
        self.volatility
    }

    /// The share of time in outages, and the depth of the worst fall, octaves.
    pub(super) const fn hazard(&self) -> (f64, f64) {
        (self.outage, self.worst)
    }

    /// Seconds and transfers observed.
    pub(super) const fn observed(&self) -> (f64, u32) {
        (self.observed_s, self.transfers)
    }

    /// The prior's rate and how much it is worth.
    pub(super) const fn prior(&self) -> (f64, f64) {
        (self.prior_log2, self.confidence)
    }
}

fn log_rate(bps: f64) -> f64 {
    libm::log2(bps).clamp(RATE_LOG2.0, RATE_LOG2.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(transfers: &[(f64, f64)]) -> Estimator {
        let mut estimator = Estimator::new(Prior::NONE);
        for (bytes, elapsed_s) in transfers {
            estimator.observe(*bytes, *elapsed_s, Some(0.1));
        }
        estimator
    }

    #[test]
    fn a_steady_link_is_known_after_one_transfer() {
        for n in [1, 2, 10] {
            let belief = after(&[(61_440.0, 0.1 + 0.491_52); 10][..n]).belief();
            assert!((belief.throughput().kbps() - 1000.0).abs() < 1.0, "{:?}", belief);
        }
    }

    #[test]
    fn a_fall_is_believed_sooner_than_a_rise() {
        let (fast, slow) = ((61_440.0, 0.6), (61_440.0, 4.1));
        let fallen = after(&[fast, fast, fast, slow]).belief().throughput().kbps();
        let risen = after(&[slow, slow, slow, fast]).belief().throughput().kbps();
        assert!(fallen < 300.0 && risen < 500.0, "{fallen} {risen}");
    }

    #[test]
    fn an_unsteady_link_is_less_certain_than_a_steady_one() {
        let steady = after(&[(61_440.0, 1.0); 20]).belief().spread;
        let mut unsteady = [(61_440.0, 0.4); 20];
        unsteady.iter_mut().step_by(2).for_each(|transfer| transfer.1 = 4.0);
        assert!(after(&unsteady).belief().spread > 2.0 * steady);
    }

    #[test]
    fn an_outage_is_no_latency_and_leaves_a_hazard() {
        let mut estimator = after(&[(61_440.0, 1.0); 5]);
        let (hazard, _) = estimator.hazard();
        estimator.observe(61_440.0, 61.0, Some(60.0));
        assert!(estimator.belief().latency_s() < 0.2);
        assert!(estimator.hazard().0 > hazard);
    }

    #[test]
    fn the_shares_of_residuals_stay_shares() {
        let mut estimator = Estimator::new(Prior::NONE);
        for n in 0..100_u32 {
            estimator.observe(f64::from(n * 7919 % 613) * 1e3, 1.0, None);
        }
        let sum: f64 = estimator.residuals.iter().sum();
        assert!((sum - 1.0).abs() < 1e-9 && estimator.residuals.iter().all(|share| *share >= 0.0));
    }
}
