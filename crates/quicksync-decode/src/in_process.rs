//! The decoder that runs where it is asked, on the runtime's blocking threads.
//!
//! Knows: how to keep a slow read off the async threads. Never: a limit on memory or time; hostile
//! files belong to [`Workers`](crate::worker::Workers).

use std::path::Path;

use async_trait::async_trait;

use crate::loudness::Measurement;
use crate::source::{Analysis, DecodeError, Decoder, Probe};

/// Decodes in this process: for tests, tools and files one trusts.
#[derive(Clone, Copy, Debug, Default)]
pub struct InProcess;

#[async_trait]
impl Decoder for InProcess {
    async fn probe(&self, path: &Path) -> Result<Probe, DecodeError> {
        let path = path.to_owned();
        blocking(move || crate::analyse::probe(&path)).await
    }

    async fn analyse(&self, path: &Path) -> Result<Analysis, DecodeError> {
        let path = path.to_owned();
        blocking(move || crate::analyse::analyse(&path)).await
    }

    async fn measure(&self, path: &Path, samples: u64) -> Result<Measurement, DecodeError> {
        let path = path.to_owned();
        blocking(move || crate::loudness::measure(&path, samples)).await
    }

    async fn decode(&self, path: &Path, start: u64, frames: u32) -> Result<Vec<f32>, DecodeError> {
        let path = path.to_owned();
        blocking(move || crate::range::decode(&path, start, frames)).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DecodeError> + Send + 'static,
) -> Result<T, DecodeError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => {
            Err(DecodeError::Malformed("the decoder gave up on it".into()))
        }
        Err(_) => Err(DecodeError::Died("the runtime is shutting down".into())),
    }
}
