//! Work that several may wait for: begun once, seen by all while it goes on, ended when nobody waits.
//!
//! Knows: who waits. Never: what the work is, or in what order it is done.
//!
//! # Model
//! A [`Seat`] is the interest of one waiter. The work runs in a task of its own, so a waiter that
//! goes away takes nothing from the others; when the last seat is given up, the task is ended and
//! the encoder, which asks after every packet run, stops.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bytes::Bytes;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::MediaError;
use crate::cache::Key;
use crate::pool::Listener;

/// What is under way.
#[derive(Debug, Default)]
pub(crate) struct Flights {
    table: Arc<Table>,
}

#[derive(Debug, Default)]
struct Table(Mutex<HashMap<Key, Weak<Flight>>>);

impl Table {
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Weak<Flight>>> {
        // The map is sound between any two of its calls.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One piece of work and the interest in it.
#[derive(Debug)]
struct Flight {
    key: Key,
    /// On whose behalf it was begun: the work waits for their turn.
    listener: Listener,
    table: Arc<Table>,
    progress: watch::Receiver<Progress>,
    abandoned: Arc<AtomicBool>,
    task: Mutex<Option<AbortHandle>>,
}

/// How far the work is.
#[derive(Debug, Default)]
struct Progress {
    runs: Vec<Bytes>,
    outcome: Option<Result<Bytes, MediaError>>,
}

/// Where the work reports.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    progress: Arc<watch::Sender<Progress>>,
    abandoned: Arc<AtomicBool>,
}

impl Report {
    /// Hands on some packets; whether anybody still wants more.
    pub(crate) fn hand_on(&self, run: Bytes) -> bool {
        self.progress.send_modify(|progress| progress.runs.push(run));
        self.is_wanted()
    }

    /// Whether anybody still waits.
    pub(crate) fn is_wanted(&self) -> bool {
        !self.abandoned.load(Ordering::Relaxed)
    }
}

/// One waiter's interest in a piece of work.
#[derive(Clone, Debug)]
pub(crate) struct Seat(Arc<Flight>);

impl Flights {
    /// A seat in the work for `key`, which is begun for `listener` if nobody has begun it, or it
    /// failed: whoever still looks at a failure must not hand it on.
    pub(crate) fn join<W>(
        &self,
        key: Key,
        listener: Listener,
        work: impl FnOnce(Report) -> W,
    ) -> Seat
    where
        W: Future<Output = Result<Bytes, MediaError>> + Send + 'static,
    {
        let mut table = self.table.lock();
        let under_way = table.get(&key).and_then(Weak::upgrade);
        let failed = match under_way {
            Some(flight) if flight.has_failed() => Some(flight),
            Some(flight) => return Seat(flight),
            None => None,
        };
        let (sender, progress) = watch::channel(Progress::default());
        let abandoned = Arc::new(AtomicBool::new(false));
        let report = Report { progress: Arc::new(sender), abandoned: Arc::clone(&abandoned) };
        let flight = Arc::new(Flight {
            key,
            listener,
            table: Arc::clone(&self.table),
            progress,
            abandoned,
            task: Mutex::default(),
        });
        table.insert(key, Arc::downgrade(&flight));
        drop(table);
        // Not before: if all others have left it meanwhile, it ends here, and looks into the table.
        drop(failed);
        let work = work(report.clone());
        let task = tokio::spawn(async move {
            let outcome = work.await;
            report.progress.send_modify(|progress| progress.outcome = Some(outcome));
        });
        *flight.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task.abort_handle());
        Seat(flight)
    }
}

impl Flight {
    fn has_failed(&self) -> bool {
        matches!(self.progress.borrow().outcome, Some(Err(_)))
    }
}

impl Seat {
    /// On whose behalf the work was begun.
    pub(crate) fn listener(&self) -> Listener {
        self.0.listener
    }

    /// The result.
    ///
    /// # Errors
    /// Those of the work; [`MediaError::Internal`] if it was lost.
    pub(crate) async fn outcome(&self) -> Result<Bytes, MediaError> {
        let mut progress = self.0.progress.clone();
        let ended = progress.wait_for(|progress| progress.outcome.is_some()).await;
        let outcome = ended.ok().and_then(|progress| progress.outcome.clone());
        outcome.unwrap_or_else(|| Err(lost()))
    }

    /// The packets handed on after the first `seen` runs; none when the work is over.
    ///
    /// # Errors
    /// As for [`Self::outcome`].
    pub(crate) async fn after(&self, seen: usize) -> Result<Option<Bytes>, MediaError> {
        let mut progress = self.0.progress.clone();
        let more = |progress: &Progress| progress.runs.len() > seen || progress.outcome.is_some();
        let progress = progress.wait_for(|progress| more(progress)).await.map_err(|_| lost())?;
        match (progress.runs.get(seen), &progress.outcome) {
            (Some(run), _) => Ok(Some(run.clone())),
            (None, Some(Err(error))) => Err(error.clone()),
            (None, _) => Ok(None),
        }
    }
}

fn lost() -> MediaError {
    MediaError::Internal("the work on a segment was lost".into())
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.abandoned.store(true, Ordering::Relaxed);
        let task = self.task.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = task.take() {
            task.abort();
        }
        let mut table = self.table.lock();
        // Somebody may have begun anew meanwhile.
        if table.get(&self.key).is_some_and(|flight| flight.strong_count() == 0) {
            table.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;
    use std::time::Duration;

    use quicksync_decode::AudioHash;
    use quicksync_model::{Quality, Rendition};

    use super::*;

    const KEY: Key =
        Key { audio_hash: AudioHash([7; 32]), rendition: Rendition::Opus(Quality::Low), index: 0 };
    /// Long beyond any doubt; only a test that fails waits for it.
    const STUCK: Duration = Duration::from_secs(60);

    async fn failure() -> Result<Bytes, MediaError> {
        Err(MediaError::Abandoned)
    }

    #[tokio::test]
    async fn who_begins_anew_as_the_last_one_leaves_a_failure_is_not_stuck() {
        let flights = Arc::new(Flights::default());
        let (hand, handed) = channel();
        let seat = flights.join(KEY, Listener::default(), |report| {
            assert!(hand.send(report).is_ok());
            failure()
        });
        assert!(seat.outcome().await.is_err());
        let report = handed.recv().unwrap();
        // Whoever looks whether it has failed waits for this.
        let (hold, holding) = channel();
        let (let_go, held) = channel::<()>();
        let holder = thread::spawn(move || {
            report.progress.send_modify(|_| {
                assert!(hold.send(()).is_ok());
                held.recv().unwrap_or_default();
            });
        });
        holding.recv().unwrap();
        let (tell, told) = channel();
        let (newcomers, runtime) = (Arc::clone(&flights), tokio::runtime::Handle::current());
        thread::spawn(move || {
            let _inside = runtime.enter();
            let seat = newcomers.join(KEY, Listener::default(), |_| failure());
            let seated = Arc::strong_count(&seat.0);
            drop(seat);
            tell.send(seated)
        });
        while Arc::strong_count(&seat.0) < 2 {
            thread::yield_now();
        }
        drop(seat);
        drop(let_go);
        assert_eq!(told.recv_timeout(STUCK), Ok(1), "it waits for itself");
        assert!(holder.join().is_ok());
        assert_eq!(flights.table.lock().len(), 0, "a flight that nobody sits in is kept");
    }
}
