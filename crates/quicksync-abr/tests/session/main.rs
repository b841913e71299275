//! Whole playback sessions in virtual time, over links made for the purpose.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a harness of small, known numbers"
)]

mod adapting;
mod goldens;
mod harness;
mod ladders;
mod limits;
mod link;
mod moving;
mod starting;
