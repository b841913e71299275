//! The worker program of the tests: every decode job, and jobs that misbehave in every way that a
//! parser of hostile files can.

#![expect(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "a worker of tests may fail like a test"
)]

mod mutate;
mod torture;

use std::io::Write as _;
use std::process::ExitCode;

use quicksync_decode::worker::{Job, JobError, decode_jobs, serve};

fn main() -> ExitCode {
    let bad: [(&str, Job); 10] = [
        ("torture", torture::torture),
        ("echo", |payload| Ok(payload.to_vec().into())),
        ("priority", |_| Ok(std::fs::read("/proc/thread-self/stat").unwrap().into())),
        ("refuse", |_| Err(JobError::Unsupported("on principle".into()))),
        ("panic", |_| {
            let empty: [u8; 0] = [];
            Ok(vec![empty[std::hint::black_box(3)]].into())
        }),
        ("abort", |_| std::process::abort()),
        ("exit", |_| std::process::exit(3)),
        ("hang", |_| {
            loop {
                std::hint::spin_loop();
            }
        }),
        ("allocate", |_| Ok(vec![1; 4 << 30].into())),
        ("babble", |_| {
            let _ = std::io::stdout().write_all(b"running 1 test, as it were");
            Ok(vec![].into())
        }),
    ];
    let jobs: Vec<_> = decode_jobs().into_iter().chain(bad).collect();
    match serve(&jobs) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
