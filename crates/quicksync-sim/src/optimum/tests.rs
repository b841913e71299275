//! Bounds against every plan there is, on instances small enough to try them all.

use quicksync_model::Quality;

use super::*;
use crate::algorithm::{ALGORITHMS, Conditions};
use crate::experiment::{Job, run};
use crate::folder::NamedTrace;
use crate::metric::Metric;
use crate::player::Listener;
use crate::seed::Seeded;
use crate::setup::Setup;
use crate::trace::NetworkTrace;

const SEGMENT_US: u64 = 4_000_000;
/// Requests and resumes are tried at multiples of this.
const GRID_US: u64 = 500_000;
/// More of them have been tried; these take a second.
const SEEDS: u64 = 6;
const SLACK: f64 = 1e-6;

struct Case {
    trace: NetworkTrace,
    scenario: Scenario,
    cap_us: u64,
}

impl Case {
    /// How long requests are held back. What sounds promptly asks at once in the beginning, and has
    /// no other way to wait later.
    fn waits_us(&self, segment: usize) -> &'static [u64] {
        match (self.scenario.holding, segment) {
            (Holding::Free, _) => &[0, 1_000_000],
            (Holding::None, 0) => &[0],
            (Holding::None, _) => &[0, 700_000, 2_000_000, 5_000_000, 11_000_000],
        }
    }
}

/// A random small instance: some seconds good, some bad, now and then an outage.
fn case(seed: u64, segments: usize, rungs: usize) -> Case {
    let mut seeded = Seeded::new(seed);
    let latency_ms = 40 * seeded.below(4);
    let last = format!("3000,{},{latency_ms}", 50 + seeded.below(100));
    let rows: Vec<String> = (0..6)
        .map(|_| {
            let kbps = [0, 30, 60, 90, 150, 400][usize::try_from(seeded.below(6)).unwrap()];
            let other = latency_ms + 300 * seeded.below(2) * (seed % 2);
            format!("{},{kbps},{other}", 1000 * (1 + seeded.below(9)))
        })
        .chain([last])
        .collect();
    let metric = [Metric::m1(), Metric::m1(), Metric::lin(), Metric::log()]
        [usize::try_from(seeded.below(4)).unwrap()];
    let mut sizes = || {
        let spread = 1 + seed % 3;
        let size = |rung: &u64| rung * 30_720 - seeded.below(spread) * 1_000;
        [1, 2, 4, 5][..rungs].iter().map(size).collect()
    };
    let scenario = Scenario {
        segment_us: SEGMENT_US,
        bytes: (0..segments).map(|_| sizes()).collect(),
        utility: metric.utility[..rungs].to_vec(),
        metric,
        holding: Holding::Free,
    };
    let cap_us = SEGMENT_US * (2 + seeded.below(2)) + 1_000_000;
    Case { trace: NetworkTrace::from_csv(&rows.join("\n")).unwrap(), scenario, cap_us }
}

/// What a player has come to.
#[derive(Clone, Default)]
struct Way {
    plan: Plan,
    ready_us: u64,
    delay_us: u64,
    since: usize,
}

/// The best of all plans whose waits end on a grid, or as early as they may.
struct Everything<'a> {
    case: &'a Case,
    cap_us: Option<u64>,
    best: f64,
}

