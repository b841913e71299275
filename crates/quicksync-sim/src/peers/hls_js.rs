//! hls.js as it is shipped.
//!
//! Source: video-dev/hls.js, `src/controller/abr-controller.ts`, `src/utils/ewma-bandwidth-estimator.ts`
//! and `src/config.ts` (1.6): two averages of half-lives 3 and 9 s, the lower one counts; a sample's
//! time is the transfer's less the expected time to the first byte. Down and same at 0.95 of it, up at
//! 0.7, if the segment comes before the buffer runs out; else within one more segment of at most 4 s.
//! The first segment by a default of 500 kbps at its full value. A transfer that outlasts the buffer is
//! given up once half a segment's length has passed, if a lower rung would come sooner.
//!
//! Left out: the guard for levels of unknown length, and that `nextLevel` may flush the buffer, which
//! a program must ask for.

use super::averages::{Average, FastSlow};
use super::conduct::{Arriving, Finished, Pace, Peer, Scene};
use crate::player::Sound;

const FAST_S: f64 = 3.0;
const SLOW_S: f64 = 9.0;
/// Before the first sample.
const DEFAULT_BPS: f64 = 500e3;
const DEFAULT_FIRST_BYTE_S: f64 = 0.1;
/// The least time of a sample.
const LEAST_S: f64 = 0.05;
/// Share of the estimate for a rung not above the last one.
const FACTOR: f64 = 0.95;
/// Share of it for one above.
const UP_FACTOR: f64 = 0.7;
/// How long the buffer may be empty in the second pass.
const STARVATION_S: f64 = 4.0;
/// How often a transfer is looked at.
const WATCH_US: u64 = 100_000;
/// A lower rung that takes longer than this many segments is no help.
const UNREASONABLE: f64 = 10.0;

/// hls.js.
#[derive(Clone, Debug)]
pub struct HlsJs {
    bps: FastSlow,
    first_byte_s: Average,
}

impl Default for HlsJs {
    fn default() -> Self {
        Self { bps: FastSlow::new(FAST_S, SLOW_S), first_byte_s: Average::new(SLOW_S) }
    }
}

impl HlsJs {
    fn estimate(&self) -> f64 {
        self.bps.estimate().unwrap_or(DEFAULT_BPS)
    }

    fn first_byte(&self) -> f64 {
        self.first_byte_s.estimate().unwrap_or(DEFAULT_FIRST_BYTE_S)
    }

    /// The highest rung that fits both rate and time.
    fn best(&self, scene: &Scene<'_>, allowed_s: f64, factors: (f64, f64)) -> Option<usize> {
        (0..scene.rungs()).rfind(|rung| {
            let up = scene.last.is_none_or(|last| *rung > last);
            let bps = self.estimate() * if up { factors.1 } else { factors.0 };
            let time_s = self.first_byte() + Scene::bps(*rung) * scene.segment_s / bps;
            bps >= Scene::bps(*rung) && time_s < allowed_s
        })
    }
}

impl Peer for HlsJs {
    fn pace(&self) -> Pace {
        Pace { watch_us: Some(WATCH_US), ..Pace::AT_ONCE }
    }

    fn choose(&mut self, scene: &Scene<'_>) -> usize {
        if scene.last.is_none() {
            return self.best(scene, STARVATION_S, (1.0, 1.0)).unwrap_or(0);
        }
        let longer_s = scene.buffer_s + scene.segment_s.min(STARVATION_S);
        let factors = (FACTOR, UP_FACTOR);
        self.best(scene, scene.buffer_s, factors)
            .or_else(|| self.best(scene, longer_s, factors))
            .unwrap_or(0)
    }

    fn learn(&mut self, finished: &Finished, _scene: &Scene<'_>) {
        // The weight of a time to the first byte falls with its square: long ones are outages.
        let seconds = finished.latency_s;
        self.first_byte_s.add(2_f64.sqrt() * (-seconds * seconds / 2.0).exp(), seconds);
        if finished.bytes > 0.0 {
            let time_s = finished.elapsed_s - finished.latency_s.min(self.first_byte());
            let time_s = time_s.max(LEAST_S);
            self.bps.add(time_s, finished.bytes * 8.0 / time_s);
        }
    }

    fn give_up(&mut self, arriving: &Arriving, scene: &Scene<'_>) -> Option<usize> {
        let patience_s = (scene.segment_s / 2.0).max(self.first_byte());
        if scene.sound == Sound::Starting || arriving.elapsed_s <= patience_s {
            return None;
        }
        let bps = match arriving.latency_s {
            Some(latency_s) => arriving.received * 8.0 / (arriving.elapsed_s - latency_s).max(1e-3),
            None => self.estimate(),
        };
        let bps = bps.max(1.0);
        let rest_s = (arriving.bytes - arriving.received) * 8.0 / bps;
        if rest_s <= scene.buffer_s {
            return None;
        }
        let time_s = |rung: usize| self.first_byte() + Scene::bps(rung) * scene.segment_s / bps;
        let soon_s = scene.buffer_s.min(scene.segment_s + self.first_byte());
        let lower = (0..arriving.rung).rfind(|rung| *rung == 0 || time_s(*rung) < soon_s)?;
        let useful = time_s(lower) < rest_s && time_s(lower) <= UNREASONABLE * scene.segment_s;
        useful.then_some(lower)
    }

    fn expected_kbps(&self) -> f64 {
        self.estimate() / 1e3
    }
}
