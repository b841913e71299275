//! `quicksync check` over every format at its rates, depths and layouts, and over real music.
//!
//! Decides which files are made and what is asked of each. Never: whether it holds, which the
//! program says. Takes the better part of an hour, so it is a command and not a test; a part of it is
//! one (`crates/quicksync/tests/e2e/check.rs`).

mod kinds;
mod report;
mod sound;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use self::kinds::{KINDS, Kind, Shape};
use self::report::Report;
use crate::bench::house::Place;
use crate::steps::{cargo, step, timed};
use crate::web::target_directory;

/// The shape whose changes of quality are listened to in every kind that has it, else the first stereo
/// one: they hang on the sound, which is nearly the same in all of them.
const SWITCHED: Shape = (44_100, "stereo");
/// The kind of which they are listened to in every shape.
const SWITCHED_KIND: &str = "FLAC, 24 bits";

/// What is asked for on the command line.
#[derive(Debug, clap::Args)]
pub(crate) struct Order {
    /// Only files with these words in their names, like "FLAC, 24 bits" or "44100 Hz, stereo".
    #[arg(long, default_value = "")]
    only: String,
    /// Segments that are made twice of each file, the first and the last among them; 0 leaves out
    /// segments and changes of quality, which take longest.
    #[arg(long, default_value_t = 2)]
    segments: u32,
    /// Ask this program, instead of one that is built here with all codecs.
    #[arg(long)]
    quicksync: Option<PathBuf>,
    /// Check these files, or all in these folders, and make none.
    music: Vec<PathBuf>,
}

/// Checks everything.
pub(crate) fn run(order: &Order) -> Result<()> {
    let program = order.quicksync.clone().map_or_else(built, Ok)?;
    let mut report = Report::default();
    if order.music.is_empty() {
        timed("matrix", || made(&program, order, &mut report))?;
    } else {
        timed("music", || found(&program, order, &mut report))?;
    }
    report.lines().iter().for_each(|line| println!("{line}"));
    match report.failed() {
        0 => Ok(()),
        count => bail!("{count} claims do not hold"),
    }
}

/// The program with all its codecs.
fn built() -> Result<PathBuf> {
    step("program", &mut cargo(&["build", "--locked", "-p", "quicksync", "--features", "aac"]))?;
    Ok(target_directory()?.join("debug/quicksync"))
}

/// One file after another, each gone when it was looked at: all of them would be gigabytes.
fn made(program: &Path, order: &Order, report: &mut Report) -> Result<()> {
    let place = Place::new()?;
    for kind in KINDS {
        for (rate, layout) in kind.shapes.iter().copied().flatten().copied() {
            let name = format!("{}, {rate} Hz, {layout}", kind.name);
            if !name.contains(&order.only) {
                continue;
            }
            let path = place.path().join(format!("sound.{}", kind.extension));
            sound::write(&path, kind, rate, layout)?;
            let mut check = check(program, order);
            if !switches(kind, rate, layout) {
                check.arg("--without-switches");
            }
            report.add(kind.name, &name, &said(check.arg(&path))?)?;
            println!("  {name}: {} claims failed so far", report.failed());
        }
    }
    Ok(())
}

fn switches(kind: &Kind, rate: u32, layout: &str) -> bool {
    let shapes = || kind.shapes.iter().copied().flatten().copied();
    let is_switched = |shape: &Shape| *shape == SWITCHED;
    let first = || shapes().find(|(_, layout)| *layout == SWITCHED.1);
    let listened_to = shapes().find(is_switched).or_else(first);
    listened_to == Some((rate, layout)) || kind.name == SWITCHED_KIND
}

fn check(program: &Path, order: &Order) -> Command {
    let mut check = Command::new(program);
    check.args(["check", "--json", "--segments", &order.segments.to_string()]);
    check
}

fn found(program: &Path, order: &Order, report: &mut Report) -> Result<()> {
    for path in order.music.iter().map(|path| files(path)).collect::<Result<Vec<_>>>()?.concat() {
        let name = path.display().to_string();
        report.add("music", &name, &said(check(program, order).arg(&path))?)?;
        println!("  {name}: {} claims failed so far", report.failed());
    }
    Ok(())
}

/// The file, or those in the folder, sorted.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries =
        std::fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()));
    let paths = entries?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>();
    let mut paths: Vec<PathBuf> = paths?.into_iter().filter(|path| path.is_file()).collect();
    paths.sort();
    Ok(paths)
}

/// What the program prints, whatever it thinks of the file.
fn said(check: &mut Command) -> Result<String> {
    let output = check.stderr(Stdio::null()).output().context("cannot start quicksync")?;
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_quality_are_listened_to_once_in_every_kind() {
        for kind in KINDS {
            let shapes: Vec<Shape> = kind.shapes.concat();
            let listened_to = shapes.iter().filter(|(rate, layout)| switches(kind, *rate, layout));
            let expected = if kind.name == SWITCHED_KIND { shapes.len() } else { 1 };
            assert_eq!(listened_to.count(), expected, "{}", kind.name);
        }
    }
}
