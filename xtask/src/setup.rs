//! Which programs a chore needs from the system, and how a Debian machine gets them.
//!
//! Installs only as root; otherwise it names the one line to run. Never calls sudo by itself.

use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::steps;

/// What a chore is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Build the server.
    Build,
    /// Build it and check it against reference programs.
    Test,
}

/// A program and the Debian package that brings it.
struct Need {
    program: &'static str,
    package: &'static str,
    tests_only: bool,
}

/// libopus is built from source, by cmake and a C compiler; Node.js builds the web app. ffmpeg is the
/// reference decoder that the tests compare with, Chromium the browser they play in; the server
/// itself calls neither.
const NEEDS: &[Need] = &[
    Need { program: "cc", package: "build-essential", tests_only: false },
    Need { program: "make", package: "build-essential", tests_only: false },
    Need { program: "cmake", package: "cmake", tests_only: false },
    Need { program: "npm", package: "nodejs npm", tests_only: false },
    Need { program: "ffmpeg", package: "ffmpeg", tests_only: true },
    Need { program: "chromium", package: "chromium", tests_only: true },
];

/// Makes sure that every program `purpose` needs is there.
pub(crate) fn ensure(purpose: Purpose) -> Result<()> {
    let packages = missing(purpose, &|program| on_path(program));
    if packages.is_empty() {
        return Ok(());
    }
    let line = install_line(&packages);
    if !is_root() {
        bail!("these packages are missing; install them and try again:\n  sudo sh -c '{line}'");
    }
    println!("installing {}: {line}", packages.join(", "));
    let mut shell = Command::new("sh");
    shell.args(["-c", &line]).env("DEBIAN_FRONTEND", "noninteractive");
    steps::run(&mut shell).context("cannot install what is missing; is this Debian or Ubuntu?")
}

fn missing(purpose: Purpose, present: &dyn Fn(&str) -> bool) -> Vec<&'static str> {
    let mut packages: Vec<_> = NEEDS
        .iter()
        .filter(|need| purpose == Purpose::Test || !need.tests_only)
        .filter(|need| !present(need.program))
        .map(|need| need.package)
        .collect();
    packages.dedup();
    packages
}

fn install_line(packages: &[&str]) -> String {
    format!("apt-get update && apt-get install -y --no-install-recommends {}", packages.join(" "))
}

fn on_path(program: &str) -> bool {
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Whether this process may install packages: `/proc/self` belongs to the effective user.
pub(crate) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    Path::new("/proc/self").metadata().is_ok_and(|metadata| metadata.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_machine_is_told_every_package_once() {
        let build = ["build-essential", "cmake", "nodejs npm"];
        let test = ["build-essential", "cmake", "nodejs npm", "ffmpeg", "chromium"];
        assert_eq!(missing(Purpose::Test, &|_| false), test);
        assert_eq!(missing(Purpose::Build, &|_| false), build);
        assert_eq!(missing(Purpose::Build, &|program| program != "cmake"), ["cmake"]);
        assert_eq!(missing(Purpose::Test, &|_| true), [""; 0]);
    }
}
