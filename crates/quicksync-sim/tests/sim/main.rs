//! The simulator from outside: what a player can do, what a plan proves, how peers decide.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a harness of small, known numbers"
)]

mod decisions;
mod folders;
mod ladders;
mod listeners;
mod player;
mod replay;
mod reports;
mod script;
mod traces;
