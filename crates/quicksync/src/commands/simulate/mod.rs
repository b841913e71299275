//! `simulate`: plays network traces with the decision core and with other players' rules.
//!
//! Reads arguments and files, writes files and tables; what is played and added up is the
//! simulator's.

use std::path::Path;

use anyhow::{Context as _, Result};
use quicksync_sim::algorithm::{ALGORITHMS, Algorithm, Conditions};
use quicksync_sim::peers::ResumeRule;
use quicksync_sim::report::{json, picture, plans, table};
use quicksync_sim::{
    Campaign, Habits, Metric, Optima, Reference, Scale, Setup, read_folder, top_of,
};

use crate::cli::SimulateArgs;
use crate::failure::Refusal;
use crate::output::say;

/// `quicksync simulate`.
pub(crate) fn run(args: &SimulateArgs) -> Result<()> {
    let mut campaign = campaign(args)?;
    let all = || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let threads = args.threads.unwrap_or_else(all);
    find_optima(args, &mut campaign, threads)?;
    let played = campaign.play(threads)?;
    let optima = campaign.optima();
    for line in table::lines(&campaign, &played, &optima) {
        say(&line);
    }
    if let Some(path) = &args.json {
        write(path, &format!("{:#}\n", json::object(&campaign, &played, &optima)))?;
    }
    if let Some(path) = &args.plans {
        write(path, &plans::csv(&campaign, &played))?;
    }
    if let Some(path) = &args.plot {
        write(path, &picture_of(&campaign)?)?;
    }
    Ok(())
}

/// The first trace with the first algorithm, as a picture.
fn picture_of(campaign: &Campaign) -> Result<String> {
    let (Some(algorithm), Some(named)) = (campaign.algorithms.first(), campaign.traces.first())
    else {
        return Err(Refusal::Usage("nothing to draw".to_owned()).into());
    };
    let (playback, notes) = campaign.watch(*algorithm, 0)?;
    let title = format!("{}/{} with {}", named.family, named.name, algorithm.name);
    Ok(picture::svg(picture::Scene {
        title: &title,
        setup: &campaign.setup,
        link: &named.trace,
        playback: &playback,
        notes: &notes,
    }))
}

/// Finds the optima of every trace, but for those that a file knows already.
fn find_optima(args: &SimulateArgs, campaign: &mut Campaign, threads: usize) -> Result<()> {
    if campaign.references.is_empty() || !campaign.habits.are_patient() {
        return Ok(());
    }
    if let Some(path) = args.optima.as_ref().filter(|path| path.exists()) {
        let known = std::fs::read_to_string(path);
        campaign.optima =
            Optima::read(&known.with_context(|| format!("reading {}", path.display()))?);
    }
    let found = campaign.find_optima(threads);
    match &args.optima {
        Some(path) if found > 0 => write(path, &campaign.optima.write()),
        _ => Ok(()),
    }
}

fn campaign(args: &SimulateArgs) -> Result<Campaign> {
    let usage = |sentence: String| Refusal::Usage(sentence);
    let cap_us = match args.cap.as_str() {
        "none" => None,
        seconds => Some(micros(seconds).ok_or_else(|| usage(format!("no such cap: {seconds}")))?),
    };
    let no_ladder = || {
        let rates: Vec<String> = args.ladder.iter().map(ToString::to_string).collect();
        usage(format!("no source has the ladder {}: see docs/ref/cli.md", rates.join(",")))
    };
    let top = top_of(&args.ladder).ok_or_else(no_ladder)?;
    let setup = Setup::up_to(top, args.segment_ms.saturating_mul(1000), args.segments, cap_us)
        .map_err(|error| usage(error.to_string()))?;
    let scale = Scale::named(&args.scale).ok_or_else(|| usage("no such scale".to_owned()))?;
    let metric = Metric::named(&args.metric).ok_or_else(|| usage("no such metric".to_owned()))?;
    let algorithms = if args.algorithms.is_empty() {
        ALGORITHMS.to_vec()
    } else {
        let named = |name: &String| {
            Algorithm::named(name.trim()).ok_or_else(|| usage(format!("no such algorithm: {name}")))
        };
        args.algorithms.iter().map(named).collect::<Result<_, _>>()?
    };
    let resume = if args.resume == "ours" { ResumeRule::Ours } else { ResumeRule::Own };
    let conditions = Conditions { resume, ..Conditions::default() };
    let mut traces = read_folder(&args.traces, scale)?;
    if let Some(name) = &args.trace {
        traces.retain(|t| t.name == *name || format!("{}/{}", t.family, t.name) == *name);
    }
    if traces.is_empty() {
        return Err(usage("no trace of that name carries anything".to_owned()).into());
    }
    if !(0.0..=1.0).contains(&args.skips) {
        return Err(usage("skips are a share from 0 to 1".to_owned()).into());
    }
    Ok(Campaign {
        setup,
        scale,
        metric,
        algorithms,
        conditions,
        traces,
        habits: Habits { seeks: args.seeks, skips: args.skips, seed: args.seed },
        learned: args.prior == "learned",
        references: args.optimum.iter().filter_map(|word| Reference::named(word)).collect(),
        optima: Optima::default(),
    })
}

/// Seconds as microseconds; `None` if they are no length of time.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bounded before the cast"
)]
fn micros(seconds: &str) -> Option<u64> {
    let seconds: f64 = seconds.parse().ok()?;
    (seconds > 0.0 && seconds <= 86_400.0).then(|| (seconds * 1e6).round() as u64)
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}
