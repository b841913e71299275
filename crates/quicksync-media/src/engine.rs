//! Any segment of any track at any quality, just in time.
//!
//! Knows: where the samples come from, who may encode, where results lie. Never: HTTP, the
//! library, which quality a listener should have.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use quicksync_decode::{Analysis, DecodeError, Decoder};
use quicksync_model::{Quality, Timeline};

use crate::cache::{Cache, Key};
use crate::cut::Cut;
use crate::opus::CHANNELS;
use crate::pool::Pool;
use crate::{EngineConfig, MediaError, Pressure};

/// A track's file and what a whole read of it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// Its format, exact length and identity. If the file no longer fits it, segments fail with
    /// [`MediaError::Source`] rather than with invented silence; whoever watches files must
    /// analyse it again.
    pub analysis: Analysis,
}

/// The exact length in bytes of segment `index`, known before it is encoded; `None` past the end.
#[must_use]
pub fn segment_bytes(timeline: Timeline, quality: Quality, index: u64) -> Option<u64> {
    let samples = timeline.segment_samples(index)?;
    Some(quicksync_fmp4::segment_bytes(samples, quality.bitrate().packet_bytes()))
}

/// The segment engine. Clones share everything.
#[derive(Clone, Debug)]
pub struct Engine {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    decoder: Arc<dyn Decoder>,
    cache: Cache,
    pool: Pool,
    init: Bytes,
    encode_ahead: bool,
}

impl Engine {
    /// An engine that reads sources with `decoder`. Lists the disk cache, so it takes a moment
    /// where that is large; a disk that cannot be used is reported by [`Self::disk_fault`].
    ///
    /// # Errors
    /// [`MediaError::Internal`] if the init segment cannot be made.
    pub async fn open(config: EngineConfig, decoder: Arc<dyn Decoder>) -> Result<Self, MediaError> {
        let shared = Shared {
            decoder,
            cache: Cache::open(&config).await,
            pool: Pool::new(config.workers.get(), config.max_waiting),
            init: quicksync_fmp4::init_segment()?,
            encode_ahead: config.encode_ahead,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The init segment of every track and rung.
    #[must_use]
    pub fn init_segment(&self) -> Bytes {
        self.shared.init.clone()
    }

    /// Segment `index` of `source` at `quality`, whether or not the source's ladder offers it.
    ///
    /// Dropping the future gives up its place in the queue; an encoder that has begun finishes.
    ///
    /// # Errors
    /// See [`MediaError`]. No error is remembered: the next request tries again.
    pub async fn segment(
        &self,
        source: &Source,
        quality: Quality,
        index: u64,
    ) -> Result<Bytes, MediaError> {
        let cut = Cut::new(&source.analysis, index)?;
        let make = self.shared.make(source, cut, quality);
        let segment = self.shared.cache.segment(key(source, quality, index), make).await?;
        if self.shared.encode_ahead {
            self.encode_ahead(source, quality, index.saturating_add(1));
        }
        Ok(segment)
    }

    /// The packet before the first one of `source` at `quality`: decoded and thrown away, it
    /// prepares a decoder that comes from another track. Not kept: it takes two milliseconds.
    ///
    /// # Errors
    /// See [`MediaError`].
    pub async fn warm_up(&self, source: &Source, quality: Quality) -> Result<Bytes, MediaError> {
        self.shared.make(source, Cut::warm_up(&source.analysis)?, quality).await
    }

    /// The qualities at which segment `index` can be had without encoding, lowest first.
    #[must_use]
    pub fn cached(&self, source: &Source, index: u64) -> Vec<Quality> {
        let is_cached = |quality| self.shared.cache.contains(&key(source, quality, index));
        Quality::ALL.into_iter().filter(|quality| is_cached(*quality)).collect()
    }

    /// How busy the encoders are.
    #[must_use]
    pub fn pressure(&self) -> Pressure {
        self.shared.pool.pressure()
    }

    /// Why the disk cache does not work at the moment, if it does not.
    #[must_use]
    pub fn disk_fault(&self) -> Option<String> {
        self.shared.cache.disk_fault()
    }

    /// Waits until the segments made so far are on disk, or could not be written.
    pub async fn flush(&self) {
        self.shared.cache.flush().await;
    }

    fn encode_ahead(&self, source: &Source, quality: Quality, index: u64) {
        let key = key(source, quality, index);
        let Ok(cut) = Cut::new(&source.analysis, index) else { return };
        if self.shared.cache.contains(&key) {
            return;
        }
        let Some(leave) = self.shared.pool.may_run_ahead() else { return };
        let (shared, source) = (Arc::clone(&self.shared), source.clone());
        tokio::spawn(async move {
            let make = shared.make(&source, cut, quality);
            // The listener's own request will meet the same error and say so.
            if let Err(error) = shared.cache.segment(key, make).await {
                tracing::debug!(%error, index, "cannot encode ahead");
            }
            drop(leave);
        });
    }
}

fn key(source: &Source, quality: Quality, index: u64) -> Key {
    Key { audio_hash: source.analysis.audio_hash, quality, index }
}

impl Shared {
    async fn make(&self, source: &Source, cut: Cut, quality: Quality) -> Result<Bytes, MediaError> {
        let slot = self.pool.enter().await?;
        let decoded = self.decode(source, &cut).await?;
        slot.run(move || cut.make(&decoded, quality)).await
    }

    async fn decode(&self, source: &Source, cut: &Cut) -> Result<Vec<f32>, MediaError> {
        let range = cut.decode();
        let frames = u32::try_from(range.end.saturating_sub(range.start))
            .map_err(|_| MediaError::Internal(format!("a segment of {range:?} frames")))?;
        if frames == 0 {
            return Ok(Vec::new());
        }
        let decoded = self.decoder.decode(&source.path, range.start, frames).await?;
        if decoded.len() as u64 != u64::from(frames) * CHANNELS as u64 {
            let got = decoded.len() / CHANNELS;
            let text =
                format!("{got} of {frames} frames at {}: changed since its analysis", range.start);
            return Err(DecodeError::Malformed(text).into());
        }
        Ok(decoded)
    }
}
