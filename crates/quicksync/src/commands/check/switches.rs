//! How much coding noise a change of quality adds.
//!
//! The rungs change at every segment. The noise in the 40 ms after each change is held against the
//! same music at the worse of the two rungs without a boundary there: encoded once more, half a
//! segment later. The samples are taken as if they were of 48 kHz, so that they themselves are the
//! reference and no resampler is.

use std::path::PathBuf;
use std::sync::Arc;

use quicksync_decode::decode_linearly;
use quicksync_media::{Engine, MediaError, Programme, Source};
use quicksync_model::{Codec, Quality, Rendition, SAMPLE_RATE, SEGMENT_SAMPLES};

use super::Subject;
use super::claims::Claim;
use super::held::Held;
use super::scratch::Scratch;
use super::segments::engine;

/// Frames in the 40 ms after a boundary, in which a decoder gets into step.
const AFTER: usize = 1_920;
const SEGMENT: usize = SEGMENT_SAMPLES as usize;
/// Half a segment, in whole windows.
const LATE: usize = SEGMENT / AFTER / 2 * AFTER;
/// dB that a change may add on average.
const LIMIT_DB: f64 = 1.0;
/// Power under which a window is silence, and its noise no figure.
const SILENCE: f64 = 1e-7;
/// Rungs so that every one follows nearly every other.
const ORDER: [Quality; 13] = {
    use Quality::{High, Low, Medium, Ultra};
    [Low, Ultra, Low, High, Medium, Ultra, Medium, Low, High, Low, Medium, High, Ultra]
};

/// One claim for each lossy codec that this build makes.
pub(super) async fn errors_after(subject: &Subject) -> Vec<Claim> {
    let mut claims = Vec::new();
    for codec in [Codec::Opus, Codec::Mp3, Codec::Aac] {
        let name = format!("{codec} switches");
        let music = tiled(&subject.linear, ORDER.len() * SEGMENT * 2);
        claims.push(match measure(subject, codec, music).await {
            Ok(Some((mean, worst, count))) => Claim::holds(
                name,
                mean <= LIMIT_DB,
                format!(
                    "{mean:+.2} dB over the worse rung, worst {worst:+.2} dB, {count} switches; \
                     limit {LIMIT_DB:+.0} dB on average"
                ),
            )
            .with_value(mean),
            Ok(None) => Claim::not_run(name, "silence has no noise"),
            Err(Failure::NotMade) => Claim::not_run(name, "this build does not encode it"),
            Err(Failure::Said(why)) => Claim::fail(name, why),
        });
    }
    claims
}

enum Failure {
    NotMade,
    Said(String),
}

impl From<MediaError> for Failure {
    fn from(error: MediaError) -> Self {
        Self::Said(error.to_string())
    }
}

/// Mean and worst excess in dB, and of how many switches.
async fn measure(
    subject: &Subject,
    codec: Codec,
    music: Vec<f32>,
) -> Result<Option<(f64, f64, usize)>, Failure> {
    let late = [vec![0.0; 2 * LATE], music.clone()].concat();
    let switching = decoded(subject, codec, &music, |index| ORDER[index % ORDER.len()]).await?;
    let switching = noise(&switching, &music);
    let mut steady = Vec::new();
    for quality in Quality::ALL {
        let stream = decoded(subject, codec, &late, |_| quality).await?;
        steady.push(noise(stream.get(2 * LATE..).unwrap_or_default(), &music));
    }
    let excess = |boundary: usize| {
        let worse = ORDER[boundary - 1].min(ORDER[boundary]);
        let window = boundary * SEGMENT / AFTER;
        let alone = *steady.get(worse as usize)?.get(window)?;
        Some((*switching.get(window)?)? - alone?)
    };
    let found: Vec<f64> = (1..ORDER.len()).filter_map(excess).collect();
    let count = u32::try_from(found.len()).unwrap_or(0);
    let mean = found.iter().sum::<f64>() / f64::from(count.max(1));
    let worst = found.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Ok((count > 0).then_some((mean, worst, found.len())))
}

/// What our own decoder makes of `music` as a stream whose segment `n` is at `rung(n)`.
async fn decoded(
    subject: &Subject,
    codec: Codec,
    music: &[f32],
    rung: impl Fn(usize) -> Quality,
) -> Result<Vec<f32>, Failure> {
    let mut analysis = subject.analysis;
    analysis.format.sample_rate = SAMPLE_RATE;
    analysis.samples = music.len() as u64 / 2;
    let engine = engine(Arc::new(Held { analysis, pcm: music.to_vec() })).await?;
    if !engine.makes(codec) {
        return Err(Failure::NotMade);
    }
    let programme = Programme::track(Source { path: PathBuf::new(), analysis, stamp: None })?;
    let stream = stream(&engine, &programme, codec, rung).await?;
    let file = Scratch::new(codec, &stream).map_err(|error| Failure::Said(error.to_string()))?;
    let frames = u32::try_from(analysis.samples).unwrap_or(u32::MAX);
    decode_linearly(file.path(), frames).map_err(|error| Failure::Said(error.to_string()))
}

async fn stream(
    engine: &Engine,
    programme: &Programme,
    codec: Codec,
    rung: impl Fn(usize) -> Quality,
) -> Result<Vec<u8>, Failure> {
    let mut stream = Vec::new();
    if codec != Codec::Mp3 {
        stream.extend(engine.init_segment_of(codec)?);
    }
    let count = usize::try_from(programme.timeline().segments()).unwrap_or(usize::MAX);
    for index in 0..count {
        let rendition = Rendition::new(codec, rung(index));
        let segment = engine.segment(programme, rendition, index as u64).await?;
        stream.extend_from_slice(without_tag(&segment));
    }
    Ok(stream)
}

/// A segment without the ID3 tag that packed audio starts with (RFC 8216 §3.4).
fn without_tag(segment: &[u8]) -> &[u8] {
    match segment {
        [b'I', b'D', b'3', _, _, _, a, b, c, d, ..] => {
            let size = [a, b, c, d].iter().fold(0, |sum, byte| (sum << 7) | usize::from(**byte));
            segment.get(10 + size..).unwrap_or_default()
        }
        _ => segment,
    }
}

/// `pcm` forwards and backwards in turn, so that there is no click between, up to `length` values.
fn tiled(pcm: &[f32], length: usize) -> Vec<f32> {
    let frames = pcm.chunks_exact(2);
    let there_and_back = frames.clone().chain(frames.rev());
    let length = if pcm.len() < 2 { 0 } else { length };
    there_and_back.cycle().flatten().copied().take(length).collect()
}

/// Error against signal in dB, window by window; `None` of silence.
fn noise(decoded: &[f32], source: &[f32]) -> Vec<Option<f64>> {
    let power = |values: &mut dyn Iterator<Item = f64>| values.map(|v| v * v).sum::<f64>();
    decoded
        .chunks_exact(2 * AFTER)
        .zip(source.chunks_exact(2 * AFTER))
        .map(|(decoded, source)| {
            let error = power(&mut decoded.iter().zip(source).map(|(d, s)| f64::from(d - s)));
            let signal = power(&mut source.iter().map(|s| f64::from(*s)));
            let is_heard = signal > SILENCE * 2.0 * f64::from(SAMPLE_RATE) * 0.04 && error > 0.0;
            is_heard.then(|| 10.0 * (error / signal).log10())
        })
        .collect()
}
