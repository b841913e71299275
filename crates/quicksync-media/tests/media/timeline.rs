//! Every sample is where the timeline says, whatever the source and the order of requests.

use std::sync::Arc;

use bytes::Bytes;
use quicksync_decode::DecodeError;
use quicksync_media::{Engine, MediaError, Programme, segment_bytes};
use quicksync_model::{Quality, Rendition, SEGMENT_SAMPLES};

use crate::harness::{Synth, engine, parse, reference_decode, stream};

/// Rates and lengths with a first, a middle and a last segment of every shape.
const SOURCES: [(u32, usize); 8] = [
    (48_000, 2 * 184_320),
    (48_000, 184_320 + 1),
    (48_000, 959),
    (44_100, 400_000),
    (44_100, 1),
    (8_000, 40_000),
    (96_000, 400_001),
    (192_000, 800_003),
];

#[tokio::test]
async fn durations_sum_to_exactly_the_samples() {
    for (rate, frames) in SOURCES {
        let synth = Synth::music(rate, frames);
        let (engine, source) = (engine(&synth).await, synth.programme());
        let timeline = source.timeline();
        let mut position = 0;
        for index in 0..timeline.segments() {
            let segment =
                engine.segment(&source, Rendition::Opus(Quality::Medium), index).await.unwrap();
            let length = segment_bytes(timeline, Rendition::Opus(Quality::Medium), index);
            assert_eq!(Some(segment.len() as u64), length, "{rate} Hz, {frames}");
            let parsed = parse(&segment);
            assert_eq!(parsed.start, position, "{rate} Hz, {frames}");
            assert_eq!(parsed.packet_bytes, 320);
            assert_eq!(parsed.payload.len(), parsed.durations.len() * 320);
            position += parsed.durations.iter().copied().map(u64::from).sum::<u64>();
        }
        assert_eq!(position, timeline.samples(), "{rate} Hz, {frames}");
    }
}

#[tokio::test]
async fn the_reference_decoder_is_content_with_every_rung() {
    for (rate, frames) in [(48_000, 450_001), (44_100, 400_000)] {
        let synth = Synth::music(rate, frames);
        let (engine, source) = (engine(&synth).await, synth.programme());
        let timeline = source.timeline();
        for quality in Quality::ALL {
            let file =
                stream(&engine, &source, timeline.segments(), |_| Rendition::Opus(quality)).await;
            let frames = reference_decode(&file).len() as u64 / 2;
            assert_eq!(frames, timeline.samples().next_multiple_of(960), "{rate} Hz {quality}");
        }
    }
}

#[tokio::test]
async fn the_sound_is_where_it_was() {
    let synth = Synth::music(48_000, 2 * 184_320 + 5_000);
    let (engine, source) = (engine(&synth).await, synth.programme());
    for quality in [Quality::Low, Quality::Ultra] {
        let decoded =
            reference_decode(&stream(&engine, &source, 3, |_| Rendition::Opus(quality)).await);
        let error_at = |lag: usize| -> f64 {
            // A lag of 4 is none: the decoded signal is slid from 4 frames early to 4 late.
            let pairs = decoded[2 * lag..].iter().zip(&synth.pcm()[2 * 4..]);
            pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum()
        };
        let best = (0..=8).min_by(|a, b| error_at(*a).total_cmp(&error_at(*b)));
        assert_eq!(best, Some(4), "{quality}");
    }
}

#[tokio::test]
async fn bytes_do_not_depend_on_the_order_of_requests() {
    let forwards: Vec<u64> = (0..4).collect();
    let mut expected: Option<Vec<(u64, Bytes)>> = None;
    for order in [forwards, vec![3, 2, 1, 0], vec![2, 0, 3, 1, 2]] {
        let synth = Synth::music(44_100, 44_100 * 13);
        let (engine, source) = (engine(&synth).await, synth.programme());
        let mut made = Vec::new();
        for index in order {
            made.push((
                index,
                engine.segment(&source, Rendition::Opus(Quality::High), index).await.unwrap(),
            ));
        }
        made.sort_by_key(|(index, _)| *index);
        made.dedup();
        assert_eq!(&made, expected.get_or_insert_with(|| made.clone()));
    }
}

