//! Lessons: decisions from simulated playbacks, each with what every allowed action came to in the
//! end on the same trace.
//!
//! # Model
//! A playback runs as the table says, now and then at random instead so that every situation is met.
//! At a few of its decisions, those where the table is least sure before others, each action is tried
//! and played on to the end. What they differ by is the lesson: the trace is the same for all, so its
//! luck cancels.

use quicksync_abr::playback::Prior;
use quicksync_abr::playback::policy::{ACTIONS, FEATURES, Kind};
use quicksync_model::{Quality, Throughput};

use super::layers;
use super::model::{Choice, MOST_SEGMENTS, Play, Scene};
use super::road::Road;
use crate::seed::Seeded;
use crate::setup::SEGMENTS;

/// Decisions taken from each playback.
const FROM_EACH: usize = 5;
/// One decision in so many is random.
const RANDOM_SHARE: f64 = 0.08;
/// How sure the table must be for a decision to be passed over, in units of utility.
const SURE: f64 = 0.4;
/// Every decision is taken with at least this weight.
const LEAST_WEIGHT: f64 = 0.1;
/// Actions this far below the best are tried only now and then, in units of utility.
const HOPELESS: f32 = 4.0;
/// How often they are not.
const PASSED_OVER: f64 = 0.7;
/// Differences count up to this, in units of utility: three stalls.
const MOST_DIFFERENCE: f64 = 12.0;
/// Share of playbacks that begin anywhere in their trace, at a rate somewhat off.
const VARIED_SHARE: f64 = 0.6;
/// How far off, octaves.
const VARIED_OCTAVES: f64 = 0.2;
/// Share of playbacks of tracks of another length than four minutes.
const ODD_LENGTHS: f64 = 0.2;
/// Share of playbacks that begin with a prior, and those that begin on a known network.
const PRIOR_SHARE: f64 = 0.25;
const KNOWN_SHARE: f64 = 0.15;
/// Mean rates of playbacks, `None` for that of the trace and 0 for any; the share of playbacks up to
/// each; and the weight of their lessons: a difference on a good link is small, and as much of what
/// can be had there.
const MEANS: [(Option<f64>, f64, f32); 5] = [
    (None, 0.38, 2.5),
    (Some(400e3), 0.60, 1.5),
    (Some(200e3), 0.82, 1.0),
    (Some(100e3), 0.93, 0.7),
    (Some(0.0), 1.0, 1.0),
];

/// One decision and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Lesson {
    pub(super) features: [f32; FEATURES],
    /// Whether each action was tried.
    pub(super) tried: [bool; ACTIONS],
    /// What each came to, less what the table's choice did.
    pub(super) worth: [f32; ACTIONS],
    pub(super) weight: f32,
}

/// Lessons from `playbacks` playbacks over roads of `families`, each family as often as another.
pub(super) fn draw(
    numbers: &[f32],
    families: &[Vec<Road>],
    kind: Kind,
    playbacks: usize,
    seed: u64,
) -> Vec<Lesson> {
    let mut random = Seeded::new(seed);
    let mut lessons = Vec::new();
    for _ in 0..playbacks {
        let family = &families[random.index(families.len())];
        let road = &family[random.index(family.len())];
        let varied = random.unit() < VARIED_SHARE;
        let (scene, weight) = scene(road, kind, varied, &mut random);
        let play = begin(&scene, varied, &mut random);
        for (play, choice) in decisions(play, &scene, numbers, &mut random) {
            lessons.extend(lesson(&play, &choice, &scene, numbers, weight, &mut random));
        }
    }
    lessons
}

fn scene<'a>(road: &'a Road, kind: Kind, varied: bool, random: &mut Seeded) -> (Scene<'a>, f32) {
    let draw = random.unit();
    let row = MEANS.into_iter().find(|row| draw < row.1).unwrap_or(MEANS[0]);
    let (mean, weight) = (row.0, row.2);
    let any = 64e3 * (random.unit() * 6.0).exp2();
    let scale = mean.map_or(1.0, |mean| if mean > 0.0 { mean } else { any } / road.mean_bps());
    let off = if varied { (random.normal() * VARIED_OCTAVES).exp2() } else { 1.0 };
    let scale = scale * off;
    let draw = random.unit();
    let shallow = if draw < 0.8 { 30.0 } else { 8.0 * (random.unit() * 3.0).exp2() };
    let deep = if draw < 0.85 { 1e9 } else { 64.0 * (random.unit() * 2.0).exp2() };
    let cap_s = match kind {
        Kind::Shallow => shallow,
        Kind::Deep => deep,
        Kind::Steady => {
            if random.unit() < 0.5 {
                shallow
            } else {
                deep
            }
        }
    };
    let odd = random.unit() < ODD_LENGTHS;
    let four_minutes = usize::try_from(SEGMENTS).unwrap_or(MOST_SEGMENTS);
    let segments = if odd { 4 + random.index(100) } else { four_minutes };
    let segments = segments.min(MOST_SEGMENTS);
    (Scene { road, scale, cap_s, segments, steady: kind == Kind::Steady }, weight)
}

