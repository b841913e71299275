//! Tries the decision core with anything that can be told to it, and watches that it keeps its
//! promises.
//!
//! Knows: the contract of [`quicksync_abr::playback`], from outside. Never: how a decision is made,
//! a clock, randomness of its own.
//!
//! # Model
//! A [`Source`] of choices plays a player: mostly one that does what it is told and reports it, now
//! and then one that reports nonsense. A witness hears every input and every output, and knows only
//! what the contract says; the first broken promise ends the trial with a decision log that
//! replays. The same trials run from seeds (tests, `cargo xtask fuzz`) and from a fuzzer's bytes
//! (`fuzz/`).
//!
//! # Reading order
//! [`run`], then `witness` for the promises.

mod draw;
mod frames;
mod source;
mod trial;
mod witness;

pub use frames::run as run_frames;
pub use source::{Bytes, Seeded, Source};
pub use trial::{Broken, Trial, run};
