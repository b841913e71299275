//! Why a segment cannot be had, named by what the caller can do about it.

use std::sync::Arc;

use quicksync_decode::DecodeError;
use quicksync_fmp4::Fmp4Error;
use quicksync_model::Codec;

use crate::NotLossless;

/// A segment that cannot be had. Cheap to clone: all requests that waited for it share one cause.
#[derive(Clone, Debug, thiserror::Error)]
pub enum MediaError {
    /// The index lies past the end of the track: the caller's arithmetic is wrong.
    #[error("the track has {segments} segments, so there is no segment {index}")]
    NotFound {
        /// The index asked for.
        index: u64,
        /// How many segments there are.
        segments: u64,
    },
    /// The source cannot be read, or is not what its analysis says: nothing helps but the file.
    #[error("the source cannot be read: {0}")]
    Source(#[source] Arc<DecodeError>),
    /// More requests wait for the encoders than are worth waiting for: try again in a moment, or
    /// take a rung that is cached.
    #[error("{waiting} requests are already waiting for {workers} encoders")]
    Overloaded {
        /// Requests waiting.
        waiting: usize,
        /// Encoders there are.
        workers: usize,
    },
    /// This build has no encoder for it: another codec may do.
    #[error("this build does not encode {0}")]
    Unsupported(Codec),
    /// There is no lossless rendition of this source: its own file serves.
    #[error("{0}")]
    NotLossless(NotLossless),
    /// Everybody who waited went away: nobody sees this but who comes in that very instant, and may
    /// ask again.
    #[error("nobody waits for the segment any more")]
    Abandoned,
    /// A defect of ours.
    #[error("the segment engine failed: {0}")]
    Internal(String),
}

impl From<DecodeError> for MediaError {
    fn from(error: DecodeError) -> Self {
        Self::Source(Arc::new(error))
    }
}

impl From<Fmp4Error> for MediaError {
    fn from(error: Fmp4Error) -> Self {
        Self::Internal(error.to_string())
    }
}
