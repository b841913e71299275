//! Builds the server and becomes it; makes the demo library when there is no music to serve.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};

use crate::demo;
use crate::setup::{self, Purpose};
use crate::steps::{self, playground};
use crate::web;

/// `cargo xtask run`: does not return when all is well.
pub(crate) fn run(music: Option<PathBuf>, extra: &[String]) -> Result<()> {
    setup::ensure(Purpose::Build)?;
    let music = match music {
        Some(folder) => existing(&folder)?,
        None => {
            let folder = playground().join("demo");
            println!("no music folder given: serving a small demo library of synthesised pieces");
            demo::write_library(&folder)?;
            folder
        }
    };
    web::build()?;
    let binary = build()?;
    serve(&binary, &music, extra)
}

/// `cargo xtask demo`.
pub(crate) fn demo(dir: Option<PathBuf>) -> Result<()> {
    let folder = dir.unwrap_or_else(|| playground().join("demo"));
    demo::write_library(&folder)?;
    println!("the demo library is in {}", folder.display());
    Ok(())
}

fn existing(folder: &Path) -> Result<PathBuf> {
    let absolute = folder
        .canonicalize()
        .with_context(|| format!("cannot open the music folder {}", folder.display()))?;
    if !absolute.is_dir() {
        bail!("{} is not a folder", absolute.display());
    }
    Ok(absolute)
}

fn build() -> Result<PathBuf> {
    let arguments = ["build", "--locked", "--release", "--package", "quicksync"];
    steps::step("build for release", &mut steps::cargo(&arguments))?;
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| steps::root().join("target"), |folder| steps::root().join(folder));
    Ok(target.join("release").join("quicksync"))
}

/// Replaces this process, so that signals and the exit code are the server's own.
fn serve(binary: &Path, music: &Path, extra: &[String]) -> Result<()> {
    let mut command = Command::new(binary);
    command.arg("serve").arg("--music").arg(music).args(extra);
    if env::var_os("QUICKSYNC_DATA").is_none() && !names_data(extra) {
        let data = playground().join("data");
        fs::create_dir_all(&data).with_context(|| format!("cannot make {}", data.display()))?;
        println!("accounts, preferences and cached segments are kept in {}", data.display());
        command.arg("--data").arg(data);
    }
    Err(command.exec()).with_context(|| format!("cannot start {}", binary.display()))
}

fn names_data(extra: &[String]) -> bool {
    extra.iter().any(|argument| argument == "--data" || argument.starts_with("--data="))
}
