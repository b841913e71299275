//! A campaign: every trace with every algorithm, and what that comes to.
//!
//! Knows: experiments and figures. Never: files, the terminal.

use crate::algorithm::{Algorithm, Conditions};
use crate::experiment::{Job, RunError, run};
use crate::folder::{NamedTrace, Scale};
use crate::metric::Metric;
use crate::optima::Optima;
use crate::planned::Planned;
use crate::player::{Listener, Playback, play};
use crate::report::{Row, Summary, summarize};
use crate::setup::{CAP_US, Setup};

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
    /// What the optimum of the traces is, as far as it is known.
    pub optima: Optima,
}

/// Playbacks in the order of the traces, and what they come to.
#[derive(Clone, Debug)]
pub struct Played {
    /// Whose.
    pub name: &'static str,
    /// Whether that is the decision core.
    pub is_ours: bool,
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
            self.add_up(algorithm.name, algorithm.is_ours(), own)
        };
        Ok(self.algorithms.iter().map(own).collect())
    }

    /// What the optimum with 30 s of buffer comes to in the same player, if it is known of every
    /// trace.
    #[must_use]
    pub fn optimum(&self) -> Option<Played> {
        let setup = self.setup.with_cap(Some(CAP_US.max(self.setup.segment_us())));
        let playback = |named: &NamedTrace| {
            let bounds = self.optima.of(&self.setup, &self.metric, named)?;
            let mut planned = Planned::new(bounds.plan.clone());
            let playback = play(&setup, &named.trace, &Listener::PATIENT, &mut planned).ok()?;
            (playback.refused == 0).then_some(playback)
        };
        let playbacks: Option<Vec<Playback>> = self.traces.iter().map(playback).collect();
        Some(self.add_up("optimum", false, playbacks?))
    }

    fn add_up(&self, name: &'static str, is_ours: bool, playbacks: Vec<Playback>) -> Played {
        let row = |(named, playback): (&NamedTrace, &Playback)| {
            let optimum = self.optima.of(&self.setup, &self.metric, named);
            Row::of(&named.family, playback, &self.metric, optimum.map(|bounds| bounds.upper))
        };
        let rows: Vec<Row> = self.traces.iter().zip(&playbacks).map(row).collect();
        let summary = summarize(&rows);
        Played { name, is_ours, playbacks, rows, summary }
    }
}
