//! `replay`: decides a logged playback again and says whether every decision is the same.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use quicksync_abr::decision_log::{MAX_LOG_BYTES, replay};

use crate::output::say;

/// A log ends with the line that reached its limit, and no line is longer than this.
const LONGEST_LINE: usize = 4096;

/// `quicksync replay`.
pub(crate) fn run(path: &Path) -> Result<()> {
    let name = path.display();
    let log = read(path).with_context(|| format!("reading {name}"))?;
    let replayed = replay(&log).with_context(|| format!("{name}"))?;
    say(&format!("{} inputs, {} decisions, all the same", replayed.inputs, replayed.outputs));
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    let most = MAX_LOG_BYTES + LONGEST_LINE;
    let input: Box<dyn Read> =
        if path == Path::new("-") { Box::new(io::stdin()) } else { Box::new(File::open(path)?) };
    let mut log = String::new();
    input.take(most as u64 + 1).read_to_string(&mut log)?;
    if log.len() > most {
        bail!("longer than any decision log");
    }
    Ok(log)
}
