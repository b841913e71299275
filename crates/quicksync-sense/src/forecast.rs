//! What a network will carry, from what it carried in other hours.
//!
//! Decides: how much each remembered hour says of the hour asked for. Pure. Never: a clock, a row,
//! whose hours these are.
//!
//! # Model
//! Rates are compared in octaves (log2 of bits per second): half and double are equally far. Each
//! remembered hour is one witness, for the transfers of an hour go together. It speaks for the hour
//! asked for by as much as the two are alike in the week: the same hour of the same day most, the
//! same hour of other days less, any other hour a little; what was last month counts half, and what
//! is just past somewhat more. Hardly more: a commute's next hour is nothing like its last. The
//! forecast is the witnesses' weighted median, and its spread how far they typically lie from it: the
//! hours beside a dead zone speak a little too, four octaves off, and no mean would forgive them that.
//! A wide guess beside them keeps a single witness from being sure.
//!
//! What a forecast is worth to a decision core is what the core takes a confidence for (`Prior` of
//! `quicksync-abr`): the distance of the truth, as a spread.

use quicksync_abr::playback::Prior;
use quicksync_model::{Throughput, Timestamp};

use crate::view::{Estimate, Source};

/// Hours in a week.
const WEEK: i64 = 168;
/// How far from its own hour a witness still speaks, hours: one standard deviation.
const REACH_H: f64 = 0.45;
/// What the same hour of another day says, beside that of the same day: a day of the same sort
/// (a working day, a weekend), and of the other.
const OTHER_DAY: (f64, f64) = (0.4, 0.1);
/// What any hour says.
const ANY_HOUR: f64 = 0.005;
/// Age at which a witness counts half, weeks.
const HALF_LIFE_WEEKS: f64 = 4.0;
/// How much louder this very hour speaks, of which some is past.
const JUST_PAST: f64 = 0.5;
/// How soon that halves, hours.
const JUST_PAST_HALF_LIFE_H: f64 = 1.0;
/// Weight and spread, in octaves, of what is believed of any network.
const GUESS: (f64, f64) = (0.3, 1.5);
/// The highest confidence: no memory is as good as a minute of playback.
const MOST: f64 = 0.7;
/// How far below the median a decision core is told to expect, in spreads: what is too high costs a
/// stall, what is too low a moment. Chosen on 200 made fortnights (`docs/design/measurement-trust.md`).
const CAUTION: f64 = 0.25;
/// From the median of distances to the deviation of a normal distribution.
const DEVIATION: f64 = 1.4826;
/// One in ten outcomes of a normal distribution lies this many deviations below its mean.
const LOWEST_TENTH: f64 = 1.2816;

/// What was measured in one hour on one network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HourSummary {
    /// Whole hours since the Unix epoch, UTC.
    pub hour: i64,
    /// Transfers.
    pub samples: u32,
    /// Sum of log2 of their rates in bits per second.
    pub sum_log2: f64,
    /// Sum of the squares of those.
    pub sum_squares: f64,
    /// How alike that network and the one asked for are: 1 the same, 0 nothing in common.
    pub likeness: f64,
}

impl HourSummary {
    /// An hour that held these rates, on the network asked for.
    #[must_use]
    pub fn of(hour: i64, rates: &[Throughput]) -> Self {
        let logs = rates.iter().map(|rate| log2(*rate));
        let (sum_log2, sum_squares) =
            logs.fold((0.0, 0.0), |(sum, squares), log| (sum + log, squares + log * log));
        let samples = u32::try_from(rates.len()).unwrap_or(u32::MAX);
        Self { hour, samples, sum_log2, sum_squares, likeness: 1.0 }
    }

    fn mean(&self) -> f64 {
        self.sum_log2 / f64::from(self.samples.max(1))
    }

    /// How much this hour says of `hour`.
    fn weight(&self, hour: i64) -> f64 {
        let age_h = whole((hour - self.hour).max(0));
        let recency = (-age_h / whole(WEEK) / HALF_LIFE_WEEKS).exp2();
        let just_past = JUST_PAST * (-age_h / JUST_PAST_HALF_LIFE_H).exp2();
        // A handful of transfers is nearly as good a witness as a whole hour of them.
        let size = f64::from(self.samples) / (f64::from(self.samples) + 3.0);
        self.likeness * size * (recency * alike(self.hour, hour) + just_past)
    }
}

