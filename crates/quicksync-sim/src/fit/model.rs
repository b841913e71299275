//! A player that decides segment by segment, fast enough to be played millions of times.
//!
//! Knows: the rules that the core keeps around its table, restated: what may be done, when playing
//! is forced, when a transfer is given up. Never: seeks, progress between two decisions but for
//! giving up.

use quicksync_abr::playback::policy::{
    self, ACTIONS, Action, Estimator, FEATURES, Look, Sound, features, lack,
};
use quicksync_abr::playback::{Prior, utility};
use quicksync_model::Quality;

use super::layers;
use super::road::Road;
use crate::metric::Metric;

/// Length of a segment, seconds: the server's.
const SEGMENT_S: f64 = 3.84;
/// Most segments of a track.
pub(super) const MOST_SEGMENTS: usize = 128;
/// A playback of more decisions than this has gone wrong.
const MOST_DECISIONS: usize = 2_000;
/// Stalls count up to this length, seconds: half an hour's outage says no more than a minute's.
const LONGEST_STALL_S: f64 = 60.0;
/// What a second costs beyond the metric that a start waits with a segment held: listeners were
/// promised music at once.
const START_EXTRA: f64 = 0.1;
/// What throwing away one segment of the lowest quality costs: bytes are somebody's.
const WASTE_PRICE: f64 = 0.02;
/// Bytes that may be thrown away, as the core bounds them: these, and this share of all.
const WASTE: (f64, f64) = (480_000.0, 0.05);
/// Prices of a stall, of its seconds and of switches are multiplied by these for listeners who
/// prefer stability.
const STEADY: (f64, f64, f64) = (2.0, 2.0, 1.5);

/// What is played, and under which prices.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a> {
    pub(super) road: &'a Road,
    /// Rates of the trace are multiplied by this.
    pub(super) scale: f64,
    pub(super) cap_s: f64,
    pub(super) segments: usize,
    pub(super) steady: bool,
}

/// One playback so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Play {
    at: f64,
    position_s: f64,
    held: [Quality; MOST_SEGMENTS],
    count: usize,
    /// `None` while sound runs; or else since when it does not, and whether it ever did.
    silent: Option<(f64, bool)>,
    network: Estimator,
    /// What the metric has taken, less what it has given.
    pub(super) cost: f64,
    received: f64,
    wasted: f64,
}

/// What may be done at a decision, and what is seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    pub(super) features: [f32; FEATURES],
    pub(super) allowed: [bool; ACTIONS],
    /// The segment that each better quality would replace.
    targets: [usize; 3],
}

impl Choice {
    /// The only action allowed, if there is but one.
    pub(super) fn only(&self) -> Option<usize> {
        let mut allowed = (0..ACTIONS).filter(|action| self.allowed[*action]);
        allowed.next().filter(|_| allowed.next().is_none())
    }

    /// The best allowed action.
    pub(super) fn best(&self, worth: &[f32; ACTIONS]) -> usize {
        let allowed = (0..ACTIONS).filter(|action| self.allowed[*action]);
        allowed.fold(ACTIONS, |best, action| {
            if best == ACTIONS || worth[action] > worth[best] { action } else { best }
        })
    }
}

impl Scene<'_> {
    fn bytes(quality: Quality) -> f64 {
        f64::from(quality.bitrate().kbps()) * 125.0 * SEGMENT_S
    }

    fn prices(&self) -> (f64, f64, f64) {
        let metric = Metric::m1();
        let (event, second, switch) = if self.steady { STEADY } else { (1.0, 1.0, 1.0) };
        (metric.stall_event * event, metric.stall_s * second, metric.switch * switch)
    }
}

impl Play {
    pub(super) fn new(at: f64, prior: Prior) -> Self {
        Self {
            at,
            position_s: 0.0,
            held: [Quality::Low; MOST_SEGMENTS],
            count: 0,
            silent: Some((at, false)),
            network: Estimator::new(prior),
            cost: 0.0,
            received: 0.0,
            wasted: 0.0,
        }
    }

