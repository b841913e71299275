//! A decoder that has the samples already.

use std::path::Path;

use async_trait::async_trait;
use quicksync_decode::{Analysis, DecodeError, Decoder, Measurement, Probe};

/// Gives out parts of what was decoded in one go.
#[derive(Debug)]
pub(super) struct Held {
    /// Of the samples, whose rate may be said to be another one.
    pub(super) analysis: Analysis,
    /// Interleaved stereo.
    pub(super) pcm: Vec<f32>,
}

#[async_trait]
impl Decoder for Held {
    async fn probe(&self, _: &Path) -> Result<Probe, DecodeError> {
        let Analysis { format, samples, .. } = self.analysis;
        Ok(Probe { format, claimed_samples: Some(samples) })
    }

    async fn analyse(&self, _: &Path) -> Result<Analysis, DecodeError> {
        Ok(self.analysis)
    }

    async fn measure(&self, _: &Path, _: u64) -> Result<Measurement, DecodeError> {
        Err(DecodeError::Unsupported("no segment needs it".into()))
    }

    async fn decode(&self, _: &Path, start: u64, frames: u32) -> Result<Vec<f32>, DecodeError> {
        let place = |frame: u64| usize::try_from(frame).unwrap_or(usize::MAX).saturating_mul(2);
        let end = place(start.saturating_add(frames.into())).min(self.pcm.len());
        Ok(self.pcm.get(place(start).min(end)..end).unwrap_or_default().to_vec())
    }
}
