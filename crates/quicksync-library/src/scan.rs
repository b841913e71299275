//! Compares folders with the store and brings the store up to date.
//!
//! Knows: which files are new, changed, back, broken or gone. Never: a file's whole content, and
//! never deletes a track: what is missing is marked so.
//!
//! # Reading order
//! [`Library::scan_once`], then `Scan`: one walk over one part of one folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use quicksync_store::{FileStamp, ProblemStamp, ScannedFile, StoreError};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::changes::scopes;
use crate::folder_covers::OWN_PICTURE;
use crate::handle::{Library, Shared};
use crate::read::{Reading, read_file};
use crate::status::{Count, ScanStatus};
use crate::walk::{FoundFile, is_gone, walk};

/// Files put into the store at once: the list fills within a second, and a commit costs little.
const BATCH_FILES: usize = 100;
/// Covers held for one batch.
const BATCH_COVER_BYTES: usize = 16 * 1024 * 1024;
/// Files the walk may be ahead of the reading.
const WALK_AHEAD: usize = 1024;

/// Why a scan ended early. What it had found until then is kept.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a scan found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScanReport {
    /// Audio files there are.
    pub found: u64,
    /// Of them, those that are as they were.
    pub unchanged: u64,
    /// New or changed ones that were read.
    pub read: u64,
    /// Ones that cannot be read; the store has the reasons.
    pub broken: u64,
    /// Known ones that were missing and are back, unchanged.
    pub returned: u64,
    /// Known ones that are missing now.
    pub vanished: u64,
    /// Ones that are being written: scan these again in a moment.
    pub unsettled: Vec<PathBuf>,
    /// Music folders that are not there.
    pub missing_roots: Vec<PathBuf>,
}

impl Library {
    /// Walks every folder once and reads what is new or changed: the list is complete then, the
    /// analysis is not. `progress` is told now and then. Walks take turns.
    ///
    /// # Errors
    /// See [`ScanError`].
    pub async fn scan_once(
        &self,
        progress: &(dyn Fn(ScanStatus) + Send + Sync),
    ) -> Result<ScanReport, ScanError> {
        let roots = self.shared.roots.iter().map(|root| (root.clone(), root.clone())).collect();
        self.scan_scopes(roots, progress).await
    }

    /// Scans what lies at or under `paths`: files or folders that changed, came or went.
    ///
    /// # Errors
    /// See [`ScanError`].
    pub async fn scan_changed(&self, paths: &[PathBuf]) -> Result<ScanReport, ScanError> {
        self.scan_scopes(scopes(&self.shared.roots, paths), &|_| {}).await
    }

    async fn scan_scopes(
        &self,
        scopes: Vec<(PathBuf, PathBuf)>,
        progress: &(dyn Fn(ScanStatus) + Send + Sync),
    ) -> Result<ScanReport, ScanError> {
        let shared = &self.shared;
        let _turn = shared.walk_turn.lock().await;
        let _walking = Walking::start(shared);
        shared.folder_covers.forget();
        let missing = missing_roots(&shared.roots).await;
        shared.store.set_roots(&shared.roots, &missing).await?;
        let mut report = ScanReport { missing_roots: missing, ..ScanReport::default() };
        for (root, part) in scopes {
            if !report.missing_roots.contains(&root) {
                let mut scan = Scan::new(shared, &root, &part, progress, &mut report).await?;
                scan.run().await?;
            }
        }
        shared.analysis_asked.notify_one();
        Ok(report)
    }
}

async fn missing_roots(roots: &[PathBuf]) -> Vec<PathBuf> {
    let mut missing = Vec::new();
    for root in roots {
        if !is_folder(root).await {
            missing.push(root.clone());
        }
    }
    missing
}

async fn is_folder(path: &Path) -> bool {
    tokio::fs::metadata(path).await.is_ok_and(|metadata| metadata.is_dir())
}

/// Shows that a walk goes on, until dropped.
struct Walking<'a>(&'a Shared);

impl<'a> Walking<'a> {
    fn start(shared: &'a Shared) -> Self {
        shared.status.set_walking(Some(Count::default()));
        Self(shared)
    }
}

