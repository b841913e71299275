//! Music to measure with: chords in pink noise, which no encoder is done with too soon.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::steps::run;

/// Writes a FLAC file, 16 bit and 44.1 kHz, of so many seconds that sounds like no other `number`.
pub(crate) fn write_flac(path: &Path, number: u32, seconds: u32) -> Result<()> {
    let graph = "[0][1][2]amix=inputs=3,pan=stereo|c0=c0|c1=0.8*c0,aformat=sample_fmts=s16";
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-y"]);
    for source in [
        format!("anoisesrc=c=pink:a=0.3:seed={number}"),
        format!("sine=f={}:b=4", 220 + 37 * number),
        format!("sine=f={}", 554 + 11 * number),
    ] {
        ffmpeg.args(["-f", "lavfi", "-i"]).arg(format!("{source}:r=44100:d={seconds}"));
    }
    ffmpeg.args(["-filter_complex", graph, "-metadata"]).arg(format!("title={number:04}"));
    run(ffmpeg.arg(path)).context("making music takes ffmpeg: apt-get install ffmpeg")
}
