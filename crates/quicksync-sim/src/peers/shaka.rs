//! Shaka Player as it is shipped.
//!
//! Source: shaka-project/shaka-player, `lib/abr/simple_abr_manager.js`,
//! `lib/abr/ewma_bandwidth_estimator.js` and `lib/util/player_configuration.js` (4.x): two averages of
//! half-lives 2 and 5 s over request time, the lower one counts; samples below 16 kB are ignored, and
//! until 128 kB have come the default of 1 Mbps holds and nothing is switched. A rung is chosen when
//! the estimate lies between its rate by 0.95 and the next one's by 0.85; at most every 8 s. No look at
//! the buffer, no transfer given up. It plays with whatever is held.

use super::averages::FastSlow;
use super::conduct::{Finished, Pace, Peer, Scene};

const FAST_S: f64 = 2.0;
const SLOW_S: f64 = 5.0;
const LEAST_BYTES: f64 = 16e3;
const ENOUGH_BYTES: f64 = 128e3;
const DEFAULT_BPS: f64 = 1e6;
/// A rung needs at most this share of the estimate.
const DOWNGRADE: f64 = 0.95;
/// The next one is taken once it needs no more than this share.
const UPGRADE: f64 = 0.85;
/// At least this long between two switches, seconds.
const SWITCH_INTERVAL_S: f64 = 8.0;

/// Shaka Player.
#[derive(Clone, Debug)]
pub struct Shaka {
    bps: FastSlow,
    bytes: f64,
    started_up: bool,
    chosen: Option<(usize, f64)>,
}

impl Default for Shaka {
    fn default() -> Self {
        let bps = FastSlow::new(FAST_S, SLOW_S);
        Self { bps, bytes: 0.0, started_up: false, chosen: None }
    }
}

impl Shaka {
    fn estimate(&self) -> f64 {
        let estimate = self.bps.estimate().filter(|_| self.bytes >= ENOUGH_BYTES);
        estimate.unwrap_or(DEFAULT_BPS)
    }

    fn suited(&self, scene: &Scene<'_>) -> usize {
        let bps = self.estimate();
        let suits = |rung: &usize| {
            let next = if *rung < scene.top() { Scene::bps(*rung + 1) } else { f64::INFINITY };
            bps >= Scene::bps(*rung) / DOWNGRADE && bps <= next / UPGRADE
        };
        (0..scene.rungs()).rfind(suits).unwrap_or(0)
    }
}

impl Peer for Shaka {
    fn pace(&self) -> Pace {
        Pace::AT_ONCE
    }

    fn choose(&mut self, scene: &Scene<'_>) -> usize {
        let suited = self.suited(scene);
        self.chosen.get_or_insert((suited, scene.now_s)).0
    }

    fn learn(&mut self, finished: &Finished, scene: &Scene<'_>) {
        if finished.bytes >= LEAST_BYTES {
            self.bytes += finished.bytes;
            self.bps.add(finished.elapsed_s, finished.bytes * 8.0 / finished.elapsed_s.max(1e-3));
        }
        let Some((_, at_s)) = self.chosen else { return };
        if self.bytes < ENOUGH_BYTES {
            return;
        }
        if !self.started_up || scene.now_s - at_s >= SWITCH_INTERVAL_S {
            self.started_up = true;
            self.chosen = Some((self.suited(scene), scene.now_s));
        }
    }

    fn expected_kbps(&self) -> f64 {
        self.estimate() / 1e3
    }
}
