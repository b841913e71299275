//! Playback without a network: exact integration of recorded capacity over time, for the decision
//! core, for other players' rules, and for what nobody can beat.
//!
//! Knows: traces, players, metrics. Never: a clock, randomness without a seed, a socket.
//!
//! # Reading order
//! [`NetworkTrace`] and [`Setup`] are what is played, [`player`] plays, [`peers`] and [`ours`] say
//! how, [`experiment`] does it many times, [`optimum`] is what nobody can beat, [`report`] adds up.

pub mod algorithm;
mod campaign;
pub mod experiment;
pub mod fit;
mod folder;
mod habits;
mod metric;
mod optima;
pub mod optimum;
pub mod ours;
pub mod peers;
mod planned;
pub mod player;
pub mod report;
mod seed;
mod setup;
mod trace;

pub use campaign::{Campaign, Played, Reached};
pub use folder::{FolderError, NamedTrace, Scale, is_synthetic, read_folder};
pub use habits::{Habits, learned_prior};
pub use metric::{Listening, Metric, Terms};
pub use optima::{Optima, Reference};
pub use planned::Planned;
pub use setup::{CAP_US, RUNGS, SEGMENT_US, SEGMENTS, Setup, SetupError, quality, top_of};
pub use trace::{NetworkTrace, TraceError};
