//! Forward through the segments: what can be reached, and which of it is worth going on from.
//!
//! Decides which labels dominate which. Never plays: the deadlines it works with are rounded in
//! favour of the plan, so its best value is above every plan's, see `docs/design/optimum.md`.

use std::cmp::Reverse;

use super::link::Hint;
use super::outlook::{Ahead, Outlook};
use super::scenario::{FINEST_US, Holding, Problem, signed};

/// Labels beyond which a pass gives up: memory and time stay bounded.
const MAX_LABELS: usize = 4_000_000;

/// A way to have fetched some segments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    /// When the last one arrives.
    pub(super) at_us: u64,
    /// What was gained so far, millionths, never too little.
    pub(super) value: i64,
    /// The label it came from.
    pub(super) parent: u32,
}

/// Where labels can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Segments since playback last started or went on, at most what is held without playing.
    pub(super) held: u16,
    /// The playhead's delay against a playback without waiting, in steps of the level, rounded down.
    pub(super) delay: i64,
    /// The rung of the last segment.
    pub(super) rung: u8,
}

/// A Pareto front: later labels are worth more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Front {
    pub(super) place: Place,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// How finely the playhead's delay is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Level {
    /// In steps of [`FINEST_US`].
    pub(super) steps: i64,
    /// Whether a delay stands for the beginning of its interval alone, so that what is reached can
    /// be played, or for all of it, so that nothing is missed.
    pub(super) exact: bool,
}

impl Level {
    pub(super) fn us(self) -> u64 {
        u64::try_from(self.steps).unwrap_or(1) * FINEST_US
    }

    /// The first interval with which playback can go on if it has to wait that long.
    pub(super) fn index(self, delay_us: u64) -> i64 {
        signed(if self.exact { delay_us.div_ceil(self.us()) } else { delay_us / self.us() })
    }

    /// Where an interval begins.
    pub(super) fn begins_us(self, delay: i64) -> u64 {
        u64::try_from(delay).unwrap_or(0) * self.us()
    }
}

/// Everything worth reaching, segment by segment.
#[derive(Debug)]
pub(super) struct Pass {
    pub(super) level: Level,
    pub(super) labels: Vec<Label>,
    /// Fronts after each number of segments, in the order of their places; none after 0.
    pub(super) stages: Vec<Vec<Front>>,
    /// Nothing below this was followed.
    pub(super) threshold: i64,
    /// Of each front only so many labels are followed: then nothing is proved.
    width: usize,
}

/// Why a pass gives no fronts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// No plan is worth more than the threshold.
    Nothing,
    /// It would take too many labels.
    TooMany,
}

#[derive(Clone, Copy)]
struct Candidate {
    delay: i64,
    label: Label,
}

impl Pass {
    /// Follows everything that may be worth more than `threshold`.
    pub(super) fn run(
        problem: &Problem<'_>,
        level: Level,
        threshold: i64,
        outlook: &Outlook<'_>,
    ) -> Result<Self, Halt> {
        Self::run_within(problem, level, threshold, outlook, usize::MAX)
    }

    /// Follows at most `width` labels of each front, spread over it.
    pub(super) fn run_within(
        problem: &Problem<'_>,
        level: Level,
        threshold: i64,
        outlook: &Outlook<'_>,
        width: usize,
    ) -> Result<Self, Halt> {
        let (labels, stages) = (Vec::new(), vec![Vec::new()]);
        let mut pass = Self { level, labels, stages, threshold, width };
        pass.start(problem, outlook);
        for segment in 1..problem.segments() {
            pass.advance(problem, segment, outlook);
            if pass.stages.last().is_none_or(Vec::is_empty) {
                return Err(Halt::Nothing);
            }
            if pass.labels.len() > MAX_LABELS {
                return Err(Halt::TooMany);
            }
        }
        if pass.best().is_none() { Err(Halt::Nothing) } else { Ok(pass) }
    }

    /// The label worth most, after the last segment.
    pub(super) fn best(&self) -> Option<usize> {
        let fronts = self.stages.last()?.iter();
        fronts.map(|front| front.end - 1).max_by_key(|label| self.labels[*label].value)
    }

