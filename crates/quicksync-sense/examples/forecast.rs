//! How well trips over recorded networks are forecast: `forecast DIR`, with a folder of traces
//! (`duration_ms,bandwidth_kbps,latency_ms` a line) for each route in DIR. The trips of a route are
//! taken as working days at one hour; from the third on each is forecast from those before it.
//! Prints mean absolute errors in octaves beside the last value and the mean of all routes.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a command for the shell")]

use std::fs;
use std::path::{Path, PathBuf};

use quicksync_model::Throughput;
use quicksync_sense::{HourSummary, forecast};

fn main() {
    let root = std::env::args().nth(1).expect("name a folder of routes");
    let mut routes = sorted(Path::new(&root));
    routes.retain(|route| route.is_dir());
    let mut trips: Vec<(i64, HourSummary)> = Vec::new();
    for (route, folder) in (0..).zip(&routes) {
        for (day, file) in (0..).zip(sorted(folder)) {
            // Each route has an hour of the day, each trip a working day.
            let (hour, day) = (6 + route, day / 5 * 7 + day % 5);
            let at = 96 + 2600 * 168 + day * 24 + hour;
            trips.push((route, HourSummary::of(at, &rates(&file))));
        }
    }
    trips.sort_by_key(|(_, trip)| trip.hour);
    for (route, folder) in (0..).zip(&routes) {
        report(&folder.file_name().unwrap_or_default().to_string_lossy(), &trips, Some(route));
    }
    report("all", &trips, None);
}

fn report(name: &str, trips: &[(i64, HourSummary)], only: Option<i64>) {
    let (mut sums, mut count) = ([0.0; 3], 0.0);
    for (index, (route, truth)) in trips.iter().enumerate() {
        let before = trips[..index].iter().filter(|(other, _)| other == route).count();
        if before < 2 || only.is_some_and(|only| only != *route) {
            continue;
        }
        let past: Vec<HourSummary> = trips[..index].iter().map(|(_, trip)| *trip).collect();
        let (Some(guess), Some(last)) = (forecast(&past, truth.hour), past.last()) else {
            continue;
        };
        let known = f64::from(u32::try_from(past.len()).unwrap_or(u32::MAX));
        let mean = past.iter().map(log2).sum::<f64>() / known;
        for (sum, guess) in sums.iter_mut().zip([guess.median.bps().log2(), log2(last), mean]) {
            *sum += (guess - log2(truth)).abs();
        }
        count += 1.0;
    }
    if count > 0.0 {
        let [forecast, last, mean] = sums.map(|sum| sum / count);
        println!("{name}: {count} trips, forecast {forecast:.2}, last {last:.2}, mean {mean:.2}");
    }
}

fn log2(trip: &HourSummary) -> f64 {
    trip.sum_log2 / f64::from(trip.samples.max(1))
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()));
    let mut paths: Vec<PathBuf> = entries.map(Iterator::collect).unwrap_or_default();
    paths.sort();
    paths
}

/// A transfer every four seconds at the trace's mean rate then; an outage is 1 kbps.
fn rates(file: &Path) -> Vec<Throughput> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let rows: Vec<(f64, f64)> = text
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(',').map(str::parse::<f64>);
            Some((fields.next()?.ok()?, fields.next()?.ok()?))
        })
        .collect();
    let (mut rates, mut bits, mut ms) = (Vec::new(), 0.0, 0.0);
    for (duration_ms, kbps) in rows {
        bits += duration_ms * kbps;
        ms += duration_ms;
        if ms >= 4000.0 {
            rates.push(Throughput::from_bps((bits / ms).max(1.0) * 1e3));
            (bits, ms) = (0.0, 0.0);
        }
    }
    rates
}
