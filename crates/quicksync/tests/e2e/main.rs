//! The real binary, started as a stranger would start it, with files it has never seen.
//!
//! Needs ffmpeg, which `cargo xtask test` installs; without it these tests fail and say so.

mod command_line;
mod crash;
mod formats;
mod full_disk;
mod harness;
mod http;
mod music;
