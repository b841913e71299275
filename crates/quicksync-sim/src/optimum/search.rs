//! The optimum with a capped buffer, each segment fetched once: from coarse to fine.
//!
//! Decides how finely to look and from which value on. A pass that finds nothing above a threshold
//! proves that value as an upper bound; one that does is the next, finer pass's outlook, and its best
//! way, played, is a lower bound.

use super::Bounds;
use super::compose::{Composed, Intent, climb, compose};
use super::fronts::{Halt, Level, Pass};
use super::hindsight::ahead;
use super::link::Hint;
use super::outlook::{Fronts, Outlook, Tables, level_for};
use super::plan::play_plan;
use super::scenario::{FINEST_US, Problem, Scenario, signed};
use crate::trace::NetworkTrace;

/// The coarsest level that a search begins with, in steps of the finest: 2 s.
const FIRST_STEPS: i64 = 64;
/// Intervals of the first level.
const MOST_DELAYS: u64 = 40;
/// Each level is this many times as fine as the one before.
const REFINEMENT: i64 = 4;
/// From this level on plans with waits of whole steps are looked for: 0.5 s.
const PLAYABLE_STEPS: i64 = 16;
/// Labels of a front that a sketch follows.
const SKETCH_WIDTH: usize = 4;
/// Sketches before the search.
const MOST_SKETCHES: usize = 3;
/// How often the room between bounds is halved where it is too large to search.
const MOST_HALVINGS: usize = 6;
/// Bounds this close are close enough: share of the best utility of a track.
pub(super) const GOOD_ENOUGH: f64 = 3e-4;

/// The optimum of a player that holds at most `cap_us`, fetches each segment once and one at a time.
/// `None` if the trace carries nothing or the scenario cannot be played.
#[must_use]
pub fn capped(trace: &NetworkTrace, scenario: &Scenario, cap_us: u64) -> Option<Bounds> {
    if cap_us < scenario.segment_us {
        return None;
    }
    let (problem, first) = prepare(trace, scenario, Some(cap_us))?;
    let (best, upper) = Search { problem: &problem, best: first }.run();
    let played = play_plan(trace, scenario, Some(cap_us), &best.plan).ok()?;
    let segments = f64::from(u32::try_from(problem.segments()).ok()?);
    Some(Bounds {
        lower: played.value,
        upper: (upper / segments).max(played.value),
        plan: best.plan,
    })
}

/// The problem with as much of the trace as any good plan can need, and a first plan.
pub(super) fn prepare<'a>(
    trace: &NetworkTrace,
    scenario: &'a Scenario,
    cap_us: Option<u64>,
) -> Option<(Problem<'a>, Composed)> {
    if !scenario.is_sound() {
        return None;
    }
    let mut horizon_us = scenario.segment_us * 3 * u64::try_from(scenario.bytes.len()).ok()?;
    // A first plan says how long a wait can be of use at all.
    let (mut problem, first) = loop {
        let problem = Problem::new(trace, scenario, cap_us, horizon_us)?;
        if let Some(first) = first_plan(&problem) {
            break (problem, first);
        }
        horizon_us = horizon_us.checked_mul(4)?;
    };
    let needed_us = longest_delay_us(&problem, millionths(first.value)) * 2
        + problem.begins_us(problem.segments() + 8);
    if needed_us > horizon_us {
        problem = Problem::new(trace, scenario, cap_us, needed_us)?;
    }
    Some((problem, first))
}

/// The best of a few simple plans.
fn first_plan(problem: &Problem<'_>) -> Option<Composed> {
    let mut best: Option<Composed> = None;
    for rung in 0..problem.rungs() {
        for prevents in [false, true] {
            let segments = problem.segments();
            let intent =
                Intent { rungs: vec![rung; segments], delays_us: vec![None; segments], prevents };
            let found = compose(problem, &intent);
            let better =
                |found: &Composed| best.as_ref().is_none_or(|best| found.value > best.value);
            best = found.filter(better).or(best);
        }
    }
    best
}

/// No plan that is worth more than `value` lets the playhead fall behind by more.
pub(super) fn longest_delay_us(problem: &Problem<'_>, value: i64) -> u64 {
    let most = signed(problem.segments()) * problem.best_utility();
    let price = problem.startup.min(problem.stall).max(1);
    u64::try_from((most - value).max(0) / price + 1).unwrap_or(1) * FINEST_US
}

pub(super) fn millionths(value: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "values of tracks are far below 2^53")]
    let whole = (value * 1e6).floor() as i64;
    whole
}

#[expect(clippy::cast_precision_loss, reason = "values of tracks are far below 2^53")]
pub(super) fn units(value: i64) -> f64 {
    value as f64 / 1e6
}

struct Search<'a> {
    problem: &'a Problem<'a>,
    best: Composed,
}

