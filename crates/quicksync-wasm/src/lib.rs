//! The decision core for JavaScript: numbers in, numbers out, nothing decided here.
//!
//! Knows: how inputs and outputs look as numbers. Never: a clock, the network, a decision, text but
//! for the sentence of a reason.
//!
//! # Model
//! A [`Desk`] holds sessions and a tray of numbers. JavaScript puts an input in the tray and says
//! so, or asks for the next output and finds it there: no memory changes hands, so nothing needs to
//! be freed, copied or generated. [`frame`] says which number means what; the words for them come
//! from [`words`], so that no list is kept twice.
//!
//! # Reading order
//! [`Desk`], then [`frame`]; `exports` is what JavaScript calls.

mod desk;
#[cfg(target_arch = "wasm32")]
mod exports;
pub mod frame;
mod words;

pub use desk::{Desk, TRAY};
pub use words::words;
