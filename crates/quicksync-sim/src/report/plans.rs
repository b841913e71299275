//! Every download as a line of CSV, so that a result can be checked by playing it elsewhere.

use std::fmt::Write as _;

use crate::player::{Download, Fate, Playback};
use crate::setup::Setup;

use crate::campaign::{Campaign, Played};

const HEADING: &str = "algorithm,trace,segment,rung,kbps,bytes,request_s,finish_s,replaced,\
                       replaces,abandoned,startup_s,stalls,stalled_s,stall_list\n";

/// The whole file.
#[must_use]
pub fn csv(campaign: &Campaign, played: &[Played]) -> String {
    let mut text = HEADING.to_owned();
    for one in played {
        for (trace, playback) in campaign.traces.iter().zip(&one.playbacks) {
            let before = format!("{},{}/{}", one.name, trace.family, trace.name);
            let after = silence(playback);
            for download in &playback.downloads {
                let _infallible = writeln!(text, "{before},{},{after}", line(download));
            }
        }
    }
    text
}

fn line(download: &Download) -> String {
    let flag = |set: bool| u8::from(set);
    format!(
        "{},{},{},{},{},{},{},{},{}",
        download.segment,
        download.rung,
        Setup::kbps(download.rung),
        download.bytes,
        seconds(download.requested_us),
        seconds(download.finished_us),
        flag(matches!(download.fate, Fate::Replaced | Fate::Late)),
        flag(download.replaces),
        flag(download.fate == Fate::Abandoned),
    )
}

fn silence(playback: &Playback) -> String {
    let stalls: Vec<String> = playback
        .stalls
        .iter()
        .map(|stall| format!("{}+{}", seconds(stall.at_us), seconds(stall.length_us)))
        .collect();
    format!(
        "{},{},{},{}",
        seconds(playback.startup_us),
        playback.stalls.len(),
        seconds(playback.stalled_us()),
        stalls.join(" "),
    )
}

/// Microseconds as exact decimal seconds.
fn seconds(us: u64) -> String {
    format!("{}.{:06}", us / 1_000_000, us % 1_000_000)
}