#[tokio::test]
async fn past_the_end_is_not_found() {
    for (frames, segments) in [(0, 0), (1, 1), (184_320, 1), (184_321, 2)] {
        let synth = Synth::music(48_000, frames);
        let engine = engine(&synth).await;
        for index in [segments, segments + 1, u64::MAX] {
            let answer =
                engine.segment(&synth.programme(), Rendition::Opus(Quality::Low), index).await;
            assert!(
                matches!(answer, Err(MediaError::NotFound { segments: s, .. }) if s == segments),
                "{frames} frames, segment {index}: {answer:?}"
            );
        }
        assert_eq!(synth.decodes(), 0);
    }
}

#[test]
fn absurd_lengths_are_errors() {
    let synth = Synth::music(44_100, 1_000);
    for samples in [1 << 49, u64::MAX] {
        let mut source = synth.source();
        source.analysis.samples = samples;
        assert!(Programme::track(source.clone()).is_err(), "{samples}");
        assert!(Programme::album(&[synth.source(), source]).is_err(), "{samples}");
    }
}

#[tokio::test]
async fn a_file_shorter_than_its_analysis_is_damaged_not_silent() {
    let synth = Synth::music(44_100, 100_000);
    let engine = engine(&synth).await;
    let mut source = synth.source();
    source.analysis.samples = 100_001;
    let source = Programme::track(source).unwrap();
    let answer = engine.segment(&source, Rendition::Opus(Quality::Low), 0).await;
    let Err(MediaError::Source(cause)) = answer else { panic!("{answer:?}") };
    assert!(matches!(*cause, DecodeError::Malformed(_)), "{cause}");
}

#[tokio::test]
async fn damage_in_the_samples_stays_where_it_is() {
    let clean = Synth::music(44_100, 44_100 * 6);
    let mut pcm = clean.pcm().to_vec();
    for (n, poison) in
        [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX].into_iter().enumerate()
    {
        pcm[100_000 + n] = poison;
    }
    let damaged = Synth::of(44_100, pcm);
    let (a, b) = (engine(&clean).await, engine(&damaged).await);
    let file = stream(&b, &damaged.programme(), 2, |_| Rendition::Opus(Quality::High)).await;
    assert!(reference_decode(&file).iter().all(|value| value.is_finite()));
    let last = |engine: Engine, synth: Arc<Synth>| async move {
        engine.segment(&synth.programme(), Rendition::Opus(Quality::High), 1).await.unwrap()
    };
    assert_eq!(last(a, clean).await, last(b, damaged).await);
}

#[tokio::test]
async fn silence_and_the_edges_of_a_track_have_packets_of_full_size() {
    let synth = Synth::of(44_100, vec![0.0; 44_100 * 2 * 4]);
    let (engine, source) = (engine(&synth).await, synth.programme());
    for quality in Quality::ALL {
        let parsed = parse(&engine.segment(&source, Rendition::Opus(quality), 0).await.unwrap());
        let packets = (SEGMENT_SAMPLES / 960) as usize;
        assert_eq!(parsed.payload.len(), packets * quality.bitrate().packet_bytes() as usize);
    }
}

#[tokio::test]
async fn samples_that_are_no_sound_harm_nothing_around_them() {
    let clean = Synth::music(44_100, 200_000);
    let with = |values: [f32; 4]| {
        let mut pcm = clean.pcm().to_vec();
        for (n, value) in values.into_iter().enumerate() {
            pcm[100_000 + 2_001 * n] = value;
        }
        Synth::of(44_100, pcm)
    };
    let damaged = with([f32::NAN, f32::NEG_INFINITY, 1e30, -1e9]);
    let heard = with([0.0, 0.0, 8.0, -8.0]);
    for rendition in [Rendition::Opus(Quality::High), Rendition::Mp3(Quality::High)] {
        let of = async |synth: &Arc<Synth>| {
            engine(synth).await.segment(&synth.programme(), rendition, 0).await.unwrap()
        };
        assert!(of(&damaged).await == of(&heard).await, "{rendition:?}");
    }
}
