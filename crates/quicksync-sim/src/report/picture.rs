//! One playback as a picture: capacity and estimate, what was fetched, the buffer, and why.
//!
//! Writes SVG as text; knows no file. Wall time runs to the right; stalls are shaded throughout.

use std::fmt::Write as _;

use crate::player::{Download, Fate, Note, Playback, seconds};
use crate::setup::{RUNGS, Setup, quality};
use crate::trace::NetworkTrace;

const WIDTH: f64 = 1200.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 20.0;
const HEIGHT: f64 = 760.0;
/// Top and height of each panel.
const RATE: (f64, f64) = (60.0, 220.0);
const FETCHED: (f64, f64) = (310.0, 90.0);
const BUFFER: (f64, f64) = (430.0, 110.0);
const REASONS: f64 = 590.0;
/// The rates of the axis, kbps.
const LOWEST_KBPS: f64 = 8.0;
const HIGHEST_KBPS: (f64, f64) = (512.0, 65_536.0);
/// As many columns as the eye sees apart.
const COLUMNS: u32 = 550;
/// Sentences below the picture.
const MOST_REASONS: usize = 10;
/// Fill colour of each rung, low to ultra.
const COLOURS: [&str; RUNGS] = ["#d9822b", "#d6b93c", "#5aa469", "#2f6f8f"];

/// What a picture is made of.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// What it shows, for its heading.
    pub title: &'a str,
    /// What was played.
    pub setup: &'a Setup,
    /// Over which trace.
    pub link: &'a NetworkTrace,
    /// What was heard.
    pub playback: &'a Playback,
    /// What the algorithm thought.
    pub notes: &'a [Note],
}

struct Canvas<'a> {
    scene: Scene<'a>,
    end_s: f64,
    top_kbps: f64,
    text: String,
}

/// The picture as the text of an SVG file.
#[must_use]
pub fn svg(scene: Scene<'_>) -> String {
    let end_s = seconds(scene.playback.ended_us).max(1.0);
    let expected = scene.notes.iter().map(|note| 2.0 * note.expected_kbps);
    let top_kbps = expected.fold(HIGHEST_KBPS.0, f64::max).min(HIGHEST_KBPS.1);
    let mut canvas = Canvas { scene, end_s, top_kbps, text: String::new() };
    canvas.add(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>"
    ));
    canvas.heading();
    canvas.silence();
    canvas.rates();
    canvas.fetched();
    canvas.buffer();
    canvas.reasons();
    canvas.add("</svg>");
    canvas.text
}

