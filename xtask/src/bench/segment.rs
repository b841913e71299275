//! Segments: what a cold one costs, beside the bare work that is in it and beside the process that
//! music servers start for it; what a warm one makes wait.
//!
//! The same places of the same made music, four minutes of FLAC; processor time, so that a busy
//! machine changes little. Ours and the bare work take turns, segment by segment.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::house::{self, House, Place, Share};
use super::{Beside, Figure, ffmpeg, median, music};
use crate::steps::{cargo, output};

/// Seconds in a segment.
const SEGMENT_S: f64 = 3.84;
const MUSIC_S: u32 = 240;
/// Segments that ffmpeg makes: fewer, for each takes a process.
const PEER_SEGMENTS: u32 = 20;
/// Rounds of all that is compared with each other: the machine is not as fast from one to the next.
const ROUNDS: u32 = 3;
/// Segments asked of the server in a round, in order.
const SERVED_SEGMENTS: u32 = 18;
const RUNGS: [&str; 4] = ["low", "medium", "high", "ultra"];
/// A segment beside the bare work.
const OVER_BARE: f64 = 1.15;
/// Four rungs at once beside one decode and resample and four bare encodes.
const FOUR_OVER_BARE: f64 = 1.1;
/// A segment beside a process for it.
const OVER_FFMPEG: f64 = 1.0 / 3.0;
/// The wait for a segment that is there, milliseconds.
const WARM_MS: f64 = 1.0;
/// The wait for the first second of sound, milliseconds.
const FIRST_SECOND_MS: f64 = 25.0;

/// What ffmpeg takes for a segment, CPU milliseconds.
#[derive(Clone, Copy, Debug)]
struct Peers {
    fetched_opus: f64,
    fetched_mp3: f64,
    fetched_aac: f64,
    installed_opus: f64,
}

/// Builds what is measured, for release, and measures it.
pub(crate) fn measure() -> Result<Vec<Figure>> {
    house::build()?;
    let fetched = ffmpeg::fetched()?;
    let place = Place::new()?;
    let music = place.folder("music")?.join("a.flac");
    music::write_flac(&music, 1, MUSIC_S)?;
    let example = ["run", "--quiet", "--release", "-p", "quicksync-media", "--example", "cost"];
    let house = House::open(place, Share::default())?;
    let served = Served::new(&house)?;
    let (mut ours, mut servings) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let printed = output(cargo(&example).args(["--features", "mp3", "--"]).arg(&music))?;
        let figures: HashMap<String, f64> =
            serde_json::from_str(&printed).with_context(|| format!("not figures: {printed}"))?;
        ours.push(figures);
        servings.push(served.round(round)?);
    }
    let peers = Peers {
        fetched_opus: peer(&fetched, &music, "libopus")?,
        fetched_mp3: peer(&fetched, &music, "libmp3lame")?,
        fetched_aac: peer(&fetched, &music, "aac")?,
        installed_opus: peer(&PathBuf::from("ffmpeg"), &music, "libopus")?,
    };
    figures(&medians(&ours), peers, median(servings)).context("a benchmark left a figure out")
}

/// The median of each figure.
fn medians(rounds: &[HashMap<String, f64>]) -> HashMap<String, f64> {
    let keys = rounds.iter().flat_map(HashMap::keys).cloned();
    let of = |key: &str| median(rounds.iter().filter_map(|figures| figures.get(key).copied()));
    keys.map(|key| (key.clone(), of(&key))).collect()
}

/// A server that is asked for segments it has not made yet.
struct Served<'a> {
    house: &'a House,
    template: String,
}

impl<'a> Served<'a> {
    fn new(house: &'a House) -> Result<Self> {
        let track = house.tracks()?.first().cloned().context("no track")?;
        let manifest =
            house.manifest(&track, house.token(), "00000000-0000-4000-8000-000000000001")?;
        let rungs = manifest["ladder"].as_array().context("no ladder")?;
        let rung = rungs.iter().find(|rung| rung["quality"] == "medium").context("no 128 kbps")?;
        let served = Self { house, template: house::path_of(&rung["segment_url"])? };
        // The first starts a worker; the one after it is made ahead.
        served.get(0)?;
        Ok(served)
    }

    fn get(&self, n: u32) -> Result<()> {
        let path = self.template.replace("{n}", &n.to_string());
        house::get(self.house.address(), &path, "").map(drop)
    }

    /// CPU milliseconds of the server and its workers for a cold segment at 128 kbps.
    fn round(&self, round: u32) -> Result<f64> {
        // Behind the one that the round before had made ahead.
        let first = 2 + round * (SERVED_SEGMENTS + 2);
        let before = self.house.usage()?;
        (first..first + SERVED_SEGMENTS).try_for_each(|n| self.get(n))?;
        // The last one asked for has the next one made ahead too.
        std::thread::sleep(std::time::Duration::from_millis(500));
        Ok((self.house.usage()?.cpu_ms - before.cpu_ms) / f64::from(SERVED_SEGMENTS + 1))
    }
}

/// CPU milliseconds of one ffmpeg process for one segment, with input seeking, the quicker way.
fn peer(program: &Path, music: &Path, encoder: &str) -> Result<f64> {
    let script = format!(
        "for n in $(seq 1 {PEER_SEGMENTS}); do \"$0\" -nostdin -v error -ss $((n * 10)) \
         -t {SEGMENT_S} -i \"$1\" -map 0:a:0 -c:a {encoder} -b:a 128k -ar 48000 \
         -f mp4 -movflags frag_keyframe+empty_moov - > /dev/null || exit 1; done; times"
    );
    let printed = output(Command::new("bash").args(["-c", &script]).arg(program).arg(music))?;
    // The second line is the time of the children: user, system.
    let times = printed.lines().last().context("no times")?;
    let seconds = times.split_whitespace().filter_map(seconds).sum::<f64>();
    Ok(seconds * 1e3 / f64::from(PEER_SEGMENTS))
}

