//! Writes golden files anew: what the programs say now becomes what they are checked against.
//!
//! Never decides whether that is right: read the difference before you keep it.

use std::process::Command;

use anyhow::Result;
use clap::ValueEnum;

use crate::steps::{cargo, root, step};

/// A kind of golden file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Golden {
    /// Decision logs in `testdata/decisions`, and what policies come to in `testdata/whatif`.
    Decisions,
    /// `docs/ref/openapi.json`, and the web app's types that are made from it.
    Openapi,
}

/// Writes one kind of golden file, or all.
pub(crate) fn run(kind: Option<Golden>) -> Result<()> {
    if kind.is_none_or(|kind| kind == Golden::Decisions) {
        update("decisions", &["-p", "quicksync-abr", "--test", "session", "goldens"])?;
        update("what-if", &["-p", "quicksync-whatif", "--test", "replayed"])?;
    }
    if kind.is_none_or(|kind| kind == Golden::Openapi) {
        update("interface", &["-p", "quicksync-server", "--test", "api", "openapi"])?;
        step("types of the generator", &mut generator(&["ci", "--no-audit", "--no-fund"]))?;
        step("types of the app", &mut generator(&["run", "generate"]))?;
    }
    Ok(())
}

fn update(name: &str, test: &[&str]) -> Result<()> {
    step(name, cargo(&["test", "--quiet"]).args(test).env("UPDATE_GOLDEN", "1"))
}

/// npm where the generator is kept apart.
fn generator(arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(root().join("web/tools/api-types"));
    command
}
