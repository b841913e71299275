//! Makes sound and files of it: WAV and AIFF by hand, everything else by ffmpeg.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::mutate::Lcg;

/// Interleaved 16-bit music of a kind: three moving partials and some noise, with a pause.
pub(crate) fn music(channels: u16, rate: u32, frames: u32) -> Vec<i16> {
    let mut noise = Lcg(7);
    let mut samples = Vec::new();
    for n in 0..frames {
        let t = f64::from(n) / f64::from(rate);
        let paused = (0.55..0.7).contains(&(f64::from(n) / f64::from(frames)));
        for channel in 0..channels {
            let pitch = 220.0 * f64::from(channel + 1);
            let tone: f64 = [(1.0, 0.5), (2.01, 0.2), (5.3, 0.1)]
                .iter()
                .map(|(k, level)| level * (std::f64::consts::TAU * pitch * k * t + t * t).sin())
                .sum();
            let hiss = (noise.below(2001) as f64 - 1000.0) / 1000.0 * 0.05;
            let swell = 0.6 + 0.4 * (3.0 * t).sin();
            let value = if paused { 0.0 } else { (tone + hiss) * swell * 28_000.0 };
            samples.push(value.clamp(-32_768.0, 32_767.0) as i16);
        }
    }
    samples
}

/// A directory of files that goes away with the test.
pub(crate) struct Shelf {
    dir: TempDir,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The music as a 16-bit WAV, made once a shelf.
    pub(crate) fn wav(&self, channels: u16, rate: u32, frames: u32) -> PathBuf {
        let name = format!("{channels}-{rate}-{frames}.wav");
        let path = self.path(&name);
        if path.exists() {
            return path;
        }
        let body: Vec<u8> =
            music(channels, rate, frames).iter().flat_map(|s| s.to_le_bytes()).collect();
        self.put(&name, &wav(1, channels, rate, 16, &body))
    }

    /// `source` through ffmpeg with `args`, as `name`.
    pub(crate) fn encode(&self, source: &Path, name: &str, args: &[&str]) -> PathBuf {
        let path = self.path(name);
        let fixed = ["-fflags", "+bitexact", "-flags:a", "+bitexact", "-y"];
        let mut all: Vec<&OsStr> = vec!["-i".as_ref(), source.as_os_str()];
        all.extend(args.iter().map(OsStr::new));
        all.extend(fixed.iter().map(OsStr::new));
        all.push(path.as_os_str());
        ffmpeg(&all);
        path
    }
}

/// One format under test: how it is encoded, and what it must equal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Format {
    pub(crate) name: &'static str,
    pub(crate) args: &'static [&'static str],
    /// How far a sample may lie from the reference decoder's.
    pub(crate) tolerance: f32,
    /// Channels and rate of what is encoded.
    pub(crate) channels: u16,
    pub(crate) rate: u32,
}

