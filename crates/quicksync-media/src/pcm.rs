//! The samples of a programme on the 48 kHz timeline, decoded once for all rungs of a segment.
//!
//! Knows: which files to read and how they are resampled. Never: an encoder, the cache of segments.

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use futures_util::future::try_join_all;
use moka::future::Cache;
use moka::policy::EvictionPolicy;
use quicksync_decode::{AudioHash, DecodeError, Decoder, tame};

use crate::codec::CHANNELS;
use crate::programme::{Piece, Programme, Run};
use crate::resample::frames;
use crate::unchanged::Unchanged;
use crate::{MediaError, cut::Cut};

/// Decoded samples kept for the rungs that may follow: some twenty segments. A listener whose
/// player replaces a segment by a better one comes back within seconds.
const SHARED_BYTES: u64 = 32 * 1024 * 1024;

/// Interleaved samples of a stretch of the timeline. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    range: Range<i64>,
    pcm: Arc<Vec<f32>>,
}

impl Stretch {
    /// The samples `wanted`, if all of them are here.
    fn part(&self, wanted: &Range<i64>) -> Option<&[f32]> {
        let first = usize::try_from(wanted.start - self.range.start).ok()? * CHANNELS;
        self.pcm.get(first..first + frames(wanted) * CHANNELS)
    }
}

/// The samples of a cut on their way to its encoder, in order. The rest may be on its way while the
/// first are encoded.
#[derive(Debug)]
pub(crate) struct Feed {
    at: i64,
    here: Stretch,
    rest: Option<Receiver<Stretch>>,
}

impl Feed {
    /// The samples of `cut`, of which `here` has the first, and what comes by `rest` the others.
    pub(crate) fn new(cut: &Cut, here: Stretch, rest: Option<Receiver<Stretch>>) -> Self {
        Self { at: cut.fed().start, here, rest }
    }

    /// The next samples, as many as are asked for; waits for them if need be. Blocks.
    ///
    /// # Errors
    /// [`MediaError::Abandoned`] if they never come, [`MediaError::Internal`] if too many are asked
    /// for.
    pub(crate) fn take(&mut self, samples: u32) -> Result<&[f32], MediaError> {
        let wanted = self.at..self.at + i64::from(samples);
        if wanted.end > self.here.range.end
            && let Some(rest) = self.rest.take()
        {
            self.here = rest.recv().map_err(|_| MediaError::Abandoned)?;
        }
        self.at = wanted.end;
        let range = &self.here.range;
        let missing = || MediaError::Internal(format!("{wanted:?} of {range:?} to encode"));
        self.here.part(&wanted).ok_or_else(missing)
    }
}

/// What of the window of a segment is read at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Extent {
    Whole,
    /// What the packets of its first second need, and the warm-up packet.
    Head,
    /// The others.
    Tail,
}

/// Reads programmes.
#[derive(Debug)]
pub(crate) struct Reader {
    files: Unchanged,
    shared: Cache<(AudioHash, u64, Extent), Stretch>,
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
        Self { files: Unchanged::new(decoder), shared }
    }

    /// All that `cut` is fed. Whoever asks for another rung of the same segment, now or soon, shares
    /// the work.
    ///
    /// # Errors
    /// [`MediaError::Source`] if a file cannot be read, or no longer is what it was.
    pub(crate) async fn whole(
        &self,
        programme: &Programme,
        cut: &Cut,
    ) -> Result<Stretch, MediaError> {
        let window = Cut::window(programme.timeline(), cut.index).unwrap_or_else(|| cut.fed());
        self.shared_stretch(programme, cut.index, Extent::Whole, window).await
    }

    /// What the first packets of `cut` are fed, and what [`Self::rest`] is to read, if not all is
    /// here. Reading the beginning alone takes a third of the time.
    ///
    /// # Errors
    /// As for [`Self::whole`].
    pub(crate) async fn begin(
        &self,
        programme: &Programme,
        cut: &Cut,
    ) -> Result<(Stretch, Option<Range<i64>>), MediaError> {
        let window = Cut::window(programme.timeline(), cut.index).unwrap_or_else(|| cut.fed());
        let whole = (programme.hash_of(&window), cut.index, Extent::Whole);
        if let Some(whole) = self.shared.get(&whole).await {
            return Ok((whole, None));
        }
        let Some((head, tail)) = Cut::halves(&window) else {
            return Ok((self.whole(programme, cut).await?, None));
        };
        let tail = (cut.fed().end > head.end).then_some(tail);
        Ok((self.shared_stretch(programme, cut.index, Extent::Head, head).await?, tail))
    }

    /// The samples that [`Self::begin`] left out.
    ///
    /// # Errors
    /// As for [`Self::whole`].
    pub(crate) async fn rest(
        &self,
        programme: &Programme,
        cut: &Cut,
        tail: Range<i64>,
    ) -> Result<Stretch, MediaError> {
        self.shared_stretch(programme, cut.index, Extent::Tail, tail).await
    }

    async fn shared_stretch(
        &self,
        programme: &Programme,
        index: u64,
        extent: Extent,
        range: Range<i64>,
    ) -> Result<Stretch, MediaError> {
        let key = (programme.hash_of(&range), index, extent);
        let stretch = self.shared.try_get_with(key, self.stretch(programme, range)).await;
        stretch.map_err(|error| (*error).clone())
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
        let pieces = run.pieces(&needed);
        // At a join there are two files: neither waits for the other.
        let mut decoded = try_join_all(pieces.iter().map(|piece| self.decode(piece))).await?;
        // Here and not where it is decoded: this protects the encoders, whoever decoded.
        decoded.iter_mut().for_each(|samples| tame(samples));
        let whole = frames(&needed) * CHANNELS;
        if let [only] = &mut decoded[..]
            && only.len() == whole
        {
            return Ok(std::mem::take(only));
        }
        let mut source = vec![0.0; whole];
        for (piece, decoded) in pieces.iter().zip(&decoded) {
            let start = piece.place * CHANNELS;
            source[start..start + decoded.len()].copy_from_slice(decoded);
        }
        Ok(source)
    }

    /// The samples of a piece, as many as it says.
    pub(crate) async fn decode(&self, piece: &Piece) -> Result<Vec<f32>, MediaError> {
        let Piece { start, frames, .. } = piece;
        let decoded = self.files.decode(piece).await?;
        if decoded.len() as u64 == u64::from(*frames) * CHANNELS as u64 {
            return Ok(decoded);
        }
        let got = decoded.len() / CHANNELS;
        let text = format!("{got} of {frames} frames at {start}: changed since its analysis");
        Err(DecodeError::Malformed(text).into())
    }
}