    /// Makes the network known by some transfers before the listener presses play.
    pub(super) fn warm_up(&mut self, scene: &Scene<'_>, qualities: impl Iterator<Item = Quality>) {
        for quality in qualities {
            let latency_s = scene.road.latency_s(self.at);
            let bits = Scene::bytes(quality) * 8.0 / scene.scale;
            let end = scene.road.finish(self.at + latency_s, bits);
            self.network.observe(Scene::bytes(quality), end - self.at, Some(latency_s));
            self.at = end + 1.0;
        }
        self.silent = Some((self.at, false));
    }

    /// Whether sound runs or waits.
    pub(super) const fn is_silent(&self) -> bool {
        self.silent.is_some()
    }

    fn end_s(&self) -> f64 {
        f64_of(self.count) * SEGMENT_S
    }

    fn buffer_s(&self) -> f64 {
        self.end_s() - self.position_s
    }

    fn is_starting(&self) -> bool {
        self.silent.is_some_and(|(_, heard)| !heard)
    }

    fn is_full(&self, scene: &Scene<'_>) -> bool {
        self.buffer_s() + SEGMENT_S > scene.cap_s + 1e-9
    }

    /// Whether nothing is left to decide.
    pub(super) fn is_over(&self, scene: &Scene<'_>) -> bool {
        self.count == scene.segments
            && !self.is_silent()
            && (self.position_s >= self.end_s() - 1e-6
                || Quality::ALL.into_iter().all(|to| self.candidate(to).is_none()))
    }

    fn held_at(&self, index: usize) -> Option<Quality> {
        self.held.get(index).copied().filter(|_| index < self.count)
    }

    /// The segment that gains most by a better copy, and how much.
    fn candidate(&self, to: Quality) -> Option<(usize, f64)> {
        if self.count == 0 || self.silent.is_some_and(|(_, heard)| heard) {
            return None;
        }
        let transfer_s = self.network.belief().transfer_s(Scene::bytes(to));
        let safe_s = self.position_s + policy::SAFE_TIMES * transfer_s + policy::SAFE_S;
        let first = if self.is_silent() { 0 } else { usize_of((safe_s / SEGMENT_S).ceil()) };
        let mut best: Option<(usize, f64)> = None;
        for index in (first..self.count).filter(|index| self.held[*index] < to) {
            let before = index.checked_sub(1).and_then(|index| self.held_at(index));
            let gain = policy::gain(before, self.held[index], to, self.held_at(index + 1));
            if gain > best.map_or(policy::LEAST_GAIN, |best| best.1) + 1e-9 {
                best = Some((index, gain));
            }
        }
        best
    }

    /// Whether a start must not wait any longer.
    fn must_start(&self) -> bool {
        let waited_s = self.silent.map_or(0.0, |(since, _)| self.at - since);
        self.is_starting() && self.count > 0 && waited_s > policy::START_S
    }

    /// Whether a quality that the link does not carry would leave too little for an outage.
    fn drains(&self, scene: &Scene<'_>, quality: Quality) -> bool {
        if self.is_silent() || quality == Quality::Low {
            return false;
        }
        let transfer_s = self.network.belief().transfer_s(Scene::bytes(quality));
        let left_s = self.buffer_s() + SEGMENT_S - transfer_s;
        transfer_s > SEGMENT_S && left_s < policy::reserve_s(scene.cap_s)
    }

    fn may_replace(&self, scene: &Scene<'_>) -> bool {
        let deep = self.buffer_s() >= policy::LOW_S || self.count == scene.segments;
        let time = if self.is_silent() { !self.must_start() } else { deep };
        time && self.wasted <= WASTE.0 + WASTE.1 * self.received
    }

