//! Recorded capacity over time, and when a transfer over it ends.
//!
//! Knows: rows of duration, rate and latency. Never: a clock; times are microseconds from the
//! trace's start, which the caller counts. The trace starts over when it ends.
//!
//! # Model
//! A transfer of `b` bits that starts at `t0` ends at the first `t` with `∫ rate dt = b` from `t0`.
//! Integers throughout, so results are exact: the only rounding is the last microsecond, upwards.

/// Longest row, one day: keeps every product within 128 bits.
const MAX_ROW_MS: u64 = 24 * 3600 * 1000;
/// Fastest row, 1 Tbps.
const MAX_KBPS: f64 = 1e9;
const MILLIONTHS_PER_BYTE: u128 = 8_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    duration_us: u64,
    rate_bps: u64,
    latency_us: u64,
}

impl Row {
    /// What the row carries, in millionths of a bit.
    const fn capacity(self) -> u128 {
        self.rate_bps as u128 * self.duration_us as u128
    }
}

/// A network's capacity and latency over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkTrace {
    rows: Vec<Row>,
    /// When each row ends, from the start of a lap.
    ends_us: Vec<u64>,
    /// What was carried when each row ends, millionths of a bit.
    carried: Vec<u128>,
    duration_us: u64,
}

/// Why a text is no trace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TraceError {
    /// There is not one row.
    #[error("the trace has no rows")]
    Empty,
    /// A row is not as it must be.
    #[error("row {row}: {reason}")]
    Row {
        /// Counted from 1, a heading not counted.
        row: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl NetworkTrace {
    /// Reads lines of `duration_ms,bandwidth_kbps,latency_ms`, with or without that heading. A rate
    /// of 0 is an outage.
    ///
    /// # Errors
    /// See [`TraceError`].
    pub fn from_csv(text: &str) -> Result<Self, TraceError> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let lines = lines.skip_while(|line| line.starts_with("duration_ms"));
        Self::from_rows(lines.map(|line| line.split(',').collect()))
    }

    /// Reads a plan like `3000:20,100:90,0:8`: kbps and for how many seconds, all at `latency_ms`.
    ///
    /// # Errors
    /// See [`TraceError`].
    pub fn from_plan(plan: &str, latency_ms: u32) -> Result<Self, TraceError> {
        let latency = latency_ms.to_string();
        let steps = plan.split(',').map(|step| step.trim().split_once(':').unwrap_or((step, "")));
        let rows = steps.map(|(kbps, seconds)| (kbps.to_owned(), format!("{seconds}e3")));
        let rows: Vec<_> = rows.collect();
        Self::from_rows(rows.iter().map(|(kbps, ms)| vec![ms.as_str(), kbps.as_str(), &latency]))
    }

    /// Rows of duration (milliseconds), rate (kbps) and latency (milliseconds), as in the file.
    ///
    /// # Errors
    /// See [`TraceError`].
    pub fn from_numbers(rows: impl Iterator<Item = [f64; 3]>) -> Result<Self, TraceError> {
        Self::from_results(rows.map(row_of))
    }

    /// How long the trace lasts before it starts over.
    #[must_use]
    pub const fn duration_us(&self) -> u64 {
        self.duration_us
    }

    /// The rate at `at_us`, bits per second.
    #[must_use]
    pub fn rate_bps(&self, at_us: u64) -> u64 {
        self.row_at(at_us).map_or(0, |row| row.rate_bps)
    }

    /// How long a request sent at `at_us` waits before its first byte.
    #[must_use]
    pub fn latency_us(&self, at_us: u64) -> u64 {
        self.row_at(at_us).map_or(0, |row| row.latency_us)
    }

    /// When the last of `bytes` that start at `start_us` has passed, without latency; `None` if
    /// the trace carries nothing at all.
    #[must_use]
    pub fn finish_us(&self, start_us: u64, bytes: u64) -> Option<u64> {
        let lap = self.lap();
        if lap == 0 {
            return None;
        }
        if bytes == 0 {
            return Some(start_us);
        }
        let goal = self.capacity_at(start_us) + u128::from(bytes) * MILLIONTHS_PER_BYTE;
        // Of a whole number of laps the last one ends with its last bit, not before it begins.
        let laps = (goal - 1) / lap;
        let left = goal - laps * lap;
        let index = self.carried.partition_point(|carried| *carried < left);
        let row = self.rows.get(index)?;
        let before = index.checked_sub(1).map_or((0, 0), |i| (self.ends_us[i], self.carried[i]));
        let within = u64::try_from((left - before.1).div_ceil(row.rate_bps.into())).ok()?;
        let lap_start = u64::try_from(laps).ok()?.checked_mul(self.duration_us)?;
        lap_start.checked_add(before.0)?.checked_add(within)
    }

    /// Whole bytes that pass from `start_us` until `until_us`.
    #[must_use]
    pub fn carried_bytes(&self, start_us: u64, until_us: u64) -> u64 {
        let carried = self.capacity_at(until_us).saturating_sub(self.capacity_at(start_us));
        u64::try_from(carried / MILLIONTHS_PER_BYTE).unwrap_or(u64::MAX)
    }

    /// The mean rate of one lap, bits per second.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a rate is not read to 53 bits")]
    pub fn mean_bps(&self) -> f64 {
        self.lap() as f64 / self.duration_us.max(1) as f64
    }

    /// The same shape with every rate `factor` times as high; latency as it was. A factor below 0
    /// or not a number counts as 0.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "rates are below 2^50 and clamped"
    )]
    pub fn scaled(&self, factor: f64) -> Self {
        let rate = |bps: u64| (bps as f64 * factor).round().clamp(0.0, MAX_KBPS * 1e3) as u64;
        let rows = self.rows.iter().map(|row| Row { rate_bps: rate(row.rate_bps), ..*row });
        Self::from_checked(rows.collect())
    }

    /// Duration (microseconds), rate (bits per second) and latency (microseconds) of every row.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (u64, u64, u64)> + '_ {
        self.rows.iter().map(|row| (row.duration_us, row.rate_bps, row.latency_us))
    }

    /// What was carried from the trace's start until `at_us`, millionths of a bit.
    fn capacity_at(&self, at_us: u64) -> u128 {
        let Some(duration_us) = std::num::NonZeroU64::new(self.duration_us) else { return 0 };
        let (laps, left_us) = (at_us / duration_us, at_us % duration_us);
        let index = self.index_at(left_us);
        let before = index.checked_sub(1).map_or((0, 0), |i| (self.ends_us[i], self.carried[i]));
        let rate = self.rows.get(index).map_or(0, |row| row.rate_bps);
        u128::from(laps) * self.lap() + before.1 + u128::from(rate) * u128::from(left_us - before.0)
    }

    /// What one lap carries, millionths of a bit.
    fn lap(&self) -> u128 {
        self.carried.last().copied().unwrap_or(0)
    }

    /// The row that holds an instant of a lap.
    fn index_at(&self, left_us: u64) -> usize {
        self.ends_us.partition_point(|end| *end <= left_us)
    }

    fn row_at(&self, at_us: u64) -> Option<&Row> {
        self.rows.get(self.index_at(at_us % self.duration_us.max(1)))
    }

    fn from_checked(rows: Vec<Row>) -> Self {
        let sum = |sum: &mut u64, row: &Row| {
            *sum += row.duration_us;
            Some(*sum)
        };
        let ends_us: Vec<u64> = rows.iter().scan(0, sum).collect();
        let sum = |sum: &mut u128, row: &Row| {
            *sum += row.capacity();
            Some(*sum)
        };
        let carried = rows.iter().scan(0, sum).collect();
        let duration_us = ends_us.last().copied().unwrap_or(0);
        Self { rows, ends_us, carried, duration_us }
    }

    fn from_rows<'a>(rows: impl Iterator<Item = Vec<&'a str>>) -> Result<Self, TraceError> {
        Self::from_results(rows.map(|fields| read_row(&fields)))
    }

    fn from_results(
        rows: impl Iterator<Item = Result<Row, &'static str>>,
    ) -> Result<Self, TraceError> {
        let numbered = rows
            .enumerate()
            .map(|(index, row)| row.map_err(|reason| TraceError::Row { row: index + 1, reason }));
        let rows: Vec<Row> = numbered.collect::<Result<_, _>>()?;
        if rows.is_empty() { Err(TraceError::Empty) } else { Ok(Self::from_checked(rows)) }
    }
}

