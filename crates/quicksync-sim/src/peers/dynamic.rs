//! dash.js as it is shipped: DYNAMIC with its guards.
//!
//! Source: Dash-Industry-Forum/dash.js (5.x), `src/core/Settings.js`,
//! `src/streaming/controllers/ThroughputController.js` and `AbrController.js`, and
//! `src/streaming/rules/abr/`: throughput by two averages of half-lives 3 and 8, weight 1.5 per second
//! of a request, the lower one by 0.9; the throughput rule below 9 s of buffer, BOLA from 18 s on; the
//! lowest of what the rules allow counts. InsufficientBufferRule: 0.7 of throughput times buffer by
//! segment, the lowest rung when the buffer is empty. SwitchHistoryRule: of the last eight decisions
//! more than 0.075 drops for each that was none. AbandonRequestsRule: after 500 ms and six reports a
//! projected time above 1.8 segments, below 18 s of buffer; then 10 s without another decision. The
//! first segments by the default of 100 kbps for audio.
//!
//! Left out: that buffered segments are replaced after a raise (fastSwitch).

use std::collections::VecDeque;

use super::averages::FastSlow;
use super::bola::Bola;
use super::conduct::{Arriving, Finished, Pace, Peer, Scene};

const FAST: f64 = 3.0;
const SLOW: f64 = 8.0;
const WEIGHT_PER_S: f64 = 1.5;
const SAFETY: f64 = 0.9;
const DEFAULT_BPS: f64 = 100e3;
/// BOLA from this buffer on, seconds; its own target as well.
const BUFFER_TIME_S: f64 = 18.0;
const INSUFFICIENT_SAFETY: f64 = 0.7;
const IGNORED_SEGMENTS: u32 = 2;
const HISTORY: usize = 8;
const DROPS: f64 = 0.075;
const VIRTUAL_DECAY: f64 = 0.99;
const GRACE_S: f64 = 0.5;
const REPORTS: usize = 6;
const ABANDON: f64 = 1.8;
const ABANDON_HOLD_S: f64 = 10.0;
const WATCH_US: u64 = 50_000;

/// dash.js.
#[derive(Clone, Debug)]
pub struct Dynamic {
    bps: FastSlow,
    by_buffer: bool,
    started: bool,
    virtual_s: f64,
    delay_s: f64,
    last: Option<usize>,
    /// The rung before and after each of the last decisions.
    history: VecDeque<(usize, usize)>,
    segments: u32,
    reports: Vec<f64>,
    held_until_s: f64,
}

impl Default for Dynamic {
    fn default() -> Self {
        Self {
            bps: FastSlow::new(FAST, SLOW),
            by_buffer: false,
            started: false,
            virtual_s: 0.0,
            delay_s: 0.0,
            last: None,
            history: VecDeque::new(),
            segments: 0,
            reports: Vec::new(),
            held_until_s: 0.0,
        }
    }
}

impl Dynamic {
    fn safe_bps(&self) -> Option<f64> {
        self.bps.estimate().map(|bps| bps * SAFETY)
    }

    fn bola(&mut self, scene: &Scene<'_>, safe_bps: f64) -> usize {
        let carried = scene.highest_within(safe_bps);
        let bola = Bola::new(scene.rungs(), BUFFER_TIME_S);
        if !self.started {
            self.virtual_s = (bola.least_s(carried) - scene.buffer_s).max(0.0);
            self.started = scene.buffer_s >= scene.segment_s;
            return carried;
        }
        self.virtual_s *= VIRTUAL_DECAY;
        let last = self.last.unwrap_or(0);
        let mut rung = bola.best(scene.buffer_s + self.virtual_s);
        if rung > last && rung > carried {
            rung = carried.max(last);
        }
        let excess_s = scene.buffer_s + self.virtual_s - bola.most_s(rung);
        if excess_s > 0.0 {
            let spent_s = excess_s.min(self.virtual_s);
            self.virtual_s -= spent_s;
            self.delay_s = if rung == scene.top() { 0.0 } else { excess_s - spent_s };
        }
        rung
    }

