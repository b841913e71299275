//! The optimum without a cap on the buffer, also for those who replace what they hold.
//!
//! Decides how finely start-ups are told apart. Knows neither order nor waste of transfers: the first
//! `n` segments need `n` requests and their bytes before the `n`-th is due, whatever else is fetched.

use std::collections::BinaryHeap;

use super::Bounds;
use super::compose::{Composed, Intent, climb, compose};
use super::link::Hint;
use super::plan::play_plan;
use super::scenario::{FINEST_US, Problem, Scenario, signed};
use super::search::{GOOD_ENOUGH, longest_delay_us, millionths, prepare, units};
use crate::trace::NetworkTrace;

/// Byte counts of a prefix are told apart in at most this many classes.
const MOST_COLUMNS: u64 = 4096;
/// Classes that the largest segment has, where sizes have no useful common divisor.
const LARGEST: u64 = 64;
/// The value of what cannot be.
const UNREACHABLE: i64 = i64::MIN / 4;
/// Start-ups looked at before the bounds are taken as they are.
const MOST_STARTS: usize = 400;

/// The optimum of a player that holds any amount and may fetch a segment again before it is heard:
/// `upper` holds for every such player, `plan` fetches each segment once. `None` as in
/// [`super::capped`].
#[must_use]
pub fn unlimited(trace: &NetworkTrace, scenario: &Scenario) -> Option<Bounds> {
    let (problem, first) = prepare(trace, scenario, None)?;
    let sizes = Sizes::new(&problem);
    let soonest = Soonest::new(&problem, &sizes);
    let mut search = Search { problem: &problem, sizes, soonest, best: first };
    let upper = units(search.run());
    let played = play_plan(trace, scenario, None, &search.best.plan).ok()?;
    let upper = upper / f64::from(u32::try_from(problem.segments()).ok()?);
    Some(Bounds { lower: played.value, upper: upper.max(played.value), plan: search.best.plan })
}

/// Bytes in whole units, rounded down.
#[derive(Debug)]
struct Sizes {
    unit: u64,
    /// By segment and rung.
    units: Vec<Vec<usize>>,
    /// Each size that occurs.
    kinds: Vec<usize>,
    /// One more than the most that all segments can have.
    columns: usize,
}

impl Sizes {
    fn new(problem: &Problem<'_>) -> Self {
        let bytes = &problem.scenario.bytes;
        let most: u64 = bytes.iter().filter_map(|sizes| sizes.iter().max()).sum();
        let largest = bytes.iter().flatten().copied().max().unwrap_or(1);
        let divisor = bytes.iter().flatten().fold(0, |a, b| common_divisor(a, *b)).max(1);
        let unit = if most / divisor < MOST_COLUMNS { divisor } else { (largest / LARGEST).max(1) };
        let in_units = |bytes: &u64| usize::try_from(bytes / unit).unwrap_or(usize::MAX);
        let units: Vec<Vec<_>> =
            bytes.iter().map(|sizes| sizes.iter().map(in_units).collect()).collect();
        let mut kinds: Vec<usize> = units.iter().flatten().copied().collect();
        kinds.sort_unstable();
        kinds.dedup();
        let columns = units.iter().filter_map(|units| units.iter().max()).sum::<usize>() + 1;
        Self { unit, units, kinds, columns }
    }
}

/// For every number of requests and of units: when they can all have been answered, in whatever
/// order the sizes come.
#[derive(Debug)]
struct Soonest {
    at_us: Vec<Vec<u64>>,
}

impl Soonest {
    fn new(problem: &Problem<'_>, sizes: &Sizes) -> Self {
        let mut before = vec![u64::MAX; sizes.columns];
        before[0] = 0;
        let mut at_us = Vec::with_capacity(problem.segments());
        for _ in 0..problem.segments() {
            let mut after = vec![u64::MAX; sizes.columns];
            for kind in &sizes.kinds {
                let bytes = u64::try_from(*kind).unwrap_or(0) * sizes.unit;
                let mut hint = Hint::default();
                for (slot, ready_us) in after.iter_mut().skip(*kind).zip(&before) {
                    if *ready_us < u64::MAX
                        && let Some(sent) = problem.link.send(*ready_us, bytes, &mut hint)
                    {
                        *slot = sent.finish_us.min(*slot);
                    }
                }
            }
            at_us.push(after.clone());
            before = after;
        }
        Self { at_us }
    }
}

/// Start-ups between two moments, most promising first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Starts {
    /// No start between them comes to more.
    upper: i64,
    from_us: u64,
    to_us: u64,
    /// What is heard with the later one, switches deducted.
    heard: i64,
}

struct Search<'a> {
    problem: &'a Problem<'a>,
    sizes: Sizes,
    soonest: Soonest,
    best: Composed,
}