impl Everything<'_> {
    fn follow(&mut self, way: &Way) {
        let Case { trace, scenario, .. } = self.case;
        let segment = way.plan.rungs.len();
        if segment == scenario.bytes.len() {
            let played = play_plan(trace, scenario, self.cap_us, &way.plan).unwrap();
            self.best = self.best.max(played.value);
            return;
        }
        let begins_us = SEGMENT_US * u64::try_from(segment).unwrap();
        let held_us = SEGMENT_US * u64::try_from(segment - way.since).unwrap();
        let cap_us = self.cap_us.unwrap_or(u64::MAX);
        let opens_us = if held_us + SEGMENT_US <= cap_us {
            0
        } else {
            (begins_us + SEGMENT_US + way.delay_us).saturating_sub(cap_us)
        };
        for rung in 0..scenario.utility.len() {
            let soonest_us = way.ready_us.max(opens_us);
            for asked_us in self.case.waits_us(segment).iter().map(|wait_us| soonest_us + wait_us) {
                let sent_us = asked_us + trace.latency_us(asked_us);
                let ready_us = trace.finish_us(sent_us, scenario.bytes[segment][rung]).unwrap();
                let mut next = Way { ready_us, ..way.clone() };
                next.plan.rungs.push(rung);
                next.plan.requests_us.push(asked_us);
                if segment > 0 && ready_us <= begins_us + way.delay_us {
                    self.follow(&next);
                    continue;
                }
                let soonest_us = ready_us - begins_us;
                let grid = (0..4).map(|wait| (soonest_us / GRID_US + 1 + 4 * wait) * GRID_US);
                let grid = grid.filter(|_| scenario.holding == Holding::Free);
                for delay_us in [soonest_us].into_iter().chain(grid) {
                    let mut next = Way { delay_us, since: segment, ..next.clone() };
                    let at_us = begins_us + delay_us;
                    next.plan.resumes.push(Resume { segment, at_us });
                    self.follow(&next);
                }
            }
        }
    }
}

fn best_of_all(case: &Case, cap_us: Option<u64>) -> f64 {
    let mut everything = Everything { case, cap_us, best: f64::MIN };
    everything.follow(&Way::default());
    everything.best
}

#[test]
fn no_plan_of_all_is_above_the_bound() {
    for seed in 0..SEEDS {
        let (segments, rungs) = [(5, 2), (4, 3), (3, 4)][usize::try_from(seed % 3).unwrap()];
        let case = case(seed, segments, rungs);
        for cap_us in [Some(case.cap_us), None] {
            let bounds = match cap_us {
                Some(cap_us) => capped(&case.trace, &case.scenario, cap_us),
                None => unlimited(&case.trace, &case.scenario),
            };
            let bounds = bounds.unwrap();
            let played = play_plan(&case.trace, &case.scenario, cap_us, &bounds.plan).unwrap();
            let best = best_of_all(&case, cap_us);
            let context = format!("seed {seed}, cap {cap_us:?}: {best} in {bounds:?}");
            assert!((played.value - bounds.lower).abs() < SLACK, "{context}");
            assert!(best <= bounds.upper + SLACK, "{context}");
            // Without a cap the plan is the best of a few, not of all.
            assert!(bounds.lower >= best - if cap_us.is_some() { 0.02 } else { 0.1 }, "{context}");
            assert!(bounds.lower <= bounds.upper, "{context}");
        }
    }
}

#[test]
fn no_prompt_plan_of_all_is_above_the_bound() {
    for seed in 0..SEEDS {
        let (segments, rungs) = [(5, 2), (4, 3), (3, 4)][usize::try_from(seed % 3).unwrap()];
        let mut case = case(seed, segments, rungs);
        case.scenario.holding = Holding::None;
        let bounds = capped(&case.trace, &case.scenario, case.cap_us).unwrap();
        let best = best_of_all(&case, Some(case.cap_us));
        let context = format!("seed {seed}: {best} in {bounds:?}");
        assert!(best <= bounds.upper + SLACK, "{context}");
        assert!(bounds.lower >= best - 0.05, "{context}");
        let plan = &bounds.plan;
        assert_eq!(plan.requests_us[0], 0, "{context}");
        for resume in &plan.resumes {
            let sent_us = plan.requests_us[resume.segment];
            let bytes = case.scenario.bytes[resume.segment][plan.rungs[resume.segment]];
            let first_us = sent_us + case.trace.latency_us(sent_us);
            let arrives_us = case.trace.finish_us(first_us, bytes);
            assert_eq!(arrives_us, Some(resume.at_us), "{context}");
        }
    }
}