fn begin(scene: &Scene<'_>, varied: bool, random: &mut Seeded) -> Play {
    let at = if varied { random.unit() * scene.road.duration_s() } else { 0.0 };
    let mean = scene.road.mean_bps() * scene.scale;
    let prior = (random.unit() < PRIOR_SHARE).then(|| random.unit()).and_then(|confidence| {
        let octaves = random.normal() * (Prior::DOUBT_OCTAVES - confidence);
        Prior::new(Throughput::from_bps(mean * octaves.exp2()), confidence).ok()
    });
    let mut play = Play::new(at, prior.unwrap_or(Prior::NONE));
    if random.unit() < KNOWN_SHARE {
        let transfers = 1 + random.index(25);
        let quality = |_| Quality::ALL[random.index(Quality::ALL.len())];
        play.warm_up(scene, (0..transfers).map(quality));
    }
    play
}

/// Some decisions of one playback.
fn decisions(
    mut play: Play,
    scene: &Scene<'_>,
    numbers: &[f32],
    random: &mut Seeded,
) -> Vec<(Play, Choice)> {
    let mut taken: Vec<(f64, Play, Choice)> = Vec::new();
    for _ in 0..1_000 {
        if play.is_over(scene) {
            break;
        }
        let choice = play.look(scene);
        let action = choice.only().unwrap_or_else(|| {
            let worth = layers::evaluate(numbers, &choice.features).worth;
            let best = choice.best(&worth);
            // Weighted sampling by keys. Source: Efraimidis and Spirakis, 2006.
            let key = random.unit().powf(1.0 / weight(&choice, &worth, best));
            take(&mut taken, (key, play, choice));
            if random.unit() < RANDOM_SHARE { any(&choice, random) } else { best }
        });
        play.act(scene, action, &choice);
    }
    taken.into_iter().map(|(_, play, choice)| (play, choice)).collect()
}

/// The surer the table, the less.
fn weight(choice: &Choice, worth: &[f32; ACTIONS], best: usize) -> f64 {
    let others = (0..ACTIONS).filter(|action| *action != best && choice.allowed[*action]);
    let second = others.map(|action| worth[action]).fold(f32::NEG_INFINITY, f32::max);
    LEAST_WEIGHT + (-f64::from(worth[best] - second) / SURE).exp()
}

/// Keeps what has the greatest keys.
fn take(taken: &mut Vec<(f64, Play, Choice)>, new: (f64, Play, Choice)) {
    if taken.len() < FROM_EACH {
        taken.push(new);
    } else if let Some(least) = taken.iter_mut().min_by(|a, b| a.0.total_cmp(&b.0))
        && new.0 > least.0
    {
        *least = new;
    }
}

fn any(choice: &Choice, random: &mut Seeded) -> usize {
    let allowed: Vec<usize> = (0..ACTIONS).filter(|action| choice.allowed[*action]).collect();
    allowed[random.index(allowed.len())]
}

fn lesson(
    play: &Play,
    choice: &Choice,
    scene: &Scene<'_>,
    numbers: &[f32],
    weight: f32,
    random: &mut Seeded,
) -> Option<Lesson> {
    let worth = layers::evaluate(numbers, &choice.features).worth;
    let best = choice.best(&worth);
    let mut tried = choice.allowed;
    for action in 0..ACTIONS {
        let hopeless = action != best && worth[action] < worth[best] - HOPELESS;
        if tried[action] && hopeless && random.unit() < PASSED_OVER {
            tried[action] = false;
        }
    }
    if tried.iter().filter(|tried| **tried).count() < 2 {
        return None;
    }
    let cost = |action: usize| {
        let mut play = *play;
        play.act(scene, action, choice);
        play.play_on(scene, numbers);
        play.cost
    };
    let least = cost(best);
    let worth = std::array::from_fn(|action| {
        if !tried[action] || action == best {
            return 0.0;
        }
        small((least - cost(action)).clamp(-MOST_DIFFERENCE, MOST_DIFFERENCE))
    });
    Some(Lesson { features: choice.features, tried, worth, weight })
}

#[expect(clippy::cast_possible_truncation, reason = "clamped")]
const fn small(number: f64) -> f32 {
    number as f32
}
