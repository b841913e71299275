//! Whether the lossless rendition gives the file's own samples back.

use std::sync::Arc;

use quicksync_decode::decode_linearly;
use quicksync_media::{MediaError, Programme, Source};
use quicksync_model::{Codec, Rendition, Timeline};

use super::Subject;
use super::claims::Claim;
use super::held::Held;
use super::scratch::Scratch;
use super::segments::engine;

const NAME: &str = "flac samples";

/// The first segments, at most so many, decode to the samples that they were made of.
pub(super) async fn gives_back(subject: &Subject, at_most: u64) -> Claim {
    let made = match stream(subject, at_most).await {
        Ok(made) => made,
        Err(MediaError::NotLossless(why)) => return Claim::not_run(NAME, why.to_string()),
        Err(error) => return Claim::fail(NAME, error.to_string()),
    };
    let (bytes, samples) = made;
    let wanted = usize::try_from(samples).unwrap_or(usize::MAX).saturating_mul(2);
    let expected = subject.linear.get(..wanted).unwrap_or(&subject.linear);
    let file = match Scratch::new(Codec::Flac, &bytes) {
        Ok(file) => file,
        Err(error) => return Claim::not_run(NAME, error.to_string()),
    };
    match decode_linearly(file.path(), u32::try_from(samples).unwrap_or(u32::MAX)) {
        Ok(found) if found.len() != expected.len() => {
            Claim::fail(NAME, format!("{} samples of {}", found.len() / 2, expected.len() / 2))
        }
        Ok(found) => {
            let is_other = |(a, b): &(&f32, &f32)| (*a - *b).abs() > 0.0;
            let differing = found.iter().zip(expected).filter(is_other).count();
            let detail = format!("{differing} of {} values differ from the file's", found.len());
            Claim::holds(NAME, differing == 0, detail)
        }
        Err(error) => Claim::fail(NAME, error.to_string()),
    }
}

/// The first segments as one file, and how many samples are in them.
async fn stream(subject: &Subject, at_most: u64) -> Result<(Vec<u8>, u64), MediaError> {
    let analysis = subject.analysis;
    let engine = engine(Arc::new(Held { analysis, pcm: subject.linear.clone() })).await?;
    let source = Source { path: subject.path.clone(), analysis, stamp: None };
    let programme = Programme::track(source)?;
    let mut bytes = engine.lossless_init_segment(&programme)?.to_vec();
    let timeline = Timeline::lossless(analysis.samples, analysis.format.sample_rate);
    let mut samples = 0;
    for index in 0..timeline.segments().min(at_most) {
        bytes.extend_from_slice(&engine.segment(&programme, Rendition::Flac, index).await?);
        samples += timeline.segment_samples(index).map_or(0, u64::from);
    }
    Ok((bytes, samples))
}
