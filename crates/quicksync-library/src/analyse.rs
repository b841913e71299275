//! Reads files whole, one at a time in the background and at once for a listener who waits.
//!
//! Knows: when an analysis still belongs to the file it was made of. Never: two listeners' analyses
//! of one track at once. The background's may be a third: it gives way to everything, so a listener
//! does not wait for it and reads the file too.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use quicksync_decode::{Analysis, Decoder};
use quicksync_store::{AnalysisRow, ProblemStamp, StoreError, TrackRow, UnanalysedRow};
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use crate::handle::{EnsureError, Library, Shared};
use crate::read::is_lasting;
use crate::scan::ScanError;
use crate::status::{Analysing, Count, ScanStatus};
use crate::walk::FoundFile;

/// Tracks asked of the store at a time.
const LOOK_AHEAD: u32 = 64;
/// Looks at a file that changes while it is looked at.
const MAX_LOOKS: usize = 2;

/// What came of reading a file whole.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    /// The track of this id has the file, and its analysis.
    Analysed(Uuid),
    /// It cannot be read.
    Broken(String),
    /// It is gone, or its track is.
    Gone,
    /// It is not the file that the last scan saw.
    Changed,
}

impl Library {
    pub(crate) async fn ensure(&self, track: Uuid) -> Result<TrackRow, EnsureError> {
        let row = self.shared.store.track(track).await?.ok_or(EnsureError::NotFound)?;
        if let Some(settled) = settled(row) {
            return settled;
        }
        // On its own, so that a listener who leaves does not make the next one start again.
        let library = self.clone();
        let work = tokio::spawn(async move { library.ensure_now(track).await });
        work.await
            .unwrap_or_else(|_| Err(StoreError::Failed("the analysis was stopped".into()).into()))
    }

    async fn ensure_now(&self, track: Uuid) -> Result<TrackRow, EnsureError> {
        let shared = &self.shared;
        for _ in 0..MAX_LOOKS {
            let row = shared.store.track(track).await?.ok_or(EnsureError::NotFound)?;
            let unanalysed = unanalysed_row(&row);
            if let Some(settled) = settled(row) {
                return settled;
            }
            match shared.analyse(&unanalysed, shared.urgent()).await? {
                Outcome::Analysed(id) => {
                    return shared.store.track(id).await?.ok_or(EnsureError::NotFound);
                }
                Outcome::Broken(reason) => return Err(EnsureError::Unplayable(reason)),
                Outcome::Gone => return Err(EnsureError::Unavailable),
                Outcome::Changed => match self.scan_changed(&[unanalysed.path]).await {
                    Ok(_) => {}
                    Err(ScanError::Store(error)) => return Err(error.into()),
                },
            }
        }
        Err(EnsureError::Unavailable)
    }

    /// Reads whole every file that has not been yet, one at a time. `progress` is told after each.
    /// Returns how many were read.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn analyse_pending(
        &self,
        progress: &(dyn Fn(ScanStatus) + Send + Sync),
    ) -> Result<u64, StoreError> {
        let shared = &self.shared;
        let total = shared.store.counts().await?.unanalysed;
        let mut analysing = Analysing::start(&shared.status, Count { done: 0, total });
        let mut tried = HashSet::new();
        loop {
            let rows = shared.store.unanalysed(LOOK_AHEAD).await?;
            let mut any_new = false;
            for row in rows {
                let is_new = tried.insert((row.id, row.size_bytes, row.modified_us));
                if !is_new {
                    continue;
                }
                any_new = true;
                let outcome = shared.analyse(&row, shared.background()).await?;
                if outcome == Outcome::Changed {
                    shared.changes.note(row.path);
                }
                analysing.step();
                progress(shared.status.now());
            }
            if !any_new {
                return Ok(analysing.done());
            }
        }
    }
}

/// The answer that needs no reading; `None` if one does.
fn settled(row: TrackRow) -> Option<Result<TrackRow, EnsureError>> {
    if !row.available {
        return Some(Err(EnsureError::Unavailable));
    }
    if let Some(reason) = row.problem {
        return Some(Err(EnsureError::Unplayable(reason)));
    }
    row.analysis.is_some().then_some(Ok(row))
}

fn unanalysed_row(row: &TrackRow) -> UnanalysedRow {
    UnanalysedRow {
        id: row.id,
        path: row.path.clone(),
        size_bytes: row.size_bytes,
        modified_us: row.modified_us,
    }
}

/// Who reads files whole, and which of them it reads now.
#[derive(Clone, Copy)]
struct Reader<'a> {
    decoder: &'a dyn Decoder,
    flights: &'a Flights,
}

