//! What segments cost: `cost FILE` prints one JSON object. CPU milliseconds of each cold segment of
//! every codec and rung, medians over the file, and of the bare work behind them, measured in turns;
//! the wait for the first second of sound, and for a segment that is there already.
//!
//! Never: a worker process, a figure of anybody else.

mod bare;

use std::error::Error;
use std::ffi::c_int;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt as _;
use quicksync_decode::{Decoder as _, InProcess};
use quicksync_media::{Engine, EngineConfig, Programme, Source};
use quicksync_model::{Codec, Quality, Rendition};
use rustix::time::{ClockId, clock_gettime};

type Figures = Vec<(String, f64)>;

/// Times each segment that is there is asked for again.
const WARM_ROUNDS: usize = 50;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: cost FILE")?);
    let analysis = InProcess.analyse(&path).await?;
    let programme = Programme::track(Source { path: path.clone(), analysis, stamp: None })?;
    let mut figures = beside_bare(&programme, &path).await?;
    for codec in Codec::ALL.into_iter().filter(|codec| *codec != Codec::Opus) {
        for quality in Quality::ALL {
            let rendition = Rendition::new(codec, quality);
            let repeated = codec == Codec::Flac && quality != Quality::Low;
            if engine(0).await?.makes(codec) && !repeated {
                let name = rendition.to_string().replace(' ', "_");
                let mut costs = Vec::new();
                for index in segments(&programme) {
                    costs.push(cold(&programme, &[rendition], index).await?);
                }
                figures.push((format!("{name}_cpu_ms"), quantile(costs, 0.5)));
            }
        }
    }
    figures.push(("first_second_wall_ms".into(), first_second(&programme).await?));
    figures.push(("warm_p99_wall_ms".into(), warm(&programme).await?));
    let text: Vec<_> = figures.iter().map(|(name, ms)| format!("\"{name}\": {ms:.4}")).collect();
    #[expect(clippy::print_stdout, reason = "it is what the program is for")]
    {
        println!("{{{}}}", text.join(", "));
    }
    Ok(())
}

/// An engine that keeps up to so many bytes.
async fn engine(memory_bytes: u64) -> Result<Engine, Box<dyn Error>> {
    let config = EngineConfig {
        memory_bytes,
        workers: NonZeroUsize::MIN,
        encode_ahead: false,
        ..EngineConfig::for_this_machine()
    };
    Ok(Engine::open(config, Arc::new(InProcess)).await?)
}

/// Which segments are made: all but the first and the last, up to so many.
fn segments(programme: &Programme) -> std::ops::Range<u64> {
    1..programme.timeline().segments().saturating_sub(1).clamp(2, 40)
}

/// Every rung of Opus, all four at once, and the bare work behind each. In turns, segment by segment:
/// what else the machine does meets all of them.
async fn beside_bare(programme: &Programme, path: &Path) -> Result<Figures, Box<dyn Error>> {
    let mut costs: Vec<(String, Vec<f64>)> = Vec::new();
    for index in segments(programme) {
        let mut found = Figures::new();
        let (samples, cpu_ms) = timed(|| bare::samples(path, usize::try_from(index)?))?;
        found.push(("bare_samples_cpu_ms".into(), cpu_ms));
        for quality in Quality::ALL {
            let kbps = c_int::try_from(quality.bitrate().kbps())?;
            let (_, cpu_ms) = timed(|| bare::encode(&samples, kbps))?;
            found.push((format!("bare_{quality}_cpu_ms"), cpu_ms));
            let one = [Rendition::Opus(quality)];
            let cpu_ms = cold(programme, &one, index).await?;
            found.push((format!("opus_{quality}_cpu_ms"), cpu_ms));
        }
        let rungs = Quality::ALL.map(Rendition::Opus);
        let cpu_ms = cold(programme, &rungs, index).await?;
        found.push(("opus_four_rungs_cpu_ms".into(), cpu_ms));
        for (name, cpu_ms) in found {
            match costs.iter_mut().find(|(known, _)| *known == name) {
                Some((_, costs)) => costs.push(cpu_ms),
                None => costs.push((name, vec![cpu_ms])),
            }
        }
    }
    Ok(costs.into_iter().map(|(name, costs)| (name, quantile(costs, 0.5))).collect())
}

/// CPU milliseconds of a segment in all of `renditions` at once, by an engine that has not even its
/// samples.
async fn cold(
    programme: &Programme,
    renditions: &[Rendition],
    index: u64,
) -> Result<f64, Box<dyn Error>> {
    let engine = engine(0).await?;
    let before = cpu_ms();
    let asked = renditions.iter().map(|rendition| engine.segment(programme, *rendition, index));
    for made in futures_util::future::join_all(asked).await {
        made?;
    }
    Ok(cpu_ms() - before)
}

/// The median wait for the first second of sound, at as many places.
async fn first_second(programme: &Programme) -> Result<f64, Box<dyn Error>> {
    let mut waits = Vec::new();
    for index in segments(programme) {
        let engine = engine(0).await?;
        let begun = Instant::now();
        let mut packets = engine.packets(programme, Rendition::Opus(Quality::Medium), Some(index));
        packets.next().await.ok_or("no packets")??;
        waits.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(quantile(waits, 0.5))
}

/// The wait that 99 of 100 requests for a segment at hand stay within.
async fn warm(programme: &Programme) -> Result<f64, Box<dyn Error>> {
    let engine = engine(64_000_000).await?;
    let rendition = Rendition::Opus(Quality::Medium);
    let mut waits = Vec::new();
    for round in 0..=WARM_ROUNDS {
        for index in segments(programme) {
            let begun = Instant::now();
            engine.segment(programme, rendition, index).await?;
            if round > 0 {
                waits.push(begun.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    Ok(quantile(waits, 0.99))
}

fn timed<T>(work: impl FnOnce() -> Result<T, Box<dyn Error>>) -> Result<(T, f64), Box<dyn Error>> {
    let before = cpu_ms();
    let made = work()?;
    Ok((made, cpu_ms() - before))
}

/// The value below which such a share of `values` lies.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a few thousand values"
)]
fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let index = (values.len() as f64 * share) as usize;
    values.get(index).copied().unwrap_or(f64::NAN)
}

/// CPU time of this process in milliseconds.
#[expect(clippy::cast_precision_loss, reason = "2^53 nanoseconds are a hundred days")]
fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}
