//! `worker`: reads untrusted files for the parent that started it, and ends with it.

use anyhow::{Context as _, Result};
use quicksync_decode::worker::{decode_jobs, serve};

pub(crate) fn run() -> Result<()> {
    serve(&decode_jobs()).context("a worker process stopped")
}