impl Canvas<'_> {
    fn add(&mut self, element: &str) {
        let _infallible = writeln!(self.text, "{element}");
    }

    fn label(&mut self, x: f64, y: f64, anchor: &str, text: &str) {
        let text = escaped(text);
        self.add(&format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
        ));
    }

    fn x(&self, at_s: f64) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * (at_s / self.end_s).clamp(0.0, 1.0)
    }

    fn rate_y(&self, kbps: f64) -> f64 {
        let of_lowest = |kbps: f64| (kbps.max(LOWEST_KBPS) / LOWEST_KBPS).ln();
        RATE.0 + RATE.1 * (1.0 - (of_lowest(kbps) / of_lowest(self.top_kbps)).min(1.0))
    }

    fn line(&mut self, points: &[(f64, f64)], colour: &str, width: f64) {
        let path = path(points);
        self.add(&format!(
            "<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>"
        ));
    }

    fn frame(&mut self, (top, height): (f64, f64), title: &str) {
        let width = WIDTH - LEFT - RIGHT;
        self.add(&format!(
            "<rect x=\"{LEFT}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"none\" \
             stroke=\"#999\"/>"
        ));
        self.label(LEFT, top - 5.0, "start", title);
    }

    fn heading(&mut self) {
        let playback = self.scene.playback;
        let text = format!(
            "{}: start {:.1} s, {} stalls of {:.1} s, {} switches, {:.0} kbps",
            self.scene.title,
            seconds(playback.startup_us),
            playback.stalls.len(),
            seconds(playback.stalled_us()),
            playback.switches(),
            playback.mean_kbps(),
        );
        let text = escaped(&text);
        self.add(&format!("<text x=\"{LEFT}\" y=\"25\" font-size=\"16\">{text}</text>"));
    }

    /// Shades the start and every stall.
    fn silence(&mut self) {
        let start = (0.0, seconds(self.scene.playback.startup_us), "#eee");
        let stalls =
            self.scene.playback.stalls.iter().map(|stall| {
                (seconds(stall.at_us), seconds(stall.at_us + stall.length_us), "#f6c9c4")
            });
        for (from_s, to_s, colour) in std::iter::once(start).chain(stalls).collect::<Vec<_>>() {
            let (left, right) = (self.x(from_s), self.x(to_s));
            let (top, height) = (RATE.0, BUFFER.0 + BUFFER.1 - RATE.0);
            self.add(&format!(
                "<rect x=\"{left:.1}\" y=\"{top}\" width=\"{:.1}\" height=\"{height}\" \
                 fill=\"{colour}\"/>",
                (right - left).max(1.0)
            ));
        }
    }

    fn rates(&mut self) {
        self.frame(
            RATE,
            "kbps: capacity (grey), expected (blue), four of five transfers (light blue)",
        );
        for kbps in [16.0, 64.0, 256.0, 1024.0, 4096.0, 16_384.0] {
            if kbps <= self.top_kbps {
                let y = self.rate_y(kbps) + 4.0;
                self.label(LEFT - 5.0, y, "end", &format!("{kbps:.0}"));
            }
        }
        for (rung, colour) in COLOURS.iter().enumerate() {
            let y = self.rate_y(f64::from(Setup::kbps(rung)));
            let (from, to) = ((LEFT, y), (WIDTH - RIGHT, y));
            self.line(&[from, to], colour, 0.5);
        }
        let known = || self.scene.notes.iter().filter(|note| note.expected_kbps > 0.0);
        let at = |note: &Note, kbps| (self.x(seconds(note.at_us)), self.rate_y(kbps));
        let mut band: Vec<_> = known().map(|note| at(note, note.band_kbps.1)).collect();
        band.extend(known().rev().map(|note| at(note, note.band_kbps.0)));
        let expected: Vec<_> = known().map(|note| at(note, note.expected_kbps)).collect();
        let band = path(&band);
        self.add(&format!("<polygon points=\"{band}\" fill=\"#cfe0f7\"/>"));
        let capacity = self.capacity();
        self.line(&capacity, "#888", 1.0);
        self.line(&expected, "#2f6fd0", 1.5);
    }

    /// The mean rate of each column.
    fn capacity(&self) -> Vec<(f64, f64)> {
        let ended_us = self.scene.playback.ended_us.max(u64::from(COLUMNS));
        let edge = |column: u32| ended_us / u64::from(COLUMNS) * u64::from(column);
        (0..COLUMNS)
            .map(|column| {
                let (from_us, to_us) = (edge(column), edge(column + 1));
                let kilobits = as_f64(self.scene.link.carried_bytes(from_us, to_us)) * 8.0 / 1e3;
                let kbps = kilobits / seconds(to_us - from_us);
                (self.x(seconds(from_us)), self.rate_y(kbps))
            })
            .collect()
    }

    fn fetched(&mut self) {
        self.frame(
            FETCHED,
            "downloads from request to last byte; hollow: replaced, late or given up",
        );
        for rung in 0..RUNGS {
            let y = rung_y(rung) + 14.0;
            self.label(LEFT - 5.0, y, "end", quality(rung).as_str());
        }
        for download in &self.scene.playback.downloads {
            self.download(download);
        }
    }

    fn download(&mut self, download: &Download) {
        let left = self.x(seconds(download.requested_us));
        let width = (self.x(seconds(download.finished_us)) - left).max(1.0);
        let (top, colour) = (rung_y(download.rung) + 3.0, COLOURS[download.rung.min(RUNGS - 1)]);
        let fill = if download.fate == Fate::Kept { colour } else { "none" };
        let stroke = match download.fate {
            Fate::Abandoned => "#c0392b",
            Fate::Kept => "#fff",
            Fate::Replaced | Fate::Late => colour,
        };
        self.add(&format!(
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"16\" \
             fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"0.7\"/>"
        ));
    }

    fn buffer(&mut self) {
        let most_s =
            self.scene.notes.iter().map(|note| seconds(note.buffer_us)).fold(8.0, f64::max);
        self.frame(BUFFER, "buffer, seconds");
        let y = |buffer_s: f64| BUFFER.0 + BUFFER.1 * (1.0 - buffer_s / most_s);
        for buffer_s in [0.0, most_s / 2.0, most_s] {
            self.label(LEFT - 5.0, y(buffer_s) + 4.0, "end", &format!("{buffer_s:.0}"));
        }
        let notes = self.scene.notes.iter();
        let points: Vec<_> =
            notes.map(|note| (self.x(seconds(note.at_us)), y(seconds(note.buffer_us)))).collect();
        self.line(&points, "#444", 1.2);
        for tick in 0..=6_u8 {
            let at_s = self.end_s * f64::from(tick) / 6.0;
            self.label(self.x(at_s), BUFFER.0 + BUFFER.1 + 15.0, "middle", &format!("{at_s:.0} s"));
        }
    }

    /// Numbers the decisions that changed something, and writes their sentences below.
    fn reasons(&mut self) {
        let mut shown: Vec<(f64, String)> = Vec::new();
        let mut last_kind = String::new();
        for note in self.scene.notes {
            let Some((word, sentence)) = &note.decision else { continue };
            let kind = sentence.split(':').next().unwrap_or(sentence).to_owned();
            let changed = *word != "fetch" || (kind != last_kind && !kind.starts_with("Staying"));
            if !sentence.is_empty() && changed && kind != last_kind {
                shown.push((seconds(note.at_us), sentence.clone()));
            }
            last_kind = kind;
        }
        let left_out = shown.len().saturating_sub(MOST_REASONS);
        for (index, (at_s, sentence)) in shown.iter().take(MOST_REASONS).enumerate() {
            let number = format!("{}", index + 1);
            self.label(self.x(*at_s), FETCHED.0 - 20.0, "middle", &number);
            let y = REASONS + 15.0 * f64::from(u8::try_from(index).unwrap_or(0));
            self.label(LEFT, y, "start", &format!("{number}  {at_s:.1} s  {sentence}"));
        }
        if left_out > 0 {
            let y = REASONS + 15.0 * 10.0;
            self.label(LEFT, y, "start", &format!("and {left_out} more"));
        }
    }
}

fn rung_y(rung: usize) -> f64 {
    let from_top = u8::try_from(RUNGS.saturating_sub(1 + rung)).unwrap_or(0);
    FETCHED.0 + FETCHED.1 / 4.0 * f64::from(from_top)
}

fn path(points: &[(f64, f64)]) -> String {
    points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[expect(clippy::cast_precision_loss, reason = "pixels")]
fn as_f64(bytes: u64) -> f64 {
    bytes as f64
}
