//! `cargo run --release -p quicksync-sim --example band -- TRACES [SCALE]`: how many transfers of
//! the decision core are as fast as it expected, within the band that should hold four of five.
//!
//! A transfer counts by its rate from the first byte on, beside the band at its request. The first
//! transfer has no band. The figure is the mean over families.
#![expect(clippy::print_stdout, reason = "this program talks to a person")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use quicksync_sim::algorithm::{ALGORITHMS, Conditions};
use quicksync_sim::{
    CAP_US, Campaign, Habits, Metric, Optima, SEGMENT_US, SEGMENTS, Scale, Setup, read_folder,
};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let scale = args.get(1).map_or("native", String::as_str);
    let scale = Scale::named(scale).ok_or("no such scale")?;
    let mut traces = read_folder(Path::new(args.first().ok_or("TRACES [SCALE]")?), scale)?;
    traces.retain(|trace| !trace.is_synthetic());
    let campaign = Campaign {
        setup: Setup::new(SEGMENT_US, SEGMENTS, Some(CAP_US))?,
        scale,
        metric: Metric::m1(),
        algorithms: Vec::new(),
        conditions: Conditions::default(),
        traces,
        habits: Habits::default(),
        learned: false,
        references: Vec::new(),
        optima: Optima::default(),
    };
    let mut families: BTreeMap<&str, [f64; 4]> = BTreeMap::new();
    for (index, named) in campaign.traces.iter().enumerate() {
        let (playback, notes) = campaign.watch(ALGORITHMS[0], index)?;
        let counts = families.entry(named.family.as_str()).or_default();
        for download in playback.downloads {
            // What was believed when the request left: the note of that instant.
            let mut at = notes.iter().filter(|note| note.at_us == download.requested_us);
            let Some(note) = at.find(|note| note.expected_kbps > 0.0) else { continue };
            let sent_us = download.requested_us + named.trace.latency_us(download.requested_us);
            let took_us = download.finished_us.saturating_sub(sent_us).max(1);
            let kbps = f64::from(u32::try_from(download.bytes)?) * 8e3
                / f64::from(u32::try_from(took_us)?);
            let (low, high) = note.band_kbps;
            counts[usize::from(kbps >= low) + usize::from(kbps > high)] += 1.0;
            counts[3] += 1.0;
        }
    }
    let share = |of: usize| {
        let shares = families.values().map(|counts| counts[of] / counts[3].max(1.0));
        100.0 * shares.sum::<f64>() / f64::from(u32::try_from(families.len()).unwrap_or(1))
    };
    println!(
        "{} families: {:.1} % slower than the band, {:.1} % within, {:.1} % faster",
        families.len(),
        share(0),
        share(1),
        share(2)
    );
    Ok(())
}
