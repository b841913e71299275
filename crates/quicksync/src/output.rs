//! The only place that writes to standard output and standard error outside the log.
//!
//! A reader that went away (`quicksync user list | head -1`) is no failure.

use std::io::{self, Write as _};

/// One line of the answer.
pub(crate) fn say(line: &str) {
    let mut stdout = io::stdout().lock();
    let _closed = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

/// One line about what went wrong.
pub(crate) fn complain(line: &str) {
    let _closed = writeln!(io::stderr().lock(), "{line}");
}
