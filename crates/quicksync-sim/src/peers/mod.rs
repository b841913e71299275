//! Other players' rules, each re-stated in its own file from its paper or source, with its defaults.
//!
//! Knows: what each rule sees in its own player. Never: the decision core.
//!
//! # Model
//! A rule chooses a rung for the next segment; the rest is alike for all: segments are fetched in
//! order, one at a time, as long as there is room. All get the experiment's buffer instead of their
//! own, so that a deeper buffer is no one's advantage; constants inside a rule stay as they are. A
//! rule that is made for a buffer of known depth takes the track's length where there is no cap.

mod conduct;
mod fixed;
mod history;
mod linear_bba;
mod throughput;

pub use conduct::{Arriving, Conduct, Finished, Pace, Peer, ResumeRule, Scene};
pub use fixed::Fixed;
pub use linear_bba::LinearBba;
pub use throughput::ThroughputRule;
