//! Builds what runs in the browser: the decision core and the what-if as WebAssembly, then the web
//! packages and app.
//!
//! Decides the order and the places only. Never: what either does.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};
use cargo_metadata::MetadataCommand;

use crate::steps::{cargo, root, run, step, timed};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm";
/// Where the web packages expect the modules; ignored by git.
const PLACE: &str = "web/packages/player/src/wasm";
/// The crates that become modules: what each is, and its file.
const MODULES: [(&str, &str, &str); 2] = [
    ("decision core for the browser", "quicksync-wasm", "quicksync_wasm.wasm"),
    ("what-if for the browser", "quicksync-whatif", "quicksync_whatif.wasm"),
];

/// Builds the WebAssembly modules, and the web packages and app around it.
pub(crate) fn build() -> Result<()> {
    wasm()?;
    timed("web dependencies", dependencies)?;
    step("web app", &mut npm(&["run", "build"]))
}

/// Checks the web packages and the app, and builds them.
pub(crate) fn check() -> Result<()> {
    timed("web dependencies", dependencies)?;
    // The core is built: tests that replay decisions in it must not be skipped.
    let mut check = npm(&["run", "check"]);
    check.env("QUICKSYNC_BUILT", "1");
    step("web formats, lints, types, tests and sizes", &mut check)
}

/// Walks through the app and every page of it in a real browser.
pub(crate) fn walk() -> Result<()> {
    step("the app in a browser", browse("app.mjs").arg("--quicksync").arg(built("quicksync")?))
}

/// Plays through a simulated network in a real browser, with the programs that the tests built.
pub(crate) fn play() -> Result<()> {
    let mut node = browse("playback.mjs");
    node.arg("--quicksync").arg(built("quicksync")?);
    node.arg("--relay").arg(built("quicksync-relay")?);
    step("playback in a browser", &mut node)
}

/// Plays with our packed packages in an app outside the repository, as an adopter would.
pub(crate) fn adopt() -> Result<()> {
    let mut node = browse("adopter.mjs");
    node.arg("--quicksync").arg(built("quicksync")?);
    node.arg("--relay").arg(built("quicksync-relay")?);
    step("the packed packages in an app of their own", &mut node)
}

fn browse(script: &str) -> Command {
    let mut node = Command::new("node");
    node.arg(root().join("web/e2e").join(script));
    node
}

/// A program as the tests built it.
fn built(program: &str) -> Result<PathBuf> {
    Ok(target_directory()?.join("debug").join(program))
}

/// Plays our manifests with other people's players in a real browser, by their rules and by ours, and
/// over links shaped in network namespaces, where those are allowed.
pub(crate) fn players() -> Result<()> {
    other_players()?;
    step(
        "programs",
        &mut cargo(&["build", "--locked", "-p", "quicksync", "-p", "quicksync-relay"]),
    )?;
    let built = target_directory()?.join("debug");
    for (name, script) in [
        ("our manifests in other people's players", "web/e2e/players.mjs"),
        ("what those players say in CMCD", "web/e2e/cmcd.mjs"),
        ("ffmpeg, mpv, VLC and GStreamer", "web/e2e/native.mjs"),
    ] {
        let mut node = Command::new("node");
        node.arg(root().join(script));
        node.arg("--quicksync").arg(built.join("quicksync"));
        node.arg("--relay").arg(built.join("quicksync-relay"));
        step(name, &mut node)?;
    }
    let mut node = browse("shaped.mjs");
    step("playback over shaped links", node.arg("--quicksync").arg(built.join("quicksync")))
}

/// Fetches hls.js, Shaka and dash.js.
pub(crate) fn other_players() -> Result<()> {
    timed("web dependencies", dependencies)?;
    let mut players = Command::new("npm");
    players.args(["ci", "--no-audit", "--no-fund"]).current_dir(root().join("web/tools/players"));
    step("other people's players", &mut players)
}

/// Installs what `package-lock.json` names, unless it is there already.
pub(crate) fn dependencies() -> Result<()> {
    let web = root().join("web");
    let modified = |path: &str| web.join(path).metadata().and_then(|file| file.modified()).ok();
    let installed = modified("node_modules/.package-lock.json");
    if installed.is_some() && installed >= modified("package-lock.json") {
        return Ok(());
    }
    run(&mut npm(&["ci", "--no-audit", "--no-fund"]))
}

/// npm in the web folder.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(root().join("web"));
    command
}

/// Builds the modules for the browser, and puts them where the web packages look for them.
pub(crate) fn wasm() -> Result<()> {
    timed("wasm target", target)?;
    let built = target_directory()?.join(TARGET).join(PROFILE);
    let place = root().join(PLACE);
    fs::create_dir_all(&place)?;
    for (what, package, module) in MODULES {
        let arguments =
            ["build", "--locked", "-p", package, "--profile", PROFILE, "--target", TARGET];
        step(what, &mut cargo(&arguments))?;
        fs::copy(built.join(module), place.join(module))
            .with_context(|| format!("cannot copy {module} from {}", built.display()))?;
    }
    Ok(())
}

/// Makes sure that the compiler knows the target.
fn target() -> Result<()> {
    let libraries = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .current_dir(root())
        .output()
        .context("cannot start rustc")?;
    let folder = PathBuf::from(String::from_utf8_lossy(&libraries.stdout).trim());
    if folder.is_dir() {
        return Ok(());
    }
    run(Command::new("rustup").args(["target", "add", TARGET]).current_dir(root()))
}

/// Where cargo builds.
pub(crate) fn target_directory() -> Result<PathBuf> {
    let metadata = MetadataCommand::new().current_dir(root()).no_deps().exec()?;
    Ok(metadata.target_directory.into())
}
