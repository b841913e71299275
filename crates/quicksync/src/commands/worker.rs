//! `worker`: reads untrusted files for the parent that started it, and ends with it.

use std::io;

use anyhow::{Context as _, Result};
use quicksync_decode::worker::{decode_jobs, serve};
use quicksync_library::tag_jobs;

pub(crate) fn run() -> Result<()> {
    let jobs: Vec<_> = decode_jobs().into_iter().chain(tag_jobs()).collect();
    match serve(&jobs) {
        // Whoever asked is gone, and wants no answer.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("a worker process stopped"),
    }
}