    /// What may be done now.
    pub(super) fn look(&self, scene: &Scene<'_>) -> Choice {
        let (buffer_s, full) = (self.buffer_s(), self.is_full(scene));
        let mut choice =
            Choice { features: [0.0; FEATURES], allowed: [false; ACTIONS], targets: [0; 3] };
        let holds = buffer_s < policy::MOST_HOLD_S && !self.must_start();
        let more = self.count < scene.segments;
        let fetch = more && !full && (!self.is_silent() || self.count == 0 || holds);
        for (quality, allowed) in Quality::ALL.into_iter().zip(&mut choice.allowed) {
            *allowed = fetch && !self.drains(scene, quality);
        }
        let mut gains = [0.0; 3];
        if self.may_replace(scene) {
            for (slot, to) in
                [Quality::Medium, Quality::High, Quality::Ultra].into_iter().enumerate()
            {
                let Some((target, gain)) = self.candidate(to) else { continue };
                (choice.targets[slot], gains[slot], choice.allowed[4 + slot]) =
                    (target, gain, true);
            }
        }
        choice.allowed[7] = !self.is_silent() && (full || !more);
        choice.allowed[8] = self.is_silent() && buffer_s > 0.1;
        choice.features = features(&self.seen(scene, gains));
        choice
    }

