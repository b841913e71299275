//! A campaign: every trace with every algorithm, and what that comes to.
//!
//! Knows: experiments and figures. Never: files, the terminal.

use crate::algorithm::{Algorithm, Conditions};
use crate::experiment::{Job, RunError, run, run_one};
use crate::folder::{NamedTrace, Scale};
use crate::habits::{Habits, learned_prior};
use crate::metric::Metric;
use crate::optima::{Optima, Reference};
use crate::optimum::Bounds;
use crate::planned::Planned;
use crate::player::{Listener, Note, Playback, play};
use crate::report::{Ceilings, Closeness, Row, Summary, summarize};
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
    /// Heard by whom.
    pub habits: Habits,
    /// Whether the decision core is told what other traces of a family were like.
    pub learned: bool,
    /// Which optima are found.
    pub references: Vec<Reference>,
    /// What the optima of the traces are, as far as they are known.
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

/// An optimum, played.
#[derive(Clone, Debug)]
pub struct Reached {
    /// Which one.
    pub reference: Reference,
    /// What its plans come to in the same player.
    pub played: Played,
    /// How close its bounds are.
    pub closeness: Closeness,
}

impl Campaign {
    /// Finds the optima of every trace that are not known yet, on `threads` threads; how many that
    /// were.
    pub fn find_optima(&mut self, threads: usize) -> usize {
        let Self { setup, metric, references, traces, optima, .. } = self;
        let find = |reference: &Reference| optima.find(setup, metric, *reference, traces, threads);
        references.iter().map(find).sum()
    }

    /// Plays everything on `threads` threads; in the order of the algorithms.
    ///
    /// # Errors
    /// See [`RunError`].
    pub fn play(&self, threads: usize) -> Result<Vec<Played>, RunError> {
        let listeners: Vec<Listener> =
            (0..self.traces.len()).map(|trace| self.habits.listener(&self.setup, trace)).collect();
        let job = |algorithm: Algorithm, trace: usize| Job {
            trace: &self.traces[trace],
            algorithm,
            conditions: self.conditions_of(trace),
            listener: &listeners[trace],
        };
        let of = |algorithm: &Algorithm| {
            let algorithm = *algorithm;
            (0..self.traces.len()).map(move |trace| (algorithm, trace))
        };
        let pairs = self.algorithms.iter().flat_map(of);
        let jobs: Vec<Job<'_>> = pairs.map(|(algorithm, trace)| job(algorithm, trace)).collect();
        let mut playbacks = run(&self.setup, &jobs, threads)?.into_iter();
        let own = |algorithm: &Algorithm| {
            let own = playbacks.by_ref().take(self.traces.len()).collect();
            self.add_up(algorithm.name, algorithm.is_ours(), own)
        };
        Ok(self.algorithms.iter().map(own).collect())
    }

    /// Every optimum that is known of every trace.
    #[must_use]
    pub fn optima(&self) -> Vec<Reached> {
        Reference::ALL.into_iter().filter_map(|reference| self.reached(reference)).collect()
    }

    /// What an optimum comes to in the same player.
    fn reached(&self, reference: Reference) -> Option<Reached> {
        let setup = self.setup.with_cap(reference.cap_us(&self.setup));
        let playback = |named: &NamedTrace| {
            let bounds = self.bounds(reference, named)?;
            let mut planned = Planned::new(bounds.plan.clone());
            let playback = play(&setup, &named.trace, &Listener::PATIENT, &mut planned).ok()?;
            (playback.refused == 0).then_some(playback)
        };
        let playbacks: Option<Vec<Playback>> = self.traces.iter().map(playback).collect();
        let name = match reference {
            Reference::Prompt => "optimum",
            Reference::Free => "free optimum",
            Reference::Unlimited => "unlimited",
        };
        let played = self.add_up(name, false, playbacks?);
        let bounds = self.traces.iter().filter_map(|named| {
            let bounds = self.bounds(reference, named)?;
            Some((named.family.as_str(), bounds.lower, bounds.upper))
        });
        Some(Reached { reference, played, closeness: Closeness::of(bounds) })
    }

    /// One playback with what the algorithm thought: for a picture.
    ///
    /// # Errors
    /// See [`RunError`].
    pub fn watch(
        &self,
        algorithm: Algorithm,
        trace: usize,
    ) -> Result<(Playback, Vec<Note>), RunError> {
        let conditions = Conditions { remember: true, ..self.conditions_of(trace) };
        let listener = self.habits.listener(&self.setup, trace);
        let job = Job { trace: &self.traces[trace], algorithm, conditions, listener: &listener };
        run_one(&self.setup, &job)
    }

    fn conditions_of(&self, trace: usize) -> Conditions {
        if self.learned {
            Conditions { prior: learned_prior(&self.traces, trace), ..self.conditions }
        } else {
            self.conditions
        }
    }

    /// The optimum of one who hears the track out.
    fn bounds(&self, reference: Reference, named: &NamedTrace) -> Option<&Bounds> {
        let bounds = self.optima.of(&self.setup, &self.metric, reference, named);
        bounds.filter(|_| self.habits.are_patient())
    }

    fn add_up(&self, name: &'static str, is_ours: bool, playbacks: Vec<Playback>) -> Played {
        let row = |(named, playback): (&NamedTrace, &Playback)| {
            let most = |reference| self.bounds(reference, named).map(|bounds| bounds.upper);
            let (prompt, free) = (most(Reference::Prompt), most(Reference::Free));
            Row::of(&named.family, playback, &self.metric, Ceilings { prompt, free })
        };
        let rows: Vec<Row> = self.traces.iter().zip(&playbacks).map(row).collect();
        let summary = summarize(&rows);
        Played { name, is_ours, playbacks, rows, summary }
    }
}
