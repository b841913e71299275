//! A campaign: every trace with every algorithm, and what that comes to.
//!
//! Knows: experiments and figures. Never: files, the terminal.

use crate::algorithm::{Algorithm, Conditions};
use crate::experiment::{Job, RunError, run};
use crate::folder::{NamedTrace, Scale};
use crate::metric::Metric;
use crate::player::{Listener, Playback};
use crate::report::{Row, Summary, summarize};
use crate::setup::Setup;

/// What is to be played.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// The track and the buffer.
    pub setup: Setup,
    /// How the traces are scaled already.
    pub scale: Scale,
    /// What a playback is worth.
    pub metric: Metric,
    /// With which algorithms.
    pub algorithms: Vec<Algorithm>,
    /// Under which conditions.
    pub conditions: Conditions,
    /// Over which traces.
    pub traces: Vec<NamedTrace>,
}

/// One algorithm's playbacks in the order of the traces, and what they come to.
#[derive(Clone, Debug)]
pub struct Played {
    /// Whose.
    pub algorithm: Algorithm,
    /// One for each trace.
    pub playbacks: Vec<Playback>,
    /// Their numbers.
    pub rows: Vec<Row>,
    /// The figures of them all.
    pub summary: Summary,
}

impl Campaign {
    /// Plays everything on `threads` threads; in the order of the algorithms.
    ///
    /// # Errors
    /// See [`RunError`].
    pub fn play(&self, threads: usize) -> Result<Vec<Played>, RunError> {
        let patient = Listener::PATIENT;
        let pairs = self
            .algorithms
            .iter()
            .flat_map(|algorithm| self.traces.iter().map(move |trace| (*algorithm, trace)));
        let job = |(algorithm, trace)| Job {
            trace,
            algorithm,
            conditions: self.conditions,
            listener: &patient,
        };
        let jobs: Vec<Job<'_>> = pairs.map(job).collect();
        let mut playbacks = run(&self.setup, &jobs, threads)?.into_iter();
        let own = |algorithm: &Algorithm| {
            let own = playbacks.by_ref().take(self.traces.len()).collect();
            self.add_up(*algorithm, own)
        };
        Ok(self.algorithms.iter().map(own).collect())
    }

    fn add_up(&self, algorithm: Algorithm, playbacks: Vec<Playback>) -> Played {
        let row = |(trace, playback): (&NamedTrace, &Playback)| {
            Row::of(&trace.family, playback, &self.metric, None)
        };
        let rows: Vec<Row> = self.traces.iter().zip(&playbacks).map(row).collect();
        let summary = summarize(&rows);
        Played { algorithm, playbacks, rows, summary }
    }
}
