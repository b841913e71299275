//! Backward through a pass: what each label comes to in the end.
//!
//! Decides nothing: every fetch of the pass is looked at again, and answered by the latest label
//! that arrives no later. That one is worth no less than what the fetch itself was, so the answer is
//! an upper bound also for the finer levels, whose labels arrive later and are worth less.

use super::fronts::{Front, Pass, Place, Step};
use super::link::Hint;
use super::outlook::UNREACHABLE;
use super::scenario::{Holding, Problem};

/// For every label of `pass`: the most that is gained after it.
pub(super) fn ahead(problem: &Problem<'_>, pass: &Pass) -> Vec<i64> {
    let mut ahead = vec![UNREACHABLE; pass.labels.len()];
    for front in pass.stages.last().into_iter().flatten() {
        ahead[front.start..front.end].fill(0);
    }
    for segment in (1..problem.segments()).rev() {
        for rung in 0..problem.rungs() {
            let resumed = Resumed::new(problem, pass, segment + 1, rung, &ahead);
            for front in &pass.stages[segment] {
                look(problem, pass, segment, front, rung, &resumed, &mut ahead);
            }
        }
    }
    ahead
}

/// What one front's labels gain by fetching `segment` on `rung`.
fn look(
    problem: &Problem<'_>,
    pass: &Pass,
    segment: usize,
    front: &Front,
    rung: usize,
    resumed: &Resumed,
    ahead: &mut [i64],
) {
    let step = Step::new(problem, pass.level, segment, front.place, rung);
    let held = (usize::from(front.place.held) + 1).min(problem.held());
    let target = Place {
        held: u16::try_from(held).unwrap_or(u16::MAX),
        delay: front.place.delay,
        rung: u8::try_from(rung).unwrap_or(u8::MAX),
    };
    let target = pass.front(segment + 1, target).copied();
    let mut hint = Hint::default();
    let mut next = target.map_or(0, |target| target.start);
    for index in front.start..front.end {
        let Some(at_us) = step.arrives(problem, pass.labels[index].at_us, &mut hint) else { break };
        let mut best = UNREACHABLE;
        if let Some(target) = target.filter(|_| at_us < step.deadline_us) {
            while next < target.end && pass.labels[next].at_us <= at_us {
                next += 1;
            }
            if next > target.start {
                best = step.gain() + ahead[next - 1];
            }
        }
        let (at_us, delay, gain) = step.stalls(problem, pass.level, at_us, step.gain());
        best = best.max(gain + resumed.most(problem, pass, segment, delay, at_us));
        if delay == front.place.delay && problem.scenario.holding == Holding::Free {
            let next = resumed.most(problem, pass, segment, delay + 1, at_us);
            best = best.max(gain + next);
        }
        ahead[index] = ahead[index].max(best);
    }
}

/// What is gained after a stall by going on with some delay or a longer one.
struct Resumed {
    first: i64,
    /// By delay: from which moment on how much, in ascending order of moments.
    curves: Vec<Vec<(u64, i64)>>,
}

impl Resumed {
    fn new(problem: &Problem<'_>, pass: &Pass, stage: usize, rung: usize, ahead: &[i64]) -> Self {
        let is_of = |front: &&Front| front.place.held == 1 && usize::from(front.place.rung) == rung;
        let fronts: Vec<&Front> = pass.stages[stage].iter().filter(is_of).collect();
        let first = fronts.first().map_or(0, |front| front.place.delay);
        let last = fronts.last().map_or(-1, |front| front.place.delay);
        let mut curves = Vec::new();
        let mut longer: Vec<(u64, i64)> = Vec::new();
        let mut fronts = fronts.into_iter().rev().peekable();
        for delay in (first..=last).rev() {
            for point in &mut longer {
                point.1 -= problem.stall * pass.level.steps;
            }
            if problem.scenario.holding == Holding::None {
                longer = not_before(goes_on_us(problem, pass, stage - 1, delay + 1), &longer);
            }
            if let Some(front) = fronts.next_if(|front| front.place.delay == delay) {
                let labels = front.start..front.end;
                let own: Vec<_> = labels.map(|at| (pass.labels[at].at_us, ahead[at])).collect();
                longer = higher(&own, &longer);
            }
            curves.push(longer.clone());
        }
        curves.reverse();
        Self { first, curves }
    }

    fn most(
        &self,
        problem: &Problem<'_>,
        pass: &Pass,
        segment: usize,
        delay: i64,
        at_us: u64,
    ) -> i64 {
        let from = delay.max(self.first);
        let Some(curve) =
            usize::try_from(from - self.first).ok().and_then(|index| self.curves.get(index))
        else {
            return UNREACHABLE;
        };
        let at_us = match problem.scenario.holding {
            Holding::Free => at_us,
            Holding::None => at_us.max(goes_on_us(problem, pass, segment, from)),
        };
        let after = curve.partition_point(|(at, _)| *at <= at_us);
        let waits = problem.stall * pass.level.steps * (from - delay);
        after.checked_sub(1).map_or(UNREACHABLE, |index| curve[index].1 - waits)
    }
}

/// When playback goes on with a segment at the earliest, with some delay.
fn goes_on_us(problem: &Problem<'_>, pass: &Pass, segment: usize, delay: i64) -> u64 {
    problem.begins_us(segment) + pass.level.begins_us(delay)
}

/// A step function of time, seen by those who have to wait until `at_us` in any case.
fn not_before(at_us: u64, curve: &[(u64, i64)]) -> Vec<(u64, i64)> {
    let after = curve.partition_point(|point| point.0 <= at_us);
    let waited = after.checked_sub(1).map(|index| (0, curve[index].1));
    waited.into_iter().chain(curve[after..].iter().copied()).collect()
}

/// The higher of two step functions of time.
fn higher(a: &[(u64, i64)], b: &[(u64, i64)]) -> Vec<(u64, i64)> {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let (mut of_a, mut of_b) = (UNREACHABLE, UNREACHABLE);
    let mut merged: Vec<(u64, i64)> = Vec::new();
    while let Some(at) = [a.peek(), b.peek()].into_iter().flatten().map(|point| point.0).min() {
        if let Some(point) = a.next_if(|point| point.0 == at) {
            of_a = point.1;
        }
        if let Some(point) = b.next_if(|point| point.0 == at) {
            of_b = point.1;
        }
        let most = of_a.max(of_b);
        if merged.last().is_none_or(|last| last.1 != most) {
            merged.push((at, most));
        }
    }
    merged
}
