//! The figures as tables of text.

use super::{Beside, Figures, Lead, compare, leads};

use crate::campaign::{Campaign, Played, Reached};
use crate::optima::Reference;
use crate::setup::Setup;

const HEADING: &str = "algorithm         QoE   % of opt  % of free    kbps  stalls  stall s  switches  \
                       start p50   p95  wasted";

/// Every line of the answer.
#[must_use]
pub fn lines(campaign: &Campaign, played: &[Played], optima: &[Reached]) -> Vec<String> {
    let mut lines = vec![heading(campaign)];
    let reached = optima.iter().map(|reached| &reached.played);
    lines.extend(figures(&reached.chain(played).collect::<Vec<_>>()));
    lines.extend(bounds(optima));
    lines.extend(silences(played, optima));
    lines.extend(comparisons(played));
    lines
}

/// How close each optimum's bounds are.
fn bounds(optima: &[Reached]) -> Vec<String> {
    let line = |reached: &Reached| {
        let closeness = &reached.closeness;
        let buffer = match reached.reference {
            Reference::Prompt => "30 s, sounds with the first segment",
            Reference::Free => "30 s, may hold",
            Reference::Unlimited => "any buffer, replaces",
        };
        format!(
            "{:<14} {buffer:<36} between {:.5} and {:.5}, gap {:.3} %, widest on a trace {:.4}",
            reached.played.name,
            closeness.lower,
            closeness.upper,
            100.0 * closeness.gap(),
            closeness.widest
        )
    };
    let heading = [String::new(), "bounds of the optima, recorded families".to_owned()];
    let heading = heading.into_iter().filter(|_| !optima.is_empty());
    heading.chain(optima.iter().map(line)).collect()
}

/// Start and stalls beside those of the prompt optimum.
fn silences(played: &[Played], optima: &[Reached]) -> Vec<String> {
    let Some(optimum) = optima.iter().find(|one| one.reference == Reference::Prompt) else {
        return Vec::new();
    };
    let mut lines = vec![
        String::new(),
        "start-up (s more) and stalls (times as many) beside the optimum, recorded families"
            .to_owned(),
        "algorithm       start p50      p95  stall s   stalls".to_owned(),
    ];
    let ratio = |ratio: Option<f64>| ratio.map_or_else(|| "n/a".to_owned(), |x| format!("{x:.2}"));
    lines.extend(played.iter().map(|one| {
        let beside = Beside::of(&one.summary.overall, &optimum.played.summary.overall);
        format!(
            "{:<14} {:>+10.2} {:>+8.2} {:>8} {:>8}",
            one.name,
            beside.startup_p50_s,
            beside.startup_p95_s,
            ratio(beside.stall_s_ratio),
            ratio(beside.stalls_ratio)
        )
    }));
    lines
}

/// Every family, and all of them.
fn figures(played: &[&Played]) -> Vec<String> {
    let mut lines = Vec::new();
    for family in families(played) {
        lines.push(String::new());
        lines.push(family.clone());
        lines.push(HEADING.to_owned());
        for one in played {
            if let Some(figures) = one.summary.families.get(&family) {
                lines.push(line(one.name, figures));
            }
        }
    }
    lines.push(String::new());
    lines.push("overall: mean over the families of recorded traces".to_owned());
    lines.push(HEADING.to_owned());
    lines.extend(played.iter().map(|one| line(one.name, &one.summary.overall)));
    let synthetic = played
        .iter()
        .filter_map(|one| Some(line(one.name, one.summary.overall_synthetic.as_ref()?)));
    let synthetic: Vec<String> = synthetic.collect();
    if !synthetic.is_empty() {
        lines.push(String::new());
        lines.push("overall, generated traces".to_owned());
        lines.push(HEADING.to_owned());
        lines.extend(synthetic);
    }
    lines
}

/// Ours against each peer, and where a peer leads.
fn comparisons(played: &[Played]) -> Vec<String> {
    let Some(ours) = played.iter().find(|one| one.is_ours) else { return Vec::new() };
    let peers = || played.iter().filter(|one| !one.is_ours);
    let mut lines = vec![String::new(), "quicksync less each peer, recorded families".to_owned()];
    for peer in peers() {
        let name = peer.name;
        let Some(found) = compare(&ours.rows, &peer.rows) else { continue };
        let (low, high) = found.interval;
        lines.push(format!(
            "{name:<14} {:>+8.4}   95 % between {low:>+8.4} and {high:>+8.4}   p {:.4}",
            found.difference, found.p
        ));
    }
    let heading = "families in which a peer leads by more than 0.5 %";
    lines.extend([String::new(), heading.to_owned()]);
    let before = lines.len();
    for peer in peers() {
        let found = leads(&ours.rows, &peer.rows);
        lines.extend(found.iter().map(|found| lead(peer.name, found)));
    }
    if lines.len() == before {
        lines.push("none".to_owned());
    }
    lines
}

fn lead(peer: &str, lead: &Lead) -> String {
    let gains = &lead.gains;
    format!(
        "{:<18} {peer:<12} {:.4} against {:.4}: quality {:+.4}, switches {:+.4}, stalls {:+.4}, \
         start {:+.4}",
        lead.family,
        lead.theirs,
        lead.ours,
        gains.heard,
        gains.switches,
        gains.stalls,
        gains.startup
    )
}

fn heading(campaign: &Campaign) -> String {
    let setup = &campaign.setup;
    let cap =
        setup.cap_us().map_or_else(|| "no cap".to_owned(), |us| format!("{} s", us / 1_000_000));
    let ladder: Vec<String> =
        (0..setup.rungs()).map(|rung| Setup::kbps(rung).to_string()).collect();
    format!(
        "{} traces, {}; {} segments of {} ms at {} kbps, buffer {cap}; metric {}",
        campaign.traces.len(),
        campaign.scale.as_str(),
        setup.segments(),
        setup.segment_us() / 1000,
        ladder.join(", "),
        campaign.metric.name,
    )
}

/// Every family that was played.
fn families(played: &[&Played]) -> Vec<String> {
    played.first().map(|one| one.summary.families.keys().cloned().collect()).unwrap_or_default()
}

fn line(name: &str, figures: &Figures) -> String {
    let percent = |share: Option<f64>| {
        share.map_or_else(|| "n/a".to_owned(), |share| format!("{:.2}", 100.0 * share))
    };
    let share = percent(figures.share_of_optimum);
    let of_free = percent(figures.share_of_free_optimum);
    format!(
        "{name:<14} {:>6.4} {share:>10} {of_free:>10} {:>7.1} {:>7.2} {:>8.2} {:>9.2} {:>10.2} {:>5.1} {:>5.2} %",
        figures.qoe,
        figures.mean_kbps,
        figures.stalls,
        figures.stall_s,
        figures.switches,
        figures.startup_p50_s,
        figures.startup_p95_s,
        100.0 * figures.wasted_share,
    )
}
