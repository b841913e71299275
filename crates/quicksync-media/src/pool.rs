//! Who may encode now, who waits, and who is turned away.
//!
//! Never: a clock. Listeners take turns, so one who asks for a whole album at once waits behind
//! themselves and nobody else; one listener's requests are served in order of arrival. Work nobody
//! asked for yet runs only when it delays nobody.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::MediaError;

/// Whose turn it is: whatever number the caller knows a listener by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Listener(pub u64);

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

/// A bounded number of slots and a bounded queue before them.
#[derive(Debug)]
pub(crate) struct Pool {
    shared: Arc<Shared>,
    /// Who may encode what nobody asked for yet.
    ahead: Arc<Semaphore>,
}

#[derive(Debug)]
struct Shared {
    workers: usize,
    max_waiting: usize,
    queue: Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    running: usize,
    waiting: usize,
    tickets: u64,
    /// Those who wait, the next one's turn first. None is empty.
    turns: VecDeque<(Listener, VecDeque<Waiter>)>,
}

#[derive(Debug)]
struct Waiter {
    ticket: u64,
    answer: oneshot::Sender<Result<(), MediaError>>,
}

/// The right to encode one segment; given back when dropped.
#[derive(Debug)]
pub(crate) struct Slot(Arc<Shared>);

/// The right to ask for a slot for work nobody asked for yet; given back when dropped.
#[derive(Debug)]
pub(crate) struct Ahead(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

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
            drop(self);
            result
        });
        task.await.map_err(|error| MediaError::Internal(error.to_string()))?
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.pass_on();
    }
}

impl Pool {
    pub(crate) fn new(workers: usize, max_waiting: usize) -> Self {
        let workers = workers.clamp(1, Semaphore::MAX_PERMITS);
        let shared = Shared { workers, max_waiting, queue: Mutex::default() };
        Self { shared: Arc::new(shared), ahead: Arc::new(Semaphore::new(workers.div_ceil(2))) }
    }

    pub(crate) fn pressure(&self) -> Pressure {
        let queue = self.shared.lock();
        Pressure { waiting: queue.waiting, running: queue.running, workers: self.shared.workers }
    }

    /// A slot for a request of `listener`.
    ///
    /// # Errors
    /// [`MediaError::Overloaded`] if the queue is full, for whoever has most in it.
    pub(crate) async fn enter(&self, listener: Listener) -> Result<Slot, MediaError> {
        let (ticket, answer) = {
            let mut queue = self.shared.lock();
            if queue.running < self.shared.workers && queue.waiting == 0 {
                queue.running += 1;
                return Ok(Slot(Arc::clone(&self.shared)));
            }
            if queue.waiting >= self.shared.max_waiting {
                queue.turn_away(listener, self.shared.workers)?;
            }
            queue.push(listener)
        };
        let mut place = Place { shared: &self.shared, listener, ticket, answer };
        match (&mut place.answer).await {
            Ok(answer) => answer.map(|()| Slot(Arc::clone(&self.shared))),
            Err(_) => Err(MediaError::Internal("a place in the queue was lost".into())),
        }
    }

    /// Leave to encode what nobody waits for yet: only while nobody queues, a slot is free and,
    /// where there are several workers, another one stays free for the next listener.
    ///
    /// This is no slot. A listener may ask for the same segment first and wait for a slot
    /// themselves; whoever held one meanwhile, waiting for that listener, could block both.
    pub(crate) fn may_run_ahead(&self) -> Option<Ahead> {
        let pressure = self.pressure();
        let free = pressure.workers.saturating_sub(pressure.running);
        let spare = usize::from(pressure.workers > 1);
        if pressure.waiting > 0 || free <= spare {
            return None;
        }
        Arc::clone(&self.ahead).try_acquire_owned().ok().map(Ahead)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Every change below is made whole before anything that could panic.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a slot that has become free to whoever is next.
    fn pass_on(&self) {
        let mut queue = self.lock();
        while let Some(waiter) = queue.pop() {
            if waiter.answer.send(Ok(())).is_ok() {
                return;
            }
        }
        queue.running = queue.running.saturating_sub(1);
    }
}

impl Queue {
    fn push(&mut self, listener: Listener) -> (u64, oneshot::Receiver<Result<(), MediaError>>) {
        let (answer, receiver) = oneshot::channel();
        self.tickets += 1;
        self.waiting += 1;
        let waiter = Waiter { ticket: self.tickets, answer };
        match self.turns.iter_mut().find(|(who, _)| *who == listener) {
            Some((_, waiters)) => waiters.push_back(waiter),
            None => self.turns.push_back((listener, VecDeque::from([waiter]))),
        }
        (self.tickets, receiver)
    }

    /// Whose turn it is; that listener's next turn comes after everybody else's.
    fn pop(&mut self) -> Option<Waiter> {
        let (listener, mut waiters) = self.turns.pop_front()?;
        let waiter = waiters.pop_front();
        if !waiters.is_empty() {
            self.turns.push_back((listener, waiters));
        }
        self.waiting = self.waiting.saturating_sub(usize::from(waiter.is_some()));
        waiter
    }

    /// Makes room for one request of `listener`, at the cost of who waits for most.
    fn turn_away(&mut self, listener: Listener, workers: usize) -> Result<(), MediaError> {
        let refusal = MediaError::Overloaded { waiting: self.waiting, workers };
        let own = self.turns.iter().find(|(who, _)| *who == listener);
        let own = own.map_or(0, |(_, waiters)| waiters.len());
        let most = self.turns.iter_mut().max_by_key(|(_, waiters)| waiters.len());
        match most {
            Some((_, waiters)) if waiters.len() > own + 1 => {
                if let Some(last) = waiters.pop_back() {
                    self.waiting = self.waiting.saturating_sub(1);
                    // If it went away meanwhile, so much the better.
                    let _gone = last.answer.send(Err(refusal));
                }
                Ok(())
            }
            _ => Err(refusal),
        }
    }

