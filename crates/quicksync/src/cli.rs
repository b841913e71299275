//! The command line: its words, nothing of what they do.

use clap::{Args, Parser, Subcommand};

use crate::config::{Settings, StoreSettings};
use crate::logging::LogFormat;

/// Quick Sync: a music server that plays the best quality that never stalls.
#[derive(Debug, Parser)]
#[command(
    name = "quicksync",
    version,
    after_help = "Exit codes: 0 done, 1 failed, 2 wrong arguments or configuration, \
                  3 another instance uses the data folder."
)]
pub(crate) struct Cli {
    /// How log lines look. RUST_LOG says what is logged.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) log: LogFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the music folders over HTTP.
    Serve(Box<ServeArgs>),
    /// Read the music folders into the library once, and say what could not be read.
    Scan(Box<ScanArgs>),
    /// Add, list and change users.
    #[command(subcommand)]
    User(UserCommand),
    /// Make API tokens.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Measure this server's own connection to the network.
    Speedtest(Box<SpeedtestArgs>),
    /// Decide a logged playback again and compare every decision.
    Replay {
        /// A decision log of a player; - reads standard input.
        #[arg(value_name = "LOG")]
        file: std::path::PathBuf,
    },
    /// Decode files on behalf of another process.
    #[command(hide = true)]
    Worker,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Write the address to this file once the server answers, for programs that start it.
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<std::path::PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Print one JSON object instead of sentences.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Make a user; asks for the password, or reads it from standard input.
    Add {
        /// Their name.
        name: String,
        /// Let them manage users and read the library's problems.
        #[arg(long)]
        admin: bool,
        #[command(flatten)]
        password: PasswordArgs,
        #[command(flatten)]
        store: StoreSettings,
    },
    /// Change a user's password; ends all their login sessions.
    Passwd {
        /// Their name.
        name: String,
        #[command(flatten)]
        password: PasswordArgs,
        #[command(flatten)]
        store: StoreSettings,
    },
    /// List the users.
    List {
        /// Print a JSON array instead of lines.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        store: StoreSettings,
    },
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct PasswordArgs {
    /// Read the password from standard input, up to the end of its first line.
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make an API token for a user; the last line printed is the token alone.
    Create {
        /// Whose it is.
        user: String,
        /// What to call it.
        #[arg(long, default_value = "command line")]
        name: String,
        #[command(flatten)]
        store: StoreSettings,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SpeedtestArgs {
    /// What to download instead of the configured targets; may be given more than once.
    #[arg(long, value_name = "URL")]
    pub(crate) url: Vec<url::Url>,
    /// Print one JSON object instead of sentences.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_words_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }
}
