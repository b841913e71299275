//! Keeps the library up to date while the server runs.
//!
//! Knows: when to walk again. Never: what a walk does.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use quicksync_store::StoreError;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use crate::changes::Changes;
use crate::handle::Library;
use crate::scan::{ScanError, ScanReport};
use crate::watch::Watch;

/// A folder being copied tells of changes all the time: wait for this much quiet,
const QUIET: Duration = Duration::from_millis(500);
/// but not longer than this.
const PATIENCE: Duration = Duration::from_secs(5);
/// After a failure of the store, such as a full disk.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

impl Library {
    /// Scans, watches and analyses until `shutdown`. Stopping halfway loses nothing but work.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send) {
        tokio::select! {
            () = shutdown => {}
            () = self.keep_scanned() => {}
            () = self.keep_analysed() => {}
        }
    }

    /// [`Library::run`] on a task of its own, until that is aborted.
    pub fn start(&self) -> JoinHandle<()> {
        tokio::spawn(self.clone().run(std::future::pending()))
    }

    async fn keep_analysed(&self) {
        loop {
            if let Err(error) = self.read_whole().await {
                tracing::warn!(%error, "the analysis of the library waits");
                sleep(AFTER_FAILURE).await;
            }
        }
    }

    /// Analyses, then measures, then waits until there may be more of either.
    async fn read_whole(&self) -> Result<(), StoreError> {
        self.analyse_pending(&|_| {}).await?;
        self.measure_pending(&|_| {}).await?;
        // Told of while the above went on, it returns at once.
        self.shared.analysis_asked.notified().await;
        Ok(())
    }

    async fn keep_scanned(&self) {
        let mut watch = None;
        let mut said_why_not = String::new();
        loop {
            if watch.is_none() {
                watch = self.watch(&mut said_why_not).await;
            }
            self.shared.status.set_watching(watch.is_some());
            let report = self.scan_once(&|_| {}).await;
            if report.as_ref().is_ok_and(|report| !report.missing_roots.is_empty()) {
                // A folder that returns is another one to the system.
                watch = None;
                self.shared.status.set_watching(false);
            }
            let config = &self.shared.config;
            let next_walk = match (&report, &watch) {
                (Err(_), _) => AFTER_FAILURE,
                (Ok(_), Some(_)) => config.watched_rescan_interval,
                (Ok(_), None) => config.rescan_interval,
            };
            self.heed_changes(unsettled(report), Instant::now() + next_walk).await;
        }
    }

    async fn watch(&self, said_why_not: &mut String) -> Option<Watch> {
        let shared = Arc::clone(&self.shared);
        let starting = tokio::task::spawn_blocking(move || Watch::start(&shared));
        match starting.await.unwrap_or_else(|error| Err(error.to_string())) {
            Ok(watch) => Some(watch),
            Err(reason) => {
                if *said_why_not != reason {
                    let every = self.shared.config.rescan_interval;
                    tracing::warn!(%reason, ?every, "changes are not noticed at once: rescanning");
                    *said_why_not = reason;
                }
                None
            }
        }
    }

    /// Scans what changes, until it is time to walk everything.
    async fn heed_changes(&self, mut unsettled_files: Vec<PathBuf>, next_walk: Instant) {
        let settle = self.shared.config.settle.max(QUIET);
        loop {
            let has_unsettled = !unsettled_files.is_empty();
            tokio::select! {
                () = sleep_until(next_walk) => return,
                () = self.shared.rescan_asked.notified() => return,
                () = self.shared.changes.wait() => {
                    self.wait_for_quiet().await;
                    match self.shared.changes.take() {
                        Changes::Everything => return,
                        Changes::Paths(paths) => unsettled_files.extend(paths),
                    }
                }
                () = sleep(settle), if has_unsettled => {}
            }
            unsettled_files = unsettled(self.scan_changed(&unsettled_files).await);
        }
    }

    async fn wait_for_quiet(&self) {
        let end = Instant::now() + PATIENCE;
        loop {
            let quiet = end.min(Instant::now() + QUIET);
            let changed_again = timeout_at(quiet, self.shared.changes.wait()).await.is_ok();
            if !changed_again || Instant::now() >= end {
                return;
            }
        }
    }
}

fn unsettled(report: Result<ScanReport, ScanError>) -> Vec<PathBuf> {
    report
        .inspect_err(|error| tracing::warn!(%error, "a scan ended early"))
        .map(|report| report.unsettled)
        .unwrap_or_default()
}
