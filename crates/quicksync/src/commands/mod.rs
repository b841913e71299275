//! One file per command.

mod serve;

use anyhow::Result;

use crate::cli::{Cli, Command};
use crate::logging;

/// Does what the command line asks.
pub(crate) fn run(cli: Cli) -> Result<()> {
    logging::start(cli.log, if matches!(cli.command, Command::Serve(_)) { "info" } else { "warn" });
    match cli.command {
        Command::Serve(args) => serve::run(*args),
        other => anyhow::bail!("not wired yet: {other:?}"),
    }
}
