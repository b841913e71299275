//! How a command fails: one sentence on standard error, and an exit code a script can act on.

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

/// A failure with an exit code of its own; every other failure ends with 1.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The command line, the environment or the configuration file is wrong: 2, as clap has it.
    Usage(String),
    /// Another instance has the data folder: 3.
    DataInUse(PathBuf),
}

impl Refusal {
    fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::DataInUse(_) => 3,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(sentence) => f.write_str(sentence),
            Self::DataInUse(folder) => {
                write!(f, "another quicksync uses the data folder {}", folder.display())
            }
        }
    }
}

impl std::error::Error for Refusal {}

/// Says what went wrong and gives the exit code.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    crate::output::complain(&format!("quicksync: {error:#}"));
    error.downcast_ref::<Refusal>().map_or(ExitCode::FAILURE, |refusal| refusal.code().into())
}
