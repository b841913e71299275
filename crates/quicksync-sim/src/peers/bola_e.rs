//! BOLA-E as Sabre has it: BOLA with a virtual buffer beside the real one.
//!
//! Source: K. Spiteri, R. Sitaraman, D. Sparacio, MMSys 2018; UMass-LIDS/sabre, `src/sabre.py` (its
//! default): throughput by two averages of half-lives 3 and 8 s, the lower one counts, and latency by the
//! same, the higher one; the first choice after a transfer by throughput, the virtual buffer set so that
//! BOLA agrees; then BOLA, not raised beyond one above what throughput carries, and no more than fits
//! into a share of the buffer (0.9 falling to 0.5). It waits when the buffer is deeper than the rung is
//! worth, and gives up a transfer by the same score. Made for a buffer of known depth.

use super::averages::{Average, FastSlow};
use super::bola::{Bola, MINIMUM_S};
use super::conduct::{Arriving, Finished, Pace, Peer, Scene};

const FAST_S: f64 = 3.0;
const SLOW_S: f64 = 8.0;
const FIRST_SAFETY: f64 = 0.9;
const LAST_SAFETY: f64 = 0.5;
/// A transfer's progress is looked at this often.
const WATCH_US: u64 = 50_000;

/// BOLA-E.
#[derive(Clone, Debug)]
pub struct BolaE {
    bps: FastSlow,
    latency_s: Option<(Average, Average)>,
    steady: bool,
    virtual_s: f64,
    last: usize,
    safety: f64,
    delay_s: f64,
}

impl Default for BolaE {
    fn default() -> Self {
        Self {
            bps: FastSlow::new(FAST_S, SLOW_S),
            latency_s: None,
            steady: false,
            virtual_s: 0.0,
            last: 0,
            safety: FIRST_SAFETY,
            delay_s: 0.0,
        }
    }
}

impl BolaE {
    fn latency(&self) -> f64 {
        let of = |average: &Average| average.estimate().unwrap_or(0.0);
        self.latency_s.as_ref().map_or(0.0, |(fast, slow)| of(fast).max(of(slow)))
    }

    /// The highest rung whose segments come as fast as they sound.
    fn carried(&self, scene: &Scene<'_>, bps: f64) -> usize {
        let in_time = |rung: &usize| {
            let time_s = self.latency() + scene.segment_s * Scene::bps(*rung) / bps.max(1.0);
            time_s <= scene.segment_s
        };
        (1..scene.rungs()).take_while(in_time).last().unwrap_or(0)
    }

    fn begin(&mut self, scene: &Scene<'_>, bola: Bola, bps: f64) -> usize {
        self.steady = true;
        self.safety = FIRST_SAFETY;
        let rung = self.carried(scene, bps);
        self.virtual_s = (bola.least_s(rung) - scene.buffer_s).max(0.0);
        rung
    }

    /// Spends the virtual buffer before it waits.
    fn wait(&mut self, scene: &Scene<'_>, bola: Bola, rung: usize) {
        let excess_s = scene.buffer_s + self.virtual_s - bola.most_s(rung);
        if excess_s > 0.0 {
            let spent_s = excess_s.min(self.virtual_s);
            self.virtual_s -= spent_s;
            self.delay_s = if rung == scene.top() { 0.0 } else { excess_s - spent_s };
        }
    }

    /// No more than fits into the buffer.
    fn insured(&mut self, scene: &Scene<'_>, bola: Bola, rung: usize, bps: f64) -> usize {
        let safe_bits = self.safety * (scene.buffer_s - self.latency()) * bps;
        self.safety = (self.safety * FIRST_SAFETY).max(LAST_SAFETY);
        let too_large = |lower: &usize| Scene::bps(*lower + 1) * scene.segment_s > safe_bits;
        let Some(lower) = (0..rung).find(too_large) else { return rung };
        self.delay_s = 0.0;
        self.virtual_s = self.virtual_s.min((bola.least_s(lower) - scene.buffer_s).max(0.0));
        lower
    }
}

impl Peer for BolaE {
    fn pace(&self) -> Pace {
        Pace { watch_us: Some(WATCH_US), ..Pace::AT_ONCE }
    }

    fn choose(&mut self, scene: &Scene<'_>) -> usize {
        self.delay_s = 0.0;
        let Some(bps) = self.bps.estimate() else { return self.last };
        let bola = Bola::new(scene.rungs(), scene.cap_s);
        if !self.steady {
            return self.begin(scene, bola, bps);
        }
        let mut rung = bola.best(scene.buffer_s + self.virtual_s);
        let carried = self.carried(scene, bps);
        if rung > self.last && rung > carried {
            rung = (self.last.max(carried) + 1).min(scene.top());
        }
        self.wait(scene, bola, rung);
        self.insured(scene, bola, rung, bps)
    }

    fn delay_s(&self) -> f64 {
        self.delay_s
    }

    fn learn(&mut self, finished: &Finished, scene: &Scene<'_>) {
        let time_s = (finished.elapsed_s - finished.latency_s).max(1e-3);
        self.bps.add(time_s, finished.bytes * 8.0 / time_s);
        let count = |half_life_s: f64| Average::new(half_life_s / scene.segment_s);
        let (fast, slow) = self.latency_s.get_or_insert_with(|| (count(FAST_S), count(SLOW_S)));
        fast.add(1.0, finished.latency_s);
        slow.add(1.0, finished.latency_s);
        self.last = finished.rung;
        let bola = Bola::new(scene.rungs(), scene.cap_s);
        if finished.cancelled || !self.steady {
            return;
        }
        let before_s = scene.buffer_s + finished.elapsed_s;
        self.virtual_s = self.virtual_s.min((bola.most_s(finished.rung) - before_s).max(0.0));
        if scene.buffer_s > 0.0 {
            self.virtual_s = self.virtual_s.max(bola.least_s(finished.rung) - before_s);
        }
    }

    fn give_up(&mut self, arriving: &Arriving, scene: &Scene<'_>) -> Option<usize> {
        let latency_s = arriving.latency_s?;
        let body_s = (arriving.elapsed_s - latency_s).max(1e-3);
        let level_s = (scene.buffer_s + self.virtual_s - latency_s).max(0.0);
        let rest = (arriving.bytes - arriving.received) * 8.0;
        let rest = rest - latency_s * arriving.received * 8.0 / body_s;
        if rest <= 0.0 {
            return None;
        }
        let bola = Bola::new(scene.rungs(), scene.cap_s);
        let mut best = (None, bola.score_of(arriving.rung, level_s, rest));
        for rung in 0..arriving.rung {
            let bits = scene.bytes(rung) * 8.0;
            let score = bola.score_of(rung, level_s, bits);
            if bits < rest && score > best.1 {
                best = (Some(rung), score);
            }
        }
        let to = best.0?;
        let wanted_s = if to > 0 { bola.least_s(to) } else { MINIMUM_S };
        self.virtual_s = self.virtual_s.min((wanted_s - scene.buffer_s).max(0.0));
        self.last = to;
        Some(to)
    }

    fn expected_kbps(&self) -> f64 {
        self.bps.estimate().unwrap_or(0.0) / 1e3
    }
}
