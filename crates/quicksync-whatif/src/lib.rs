//! What another player would have made of a listener's network: a playback session's transfers become
//! a network trace, and every policy of the simulator plays the same track over it.
//!
//! Knows: how transfers become a trace, which policies there are, how both look as numbers. Never: a
//! clock, the network, a decision.
//!
//! # Model
//! JavaScript asks for room for its transfers, writes them there, says what was played, and asks for
//! the outcome of one policy after another: numbers in, numbers out, as with the decision core. What
//! the network could carry while nothing was fetched is not known: [`measured`] says what is assumed,
//! and how much of the trace that is.
//!
//! # Reading order
//! [`measured`], [`POLICIES`], then [`Booth`]; `exports` is what JavaScript calls.

mod booth;
#[cfg(target_arch = "wasm32")]
mod exports;
pub mod measured;
mod policies;

pub use booth::{Booth, OUTCOME, Refusal, TRANSFER};
pub use measured::{Measured, MeasuredTransfer};
pub use policies::{Outcome, POLICIES, Policy};
