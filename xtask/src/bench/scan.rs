//! Scanning: files a second, of a library never seen and of one that has not changed, beside the
//! least it could be.
//!
//! Two thousand small files of made music, all different. In one process beside reading tags and
//! asking the system about files; then the program itself, which has tags read by worker processes,
//! and reads new files whole, twice: for their identity and for their loudness.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use super::house::{self, Place};
use super::{Beside, Figure};
use crate::demo;
use crate::steps::{cargo, output};

const ALBUMS: u32 = 200;
const TRACKS_OF_ALBUM: u32 = 10;
/// A file that changed less than two seconds ago counts as being written.
const SETTLE: Duration = Duration::from_millis(2500);

/// Builds what is measured, for release, and measures it.
pub(crate) fn measure() -> Result<Vec<Figure>> {
    house::build()?;
    let place = Place::new()?;
    let music = place.folder("music")?;
    for album in 0..ALBUMS {
        write_album(&music, album)?;
    }
    sleep(SETTLE);
    let example = ["run", "--quiet", "--release", "-p", "quicksync-library", "--example"];
    let mut example = cargo(&example);
    example.args(["scan_cost", "--"]).arg(&music).arg(place.path().join("scan.db"));
    let printed = output(&mut example)?;
    let costs: HashMap<String, f64> =
        serde_json::from_str(&printed).with_context(|| format!("not figures: {printed}"))?;
    let program = house::program()?;
    let data = place.path().join("data");
    let (new_s, unchanged_s) = (scan(&program, &music, &data)?, scan(&program, &music, &data)?);
    figures(&costs, new_s, unchanged_s).context("a benchmark left a figure out")
}

fn write_album(music: &Path, album: u32) -> Result<()> {
    let folder = music.join(format!("Artist {:02}/Album {album:03}", album % 50));
    std::fs::create_dir_all(&folder)?;
    let cover = demo::cover(album);
    for track in 1..=TRACKS_OF_ALBUM {
        let tags = [
            ("TITLE", format!("Track {track}")),
            ("ARTIST", format!("Artist {:02}", album % 50)),
            ("ALBUM", format!("Album {album:03}")),
            ("TRACKNUMBER", track.to_string()),
        ];
        let file = demo::noise(album * TRACKS_OF_ALBUM + track, &tags, &cover);
        std::fs::write(folder.join(format!("{track:02}.flac")), file)?;
    }
    Ok(())
}

/// Seconds that the program takes to read the folder into its database.
fn scan(program: &PathBuf, music: &Path, data: &Path) -> Result<f64> {
    let begun = Instant::now();
    let mut scan = Command::new(program);
    output(scan.args(["scan", "--data"]).arg(data).arg("--music").arg(music))?;
    Ok(begun.elapsed().as_secs_f64())
}

fn figures(costs: &HashMap<String, f64>, new_s: f64, unchanged_s: f64) -> Option<Vec<Figure>> {
    let files = costs.get("files")?;
    let rate = |key: &str| Some(files / costs.get(key)?);
    let of = |name, value, beside| Figure { name, value, unit: "/s", beside };
    let tags = Beside::Peer("tags alone", rate("bare_tags_s")?);
    let stat = Beside::Peer("stat alone", rate("bare_stat_s")?);
    Some(vec![
        of("new files, in one process", rate("new_s")?, tags),
        of("unchanged files, in one process", rate("unchanged_s")?, stat),
        of("new files, program, read whole twice", files / new_s, tags),
        of("unchanged files, program", files / unchanged_s, stat),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_files_a_second() {
        let mut costs = HashMap::from([("files".to_owned(), 2000.0)]);
        for (key, seconds) in
            [("bare_tags_s", 0.5), ("bare_stat_s", 0.01), ("new_s", 1.0), ("unchanged_s", 0.1)]
        {
            assert!(figures(&costs, 10.0, 0.5).is_none(), "without {key}");
            costs.insert(key.to_owned(), seconds);
        }
        let found = figures(&costs, 10.0, 0.5).unwrap_or_default();
        let values: Vec<_> = found.iter().map(|figure| figure.value.round()).collect();
        assert_eq!(values, [2000.0, 20_000.0, 200.0, 4000.0]);
        assert!((found[0].ratio() - 0.5).abs() < 1e-9 && (found[1].ratio() - 0.1).abs() < 1e-9);
    }
}
