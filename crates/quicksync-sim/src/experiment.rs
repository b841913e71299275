//! Plays many traces with many algorithms on several threads.
//!
//! Owns threads, never a clock; the result does not depend on how many threads there are.

use std::sync::atomic::{AtomicUsize, Ordering};

use quicksync_abr::playback::ConfigError;

use crate::algorithm::{Algorithm, Conditions};
use crate::folder::NamedTrace;
use crate::player::{Listener, Note, PlayError, Playback, play};
use crate::setup::Setup;

/// Why an experiment gave no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// A playback came to no end.
    #[error("{algorithm} over {family}/{trace}: {source}")]
    Play {
        /// Whose.
        algorithm: &'static str,
        /// Over which family's trace.
        family: String,
        /// Over which trace.
        trace: String,
        /// Why.
        source: PlayError,
    },
    /// An algorithm ordered what a player cannot do: its result would mean nothing.
    #[error("{algorithm} over {family}/{trace}: {orders} orders that the player cannot carry out")]
    Refused {
        /// Whose.
        algorithm: &'static str,
        /// Over which family's trace.
        family: String,
        /// Over which trace.
        trace: String,
        /// How many.
        orders: u32,
    },
    /// The decision core refuses the buffer.
    #[error("{0}")]
    Config(ConfigError),
}

/// One playback to be made.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// Over which trace.
    pub trace: &'a NamedTrace,
    /// With which algorithm.
    pub algorithm: Algorithm,
    /// Under which conditions.
    pub conditions: Conditions,
    /// Heard by whom.
    pub listener: &'a Listener,
}

/// Plays every job on `threads` threads; playbacks in the order of the jobs.
///
/// # Errors
/// The first job's in that order that fails.
pub fn run(setup: &Setup, jobs: &[Job<'_>], threads: usize) -> Result<Vec<Playback>, RunError> {
    let playback = |job: &Job<'_>| run_one(setup, job).map(|(playback, _)| playback);
    in_parallel(jobs, threads, playback).into_iter().collect()
}

/// What `work` gives for every item, in their order, on `threads` threads.
pub fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return done };
            done.push((index, work(item)));
        }
    };
    let mut done = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        for other in others {
            match other.join() {
                Ok(part) => done.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// One playback, and what the algorithm thought if it was asked to remember.
///
/// # Errors
/// See [`RunError`].
pub fn run_one(setup: &Setup, job: &Job<'_>) -> Result<(Playback, Vec<Note>), RunError> {
    let algorithm = job.algorithm.name;
    let (family, trace) = (job.trace.family.clone(), job.trace.name.clone());
    let link = &job.trace.trace;
    let mut agent = job.algorithm.build(setup, link, &job.conditions).map_err(RunError::Config)?;
    match play(setup, link, job.listener, agent.as_mut()) {
        Ok(playback) if playback.refused > 0 => {
            Err(RunError::Refused { algorithm, family, trace, orders: playback.refused })
        }
        Ok(playback) => Ok((playback, agent.notes())),
        Err(source) => Err(RunError::Play { algorithm, family, trace, source }),
    }
}