const fn format(name: &'static str, args: &'static [&'static str], tolerance: f32) -> Format {
    Format { name, args, tolerance, channels: 2, rate: 44_100 }
}

/// Every container and codec. AAC without noise substitution, whose noise no two decoders share.
pub(crate) const FORMATS: [Format; 25] = [
    format("pcm.wav", &["-c:a", "pcm_s16le"], 0.0),
    format("pcm.aiff", &["-c:a", "pcm_s24be"], 0.0),
    format("native.flac", &["-c:a", "flac"], 0.0),
    format("flac.oga", &["-c:a", "flac"], 0.0),
    format("alac.m4a", &["-c:a", "alac"], 0.0),
    format("cbr.mp3", &["-c:a", "libmp3lame", "-b:a", "128k"], 1e-4),
    format("vbr.mp3", &["-c:a", "libmp3lame", "-q:a", "4"], 1e-4),
    format("untagged.mp3", &["-c:a", "libmp3lame", "-b:a", "64k", "-write_xing", "0"], 1e-4),
    Format {
        channels: 1,
        rate: 22_050,
        ..format("mono.mp3", &["-c:a", "libmp3lame", "-b:a", "48k"], 1e-4)
    },
    format("stereo.ogg", &["-c:a", "libvorbis", "-q:a", "4"], 1e-4),
    Format { channels: 1, rate: 32_000, ..format("mono.ogg", &["-c:a", "libvorbis"], 1e-4) },
    Format { channels: 6, rate: 48_000, ..format("surround.flac", &["-c:a", "flac"], 1e-6) },
    Format { rate: 48_000, channels: 6, ..format("surround.ogg", &["-c:a", "libvorbis"], 1e-4) },
    // Not coupled, and so by another kind of residue.
    Format { channels: 4, ..format("quad.ogg", &["-c:a", "libvorbis"], 1e-4) },
    Format {
        rate: 48_000,
        ..format("stereo.opus", &["-c:a", "libopus", "-b:a", "96k"], OPUS_TOLERANCE)
    },
    Format {
        channels: 1,
        rate: 48_000,
        ..format(
            "mono.opus",
            &["-c:a", "libopus", "-b:a", "48k", "-frame_duration", "60"],
            OPUS_TOLERANCE,
        )
    },
    format("aac.m4a", &["-c:a", "aac", "-aac_pns", "0", "-b:a", "128k"], 1e-4),
    Format {
        channels: 1,
        rate: 48_000,
        ..format("front.m4a", &["-c:a", "aac", "-aac_pns", "0", "-movflags", "+faststart"], 1e-4)
    },
    format(
        "fragments.m4a",
        &[
            "-b:a",
            "96k",
            "-c:a",
            "aac",
            "-aac_pns",
            "0",
            "-movflags",
            "+frag_keyframe+empty_moov",
            "-frag_duration",
            "500000",
        ],
        1e-4,
    ),
    format("stream.aac", &["-c:a", "aac", "-aac_pns", "0"], 1e-4),
    Format { rate: 48_000, channels: 6, ..format("surround.opus", &SURROUND_OPUS, OPUS_TOLERANCE) },
    Format { rate: 48_000, channels: 8, ..format("7.1.opus", &SURROUND_OPUS, OPUS_TOLERANCE) },
    Format {
        rate: 48_000,
        ..format("opus.mp4", &["-c:a", "libopus", "-b:a", "96k"], OPUS_TOLERANCE)
    },
    Format { rate: 96_000, channels: 8, ..format("7.1.wav", &["-c:a", "pcm_s24le"], 1e-6) },
    format("rf64.wav", &["-c:a", "pcm_s16le", "-rf64", "always"], 0.0),
];

const SURROUND_OPUS: [&str; 6] = ["-c:a", "libopus", "-b:a", "300k", "-mapping_family", "1"];

/// Two versions of libopus agree to a few parts in a hundred thousand of full scale, not to the bit.
const OPUS_TOLERANCE: f32 = 1e-4;

impl Format {
    /// Encodes `frames` of music.
    pub(crate) fn encode(&self, shelf: &Shelf, frames: u32) -> PathBuf {
        let source = shelf.wav(self.channels, self.rate, frames);
        shelf.encode(&source, self.name, self.args)
    }
}

/// A WAV file: `tag` 1 is integers, 3 is float.
pub(crate) fn wav(tag: u16, channels: u16, rate: u32, bits: u16, body: &[u8]) -> Vec<u8> {
    let align = channels * bits / 8;
    let length = u32::try_from(body.len()).unwrap();
    let mut file = b"RIFF".to_vec();
    file.extend((36 + length).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0");
    file.extend(tag.to_le_bytes());
    file.extend(channels.to_le_bytes());
    file.extend(rate.to_le_bytes());
    file.extend((rate * u32::from(align)).to_le_bytes());
    file.extend(align.to_le_bytes());
    file.extend(bits.to_le_bytes());
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(body);
    file
}

/// An AIFF file of big-endian integers. The rate is a whole number below 65,536.
pub(crate) fn aiff(channels: u16, rate: u16, bits: u16, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap();
    let frames = length / u32::from(channels * bits / 8);
    let mut file = b"FORM".to_vec();
    file.extend((46 + length).to_be_bytes());
    file.extend(b"AIFFCOMM\0\0\0\x12");
    file.extend(channels.to_be_bytes());
    file.extend(frames.to_be_bytes());
    file.extend(bits.to_be_bytes());
    // An 80-bit float: exponent, then the mantissa with its first bit set.
    let shift = rate.leading_zeros();
    file.extend((16_383 + 15 - u16::try_from(shift).unwrap()).to_be_bytes());
    file.extend((u64::from(rate) << (48 + shift)).to_be_bytes());
    file.extend(b"SSND");
    file.extend((8 + length).to_be_bytes());
    file.extend([0; 8]);
    file.extend(body);
    file
}

/// What the reference decoder makes of `path`, interleaved, all channels.
pub(crate) fn reference(path: &Path) -> Vec<f32> {
    // Of the two Opus decoders the one whose arithmetic is ours.
    let opus = path.extension().is_some_and(|extension| extension == "opus" || extension == "mp4");
    let decoder: &[&OsStr] = if opus { &["-c:a".as_ref(), "libopus".as_ref()] } else { &[] };
    let wanted = ["-map", "0:a:0", "-f", "f32le", "-c:a", "pcm_f32le", "-"].map(OsStr::new);
    let args = [decoder, &["-i".as_ref(), path.as_os_str()], &wanted].concat();
    let output = ffmpeg(&args).stdout;
    output.as_chunks::<4>().0.iter().map(|sample| f32::from_le_bytes(*sample)).collect()
}

/// LUFS and dBTP of `path` as the reference meter sees what we play: two channels.
pub(crate) fn reference_loudness(path: &Path, channels: u16) -> (f64, f64) {
    let mix = match channels {
        1 => "pan=stereo|c0=c0|c1=c0,",
        // The matrix of the crate, divided by its sum.
        8 => {
            "pan=stereo|c0=.320377*c0+.226541*c2+.226541*c4+.226541*c6\
             |c1=.320377*c1+.226541*c2+.226541*c5+.226541*c7,"
        }
        4 => "pan=stereo|c0=.585786*c0+.414214*c2|c1=.585786*c1+.414214*c3,",
        6 => "pan=stereo|c0=.414214*c0+.292893*c2+.292893*c4|c1=.414214*c1+.292893*c2+.292893*c5,",
        _ => "",
    };
    let filter = format!("{mix}ebur128=peak=true:framelog=verbose");
    let args = ["-nostdin", "-hide_banner", "-nostats", "-i"];
    let output = Command::new("ffmpeg")
        .args(args)
        .arg(path)
        .args(["-map", "0:a:0", "-af", &filter, "-f", "null", "-"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    let summary = text.split_once("Summary:").expect("no summary").1;
    let figure = |label: &str| -> f64 {
        let line = summary.lines().find_map(|line| line.trim().strip_prefix(label)).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    };
    (figure("I:"), figure("Peak:"))
}

fn ffmpeg(args: &[&OsStr]) -> Output {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin"])
        .args(args)
        .output()
        .expect("these tests need ffmpeg: apt-get install ffmpeg");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "ffmpeg {args:?}: {text}");
    output
}
