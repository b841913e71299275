//! The machine's clock and randomness, for the rooms that are given theirs, and what a process may
//! have of it.

use std::time::{SystemTime, UNIX_EPOCH};

use quicksync_model::Timestamp;
use quicksync_server::{Clock, Entropy};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::disable_transparent_huge_pages;

/// The system's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The system's random numbers, through a generator that is seeded from them again and again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        rand::fill(bytes);
    }
}

/// Has the kernel give this process, and those it starts, small pages only. The samples of a segment
/// are some megabytes that live for a moment: in huge pages, which the allocator asks for, a cold segment
/// took 8 % more processor time (57.8 ms against 53.5).
pub(crate) fn use_small_pages() {
    if let Err(error) = disable_transparent_huge_pages(true) {
        tracing::debug!(%error, "could not do without huge pages");
    }
}

/// Lets this process have as many files and connections open as the system allows it. Most systems
/// start processes with 1,024, for the sake of programs older than `poll`, and leave the rest to them.
pub(crate) fn allow_open_files() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current == maximum {
        return;
    }
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        tracing::warn!(%error, ?current, "could not have more files open: fewer can listen");
    }
}