    fn sufficient(&self, scene: &Scene<'_>) -> usize {
        if self.segments < IGNORED_SEGMENTS {
            return scene.top();
        }
        if scene.buffer_s <= 0.0 {
            return 0;
        }
        let bps = self.bps.estimate().unwrap_or(f64::INFINITY);
        scene.highest_within(bps * INSUFFICIENT_SAFETY * scene.buffer_s / scene.segment_s)
    }

    fn steady(&self, scene: &Scene<'_>) -> usize {
        let (mut drops, mut others) = (0.0, 0.0);
        for rung in 0..scene.rungs() {
            let own = self.history.iter().copied().filter(|(before, _)| *before == rung);
            let (down, not): (Vec<_>, Vec<_>) = own.partition(|(before, after)| after < before);
            drops += count(down.len());
            others += count(not.len());
            if drops + others >= count(HISTORY) && drops / others.max(1e-9) > DROPS {
                return if rung > 0 && !down.is_empty() { rung - 1 } else { rung };
            }
        }
        scene.top()
    }
}

impl Peer for Dynamic {
    fn pace(&self) -> Pace {
        Pace { watch_us: Some(WATCH_US), ..Pace::AT_ONCE }
    }

    fn choose(&mut self, scene: &Scene<'_>) -> usize {
        self.delay_s = 0.0;
        self.reports.clear();
        let Some(safe_bps) = self.safe_bps() else { return scene.highest_within(DEFAULT_BPS) };
        let before = self.last.unwrap_or(0);
        if scene.now_s < self.held_until_s {
            return before;
        }
        if scene.buffer_s >= BUFFER_TIME_S {
            self.by_buffer = true;
        } else if scene.buffer_s < BUFFER_TIME_S / 2.0 {
            self.by_buffer = false;
        }
        let main = if self.by_buffer {
            self.bola(scene, safe_bps)
        } else {
            scene.highest_within(safe_bps)
        };
        let rung = main.min(self.sufficient(scene)).min(self.steady(scene));
        self.history.push_back((before, rung));
        if self.history.len() > HISTORY {
            self.history.pop_front();
        }
        rung
    }

    fn delay_s(&self) -> f64 {
        self.delay_s
    }

    fn learn(&mut self, finished: &Finished, _scene: &Scene<'_>) {
        if finished.cancelled {
            return;
        }
        let bps = finished.bytes * 8.0 / finished.elapsed_s.max(1e-3);
        self.bps.add(WEIGHT_PER_S * finished.elapsed_s, bps);
        self.last = Some(finished.rung);
        self.segments += 1;
    }

    fn give_up(&mut self, arriving: &Arriving, scene: &Scene<'_>) -> Option<usize> {
        let body_s = arriving.elapsed_s - arriving.latency_s?;
        if body_s <= 0.0 {
            return None;
        }
        self.reports.push(arriving.received * 8.0 / body_s);
        let ready = body_s >= GRACE_S && self.reports.len() >= REPORTS;
        if !ready || scene.buffer_s > BUFFER_TIME_S || arriving.rung == 0 {
            return None;
        }
        let bps = self.reports.iter().sum::<f64>() / count(self.reports.len());
        if arriving.bytes * 8.0 / bps <= ABANDON * scene.segment_s {
            return None;
        }
        let rung = scene.highest_within(bps * SAFETY).min(arriving.rung);
        let rest = arriving.bytes - arriving.received;
        if rung == arriving.rung || rest <= scene.bytes(rung) {
            return None;
        }
        self.reports.clear();
        self.last = Some(rung);
        self.held_until_s = scene.now_s + ABANDON_HOLD_S;
        Some(rung)
    }

    fn expected_kbps(&self) -> f64 {
        self.bps.estimate().unwrap_or(DEFAULT_BPS) / 1e3
    }
}

fn count(items: usize) -> f64 {
    f64::from(u32::try_from(items).unwrap_or(u32::MAX))
}