/// What to expect of one hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// The hour, whole hours since the Unix epoch, UTC.
    pub hour: i64,
    /// The expected rate: half of the outcomes exceed it.
    pub median: Throughput,
    /// Standard deviation of what the hour comes to, octaves.
    pub spread_octaves: f64,
    /// From 0, a guess, to 1, as good as a minute of playback.
    pub confidence: f64,
    /// Hours it was made from.
    pub hours: u32,
}

impl Forecast {
    /// What nine in ten outcomes exceed, if they fall as the spread says.
    #[must_use]
    pub fn low(&self) -> Throughput {
        self.below(LOWEST_TENTH)
    }

    /// So many spreads below the median.
    fn below(&self, spreads: f64) -> Throughput {
        Throughput::from_bps(self.median.bps() * (-spreads * self.spread_octaves).exp2())
    }
}

/// What to expect of `hour` (whole hours since the Unix epoch, UTC), from hours before or at it;
/// `None` if none of them says anything.
#[must_use]
pub fn forecast(past: &[HourSummary], hour: i64) -> Option<Forecast> {
    let witnesses = past.iter().filter(|witness| witness.hour <= hour && witness.samples > 0);
    let weighted: Vec<_> = witnesses
        .map(|witness| (witness.weight(hour), witness.mean()))
        .filter(|(weight, _)| *weight > 0.0)
        .collect();
    let total: f64 = weighted.iter().map(|(weight, _)| weight).sum();
    let median = median(weighted.clone())?;
    let away = |(weight, log2): &(f64, f64)| (*weight, (log2 - median).abs());
    let deviation = DEVIATION * self::median(weighted.iter().map(away).collect())?;
    let (guess_weight, guess_spread) = GUESS;
    let squares = total * deviation.powi(2) + guess_weight * guess_spread.powi(2);
    let spread_octaves = (squares / (total + guess_weight)).sqrt();
    let confidence = Prior::confidence_of(spread_octaves).min(MOST);
    Some(Forecast {
        hour,
        median: Throughput::from_bps(median.exp2()),
        spread_octaves,
        confidence,
        hours: u32::try_from(weighted.len()).unwrap_or(u32::MAX),
    })
}

/// The weighted median of weights and values, or what lies between the two that it lies between;
/// `None` without any weight.
fn median(mut pairs: Vec<(f64, f64)>) -> Option<f64> {
    pairs.sort_by(|a, b| a.1.total_cmp(&b.1));
    let half = pairs.iter().map(|(weight, _)| weight).sum::<f64>() / 2.0;
    let (mut passed, mut before) = (0.0, None);
    for (weight, value) in pairs {
        // Each value stands in the middle of its weight.
        let at = passed + weight / 2.0;
        if at >= half {
            let between =
                |(from, below): (f64, f64)| below + (value - below) * (half - from) / (at - from);
            return Some(before.map_or(value, between));
        }
        passed += weight;
        before = Some((at, value));
    }
    before.map(|(_, value)| value)
}

/// What a decision core is to believe before the first byte: a rate and a confidence. What is fresh
/// and what is remembered, with some caution, are averaged in octaves, each by its confidence.
#[must_use]
pub fn prior(estimate: &Estimate, forecast: Option<Forecast>, now: Timestamp) -> (Throughput, f64) {
    let fresh = estimate.confidence(now);
    let fresh_log2 = log2(estimate.throughput);
    let remembered = forecast.filter(|_| estimate.source != Source::History);
    let (weight, remembered_log2) =
        remembered.map_or((0.0, 0.0), |past| (past.confidence, log2(past.below(CAUTION))));
    let total = fresh + weight;
    if total <= 0.0 {
        return (Throughput::ZERO, 0.0);
    }
    let mean = (fresh * fresh_log2 + weight * remembered_log2) / total;
    (Throughput::from_bps(mean.exp2()), fresh.max(weight))
}

fn log2(rate: Throughput) -> f64 {
    rate.bps().max(1.0).log2()
}

