//! Decoding against a reference decoder, on files made here.
//!
//! Needs `ffmpeg` on the path, as encoder and reference.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "the helpers of tests fail like tests, and their numbers are small"
)]

mod analysis;
mod chains;
mod damage;
mod loudness;
mod media;
mod mutate;
mod positions;
mod reference;
mod workers;
