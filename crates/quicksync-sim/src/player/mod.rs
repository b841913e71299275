//! A player without sound: does what an algorithm orders over a network trace, and keeps what was
//! heard.
//!
//! Knows: what a player can and cannot do. Never: a clock, a decision; times are microseconds from
//! the press on play, integers, and exact.
//!
//! # Model
//! One transfer at a time. A request waits for the latency of the trace's row at its instant, then
//! bytes flow at the rate of the trace. A segment is held when its last byte has come, and nothing of
//! it sounds before. Sound runs from an order to play until nothing more is held; that it then stops
//! is a stall, however short. A better copy takes the place of a held segment until that begins to
//! sound. A cancelled transfer frees the link at once; what came of it is lost.
//!
//! # Reading order
//! [`Agent`] is the contract of an algorithm, [`play`] the loop, [`Playback`] what it leaves.

mod agent;
mod listener;
mod playback;
mod run;

pub use agent::{Agent, Event, Note, Order, Sound, Transfer, View};
pub use listener::{Listener, Move};
pub use playback::{Download, Fate, Playback, Stall};
pub(crate) use playback::{ratio, seconds};
pub use run::{PlayError, play};
