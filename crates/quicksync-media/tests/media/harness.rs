//! A decoder that makes its own music, and the reference decoder's view of our segments.

use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use mp4_atom::{Decode as _, Mdat, Moof, Styp};
use quicksync_decode::{
    Analysis, AudioHash, Codec as SourceCodec, DecodeError, Decoder, Measurement, Probe,
    SourceFormat,
};
use quicksync_media::{Engine, EngineConfig, Programme, Source};
use quicksync_model::{Codec, PACKET_SAMPLES, Rendition};
use tokio::sync::Semaphore;

/// A decoder with one synthesised piece in it, whatever the path.
#[derive(Debug)]
pub(crate) struct Synth {
    rate: u32,
    pcm: Vec<f32>,
    decodes: AtomicUsize,
    /// Each decode takes one permit for good; tests that care hand them out one by one.
    pub(crate) gate: Semaphore,
    /// Decodes that fail before the first one that works.
    pub(crate) failures: AtomicUsize,
}

impl Synth {
    /// `frames` of music at `rate` Hz.
    pub(crate) fn music(rate: u32, frames: usize) -> Arc<Self> {
        Self::of(rate, music(rate, frames))
    }

    /// `frames` of loud noise in all 24 bits.
    pub(crate) fn noise(rate: u32, frames: usize) -> Arc<Self> {
        let mut noise = Noise(0x9e37_79b9);
        Self::of(rate, (0..frames * 2).map(|_| noise.next() + noise.next() / 65_536.0).collect())
    }

    /// The given interleaved stereo.
    pub(crate) fn of(rate: u32, pcm: Vec<f32>) -> Arc<Self> {
        Arc::new(Self {
            rate,
            pcm,
            decodes: AtomicUsize::new(0),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
            failures: AtomicUsize::new(0),
        })
    }

    /// The same, but nothing is decoded until the test adds permits to the gate.
    pub(crate) fn gated(rate: u32, frames: usize) -> Arc<Self> {
        let mut synth = Self::music(rate, frames);
        Arc::get_mut(&mut synth).unwrap().gate = Semaphore::new(0);
        synth
    }

    pub(crate) fn pcm(&self) -> &[f32] {
        &self.pcm
    }

    /// Decodes begun so far; each is one encode.
    pub(crate) fn decodes(&self) -> usize {
        self.decodes.load(Ordering::SeqCst)
    }

    pub(crate) fn source(&self) -> Source {
        Source {
            path: "/music/piece".into(),
            analysis: Analysis {
                format: SourceFormat {
                    codec: SourceCodec::Pcm,
                    sample_rate: self.rate,
                    channels: 2,
                    bits_per_sample: Some(24),
                },
                samples: self.pcm.len() as u64 / 2,
                mean_kbps: 2_304,
                audio_hash: AudioHash([0x5a; 32]),
            },
            stamp: None,
        }
    }
}

impl Synth {
    /// The piece on its own.
    pub(crate) fn programme(&self) -> Programme {
        Programme::track(self.source()).unwrap()
    }
}

#[async_trait]
impl Decoder for Synth {
    async fn probe(&self, _: &Path) -> Result<Probe, DecodeError> {
        let format = self.source().analysis.format;
        Ok(Probe { format, claimed_samples: None })
    }

    async fn analyse(&self, _: &Path) -> Result<Analysis, DecodeError> {
        Ok(self.source().analysis)
    }

    async fn measure(&self, _: &Path, _: u64) -> Result<Measurement, DecodeError> {
        Err(DecodeError::Unsupported("no segment needs it".into()))
    }

    async fn decode(&self, _: &Path, start: u64, frames: u32) -> Result<Vec<f32>, DecodeError> {
        self.decodes.fetch_add(1, Ordering::SeqCst);
        self.gate.acquire().await.unwrap().forget();
        let countdown = |left: usize| left.checked_sub(1);
        if self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, countdown).is_ok() {
            return Err(DecodeError::Unreadable("on purpose".into()));
        }
        let start = usize::try_from(start).unwrap() * 2;
        let end = (start + frames as usize * 2).min(self.pcm.len());
        Ok(self.pcm.get(start..end).unwrap_or_default().to_vec())
    }
}

/// Two workers, no disk, nothing encoded that was not asked for.
pub(crate) fn config() -> EngineConfig {
    EngineConfig {
        memory_bytes: 64 * 1024 * 1024,
        disk: None,
        workers: NonZeroUsize::new(2).unwrap(),
        max_waiting: 1_000,
        encode_ahead: false,
    }
}

pub(crate) async fn engine(decoder: &Arc<Synth>) -> Engine {
    Engine::open(config(), Arc::clone(decoder) as _).await.unwrap()
}