    /// The front of a place.
    pub(super) fn front(&self, stage: usize, place: Place) -> Option<&Front> {
        let fronts = self.stages.get(stage)?;
        fronts.binary_search_by_key(&place, |front| front.place).ok().map(|index| &fronts[index])
    }

    fn start(&mut self, problem: &Problem<'_>, outlook: &Outlook<'_>) {
        let mut fronts = Vec::new();
        for rung in 0..problem.rungs() {
            let bytes = problem.scenario.bytes[0][rung];
            let Some(sent) = problem.link.send(0, bytes, &mut Hint::default()) else { continue };
            let at_us = sent.finish_us;
            let first = self.level.index(at_us);
            let last = match problem.scenario.holding {
                Holding::Free => outlook.last_delay(self.level),
                Holding::None => first,
            };
            for delay in first..=last {
                let value = problem.utility[rung] - self.start_price(problem, at_us, delay);
                let place = Place { held: 1, delay, rung: small(rung) };
                let mut one = vec![Label { at_us, value, parent: u32::MAX }];
                self.keep(problem, outlook, 1, place, &mut one, &mut fronts);
            }
        }
        fronts.sort_unstable_by_key(|front| front.place);
        self.stages.push(fronts);
    }

    /// What a start costs with the first segment there at `at_us`. With a prompt start the delay is
    /// known to the microsecond; what it is beyond its interval's beginning is charged beforehand by
    /// the stalls, see [`Step::stalls`], and refunded here.
    fn start_price(&self, problem: &Problem<'_>, at_us: u64, delay: i64) -> i64 {
        if self.level.exact || problem.scenario.holding == Holding::Free {
            return problem.startup * self.level.steps * delay;
        }
        let beyond_us = signed(at_us - self.level.begins_us(delay));
        let (price, step) = (problem.startup * signed(at_us), signed(FINEST_US));
        price / step - (problem.stall * beyond_us + step - 1) / step
    }

    /// Fetches `segment` after everything that has fetched the ones before.
    fn advance(&mut self, problem: &Problem<'_>, segment: usize, outlook: &Outlook<'_>) {
        let sources = std::mem::take(&mut self.stages[segment]);
        let mut fronts = Vec::new();
        let mut late: Vec<Vec<Candidate>> = (0..problem.rungs()).map(|_| Vec::new()).collect();
        let mut prompt: Vec<Vec<Candidate>> = (0..problem.rungs()).map(|_| Vec::new()).collect();
        let cap = small16(problem.held());
        let mut groups: Vec<&[Front]> = sources
            .chunk_by(|a, b| (a.place.held, a.place.delay) == (b.place.held, b.place.delay))
            .collect();
        // The groups that end in one place stand beside each other.
        groups.sort_by_key(|group| (next_held(group[0].place.held, cap), group[0].place.delay));
        let same = |a: &&[Front], b: &&[Front]| {
            next_held(a[0].place.held, cap) == next_held(b[0].place.held, cap)
                && a[0].place.delay == b[0].place.delay
        };
        for groups in groups.chunk_by(same) {
            let place = groups[0][0].place;
            let held = next_held(place.held, cap);
            for rung in 0..problem.rungs() {
                let mut found = Vec::new();
                for front in groups.iter().flat_map(|group| group.iter()) {
                    let late = &mut late[rung];
                    self.fetch(problem, segment, front, rung, &mut found, late, outlook);
                }
                if held == 1 {
                    let labels = found.into_iter();
                    let found = labels.map(|label| Candidate { delay: place.delay, label });
                    prompt[rung].extend(found);
                } else {
                    let place = Place { held, delay: place.delay, rung: small(rung) };
                    self.keep(problem, outlook, segment + 1, place, &mut found, &mut fronts);
                }
            }
        }
        for (rung, (late, prompt)) in late.into_iter().zip(prompt).enumerate() {
            self.resume(problem, outlook, segment, rung, late, prompt, &mut fronts);
        }
        self.stages[segment] = sources;
        fronts.sort_unstable_by_key(|front| front.place);
        self.stages.push(fronts);
    }

