//! Playback without a network: exact integration of recorded capacity over time.
//!
//! Knows: traces. Never: a clock, randomness without a seed, a socket.

mod trace;

pub use trace::{NetworkTrace, TraceError};
