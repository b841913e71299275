//! Makes plans that a player can follow from rungs and intended waits.
//!
//! Decides when requests leave (as early as they may) and how long waits last: as long as intended,
//! longer where a later segment would come too late, shorter where nothing needs them.

use super::fronts::Pass;
use super::link::{Hint, Sent};
use super::plan::{Plan, Resume};
use super::scenario::{Holding, Problem};

/// How often waits are lengthened or shortened before the plan is taken as it is.
const ROUNDS: usize = 24;

/// Rungs, and the playhead's delay with which playback is to start and to go on after stalls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Intent {
    pub(super) rungs: Vec<usize>,
    pub(super) delays_us: Vec<Option<u64>>,
    /// Whether a wait grows rather than that a further stall is taken.
    pub(super) prevents: bool,
}

/// A plan that can be played, and its value in utility units.
#[derive(Clone, Debug)]
pub(super) struct Composed {
    pub(super) plan: Plan,
    pub(super) value: f64,
}

impl Intent {
    /// The rungs and stalls on the way to a label after the last segment.
    pub(super) fn of(problem: &Problem<'_>, pass: &Pass, best: usize) -> Self {
        let segments = problem.segments();
        let mut rungs = vec![0; segments];
        let mut delays_us = vec![None; segments];
        let mut label = best;
        for stage in (1..=segments).rev() {
            let fronts = &pass.stages[stage];
            let index = fronts.iter().find(|front| (front.start..front.end).contains(&label));
            let Some(front) = index else { break };
            rungs[stage - 1] = usize::from(front.place.rung);
            if front.place.held == 1 {
                delays_us[stage - 1] = Some(pass.level.begins_us(front.place.delay));
            }
            label = usize::try_from(pass.labels[label].parent).unwrap_or(usize::MAX);
        }
        Self { rungs, delays_us, prevents: true }
    }
}

struct Attempt {
    composed: Composed,
    /// The first segment that came too late although nobody intended it, and by how much.
    missed: Option<(usize, u64)>,
    /// Where waits began, and by how much each was longer than it had to be.
    spare: Vec<(usize, u64)>,
}

/// The best plan found for an intent; `None` if something never arrives.
pub(super) fn compose(problem: &Problem<'_>, intent: &Intent) -> Option<Composed> {
    let mut intent = intent.clone();
    let mut best: Option<Composed> = None;
    // A segment that comes later because the one before was held back is missed again: by less, but
    // for how long is not known.
    let (mut missed_again, mut factor) = (0, 1);
    for _ in 0..ROUNDS {
        let Some(attempt) = attempt(problem, &intent) else { break };
        let resumes: Vec<Resume> = attempt.composed.plan.resumes.clone();
        if best.as_ref().is_none_or(|best| attempt.composed.value > best.value) {
            best = Some(attempt.composed);
        }
        let delay_of = |resume: &Resume| resume.at_us - problem.begins_us(resume.segment);
        if let Some((segment, by_us)) = attempt.missed.filter(|_| intent.prevents) {
            let may_wait =
                |resume: &&Resume| resume.segment < segment && may_wait(problem, resume.segment);
            let Some(wait) = resumes.iter().rev().find(may_wait) else { break };
            factor = if segment == missed_again { factor * 2 } else { 1 };
            missed_again = segment;
            intent.delays_us[wait.segment] = Some(delay_of(wait) + by_us * factor);
            continue;
        }
        let Some((segment, by_us)) = attempt.spare.iter().rev().find(|spare| spare.1 > 0) else {
            break;
        };
        let wait = resumes.iter().find(|resume| resume.segment == *segment);
        intent.delays_us[*segment] = wait.map(|wait| delay_of(wait) - by_us);
    }
    best
}

/// Whether the sound may go on later than a segment's earliest arrival.
fn may_wait(problem: &Problem<'_>, segment: usize) -> bool {
    segment > 0 || problem.scenario.holding == Holding::Free
}

/// The request whose segment comes as late as `until_us` allows, of those that may leave from
/// `ready_us`; the earliest if that is later in any case.
fn held_back(problem: &Problem<'_>, ready_us: u64, until_us: u64, bytes: u64) -> Option<Sent> {
    let send = |at_us: u64| problem.link.send(at_us, bytes, &mut Hint::default());
    let mut best = send(ready_us)?;
    let (mut low_us, mut high_us) = (ready_us, until_us);
    while high_us > low_us + 1 {
        let middle_us = u64::midpoint(low_us, high_us);
        match send(middle_us).filter(|sent| sent.finish_us <= until_us) {
            Some(sent) => (low_us, best) = (middle_us, sent),
            None => high_us = middle_us,
        }
    }
    Some(best)
}

