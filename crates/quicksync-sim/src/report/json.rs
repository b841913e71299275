//! The figures as JSON, for programs.

use super::{Beside, Figures, compare, leads};
use serde_json::{Map, Value, json};

use crate::campaign::{Campaign, Played, Reached};
use crate::optima::Reference;
use crate::setup::Setup;

/// `{"config", "algorithms", "optima", "beside_optimum", "comparisons", "leads"}`.
#[must_use]
pub fn object(campaign: &Campaign, played: &[Played], optima: &[Reached]) -> Value {
    let algorithms: Vec<Value> = played.iter().map(algorithm).collect();
    let optimum = optima.iter().find(|one| one.reference == Reference::Prompt);
    let beside = optimum.map_or_else(Vec::new, |optimum| {
        played.iter().map(|one| beside(one, &optimum.played)).collect()
    });
    json!({
        "config": config(campaign),
        "algorithms": algorithms,
        "optima": optima.iter().map(reached).collect::<Vec<_>>(),
        "beside_optimum": beside,
        "comparisons": comparisons(played),
        "leads": all_leads(played),
    })
}

fn reached(reached: &Reached) -> Value {
    let closeness = &reached.closeness;
    let mut object = algorithm(&reached.played);
    object["name"] = json!(reached.reference.as_str());
    object["bounds"] = json!({
        "lower": closeness.lower,
        "upper": closeness.upper,
        "gap": closeness.gap(),
        "widest": closeness.widest,
    });
    object
}

/// Start and stalls beside those of the prompt optimum.
fn beside(played: &Played, optimum: &Played) -> Value {
    let beside = Beside::of(&played.summary.overall, &optimum.summary.overall);
    json!({
        "name": played.name,
        "startup_p50_more_s": beside.startup_p50_s,
        "startup_p95_more_s": beside.startup_p95_s,
        "stall_s_ratio": beside.stall_s_ratio,
        "stalls_ratio": beside.stalls_ratio,
    })
}

/// The families in which a peer leads, with what its lead consists of.
fn all_leads(played: &[Played]) -> Vec<Value> {
    let ours = played.iter().find(|one| one.is_ours);
    let of_peer = |peer: &Played| {
        let found = ours.map_or_else(Vec::new, |ours| leads(&ours.rows, &peer.rows));
        let name = peer.name;
        found.into_iter().map(move |lead| {
            json!({
                "family": lead.family,
                "peer": name,
                "ours": lead.ours,
                "theirs": lead.theirs,
                "quality": lead.gains.heard,
                "switches": lead.gains.switches,
                "stalls": lead.gains.stalls,
                "startup": lead.gains.startup,
            })
        })
    };
    played.iter().filter(|one| !one.is_ours).flat_map(of_peer).collect()
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
        "ladder_kbps": (0..setup.rungs()).map(Setup::kbps).collect::<Vec<_>>(),
        "resume": format!("{:?}", campaign.conditions.resume).to_lowercase(),
        "prior": if campaign.learned { "learned" } else { "none" },
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
        "share_of_free_optimum": figures.share_of_free_optimum,
        "mean_kbps": figures.mean_kbps,
        "stalls": figures.stalls,
        "stall_s": figures.stall_s,
        "switches": figures.switches,
        "startup_p50_s": figures.startup_p50_s,
        "startup_p95_s": figures.startup_p95_s,
        "wasted_share": figures.wasted_share,
    })
}
