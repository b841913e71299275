//! `cargo run --release -p quicksync-sim --example bounds -- TRACES [SCALE [prompt|free|unlimited [EVERY]]]`:
//! how close the bounds of the optimum are, and how long they take to find.
//!
//! A line for each trace as it is found; then means over the families of recorded traces.
#![expect(clippy::print_stdout, reason = "this program talks to a person")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use quicksync_sim::experiment::in_parallel;
use quicksync_sim::optimum::{Holding, Scenario, capped, unlimited};
use quicksync_sim::{CAP_US, Metric, SEGMENT_US, SEGMENTS, Scale, Setup, read_folder};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let arg = |index: usize, usual: &'static str| args.get(index).map_or(usual, String::as_str);
    let scale = Scale::named(arg(1, "native")).ok_or("no such scale")?;
    let kind = arg(2, "prompt");
    let every: usize = arg(3, "1").parse()?;
    let mut traces = read_folder(Path::new(arg(0, ".")), scale)?;
    traces.retain(|trace| !trace.is_synthetic());
    let traces: Vec<_> = traces.into_iter().step_by(every).collect();
    let setup = Setup::new(SEGMENT_US, SEGMENTS, Some(CAP_US))?;
    let holding = if kind == "prompt" { Holding::None } else { Holding::Free };
    let scenario = Scenario { holding, ..Scenario::of(&setup, &Metric::m1()) };
    let found = in_parallel(&traces, std::thread::available_parallelism()?.get(), |named| {
        let begun = Instant::now();
        let bounds = match kind {
            "unlimited" => unlimited(&named.trace, &scenario),
            _ => capped(&named.trace, &scenario, CAP_US),
        }?;
        let (name, took_s) = (&named.name, begun.elapsed().as_secs_f64());
        let gap = bounds.upper - bounds.lower;
        println!("{}/{name} {:.5} gap {gap:.5} {took_s:.1} s", named.family, bounds.lower);
        Some((named.family.clone(), bounds.lower, bounds.upper))
    });
    let mut families: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for (family, lower, upper) in found.into_iter().flatten() {
        families.entry(family).or_default().push((lower, upper));
    }
    let count = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX)).max(1.0);
    let mean = |of: fn(&(f64, f64)) -> f64| {
        let family = |all: &Vec<(f64, f64)>| all.iter().map(of).sum::<f64>() / count(all.len());
        families.values().map(family).sum::<f64>() / count(families.len())
    };
    let (lower, upper) = (mean(|bounds| bounds.0), mean(|bounds| bounds.1));
    let gaps = families.values().flatten().map(|bounds| bounds.1 - bounds.0);
    println!(
        "{kind}, {} traces: lower {lower:.5}, upper {upper:.5}, gap {:.3} %, widest {:.4}",
        traces.len(),
        100.0 * (upper - lower) / upper,
        gaps.fold(0.0, f64::max)
    );
    Ok(())
}
