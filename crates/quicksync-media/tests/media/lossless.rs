//! FLAC gives back the source's own integers, whatever the shape of the source.

use quicksync_decode::Codec as SourceCodec;
use quicksync_media::{MediaError, NotLossless, Programme};
use quicksync_model::{Codec, Rendition, Timeline};

use crate::harness::{Synth, decode_integers, engine};

/// Integers of `bits`, full scale and both extremes among them, as a decoder gives them out.
fn integers(bits: u32, values: usize) -> Vec<i32> {
    let full = 1_i64 << (bits - 1);
    let mut state = 0x1234_5678_9abc_def1_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        i64::try_from(state >> 33).unwrap()
    };
    (0..i64::try_from(values).unwrap())
        .map(|n| match n % 1_000 {
            0 => -full,
            1 => full - 1,
            // A loud wave with noise in its last bits.
            _ => ((n % 400 - 200) * full / 300 + next() % 16).clamp(-full, full - 1),
        })
        .map(|value| i32::try_from(value).unwrap())
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "at most 24 bits: exact")]
fn floats(integers: &[i32], bits: u32, channels: u16) -> Vec<f32> {
    let full = f64::from(1_u32 << (bits - 1));
    let float = |value: &i32| (f64::from(*value) / full) as f32;
    // A decoder always gives two channels.
    let copies = if channels == 1 { 2 } else { 1 };
    integers.iter().flat_map(|value| std::iter::repeat_n(float(value), copies)).collect()
}

#[tokio::test]
async fn every_bit_comes_back() {
    for (rate, bits, channels, frames) in [
        (44_100, 16, 2, 400_000),
        (48_000, 24, 2, 184_320 + 17),
        (96_000, 24, 1, 400_001),
        (8_000, 8, 1, 30_000),
        (192_000, 16, 2, 4096 + 31),
        (44_100, 16, 2, 1),
    ] {
        let name = format!("{rate} Hz, {bits} bits, {channels} channels, {frames}");
        let expected = integers(bits, frames * usize::from(channels));
        let synth = Synth::of(rate, floats(&expected, bits, channels));
        let mut source = synth.source();
        source.analysis.format.bits_per_sample = Some(bits);
        source.analysis.format.channels = channels;
        let timeline = Timeline::lossless(frames as u64, rate);
        let programme = Programme::track(source).unwrap();
        let engine = engine(&synth).await;
        let mut file = engine.lossless_init_segment(&programme).unwrap().to_vec();
        for index in 0..timeline.segments() {
            let segment = engine.segment(&programme, Rendition::Flac, index).await.unwrap();
            file.extend_from_slice(&segment);
        }
        assert_eq!(decode_integers(&file, bits), expected, "{name}");
        let past = engine.segment(&programme, Rendition::Flac, timeline.segments()).await;
        assert!(matches!(past, Err(MediaError::NotFound { .. })), "{name}");
    }
}

#[tokio::test]
async fn what_has_no_lossless_rendition_says_why() {
    let synth = Synth::music(48_000, 1_000);
    let engine = engine(&synth).await;
    assert!(engine.makes(Codec::Flac));
    for (codec, channels, bits, reason) in [
        (SourceCodec::Vorbis, 2, None, NotLossless::LossySource),
        (SourceCodec::Flac, 6, Some(16), NotLossless::Channels(6)),
        (SourceCodec::Pcm, 2, Some(32), NotLossless::Depth(Some(32))),
        (SourceCodec::Alac, 2, None, NotLossless::Depth(None)),
    ] {
        let mut source = synth.source();
        source.analysis.format.codec = codec;
        source.analysis.format.channels = channels;
        source.analysis.format.bits_per_sample = bits;
        let programme = Programme::track(source).unwrap();
        let refused = engine.segment(&programme, Rendition::Flac, 0).await;
        assert!(matches!(refused, Err(MediaError::NotLossless(why)) if why == reason), "{codec:?}");
    }
}
