//! What can still come after a label, at most.
//!
//! Decides nothing. Two sources: tables that know neither latency nor what a switch costs, and the
//! fronts of a coarser level, which know both.

use super::fronts::{Front, Label, Level, Pass, Place};
use super::link::Hint;
use super::scenario::{FINEST_US, Holding, Problem, signed};

/// The value of what cannot be.
pub(super) const UNREACHABLE: i64 = i64::MIN / 4;

/// An upper bound of what is gained from a label to the end.
#[derive(Debug)]
pub(super) enum Outlook<'a> {
    Tables(Tables),
    Fronts(Fronts<'a>),
}

impl Outlook<'_> {
    /// The largest delay worth a thought, in intervals of `level`.
    pub(super) fn last_delay(&self, level: Level) -> i64 {
        match self {
            Self::Tables(tables) => {
                let end = tables.first + signed(tables.delays.len());
                end * tables.level.steps / level.steps - 1
            }
            Self::Fronts(fronts) => {
                (fronts.last_delay + 1) * fronts.pass.level.steps / level.steps - 1
            }
        }
    }

    /// Nothing after this many segments comes to more.
    pub(super) fn most(&self, stage: usize) -> i64 {
        match self {
            Self::Tables(tables) => tables.most[stage],
            Self::Fronts(fronts) => fronts.most[stage],
        }
    }

    /// As [`Self::at`], for one who may still choose to go on from there with any longer delay.
    pub(super) fn resuming(&self, stage: usize, place: Place, level: Level) -> Ahead<'_> {
        match self {
            Self::Tables(tables) => tables.resuming(stage, place, level),
            Self::Fronts(fronts) => fronts.resuming(stage, place, level),
        }
    }

    /// The view from one place, to be asked for moments in ascending order.
    pub(super) fn at(&self, stage: usize, place: Place, level: Level) -> Ahead<'_> {
        match self {
            Self::Tables(tables) => tables.at(stage, place, level),
            Self::Fronts(fronts) => fronts.at(stage, place, level),
        }
    }
}

/// The view from one place.
#[derive(Debug)]
pub(super) enum Ahead<'a> {
    /// Nothing worthwhile is there.
    Nothing,
    Tables {
        hint: Hint,
        unit_bits: i64,
        views: [View<'a>; 2],
    },
    Fronts {
        labels: &'a [Label],
        ahead: &'a [i64],
        /// Of the stalls so far the coarser level has charged less: so much more is to come.
        charged: i64,
        next: usize,
    },
    /// The same at every moment.
    Always(i64),
}

/// A table read from one place.
#[derive(Debug)]
pub(super) struct View<'a> {
    /// The latest amount carried at which each number of utility steps can still be had: descending.
    table: &'a [i32],
    base: i64,
    step: i64,
    near: usize,
}

impl View<'_> {
    fn most(&mut self, carried: i32) -> i64 {
        let mut end = self.near.min(self.table.len());
        for _ in 0..8 {
            match end.checked_sub(1) {
                None => break,
                Some(last) if self.table[last] >= carried => break,
                Some(last) => end = last,
            }
        }
        if end > 0 && self.table[end - 1] < carried {
            end = self.table[..end].partition_point(|latest| *latest >= carried);
        }
        self.near = end;
        if end == 0 { UNREACHABLE } else { self.base + self.step * signed(end - 1) }
    }
}

impl Ahead<'_> {
    /// The most that can be gained by one who is ready at `at_us`.
    pub(super) fn most(&mut self, problem: &Problem<'_>, at_us: u64) -> i64 {
        match self {
            Self::Nothing => UNREACHABLE,
            Self::Always(most) => *most,
            Self::Tables { hint, unit_bits, views } => {
                let carried = problem.link.bits_until(at_us, hint) / *unit_bits;
                let carried = i32::try_from(carried).unwrap_or(i32::MAX);
                views.iter_mut().map(|view| view.most(carried)).max().unwrap_or(UNREACHABLE)
            }
            Self::Fronts { labels, ahead, charged, next } => {
                while labels.get(*next).is_some_and(|label| label.at_us <= at_us) {
                    *next += 1;
                }
                next.checked_sub(1).map_or(UNREACHABLE, |index| ahead[index] + *charged)
            }
        }
    }
}