impl Search<'_> {
    /// The best plan, and an upper bound.
    fn run(mut self) -> (Composed, f64) {
        let (mut outlook, mut level, mut upper) = self.first_outlook();
        // A good plan first: the search is the shorter the less there is between it and the bound.
        for _ in 0..MOST_SKETCHES {
            let before = self.lower();
            if upper - before < self.most() / 64 {
                break;
            }
            self.sketch(level, &outlook);
            if self.lower() - before < self.most() / 64 {
                break;
            }
            (outlook, level, upper) = self.first_outlook();
        }
        let mut slack = (self.most() / 128).max(1);
        loop {
            let threshold = self.lower().max(upper - slack);
            let (found, is_final) = self.descend(level, threshold, &outlook, upper);
            upper = upper.min(found).max(self.lower());
            if is_final || self.is_close(upper) || threshold <= self.lower() {
                return (self.best, units(upper));
            }
            slack *= 4;
        }
    }

    /// What tables say, for delays that may be of use.
    fn first_outlook(&self) -> (Outlook<'static>, Level, i64) {
        let problem = self.problem;
        let longest_us = longest_delay_us(problem, self.lower());
        let level = level_for(longest_us, MOST_DELAYS, FIRST_STEPS);
        let soonest = (0..problem.rungs()).filter_map(|rung| {
            let bytes = problem.scenario.bytes[0][rung];
            Some(problem.link.send(0, bytes, &mut Hint::default())?.finish_us)
        });
        let first = level.index(soonest.min().unwrap_or(0));
        let count = level.index(longest_us) - first + 2;
        let tables = Tables::new(problem, level, first, usize::try_from(count).unwrap_or(0));
        let upper = tables.best_start(problem);
        (Outlook::Tables(tables), level, upper)
    }

    /// Looks for a better plan without looking everywhere.
    fn sketch(&mut self, level: Level, outlook: &Outlook<'_>) {
        for steps in [level.steps, level.steps / REFINEMENT, level.steps / REFINEMENT.pow(2)] {
            let level = Level { steps: steps.max(1), exact: true };
            let width = SKETCH_WIDTH;
            let pass = Pass::run_within(self.problem, level, self.lower(), outlook, width);
            if let Ok(pass) = pass
                && let Some(best) = pass.best()
            {
                self.try_plan(&pass, best);
            }
        }
    }

    fn lower(&self) -> i64 {
        millionths(self.best.value)
    }

    /// An upper bound from this level and finer ones, and whether a lower threshold is of no use.
    fn descend(
        &mut self,
        level: Level,
        threshold: i64,
        outlook: &Outlook<'_>,
        upper: i64,
    ) -> (i64, bool) {
        let threshold = threshold.max(self.lower());
        let pass = match Pass::run(self.problem, level, threshold, outlook) {
            Ok(pass) => pass,
            Err(Halt::Nothing) => return (threshold, false),
            Err(Halt::TooMany) => return (self.bisect(level, threshold, outlook, upper), true),
        };
        self.refine(&pass, threshold, upper)
    }

    /// An upper bound where there is too much above `low` to follow it all.
    fn bisect(&mut self, level: Level, mut low: i64, outlook: &Outlook<'_>, mut upper: i64) -> i64 {
        for _ in 0..MOST_HALVINGS {
            let threshold = i64::midpoint(low.max(self.lower()), upper);
            let before = (upper, self.lower());
            match Pass::run(self.problem, level, threshold, outlook) {
                Ok(pass) => upper = upper.min(self.refine(&pass, threshold, upper).0),
                Err(Halt::Nothing) => upper = threshold,
                Err(Halt::TooMany) => {
                    low = threshold;
                    continue;
                }
            }
            upper = upper.max(self.lower());
            if self.is_close(upper) || before == (upper, self.lower()) {
                break;
            }
        }
        upper
    }

    /// What follows from a pass that found something above its threshold.
    fn refine(&mut self, pass: &Pass, threshold: i64, upper: i64) -> (i64, bool) {
        let level = pass.level;
        let Some(best) = pass.best() else { return (threshold, false) };
        let upper = upper.min(pass.labels[best].value);
        self.try_plan(pass, best);
        if self.is_close(upper) {
            return (upper, true);
        }
        let outlook = Outlook::Fronts(Fronts::new(self.problem, pass, ahead(self.problem, pass)));
        let finer = Level { steps: (level.steps / REFINEMENT).max(1), ..level };
        let reached = level.steps <= PLAYABLE_STEPS && self.try_exactly(finer, threshold, &outlook);
        if level.steps == 1 {
            return (upper, reached);
        }
        self.descend(finer, threshold, &outlook, upper)
    }

    fn most(&self) -> i64 {
        signed(self.problem.segments()) * self.problem.best_utility()
    }

    fn is_close(&self, upper: i64) -> bool {
        upper - self.lower() <= millionths(units(self.most()) * GOOD_ENOUGH)
    }

    /// Looks for a plan with waits of whole steps; whether there is one above the threshold.
    fn try_exactly(&mut self, level: Level, threshold: i64, outlook: &Outlook<'_>) -> bool {
        let level = Level { exact: true, ..level };
        let threshold = threshold.max(self.lower());
        let Ok(pass) = Pass::run(self.problem, level, threshold, outlook) else { return false };
        if let Some(best) = pass.best() {
            self.try_plan(&pass, best);
        }
        true
    }

    fn try_plan(&mut self, pass: &Pass, best: usize) {
        let intent = Intent::of(self.problem, pass, best);
        if let Some(found) = compose(self.problem, &intent) {
            let found = climb(self.problem, found, 1);
            if found.value > self.best.value {
                self.best = found;
            }
        }
    }
}
