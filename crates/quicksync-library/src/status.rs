//! How far the library is, for those who ask and for progress bars.

use std::sync::{Mutex, PoisonError};

/// What the library is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanPhase {
    /// Waiting for a change.
    Idle,
    /// Walking folders and reading tags: the list is filling.
    Walking,
    /// Reading every file whole, in the background: the list is complete.
    Analysing,
}

/// How far the scan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanStatus {
    /// What it is doing.
    pub phase: ScanPhase,
    /// Files done in this phase.
    pub done: u64,
    /// Files of this phase, as far as known.
    pub total: u64,
    /// Whether changes are noticed by the system; false where only the regular rescan finds them.
    pub watching: bool,
}

/// Files done and files known of.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    pub(crate) done: u64,
    pub(crate) total: u64,
}

/// Shows that files are read whole, until dropped.
pub(crate) struct Analysing<'a> {
    status: &'a Status,
    count: Count,
}

impl<'a> Analysing<'a> {
    pub(crate) fn start(status: &'a Status, count: Count) -> Self {
        if count.total > 0 {
            status.set_analysing(Some(count));
        }
        Self { status, count }
    }

    /// One more is done.
    pub(crate) fn step(&mut self) {
        self.count.done += 1;
        self.count.total = self.count.total.max(self.count.done);
        self.status.set_analysing(Some(self.count));
    }

    pub(crate) const fn done(&self) -> u64 {
        self.count.done
    }
}

impl Drop for Analysing<'_> {
    fn drop(&mut self) {
        self.status.set_analysing(None);
    }
}

/// The state behind [`ScanStatus`]: a walk and an analysis may go on at once, and the walk is shown.
#[derive(Debug, Default)]
pub(crate) struct Status(Mutex<Inner>);

#[derive(Clone, Copy, Debug, Default)]
struct Inner {
    walking: Option<Count>,
    analysing: Option<Count>,
    watching: bool,
}

impl Status {
    pub(crate) fn now(&self) -> ScanStatus {
        let Inner { walking, analysing, watching } = *self.lock();
        let (phase, count) = match (walking, analysing) {
            (Some(count), _) => (ScanPhase::Walking, count),
            (None, Some(count)) => (ScanPhase::Analysing, count),
            (None, None) => (ScanPhase::Idle, Count::default()),
        };
        ScanStatus { phase, done: count.done, total: count.total, watching }
    }

    pub(crate) fn set_walking(&self, count: Option<Count>) {
        self.lock().walking = count;
    }

    pub(crate) fn set_analysing(&self, count: Option<Count>) {
        self.lock().analysing = count;
    }

    pub(crate) fn set_watching(&self, watching: bool) {
        self.lock().watching = watching;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