/// A coarser level's fronts, and what is gained from each label to the end.
#[derive(Debug)]
pub(super) struct Fronts<'a> {
    pub(super) pass: &'a Pass,
    ahead: Vec<i64>,
    most: Vec<i64>,
    last_delay: i64,
    /// The price of a finest step of stalling where stalls are charged by where intervals begin.
    stall: i64,
    /// By stage and rung, after a stall: the most that any of the delays from the first that is there
    /// comes to, the price of getting there deducted.
    resuming: Vec<Vec<Resuming>>,
}

#[derive(Debug, Default)]
struct Resuming {
    first: i64,
    most: Vec<i64>,
}

impl Resuming {
    /// `best` by delay, in ascending order.
    fn new(best: &[(i64, i64)], price: i64) -> Self {
        let first = best.first().map_or(0, |best| best.0);
        let last = best.last().map_or(-1, |best| best.0);
        let mut best = best.iter().rev().peekable();
        let (mut next, mut beyond) = (UNREACHABLE, UNREACHABLE);
        let mut most = Vec::new();
        for delay in (first..=last).rev() {
            // From somewhere in an interval the next one may be reached for nothing.
            beyond = next.max((beyond - price).max(UNREACHABLE));
            next = best.next_if(|best| best.0 == delay).map_or(UNREACHABLE, |best| best.1);
            most.push(next.max(beyond));
        }
        most.reverse();
        Self { first, most }
    }

    fn at(&self, delay: i64) -> i64 {
        let index = usize::try_from(delay.max(self.first) - self.first).unwrap_or(usize::MAX);
        self.most.get(index).copied().unwrap_or(UNREACHABLE)
    }
}

impl<'a> Fronts<'a> {
    pub(super) fn new(problem: &Problem<'_>, pass: &'a Pass, ahead: Vec<i64>) -> Self {
        let of_front = |front: &Front| ahead[front.start..front.end].iter().copied().max();
        let of_stage = |fronts: &Vec<Front>| fronts.iter().filter_map(of_front).max();
        let stall = match problem.scenario.holding {
            Holding::Free => 0,
            Holding::None => problem.stall,
        };
        let charged = stall * pass.level.steps;
        let most = pass
            .stages
            .iter()
            .map(|fronts| of_stage(fronts).map_or(UNREACHABLE, |most| most + charged));
        let most = most.collect();
        let delays = pass.stages.iter().flatten().map(|front| front.place.delay);
        let resumed = |fronts: &Vec<Front>, rung: usize| {
            let after_stalls = fronts.iter().filter(|front| front.place.held == 1);
            let of_rung = after_stalls.filter(|front| usize::from(front.place.rung) == rung);
            let best =
                of_rung.map(|front| (front.place.delay, of_front(front).unwrap_or(UNREACHABLE)));
            Resuming::new(&best.collect::<Vec<_>>(), problem.stall * pass.level.steps)
        };
        let of_rungs = |fronts| (0..problem.rungs()).map(|rung| resumed(fronts, rung)).collect();
        let resuming = pass.stages.iter().map(of_rungs).collect();
        Self { pass, most, last_delay: delays.max().unwrap_or(0), stall, resuming, ahead }
    }

    /// What a finer level has charged for stalls beyond where this one's interval begins.
    fn charged(&self, place: Place, level: Level) -> i64 {
        self.stall * level.steps * (place.delay % (self.pass.level.steps / level.steps))
    }

    fn resuming(&self, stage: usize, place: Place, level: Level) -> Ahead<'_> {
        let delay = place.delay / (self.pass.level.steps / level.steps);
        let of_stage = self.resuming.get(stage);
        let of_rung = of_stage.and_then(|of_stage| of_stage.get(usize::from(place.rung)));
        let charged = self.charged(place, level);
        of_rung.map_or(Ahead::Nothing, |resuming| Ahead::Always(resuming.at(delay) + charged))
    }

    fn at(&self, stage: usize, place: Place, level: Level) -> Ahead<'_> {
        let (ratio, charged) = (self.pass.level.steps / level.steps, self.charged(place, level));
        let place = Place { delay: place.delay / ratio, ..place };
        self.pass.front(stage, place).map_or(Ahead::Nothing, |front| Ahead::Fronts {
            labels: &self.pass.labels[front.start..front.end],
            ahead: &self.ahead[front.start..front.end],
            charged,
            next: 0,
        })
    }
}

