//! Four minutes of music in a real browser over recorded networks: our player beside hls.js, Shaka
//! and dash.js, each as it ships, on the same server; what was heard is judged.
//!
//! Decides what is shown of it. Never: how it is played or judged; `web/e2e/bench.mjs` does both, and
//! prints every figure of every player.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::house::{self, Place};
use super::{Beside, Figure};
use crate::steps::{cargo, root, run};
use crate::web;

const OURS: &str = "quicksync";
/// The names of the figures, by the family that the trace is of.
const NAMES: [(&str, &str, &str, &str); 3] = [
    ("hsdpa_tram", "tram: quality of experience", "  startup", "  bytes"),
    ("hsdpa_train", "train: quality of experience", "  startup", "  bytes"),
    ("synthetic_tunnel", "tunnels: quality of experience", "  startup", "  bytes"),
];
const PEERS: [&str; 3] = ["hls.js", "shaka", "dash.js"];

/// Builds what is measured, for release, and plays over the traces in `folder`.
pub(crate) fn measure(folder: &Path) -> Result<Vec<Figure>> {
    let program = house::program()?;
    run(&mut cargo(&["build", "--locked", "--release", "-p", "quicksync-relay"]))?;
    web::other_players()?;
    let place = Place::new()?;
    let found = place.path().join("browser.json");
    let mut node = Command::new("node");
    node.arg(root().join("web/e2e/bench.mjs")).arg("--quicksync").arg(&program);
    node.arg("--relay").arg(program.with_file_name("quicksync-relay"));
    run(node.arg("--traces").arg(folder).arg("--json").arg(&found))?;
    let results: Vec<Value> = serde_json::from_str(&fs::read_to_string(&found)?)?;
    results
        .iter()
        .map(|result| figures(result).context("the browser left a figure out"))
        .collect::<Result<Vec<_>>>()
        .map(|traces| traces.into_iter().flatten().collect())
}

/// Ours beside whoever of the others did best on this trace.
fn figures(result: &Value) -> Option<Vec<Figure>> {
    let trace = result["trace"].as_str()?;
    let (_, quality, startup, bytes) =
        NAMES.iter().find(|(family, ..)| trace.starts_with(family))?;
    let engines = result["engines"].as_array()?;
    let of = |engine: &str| engines.iter().find(|one| one["engine"] == engine);
    let number = |one: &Value, key: &str| one[key].as_f64();
    let ours = of(OURS)?;
    let rated = |name: &&'static str| Some((*name, number(of(name)?, "qoe")?));
    let (best, qoe) = PEERS.iter().filter_map(rated).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let peer = |key: &str| Some(Beside::Peer(best, number(of(best)?, key)?));
    let figure = |name, key: &str, unit, beside| {
        Some(Figure { name, value: number(ours, key)?, unit, beside })
    };
    Some(vec![
        figure(quality, "qoe", "", Beside::AtLeast(1.0, best, qoe))?,
        figure(startup, "startupS", "s", peer("startupS")?)?,
        figure(bytes, "megabytes", "MB", peer("megabytes")?)?,
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_best_of_the_others_stands_beside_ours() {
        let engine = |engine, qoe| json!({ "engine": engine, "qoe": qoe, "startupS": 1.0, "megabytes": 5.0 });
        let engines = [(OURS, 0.9), ("hls.js", 0.5), ("shaka", 0.8), ("dash.js", -0.1)];
        let engines: Vec<_> = engines.map(|(name, qoe)| engine(name, qoe)).into();
        let result = json!({ "trace": "hsdpa_train/1", "engines": engines });
        let found = figures(&result).unwrap();
        assert_eq!(found[0].beside, Beside::AtLeast(1.0, "shaka", 0.8));
        assert!(!found[0].is_missed());
        assert_eq!(figures(&json!({ "trace": "elsewhere/1", "engines": engines })), None);
    }
}
