//! The samples of a programme on the 48 kHz timeline, decoded once for all rungs of a segment.
//!
//! Knows: which files to read and how they are resampled. Never: an encoder, the cache of segments.

use std::ops::Range;
use std::sync::Arc;

use moka::future::Cache;
use moka::policy::EvictionPolicy;
use quicksync_decode::{AudioHash, DecodeError, Decoder};

use crate::codec::CHANNELS;
use crate::programme::{Piece, Programme, Run};
use crate::resample::frames;
use crate::{MediaError, cut::Cut};

/// Decoded samples kept for the rungs that may follow: some twenty segments. A listener whose
/// player replaces a segment by a better one comes back within seconds.
const SHARED_BYTES: u64 = 32 * 1024 * 1024;

/// Louder than any music and any overshoot; what lies beyond is damage, and would turn a whole FFT
/// block into infinities.
const LOUDEST: f32 = 8.0;

/// Interleaved samples of a stretch of the timeline.
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    range: Range<i64>,
    pcm: Arc<Vec<f32>>,
}

impl Stretch {
    /// The samples `wanted`, if all of them are here.
    fn part(&self, wanted: &Range<i64>) -> Option<Self> {
        let inside = self.range.start <= wanted.start && wanted.end <= self.range.end;
        inside.then(|| Self { range: wanted.clone(), pcm: Arc::clone(&self.pcm) })
    }
}

/// Samples as an encoder takes them; shares its memory with all who take from the same stretch.
#[derive(Clone, Debug)]
pub(crate) struct Samples {
    pcm: Arc<Vec<f32>>,
    values: Range<usize>,
}

impl Samples {
    pub(crate) fn as_slice(&self) -> &[f32] {
        self.pcm.get(self.values.clone()).unwrap_or_default()
    }
}

/// Reads programmes.
#[derive(Debug)]
pub(crate) struct Reader {
    decoder: Arc<dyn Decoder>,
    shared: Cache<(AudioHash, u64), Stretch>,
}

impl Reader {
    pub(crate) fn new(decoder: Arc<dyn Decoder>) -> Self {
        let shared = Cache::builder()
            .max_capacity(SHARED_BYTES)
            .eviction_policy(EvictionPolicy::lru())
            .weigher(|_, stretch: &Stretch| {
                u32::try_from(size_of_val(stretch.pcm.as_slice())).unwrap_or(u32::MAX)
            })
            .build();
        Self { decoder, shared }
    }

    /// What `cut` is fed. Whoever asks for another rung of the same segment, now or soon, shares
    /// the work.
    ///
    /// # Errors
    /// [`MediaError::Source`] if a file cannot be read, or no longer is what it was.
    pub(crate) async fn read(
        &self,
        programme: &Programme,
        cut: &Cut,
    ) -> Result<Samples, MediaError> {
        let fed = cut.fed();
        let window = Cut::window(programme.timeline(), cut.index).unwrap_or_else(|| fed.clone());
        let key = (programme.hash_of(&window), cut.index);
        let stretch = self.shared.try_get_with(key, self.stretch(programme, window)).await;
        let stretch = stretch.map_err(|error| (*error).clone())?;
        let start = stretch.range.start;
        let Some(part) = stretch.part(&fed) else {
            return Err(MediaError::Internal(format!("{fed:?} of {:?}", stretch.range)));
        };
        let first = frames(&(start..part.range.start)) * CHANNELS;
        Ok(Samples { values: first..first + frames(&fed) * CHANNELS, pcm: part.pcm })
    }

    async fn stretch(
        &self,
        programme: &Programme,
        range: Range<i64>,
    ) -> Result<Stretch, MediaError> {
        let mut pcm: Vec<f32> = Vec::new();
        for (run, samples) in programme.runs(&range) {
            let source = self.source(run, &samples).await?;
            let resampler = run.resampler;
            let made = tokio::task::spawn_blocking(move || resampler.resample(source, &samples));
            let made = made.await.map_err(|error| MediaError::Internal(error.to_string()))??;
            if pcm.is_empty() {
                pcm = made;
            } else {
                pcm.extend_from_slice(&made);
            }
        }
        // Nothing at all is played: silence.
        pcm.resize(frames(&range) * CHANNELS, 0.0);
        Ok(Stretch { range, pcm: Arc::new(pcm) })
    }

    /// The frames of a run from which it makes `samples`; silence where there is no file.
    async fn source(&self, run: &Run, samples: &Range<i64>) -> Result<Vec<f32>, MediaError> {
        let needed = run.resampler.needs(samples);
        let mut source = vec![0.0; frames(&needed) * CHANNELS];
        for piece in run.pieces(&needed) {
            let decoded = self.decode(&piece).await?;
            let place = source.iter_mut().skip(piece.place * CHANNELS);
            for (value, decoded) in place.zip(&decoded) {
                *value = if decoded.is_finite() { decoded.clamp(-LOUDEST, LOUDEST) } else { 0.0 };
            }
        }
        Ok(source)
    }

    /// The samples of a piece, as many as it says.
    pub(crate) async fn decode(&self, piece: &Piece) -> Result<Vec<f32>, MediaError> {
        let Piece { source, start, frames, .. } = piece;
        let decoded = self.decoder.decode(&source.path, *start, *frames).await?;
        if decoded.len() as u64 == u64::from(*frames) * CHANNELS as u64 {
            return Ok(decoded);
        }
        let got = decoded.len() / CHANNELS;
        let text = format!("{got} of {frames} frames at {start}: changed since its analysis");
        Err(DecodeError::Malformed(text).into())
    }
}
