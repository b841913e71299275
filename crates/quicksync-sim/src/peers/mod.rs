//! Other players' rules, each re-stated in its own file from its paper or source, with its defaults.
//!
//! Knows: what each rule sees in its own player. Never: the decision core.
//!
//! # Model
//! A rule chooses a rung for the next segment; the rest is alike for all: segments are fetched in
//! order, one at a time, as long as there is room. All get the experiment's buffer instead of their
//! own, so that a deeper buffer is no one's advantage; constants inside a rule stay as they are. A
//! rule that is made for a buffer of known depth takes the track's length where there is no cap.

mod averages;
mod bola;
mod bola_e;
mod conduct;
mod dynamic;
mod fixed;
mod history;
mod hls_js;
mod linear_bba;
mod media3;
mod robust_mpc;
mod shaka;
mod thresholds;
mod throughput;

pub use bola_e::BolaE;
pub use conduct::{Arriving, Conduct, Finished, Pace, Peer, ResumeRule, Scene};
pub use dynamic::Dynamic;
pub use fixed::Fixed;
pub use hls_js::HlsJs;
pub use linear_bba::LinearBba;
pub use media3::Media3;
pub use robust_mpc::RobustMpc;
pub use shaka::Shaka;
pub use thresholds::Thresholds;
pub use throughput::ThroughputRule;
