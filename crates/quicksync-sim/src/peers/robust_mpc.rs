//! RobustMPC: the best of all plans over the next five segments, by a careful prediction.
//!
//! Source: X. Yin et al., SIGCOMM 2015; hongzimao/pensieve, `test/mpc.py`: the harmonic mean of the last
//! five throughputs by one plus the greatest relative error of the last five predictions; all sequences
//! over five segments; the sum of rates, less their changes, less each stalled second by the top rate.
//! It begins at the second rung.

use super::conduct::{Finished, Pace, Peer, Scene};
use super::history::harmonic_mean;

const HORIZON: u32 = 5;
const PAST: usize = 5;
const FIRST: usize = 1;

/// RobustMPC.
#[derive(Clone, Debug, Default)]
pub struct RobustMpc {
    bps: Vec<f64>,
    errors: Vec<f64>,
    /// The harmonic mean when the last rung was chosen.
    predicted: Option<f64>,
}

impl RobustMpc {
    fn expected_bps(&self) -> Option<f64> {
        let worst = self.errors.iter().rev().take(PAST).copied().fold(0.0, f64::max);
        Some(harmonic_mean(&self.bps, PAST)? / (1.0 + worst))
    }
}

/// What the next segments are worth, and the rung of the first of them.
fn best(scene: &Scene<'_>, bps: f64, left: u32, buffer_s: f64, last: usize) -> (f64, usize) {
    if left == 0 {
        return (0.0, last);
    }
    let mut best_plan = (f64::NEG_INFINITY, 0);
    for rung in 0..scene.rungs() {
        let time_s = scene.bytes(rung) * 8.0 / bps.max(1.0);
        let stall_s = (time_s - buffer_s).max(0.0);
        let after_s = (buffer_s - time_s).max(0.0) + scene.segment_s;
        let change = (Scene::bps(rung) - Scene::bps(last)).abs();
        let worth = Scene::bps(rung) - change - Scene::bps(scene.top()) * stall_s;
        let worth = worth + best(scene, bps, left - 1, after_s, rung).0;
        if worth > best_plan.0 {
            best_plan = (worth, rung);
        }
    }
    best_plan
}

impl Peer for RobustMpc {
    fn pace(&self) -> Pace {
        Pace::AT_ONCE
    }

    fn choose(&mut self, scene: &Scene<'_>) -> usize {
        let (Some(bps), Some(last)) = (self.expected_bps(), scene.last) else { return FIRST };
        self.predicted = harmonic_mean(&self.bps, PAST);
        let left = HORIZON.min(scene.setup.segments() - scene.segment);
        best(scene, bps, left, scene.buffer_s, last).1
    }

    fn learn(&mut self, finished: &Finished, _scene: &Scene<'_>) {
        let bps = finished.bytes * 8.0 / finished.elapsed_s.max(1e-3);
        if let Some(predicted) = self.predicted.take() {
            self.errors.push((predicted - bps).abs() / bps.max(1.0));
        }
        self.bps.push(bps);
    }

    fn expected_kbps(&self) -> f64 {
        self.expected_bps().unwrap_or(0.0) / 1e3
    }
}
