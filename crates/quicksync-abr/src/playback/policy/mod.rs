//! What to do next, by a table fitted to network traces.
//!
//! Knows: features of the network and the buffer, and what the table makes of them. Never: the rules
//! around it, which its callers keep; how it was fitted, which is `quicksync_sim::fit`'s.
//!
//! # Model
//! [`Look`] is what is seen, [`features`] the numbers of it, [`choose`] the allowed action that the
//! table holds to be worth the most. The table is a small network fitted by policy iteration on the
//! metric itself: docs/design/decision-core.md.

mod features;
mod network;

use quicksync_model::Quality;

pub use super::estimator::Estimator;
pub use features::{FEATURES, Look, Sound, features, lack};
pub use network::{DEEP_S, HEADER_BYTES, HIDDEN, Kind, LEAK, PARAMETERS, header, numbers};

use super::belief::Belief;
use super::config::utility;

/// How many actions there are: as many as [`Action::ALL`] lists.
pub const ACTIONS: usize = 9;
/// A replacement must gain this much, so that bytes are not thrown away for nothing.
pub const LEAST_GAIN: f64 = 0.02;
/// A segment may be replaced when it is heard only after this many times the expected transfer and
/// [`SAFE_S`] more.
pub const SAFE_TIMES: f64 = 1.5;
/// See [`SAFE_TIMES`], seconds.
pub const SAFE_S: f64 = 0.7;
/// A start waits no longer than this once a segment is held, seconds; within it the table weighs each
/// second of silence against the stalls it saves. Measured, "Stalls at 200 kbps" in
/// docs/design/decision-core.md.
pub const START_S: f64 = 30.0;
/// After a stall no more than this is held before the sound goes on, seconds: eight segments.
pub const MOST_HOLD_S: f64 = 30.0;
/// Below this much buffer nothing is replaced while sound runs, seconds. Documented low mark of
/// quality `high`.
pub const LOW_S: f64 = 4.5;
/// What was believed of the rate counts as much as this many seconds of what arrives.
const BELIEF_S: f64 = 0.5;
/// A start that would take longer than this is tried at the lowest quality, seconds. Source: the
/// slow starts at 200 kbps in docs/design/decision-core.md.
const START_PATIENCE_S: f64 = 2.5;
/// While there is silence after a stall, a segment may take this long before it is given up, seconds.
const STALLED_PATIENCE_S: f64 = 2.0;
/// The lowest quality must take less than this share of the rest of a transfer given up while sound
/// runs: no more than sooner, since waiting for the rest means a stall. Measured against a half.
const FASTER_IN_SOUND: f64 = 1.0;
/// The same while there is silence: half a segment of medium is a whole one of low.
const FASTER_IN_SILENCE: f64 = 0.7;
/// A quality above what the link carries must leave this much, seconds: an outage of eight seconds
/// amid a slump is then not heard wherever it falls. Measured by moving it through one.
const RESERVE_S: f64 = 11.0;
/// And no more than this share of a shallow buffer.
const RESERVE_SHARE: f64 = 0.5;
/// What a switch costs, per unit of utility. Metric.
pub const SWITCH_COST: f64 = 0.5;

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Fetch the next missing segment.
    Fetch(Quality),
    /// Fetch a held segment again, better.
    Replace(Quality),
    /// Fetch nothing now.
    Wait,
    /// Let the sound run.
    Play,
}

impl Action {
    /// Every action in the table's order. The lowest quality replaces nothing.
    pub const ALL: [Self; ACTIONS] = [
        Self::Fetch(Quality::Low),
        Self::Fetch(Quality::Medium),
        Self::Fetch(Quality::High),
        Self::Fetch(Quality::Ultra),
        Self::Replace(Quality::Medium),
        Self::Replace(Quality::High),
        Self::Replace(Quality::Ultra),
        Self::Wait,
        Self::Play,
    ];
}

/// The best of the allowed actions, the first of equals; `None` if none is allowed.
#[must_use]
pub fn choose(look: &Look<'_>, allowed: impl Fn(Action) -> bool) -> Option<Action> {
    let mut options = Action::ALL.into_iter().filter(|action| allowed(*action));
    let first = options.next()?;
    if options.next().is_none() {
        return Some(first);
    }
    let kind = match look.steady {
        true => Kind::Steady,
        false if look.cap_s < DEEP_S => Kind::Shallow,
        false => Kind::Deep,
    };
    let worth = network::evaluate(kind, &features(look));
    let mut best = None;
    for (action, worth) in Action::ALL.into_iter().zip(worth) {
        if allowed(action) && best.is_none_or(|(_, most)| worth > most) {
            best = Some((action, worth));
        }
    }
    best.map(|(action, _)| action)
}

/// What a quality that the link does not carry must leave of a buffer that is filled to `cap_s`,
/// seconds.
#[must_use]
pub const fn reserve_s(cap_s: f64) -> f64 {
    RESERVE_S.min(RESERVE_SHARE * cap_s)
}

/// The rate of a transfer of which `came` bytes have come in `elapsed_s`, bytes per second: what it
/// showed, and the belief for as long as it showed little.
#[must_use]
pub fn arriving_bytes(belief: &Belief, came: f64, elapsed_s: f64) -> f64 {
    let believed = libm::exp2(belief.rate_log2) / 8.0;
    let body_s = (elapsed_s - belief.latency_s).max(0.0);
    ((came + believed * BELIEF_S) / (body_s + BELIEF_S)).max(0.125)
}

/// How long the rest of a transfer may take after `elapsed_s`, with `buffer_s` held, and the share of
/// that which the lowest quality may take at most, for it not to be given up.
#[must_use]
pub fn patience(sound: Sound, elapsed_s: f64, buffer_s: f64) -> (f64, f64) {
    match sound {
        Sound::Running => (buffer_s, FASTER_IN_SOUND),
        Sound::Starting(_) => ((START_PATIENCE_S - elapsed_s).max(0.0), FASTER_IN_SILENCE),
        Sound::Stalled => (STALLED_PATIENCE_S, FASTER_IN_SILENCE),
    }
}

/// What a segment gains if `new` takes the place of `old` between its neighbours.
#[must_use]
pub fn gain(before: Option<Quality>, old: Quality, new: Quality, after: Option<Quality>) -> f64 {
    let switch = |neighbour: Option<Quality>| {
        let Some(neighbour) = neighbour.map(utility) else { return 0.0 };
        (utility(new) - neighbour).abs() - (utility(old) - neighbour).abs()
    };
    utility(new) - utility(old) - SWITCH_COST * (switch(before) + switch(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Quality::{High, Low, Medium, Ultra};

    #[test]
    fn the_edge_of_a_run_gains_more_than_its_middle() {
        assert!((gain(None, Low, Ultra, None) - 0.4).abs() < 1e-12);
        assert!((gain(Some(Ultra), Low, Ultra, Some(Low)) - 0.4).abs() < 1e-12);
        assert!(gain(Some(Low), Low, Ultra, Some(Low)).abs() < 1e-12);
        assert!((gain(Some(High), Medium, High, Some(High)) - 0.22).abs() < 1e-12);
    }

    #[test]
    fn the_table_says_what_it_was_fitted_to() {
        assert!(header().starts_with("quicksync policy 1\n"), "{}", header());
        assert!(header().contains("traces"), "{}", header());
    }
}
