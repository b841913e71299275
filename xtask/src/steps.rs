//! Runs one program after another, with a heading and a time for each.
//!
//! Never decides what to run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

/// The root of the checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."))
}

/// The folder of things made for trying the server out; ignored by git.
pub(crate) fn playground() -> PathBuf {
    root().join(".quicksync")
}

/// Cargo, the same one that runs us, in the root of the checkout.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Runs a step to its end and says how long it took.
pub(crate) fn step(name: &str, command: &mut Command) -> Result<()> {
    timed(name, || run(command))
}

/// Does `work` under a heading and says how long it took.
pub(crate) fn timed(name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("==> {name}");
    let started = Instant::now();
    work().with_context(|| format!("step \"{name}\" failed"))?;
    println!("==> {name}: done in {:.1} s\n", started.elapsed().as_secs_f64());
    Ok(())
}

/// Runs a program and returns what it prints.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command.stderr(Stdio::inherit()).output();
    let done = done.with_context(|| format!("cannot start {name}"))?;
    if !done.status.success() {
        bail!("{name} ended with {}", done.status);
    }
    Ok(String::from_utf8(done.stdout)?)
}

/// Runs a program and fails when it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    if !status.success() {
        bail!("{name} ended with {status}");
    }
    Ok(())
}
