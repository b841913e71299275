//! Segments: what one costs in each codec, beside the process that music servers start for it.
//!
//! The same 40 places of the same made music, four minutes of FLAC, in the same run; CPU time, so
//! that a busy machine changes little. The peer is the ffmpeg that is installed: one process for each
//! segment, as a seek makes one, with input seeking, which is the quicker way.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::{Beside, Figure};
use crate::steps::{cargo, output};

/// Seconds in a segment.
const SEGMENT_S: f64 = 3.84;
/// Seconds of music.
const MUSIC_S: u32 = 240;
/// Segments that ffmpeg makes: fewer, for each takes a process.
const PEER_SEGMENTS: u32 = 20;
/// Four rungs beside four times one: the decode is shared.
const RUNGS: [&str; 4] = ["low", "medium", "high", "ultra"];

/// Builds what is measured, for release, and measures it.
pub(crate) fn measure() -> Result<Vec<Figure>> {
    let folder = std::env::temp_dir().join(format!("quicksync-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let music = folder.join("music.flac");
    let measured = make_music(&music).and_then(|()| {
        let mut cost = cargo(&[
            "run",
            "--quiet",
            "--release",
            "-p",
            "quicksync-media",
            "--example",
            "cost",
            "--features",
            "mp3",
        ]);
        let ours = output(cost.arg("--").arg(&music))?;
        Ok((ours, peer(&music, "libopus")?, peer(&music, "libmp3lame")?))
    });
    std::fs::remove_dir_all(&folder)?;
    let (ours, opus, mp3) = measured?;
    let ours: HashMap<String, f64> =
        serde_json::from_str(&ours).with_context(|| format!("not figures: {ours}"))?;
    figures(&ours, opus, mp3).context("a benchmark left a figure out")
}

/// Chords in pink noise: neither silence nor a tone, which encoders would be done with too soon.
fn make_music(to: &Path) -> Result<()> {
    let graph = "[0][1][2]amix=inputs=3,pan=stereo|c0=c0|c1=0.8*c0,aformat=sample_fmts=s16";
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-y"]);
    for source in ["anoisesrc=c=pink:a=0.3:seed=7", "sine=f=220:b=4", "sine=f=554"] {
        ffmpeg.args(["-f", "lavfi", "-i"]).arg(format!("{source}:r=44100:d={MUSIC_S}"));
    }
    output(ffmpeg.args(["-filter_complex", graph]).arg(to)).map(drop)
}

/// CPU milliseconds of one ffmpeg process for one segment.
fn peer(music: &Path, encoder: &str) -> Result<f64> {
    let script = format!(
        "for n in $(seq 1 {PEER_SEGMENTS}); do ffmpeg -nostdin -v error -ss $((n * 10)) \
         -t {SEGMENT_S} -i \"$0\" -c:a {encoder} -b:a 128k -ar 48000 -f null -; done; times"
    );
    let printed = output(Command::new("bash").args(["-c", &script]).arg(music))?;
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

fn figures(ours: &HashMap<String, f64>, opus: f64, mp3: f64) -> Option<Vec<Figure>> {
    let of = |key: &str| ours.get(key).copied();
    let cost = |name, key: &str, beside| Some(Figure { name, value: of(key)?, unit: "ms", beside });
    let ffmpeg = |ms| Beside::Peer("ffmpeg", ms);
    let alone = RUNGS.iter().map(|rung| of(&format!("opus_{rung}_cpu_ms"))).sum::<Option<f64>>()?;
    let of_real_time = |name, key: &str| {
        let value = SEGMENT_S * 1e3 / of(key)?;
        Some(Figure { name, value, unit: "x", beside: Beside::Peer("real time", 1.0) })
    };
    Some(vec![
        cost("cold segment, Opus 128 kbps, CPU", "opus_medium_cpu_ms", ffmpeg(opus))?,
        cost("cold segment, Opus 320 kbps, CPU", "opus_ultra_cpu_ms", ffmpeg(opus))?,
        cost("cold segment, MP3 128 kbps, CPU", "mp3_medium_cpu_ms", ffmpeg(mp3))?,
        cost("cold segment, FLAC, CPU", "flac_lossless_cpu_ms", ffmpeg(opus))?,
        cost(
            "four rungs of a segment, CPU",
            "opus_four_rungs_cpu_ms",
            Beside::Peer("apart", alone),
        )?,
        cost("first second of sound, cold, wall", "first_second_wall_ms", Beside::Limit(25.0))?,
        of_real_time("Opus 128 kbps, one core", "opus_medium_cpu_ms")?,
        of_real_time("MP3 128 kbps, one core", "mp3_medium_cpu_ms")?,
        of_real_time("FLAC, one core", "flac_lossless_cpu_ms")?,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(seconds("1m2.500s"), Some(62.5));
        assert_eq!(seconds("0m0.020s"), Some(0.02));
        assert_eq!(seconds("2.5"), None);
    }

    #[test]
    fn every_figure_is_asked_for() {
        let mut ours: HashMap<String, f64> =
            RUNGS.iter().map(|rung| (format!("opus_{rung}_cpu_ms"), 30.0)).collect();
        for key in ["mp3_medium_cpu_ms", "flac_lossless_cpu_ms", "opus_four_rungs_cpu_ms"] {
            ours.insert(key.into(), 40.0);
        }
        assert_eq!(figures(&ours, 120.0, 120.0), None);
        ours.insert("first_second_wall_ms".into(), 12.0);
        let found = figures(&ours, 120.0, 120.0).unwrap_or_default();
        assert_eq!(found.len(), 9);
        assert!((found[0].ratio() - 0.25).abs() < 1e-9 && (found[6].value - 128.0).abs() < 1e-9);
    }
}
