//! Playback without a network: exact integration of recorded capacity over time.
//!
//! Knows: traces. Never: a clock, randomness without a seed, a socket.

mod metric;
mod setup;
mod trace;

pub use metric::{Listening, Metric};
pub use setup::{CAP_US, RUNGS, SEGMENT_US, SEGMENTS, Setup, SetupError, quality};
pub use trace::{NetworkTrace, TraceError};
