//! The decision core: how long a decision takes and how large the module is.
//!
//! A decision is one input of a logged session and all outputs until it is at rest.

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
    let (native, deep) = (&native["usual"], &native["deep"]);
    let beside = Beside::Peer("native", native["mean_us"].as_f64()?);
    let name = "the same, beside native";
    Some(vec![
        us("decision, native", native, "mean_us", NATIVE_US)?,
        us("  99th percentile", native, "p99_us", NATIVE_US)?,
        us("  with a day of music held", deep, "mean_us", NATIVE_US)?,
        us("decision, WebAssembly under Node", module, "mean_us", WASM_US)?,
        us("  99th percentile", module, "p99_us", WASM_US)?,
        Figure { name, value: module["mean_us"].as_f64()?, unit: "us", beside },
        us("with its sentences and the log", player, "mean_us", WASM_US)?,
        us("  99th percentile", player, "p99_us", WASM_US)?,
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
        let times = json!({"mean_us": 1.0, "p99_us": 2.0});
        let size = json!({"code_gzip": 25_000, "table": 0});
        let wasm = json!({"module": times, "player": times, "size": size});
        let native = json!({"usual": times, "deep": times});
        let found = figures(&native, &wasm).unwrap_or_default();
        assert_eq!(found.len(), 10);
        assert!(found.iter().all(|figure| !figure.is_over()));
        assert_eq!(figures(&native, &json!({})), None);
    }
}