#[test]
fn one_rung_has_bounds_like_any_ladder() {
    for seed in 0..SEEDS {
        let mut case = case(seed, 5, 1);
        for holding in [Holding::Free, Holding::None] {
            case.scenario.holding = holding;
            let bounds = capped(&case.trace, &case.scenario, case.cap_us).unwrap();
            let best = best_of_all(&case, Some(case.cap_us));
            let context = format!("seed {seed}: {best} in {bounds:?}");
            assert!(best <= bounds.upper + SLACK, "{context}");
            assert!(bounds.lower >= best - 0.1, "{context}");
        }
    }
}

/// A link that makes every player wait: with nothing to choose between, what a stall
/// costs is no small number of the steps in which utilities differ.
#[test]
fn a_track_of_hardly_different_rungs_has_bounds() {
    let trace = NetworkTrace::from_plan("150:20,40:15,0:12,60:30", 50).unwrap();
    for utility in [vec![0.6], vec![0.6, 0.600_001]] {
        let sizes = [30_720, 61_440][..utility.len()].to_vec();
        let scenario = Scenario { bytes: vec![sizes; 40], utility, ..m1() };
        for holding in [Holding::Free, Holding::None] {
            let scenario = Scenario { holding, ..scenario.clone() };
            let bounds = capped(&trace, &scenario, 30_000_000).unwrap();
            assert!(bounds.upper - bounds.lower < 0.01, "{holding:?}: {bounds:?}");
        }
    }
}

#[test]
fn no_algorithm_is_above_the_bound() {
    let ladders = Quality::ALL.into_iter().cycle();
    for (seed, top) in (300..304).zip(ladders) {
        let Case { trace, .. } = case(2 * seed, 1, 1);
        let named = NamedTrace { family: "random".into(), name: seed.to_string(), trace };
        for cap_us in [Some(30_000_000), None] {
            let setup = Setup::up_to(top, SEGMENT_US, 12, cap_us).unwrap();
            let scenario = Scenario::of(&setup, &Metric::m1());
            let best = distance(&named.trace, &scenario, cap_us, 0.0).unwrap().bounds.upper;
            for algorithm in ALGORITHMS.iter().copied() {
                let (trace, listener) = (&named, &Listener::PATIENT);
                let job = Job { trace, algorithm, conditions: Conditions::default(), listener };
                let played = run(&setup, &[job], 1).unwrap();
                let value = Metric::m1().value(&played[0].listening());
                assert!(value <= best + SLACK, "{} {seed} {cap_us:?}: {value}", algorithm.name);
            }
        }
    }
}

#[test]
fn bounds_are_close() {
    let trace = |plan: &str| NetworkTrace::from_plan(plan, 50).unwrap();
    for plan in ["150:20,40:15,400:9,0:12,90:30", "70:40,200:10,0:25,300:8", "900:60,0:40"] {
        let scenario = Scenario { bytes: vec![vec![30_720, 61_440, 122_880, 153_600]; 30], ..m1() };
        for (bounds, gap) in [
            (capped(&trace(plan), &scenario, 20_000_000).unwrap(), 0.002),
            (unlimited(&trace(plan), &scenario).unwrap(), 0.01),
        ] {
            assert!(bounds.upper - bounds.lower < gap * bounds.upper, "{plan} {bounds:?}");
        }
    }
}

/// After the outage the link is a little too slow: of the plans with one stall, the ones that go on
/// at once or soon stall again. A bound that looks at each delay alone misses the long wait.
#[test]
fn a_wait_after_a_stall_may_be_long() {
    let trace = NetworkTrace::from_plan("200:40,0:26,56:300", 50).unwrap();
    let scenario = Scenario { bytes: vec![vec![30_720, 61_440, 122_880, 153_600]; 26], ..m1() };
    let bounds = capped(&trace, &scenario, 14_000_000).unwrap();
    assert!(bounds.lower > 0.276, "{bounds:?}");
    assert_eq!(bounds.plan.resumes.len(), 2, "{bounds:?}");
}

