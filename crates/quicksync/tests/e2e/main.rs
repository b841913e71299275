//! The real binary, started as a stranger would start it, with files it has never seen.
//!
//! Needs ffmpeg, which `cargo xtask test` installs; without it these tests fail and say so.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a harness that cannot go on ends its test where it stands"
)]

mod check;
mod command_line;
mod crash;
mod delivery;
mod formats;
mod full_disk;
mod harness;
mod http;
mod joins;
mod listeners;
mod music;
