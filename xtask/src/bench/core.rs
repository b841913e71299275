//! The decision core: how long a decision takes and how large the module is.
//!
//! A decision is one input of a logged session and all outputs until it is at rest, one of which
//! is something to do; the other inputs, most of them, take less. Medians and 99th percentiles:
//! what the machine does besides would be most of a mean.

use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::{Beside, Figure};
use crate::steps::{cargo, output, root};
use crate::web;

const LOGS: &str = "testdata/decisions";
/// A decision natively, microseconds.
const NATIVE_US: f64 = 10.0;
/// A decision in WebAssembly, microseconds.
const WASM_US: f64 = 50.0;
/// The module without the policy's table, compressed, kB.
const MODULE_KB: f64 = 40.0;
/// The policy's table, kB.
const TABLE_KB: f64 = 100.0;

/// Builds what is measured, for release, and measures it.
pub(crate) fn measure() -> Result<Vec<Figure>> {
    web::wasm()?;
    web::dependencies()?;
    let mut native =
        cargo(&["run", "--quiet", "--release", "-p", "quicksync-trial", "--bin", "core-bench"]);
    let native = parse(&output(native.args(["--", LOGS]))?)?;
    let mut node = Command::new("node");
    let wasm =
        parse(&output(node.args(["web/scripts/bench-core.mjs", LOGS]).current_dir(root()))?)?;
    figures(&native, &wasm).context("a benchmark printed something else")
}

fn parse(text: &str) -> Result<Value> {
    serde_json::from_str(text).with_context(|| format!("not JSON: {text}"))
}

fn figures(native: &Value, wasm: &Value) -> Option<Vec<Figure>> {
    let us = |name, of: &Value, key: &str, limit| {
        Some(Figure { name, value: of[key].as_f64()?, unit: "us", beside: Beside::Limit(limit) })
    };
    let (module, player, size) = (&wasm["module"], &wasm["player"], &wasm["size"]);
    let kb = |name, key: &str, limit| {
        let value = size[key].as_f64()? / 1e3;
        Some(Figure { name, value, unit: "kB", beside: Beside::Limit(limit) })
    };
    let decision = &module["decision"];
    let beside = Beside::Peer("native", native["decision"]["median_us"].as_f64()?);
    let (name, value) = ("  median beside native", decision["median_us"].as_f64()?);
    Some(vec![
        us("decision, native", &native["decision"], "median_us", NATIVE_US)?,
        us("  99th percentile", &native["decision"], "p99_us", NATIVE_US)?,
        us("  an input that asks for nothing", &native["input"], "median_us", NATIVE_US)?,
        us("  any input with a day of music held", &native["deep"], "median_us", NATIVE_US)?,
        us("decision, WebAssembly under Node", decision, "median_us", WASM_US)?,
        us("  99th percentile", decision, "p99_us", WASM_US)?,
        Figure { name, value, unit: "us", beside },
        us("with its sentences and the log", &player["decision"], "median_us", WASM_US)?,
        us("  99th percentile", &player["decision"], "p99_us", WASM_US)?,
        kb("module without the table, compressed", "code_gzip", MODULE_KB)?,
        kb("the policy's table", "table", TABLE_KB)?,
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::figures;

    #[test]
    fn every_figure_is_asked_for() {
        let times = json!({"mean_us": 1.0, "median_us": 0.9, "p99_us": 2.0});
        let native = json!({"input": times, "decision": times, "deep": times});
        let size = json!({"code_gzip": 25_000, "table": 0});
        let wasm = json!({"module": native, "player": native, "size": size});
        let found = figures(&native, &wasm).unwrap_or_default();
        assert_eq!(found.len(), 11);
        assert!(found.iter().all(|figure| !figure.is_missed()));
        assert_eq!(figures(&native, &json!({})), None);
    }
}