/// How alike two hours are in the week, from [`ANY_HOUR`] to 1.
fn alike(a: i64, b: i64) -> f64 {
    let near = |distance: i64| (-0.5 * (whole(distance) / REACH_H).powi(2)).exp();
    let same_sort = if is_weekend(a) == is_weekend(b) { OTHER_DAY.0 } else { OTHER_DAY.1 };
    near(around(a - b, WEEK)).max(same_sort * near(around(a - b, 24))).max(ANY_HOUR)
}

/// The distance of two points on a circle.
fn around(distance: i64, circle: i64) -> i64 {
    let one_way = distance.rem_euclid(circle);
    one_way.min(circle - one_way)
}

/// The epoch was a Thursday.
fn is_weekend(hour: i64) -> bool {
    matches!((hour.div_euclid(24) + 3).rem_euclid(7), 5 | 6)
}

#[expect(clippy::cast_precision_loss, reason = "hours of a century are far from 2^53")]
const fn whole(hours: i64) -> f64 {
    hours as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Monday at midnight, UTC.
    const MONDAY: i64 = 4 * 24 + 52 * WEEK;

    fn hour(hour: i64, mbps: f64) -> HourSummary {
        HourSummary::of(hour, &[Throughput::from_mbps(mbps); 20])
    }

    #[test]
    fn the_same_hour_of_the_week_speaks_most() {
        let past: Vec<_> = (0..2)
            .flat_map(|week| {
                let start = MONDAY + week * WEEK;
                [hour(start + 8, 0.5), hour(start + 20, 8.0), hour(start + 5 * 24 + 8, 4.0)]
            })
            .collect();
        let at = |h: i64| forecast(&past, MONDAY + 2 * WEEK + h).unwrap().median.mbps();
        assert!((0.49..0.7).contains(&at(8)), "{}", at(8));
        assert!((6.0..8.1).contains(&at(20)), "{}", at(20));
        assert!((0.49..1.0).contains(&at(24 + 8)), "Tuesday as Monday: {}", at(24 + 8));
        assert!((3.0..4.1).contains(&at(5 * 24 + 8)), "{}", at(5 * 24 + 8));
        assert!((2.5..4.6).contains(&at(6 * 24 + 8)), "Sunday as Saturday: {}", at(6 * 24 + 8));
    }

    #[test]
    fn what_is_just_past_counts_more_than_it_will() {
        let memory: Vec<_> = (1..3).map(|week| hour(MONDAY + week * WEEK + 8, 8.0)).collect();
        let now = MONDAY + 3 * WEEK + 8;
        let mut past = memory.clone();
        past.push(hour(now, 0.5));
        let soon = forecast(&past, now).unwrap().median.mbps();
        let next_week = forecast(&past, now + WEEK).unwrap().median.mbps();
        assert!(soon < 0.85 * next_week && next_week < 8.0, "{soon} {next_week}");
    }

    #[test]
    fn what_lies_apart_and_what_is_little_is_not_sure() {
        let steady = [hour(MONDAY + 8, 1.0), hour(MONDAY + 32, 1.0)];
        let torn = [hour(MONDAY + 8, 0.25), hour(MONDAY + 32, 4.0)];
        let once = [hour(MONDAY + 8, 1.0)];
        let at = |past: &[HourSummary]| forecast(past, MONDAY + 56).unwrap();
        assert!(at(&torn).spread_octaves > at(&steady).spread_octaves);
        assert!(at(&torn).confidence < at(&steady).confidence);
        assert!(at(&once).confidence < at(&steady).confidence);
        assert!(at(&torn).low() < at(&torn).median);
        assert_eq!(forecast(&[], 0), None);
        let elsewhere = [HourSummary { likeness: 0.0, ..hour(MONDAY, 1.0) }];
        assert_eq!(forecast(&elsewhere, MONDAY), None);
        assert_eq!(forecast(&[hour(MONDAY + 9, 1.0)], MONDAY + 8), None, "the future is unknown");
    }

    #[test]
    fn the_week_is_a_circle_that_began_on_a_thursday() {
        assert!(!is_weekend(0) && !is_weekend(47) && is_weekend(48) && is_weekend(95));
        assert!(!is_weekend(96) && !is_weekend(-1));
        assert_eq!((around(167, WEEK), around(-1, 24), around(84, WEEK)), (1, 1, 84));
    }
}
