//! Whether a segment made on its own is byte for byte the one made of a whole decode.

use std::collections::BTreeSet;
use std::sync::Arc;

use quicksync_decode::{Decoder, InProcess};
use quicksync_media::{Engine, EngineConfig, MediaError, Programme, Source};
use quicksync_model::{Codec, Quality, Rendition, Timeline};

use super::Subject;
use super::claims::Claim;
use super::held::Held;

/// An engine without a disk, which makes what it is asked for and nothing else.
pub(super) async fn engine(decoder: Arc<dyn Decoder>) -> Result<Engine, MediaError> {
    let config = EngineConfig { encode_ahead: false, ..EngineConfig::for_this_machine() };
    Engine::open(config, decoder).await
}

/// One claim for each codec that this build makes.
pub(super) async fn jit_equals_linear(subject: &Subject, at_most: u64) -> Vec<Claim> {
    let mut claims = Vec::new();
    let held = Held { analysis: subject.analysis, pcm: subject.linear.clone() };
    let engines = (engine(Arc::new(InProcess)).await, engine(Arc::new(held)).await);
    let (Ok(jit), Ok(linear)) = engines else {
        return vec![Claim::fail("segments", "the segment engine cannot be opened")];
    };
    for codec in Codec::ALL {
        let name = format!("{codec} segments");
        if !jit.makes(codec) {
            claims.push(Claim::not_run(name, "this build does not encode it"));
            continue;
        }
        claims.push(match compare(&jit, &linear, subject, codec, at_most).await {
            Ok((equal, all)) => {
                let detail = format!("{equal} of {all} made alone equal those of the whole decode");
                Claim::holds(name, equal == all, detail)
            }
            Err(MediaError::NotLossless(why)) => Claim::not_run(name, why.to_string()),
            Err(error) => Claim::fail(name, error.to_string()),
        });
    }
    claims
}

/// How many of how many segments are the same.
async fn compare(
    jit: &Engine,
    linear: &Engine,
    subject: &Subject,
    codec: Codec,
    at_most: u64,
) -> Result<(u64, u64), MediaError> {
    let source = Source { path: subject.path.clone(), analysis: subject.analysis, stamp: None };
    let programme = Programme::track(source)?;
    let renditions: BTreeSet<Rendition> =
        Quality::ALL.into_iter().map(|quality| Rendition::new(codec, quality)).collect();
    let (mut equal, mut all) = (0, 0);
    let timeline = match codec {
        // Counted at the source's own rate.
        Codec::Flac => {
            Timeline::lossless(subject.analysis.samples, subject.analysis.format.sample_rate)
        }
        _ => programme.timeline(),
    };
    for index in spread(timeline.segments(), at_most) {
        for rendition in &renditions {
            let alone = jit.segment(&programme, *rendition, index).await?;
            let of_whole = linear.segment(&programme, *rendition, index).await?;
            equal += u64::from(alone == of_whole);
            all += 1;
        }
    }
    Ok((equal, all))
}

/// At most so many of `count` segments, the first and the last among them.
fn spread(count: u64, at_most: u64) -> BTreeSet<u64> {
    let last = count.saturating_sub(1);
    let steps = at_most.clamp(2, count.max(2)) - 1;
    (0..=steps).map(|n| last * n / steps).filter(|index| *index < count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_always_looked_at() {
        for (count, at_most, expected) in [
            (0, 8, &[][..]),
            (1, 8, &[0]),
            (3, 8, &[0, 1, 2]),
            (100, 3, &[0, 49, 99]),
            (100, 0, &[0, 99]),
        ] {
            assert_eq!(spread(count, at_most).into_iter().collect::<Vec<_>>(), expected);
        }
    }
}
