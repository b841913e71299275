//! Two weeks of a listener's days, made from a seed: four held-out days are forecast hour by hour,
//! and compared with the last value and with the mean of all.

use quicksync_model::Throughput;
use quicksync_sense::{HourSummary, forecast};

use crate::fortnight::{DAY_SPREAD, Noise, is_held_out, planned};

/// How far a transfer is from its hour, octaves (standard deviation).
const TRANSFER_SPREAD: f64 = 0.7;

fn commute(seed: u64) -> Vec<HourSummary> {
    let mut noise = Noise(seed);
    let made = planned().map(|(hour, mbps)| {
        let of_day = mbps * (DAY_SPREAD * noise.normal()).exp2();
        let transfers: Vec<_> = (0..40)
            .map(|_| of_day * (TRANSFER_SPREAD * noise.normal()).exp2())
            .map(Throughput::from_mbps)
            .collect();
        HourSummary::of(hour, &transfers)
    });
    made.collect()
}

fn log2(hour: &HourSummary) -> f64 {
    hour.sum_log2 / f64::from(hour.samples)
}

/// Mean absolute errors over the held-out days, octaves: forecast, last value, mean; and the share
/// of hours that came out above the forecast's low.
fn errors(hours: &[HourSummary]) -> ([f64; 3], f64) {
    let (mut sums, mut count, mut above) = ([0.0; 3], 0.0, 0.0);
    for (index, truth) in hours.iter().enumerate() {
        if !is_held_out(truth.hour) {
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
