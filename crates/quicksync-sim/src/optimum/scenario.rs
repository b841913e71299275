//! What is planned for, in whole numbers.
//!
//! Converts: media, a metric and a buffer into bytes, microseconds and millionths of utility, with
//! every rounding in favour of the plan, so that bounds stay bounds.

use super::link::Link;
use crate::metric::Metric;
use crate::setup::Setup;
use crate::trace::NetworkTrace;

/// When playback starts, and goes on after a stall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Holding {
    /// At any moment from the first segment's arrival.
    #[default]
    Free,
    /// With the first segment: requests begin at 0, and every hold ends as soon as it may.
    None,
}

/// What is played, and what it is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The length of a segment, microseconds.
    pub segment_us: u64,
    /// Bytes of each segment on each rung, ascending: as many rungs as the metric has utilities for,
    /// or fewer.
    pub bytes: Vec<Vec<u64>>,
    /// Utility of each rung.
    pub utility: Vec<f64>,
    /// The prices of switches, stalls and waiting; its utilities are not used.
    pub metric: Metric,
    /// When playback starts and goes on.
    pub holding: Holding,
}

impl Scenario {
    /// The track of an experiment.
    #[must_use]
    pub fn of(setup: &Setup, metric: &Metric) -> Self {
        let rungs = metric.utility.len().min(setup.rungs());
        let sizes: Vec<u64> = (0..rungs).map(|rung| setup.bytes(rung)).collect();
        let segments = usize::try_from(setup.segments()).unwrap_or(0);
        Self {
            segment_us: setup.segment_us(),
            bytes: vec![sizes; segments],
            utility: metric.utility.iter().copied().take(rungs).collect(),
            metric: *metric,
            holding: Holding::Free,
        }
    }

    /// What nobody could play or bound: no segment, no rung, a rung without bytes or utility, a
    /// price below 0.
    pub(super) fn is_sound(&self) -> bool {
        let rungs = self.utility.len();
        let metric = &self.metric;
        let prices = [metric.switch, metric.stall_s, metric.stall_event, metric.startup_s];
        let sizes = |sizes: &Vec<u64>| sizes.len() == rungs && sizes.iter().all(|size| *size > 0);
        !self.bytes.is_empty()
            && rungs > 0
            && rungs < 256
            && (1..1 << 40).contains(&self.segment_us)
            && self.bytes.len() < 1 << 16
            && self.bytes.iter().all(sizes)
            && self.utility.iter().all(|utility| (0.0..1e3).contains(utility))
            && prices.iter().all(|price| (0.0..1e3).contains(price))
    }
}

/// The finest step of the playhead's delay, microseconds; coarser ones are `4^n` times that.
pub(super) const FINEST_US: u64 = 31_250;

/// A scenario over a trace.
#[derive(Debug)]
pub(super) struct Problem<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) link: Link,
    /// `None`: any depth.
    pub(super) cap_us: Option<u64>,
    /// Millionths, never below the true value.
    pub(super) utility: Vec<i64>,
    /// Millionths between two rungs, never above the true price.
    pub(super) switch: Vec<Vec<i64>>,
    /// The price of a stall, and of `FINEST_US` of stalling and of start-up.
    pub(super) event: i64,
    pub(super) stall: i64,
    pub(super) startup: i64,
}

impl<'a> Problem<'a> {
    /// `None` for what nobody could play, see [`Scenario::is_sound`] and [`Link::new`].
    pub(super) fn new(
        trace: &NetworkTrace,
        scenario: &'a Scenario,
        cap_us: Option<u64>,
        horizon_us: u64,
    ) -> Option<Self> {
        if !scenario.is_sound() {
            return None;
        }
        let metric = &scenario.metric;
        let step_s = std::time::Duration::from_micros(FINEST_US).as_secs_f64();
        let price = |from: &f64| {
            let to = scenario.utility.iter();
            to.map(|to| down(metric.switch * (to - from).abs())).collect()
        };
        Some(Self {
            scenario,
            link: Link::new(trace, horizon_us)?,
            cap_us,
            utility: scenario.utility.iter().map(|utility| up(*utility)).collect(),
            switch: scenario.utility.iter().map(price).collect(),
            event: down(metric.stall_event),
            stall: down(metric.stall_s * step_s),
            startup: down(metric.startup_s * step_s),
        })
    }

    pub(super) fn segments(&self) -> usize {
        self.scenario.bytes.len()
    }

    pub(super) fn rungs(&self) -> usize {
        self.utility.len()
    }

    /// Where a segment begins on the media timeline.
    pub(super) fn begins_us(&self, segment: usize) -> u64 {
        self.scenario.segment_us * u64::try_from(segment).unwrap_or(u64::MAX)
    }

    /// How many segments are fetched without playing; the next waits for the playhead.
    pub(super) fn held(&self) -> usize {
        let most = self.cap_us.map_or(u64::MAX, |cap| cap / self.scenario.segment_us);
        usize::try_from(most).unwrap_or(usize::MAX).min(self.segments()).max(1)
    }

    /// The earliest request of `segment` while it plays with a delay of `delay_us`.
    pub(super) fn opens_us(&self, segment: usize, delay_us: u64) -> u64 {
        let cap = self.cap_us.unwrap_or(u64::MAX);
        (self.begins_us(segment + 1) + delay_us).saturating_sub(cap)
    }

    /// The gain of fetching on rung `to` after `from`.
    pub(super) fn gain(&self, from: usize, to: usize) -> i64 {
        self.utility[to] - self.switch[from][to]
    }

    pub(super) fn best_utility(&self) -> i64 {
        self.utility.iter().copied().max().unwrap_or(0)
    }

    pub(super) fn least_utility(&self) -> i64 {
        self.utility.iter().copied().min().unwrap_or(0)
    }
}

/// Millionths, rounded up unless that close to whole.
fn up(value: f64) -> i64 {
    whole((value * 1e6 - 1e-6).ceil())
}

fn down(value: f64) -> i64 {
    whole((value * 1e6 + 1e-6).floor())
}

#[expect(clippy::cast_possible_truncation, reason = "prices and utilities are below 1000")]
fn whole(value: f64) -> i64 {
    value as i64
}

/// A count as a number to calculate with; counts are far below 2^62.
pub(super) fn signed<T: TryInto<i64>>(count: T) -> i64 {
    count.try_into().unwrap_or(i64::MAX / 4)
}