/// `1m2.345s` in seconds.
fn seconds(text: &str) -> Option<f64> {
    let (minutes, seconds) = text.strip_suffix('s')?.split_once('m')?;
    Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
}

fn figures(ours: &HashMap<String, f64>, peers: Peers, served: f64) -> Option<Vec<Figure>> {
    let of = |key: &str| ours.get(key).copied();
    let cpu = |name, value, beside| Figure { name, value, unit: "ms", beside };
    let samples = of("bare_samples_cpu_ms")?;
    let bare = |rung: &str| Some(samples + of(&format!("bare_{rung}_cpu_ms"))?);
    let encodes = RUNGS.iter().map(|rung| of(&format!("bare_{rung}_cpu_ms")));
    let four_bare = samples + encodes.sum::<Option<f64>>()?;
    let medium = of("opus_medium_cpu_ms")?;
    let beside_bare = |rung: &str| Some(Beside::AtMost(OVER_BARE, "bare", bare(rung)?));
    let mut figures = vec![
        cpu("cold, Opus 64 kbps, CPU", of("opus_low_cpu_ms")?, beside_bare("low")?),
        cpu("cold, Opus 128 kbps, CPU", medium, beside_bare("medium")?),
        cpu("cold, Opus 256 kbps, CPU", of("opus_high_cpu_ms")?, beside_bare("high")?),
        cpu("cold, Opus 320 kbps, CPU", of("opus_ultra_cpu_ms")?, beside_bare("ultra")?),
        cpu("cold, Opus 128 kbps, server and worker, CPU", served, beside_bare("medium")?),
        cpu(
            "cold, Opus 128 kbps, beside a static ffmpeg",
            medium,
            Beside::AtMost(OVER_FFMPEG, "static", peers.fetched_opus),
        ),
        cpu(
            "cold, Opus 128 kbps, beside the installed one",
            medium,
            Beside::AtMost(OVER_FFMPEG, "installed", peers.installed_opus),
        ),
        cpu(
            "four rungs at once, CPU",
            of("opus_four_rungs_cpu_ms")?,
            Beside::AtMost(FOUR_OVER_BARE, "bare", four_bare),
        ),
        cpu("first second of sound, wall", of("first_second_wall_ms")?, {
            Beside::Limit(FIRST_SECOND_MS)
        }),
        cpu("warm, 99th percentile, wall", of("warm_p99_wall_ms")?, Beside::Limit(WARM_MS)),
        cpu("cold, FLAC, CPU", of("flac_lossless_cpu_ms")?, {
            Beside::Peer("static, Opus", peers.fetched_opus)
        }),
    ];
    for (name, key, peer) in [
        ("cold, MP3 128 kbps, CPU", "mp3_medium_cpu_ms", peers.fetched_mp3),
        ("cold, AAC 128 kbps, CPU", "aac_medium_cpu_ms", peers.fetched_aac),
    ] {
        // Codecs that this build leaves out have no figure.
        figures.extend(of(key).map(|value| cpu(name, value, Beside::Peer("static", peer))));
    }
    Some(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEERS: Peers =
        Peers { fetched_opus: 45.0, fetched_mp3: 90.0, fetched_aac: 140.0, installed_opus: 120.0 };

    #[test]
    fn a_round_that_the_machine_slowed_down_counts_for_nothing() {
        let round = |value: f64| HashMap::from([("a".to_owned(), value)]);
        let found = medians(&[round(1.0), round(9.0), round(2.0)]);
        assert!((found["a"] - 2.0).abs() < 1e-9 && found.len() == 1);
    }

    #[test]
    fn times_are_read() {
        assert_eq!(seconds("1m2.500s"), Some(62.5));
        assert_eq!(seconds("0m0.020s"), Some(0.02));
        assert_eq!(seconds("2.5"), None);
    }

    #[test]
    fn every_figure_is_asked_for_and_stands_beside_its_work() {
        let mut ours: HashMap<String, f64> = HashMap::new();
        for rung in RUNGS {
            ours.insert(format!("opus_{rung}_cpu_ms"), 33.0);
            ours.insert(format!("bare_{rung}_cpu_ms"), 25.0);
        }
        ours.insert("bare_samples_cpu_ms".into(), 5.0);
        for key in ["flac_lossless_cpu_ms", "opus_four_rungs_cpu_ms", "first_second_wall_ms"] {
            ours.insert(key.into(), 105.0);
        }
        assert!(figures(&ours, PEERS, 36.0).is_none());
        ours.insert("warm_p99_wall_ms".into(), 0.1);
        let found = figures(&ours, PEERS, 36.0).unwrap_or_default();
        assert_eq!(found.len(), 11);
        assert!((found[1].ratio() - 1.1).abs() < 1e-9 && !found[1].is_missed());
        assert!((found[7].ratio() - 1.0).abs() < 1e-9);
        ours.insert("mp3_medium_cpu_ms".into(), 30.0);
        assert_eq!(figures(&ours, PEERS, 36.0).map(|found| found.len()), Some(12));
    }
}