fn m1() -> Scenario {
    let metric = Metric::m1();
    Scenario {
        segment_us: SEGMENT_US,
        bytes: Vec::new(),
        utility: metric.utility.to_vec(),
        metric,
        holding: Holding::Free,
    }
}

#[test]
fn a_smaller_buffer_or_fewer_freedoms_never_help() {
    for seed in 200..202 {
        let mut case = case(seed, 12, 4);
        let value = |case: &Case, cap_us| capped(&case.trace, &case.scenario, cap_us).unwrap();
        let (small, large) = (value(&case, 12_000_000), value(&case, 30_000_000));
        let any = unlimited(&case.trace, &case.scenario).unwrap();
        case.scenario.holding = Holding::None;
        let bound = value(&case, 30_000_000);
        assert!(small.lower <= large.upper + SLACK, "seed {seed}");
        assert!(large.lower <= any.upper + SLACK, "seed {seed}");
        assert!(bound.lower <= large.upper + SLACK, "seed {seed}");
    }
}

#[test]
fn plans_that_cannot_be_followed_are_refused() {
    let case = case(1, 3, 2);
    let plan = capped(&case.trace, &case.scenario, case.cap_us).unwrap().plan;
    let play = |plan: &Plan| play_plan(&case.trace, &case.scenario, Some(case.cap_us), plan);
    let broken = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan.clone();
        change(&mut plan);
        play(&plan).unwrap_err()
    };
    assert_eq!(broken(&|plan| plan.rungs.truncate(2)), PlanError::Shape);
    assert_eq!(broken(&|plan| plan.rungs[1] = 7), PlanError::Shape);
    assert_eq!(broken(&|plan| plan.requests_us[1] = 0), PlanError::Early(1));
    assert_eq!(broken(&|plan| plan.resumes.clear()), PlanError::Resume(0));
    assert_eq!(broken(&|plan| plan.resumes[0].at_us = 1), PlanError::Resume(0));
    assert!(play(&plan).is_ok());
}

#[test]
fn the_distance_is_from_the_bounds() {
    let case = case(1, 3, 2);
    for cap_us in [Some(case.cap_us), None] {
        let far = distance(&case.trace, &case.scenario, cap_us, -1.0).unwrap();
        let Bounds { lower, upper, .. } = far.bounds;
        assert!((far.at_least - lower - 1.0).abs() < SLACK && far.at_most >= far.at_least);
        let none = distance(&case.trace, &case.scenario, cap_us, upper).unwrap();
        assert!(none.at_least.abs() < SLACK && none.at_most.abs() < SLACK, "{none:?}");
    }
}

#[test]
fn nonsense_has_no_bounds() {
    let case = case(1, 3, 2);
    let dead = NetworkTrace::from_plan("0:10", 0).unwrap();
    assert_eq!(capped(&dead, &case.scenario, case.cap_us), None);
    assert_eq!(unlimited(&dead, &case.scenario), None);
    assert_eq!(capped(&case.trace, &case.scenario, SEGMENT_US - 1), None);
    for change in [
        |scenario: &mut Scenario| scenario.bytes.clear(),
        |scenario: &mut Scenario| scenario.bytes[1][0] = 0,
        |scenario: &mut Scenario| scenario.utility.clear(),
        |scenario: &mut Scenario| scenario.utility[0] = f64::NAN,
        |scenario: &mut Scenario| scenario.segment_us = 0,
    ] {
        let mut scenario = case.scenario.clone();
        change(&mut scenario);
        assert_eq!(capped(&case.trace, &scenario, case.cap_us), None, "{scenario:?}");
        assert_eq!(unlimited(&case.trace, &scenario), None, "{scenario:?}");
    }
}
