//! A trace in seconds and bits, made for asking it very often: when a transfer ends, and how much of
//! it has come by then.
//!
//! Rounds to the precision of `f64`, which the exact player of `crate::player` does not: good enough
//! to learn from, never to measure with.

use crate::NamedTrace;

/// One trace, laid out by its running totals.
#[derive(Debug)]
pub(super) struct Road {
    /// When each row ends, seconds.
    ends: Vec<f64>,
    /// Bits carried by then.
    carried: Vec<f64>,
    rates: Vec<f64>,
    latencies: Vec<f64>,
}

impl Road {
    pub(super) fn new(named: &NamedTrace) -> Self {
        let mut road = Self { ends: vec![], carried: vec![], rates: vec![], latencies: vec![] };
        let (mut end, mut bits) = (0.0, 0.0);
        for (duration_us, rate_bps, latency_us) in named.trace.rows().filter(|row| row.0 > 0) {
            let (duration, rate) = (number(duration_us) / 1e6, number(rate_bps));
            end += duration;
            bits += duration * rate;
            road.ends.push(end);
            road.carried.push(bits);
            road.rates.push(rate);
            road.latencies.push(number(latency_us) / 1e6);
        }
        road
    }

    /// How long the trace lasts before it starts over, seconds.
    pub(super) fn duration_s(&self) -> f64 {
        self.ends.last().copied().unwrap_or(1.0)
    }

    /// Mean over time, bits per second.
    pub(super) fn mean_bps(&self) -> f64 {
        self.carried.last().copied().unwrap_or(0.0) / self.duration_s()
    }

    /// The row at an instant, the instant within the trace, and how often it started over before.
    fn row(&self, at: f64) -> (usize, f64, f64) {
        let laps = (at / self.duration_s()).floor();
        let within = at - laps * self.duration_s();
        let row = self.ends.partition_point(|end| *end <= within);
        (row.min(self.ends.len() - 1), within, laps)
    }

    /// Where a row begins, and what was carried before.
    fn before(&self, row: usize) -> (f64, f64) {
        row.checked_sub(1).map_or((0.0, 0.0), |row| (self.ends[row], self.carried[row]))
    }

    pub(super) fn latency_s(&self, at: f64) -> f64 {
        self.latencies[self.row(at).0]
    }

    /// Bits carried from the beginning until `at`.
    pub(super) fn carried(&self, at: f64) -> f64 {
        let (row, within, laps) = self.row(at);
        let (start, bits) = self.before(row);
        laps * self.mean_bps() * self.duration_s() + bits + (within - start) * self.rates[row]
    }

    /// When `bits` that start at `at` are through.
    pub(super) fn finish(&self, at: f64, bits: f64) -> f64 {
        let lap = self.mean_bps() * self.duration_s();
        let goal = self.carried(at) + bits;
        let laps = (goal / lap).floor();
        let left = goal - laps * lap;
        let row = self.carried.partition_point(|carried| *carried < left).min(self.ends.len() - 1);
        let (start, before) = self.before(row);
        let into = if self.rates[row] > 0.0 { (left - before) / self.rates[row] } else { 0.0 };
        (laps * self.duration_s() + start + into).max(at)
    }

    /// How long after `at` the first bit comes, seconds: an outage holds it back.
    pub(super) fn silence_s(&self, at: f64) -> f64 {
        let (row, within, _) = self.row(at);
        if self.rates[row] > 0.0 { 0.0 } else { self.ends[row] - within }
    }
}

#[expect(clippy::cast_precision_loss, reason = "rows are bounded: a day, 1 Tbps")]
fn number(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NetworkTrace;

    #[test]
    fn transfers_end_as_on_the_exact_trace() {
        let trace = NetworkTrace::from_plan("800:10,0:5,1600:10", 50).unwrap();
        let exact = trace.clone();
        let road = Road::new(&NamedTrace { family: String::new(), name: String::new(), trace });
        for (at_us, bytes) in
            [(0, 1), (9_000_000, 300_000), (12_000_000, 99_999), (40_000_000, 7_000_000)]
        {
            let finish = road.finish(number(at_us) / 1e6, number(bytes) * 8.0);
            let expected = number(exact.finish_us(at_us, bytes).unwrap()) / 1e6;
            assert!((finish - expected).abs() < 1e-4, "{at_us} {bytes}: {finish} {expected}");
        }
        assert!((road.silence_s(12.0) - 3.0).abs() < 1e-9 && road.latency_s(0.0) > 0.04);
    }
}