impl Search<'_> {
    /// An upper bound; the best plan is left in `best`.
    fn run(&mut self) -> i64 {
        let problem = self.problem;
        let most = signed(problem.segments()) * problem.best_utility();
        let enough = millionths(units(most) * GOOD_ENOUGH / 2.0);
        let from_us = self.soonest.at_us[0].iter().copied().min().unwrap_or(0);
        let to_us = longest_delay_us(problem, millionths(self.best.value)).max(from_us) + 1;
        let mut open = BinaryHeap::new();
        open.extend(self.starts(from_us, to_us));
        // The best that start-ups in the tables come to: plans differ from it by little.
        let mut reached = UNREACHABLE;
        for _ in 0..MOST_STARTS {
            let Some(starts) = open.pop() else { return millionths(self.best.value) };
            let value = starts.heard - self.waiting(starts.to_us);
            if value > reached {
                reached = value;
                self.try_plan(starts.to_us);
            }
            if starts.upper <= millionths(self.best.value) + enough
                || starts.to_us - starts.from_us <= FINEST_US
            {
                return starts.upper.max(millionths(self.best.value));
            }
            let middle_us = u64::midpoint(starts.from_us, starts.to_us);
            open.extend(self.starts(starts.from_us, middle_us));
            let upper = starts.heard - self.waiting(middle_us);
            open.push(Starts { upper, from_us: middle_us, ..starts });
        }
        open.pop().map_or(UNREACHABLE, |starts| starts.upper).max(millionths(self.best.value))
    }

    fn starts(&self, from_us: u64, to_us: u64) -> Option<Starts> {
        let heard = self.heard(to_us, None)?;
        Some(Starts { upper: heard - self.waiting(from_us), from_us, to_us, heard })
    }

    /// The least that it costs to be late by `delay_us` in the end, whenever one waited.
    fn waiting(&self, delay_us: u64) -> i64 {
        let price = self.problem.startup.min(self.problem.stall);
        price * signed(delay_us) / signed(FINEST_US)
    }

    fn try_plan(&mut self, delay_us: u64) {
        let problem = self.problem;
        let mut rungs = vec![0; problem.segments()];
        if self.heard(delay_us, Some(&mut rungs)).is_none() {
            return;
        }
        let mut delays_us = vec![None; problem.segments()];
        delays_us[0] = Some(delay_us);
        let found = compose(problem, &Intent { rungs, delays_us, prevents: true });
        if let Some(found) = found.filter(|found| found.value > self.best.value - 0.5) {
            let found = climb(problem, found, 2);
            if found.value > self.best.value {
                self.best = found;
            }
        }
    }

    /// The most that can be heard without a stall by one who is late by `delay_us`; `None` if even
    /// the lowest rung comes too late. Writes the rungs, if asked to.
    fn heard(&self, delay_us: u64, rungs: Option<&mut Vec<usize>>) -> Option<i64> {
        let problem = self.problem;
        let columns = self.sizes.columns;
        let mut values = vec![vec![UNREACHABLE; columns]; problem.rungs()];
        let mut origins: Vec<Vec<Vec<u8>>> = Vec::new();
        for segment in 0..problem.segments() {
            let due_us = problem.begins_us(segment) + delay_us;
            let soonest = &self.soonest.at_us[segment];
            let mut next = vec![vec![UNREACHABLE; columns]; problem.rungs()];
            let mut from =
                vec![vec![0_u8; if rungs.is_some() { columns } else { 0 }]; problem.rungs()];
            for rung in 0..problem.rungs() {
                let size = self.sizes.units[segment][rung];
                for column in size..columns {
                    if soonest[column] > due_us {
                        continue;
                    }
                    let (best, origin) = if segment == 0 {
                        (if column == size { problem.utility[rung] } else { UNREACHABLE }, 0)
                    } else {
                        let ways = (0..problem.rungs()).map(|last| {
                            (values[last][column - size] + problem.gain(last, rung), last)
                        });
                        ways.max_by_key(|way| way.0).unwrap_or((UNREACHABLE, 0))
                    };
                    next[rung][column] = best.max(UNREACHABLE);
                    if rungs.is_some() {
                        from[rung][column] = u8::try_from(origin).unwrap_or(0);
                    }
                }
            }
            values = next;
            if rungs.is_some() {
                origins.push(from);
            }
        }
        let ends = values.iter().enumerate().flat_map(|(rung, values)| {
            values.iter().enumerate().map(move |(column, value)| (*value, rung, column))
        });
        let (value, mut rung, mut column) = ends.max()?;
        if let Some(rungs) = rungs {
            for segment in (0..problem.segments()).rev() {
                rungs[segment] = rung;
                let last = usize::from(origins[segment][rung][column]);
                column = column.saturating_sub(self.sizes.units[segment][rung]);
                rung = last;
            }
        }
        (value > UNREACHABLE / 2).then_some(value)
    }
}

fn common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}