impl Shared {
    /// For nobody in particular.
    fn background(&self) -> Reader<'_> {
        Reader { decoder: self.decoder.as_ref(), flights: &self.flights }
    }

    /// For a listener who waits.
    fn urgent(&self) -> Reader<'_> {
        self.config.urgent_decoder.as_ref().map_or_else(
            || self.background(),
            |decoder| Reader { decoder: decoder.as_ref(), flights: &self.urgent_flights },
        )
    }

    /// Reads the file of `row` whole, unless the same reader just did.
    async fn analyse(
        &self,
        row: &UnanalysedRow,
        Reader { decoder, flights }: Reader<'_>,
    ) -> Result<Outcome, StoreError> {
        let _flight = flights.join(row.id).await;
        let Some(track) = self.store.track(row.id).await? else { return Ok(Outcome::Gone) };
        match settled(track) {
            Some(Ok(_)) => return Ok(Outcome::Analysed(row.id)),
            Some(Err(EnsureError::Unplayable(reason))) => return Ok(Outcome::Broken(reason)),
            Some(Err(_)) => return Ok(Outcome::Gone),
            None => {}
        }
        if let Some(other) = self.other_file(row).await? {
            return Ok(other);
        }
        let analysis = decoder.analyse(&row.path).await;
        if let Some(other) = self.other_file(row).await? {
            return Ok(other);
        }
        match analysis {
            Ok(analysis) => self.keep(row, &analysis).await.map(Outcome::Analysed),
            Err(error) => {
                let reason = error.to_string();
                self.note_broken(row, &reason, is_lasting(&error)).await?;
                Ok(Outcome::Broken(reason))
            }
        }
    }

    /// What to do about the file at `row` if it is not the one the store knows.
    async fn other_file(&self, row: &UnanalysedRow) -> Result<Option<Outcome>, StoreError> {
        match FoundFile::at(&row.path) {
            Ok(Some(now))
                if (now.size_bytes, now.modified_us) == (row.size_bytes, row.modified_us) =>
            {
                Ok(None)
            }
            Ok(Some(_)) => Ok(Some(Outcome::Changed)),
            Ok(None) => {
                self.store.set_available(std::slice::from_ref(&row.path), false).await?;
                Ok(Some(Outcome::Gone))
            }
            // The decoder will say what is the matter.
            Err(_) => Ok(None),
        }
    }

    async fn keep(&self, row: &UnanalysedRow, analysis: &Analysis) -> Result<Uuid, StoreError> {
        let kept = AnalysisRow {
            audio_hash: analysis.audio_hash.0,
            samples: analysis.samples,
            mean_kbps: analysis.mean_kbps,
        };
        // A move may be seen at its new place before it is missed at the old one.
        let twins = self.store.tracks_by_audio(&kept.audio_hash).await?;
        let gone: Vec<_> = twins
            .into_iter()
            .filter(|twin| twin.id != row.id && twin.available && is_missing(&twin.path))
            .map(|twin| twin.path)
            .collect();
        if !gone.is_empty() {
            self.store.set_available(&gone, false).await?;
        }
        self.store.put_analysis(row, kept).await
    }

    async fn note_broken(
        &self,
        row: &UnanalysedRow,
        reason: &str,
        lasting: bool,
    ) -> Result<(), StoreError> {
        let now_us = (self.config.clock)();
        if !lasting {
            return self.store.put_problem(&row.path, reason, now_us).await;
        }
        let stamp = ProblemStamp {
            path: row.path.clone(),
            size_bytes: row.size_bytes,
            modified_us: row.modified_us,
        };
        self.store.put_file_problem(&stamp, reason, now_us).await
    }
}

fn is_missing(path: &Path) -> bool {
    matches!(FoundFile::at(path), Ok(None))
}

/// Tracks that are being read whole.
#[derive(Debug, Default)]
pub(crate) struct Flights(Mutex<HashMap<Uuid, Arc<tokio::sync::Mutex<()>>>>);

impl Flights {
    /// Waits until nobody else reads `track`. Who comes second finds the work done.
    async fn join(&self, track: Uuid) -> Flight<'_> {
        let flight = {
            let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(flights.entry(track).or_default())
        };
        let turn = flight.lock_owned().await;
        Flight { flights: self, track, turn: Some(turn) }
    }
}

struct Flight<'a> {
    flights: &'a Flights,
    track: Uuid,
    turn: Option<OwnedMutexGuard<()>>,
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.turn = None;
        let mut flights = self.flights.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_last = flights.get(&self.track).is_some_and(|flight| Arc::strong_count(flight) == 1);
        if is_last {
            flights.remove(&self.track);
        }
    }
}