/// For every delay and segment: until which amount carried by the link some utility can be had.
#[derive(Debug)]
pub(super) struct Tables {
    level: Level,
    first: i64,
    delays: Vec<Delay>,
    most: Vec<i64>,
    least: i64,
    step: i64,
    unit_bits: i64,
    event: i64,
    held: usize,
    segments: usize,
}

/// Tables of one delay, by the next segment.
#[derive(Debug, Default)]
struct Delay {
    /// Without a cap.
    free: Vec<Vec<i32>>,
    /// With the cap, while it plays.
    capped: Vec<Vec<i32>>,
    /// With the cap, while it may still wait for its start.
    starting: Vec<Vec<i32>>,
    /// After one more stall, without its event; begins `below` steps under the least utility.
    later: Vec<Vec<i32>>,
    below: i64,
}

impl Tables {
    /// Tables for `count` intervals of delay from `first`.
    pub(super) fn new(problem: &Problem<'_>, level: Level, first: i64, count: usize) -> Self {
        let least = problem.least_utility();
        let price = problem.stall * level.steps;
        let step = utility_step(problem, price);
        let segments = problem.segments();
        let end_us = problem.begins_us(segments) + level.begins_us(first + signed(count) + 1);
        let end_bits = problem.link.bits_until(end_us, &mut Hint::default());
        let mut tables = Self {
            level,
            first,
            delays: Vec::new(),
            most: (0..=segments).map(|at| signed(segments - at) * problem.best_utility()).collect(),
            least,
            step,
            unit_bits: 1 + (end_bits >> 30),
            event: problem.event,
            held: problem.held(),
            segments,
        };
        let delays = (0..signed(count)).map(|delay| tables.delay(problem, first + delay));
        tables.delays = delays.collect();
        tables.look_later(price / step);
        tables
    }

    /// The best that a start may come to with each interval of delay.
    pub(super) fn best_start(&self, problem: &Problem<'_>) -> i64 {
        let mut best = UNREACHABLE;
        for rung in 0..problem.rungs() {
            let bytes = problem.scenario.bytes[0][rung];
            let Some(sent) = problem.link.send(0, bytes, &mut Hint::default()) else { continue };
            let first = self.level.index(sent.finish_us);
            for delay in first.max(self.first)..self.first + signed(self.delays.len()) {
                let place = Place { held: 1, delay, rung: 0 };
                let waits = problem.startup * self.level.steps * delay;
                let ahead = self.at(1, place, self.level).most(problem, sent.finish_us);
                best = best.max(problem.utility[rung] - waits + ahead);
            }
        }
        best
    }

