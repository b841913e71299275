//! The figures as JSON, for programs.

use super::{Figures, compare};
use serde_json::{Map, Value, json};

use crate::campaign::{Campaign, Played};
use crate::optimum::Holding;

/// `{"config", "algorithms", "optimum", "comparisons"}`.
#[must_use]
pub fn object(campaign: &Campaign, played: &[Played], optimum: Option<&Played>) -> Value {
    let algorithms: Vec<Value> = played.iter().map(algorithm).collect();
    json!({
        "config": config(campaign),
        "algorithms": algorithms,
        "optimum": optimum.map(algorithm),
        "comparisons": comparisons(played),
    })
}

fn comparisons(played: &[Played]) -> Vec<Value> {
    let ours = played.iter().find(|one| one.is_ours);
    let against = |peer: &Played| {
        let found = compare(&ours?.rows, &peer.rows)?;
        Some(json!({
            "peer": peer.name,
            "difference": found.difference,
            "low": found.interval.0,
            "high": found.interval.1,
            "p": found.p,
        }))
    };
    played.iter().filter(|one| !one.is_ours).filter_map(against).collect()
}

fn config(campaign: &Campaign) -> Value {
    let setup = &campaign.setup;
    json!({
        "scale": campaign.scale.as_str(),
        "cap_s": setup.cap_us().map(|us| us / 1_000_000),
        "metric": campaign.metric.name,
        "segment_ms": setup.segment_us() / 1000,
        "segments": setup.segments(),
        "resume": format!("{:?}", campaign.conditions.resume).to_lowercase(),
        "prior": if campaign.learned { "learned" } else { "none" },
        "optimum": match campaign.holding {
            Holding::Free => "free",
            Holding::None => "prompt",
        },
        "seeks": campaign.habits.seeks,
        "skips": campaign.habits.skips,
        "seed": campaign.habits.seed,
        "traces": campaign.traces.len(),
    })
}

fn algorithm(played: &Played) -> Value {
    let summary = &played.summary;
    let families: Map<String, Value> = summary
        .families
        .iter()
        .map(|(family, of_family)| (family.clone(), figures(of_family)))
        .collect();
    json!({
        "name": played.name,
        "overall": figures(&summary.overall),
        "overall_synthetic": summary.overall_synthetic.as_ref().map(figures),
        "families": families,
    })
}

fn figures(figures: &Figures) -> Value {
    json!({
        "qoe": figures.qoe,
        "share_of_optimum": figures.share_of_optimum,
        "mean_kbps": figures.mean_kbps,
        "stalls": figures.stalls,
        "stall_s": figures.stall_s,
        "switches": figures.switches,
        "startup_p50_s": figures.startup_p50_s,
        "startup_p95_s": figures.startup_p95_s,
        "wasted_share": figures.wasted_share,
    })
}