    fn remove(&mut self, listener: Listener, ticket: u64) {
        let Some(turn) = self.turns.iter().position(|(who, _)| *who == listener) else { return };
        let Some((_, waiters)) = self.turns.get_mut(turn) else { return };
        let before = waiters.len();
        waiters.retain(|waiter| waiter.ticket != ticket);
        self.waiting = self.waiting.saturating_sub(before - waiters.len());
        if waiters.is_empty() {
            self.turns.remove(turn);
        }
    }
}

/// A place in the queue, given up when the request is served or goes away.
struct Place<'a> {
    shared: &'a Arc<Shared>,
    listener: Listener,
    ticket: u64,
    answer: oneshot::Receiver<Result<(), MediaError>>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.answer.close();
        // Granted in the instant in which the request went away: nobody would give it back.
        if let Ok(Ok(())) = self.answer.try_recv() {
            self.shared.pass_on();
        } else {
            self.shared.lock().remove(self.listener, self.ticket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::{Pin, pin};
    use std::task::{Context, Waker};

    const A: Listener = Listener(1);
    const B: Listener = Listener(2);
    const C: Listener = Listener(3);

    fn pressure(waiting: usize, running: usize) -> Pressure {
        Pressure { waiting, running, workers: 2 }
    }

    fn poll<T>(future: &mut Pin<Box<dyn Future<Output = T> + '_>>) -> Option<T> {
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            std::task::Poll::Ready(value) => Some(value),
            std::task::Poll::Pending => None,
        }
    }

    type Entering<'a> = Pin<Box<dyn Future<Output = Result<Slot, MediaError>> + 'a>>;

    fn queue<'a>(pool: &'a Pool, listener: Listener, count: usize) -> Vec<Entering<'a>> {
        (0..count)
            .map(|_| {
                let mut entering: Entering<'a> = Box::pin(pool.enter(listener));
                assert!(poll(&mut entering).is_none());
                entering
            })
            .collect()
    }

    #[tokio::test]
    async fn a_full_queue_turns_away_and_a_dropped_request_leaves_it() {
        let pool = Pool::new(2, 1);
        let slots = (pool.enter(A).await.unwrap(), pool.enter(B).await.unwrap());
        {
            let mut waiting = pin!(pool.enter(A));
            assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            assert_eq!(pool.pressure(), pressure(1, 2));
            let turned_away = pool.enter(A).await;
            assert!(matches!(turned_away, Err(MediaError::Overloaded { waiting: 1, workers: 2 })));
        }
        assert_eq!(pool.pressure(), pressure(0, 2));
        drop(slots);
        assert_eq!(pool.pressure(), pressure(0, 0));
    }

    #[tokio::test]
    async fn listeners_take_turns() {
        let pool = Pool::new(1, 100);
        let mut slot = Some(pool.enter(A).await.unwrap());
        let mut greedy = queue(&pool, A, 5);
        let mut others = queue(&pool, B, 1);
        others.extend(queue(&pool, C, 1));
        let mut order = Vec::new();
        while order.len() < 7 {
            drop(slot.take());
            for (name, futures) in [("A", &mut greedy), ("other", &mut others)] {
                let served = futures.iter_mut().position(|future| {
                    slot = slot.take().or_else(|| poll(future).map(Result::unwrap));
                    slot.is_some()
                });
                if let Some(served) = served {
                    drop(futures.remove(served));
                    order.push(name);
                    break;
                }
            }
        }
        assert_eq!(order, ["A", "other", "other", "A", "A", "A", "A"]);
    }

    #[tokio::test]
    async fn a_full_queue_turns_the_greediest_away() {
        let pool = Pool::new(1, 4);
        let _slot = pool.enter(A).await.unwrap();
        let mut greedy = queue(&pool, A, 4);
        let modest = queue(&pool, B, 1);
        let refused: Vec<_> = greedy.iter_mut().filter_map(poll).collect();
        assert!(matches!(refused[..], [Err(MediaError::Overloaded { .. })]), "{refused:?}");
        assert!(pool.enter(A).await.is_err(), "nobody else has more");
        drop((greedy, modest));
        assert_eq!(pool.pressure(), Pressure { waiting: 0, running: 1, workers: 1 });
    }

    #[tokio::test]
    async fn a_slot_granted_to_who_just_went_away_is_passed_on() {
        let pool = Pool::new(1, 4);
        let slot = pool.enter(A).await.unwrap();
        let mut gone = queue(&pool, A, 1);
        let mut next = queue(&pool, B, 1);
        drop(slot);
        assert!(poll(&mut next[0]).is_none(), "it is A's turn");
        gone.clear();
        assert!(poll(&mut next[0]).is_some_and(|slot| slot.is_ok()));
    }

    #[tokio::test]
    async fn work_ahead_leaves_a_worker_free() {
        let pool = Pool::new(2, 1);
        let first = pool.may_run_ahead().unwrap();
        assert!(pool.may_run_ahead().is_none(), "half the workers at most");
        drop(first);
        let _listener = pool.enter(A).await.unwrap();
        assert!(pool.may_run_ahead().is_none());
        assert!(Pool::new(1, 1).may_run_ahead().is_some());
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_frees_the_slot() {
        let pool = Pool::new(1, 1);
        let slot = pool.enter(A).await.unwrap();
        let result = slot.run::<()>(|| panic!("on purpose")).await;
        assert!(matches!(result, Err(MediaError::Internal(_))));
        assert_eq!(pool.pressure().running, 0);
    }
}