impl Drop for Walking<'_> {
    fn drop(&mut self) {
        self.0.status.set_walking(None);
    }
}

/// One walk over `part` of the music folder `root`.
struct Scan<'a> {
    shared: &'a Arc<Shared>,
    root: &'a Path,
    part: &'a Path,
    progress: &'a (dyn Fn(ScanStatus) + Send + Sync),
    report: &'a mut ScanReport,
    /// What the store knows and the walk has not met yet.
    unmet: HashMap<PathBuf, FileStamp>,
    /// The same of files that could not be read.
    unmet_problems: HashMap<PathBuf, ProblemStamp>,
    readings: JoinSet<(FoundFile, Reading)>,
    batch: Vec<ScannedFile>,
    batch_cover_bytes: usize,
    returned: Vec<PathBuf>,
    tried_again: Vec<PathBuf>,
}

impl<'a> Scan<'a> {
    async fn new(
        shared: &'a Arc<Shared>,
        root: &'a Path,
        part: &'a Path,
        progress: &'a (dyn Fn(ScanStatus) + Send + Sync),
        report: &'a mut ScanReport,
    ) -> Result<Self, ScanError> {
        let stamps = shared.store.file_stamps(part).await?;
        let problems = shared.store.problem_stamps(part).await?;
        Ok(Self {
            shared,
            root,
            part,
            progress,
            report,
            unmet: stamps.into_iter().map(|stamp| (stamp.path.clone(), stamp)).collect(),
            unmet_problems: problems.into_iter().map(|stamp| (stamp.path.clone(), stamp)).collect(),
            readings: JoinSet::new(),
            batch: Vec::new(),
            batch_cover_bytes: 0,
            returned: Vec::new(),
            tried_again: Vec::new(),
        })
    }

    async fn run(&mut self) -> Result<(), ScanError> {
        let (found, mut files) = mpsc::channel(WALK_AHEAD);
        let (part, shared) = (self.part.to_owned(), Arc::clone(self.shared));
        let walking = tokio::task::spawn_blocking(move || {
            walk(&part, &mut |file| {
                let folder = file.path.parent();
                let picture = folder.map_or(0, |folder| shared.folder_covers.stamp(folder));
                found.blocking_send((file, picture)).is_ok()
            });
        });
        while let Some((file, picture)) = files.recv().await {
            self.meet(file, picture).await?;
        }
        let walked_to_the_end = walking.await.is_ok();
        while let Some(reading) = self.readings.join_next().await {
            self.take(reading.ok()).await?;
        }
        self.flush().await?;
        self.shared.store.set_available(&self.returned, true).await?;
        self.shared.store.clear_problems(&self.tried_again).await?;
        if walked_to_the_end { self.miss().await } else { Ok(()) }
    }

    /// Decides what to do with a file that is there, beside the pictures of stamp `picture`.
    async fn meet(&mut self, file: FoundFile, picture: i64) -> Result<(), ScanError> {
        self.report.found += 1;
        let known = self.unmet.remove(&file.path);
        let problem = self.unmet_problems.remove(&file.path);
        let is_known = known.as_ref().is_some_and(|stamp| {
            let shown = stamp.folder_picture;
            (stamp.size_bytes, stamp.modified_us) == (file.size_bytes, file.modified_us)
                && (shown == Some(picture) || shown == Some(OWN_PICTURE))
        });
        let is_broken = problem.as_ref().is_some_and(|stamp| {
            (stamp.size_bytes, stamp.modified_us) == (file.size_bytes, file.modified_us)
        });
        if is_known {
            self.report.unchanged += 1;
            if known.is_some_and(|stamp| !stamp.available) {
                self.report.returned += 1;
                self.returned.push(file.path.clone());
            }
            if problem.is_some() && !is_broken {
                self.tried_again.push(file.path);
            }
        } else if is_broken {
            self.report.unchanged += 1;
        } else if self.is_being_written(&file) {
            self.report.unsettled.push(file.path);
        } else {
            self.read(file).await?;
        }
        self.tell();
        Ok(())
    }

