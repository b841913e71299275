//! Plays a folder of traces with some algorithms and prints the table: what `quicksync simulate`
//! does, built in seconds while a controller is being tuned.
//!
//! `cargo run --release -p quicksync-sim --example compare -- DIR [SCALE [CAP_S|none [NAMES [OPTIMA_FILE|- [RUNGS]]]]]`

#![expect(clippy::print_stdout, reason = "a program, not a library")]

use std::error::Error;
use std::path::Path;

use quicksync_sim::algorithm::{ALGORITHMS, Algorithm, Conditions};
use quicksync_sim::report::{json, picture, table};
use quicksync_sim::{
    Campaign, Habits, Metric, Optima, RUNGS, Reference, SEGMENT_US, SEGMENTS, Scale, Setup,
    quality, read_folder,
};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let arg = |index: usize, otherwise: &str| {
        args.get(index).cloned().unwrap_or_else(|| otherwise.to_owned())
    };
    let cap_us = match arg(2, "30").as_str() {
        "none" => None,
        seconds => Some(seconds.parse::<u64>()? * 1_000_000),
    };
    let scale = Scale::named(&arg(1, "native")).ok_or("no such scale")?;
    let algorithms: Option<Vec<Algorithm>> = match arg(3, "all").as_str() {
        "all" => Some(ALGORITHMS.to_vec()),
        names => names.split(',').map(Algorithm::named).collect(),
    };
    let rungs = args.get(5).map_or(Ok(RUNGS), |rungs| rungs.parse::<usize>())?;
    let threads = std::thread::available_parallelism()?.get();
    let mut campaign = Campaign {
        setup: Setup::up_to(quality(rungs.saturating_sub(1)), SEGMENT_US, SEGMENTS, cap_us)?,
        scale,
        metric: Metric::m1(),
        algorithms: algorithms.ok_or("no such algorithm")?,
        conditions: Conditions::default(),
        traces: read_folder(Path::new(&arg(0, ".")), scale)?,
        habits: Habits::default(),
        learned: std::env::var_os("LEARNED").is_some(),
        references: Reference::ALL.to_vec(),
        optima: Optima::default(),
    };
    if let Some(file) = args.get(4).filter(|file| *file != "-") {
        let known = std::fs::read_to_string(file).unwrap_or_default();
        campaign.optima = Optima::read(&known);
        campaign.find_optima(threads);
        std::fs::write(file, campaign.optima.write())?;
    }
    if let Ok(file) = std::env::var("PLOT") {
        let (playback, notes) = campaign.watch(campaign.algorithms[0], 0)?;
        let (setup, link) = (&campaign.setup, &campaign.traces[0].trace);
        let title = campaign.traces[0].name.as_str();
        let (playback, notes) = (&playback, notes.as_slice());
        std::fs::write(file, picture::svg(picture::Scene { title, setup, link, playback, notes }))?;
    }
    let played = campaign.play(threads)?;
    if let Ok(file) = std::env::var("JSON") {
        let object = json::object(&campaign, &played, &campaign.optima());
        std::fs::write(file, object.to_string())?;
    }
    for line in table::lines(&campaign, &played, &campaign.optima()) {
        println!("{line}");
    }
    Ok(())
}
