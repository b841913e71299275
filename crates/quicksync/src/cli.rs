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
    /// Encode albums before anyone listens to them.
    Encode(Box<EncodeArgs>),
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
    /// Compare the decode and the segments of music files with what they must equal.
    Check(CheckArgs),
    /// Play network traces with the decision core and with other players' rules, and compare.
    Simulate(Box<SimulateArgs>),
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

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Music files.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<std::path::PathBuf>,
    /// Segments that are made twice, of each quality and codec, the first and last among them; 0
    /// leaves out segments and switches.
    #[arg(long, value_name = "NUMBER", default_value_t = 6)]
    pub(crate) segments: u64,
    /// Leave out what changes of quality add, which takes longest.
    #[arg(long)]
    pub(crate) without_switches: bool,
    /// The reference decoder, if it is there.
    #[arg(long, value_name = "PROGRAM", default_value = "ffmpeg")]
    pub(crate) reference: String,
    /// Print a JSON array instead of tables.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct EncodeArgs {
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(flatten)]
    pub(crate) wish: EncodeWish,
}

/// What is to be encoded.
#[derive(Debug, Args)]
pub(crate) struct EncodeWish {
    /// Albums with these words in title or artist; all of them if there is none, or it is "all".
    #[arg(value_name = "ALBUM")]
    pub(crate) albums: Vec<String>,
    /// Only these qualities, with commas between them; else all that a track has.
    #[arg(long, value_name = "QUALITY", value_delimiter = ',')]
    pub(crate) quality: Vec<quicksync_model::Quality>,
    /// In which codec.
    #[arg(long, value_enum, default_value_t, value_name = "CODEC")]
    pub(crate) codec: EncodeCodec,
    /// Print one JSON object instead of sentences.
    #[arg(long)]
    pub(crate) json: bool,
}

/// The codecs that can be encoded ahead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum EncodeCodec {
    /// What browsers and our own player play.
    #[default]
    Opus,
    /// What everything else plays.
    Mp3,
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

#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    /// A folder with one folder of traces per family, each a CSV file of
    /// duration_ms,bandwidth_kbps,latency_ms; and perhaps a manifest.csv.
    #[arg(long, value_name = "DIR")]
    pub(crate) traces: std::path::PathBuf,
    /// As recorded, or scaled to a time-mean of 400, 200 or 100 kbps.
    #[arg(long, default_value = "native", value_parser = ["native", "s400", "s200", "s100"])]
    pub(crate) scale: String,
    /// The buffer in seconds, or none for as much as there is of the track.
    #[arg(long, default_value = "30", value_name = "SECONDS|none")]
    pub(crate) cap: String,
    /// What a playback is worth.
    #[arg(long, default_value = "m1", value_parser = ["m1", "lin", "log"])]
    pub(crate) metric: String,
    /// Length of a segment.
    #[arg(long, default_value_t = 3840, value_name = "MS")]
    pub(crate) segment_ms: u64,
    /// Segments of the track.
    #[arg(long, default_value_t = quicksync_sim::SEGMENTS, value_name = "N")]
    pub(crate) segments: u32,
    /// The rates of the ladder, kbps, with commas between them: of a lossy source the lowest, up to its
    /// own rate.
    #[arg(long, default_value = "64,128,256,320", value_delimiter = ',', value_name = "KBPS,...")]
    pub(crate) ladder: Vec<u32>,
    /// Which algorithms, with commas between them; all if not given.
    #[arg(long, value_delimiter = ',', value_name = "LIST")]
    pub(crate) algorithms: Vec<String>,
    /// Whose rule says when peers go on after a stall.
    #[arg(long, default_value = "own", value_parser = ["own", "ours"])]
    pub(crate) resume: String,
    /// Only this trace, named FAMILY/NAME or NAME.
    #[arg(long, value_name = "NAME")]
    pub(crate) trace: Option<String>,
    /// Write the figures as one JSON object.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<std::path::PathBuf>,
    /// Write every download as a line of CSV.
    #[arg(long, value_name = "FILE")]
    pub(crate) plans: Option<std::path::PathBuf>,
    /// Draw the first trace with the first algorithm as SVG.
    #[arg(long, value_name = "FILE")]
    pub(crate) plot: Option<std::path::PathBuf>,
    /// Tell the decision core what the other traces of a family were like, or nothing.
    #[arg(long, default_value = "none", value_parser = ["none", "learned"], conflicts_with = "trace")]
    pub(crate) prior: String,
    /// Seeks per track, at random moments to random positions.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) seeks: usize,
    /// Share of the tracks that are skipped at a random moment, 0 to 1.
    #[arg(long, default_value_t = 0.0, value_name = "SHARE")]
    pub(crate) skips: f64,
    /// Where the random numbers of seeks and skips begin.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(crate) seed: u64,
    /// Keep the optima of every trace in this file: they take minutes to find.
    #[arg(long, value_name = "FILE")]
    pub(crate) optima: Option<std::path::PathBuf>,
    /// Which optima are found, with commas between them: one that sounds promptly with the first segment
    /// there is, one that may hold before it starts and after a stall, one with any buffer; or none.
    /// Shares of what is not found are n/a.
    #[arg(long, default_value = "prompt,free,unlimited", value_delimiter = ',', value_name = "LIST",
          value_parser = ["prompt", "free", "unlimited", "none"])]
    pub(crate) optimum: Vec<String>,
    /// How many threads; all processors if not given.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
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
