//! The worker program of the tests.

use std::process::ExitCode;

use quicksync_decode::worker::serve;
use quicksync_library::tag_jobs;

fn main() -> ExitCode {
    match serve(&tag_jobs()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