    /// One front's ways to fetch `segment` on `rung`: in time, and late.
    #[expect(clippy::too_many_arguments, reason = "one step of the innermost loop")]
    fn fetch(
        &self,
        problem: &Problem<'_>,
        segment: usize,
        front: &Front,
        rung: usize,
        found: &mut Vec<Label>,
        late: &mut Vec<Candidate>,
        outlook: &Outlook<'_>,
    ) {
        let step = Step::new(problem, self.level, segment, front.place, rung);
        let begin = found.len();
        let mut hint = Hint::default();
        let mut waited: Option<Candidate> = None;
        for index in step.first_needed(self, front)..front.end {
            let label = self.labels[index];
            let Some(at_us) = step.arrives(problem, label.at_us, &mut hint) else { break };
            let parent = u32::try_from(index).unwrap_or(u32::MAX);
            let value = label.value + step.gain;
            if at_us < step.deadline_us {
                found.push(Label { at_us, value, parent });
            }
            let in_time = at_us < step.deadline_us;
            let (at_us, delay, value) = step.stalls(problem, self.level, at_us, value);
            // Plans that stop the sound by holding a request back are looked for only where nothing
            // else can hold it.
            let voluntary = in_time && problem.scenario.holding == Holding::Free;
            if self.level.exact && voluntary || value + outlook.most(segment + 1) <= self.threshold
            {
                continue;
            }
            let candidate = Candidate { delay, label: Label { at_us, value, parent } };
            if at_us == step.empty_us {
                waited = Some(candidate);
            } else {
                late.push(candidate);
                late.extend(step.stalls_into_next(problem, self.level, &candidate));
            }
        }
        if let Some(candidate) = waited {
            late.push(candidate);
            late.extend(step.stalls_into_next(problem, self.level, &candidate));
        }
        debug_assert!(found[begin..].is_sorted_by_key(|label| label.at_us));
    }

    /// What follows from stalls: playback goes on at once or later, at a price.
    #[expect(clippy::too_many_arguments, reason = "one step of the middle loop")]
    fn resume(
        &mut self,
        problem: &Problem<'_>,
        outlook: &Outlook<'_>,
        segment: usize,
        rung: usize,
        mut late: Vec<Candidate>,
        mut prompt: Vec<Candidate>,
        fronts: &mut Vec<Front>,
    ) {
        let order = |one: &Candidate| (one.delay, one.label.at_us, Reverse(one.label.value));
        late.sort_unstable_by_key(order);
        prompt.sort_unstable_by_key(order);
        let (mut late, mut prompt) = (late.into_iter().peekable(), prompt.into_iter().peekable());
        let mut carried: Vec<Label> = Vec::new();
        let mut delay = i64::MIN;
        loop {
            let next =
                [late.peek(), prompt.peek()].into_iter().flatten().map(|one| one.delay).min();
            delay = match next {
                _ if !carried.is_empty() => delay + 1,
                Some(next) => next,
                None => return,
            };
            if delay > outlook.last_delay(self.level) {
                return;
            }
            for label in &mut carried {
                label.value -= problem.stall * self.level.steps;
                if problem.scenario.holding == Holding::None {
                    let resumes = problem.begins_us(segment) + self.level.begins_us(delay);
                    label.at_us = label.at_us.max(resumes);
                }
            }
            while let Some(one) = late.next_if(|one| one.delay == delay) {
                carried.push(one.label);
            }
            let place = Place { held: 1, delay, rung: small(rung) };
            let ahead = outlook.resuming(segment + 1, place, self.level);
            self.thin(problem, ahead, &mut carried);
            let mut all = carried.clone();
            while let Some(one) = prompt.next_if(|one| one.delay == delay) {
                all.push(one.label);
            }
            self.keep(problem, outlook, segment + 1, place, &mut all, fronts);
        }
    }

    /// Keeps what is worthwhile as the front of a place.
    fn keep(
        &mut self,
        problem: &Problem<'_>,
        outlook: &Outlook<'_>,
        stage: usize,
        place: Place,
        found: &mut Vec<Label>,
        fronts: &mut Vec<Front>,
    ) {
        self.worthwhile(problem, outlook, stage, place, found);
        if !found.is_empty() {
            let start = self.labels.len();
            self.labels.extend_from_slice(found);
            fronts.push(Front { place, start, end: self.labels.len() });
        }
    }

