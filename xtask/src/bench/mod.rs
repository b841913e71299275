//! Measures one room of the house after another, each figure beside what it is to be compared with
//! in the same run: a limit that was promised, or a peer that did the same work.
//!
//! Decides which rooms there are and how figures are shown. Never: what a room measures.

mod abr;
mod browser;
mod core;
mod ffmpeg;
pub(crate) mod house;
mod loopback;
mod music;
mod nginx;
mod process;
mod scan;
mod segment;
mod serve;
mod status;
mod stream;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use serde_json::{Map, Value, json};

/// A room that can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Room {
    /// The core beside each peer and the optimum, over the network traces of `--traces`.
    Abr,
    /// How long the core takes to decide, natively and in WebAssembly, and how large it is.
    #[value(name = "wasm", alias = "core")]
    Core,
    /// What segments cost in each codec, beside the bare work and an ffmpeg process.
    Segment,
    /// How soon a track never encoded is heard, as one file, from its start, middle and end.
    Stream,
    /// How fast cached segments are served, beside nginx, and what a thousand listeners cost.
    Serve,
    /// How fast a library is scanned, new and unchanged, beside the least it could be.
    Scan,
    /// A thousand devices that post samples and ask for their status: how long, how much, any lost.
    Status,
    /// Players in a real browser over a tram's, a train's and a tunnel's network of `--traces`.
    Browser,
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
    /// It should be no more than so many times somebody else's.
    AtMost(f64, &'static str, f64),
    /// It should be no less than so many times somebody else's.
    AtLeast(f64, &'static str, f64),
}

impl Beside {
    const fn value(self) -> f64 {
        match self {
            Self::Limit(value)
            | Self::Peer(_, value)
            | Self::AtMost(_, _, value)
            | Self::AtLeast(_, _, value) => value,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Limit(_) => "limit",
            Self::Peer(name, _) | Self::AtMost(_, name, _) | Self::AtLeast(_, name, _) => name,
        }
    }

    /// What the ratio should be, in words; empty where nothing was promised.
    fn bound(self) -> String {
        match self {
            Self::Limit(_) => "<= 1".to_owned(),
            Self::Peer(..) => String::new(),
            Self::AtMost(share, ..) => format!("<= {share:.3}"),
            Self::AtLeast(share, ..) => format!(">= {share:.3}"),
        }
    }
}

impl Figure {
    fn ratio(&self) -> f64 {
        self.value / self.beside.value()
    }

    fn is_missed(&self) -> bool {
        match self.beside {
            Beside::Limit(limit) => self.value > limit,
            Beside::Peer(..) => false,
            Beside::AtMost(share, ..) => self.ratio() > share,
            Beside::AtLeast(share, ..) => self.ratio() < share,
        }
    }
}

/// Measures the rooms named, or all; writes `json` too if a file is named.
pub(crate) fn run(rooms: &[Room], json: Option<&Path>, traces: Option<&Path>) -> Result<()> {
    let rooms = if rooms.is_empty() { Room::value_variants() } else { rooms };
    let mut all = Map::new();
    for room in rooms {
        if *room == Room::Serve && !loopback::is_inside() {
            house::build()?;
            if let Some(figures) = loopback::measure_inside("serve")? {
                all.insert("serve".to_owned(), figures);
                continue;
            }
            println!("serve: no network namespace of its own is allowed here");
        }
        let (name, figures) = match (room, traces) {
            (Room::Abr | Room::Browser, None) => {
                println!("{}: not measured, it needs --traces DIR", name_of(*room));
                continue;
            }
            (Room::Abr, Some(traces)) => {
                all.insert("abr".to_owned(), abr::measure(traces)?);
                continue;
            }
            (Room::Browser, Some(traces)) => ("browser", browser::measure(traces)?),
            (Room::Core, _) => ("wasm", core::measure()?),
            (Room::Segment, _) => ("segment", segment::measure()?),
            (Room::Stream, _) => ("stream", stream::measure()?),
            (Room::Serve, _) => ("serve", serve::measure()?),
            (Room::Scan, _) => ("scan", scan::measure()?),
            (Room::Status, _) => ("status", status::measure()?),
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

/// As the command line has it.
fn name_of(room: Room) -> String {
    room.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

fn table(room: &str, figures: &[Figure]) -> String {
    let mut lines =
        vec![format!("{room:<44} {:>14} {:>22} {:>8}  bound", "figure", "beside", "ratio")];
    for figure in figures {
        let Figure { name, value, unit, beside } = figure;
        let missed = if figure.is_missed() { "  missed" } else { "" };
        let line = format!(
            "{name:<44} {:>14} {:>22} {:>8.3}  {}{missed}",
            format!("{value:.2} {unit}"),
            format!("{} {:.2}", beside.name(), beside.value()),
            figure.ratio(),
            beside.bound(),
        );
        lines.push(line.trim_end().to_owned());
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
            "bound": figure.beside.bound(),
            "missed": figure.is_missed(),
        })
    };
    figures.iter().map(one).collect()
}

/// The one in the middle, the later of two; not a number if there is none.
fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert!((median([9.0, 1.0, 2.0]) - 2.0).abs() < 1e-9 && median([]).is_nan());
    }

    fn figures() -> [Figure; 4] {
        let figure = |name, value, beside| Figure { name, value, unit: "us", beside };
        [
            figure("a decision", 20.0, Beside::Limit(10.0)),
            figure("elsewhere", 5.0, Beside::Peer("native", 2.0)),
            figure("a segment", 24.0, Beside::AtMost(1.15, "bare", 20.0)),
            figure("answers", 30.0, Beside::AtLeast(1.0, "nginx", 20.0)),
        ]
    }

    #[test]
    fn a_table_says_which_bound_is_missed() {
        let table = table("core", &figures());
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[1].ends_with("limit 10.00    2.000  <= 1  missed"), "{table}");
        assert!(lines[2].ends_with("native 2.00    2.500"), "{table}");
        assert!(lines[3].ends_with("bare 20.00    1.200  <= 1.150  missed"), "{table}");
        assert!(lines[4].ends_with("nginx 20.00    1.500  >= 1.000"), "{table}");
    }

    #[test]
    fn the_file_has_the_same_figures() {
        let wire = wire(&figures());
        assert_eq!((&wire[0]["missed"], &wire[3]["missed"]), (&json!(true), &json!(false)));
        assert_eq!((&wire[1]["beside"], &wire[1]["ratio"]), (&json!("native"), &json!(2.5)));
    }
}
