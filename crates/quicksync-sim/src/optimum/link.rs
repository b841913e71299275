//! When transfers over a trace end, quickly, for requests in ascending order.
//!
//! Converts: a trace into rows laid out until a horizon. Decides nothing but when to send a request:
//! where a row with less latency follows soon, waiting for it may bring the last byte earlier, so
//! that an earlier readiness is never worse than a later one.

use crate::trace::NetworkTrace;

/// Millionths of a bit in a byte.
const MILLIONTHS_PER_BYTE: u128 = 8_000_000;
/// More rows than any recording has; what would need more is refused.
const MAX_ROWS: usize = 1 << 22;

/// A trace laid out from 0 to a horizon.
#[derive(Debug)]
pub(super) struct Link {
    starts: Vec<u64>,
    rates: Vec<u64>,
    latencies: Vec<u64>,
    /// What was carried before each row, millionths of a bit.
    carried: Vec<u128>,
    /// The earliest first byte of a request in any later row.
    later: Vec<u64>,
}

/// Where the last transfer was found: the next one is near.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hint {
    asked: usize,
    begun: usize,
    ended: usize,
}

/// One transfer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    /// When the request leaves: not before it could.
    pub(super) request_us: u64,
    /// When the last byte is there.
    pub(super) finish_us: u64,
}

impl Link {
    /// `None` if the trace carries nothing, or would need too many rows.
    pub(super) fn new(trace: &NetworkTrace, horizon_us: u64) -> Option<Self> {
        let rows: Vec<_> = trace.rows().filter(|row| row.0 > 0).collect();
        if rows.iter().all(|row| row.1 == 0) {
            return None;
        }
        let laps = usize::try_from(horizon_us / trace.duration_us().max(1)).ok()? + 1;
        if laps.checked_mul(rows.len())? > MAX_ROWS {
            return None;
        }
        let mut link = Self {
            starts: Vec::with_capacity(laps * rows.len()),
            rates: Vec::with_capacity(laps * rows.len()),
            latencies: Vec::with_capacity(laps * rows.len()),
            carried: Vec::with_capacity(laps * rows.len()),
            later: vec![u64::MAX; laps * rows.len()],
        };
        let (mut at, mut carried) = (0_u64, 0_u128);
        for _ in 0..laps {
            for (duration, rate, latency) in &rows {
                link.starts.push(at);
                link.rates.push(*rate);
                link.latencies.push(*latency);
                link.carried.push(carried);
                at = at.checked_add(*duration)?;
                carried += u128::from(*rate) * u128::from(*duration);
            }
        }
        let mut least = u64::MAX;
        for row in (0..link.starts.len()).rev() {
            link.later[row] = least;
            least = least.min(link.starts[row].saturating_add(link.latencies[row]));
        }
        // Beyond the horizon nothing is carried: there no transfer ends, and none is of use.
        link.starts.push(at);
        link.rates.push(0);
        link.latencies.push(0);
        link.carried.push(carried);
        link.later.push(u64::MAX);
        Some(link)
    }

    /// The earliest end of a transfer of `bytes` whose request may leave from `ready_us`; `None` if
    /// that is beyond the horizon.
    pub(super) fn send(&self, ready_us: u64, bytes: u64, hint: &mut Hint) -> Option<Sent> {
        hint.asked = self.row_at(ready_us, hint.asked);
        let own = ready_us + self.latencies[hint.asked];
        let begin = own.min(self.later[hint.asked]);
        hint.begun = self.row_at(begin, hint.begun);
        let goal = self.carried_by(begin, hint.begun) + u128::from(bytes) * MILLIONTHS_PER_BYTE;
        let mut row = hint.ended.max(hint.begun);
        if self.carried[row] >= goal {
            row = hint.begun;
        }
        while *self.carried.get(row + 1)? < goal {
            row += 1;
        }
        hint.ended = row;
        let left = goal - self.carried[row];
        let within = u64::try_from(left.div_ceil(u128::from(self.rates[row]).max(1))).ok()?;
        let finish_us = (self.starts[row] + within).max(begin);
        let request_us = if begin == own { ready_us } else { self.request_for(begin, hint.asked) };
        Some(Sent { request_us, finish_us })
    }

    /// Whole bits carried until `at_us`.
    pub(super) fn bits_until(&self, at_us: u64, hint: &mut Hint) -> i64 {
        hint.asked = self.row_at(at_us, hint.asked);
        i64::try_from(self.carried_by(at_us, hint.asked) / 1_000_000).unwrap_or(i64::MAX / 4)
    }

    fn carried_by(&self, at_us: u64, row: usize) -> u128 {
        self.carried[row] + u128::from(self.rates[row]) * u128::from(at_us - self.starts[row])
    }

    /// The row that holds an instant, looked for from `near`.
    fn row_at(&self, at_us: u64, near: usize) -> usize {
        let after = |row: usize| self.starts.get(row).is_none_or(|start| *start > at_us);
        if self.starts[near] <= at_us {
            for row in near..near + 8 {
                if after(row + 1) {
                    return row.min(self.starts.len() - 1);
                }
            }
        }
        self.starts.partition_point(|start| *start <= at_us) - 1
    }

    /// The start of the later row in which a request has its first byte at `begin`.
    fn request_for(&self, begin: u64, after: usize) -> u64 {
        let rows = after + 1..self.starts.len();
        let mut sends = rows.map(|row| (self.starts[row], self.latencies[row]));
        sends.find(|(start, latency)| start + latency == begin).map_or(begin, |sent| sent.0)
    }
}