    fn seen(&self, scene: &Scene<'_>, gains: [f64; 3]) -> Look<'_> {
        let first = usize_of((self.position_s / SEGMENT_S).ceil()).min(self.count);
        Look {
            network: &self.network,
            ladder_octaves: 0.0,
            buffer_s: self.buffer_s(),
            cap_s: scene.cap_s,
            full: self.is_full(scene),
            remaining: f64_of(scene.segments - self.count),
            last: self.count.checked_sub(1).and_then(|index| self.held_at(index)),
            sound: match self.silent {
                None => Sound::Running,
                Some((since, false)) => Sound::Starting(self.at - since),
                Some((_, true)) => Sound::Stalled,
            },
            gains,
            deficit: self.held[first..self.count].iter().copied().map(lack).sum(),
            steady: scene.steady,
        }
    }

    /// Does it.
    pub(super) fn act(&mut self, scene: &Scene<'_>, action: usize, choice: &Choice) {
        match Action::ALL[action] {
            Action::Play => self.play(scene),
            Action::Wait if self.count == scene.segments => self.position_s = self.end_s(),
            Action::Wait => {
                let room_s = (self.buffer_s() + SEGMENT_S - scene.cap_s).max(0.0);
                self.pass(scene, room_s + 1e-6, false);
            }
            Action::Fetch(quality) => self.fetch(scene, quality),
            Action::Replace(quality) => {
                self.replace(scene, quality, choice.targets[quality as usize - 1]);
            }
        }
    }

    fn play(&mut self, scene: &Scene<'_>) {
        let Some((since, heard)) = self.silent.take() else { return };
        let (_, second, _) = scene.prices();
        let waited_s = self.at - since;
        self.cost += if heard {
            second * waited_s.min(LONGEST_STALL_S)
        } else {
            Metric::m1().startup_s * waited_s
        };
    }

    /// Time passes. `improving`: what would sound first is on its way, better.
    fn pass(&mut self, scene: &Scene<'_>, time_s: f64, improving: bool) {
        let mut time_s = time_s;
        if let Some((since, false)) = self.silent
            && self.count > 0
        {
            let left_s = (since + policy::START_S - self.at).max(0.0);
            let waits_s = if improving { time_s } else { time_s.min(left_s) };
            self.cost += START_EXTRA * waits_s;
            self.at += waits_s;
            time_s -= waits_s;
            if !improving && time_s > 0.0 {
                self.play(scene);
            }
        }
        self.at += time_s;
        if self.is_silent() {
            return;
        }
        let dry_s = time_s - self.buffer_s();
        self.position_s = (self.position_s + time_s).min(self.end_s());
        if dry_s > 1e-9 && self.count < scene.segments {
            self.silent = Some((self.at - dry_s, true));
            self.cost += scene.prices().0;
        }
    }

    fn fetch(&mut self, scene: &Scene<'_>, quality: Quality) {
        let quality = self.transfer(scene, quality, true);
        let switch = self.count.checked_sub(1).and_then(|index| self.held_at(index));
        let switch = switch.map_or(0.0, |last| (utility(quality) - utility(last)).abs());
        self.cost += scene.prices().2 * switch - utility(quality);
        self.held[self.count] = quality;
        self.count += 1;
    }

    fn replace(&mut self, scene: &Scene<'_>, quality: Quality, target: usize) {
        self.transfer(scene, quality, false);
        let sounded = !self.is_starting() && f64_of(target) * SEGMENT_S < self.position_s - 1e-9;
        let old = if sounded { quality } else { self.held[target] };
        self.wasted += Scene::bytes(old);
        self.cost += WASTE_PRICE * Scene::bytes(old) / Scene::bytes(Quality::Low);
        if !sounded {
            let before = target.checked_sub(1).and_then(|index| self.held_at(index));
            self.cost -= policy::gain(before, old, quality, self.held_at(target + 1));
            self.held[target] = quality;
        }
    }

    /// One transfer; the lowest quality if the one asked for was given up.
    fn transfer(&mut self, scene: &Scene<'_>, quality: Quality, filling: bool) -> Quality {
        let bytes = Scene::bytes(quality);
        let latency_s = scene.road.latency_s(self.at);
        let body = self.at + latency_s;
        let time_s = scene.road.finish(body, bytes * 8.0 / scene.scale) - self.at;
        let patience_s = if self.is_silent() { 1.5 } else { self.buffer_s() };
        if filling && quality > Quality::Low && time_s > patience_s {
            let begun = scene.road.carried(body);
            let came = |elapsed_s: f64| {
                let at = self.at + elapsed_s;
                if at > body { (scene.road.carried(at) - begun) * scene.scale / 8.0 } else { 0.0 }
            };
            if let Some((elapsed_s, came)) = self.gives_up(bytes, time_s, came) {
                self.pass(scene, elapsed_s, false);
                self.network.observe(came, elapsed_s, (came > 0.0).then_some(latency_s));
                self.received += came;
                self.wasted += came;
                return self.transfer(scene, Quality::Low, true);
            }
        }
        let first_s = (latency_s + scene.road.silence_s(body)).min(time_s);
        self.pass(scene, time_s, !filling);
        self.network.observe(bytes, time_s, Some(first_s));
        self.received += bytes;
        quality
    }

    /// When a transfer is given up, and what of it had come: the core's rule, looked at every half
    /// second.
    fn gives_up(&self, bytes: f64, time_s: f64, came: impl Fn(f64) -> f64) -> Option<(f64, f64)> {
        let (believed, buffer_s) = (self.network.belief(), self.buffer_s());
        (1..400_u32).map(|n| f64::from(n) * 0.5).take_while(|at| at + 1e-9 < time_s).find_map(
            |at| {
                let came = came(at);
                let rate = policy::arriving_bytes(&believed, came, at);
                let rest_s = (bytes - came) / rate;
                let lower_s = believed.latency_s() + Scene::bytes(Quality::Low) / rate;
                let sound = match self.silent {
                    Some((_, false)) => Sound::Starting(0.0),
                    None if at < buffer_s => Sound::Running,
                    _ => Sound::Stalled,
                };
                let (allowed_s, share) = policy::patience(sound, at, buffer_s - at);
                (rest_s > allowed_s && lower_s < share * rest_s).then_some((at, came))
            },
        )
    }

    /// Plays on to the end as the table says.
    pub(super) fn play_on(&mut self, scene: &Scene<'_>, numbers: &[f32]) {
        for _ in 0..MOST_DECISIONS {
            if self.is_over(scene) {
                return;
            }
            let choice = self.look(scene);
            let best = || choice.best(&layers::evaluate(numbers, &choice.features).worth);
            let action = choice.only().unwrap_or_else(best);
            self.act(scene, action, &choice);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of segments")]
const fn f64_of(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few segments")]
const fn usize_of(number: f64) -> usize {
    number.clamp(0.0, 1e6) as usize
}
