//! The figures as tables of text.

use super::Figures;

use crate::campaign::{Campaign, Played};

const HEADING: &str =
    "algorithm         QoE   % of opt    kbps  stalls  stall s  switches  start p50   p95  wasted";

/// Every line of the answer.
#[must_use]
pub fn lines(campaign: &Campaign, played: &[Played]) -> Vec<String> {
    let mut lines = vec![heading(campaign)];
    for family in families(played) {
        lines.push(String::new());
        lines.push(family.clone());
        lines.push(HEADING.to_owned());
        for one in played {
            if let Some(figures) = one.summary.families.get(&family) {
                lines.push(line(one.algorithm.name, figures));
            }
        }
    }
    lines.push(String::new());
    lines.push("overall: mean over the families of recorded traces".to_owned());
    lines.push(HEADING.to_owned());
    lines.extend(played.iter().map(|one| line(one.algorithm.name, &one.summary.overall)));
    let synthetic = played
        .iter()
        .filter_map(|one| Some(line(one.algorithm.name, one.summary.overall_synthetic.as_ref()?)));
    let synthetic: Vec<String> = synthetic.collect();
    if !synthetic.is_empty() {
        lines.push(String::new());
        lines.push("overall, generated traces".to_owned());
        lines.push(HEADING.to_owned());
        lines.extend(synthetic);
    }
    lines
}

fn heading(campaign: &Campaign) -> String {
    let setup = &campaign.setup;
    let cap =
        setup.cap_us().map_or_else(|| "no cap".to_owned(), |us| format!("{} s", us / 1_000_000));
    format!(
        "{} traces, {}; {} segments of {} ms, buffer {cap}; metric {}",
        campaign.traces.len(),
        campaign.scale.as_str(),
        setup.segments(),
        setup.segment_us() / 1000,
        campaign.metric.name,
    )
}

/// Every family that was played.
fn families(played: &[Played]) -> Vec<String> {
    played.first().map(|one| one.summary.families.keys().cloned().collect()).unwrap_or_default()
}

fn line(name: &str, figures: &Figures) -> String {
    let share = figures
        .share_of_optimum
        .map_or_else(|| "n/a".to_owned(), |share| format!("{:.2}", 100.0 * share));
    format!(
        "{name:<14} {:>6.4} {share:>10} {:>7.1} {:>7.2} {:>8.2} {:>9.2} {:>10.2} {:>5.1} {:>5.2} %",
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