fn attempt(problem: &Problem<'_>, intent: &Intent) -> Option<Attempt> {
    let mut plan = Plan { rungs: intent.rungs.clone(), ..Plan::default() };
    let mut missed = None;
    let mut spare: Vec<(usize, u64)> = Vec::new();
    let (mut ready_us, mut delay_us, mut since, mut cost) = (0, 0, 0, 0.0);
    let mut hint = Hint::default();
    let metric = &problem.scenario.metric;
    let seconds = |us| std::time::Duration::from_micros(us).as_secs_f64();
    let holds = problem.scenario.holding == Holding::Free;
    for (segment, rung) in intent.rungs.iter().enumerate() {
        let bytes = problem.scenario.bytes[segment][*rung];
        let waits = segment - since >= problem.held();
        let opens_us = if waits { problem.opens_us(segment, delay_us) } else { 0 };
        let free_us = opens_us.max(ready_us);
        let mut sent = problem.link.send(free_us, bytes, &mut hint)?;
        let due_us = problem.begins_us(segment) + delay_us;
        let soonest_us = sent.finish_us.saturating_sub(problem.begins_us(segment));
        let meant = intent.delays_us[segment].filter(|_| may_wait(problem, segment));
        if let Some(meant_us) = meant.filter(|meant_us| !holds && *meant_us > delay_us) {
            // The sound goes on with the first segment: to wait, it has to come later.
            let until_us = problem.begins_us(segment) + meant_us;
            sent = held_back(problem, free_us, until_us, bytes)?;
        }
        plan.requests_us.push(sent.request_us);
        ready_us = sent.finish_us;
        if segment > 0 && ready_us <= due_us {
            if let Some(spare) = spare.last_mut() {
                spare.1 = spare.1.min(due_us - ready_us);
            }
            continue;
        }
        if segment > 0 && intent.delays_us[segment].is_none() && missed.is_none() {
            missed = Some((segment, ready_us - due_us));
        }
        let arrives_us = ready_us - problem.begins_us(segment);
        let next_us = arrives_us.max(meant.filter(|_| holds).unwrap_or(0));
        cost += if segment == 0 {
            metric.startup_s * seconds(next_us)
        } else {
            metric.stall_event + metric.stall_s * seconds(next_us - delay_us)
        };
        spare.push((segment, next_us - soonest_us.max(delay_us)));
        (delay_us, since) = (next_us, segment);
        let at_us = problem.begins_us(segment) + delay_us;
        plan.resumes.push(Resume { segment, at_us });
    }
    let value = heard(problem, &intent.rungs) - cost;
    Some(Attempt { composed: Composed { plan, value }, missed, spare })
}

/// Utility less switches.
fn heard(problem: &Problem<'_>, rungs: &[usize]) -> f64 {
    let scenario = problem.scenario;
    let heard: f64 = rungs.iter().map(|rung| scenario.utility[*rung]).sum();
    let step = |pair: &[usize]| (scenario.utility[pair[1]] - scenario.utility[pair[0]]).abs();
    heard - scenario.metric.switch * rungs.windows(2).map(step).sum::<f64>()
}

/// Better plans with other rungs for one segment, or for one and all after it, as long as there are.
pub(super) fn climb(problem: &Problem<'_>, from: Composed, rounds: usize) -> Composed {
    let mut best = from;
    for _ in 0..rounds {
        let before = best.value;
        for segment in 0..problem.segments() {
            for rung in 0..problem.rungs() {
                let mut delays_us = vec![None; problem.segments()];
                for resume in &best.plan.resumes {
                    let delay = resume.at_us - problem.begins_us(resume.segment);
                    delays_us[resume.segment] = Some(delay);
                }
                let mut rungs = best.plan.rungs.clone();
                rungs[segment] = rung;
                let intent = Intent { rungs, delays_us, prevents: true };
                let found = compose(problem, &intent);
                best = found.filter(|found| found.value > best.value).unwrap_or(best);
            }
        }
        if best.value - before < 1e-6 {
            break;
        }
    }
    best
}
