//! Turns transfers into a belief about the next ones.
//!
//! # Model
//! `x = log2(8 * bytes / (elapsed - latency))` of each transfer enters two exponential averages, a
//! fast and a slow one, weighted by transfer time. The weight has a floor, because a 31 kB segment
//! on a good link says as much as a long one on a bad link, and a ceiling, because one outage says
//! little about the rate after it. The spread grows with the errors of recent predictions.

use super::belief::Belief;
use super::config::Prior;
use super::transfer::Transfer;

/// Half-life of the fast average, seconds of transfer.
const FAST_HALF_LIFE_S: f64 = 1.5;
/// Half-life of the slow average, seconds of transfer.
const SLOW_HALF_LIFE_S: f64 = 20.0;
/// Least and greatest weight of one transfer, seconds.
const WEIGHT_S: (f64, f64) = (1.5, 3.0);
/// Latency before any was seen, seconds.
const LATENCY_S: f64 = 0.1;
/// A latency sample counts at most this many times the present value: an outage is no latency.
const LATENCY_CLIP: f64 = 4.0;
/// Share of a new latency sample.
const LATENCY_GAIN: f64 = 0.2;
/// Rates outside 1 bit/s to 1 Tbit/s are clipped, log2 of bits per second.
const RATE_LOG2: (f64, f64) = (0.0, 40.0);
/// The rate assumed when nothing is known, log2 of 400 kbps.
const UNKNOWN_LOG2: f64 = 18.6;
/// Spread before anything was seen, octaves.
const UNKNOWN_SPREAD: f64 = 1.0;
/// The least spread, octaves.
const LEAST_SPREAD: f64 = 0.45;
/// Share of a new prediction error in the spread.
const SPREAD_GAIN: f64 = 0.08;
/// Prediction errors beyond this many octaves count as this many.
const ERROR_CLIP: f64 = 3.0;

/// One transfer shows no more than this fall, octaves: what has not arrived may be in an outage.
const DEEPEST_FALL: f64 = 5.0;

/// An exponential average over weights that starts without bias.
#[derive(Clone, Copy, Debug)]
struct Average {
    half_life_s: f64,
    value: f64,
    weight: f64,
}

impl Average {
    const fn new(half_life_s: f64, value: f64, weight: f64) -> Self {
        Self { half_life_s, value, weight }
    }

    fn observe(&mut self, x: f64, weight_s: f64) {
        let keep = libm::exp2(-weight_s / self.half_life_s);
        let new = 1.0 - keep;
        self.weight = self.weight * keep + new;
        self.value += (x - self.value) * new / self.weight;
    }
}

/// What was learned from transfers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimator {
    fast: Average,
    slow: Average,
    latency_s: f64,
    error: f64,
    known: bool,
}

impl Estimator {
    /// An estimator that knows no more than `prior`.
    pub(crate) fn new(prior: Prior) -> Self {
        let known = prior.mean().bps() > 0.0;
        let value = if known { log_rate(prior.mean().bps()) } else { UNKNOWN_LOG2 };
        let weight = if known { prior.confidence() } else { 0.0 };
        Self {
            fast: Average::new(FAST_HALF_LIFE_S, value, weight),
            slow: Average::new(SLOW_HALF_LIFE_S, value, weight),
            latency_s: LATENCY_S,
            error: UNKNOWN_SPREAD,
            known,
        }
    }

    /// On a network of which only `prior` is known; what the old one showed counts a little.
    pub(crate) fn change_network(&mut self, prior: Prior) {
        let old = *self;
        *self = Self::new(prior);
        if !self.known {
            self.known = old.known;
            self.fast.value = old.fast.value;
            self.slow.value = old.slow.value;
        }
    }

    /// Learns from a transfer that ended, or was given up, after `elapsed_s`.
    pub(crate) fn observe(&mut self, transfer: &Transfer, elapsed_s: f64) {
        if let Some(latency_s) = transfer.latency_s() {
            let sample = latency_s.min(self.latency_s * LATENCY_CLIP).max(0.0);
            self.latency_s += LATENCY_GAIN * (sample - self.latency_s);
            self.latency_s = self.latency_s.clamp(0.001, 5.0);
        }
        let time_s = (elapsed_s - self.latency_s.min(0.9 * elapsed_s)).max(0.002);
        let mut x = log_rate(transfer.received_f64().max(1.0) * 8.0 / time_s);
        if self.known {
            x = x.max(self.fast.value - DEEPEST_FALL);
            let error = (x - self.fast.value).abs().min(ERROR_CLIP);
            self.error += SPREAD_GAIN * (error - self.error);
        }
        let weight_s = time_s.clamp(WEIGHT_S.0, WEIGHT_S.1);
        self.fast.observe(x, weight_s);
        self.slow.observe(x, weight_s);
        self.known = true;
    }

    /// What to expect of the next transfer.
    pub(crate) fn belief(&self) -> Belief {
        let (fast, slow) = (self.fast.value, self.slow.value);
        Belief {
            latency_s: self.latency_s,
            rate_log2: fast.min(0.5 * (fast + slow)),
            spread: self.error.max(LEAST_SPREAD),
            known: self.known,
        }
    }
}

fn log_rate(bps: f64) -> f64 {
    libm::log2(bps).clamp(RATE_LOG2.0, RATE_LOG2.1)
}