    /// Leaves the labels that no other dominates and that may come to more than the threshold.
    fn worthwhile(
        &self,
        problem: &Problem<'_>,
        outlook: &Outlook<'_>,
        stage: usize,
        place: Place,
        found: &mut Vec<Label>,
    ) {
        if !found.is_empty() {
            self.thin(problem, outlook.at(stage, place, self.level), found);
        }
    }

    fn thin(&self, problem: &Problem<'_>, mut ahead: Ahead<'_>, found: &mut Vec<Label>) {
        found.sort_by_key(|label| (label.at_us, Reverse(label.value)));
        let mut best = i64::MIN;
        found.retain(|label| {
            let better = label.value > best;
            best = best.max(label.value);
            better && label.value + ahead.most(problem, label.at_us) > self.threshold
        });
        let (count, width) = (found.len(), self.width);
        if count > width {
            let mut index = 0;
            found.retain(|_| {
                index += 1;
                index * width / count > (index - 1) * width / count
            });
        }
    }
}

/// One fetch from one front.
pub(super) struct Step {
    opens_us: u64,
    bytes: u64,
    gain: i64,
    delay: i64,
    /// Nothing that arrives from here on is in time.
    pub(super) deadline_us: u64,
    /// The earliest moment at which the buffer may be empty.
    pub(super) empty_us: u64,
}

impl Step {
    pub(super) fn new(
        problem: &Problem<'_>,
        level: Level,
        segment: usize,
        from: Place,
        rung: usize,
    ) -> Self {
        let delay_us = level.begins_us(from.delay);
        let empty_us = problem.begins_us(segment) + delay_us;
        let waits = usize::from(from.held) >= problem.held();
        Self {
            opens_us: if waits { problem.opens_us(segment, delay_us) } else { 0 },
            bytes: problem.scenario.bytes[segment][rung],
            gain: problem.gain(usize::from(from.rung), rung),
            delay: from.delay,
            deadline_us: empty_us + if level.exact { 1 } else { level.us() },
            empty_us,
        }
    }

    /// Of the labels that have to wait for room, only the last, worth most, is needed.
    fn first_needed(&self, pass: &Pass, front: &Front) -> usize {
        let labels = &pass.labels[front.start..front.end];
        let early = labels.partition_point(|label| label.at_us <= self.opens_us);
        front.start + early.saturating_sub(1)
    }

    pub(super) fn gain(&self) -> i64 {
        self.gain
    }

    pub(super) fn arrives(&self, problem: &Problem<'_>, at: u64, hint: &mut Hint) -> Option<u64> {
        problem.link.send(at.max(self.opens_us), self.bytes, hint).map(|sent| sent.finish_us)
    }

    /// What an arrival comes to if the sound stops for it: when it is there, in the playhead's new
    /// delay, at which value. Of two delays only their intervals are known, so that much less of a
    /// stall is charged; after a prompt start, whose delay is known, the distance of their beginnings,
    /// since all stalls together are then charged less than an interval too little. A request may also
    /// be held back until the buffer is empty.
    pub(super) fn stalls(
        &self,
        problem: &Problem<'_>,
        level: Level,
        at_us: u64,
        value: i64,
    ) -> (u64, i64, i64) {
        let at_us = at_us.max(self.empty_us);
        let delay = self.delay + level.index(at_us - self.empty_us);
        let is_known = level.exact || problem.scenario.holding == Holding::None;
        let unknown = i64::from(!is_known);
        let steps = (delay - self.delay - unknown).max(0);
        (at_us, delay, value - problem.event - problem.stall * level.steps * steps)
    }

    /// A stall within one interval may also end in the next one, still free of charge where the
    /// delay before it is not known.
    fn stalls_into_next(
        &self,
        problem: &Problem<'_>,
        level: Level,
        candidate: &Candidate,
    ) -> Option<Candidate> {
        let is_free = !level.exact && problem.scenario.holding == Holding::Free;
        let next = Candidate { delay: candidate.delay + 1, label: candidate.label };
        (is_free && candidate.delay == self.delay).then_some(next)
    }
}

fn next_held(held: u16, cap: u16) -> u16 {
    (held + 1).min(cap)
}

fn small(rung: usize) -> u8 {
    u8::try_from(rung).unwrap_or(u8::MAX)
}

fn small16(held: usize) -> u16 {
    u16::try_from(held).unwrap_or(u16::MAX)
}