    /// A time in the future says nothing: the clocks differ.
    fn is_being_written(&self, file: &FoundFile) -> bool {
        let age_us = (self.shared.config.clock)().abs_diff(file.modified_us);
        Duration::from_micros(age_us) < self.shared.config.settle
    }

    async fn read(&mut self, file: FoundFile) -> Result<(), ScanError> {
        if self.readings.len() >= self.shared.config.readers.max(1) {
            let reading = self.readings.join_next().await;
            self.take(reading.and_then(Result::ok)).await?;
        }
        let (shared, root) = (Arc::clone(self.shared), self.root.to_owned());
        self.readings.spawn(async move {
            let reading = read_file(&shared, &root, &file).await;
            (file, reading)
        });
        Ok(())
    }

    async fn take(&mut self, reading: Option<(FoundFile, Reading)>) -> Result<(), ScanError> {
        let Some((file, reading)) = reading else { return Ok(()) };
        match reading {
            Reading::Readable(scanned) => {
                self.report.read += 1;
                self.batch_cover_bytes += scanned.cover.as_ref().map_or(0, |(_, _, b)| b.len());
                self.batch.push(*scanned);
                if self.batch.len() >= BATCH_FILES || self.batch_cover_bytes >= BATCH_COVER_BYTES {
                    self.flush().await?;
                }
            }
            Reading::Broken { reason, lasting } => {
                self.report.broken += 1;
                self.note_broken(&file, &reason, lasting).await?;
            }
            Reading::Unsettled => self.report.unsettled.push(file.path),
            Reading::Gone => {}
        }
        self.tell();
        Ok(())
    }

    async fn note_broken(
        &self,
        file: &FoundFile,
        reason: &str,
        lasting: bool,
    ) -> Result<(), StoreError> {
        let now_us = (self.shared.config.clock)();
        if !lasting {
            return self.shared.store.put_problem(&file.path, reason, now_us).await;
        }
        let stamp = ProblemStamp {
            path: file.path.clone(),
            size_bytes: file.size_bytes,
            modified_us: file.modified_us,
        };
        self.shared.store.put_file_problem(&stamp, reason, now_us).await
    }

    async fn flush(&mut self) -> Result<(), ScanError> {
        if !self.batch.is_empty() {
            self.shared.store.put_files(&self.batch).await?;
            self.batch.clear();
            self.batch_cover_bytes = 0;
            self.shared.analysis_asked.notify_one();
        }
        Ok(())
    }

    /// Marks what the walk did not meet. A file that the system refuses to speak of is left as it
    /// is, and so is everything if the whole folder went meanwhile.
    async fn miss(&mut self) -> Result<(), ScanError> {
        if !is_folder(self.root).await {
            let root = self.root.to_owned();
            self.shared.store.set_roots(&self.shared.roots, std::slice::from_ref(&root)).await?;
            self.report.missing_roots.push(root);
            return Ok(());
        }
        let was_there = std::mem::take(&mut self.unmet).into_values();
        let unmet: Vec<PathBuf> =
            was_there.filter(|stamp| stamp.available).map(|stamp| stamp.path).collect();
        let vanished = not_refused(unmet).await;
        let healed = std::mem::take(&mut self.unmet_problems).into_keys().collect();
        let healed = not_refused(healed).await;
        self.report.vanished += vanished.len() as u64;
        self.shared.store.set_available(&vanished, false).await?;
        self.shared.store.clear_problems(&healed).await?;
        Ok(())
    }

    fn tell(&self) {
        let total = self.report.found;
        let done = total - (self.readings.len() as u64).min(total);
        self.shared.status.set_walking(Some(Count { done, total }));
        (self.progress)(self.shared.status.now());
    }
}

/// The paths that are gone, or there but no longer part of the walk.
async fn not_refused(mut paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let checked = tokio::task::spawn_blocking(move || {
        paths.retain(|path| match std::fs::metadata(path) {
            Ok(_) => true,
            Err(error) => is_gone(&error),
        });
        paths
    });
    checked.await.unwrap_or_default()
}
