//! The plain throughput rule: a share of what the last segments had.
//!
//! Source: the rule that MPC and Pensieve compare with (hongzimao/pensieve, `test/`): harmonic mean
//! of the last five segments' throughput, latency included. With a share of 0.8, so that a rung is
//! not chosen at the edge of what the link carries.

use super::conduct::{Finished, Pace, Peer, Scene};
use super::history::harmonic_mean;

/// How many segments count.
const SEGMENTS: usize = 5;
/// The share of the mean that a rung may need.
const SHARE: f64 = 0.8;

/// The plain throughput rule.
#[derive(Clone, Debug, Default)]
pub struct ThroughputRule {
    bps: Vec<f64>,
}

impl Peer for ThroughputRule {
    fn pace(&self) -> Pace {
        Pace::AT_ONCE
    }

    fn choose(&mut self, scene: &Scene<'_>) -> usize {
        scene.highest_within(SHARE * harmonic_mean(&self.bps, SEGMENTS).unwrap_or(0.0))
    }

    fn learn(&mut self, finished: &Finished, _scene: &Scene<'_>) {
        self.bps.push(finished.bytes * 8.0 / finished.elapsed_s.max(1e-3));
    }

    fn expected_kbps(&self) -> f64 {
        harmonic_mean(&self.bps, SEGMENTS).unwrap_or(0.0) / 1e3
    }
}
