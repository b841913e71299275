//! What segments cost: `cost FILE` prints one JSON object, CPU milliseconds for each cold segment of
//! every codec and rung, and the wait for the first second of sound. Never: a cache, a worker
//! process, a figure of anybody else.

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use futures_util::StreamExt as _;
use quicksync_decode::{Decoder as _, InProcess};
use quicksync_media::{Engine, EngineConfig, Programme, Source};
use quicksync_model::{Codec, Quality, Rendition};

type Figures = Vec<(String, f64)>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: cost FILE")?);
    let analysis = InProcess.analyse(&path).await?;
    let programme = Programme::track(Source { path, analysis })?;
    let mut figures = Figures::new();
    for codec in Codec::ALL {
        for quality in Quality::ALL {
            let rendition = Rendition::new(codec, quality);
            let repeated = codec == Codec::Flac && quality != Quality::Low;
            if engine().await?.makes(codec) && !repeated {
                let name = rendition.to_string().replace(' ', "_");
                figures.push((format!("{name}_cpu_ms"), cold(&programme, &[rendition]).await?));
            }
        }
    }
    let rungs = Quality::ALL.map(Rendition::Opus);
    figures.push(("opus_four_rungs_cpu_ms".into(), cold(&programme, &rungs).await?));
    figures.push(("first_second_wall_ms".into(), first_second(&programme).await?));
    let text: Vec<_> = figures.iter().map(|(name, ms)| format!("\"{name}\": {ms:.2}")).collect();
    #[expect(clippy::print_stdout, reason = "it is what the program is for")]
    {
        println!("{{{}}}", text.join(", "));
    }
    Ok(())
}

/// An engine that has nothing and keeps little.
async fn engine() -> Result<Engine, Box<dyn Error>> {
    let config = EngineConfig {
        memory_bytes: 0,
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

/// CPU milliseconds for a segment in all of `renditions`.
async fn cold(programme: &Programme, renditions: &[Rendition]) -> Result<f64, Box<dyn Error>> {
    let engine = engine().await?;
    let before = cpu_ms()?;
    let mut made = 0.0;
    for index in segments(programme) {
        for rendition in renditions {
            engine.segment(programme, *rendition, index).await?;
        }
        made += 1.0;
    }
    Ok((cpu_ms()? - before) / made)
}

/// The median wait for the first second of sound, at as many places.
async fn first_second(programme: &Programme) -> Result<f64, Box<dyn Error>> {
    let mut waits = Vec::new();
    for index in segments(programme) {
        let engine = engine().await?;
        let begun = Instant::now();
        let mut packets = engine.packets(programme, Rendition::Opus(Quality::Medium), Some(index));
        packets.next().await.ok_or("no packets")??;
        waits.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    waits.sort_by(f64::total_cmp);
    Ok(waits.get(waits.len() / 2).copied().unwrap_or(f64::NAN))
}

/// CPU time of this process in milliseconds: `utime` and `stime` of `/proc/self/stat` (proc(5)), in
/// hundredths of a second on Linux.
fn cpu_ms() -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(") ").next().ok_or("no fields")?;
    let ticks = after_name.split(' ').skip(11).take(2).map(str::parse::<u32>);
    let ticks = ticks.collect::<Result<Vec<_>, _>>()?;
    Ok(f64::from(ticks.iter().sum::<u32>()) * 10.0)
}
