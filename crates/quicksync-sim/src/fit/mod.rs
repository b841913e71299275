//! Fits the decision core's table to network traces, by policy iteration on the metric.
//!
//! Owns threads, never a clock: equal traces, settings and seeds give equal bytes, however many
//! threads there are.
//!
//! # Model
//! Over and over: play tracks over random traces as the table says so far, try every other action at
//! some of the decisions and play on to the end (`lessons`), and move the table towards what turned
//! out better. It is moved in two ways at once: to predict the differences, and to make the actions
//! that were better likelier under a soft choice. The first teaches it from nothing, the second cares
//! only where the choice changes.
//!
//! # Reading order
//! [`fit`] is the loop, `model` the player, `road` its network, `layers` the arithmetic.

mod layers;
mod lessons;
mod model;
mod road;

use std::collections::BTreeMap;

use quicksync_abr::playback::policy::{ACTIONS, HEADER_BYTES, Kind, PARAMETERS, numbers};

use self::layers::Adam;
use self::lessons::Lesson;
use self::road::Road;
use crate::experiment::in_parallel;
use crate::folder::NamedTrace;
use crate::seed::Seeded;

/// Shards of one round: fixed, so that the number of threads changes nothing.
const SHARDS: u64 = 4;
/// Lessons of one step.
const BATCH: usize = 256;
/// How often each lesson is learned from, on average.
const REPEATS: usize = 5;
/// Lessons that are remembered.
const REMEMBERED: usize = 300_000;
/// Share of a step that makes better actions likelier; the rest predicts differences.
const SOFT_SHARE: f32 = 0.8;
/// Differences of this much make an action e times likelier in the soft choice.
const SOFTNESS: f32 = 0.25;
/// A table from nothing only predicts for this share of its lessons.
const PREDICTS_FIRST: f64 = 0.4;
/// How much prediction counts beside the soft choice.
const PREDICTION: f32 = 0.3;
/// Step sizes at the beginning and at the end.
const RATES: (f64, f64) = (1.2e-3, 7e-5);
/// The table that plays and is given out is a running average of those that are learned: so much of
/// it stays at each step.
const AVERAGE_KEEP: f32 = 0.998;

/// What to fit.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Lessons for each of the table's parts; more are better for an hour or so.
    pub lessons: usize,
    /// Playbacks of a round: few follow the table closely, many cost fewer steps.
    pub playbacks: usize,
    /// Begin with the table of this build, rather than with nothing.
    pub continued: bool,
    /// Fit only this part; the others stay as in this build.
    pub only: Option<Kind>,
    /// What is drawn at random, is drawn from this.
    pub seed: u64,
    /// How many threads play.
    pub threads: usize,
}

/// Fits the table to `traces` of native rates, and gives its bytes. `told` hears of each
/// part how many lessons there were so far.
#[must_use]
pub fn fit(traces: &[NamedTrace], settings: &Settings, told: impl Fn(Kind, usize)) -> Vec<u8> {
    let mut families: BTreeMap<&str, Vec<Road>> = BTreeMap::new();
    for trace in traces {
        families.entry(&trace.family).or_default().push(Road::new(trace));
    }
    let header = header(traces.len(), families.keys().copied(), settings);
    let families: Vec<Vec<Road>> = families.into_values().collect();
    let mut bytes = header.into_bytes();
    bytes.resize(HEADER_BYTES, b' ');
    for kind in Kind::ALL {
        let stays = settings.only.is_some_and(|only| only != kind);
        let table = match stays {
            true => numbers(kind).collect(),
            false => fit_part(&families, kind, settings, &told),
        };
        bytes.extend(table.iter().flat_map(|number| number.to_le_bytes()));
    }
    bytes
}

/// What the table says of itself.
fn header<'a>(
    traces: usize,
    families: impl Iterator<Item = &'a str>,
    settings: &Settings,
) -> String {
    let families: Vec<&str> = families.collect();
    let from = if settings.continued { "continued from the table before" } else { "from nothing" };
    let part =
        settings.only.map_or_else(|| "each part".to_owned(), |only| format!("part {only:?}"));
    let mut text = format!(
        "quicksync policy 1\nfitted to {traces} network traces of {} families, {} lessons for {part}, \
         seed {}, {from}\n{}\n",
        families.len(),
        settings.lessons,
        settings.seed,
        families.join(" ")
    );
    text.truncate(HEADER_BYTES);
    text
}

fn fit_part(
    families: &[Vec<Road>],
    kind: Kind,
    settings: &Settings,
    told: &impl Fn(Kind, usize),
) -> Vec<f32> {
    let mut random = Seeded::new(settings.seed ^ ((kind as u64) << 32));
    let mut learned =
        if settings.continued { numbers(kind).collect() } else { layers::initial(&mut random) };
    let (mut average, mut adam) = (learned.clone(), Adam::new());
    let (mut memory, mut oldest, mut seen): (Vec<Lesson>, _, _) = (Vec::new(), 0, 0);
    while seen < settings.lessons {
        let progress = share(seen, settings.lessons);
        let new = round(&average, families, kind, random.next(), settings);
        seen += new.len().max(1);
        let steps = (new.len() * REPEATS).div_ceil(BATCH);
        for lesson in new {
            if memory.len() < REMEMBERED {
                memory.push(lesson);
            } else {
                memory[oldest] = lesson;
                oldest = (oldest + 1) % REMEMBERED;
            }
        }
        let soft = settings.continued || progress >= PREDICTS_FIRST;
        let soft = if soft { SOFT_SHARE } else { 0.0 };
        for _ in 0..steps {
            let blame = blame(&learned, &memory, soft, &mut random);
            adam.step(&mut learned, &blame, rate(progress));
            for (average, learned) in average.iter_mut().zip(&learned) {
                *average = AVERAGE_KEEP * *average + (1.0 - AVERAGE_KEEP) * learned;
            }
        }
        told(kind, seen);
    }
    average
}

