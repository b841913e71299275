//! Makes the sound that is checked: tones that swell over noise, another in each channel.
//!
//! Decides what it sounds like. Never: how it is stored, beyond handing ffmpeg its options.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::kinds::Kind;
use crate::steps::run;

/// Long enough for a whole segment, one in the middle and a part of a third.
const SECONDS: u32 = 9;
/// So that no length is a round number of anything.
const ODD_SAMPLES: u32 = 7;
/// What the pitches of each channel are reckoned from, in Hz: all below half of the lowest rate.
const LOWEST_HZ: f64 = 196.0;

/// Writes `kind` at `rate` Hz in `layout` to `path`.
pub(super) fn write(path: &Path, kind: &Kind, rate: u32, layout: &str) -> Result<()> {
    let voices: Vec<String> = (0..channels(layout)).map(voice).collect();
    let samples = rate * SECONDS + ODD_SAMPLES;
    let source =
        format!("aevalsrc='{}':s={rate}:c={layout},atrim=end_sample={samples}", voices.join("|"));
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", &source]);
    let made = run(ffmpeg.args(kind.options).arg(path));
    made.with_context(|| format!("ffmpeg cannot make {}", path.display()))
}

/// Two tones and low-passed noise, which a codec has to spend its bits on.
fn voice(channel: u32) -> String {
    let low = LOWEST_HZ * (1.0 + f64::from(channel) / 5.0);
    let seed = channel + 1;
    format!(
        "0.2*sin(2*PI*{low}*t)*(0.6+0.4*sin({}*t))+0.1*sin(2*PI*{}*t)\
         +st(0,0.9*ld(0)+0.1*(random(1+0*if(eq(n,0),st(1,{seed})))-0.5))",
        2 + channel,
        low * 5.03,
    )
}

fn channels(layout: &str) -> u32 {
    match layout {
        "mono" => 1,
        "stereo" => 2,
        "quad" => 4,
        // "5.1" is six.
        _ => layout.split('.').filter_map(|part| part.parse::<u32>().ok()).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_counted() {
        for (layout, count) in
            [("mono", 1), ("stereo", 2), ("3.0", 3), ("quad", 4), ("5.1", 6), ("7.1", 8)]
        {
            assert_eq!(channels(layout), count, "{layout}");
        }
    }
}
