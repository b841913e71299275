//! Two weeks of a listener's days, made from a seed: four held-out days are forecast hour by hour,
//! and compared with the last value and with the mean of all.

use quicksync_model::Throughput;
use quicksync_sense::{HourSummary, forecast};

/// A Monday at midnight, UTC.
const MONDAY: i64 = 4 * 24 + 2600 * 168;
/// Hours of a working day with cellular listening, and what they carry, Mbps: a way to work with a
/// dead zone, a lunch break, a way home with another.
const WORKING_DAY: [(i64, f64); 6] =
    [(7, 3.0), (8, 0.15), (9, 2.0), (12, 6.0), (17, 1.0), (18, 0.2)];
/// The same of a weekend.
const WEEKEND: [(i64, f64); 3] = [(11, 5.0), (15, 4.0), (22, 8.0)];
const DAYS: i64 = 14;
const HELD_OUT_FROM: i64 = 10;
/// How far a day is from its plan, and a transfer from its hour, octaves (standard deviations).
const DAY_SPREAD: f64 = 0.5;
const TRANSFER_SPREAD: f64 = 0.7;

/// SplitMix64 (Steele, Lea and Flood 2014), as sums of twelve: nearly normal.
struct Noise(u64);

impl Noise {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f64::from(u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or_default()) / f64::from(u32::MAX)
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

fn commute(seed: u64) -> Vec<HourSummary> {
    let mut noise = Noise(seed);
    let mut hours = Vec::new();
    for day in 0..DAYS {
        let plan: &[(i64, f64)] = if day % 7 < 5 { &WORKING_DAY } else { &WEEKEND };
        for (hour, mbps) in plan {
            let of_day = mbps * (DAY_SPREAD * noise.normal()).exp2();
            let transfers: Vec<_> = (0..40)
                .map(|_| of_day * (TRANSFER_SPREAD * noise.normal()).exp2())
                .map(Throughput::from_mbps)
                .collect();
            hours.push(HourSummary::of(MONDAY + day * 24 + hour, &transfers));
        }
    }
    hours
}

fn log2(hour: &HourSummary) -> f64 {
    hour.sum_log2 / f64::from(hour.samples)
}

/// Mean absolute errors over the held-out days, octaves: forecast, last value, mean; and the share
/// of hours that came out above the forecast's low.
fn errors(hours: &[HourSummary]) -> ([f64; 3], f64) {
    let (mut sums, mut count, mut above) = ([0.0; 3], 0.0, 0.0);
    for (index, truth) in hours.iter().enumerate() {
        if truth.hour < MONDAY + HELD_OUT_FROM * 24 {
            continue;
        }
        let past = &hours[..index];
        let forecast = forecast(past, truth.hour).expect("there is a past");
        let last = past.last().map(log2).expect("there is a past");
        let known = f64::from(u32::try_from(past.len()).expect("few"));
        let mean = past.iter().map(log2).sum::<f64>() / known;
        for (sum, guess) in sums.iter_mut().zip([forecast.median.bps().log2(), last, mean]) {
            *sum += (guess - log2(truth)).abs();
        }
        above += f64::from(u8::from(log2(truth) > forecast.low().bps().log2()));
        count += 1.0;
    }
    (sums.map(|sum| sum / count), above / count)
}

#[test]
fn held_out_days_are_forecast_better_than_by_last_value_or_mean() {
    let (mut total, mut above, rounds) = ([0.0; 3], 0.0, 20);
    for seed in 0..rounds {
        let (of_seed, above_low) = errors(&commute(seed));
        for (sum, error) in total.iter_mut().zip(of_seed) {
            *sum += error;
        }
        above += above_low;
    }
    let rounds = f64::from(u32::try_from(rounds).expect("few"));
    let [forecast, last, mean] = total.map(|sum| sum / rounds);
    let figures = format!("forecast {forecast:.2}, last value {last:.2}, mean {mean:.2} octaves");
    assert!(forecast < 0.6 * mean && forecast < 0.6 * last, "{figures}");
    // What varies from day to day cannot be known.
    assert!(forecast > 0.3, "too good to be honest: {figures}");
    assert!((0.85..=1.0).contains(&(above / rounds)), "low is exceeded in {:.2}", above / rounds);
}
