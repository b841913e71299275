//! Who may encode now, who waits, and who is turned away.
//!
//! Never: a clock, a priority among listeners. Waiting requests are served in order of arrival;
//! work nobody asked for yet runs only when it delays nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::MediaError;

/// How busy the encoders are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pressure {
    /// Requests waiting for a worker.
    pub waiting: usize,
    /// Segments being decoded or encoded.
    pub running: usize,
    /// Segments that can be encoded at once.
    pub workers: usize,
}

/// The right to encode one segment; given back when dropped.
#[derive(Debug)]
pub(crate) struct Slot(OwnedSemaphorePermit);

impl Slot {
    /// Runs `work` on a thread that may block, holding the slot until it is over even if nobody
    /// waits for the answer any more.
    ///
    /// # Errors
    /// Those of `work`; [`MediaError::Internal`] if it panicked.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> Result<T, MediaError> + Send + 'static,
    ) -> Result<T, MediaError> {
        let task = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(self.0);
            result
        });
        task.await.map_err(|error| MediaError::Internal(error.to_string()))?
    }
}

/// A bounded number of slots and a bounded queue before them.
#[derive(Debug)]
pub(crate) struct Pool {
    slots: Arc<Semaphore>,
    workers: usize,
    waiting: AtomicUsize,
    max_waiting: usize,
    /// Who may encode what nobody asked for yet.
    ahead: Arc<Semaphore>,
}

/// The right to ask for a slot for work nobody asked for yet; given back when dropped.
#[derive(Debug)]
pub(crate) struct Ahead(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

impl Pool {
    pub(crate) fn new(workers: usize, max_waiting: usize) -> Self {
        let workers = workers.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            slots: Arc::new(Semaphore::new(workers)),
            workers,
            waiting: AtomicUsize::new(0),
            max_waiting,
            ahead: Arc::new(Semaphore::new(workers.div_ceil(2))),
        }
    }

    pub(crate) fn pressure(&self) -> Pressure {
        Pressure {
            waiting: self.waiting.load(Ordering::Relaxed),
            running: self.workers - self.slots.available_permits().min(self.workers),
            workers: self.workers,
        }
    }

    /// A slot for a request somebody waits for.
    ///
    /// # Errors
    /// [`MediaError::Overloaded`] if the queue is full.
    pub(crate) async fn enter(&self) -> Result<Slot, MediaError> {
        if let Ok(permit) = Arc::clone(&self.slots).try_acquire_owned() {
            return Ok(Slot(permit));
        }
        let _place = self.queue()?;
        let permit = Arc::clone(&self.slots).acquire_owned().await;
        permit.map(Slot).map_err(|_| MediaError::Internal("the encoders are shut down".into()))
    }

    /// Leave to encode what nobody waits for yet: only while nobody queues, a slot is free and,
    /// where there are several workers, another one stays free for the next listener.
    ///
    /// This is no slot. A listener may ask for the same segment first and wait for a slot
    /// themselves; whoever held one meanwhile, waiting for that listener, could block both.
    pub(crate) fn may_run_ahead(&self) -> Option<Ahead> {
        let free = self.slots.available_permits();
        let spare = usize::from(self.workers > 1);
        if self.waiting.load(Ordering::Relaxed) > 0 || free <= spare {
            return None;
        }
        Arc::clone(&self.ahead).try_acquire_owned().ok().map(Ahead)
    }

    fn queue(&self) -> Result<Place<'_>, MediaError> {
        let max = self.max_waiting;
        let joined = self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |waiting| {
            (waiting < max).then_some(waiting + 1)
        });
        match joined {
            Ok(_) => Ok(Place(&self.waiting)),
            Err(waiting) => Err(MediaError::Overloaded { waiting, workers: self.workers }),
        }
    }
}

/// A place in the queue, given up when the request is served or goes away.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::{Context, Waker};

    fn pressure(waiting: usize, running: usize) -> Pressure {
        Pressure { waiting, running, workers: 2 }
    }

    #[tokio::test]
    async fn a_full_queue_turns_away_and_a_dropped_request_leaves_it() {
        let pool = Pool::new(2, 1);
        let slots = (pool.enter().await.unwrap(), pool.enter().await.unwrap());
        {
            let mut waiting = pin!(pool.enter());
            assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            assert_eq!(pool.pressure(), pressure(1, 2));
            let turned_away = pool.enter().await;
            assert!(matches!(turned_away, Err(MediaError::Overloaded { waiting: 1, workers: 2 })));
        }
        assert_eq!(pool.pressure(), pressure(0, 2));
        drop(slots);
        assert_eq!(pool.pressure(), pressure(0, 0));
    }

    #[tokio::test]
    async fn work_ahead_leaves_a_worker_free() {
        let pool = Pool::new(2, 1);
        let first = pool.may_run_ahead().unwrap();
        assert!(pool.may_run_ahead().is_none(), "half the workers at most");
        drop(first);
        let _listener = pool.enter().await.unwrap();
        assert!(pool.may_run_ahead().is_none());
        assert!(Pool::new(1, 1).may_run_ahead().is_some());
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_frees_the_slot() {
        let pool = Pool::new(1, 1);
        let slot = pool.enter().await.unwrap();
        let result = slot.run::<()>(|| panic!("on purpose")).await;
        assert!(matches!(result, Err(MediaError::Internal(_))));
        assert_eq!(pool.pressure().running, 0);
    }
}