fn read_row(fields: &[&str]) -> Result<Row, &'static str> {
    let [duration_ms, rate_kbps, latency_ms] = fields else {
        return Err("it must be duration_ms,bandwidth_kbps,latency_ms");
    };
    // What is no number is out of every range.
    let number = |field: &str| field.trim().parse().unwrap_or(f64::NAN);
    row_of([number(duration_ms), number(rate_kbps), number(latency_ms)])
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "every number is bounded before its cast"
)]
fn row_of([duration_ms, rate_kbps, latency_ms]: [f64; 3]) -> Result<Row, &'static str> {
    let number = |number: f64, max: f64| (0.0..=max).contains(&number).then_some(number);
    let max_ms = MAX_ROW_MS as f64;
    let duration_ms = number(duration_ms, max_ms).filter(|ms| *ms > 0.0);
    let duration_ms = duration_ms.ok_or("the duration must be more than 0 and at most a day")?;
    let rate_kbps = number(rate_kbps, MAX_KBPS).ok_or("the rate must be 0 to 10^9 kbps")?;
    let latency_ms = number(latency_ms, max_ms).ok_or("the latency must be 0 to a day")?;
    Ok(Row {
        duration_us: ((duration_ms * 1e3).round() as u64).max(1),
        rate_bps: (rate_kbps * 1e3).round() as u64,
        latency_us: (latency_ms * 1e3).round() as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(seconds: f64) -> u64 {
        std::time::Duration::from_secs_f64(seconds).as_micros().try_into().unwrap()
    }

    #[test]
    fn transfers_end_when_the_integral_says() {
        // 8 kbps = 1,000 bytes a second.
        let trace = NetworkTrace::from_plan("8:10,0:5,16:10", 50).unwrap();
        for (start, bytes, end) in [
            (0.0, 0, 0.0),
            (0.0, 1_000, 1.0),
            (0.0, 10_000, 10.0),
            (0.0, 10_001, 15.0005),
            (9.0, 3_000, 16.0),
            (12.0, 20_000, 25.0),
            (24.0, 3_000, 26.0),
            (0.0, 30_000, 25.0),
            (3.0, 30_000, 28.0),
            (0.0, 3_000_000, 2500.0),
        ] {
            assert_eq!(trace.finish_us(second(start), bytes), Some(second(end)), "{start} {bytes}");
        }
        assert_eq!((trace.rate_bps(second(12.0)), trace.rate_bps(second(40.5))), (0, 16_000));
        assert_eq!(trace.latency_us(second(3.0)), 50_000);
    }

    #[test]
    fn a_transfer_of_whole_laps_ends_with_its_last_bit() {
        let trace = NetworkTrace::from_plan("8:10,0:5", 0).unwrap();
        assert_eq!(trace.finish_us(second(12.0), 10_000), Some(second(25.0)));
        assert_eq!(trace.finish_us(second(0.0), 10_000), Some(second(10.0)));
    }

    #[test]
    fn what_has_passed_is_what_ends_a_transfer() {
        let trace = NetworkTrace::from_plan("8:10,0:5,16:10", 50).unwrap();
        for (from, until, bytes) in
            [(0.0, 9.9995, 9_999), (5.0, 15.0, 5_000), (12.0, 45.0, 40_000), (3.0, 3.0, 0)]
        {
            assert_eq!(trace.carried_bytes(second(from), second(until)), bytes, "{from} {until}");
        }
    }

    #[test]
    fn scaling_keeps_the_shape() {
        let trace = NetworkTrace::from_plan("8:10,0:5,16:10", 50).unwrap();
        assert!((trace.mean_bps() - 9_600.0).abs() < 1e-9);
        let half = trace.scaled(0.5);
        assert_eq!(half.finish_us(0, 5_000), trace.finish_us(0, 10_000));
        assert_eq!((half.latency_us(0), half.duration_us()), (50_000, 25_000_000));
        assert_eq!(trace.scaled(f64::NAN).finish_us(0, 1), None);
    }

    #[test]
    fn a_dead_link_never_ends() {
        let trace = NetworkTrace::from_plan("0:10", 0).unwrap();
        assert_eq!(trace.finish_us(0, 1), None);
    }

    #[test]
    fn splitting_a_transfer_changes_nothing() {
        let trace = NetworkTrace::from_csv("1130,1845,100\n770,0,100\n1250,1409,20\n").unwrap();
        let whole = trace.finish_us(0, 1_000_000).unwrap();
        let parts = (0..1000).fold(0, |at, _| trace.finish_us(at, 1000).unwrap());
        assert!(parts.abs_diff(whole) <= 1000, "each part may round up by one microsecond");
    }

    #[test]
    fn bad_rows_are_named() {
        for (text, row) in [
            ("duration_ms,bandwidth_kbps,latency_ms\n10,5,0\n0,5,0", 2),
            ("10,-5,0", 1),
            ("10,nan,0", 1),
            ("10,5", 1),
            ("10,5,0,0", 1),
            ("10,1e12,0", 1),
        ] {
            let error = NetworkTrace::from_csv(text).unwrap_err();
            assert!(matches!(error, TraceError::Row { row: at, .. } if at == row), "{error}");
        }
        assert_eq!(NetworkTrace::from_csv("\n"), Err(TraceError::Empty));
        assert!(NetworkTrace::from_plan("3000", 0).is_err());
    }
}
