//! A change of rung is no louder than the coding noise around it, and soon forgotten.
//!
//! The reference for a place is the same music in the middle of a segment of a steady stream: the
//! piece is encoded once more half a segment later, so that no boundary is where it was.

use quicksync_model::{Codec, Quality, Rendition, SEGMENT_SAMPLES};

use crate::harness::{Synth, engine, reference_decode, stream, table};

/// Frames in the 40 ms after a boundary, in which a decoder gets into step.
const AFTER: usize = 1_920;
const SEGMENT: usize = SEGMENT_SAMPLES as usize;
const WINDOWS: usize = SEGMENT / AFTER;
const SEGMENTS: usize = 17;
/// Half a segment, in whole windows.
const LATE: usize = WINDOWS / 2 * AFTER;

/// Rungs so that nearly every one follows every other.
const ORDER: [Quality; SEGMENTS] = {
    use Quality::{High, Low, Medium, Ultra};
    [
        Low, Ultra, Low, High, Medium, Ultra, Medium, Low, High, Low, Medium, High, Ultra, High,
        Medium, Low, Ultra,
    ]
};

#[tokio::test]
async fn a_switch_is_as_clean_as_the_worse_of_its_rungs() {
    a_switch_is_clean(Codec::Opus, 1.0).await;
}

#[tokio::test]
async fn a_switch_of_mp3_is_as_clean_as_the_worse_of_its_rungs() {
    // The first frame's overlap, 12 of the 40 ms, still carries the old rung's half.
    a_switch_is_clean(Codec::Mp3, 1.5).await;
}

#[cfg(feature = "aac")]
#[tokio::test]
async fn a_switch_of_aac_is_as_clean_as_the_worse_of_its_rungs() {
    // As for MP3: the overlap is 21 of the 40 ms.
    a_switch_is_clean(Codec::Aac, 1.5).await;
}

async fn a_switch_is_clean(codec: Codec, over_new_at_most: f64) {
    let synth = Synth::music(48_000, SEGMENTS * SEGMENT);
    let switching = decoded(&synth, SEGMENTS, codec, |index| ORDER[index]).await;
    let mut late = vec![0.0; 2 * LATE];
    late.extend_from_slice(synth.pcm());
    let late = Synth::of(48_000, late);
    let mut steady = Vec::new();
    for quality in Quality::ALL {
        let decoded = decoded(&late, SEGMENTS + 1, codec, |_| quality).await;
        steady.push(noise(&decoded[2 * LATE..], synth.pcm()));
    }
    let switching = noise(&switching, synth.pcm());

    let elsewhere = |quality: Quality| {
        let of_rung = |w: &usize| w % WINDOWS > 1 && ORDER[w / WINDOWS] == quality;
        mean((0..switching.len()).filter(of_rung).map(|window| switching[window]))
    };
    let boundaries = || (1..SEGMENTS).map(|n| (n * WINDOWS, ORDER[n - 1].min(ORDER[n]), ORDER[n]));
    let against_elsewhere = mean(boundaries().map(|(w, worse, _)| switching[w] - elsewhere(worse)));
    let excess = |w: usize, rung: Quality| switching[w] - steady[rung as usize][w];
    let over_worse = || boundaries().map(|(w, worse, _)| excess(w, worse));
    let over_new = mean(boundaries().map(|(w, _, new)| excess(w, new)));
    let worst = over_worse().fold(f64::MIN, f64::max);
    table(
        &format!("noise in the 40 ms after a switch, {codec}"),
        [
            format!("over the worse rung elsewhere in the stream  {against_elsewhere:+.2} dB"),
            format!(
                "over the worse rung, same music, no boundary  {:+.2} dB, worst {worst:+.2} dB",
                mean(over_worse())
            ),
            format!("over the new rung, same music, no boundary  {over_new:+.2} dB"),
            format!("noise of each rung elsewhere  {:.1?} dB", Quality::ALL.map(elsewhere)),
        ],
    );
    assert!(against_elsewhere <= 1.0, "{against_elsewhere:+.2} dB");
    assert!(over_new <= over_new_at_most, "{over_new:+.2} dB");
    assert!(worst <= 2.0, "{worst:+.2} dB");
}

#[tokio::test]
async fn forty_milliseconds_after_a_switch_nothing_of_the_old_rung_is_left() {
    let synth = Synth::music(48_000, 3 * SEGMENT);
    let steady = decoded(&synth, 3, Codec::Opus, |_| Quality::High).await;
    let first = |index| if index == 0 { Quality::Low } else { Quality::High };
    let switching = decoded(&synth, 3, Codec::Opus, first).await;
    let differs = |from: usize| {
        let pairs = switching[2 * from..].iter().zip(&steady[2 * from..]);
        pairs.map(|(a, b)| (a - b).abs()).take(2 * AFTER).fold(0.0_f32, f32::max)
    };
    let (before, step, after) = (differs(0), differs(SEGMENT), differs(SEGMENT + AFTER));
    table(
        "largest difference from the stream that never switched",
        [format!("before {before:.1e}, 0-40 ms {step:.1e}, 40-80 ms {after:.1e}")],
    );
    assert!(before > 1e-3, "the streams differ before the switch");
    assert!(after < 1e-6, "{after:e}");
}

/// Interleaved output of the reference decoder for a stream with segment `n` at `rung(n)`.
async fn decoded(
    synth: &std::sync::Arc<Synth>,
    segments: usize,
    codec: Codec,
    rung: impl Fn(usize) -> Quality,
) -> Vec<f32> {
    let rung = |index: u64| Rendition::new(codec, rung(usize::try_from(index).unwrap()));
    let (engine, programme) = (engine(synth).await, synth.programme());
    let file = stream(&engine, &programme, segments as u64, rung).await;
    reference_decode(&file)
}

/// Error against signal in dB, window by window.
fn noise(decoded: &[f32], source: &[f32]) -> Vec<f64> {
    let energy = |values: &mut dyn Iterator<Item = f64>| values.map(|v| v * v).sum::<f64>();
    decoded
        .chunks_exact(2 * AFTER)
        .zip(source.chunks_exact(2 * AFTER))
        .map(|(decoded, source)| {
            let error = energy(&mut decoded.iter().zip(source).map(|(d, s)| f64::from(d - s)));
            let signal = energy(&mut source.iter().map(|s| f64::from(*s)));
            10.0 * (error / signal).log10()
        })
        .collect()
}

fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values {
        sum += value;
        count += 1.0;
    }
    sum / count
}
