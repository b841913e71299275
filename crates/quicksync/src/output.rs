//! The only place that writes to standard output and standard error outside the log.
//!
//! A reader that went away (`quicksync user list | head -1`) is no failure.

use std::io::{self, IsTerminal as _, Write as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// One line of the answer.
pub(crate) fn say(line: &str) {
    let mut stdout = io::stdout().lock();
    let _closed = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

/// One line about what went wrong.
pub(crate) fn complain(line: &str) {
    let _closed = writeln!(io::stderr().lock(), "{line}");
}

/// A bar on standard error that looks like `template`, if that is a terminal.
pub(crate) fn progress_bar(template: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if !io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
