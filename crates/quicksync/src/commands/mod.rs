//! One file per command.

mod accounts;
mod check;
mod encode;
mod replay;
mod scan;
mod serve;
mod simulate;
mod speedtest;
mod worker;

use std::thread::available_parallelism;

use anyhow::{Context as _, Result};
use tokio::runtime::{Builder, Runtime};

use crate::cli::{Cli, Command};
use crate::logging;

/// Does what the command line asks.
pub(crate) fn run(cli: Cli) -> Result<()> {
    let level = if matches!(cli.command, Command::Serve(_)) { "info" } else { "warn" };
    logging::start(cli.log, level);
    match cli.command {
        Command::Serve(args) => runtime()?.block_on(serve::run(*args)),
        Command::Scan(args) => runtime()?.block_on(scan::run(*args)),
        Command::Encode(args) => runtime()?.block_on(encode::run(*args)),
        Command::User(command) => runtime()?.block_on(accounts::user(command)),
        Command::Token(command) => runtime()?.block_on(accounts::token(command)),
        Command::Speedtest(args) => runtime()?.block_on(speedtest::run(*args)),
        Command::Check(args) => runtime()?.block_on(check::run(args)),
        Command::Replay { file } => replay::run(&file),
        Command::Simulate(args) => simulate::run(&args),
        Command::Worker => worker::run(),
    }
}

fn runtime() -> Result<Runtime> {
    let has_one_processor = available_parallelism().is_ok_and(|processors| processors.get() == 1);
    // One thread that nobody shares work with has no work to guard.
    let mut builder =
        if has_one_processor { Builder::new_current_thread() } else { Builder::new_multi_thread() };
    builder.enable_all().build().context("cannot start the runtime")
}
