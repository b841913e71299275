//! What a library is made of.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use quicksync_decode::Decoder;

use crate::tag_reader::{InProcessTags, TagReader};

/// Builds a library. `LibraryConfig::from(roots)` has the defaults.
#[derive(Clone, Debug)]
pub struct LibraryConfig {
    /// The music folders. One that lies in another is part of that one.
    pub roots: Vec<PathBuf>,
    /// How often every folder is walked where the system does not tell of changes. Five minutes; a
    /// walk over 100,000 unchanged files takes seconds and wakes the disk.
    pub rescan_interval: Duration,
    /// How often every folder is walked although the system tells of changes. An hour.
    pub watched_rescan_interval: Duration,
    /// A file that changed less than this long ago is still being written. Two seconds.
    pub settle: Duration,
    /// Files whose headers and tags are read at once. Two.
    pub readers: usize,
    /// Reads tags. In process; give [`WorkerTags`](crate::WorkerTags) where files are not trusted.
    pub tags: Arc<dyn TagReader>,
    /// Reads a file whole for a listener who waits, ahead of any scan and beside it, should that be
    /// reading the very file. `None`: the decoder that scans do it with, one after another.
    pub urgent_decoder: Option<Arc<dyn Decoder>>,
    /// Unix time in microseconds. The system's clock.
    pub clock: fn() -> i64,
}

impl From<Vec<PathBuf>> for LibraryConfig {
    fn from(roots: Vec<PathBuf>) -> Self {
        Self {
            roots,
            rescan_interval: Duration::from_mins(5),
            watched_rescan_interval: Duration::from_hours(1),
            settle: Duration::from_secs(2),
            readers: 2,
            tags: Arc::new(InProcessTags),
            urgent_decoder: None,
            clock: system_time_us,
        }
    }
}

fn system_time_us() -> i64 {
    unix_us(SystemTime::now())
}

/// Microseconds since the Unix epoch, negative before it.
pub(crate) fn unix_us(time: SystemTime) -> i64 {
    let us = |span: Duration| i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
    time.duration_since(UNIX_EPOCH).map_or_else(|before| -us(before.duration()), us)
}

/// The folders as absolute paths, without those that lie in another.
pub(crate) fn outermost(roots: &[PathBuf]) -> Vec<PathBuf> {
    let mut roots: Vec<PathBuf> = roots
        .iter()
        .map(|root| std::path::absolute(root).unwrap_or_else(|_| root.clone()))
        .collect();
    roots.sort();
    let mut kept: Vec<PathBuf> = Vec::new();
    for root in roots {
        if !kept.iter().any(|outer| root.starts_with(outer)) {
            kept.push(root);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_inside_others_are_part_of_them() {
        let roots = ["/m/b", "/m", "/m2", "/m", "/n/"].map(PathBuf::from);
        assert_eq!(outermost(&roots), ["/m", "/m2", "/n/"].map(PathBuf::from));
    }
}
