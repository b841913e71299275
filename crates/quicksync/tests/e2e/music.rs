//! Small music files in every format, made by ffmpeg from one formula.

use std::path::Path;
use std::process::Command;

/// How a file is made, and what must be found in it.
pub(crate) struct Format {
    pub(crate) extension: &'static str,
    pub(crate) codec: &'static str,
    /// Options of ffmpeg.
    pub(crate) encoder: &'static [&'static str],
    pub(crate) rate: u32,
    /// Rungs of its ladder; 0 where the encoder's rate is not known ahead.
    pub(crate) qualities: usize,
}

/// Sample frames in a file at 44.1 kHz: no multiple of anything.
pub(crate) const SAMPLES: u64 = 418_951;

/// Every format; a lossy one has the rungs up to its own rate.
pub(crate) const FORMATS: &[Format] = &[
    Format { extension: "flac", codec: "flac", encoder: &[], rate: 44_100, qualities: 4 },
    Format { extension: "wav", codec: "pcm", encoder: &[], rate: 44_100, qualities: 4 },
    Format {
        extension: "mp3",
        codec: "mp3",
        encoder: &["-c:a", "libmp3lame", "-b:a", "128k"],
        rate: 44_100,
        qualities: 2,
    },
    Format {
        extension: "m4a",
        codec: "aac",
        encoder: &["-c:a", "aac", "-b:a", "192k"],
        rate: 44_100,
        qualities: 3,
    },
    Format {
        extension: "ogg",
        codec: "vorbis",
        encoder: &["-c:a", "libvorbis", "-q:a", "5"],
        rate: 44_100,
        qualities: 0,
    },
    Format {
        extension: "opus",
        codec: "opus",
        encoder: &["-c:a", "libopus", "-b:a", "96k"],
        rate: 48_000,
        qualities: 0,
    },
];

/// Writes the file of one format.
pub(crate) fn write(folder: &Path, format: &Format) {
    let path = folder.join(format!("{}.{}", format.extension, format.extension));
    let title = format!("Piece in {}", format.extension);
    let tags = [("title", title.as_str()), ("artist", "Ärzte & Co"), ("album", "Formats")];
    make(&path, SAMPLES, format.encoder, &tags);
}

/// Writes a FLAC file of so many samples.
pub(crate) fn write_flac(folder: &Path, name: &str, samples: u64) {
    make(&folder.join(format!("{name}.flac")), samples, &[], &[("title", name)]);
}

/// Writes the frames `range` of a piece at 48 kHz that is loud everywhere and the same in every file.
pub(crate) fn write_piece(
    folder: &Path,
    title: &str,
    album: &str,
    track: u64,
    range: std::ops::Range<u64>,
) {
    let formula = "0.3*sin(2*PI*(200+20*t)*t)+0.1*sin(2*PI*(1500+70*t)*t)+0.02*(random(0)-0.5)|\
                   0.3*sin(2*PI*330*t)+0.1*sin(2*PI*2500*t)+0.02*(random(1)-0.5)";
    let (start, end) = (range.start, range.end);
    let source = format!("aevalsrc={formula}:s=48000,atrim=start_sample={start}:end_sample={end}");
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-f", "lavfi", "-i", &source])
        .args(["-metadata", &format!("title={title}"), "-metadata", &format!("album={album}")])
        .args(["-metadata", &format!("track={track}"), "-metadata", "artist=Ann"])
        .arg(folder.join(format!("{title}.flac")))
        .status()
        .expect("ffmpeg must be installed: cargo xtask test");
    assert!(status.success(), "ffmpeg cannot make {title}");
}

/// The frames of a file or playlist as ffmpeg decodes them: integers of 32 bits, in its own rate and
/// channels. Nothing is said aloud that `level` counts as worth a word.
pub(crate) fn decoded_bits(url: &str, level: &str) -> Vec<u8> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", level, "-xerror", "-nostdin", "-i", url]);
    command.args(["-map", "0:a", "-f", "s32le", "-"]);
    let output = command.output().expect("ffmpeg must be installed: cargo xtask test");
    let warnings = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && warnings.is_empty(), "{url}: {warnings}");
    output.stdout
}

fn make(path: &Path, samples: u64, encoder: &[&str], tags: &[(&str, &str)]) {
    let formula = "0.3*sin(2*PI*(300+40*t)*t)+0.1*sin(2*PI*3000*t*(1+0.001*t))|0.3*sin(2*PI*440*t)";
    let source = format!("aevalsrc={formula}:s=44100,atrim=end_sample={samples}");
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-f", "lavfi", "-i", &source]).args(encoder);
    for (name, value) in tags {
        command.args(["-metadata", &format!("{name}={value}")]);
    }
    let status = command.arg(path).status().expect("ffmpeg must be installed: cargo xtask test");
    assert!(status.success(), "ffmpeg cannot make {}", path.display());
}

/// What ffmpeg decodes from a URL or file: sample frames, and not one warning.
pub(crate) fn decoded_samples(url: &str) -> u64 {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "warning", "-xerror", "-nostdin", "-i", url]);
    command.args(["-f", "s16le", "-ac", "2", "-ar", "48000", "-"]);
    let output = command.output().expect("ffmpeg must be installed: cargo xtask test");
    let warnings = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && warnings.is_empty(), "{url}: {warnings}");
    output.stdout.len() as u64 / 4
}
