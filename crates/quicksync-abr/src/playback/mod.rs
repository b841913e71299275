//! The playback session: told what the player sees, it answers what to fetch, when to play, and why.
//!
//! Knows: what is held, what is under way, what the network showed. Never: a clock, I/O, the player.
//!
//! # Model
//! One input, then outputs until [`Output::Idle`]. The player does what it is told and reports it;
//! sound runs only between [`Output::Play`] and the next stall, seek or pause. At most one transfer
//! is under way, so that every byte is evidence about the whole link.
//!
//! # Reading order
//! [`Input`] and [`Output`] are the contract, [`PlaybackSession`] the state; [`Reason`] explains.
//! Each idea has a file: `playhead`, `holdings`, `transfer`, `setbacks`, `bounds` and `ledger` keep
//! what is known; `estimator`, `controller` and `scheduler` decide; `moment` is what they decide
//! from, `answer` the order in which they are asked.

mod answer;
mod belief;
mod bounds;
mod config;
mod controller;
mod estimator;
mod holdings;
mod input;
mod ladder;
mod ledger;
mod moment;
mod output;
mod playhead;
pub mod policy;
mod reason;
mod scheduler;
mod session;
mod setbacks;
mod track;
mod transfer;

pub use belief::Belief;
pub use config::{BufferLimits, ConfigError, Limits, Preferences, Prior, SessionConfig, utility};
pub use input::{DevicePressure, Failure, Input};
pub use ladder::{LadderError, SegmentLadder};
pub use output::Output;
pub use reason::{Reason, Situation};
pub use session::PlaybackSession;
pub use track::{SegmentKey, TrackId};
