//! Packets come as they are made, are those of the segment, and stop when nobody takes them.

use std::num::NonZeroUsize;
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _};
use quicksync_media::{Engine, EngineConfig, Listener, MediaError, Pressure, segment_bytes};
use quicksync_model::{Codec, Quality, Rendition};

use crate::harness::{Synth, config, engine, reference_decode};

const TEN_SECONDS: usize = 10 * 48_000;

#[tokio::test]
async fn packets_are_those_of_the_segment_whether_made_or_kept() {
    let synth = Synth::music(44_100, 44_100 * 9);
    for codec in [Codec::Opus, Codec::Mp3] {
        let rendition = Rendition::new(codec, Quality::High);
        let (engine, programme) = (engine(&synth).await, synth.programme());
        for index in 0..programme.timeline().segments() {
            let made: Vec<_> =
                engine.packets(&programme, rendition, Some(index)).try_collect().await.unwrap();
            let segment = engine.segment(&programme, rendition, index).await.unwrap();
            let kept: Vec<_> =
                engine.packets(&programme, rendition, Some(index)).try_collect().await.unwrap();
            let length = segment_bytes(programme.timeline(), rendition, index);
            assert_eq!(Some(segment.len() as u64), length, "{codec} {index}");
            assert_eq!(kept.len(), 1);
            assert_eq!(made.concat(), kept[0]);
            assert!(segment.ends_with(&kept[0]), "{codec} {index}");
            // Every run but the last is 23,040 samples: 24 packets, or 20 frames.
            let run = 23_040 / codec.packet_samples() * rendition.packet_bytes().unwrap();
            let whole = &made[..made.len() - 1];
            assert!(whole.iter().all(|bytes| bytes.len() == run as usize), "{codec} {index}");
        }
    }
}

#[tokio::test]
async fn mp3_segments_play_as_one_file() {
    let synth = Synth::music(44_100, 44_100 * 9);
    let (engine, programme) = (engine(&synth).await, synth.programme());
    for quality in Quality::ALL {
        let mut file = Vec::new();
        for index in 0..programme.timeline().segments() {
            let frames = engine.packets(&programme, Rendition::Mp3(quality), Some(index));
            file.extend(frames.try_collect::<Vec<_>>().await.unwrap().concat());
        }
        let samples = programme.timeline().samples().next_multiple_of(1152);
        assert_eq!(reference_decode(&file).len() as u64 / 2, samples, "{quality}");
    }
}

#[tokio::test]
async fn mp3_sounds_where_it_was() {
    let synth = Synth::music(48_000, TEN_SECONDS);
    let (engine, programme) = (engine(&synth).await, synth.programme());
    let mut file = Vec::new();
    for index in 0..programme.timeline().segments() {
        let frames = engine.packets(&programme, Rendition::Mp3(Quality::Ultra), Some(index));
        file.extend(frames.try_collect::<Vec<_>>().await.unwrap().concat());
    }
    let decoded = reference_decode(&file);
    let error_at = |lag: usize| -> f64 {
        let pairs = decoded[2 * lag..].iter().zip(&synth.pcm()[2 * 4..]);
        pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum()
    };
    assert_eq!((0..=8).min_by(|a, b| error_at(*a).total_cmp(&error_at(*b))), Some(4));
}

#[tokio::test]
async fn work_that_nobody_wants_any_more_ends() {
    let synth = Synth::gated(48_000, TEN_SECONDS);
    let config = EngineConfig { workers: NonZeroUsize::MIN, ..config() };
    let engine = Engine::open(config, Arc::clone(&synth) as _).await.unwrap();
    let programme = synth.programme();
    let rendition = Rendition::Opus(Quality::High);
    let mut first = engine.packets(&programme, rendition, Some(0));
    let mut second = engine.packets(&programme, rendition, Some(0));
    let begun = |stream: &mut quicksync_media::PacketStream| {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(stream.poll_next_unpin(&mut context).is_pending());
    };
    begun(&mut first);
    begun(&mut second);
    while synth.decodes() == 0 {
        tokio::task::yield_now().await;
    }
    drop(first);
    tokio::task::yield_now().await;
    assert_eq!(engine.pressure().running, 1, "one still waits");
    drop(second);
    let idle = Pressure { waiting: 0, running: 0, workers: 1 };
    while engine.pressure() != idle {
        tokio::task::yield_now().await;
    }
    assert_eq!(engine.cached(&programme, Codec::Opus, 0), []);
    // And whoever comes now begins anew.
    synth.gate.add_permits(1);
    assert!(engine.segment(&programme, rendition, 0).await.is_ok());
}

#[tokio::test]
async fn a_greedy_listener_does_not_keep_others_waiting() {
    let synth = Synth::gated(48_000, 40 * 184_320);
    let config = EngineConfig { workers: NonZeroUsize::MIN, ..config() };
    let engine = Engine::open(config, Arc::clone(&synth) as _).await.unwrap();
    let ask = |listener, index| {
        let engine = engine.on_behalf_of(Listener(listener));
        let programme = synth.programme();
        tokio::spawn(async move {
            engine.segment(&programme, Rendition::Opus(Quality::Low), index).await
        })
    };
    let greedy: Vec<_> = (0..30).map(|index| ask(1, index)).collect();
    while engine.pressure().waiting < 29 {
        tokio::task::yield_now().await;
    }
    let modest = ask(2, 35);
    while engine.pressure().waiting < 30 {
        tokio::task::yield_now().await;
    }
    // The one that runs, the greedy one's next, the other's: three decodes.
    synth.gate.add_permits(3);
    assert!(modest.await.unwrap().is_ok());
    assert!(greedy.iter().filter(|task| task.is_finished()).count() <= 2);
    greedy.iter().for_each(|task| task.abort());
}

#[tokio::test]
async fn what_this_build_lacks_is_refused() {
    let synth = Synth::music(48_000, 1_000);
    let (engine, programme) = (engine(&synth).await, synth.programme());
    let rendition = Rendition::Aac(Quality::Low);
    if engine.makes(Codec::Aac) {
        assert!(engine.segment(&programme, rendition, 0).await.is_ok());
    } else {
        let refused = engine.segment(&programme, rendition, 0).await;
        assert!(matches!(refused, Err(MediaError::Unsupported(Codec::Aac))));
    }
}