/// Chords that change twice a second, a noisy beat and a quiet hiss; different left and right.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a test signal needs no more precision than f32 has"
)]
fn music(rate: u32, frames: usize) -> Vec<f32> {
    let mut noise = Noise(0x9e37_79b9);
    let mut pcm = Vec::with_capacity(frames * 2);
    for n in 0..frames {
        let t = n as f64 / f64::from(rate);
        let hiss = f64::from(noise.next()) * 0.01;
        // 0.37 s between beats, so that they fall anywhere against the segment grid.
        let beat = f64::from(noise.next()) * 0.5 * (-(t % 0.37) * 60.0).exp();
        let root = 110.0 * [1.0, 1.125, 1.334, 1.5, 0.84][(t * 2.0) as usize % 5];
        let strike = (-(t % 0.5) * 3.0).exp();
        let partial = |times: f64, phase: f64| {
            (std::f64::consts::TAU * root * times * t + phase).sin() * strike / (times + 4.0)
        };
        let chord: f64 =
            [1.0, 2.0, 2.5, 3.0, 5.0, 8.0, 13.0].iter().map(|p| partial(*p, 0.0)).sum();
        let wide: f64 = [1.5, 4.0, 7.0].iter().map(|p| partial(*p, 1.0)).sum();
        pcm.push((0.5 * (chord + 0.5 * wide) + beat + hiss) as f32);
        pcm.push((0.5 * (chord - 0.5 * wide) + 0.6 * beat - hiss) as f32);
    }
    pcm
}

/// xorshift32, in -1..1.
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        f32::from(u16::try_from(self.0 >> 16).unwrap()) / 32_768.0 - 1.0
    }
}

/// A segment taken apart again.
pub(crate) struct Parsed {
    pub(crate) start: u64,
    pub(crate) durations: Vec<u32>,
    pub(crate) packet_bytes: u32,
    pub(crate) payload: Vec<u8>,
}

pub(crate) fn parse(segment: &Bytes) -> Parsed {
    let mut rest = segment.as_ref();
    Styp::decode(&mut rest).unwrap();
    let moof = Moof::decode(&mut rest).unwrap();
    let payload = Mdat::decode(&mut rest).unwrap().data;
    assert_eq!(rest, b"");
    let traf = &moof.traf[0];
    Parsed {
        start: traf.tfdt.as_ref().unwrap().base_media_decode_time,
        durations: traf.trun[0]
            .samples
            .iter()
            .map(|entry| entry.duration.unwrap_or(PACKET_SAMPLES))
            .collect(),
        packet_bytes: traf.tfhd.default_sample_size.unwrap(),
        payload,
    }
}

/// The stream with segment `n` at `rung(n)`, as one file.
pub(crate) async fn stream(
    engine: &Engine,
    source: &Programme,
    segments: u64,
    rung: impl Fn(u64) -> Rendition,
) -> Vec<u8> {
    let is_mp4 = rung(0).codec() != Codec::Mp3;
    let mut file = engine.init_segment_of(rung(0).codec()).map(Vec::from).unwrap_or_default();
    for index in 0..segments {
        let segment = engine.segment(source, rung(index), index).await.unwrap();
        // A tag of fewer than 128 bytes says when an MP3 segment begins; frames follow.
        let frames = if is_mp4 { 0 } else { 10 + usize::from(segment[9]) };
        file.extend_from_slice(&segment[frames..]);
    }
    file
}

/// What ffmpeg makes of a file: interleaved stereo at 48 kHz. One word of warning is a failure.
pub(crate) fn reference_decode(file: &[u8]) -> Vec<f32> {
    let bytes = ffmpeg(file, &["-f", "f32le", "-ac", "2", "-ar", "48000"]);
    bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

/// The same for a lossless file: its own integers, of so many bits.
pub(crate) fn decode_integers(file: &[u8], bits: u32) -> Vec<i32> {
    let bytes = ffmpeg(file, &["-f", "s32le", "-c:a", "pcm_s32le"]);
    let integers = bytes.as_chunks::<4>().0.iter().map(|bytes| i32::from_le_bytes(*bytes));
    integers.map(|value| value >> (32 - bits)).collect()
}

fn ffmpeg(file: &[u8], output: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stream");
    std::fs::write(&path, file).unwrap();
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "warning", "-xerror", "-err_detect", "explode", "-i"])
        .arg(&path)
        .args(output)
        .arg("-")
        .stdin(Stdio::null())
        .output()
        .expect("these tests need the reference decoder: apt-get install ffmpeg");
    let said = String::from_utf8_lossy(&output.stderr);
    // Bare MP3 frames state no length, and are not supposed to.
    let said: String =
        said.lines().filter(|line| !line.contains("Estimating duration from bitrate")).collect();
    assert!(output.status.success() && said.is_empty(), "ffmpeg: {} {said}", output.status);
    output.stdout
}

/// Rows of figures for the log of a test run.
#[expect(clippy::print_stdout, reason = "figures are for the log of the test run")]
pub(crate) fn table(title: &str, rows: impl IntoIterator<Item = String>) {
    let mut text = format!("{title}\n");
    for row in rows {
        let _ = writeln!(text, "  {row}");
    }
    println!("{text}");
}