    fn at(&self, stage: usize, place: Place, level: Level) -> Ahead<'_> {
        let Some(delay) = self.delay_at(place, level) else { return Ahead::Nothing };
        let held = usize::from(place.held);
        let prompt = if held == stage && stage <= self.held {
            &delay.starting
        } else if held < self.held {
            &delay.free
        } else {
            &delay.capped
        };
        let base = self.least * signed(self.segments - stage);
        let later = base - self.event - delay.below * self.step;
        self.views(&prompt[stage], base, &delay.later[stage], later)
    }

    fn resuming(&self, stage: usize, place: Place, level: Level) -> Ahead<'_> {
        let Some(delay) = self.delay_at(place, level) else { return Ahead::Nothing };
        let base = self.least * signed(self.segments - stage);
        let later = base - delay.below * self.step;
        self.views(&delay.free[stage], base, &delay.later[stage], later)
    }

    fn delay_at(&self, place: Place, level: Level) -> Option<&Delay> {
        let delay = place.delay * level.steps / self.level.steps;
        self.delays.get(usize::try_from(delay - self.first).ok()?)
    }

    fn views<'a>(&self, a: &'a [i32], of_a: i64, b: &'a [i32], of_b: i64) -> Ahead<'a> {
        let view = |table, base| View { table, base, step: self.step, near: usize::MAX };
        let views = [view(a, of_a), view(b, of_b)];
        Ahead::Tables { hint: Hint::default(), unit_bits: self.unit_bits, views }
    }

    fn delay(&self, problem: &Problem<'_>, delay: i64) -> Delay {
        let begins_us = self.level.begins_us(delay);
        let mut hint = Hint::default();
        let mut carried = |at_us| problem.link.bits_until(at_us, &mut hint) / self.unit_bits;
        let mut due = Vec::new();
        let mut opens = Vec::new();
        for segment in 0..self.segments {
            let late = problem.begins_us(segment) + begins_us + self.level.us();
            due.push(i32::try_from(carried(late) + 1).unwrap_or(i32::MAX));
            let open = carried(problem.opens_us(segment, begins_us));
            opens.push(i32::try_from(open).unwrap_or(i32::MAX));
        }
        let chain = |from: usize, last: Vec<i32>, cap: bool| {
            let mut tables = vec![last];
            for segment in (0..from).rev() {
                let after = tables.last().map_or(&[][..], Vec::as_slice);
                let opens = if cap { opens[segment] } else { i32::MIN };
                tables.push(self.before(problem, segment, after, due[segment], opens));
            }
            tables.reverse();
            tables
        };
        let free = chain(self.segments, vec![i32::MAX], false);
        let capped = chain(self.segments, vec![i32::MAX], true);
        let starting = chain(self.held, capped[self.held].clone(), false);
        Delay { free, capped, starting, later: Vec::new(), below: 0 }
    }

    /// The table before a segment from the one after it.
    fn before(
        &self,
        problem: &Problem<'_>,
        segment: usize,
        after: &[i32],
        due: i32,
        opens: i32,
    ) -> Vec<i32> {
        let span = (problem.best_utility() - self.least + self.step - 1) / self.step;
        let length = after.len() + usize::try_from(span).unwrap_or(0);
        let mut table = vec![i32::MIN; length];
        for (rung, utility) in problem.utility.iter().enumerate() {
            let units = signed(problem.scenario.bytes[segment][rung]) * 8 / self.unit_bits;
            let units = i32::try_from(units).unwrap_or(i32::MAX);
            let shift = (utility - self.least + self.step - 1) / self.step;
            let shift = usize::try_from(shift).unwrap_or(0);
            let first = due.min(after[0]).saturating_sub(units);
            let latest = |after: &i32| due.min(*after).saturating_sub(units);
            for slot in &mut table[..shift] {
                *slot = (*slot).max(first);
            }
            for (slot, after) in table[shift..].iter_mut().zip(after) {
                *slot = (*slot).max(latest(after));
            }
        }
        for slot in &mut table {
            *slot = if *slot < opens { i32::MIN } else { *slot };
        }
        table
    }

    /// What one stall makes possible: a longer delay, at `price` steps of utility an interval.
    fn look_later(&mut self, price: i64) {
        let price = usize::try_from(price).unwrap_or(0);
        let below = price * self.delays.len();
        for stage in 0..=self.segments {
            let mut beyond: Vec<i32> = Vec::new();
            for delay in self.delays.iter_mut().rev() {
                let free = &delay.free[stage];
                let own = std::iter::repeat_n(free[0], below).chain(free.iter().copied());
                let own: Vec<i32> = own.collect();
                let later = own.iter().enumerate();
                let at = |index: usize| beyond.get(index).copied().unwrap_or(i32::MIN);
                let next = later.clone().map(|(index, own)| (*own).max(at(index))).collect();
                beyond = later.map(|(index, own)| (*own).max(at(index + price))).collect();
                delay.later.push(next);
                delay.below = signed(below);
            }
        }
    }
}

/// A step that divides every utility's distance to the least, or nearly; `price`: of an interval of
/// stalling.
fn utility_step(problem: &Problem<'_>, price: i64) -> i64 {
    let least = problem.least_utility();
    let span = problem.best_utility() - least;
    let divisor = problem.utility.iter().fold(0, |a, utility| common_divisor(a, utility - least));
    let step = if divisor > span / 200 { divisor } else { span / 128 };
    // With one rung, or rungs hardly worth more than each other, an interval of stalling would be
    // millions of such steps.
    let least = if span > problem.best_utility() / 64 { 1 } else { price / 64 };
    step.max(least).max(1)
}

fn common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// The coarsest level whose intervals cover `delay_us` with at most `most` of them.
pub(super) fn level_for(delay_us: u64, most: u64, coarsest: i64) -> Level {
    let mut steps = coarsest;
    while delay_us / (FINEST_US * u64::try_from(steps).unwrap_or(1)).max(1) > most {
        steps *= 4;
    }
    Level { steps, exact: false }
}
