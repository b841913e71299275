//! Measures one room of the house after another, each figure beside what it is to be compared with
//! in the same run: a limit that was promised, or a peer that did the same work.
//!
//! Decides which rooms there are and how figures are shown. Never: what a room measures.

mod core;
mod media;
mod stream;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use serde_json::{Map, Value, json};

/// A room that can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Room {
    /// How long the core takes to decide, natively and in WebAssembly, and how large it is.
    Core,
    /// What segments cost in each codec, beside an ffmpeg process.
    Media,
    /// How soon a track never encoded is heard, as one file, from its start, middle and end.
    Stream,
}

/// One measured number, with what stands beside it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figure {
    name: &'static str,
    value: f64,
    unit: &'static str,
    beside: Beside,
}

/// What a figure is compared with, in its own unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Beside {
    /// It should be no more than this.
    Limit(f64),
    /// Somebody else's figure, from the same run.
    Peer(&'static str, f64),
}

impl Beside {
    const fn value(self) -> f64 {
        match self {
            Self::Limit(value) | Self::Peer(_, value) => value,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Limit(_) => "limit",
            Self::Peer(name, _) => name,
        }
    }
}

impl Figure {
    fn ratio(&self) -> f64 {
        self.value / self.beside.value()
    }

    fn is_over(&self) -> bool {
        matches!(self.beside, Beside::Limit(limit) if self.value > limit)
    }
}

/// Measures the rooms named, or all; writes `json` too if a file is named.
pub(crate) fn run(rooms: &[Room], json: Option<&Path>) -> Result<()> {
    let rooms = if rooms.is_empty() { Room::value_variants() } else { rooms };
    let mut all = Map::new();
    for room in rooms {
        let (name, figures) = match room {
            Room::Core => ("core", core::measure()?),
            Room::Media => ("media", media::measure()?),
            Room::Stream => ("stream", stream::measure()?),
        };
        println!("{}", table(name, &figures));
        all.insert(name.to_owned(), wire(&figures));
    }
    if let Some(path) = json {
        let text = serde_json::to_string_pretty(&json!({ "rooms": all }))?;
        fs::write(path, text + "\n").with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn table(room: &str, figures: &[Figure]) -> String {
    let mut lines = vec![format!("{room:<44} {:>10}  {:>18} {:>7}", "figure", "beside", "ratio")];
    for figure in figures {
        let Figure { name, value, unit, beside } = figure;
        let beside = format!("{} {:.1}", beside.name(), beside.value());
        let over = if figure.is_over() { "  over its limit" } else { "" };
        let value = format!("{value:.2} {unit}");
        lines.push(format!("{name:<44} {value:>10}  {beside:>18} {:>7.3}{over}", figure.ratio()));
    }
    lines.join("\n")
}

fn wire(figures: &[Figure]) -> Value {
    let one = |figure: &Figure| {
        json!({
            "name": figure.name,
            "value": figure.value,
            "unit": figure.unit,
            "beside": figure.beside.name(),
            "beside_value": figure.beside.value(),
            "ratio": figure.ratio(),
            "over": figure.is_over(),
        })
    };
    figures.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> [Figure; 2] {
        let figure = |name, value, beside| Figure { name, value, unit: "us", beside };
        [
            figure("a decision", 20.0, Beside::Limit(10.0)),
            figure("elsewhere", 5.0, Beside::Peer("native", 2.0)),
        ]
    }

    #[test]
    fn a_table_says_what_is_over_its_limit() {
        let table = table("core", &figures());
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[1].ends_with("limit 10.0   2.000  over its limit"), "{table}");
        assert!(lines[2].ends_with("native 2.0   2.500"), "{table}");
    }

    #[test]
    fn the_file_has_the_same_figures() {
        let wire = wire(&figures());
        assert_eq!(wire[0]["over"], true);
        assert_eq!((&wire[1]["beside"], &wire[1]["ratio"]), (&json!("native"), &json!(2.5)));
    }
}
