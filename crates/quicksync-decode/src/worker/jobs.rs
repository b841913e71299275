//! The jobs of this crate, and the decoder that calls them in children.
//!
//! Knows: how requests and answers of a decoder are written as bytes. Never: how they travel.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::child::Job;
use super::frame::{JobError, Output};
use super::pool::Pool;
use crate::loudness::Measurement;
use crate::source::{Analysis, DecodeError, Decoder, Probe};

const PROBE: &str = "probe";
const ANALYSE: &str = "analyse";
const MEASURE: &str = "measure";
const DECODE: &str = "decode";
/// Number of samples, before the path.
const LENGTH_BYTES: usize = 8;
/// Start and number of frames, before the path.
const RANGE_BYTES: usize = 12;

/// The jobs that [`Workers`] asks for, for the table of [`serve`](super::serve).
#[must_use]
pub const fn decode_jobs() -> [(&'static str, Job); 4] {
    [(PROBE, probe), (ANALYSE, analyse), (MEASURE, measure), (DECODE, decode)]
}

fn probe(payload: &[u8]) -> Result<Output, JobError> {
    to_json(&crate::analyse::probe(path_of(payload))?)
}

fn analyse(payload: &[u8]) -> Result<Output, JobError> {
    to_json(&crate::analyse::analyse(path_of(payload))?)
}

fn measure(payload: &[u8]) -> Result<Output, JobError> {
    let (samples, path) = payload
        .split_first_chunk::<LENGTH_BYTES>()
        .ok_or_else(|| JobError::Unsupported("a length that is cut short".into()))?;
    to_json(&crate::loudness::measure(path_of(path), u64::from_le_bytes(*samples))?)
}

fn decode(payload: &[u8]) -> Result<Output, JobError> {
    let (range, path) = payload
        .split_first_chunk::<RANGE_BYTES>()
        .ok_or_else(|| JobError::Unsupported("a range that is cut short".into()))?;
    let [a, b, c, d, e, f, g, h, frames @ ..] = *range;
    let start = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    let samples = crate::range::decode(path_of(path), start, u32::from_le_bytes(frames))?;
    Ok(Output::Samples(samples))
}

fn path_of(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

fn to_json(value: &impl Serialize) -> Result<Output, JobError> {
    let json = serde_json::to_vec(value);
    json.map(Output::Bytes).map_err(|error| JobError::Malformed(error.to_string()))
}

/// Decodes in children: what the server uses.
///
/// Two pools, so that playback never waits behind a scan: `decode` goes to the one for listeners,
/// `probe`, `analyse` and `measure` to the one for the library. Where a listener waits for an analysis, ask
/// another `Workers` that has the listeners' pool twice; pools are shared by their clones.
#[derive(Clone, Debug)]
pub struct Workers {
    listeners: Pool,
    library: Pool,
}

impl Workers {
    /// Workers that serve listeners by one pool and the library by the other.
    #[must_use]
    pub const fn new(listeners: Pool, library: Pool) -> Self {
        Self { listeners, library }
    }

    /// The pool for the library, for jobs other than decoding.
    #[must_use]
    pub const fn library(&self) -> &Pool {
        &self.library
    }
}

#[async_trait]
impl Decoder for Workers {
    async fn probe(&self, path: &Path) -> Result<Probe, DecodeError> {
        from_json(&self.library.call(PROBE, path.as_os_str().as_bytes()).await?)
    }

    async fn analyse(&self, path: &Path) -> Result<Analysis, DecodeError> {
        from_json(&self.library.call(ANALYSE, path.as_os_str().as_bytes()).await?)
    }

    async fn measure(&self, path: &Path, samples: u64) -> Result<Measurement, DecodeError> {
        let request = [&samples.to_le_bytes()[..], path.as_os_str().as_bytes()].concat();
        from_json(&self.library.call(MEASURE, &request).await?)
    }

    async fn decode(&self, path: &Path, start: u64, frames: u32) -> Result<Vec<f32>, DecodeError> {
        let (start, frames) = (start.to_le_bytes(), frames.to_le_bytes());
        let request = [&start[..], &frames, path.as_os_str().as_bytes()].concat();
        let samples: Vec<f32> = self.listeners.ask(DECODE, &request).await?;
        if !samples.len().is_multiple_of(2) {
            return Err(DecodeError::Died("it answered with half a frame".into()));
        }
        Ok(samples)
    }
}

fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(bytes)
        .map_err(|error| DecodeError::Died(format!("it answered nonsense: {error}")))
}
