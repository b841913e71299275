//! The binary: reads its configuration, wires the rooms together, and owns clocks and threads.
//!
//! Never decides what is played or who may listen: that is the rooms' business.

mod cli;
mod commands;
mod config;
mod data_dir;
mod failure;
mod logging;
mod output;
mod rooms;
mod segment_source;
mod system;
mod web_files;

use std::process::ExitCode;

use clap::Parser as _;

/// Freed memory goes back sooner than with the system's allocator under many small buffers.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    system::use_small_pages();
    let cli = cli::Cli::parse();
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error),
    }
}
