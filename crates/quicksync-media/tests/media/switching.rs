//! A change of rung is no louder than the coding noise around it.

use quicksync_model::{Quality, SEGMENT_SAMPLES};

use crate::harness::{Synth, engine, reference_decode, stream, table};

/// Frames in the 40 ms after a boundary, in which a decoder gets into step.
const AFTER: usize = 1_920;
const SEGMENTS: usize = 17;

/// Rungs so that every one follows every other at least once.
const ORDER: [Quality; SEGMENTS] = {
    use Quality::{High, Low, Medium, Ultra};
    [
        Low, Ultra, Low, High, Medium, Ultra, Medium, Low, High, Low, Medium, High, Ultra, High,
        Medium, Low, Ultra,
    ]
};

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

#[tokio::test]
async fn a_switch_is_as_clean_as_the_worse_of_its_rungs() {
    let frames = SEGMENTS * SEGMENT_SAMPLES as usize;
    let synth = Synth::music(48_000, frames);
    let (engine, source) = (engine(&synth).await, synth.source());
    let file_noise = async |rung: &dyn Fn(usize) -> Quality| {
        let rung = |index: u64| rung(usize::try_from(index).unwrap());
        let file = stream(&engine, &source, SEGMENTS as u64, rung).await;
        noise(&reference_decode(&file), synth.pcm())
    };
    let switching = file_noise(&|index| ORDER[index]).await;
    let mut steady = Vec::new();
    for quality in Quality::ALL {
        steady.push(file_noise(&|_| quality).await);
    }

    let windows = SEGMENT_SAMPLES as usize / AFTER;
    let is_elsewhere = |window: usize| window % windows > 1;
    let elsewhere = |quality: Quality| {
        let of_rung = |window: &usize| is_elsewhere(*window) && ORDER[window / windows] == quality;
        mean((0..switching.len()).filter(of_rung).map(|window| switching[window]))
    };
    let boundaries = || (1..SEGMENTS).map(|n| (n * windows, ORDER[n - 1].min(ORDER[n])));
    let against_elsewhere = mean(boundaries().map(|(w, worse)| switching[w] - elsewhere(worse)));
    let against_same_place =
        mean(boundaries().map(|(w, worse)| switching[w] - steady[worse as usize][w]));
    let worst = boundaries()
        .map(|(w, worse)| switching[w] - steady[worse as usize][w])
        .fold(f64::MIN, f64::max);
    table(
        "noise in the 40 ms after a switch, against the worse of the two rungs",
        [
            format!("elsewhere in the stream, mean  {against_elsewhere:+.2} dB"),
            format!(
                "the same 40 ms without switch  {against_same_place:+.2} dB, worst {worst:+.2} dB"
            ),
            format!("noise of each rung elsewhere   {:.1?} dB", Quality::ALL.map(elsewhere)),
        ],
    );
    assert!(against_elsewhere <= 1.0, "{against_elsewhere:+.2} dB");
    assert!(against_same_place <= 1.0, "{against_same_place:+.2} dB");
    assert!(worst <= 4.0, "{worst:+.2} dB");
}