fn round(
    numbers: &[f32],
    families: &[Vec<Road>],
    kind: Kind,
    seed: u64,
    settings: &Settings,
) -> Vec<Lesson> {
    let seeds: Vec<u64> = (0..SHARDS).map(|shard| seed.wrapping_add(shard)).collect();
    let playbacks = settings.playbacks.div_ceil(seeds.len());
    let drawn = in_parallel(&seeds, settings.threads, |seed| {
        lessons::draw(numbers, families, kind, playbacks, *seed)
    });
    drawn.into_iter().flatten().collect()
}

/// The mean blame of a batch of remembered lessons.
fn blame(numbers: &[f32], memory: &[Lesson], soft: f32, random: &mut Seeded) -> Vec<f32> {
    let mut sums = vec![0.0; PARAMETERS];
    let batch = 1.0 / small(share(BATCH, 1));
    for _ in 0..BATCH {
        let Some(lesson) = memory.get(random.index(memory.len())) else { break };
        let trail = layers::evaluate(numbers, &lesson.features);
        let mut blame = blame_of(lesson, &trail.worth, soft);
        blame.iter_mut().for_each(|blame| *blame *= lesson.weight * batch);
        layers::learn(numbers, &lesson.features, &trail, &blame, &mut sums);
    }
    sums
}

/// What each action's worth is to blame for.
fn blame_of(lesson: &Lesson, worth: &[f32; ACTIONS], soft: f32) -> [f32; ACTIONS] {
    let tried = || (0..ACTIONS).filter(|action| lesson.tried[*action]);
    let count = small(share(tried().count().max(1), 1));
    let offset = tried().map(|action| worth[action] - lesson.worth[action]).sum::<f32>() / count;
    let most = tried().map(|action| worth[action]).fold(f32::NEG_INFINITY, f32::max);
    let odds = |action: usize| ((worth[action] - most) / SOFTNESS).exp();
    let sum: f32 = tried().map(odds).sum();
    let mean: f32 = tried().map(|action| odds(action) / sum * lesson.worth[action]).sum();
    std::array::from_fn(|action| {
        if !lesson.tried[action] {
            return 0.0;
        }
        let error = worth[action] - lesson.worth[action] - offset;
        let better = odds(action) / sum * (lesson.worth[action] - mean) / SOFTNESS;
        (1.0 - soft) * PREDICTION * error - soft * better
    })
}

fn rate(progress: f64) -> f32 {
    small(RATES.0 * (RATES.1 / RATES.0).powf(progress))
}

#[expect(clippy::cast_precision_loss, reason = "counts of lessons")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[expect(clippy::cast_possible_truncation, reason = "rates and counts")]
const fn small(number: f64) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NetworkTrace;

    fn traces() -> Vec<NamedTrace> {
        ["3000:20,90:60", "150:30,0:9,400:20"]
            .iter()
            .map(|plan| NamedTrace {
                family: (*plan).to_owned(),
                name: (*plan).to_owned(),
                trace: NetworkTrace::from_plan(plan, 50).unwrap(),
            })
            .collect()
    }

    #[test]
    fn equal_seeds_fit_equal_tables_on_any_number_of_threads() {
        let settings = Settings {
            lessons: 1,
            playbacks: 4,
            continued: true,
            only: Some(Kind::Steady),
            seed: 4,
            threads: 1,
        };
        let one = fit(&traces(), &settings, |_, _| {});
        let two = fit(&traces(), &Settings { threads: 2, ..settings }, |_, _| {});
        assert!(one == two, "the tables differ");
        assert_eq!(one.len(), HEADER_BYTES + 4 * Kind::ALL.len() * PARAMETERS);
        assert!(one.starts_with(b"quicksync policy 1\nfitted to 2 network traces of 2 families"));
        let other = fit(&traces(), &Settings { seed: 5, ..settings }, |_, _| {});
        assert!(one != other, "the seed decides nothing");
    }

    #[test]
    fn better_actions_become_likelier() {
        let mut lesson = Lesson {
            features: [0.0; quicksync_abr::playback::policy::FEATURES],
            tried: [false; ACTIONS],
            worth: [0.0; ACTIONS],
            weight: 1.0,
        };
        (lesson.tried[1], lesson.tried[2], lesson.worth[2]) = (true, true, 0.5);
        for soft in [0.0, 0.8, 1.0] {
            let blame = blame_of(&lesson, &[0.0; ACTIONS], soft);
            assert!(blame[2] < 0.0 && blame[1] > 0.0 && blame[0] == 0.0, "{soft}: {blame:?}");
        }
    }
}
