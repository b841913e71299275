//! The log: to standard error, as text or JSON, filtered by `RUST_LOG`.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What parsers say of odd files is for who looks into one; the library names what it cannot read.
const PARSERS: &str = "symphonia=error,lofty=error";

/// Starts the log. Where `RUST_LOG` says nothing, what is of `level` or graver is logged.
pub(crate) fn start(format: LogFormat, level: &str) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new(format!("{level},{PARSERS}")));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    // Fails only where a log was started already, as between two tests of one process.
    let _started = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}
