//! The decision core over network traces, beside every peer and the optimum.
//!
//! Plays the same track at every scale, with 30 s of buffer and with any, by `quicksync simulate`: each
//! family's line has ours, the best peer and the optimum from the same run. Never: what is simulated.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};

use crate::steps::{cargo, root, run};

const SCALES: [&str; 4] = ["native", "s400", "s200", "s100"];
const CAPS: [&str; 2] = ["30", "none"];

/// Plays the traces of a folder and prints a table for each scale and buffer; everything that
/// `quicksync simulate --json` says, by scale and buffer.
pub(crate) fn measure(traces: &Path) -> Result<Value> {
    // From where the command was given, not from where the program runs.
    let traces = std::path::absolute(traces)?;
    let folder = root().join("target/bench-abr");
    fs::create_dir_all(&folder)?;
    let mut all = Map::new();
    for scale in SCALES {
        for cap in CAPS {
            let file = folder.join(format!("{scale}-{cap}.json"));
            let mut simulate =
                cargo(&["run", "--quiet", "--locked", "--release", "-p", "quicksync", "--"]);
            simulate.args(["simulate", "--scale", scale, "--cap", cap, "--traces"]).arg(&traces);
            simulate.arg("--json").arg(&file);
            // The same for both buffers, and for the next time.
            simulate.arg("--optima").arg(folder.join("optima.txt"));
            simulate.stdout(fs::File::create(folder.join(format!("{scale}-{cap}.txt")))?);
            run(&mut simulate)?;
            let text = fs::read_to_string(&file)?;
            let object: Value = serde_json::from_str(&text)?;
            let name = format!("{scale}, buffer {cap}");
            println!("{}\n", table(&name, &object).context("simulate printed something else")?);
            all.insert(name, object);
        }
    }
    println!("every figure: {}", folder.display());
    Ok(Value::Object(all))
}

/// A line for each family and one for all: ours, the best peer, the prompt optimum.
fn table(name: &str, object: &Value) -> Option<String> {
    let algorithms = object["algorithms"].as_array()?;
    let ours = algorithms.iter().find(|one| one["name"] == "quicksync")?;
    let peers = || algorithms.iter().filter(|one| one["name"] != "quicksync");
    let optimum = object["optima"].as_array()?.iter().find(|one| one["name"] == "prompt")?;
    let heading = format!("abr: {name}");
    let mut lines = vec![format!(
        "{heading:<24} {:>9} {:>22} {:>8} {:>9}",
        "ours", "best peer", "ratio", "optimum"
    )];
    let mut line = |family: &str, of: &dyn Fn(&Value) -> Option<f64>| {
        let own = of(ours)?;
        let named = |peer: &Value| Some((of(peer)?, peer["name"].as_str()?.to_owned()));
        let best = peers().filter_map(named).max_by(|a, b| a.0.total_cmp(&b.0))?;
        let peer = format!("{} {:.4}", best.1, best.0);
        let optimum = of(optimum)?;
        lines.push(format!(
            "{family:<24} {own:>9.4} {peer:>22} {:>8.3} {optimum:>9.4}",
            own / best.0
        ));
        Some(())
    };
    for family in ours["families"].as_object()?.keys() {
        line(family, &|one| one["families"][family]["qoe"].as_f64())?;
    }
    line("overall, recorded", &|one| one["overall"]["qoe"].as_f64())?;
    let share = ours["overall"]["share_of_optimum"].as_f64()?;
    lines.push(format!("share of the optimum {:.2} %", 100.0 * share));
    Some(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::table;

    #[test]
    fn every_family_has_its_best_peer() {
        let one = |name: &str, qoe: f64| {
            let figures = json!({"qoe": qoe, "share_of_optimum": qoe});
            json!({"name": name, "overall": figures, "families": {"a": figures}})
        };
        let object = json!({
            "algorithms": [one("quicksync", 0.9), one("worse", 0.5), one("better", 0.6)],
            "optima": [one("prompt", 1.0)],
        });
        let text = table("s200, buffer 30", &object).unwrap_or_default();
        assert!(text.contains("better 0.6000    1.500    1.0000"), "{text}");
        assert!(text.lines().count() == 4 && text.ends_with("90.00 %"), "{text}");
        assert_eq!(table("", &json!({})), None);
    }
}
