//! What nobody can beat: the value of the best plan for one who knows the network trace.
//!
//! Proves: a lower bound, by a plan that can be played, and an upper bound, by a search that rounds
//! everything in favour of the plan. Never: a clock, randomness, an algorithm that does not know
//! what comes. Why the bounds hold, and how far they are apart: `docs/design/optimum.md`.

mod compose;
mod fronts;
mod hindsight;
mod link;
mod outlook;
mod plan;
mod scenario;
mod search;
#[cfg(test)]
mod tests;
mod unlimited;

pub use plan::{Plan, PlanError, Played, Resume, play_plan};
pub use scenario::{Holding, Scenario};
pub use search::capped;
pub use unlimited::unlimited;

use crate::trace::NetworkTrace;

/// How far a finished playback stayed behind the optimum of the network it had.
#[derive(Clone, Debug, PartialEq)]
pub struct Distance {
    /// Of the metric's value, at least.
    pub at_least: f64,
    /// Of the metric's value, at most.
    pub at_most: f64,
    /// What it is compared with.
    pub bounds: Bounds,
}

/// The distance of a playback worth `value` from the optimum: of a player that holds at most `cap_us`,
/// or of one that holds any amount and may replace. Segments may differ in bytes; a short last one
/// counts as whole, as in the metric. A few hundred milliseconds, seconds where stalls cannot be
/// avoided: work for the background. `None` as in [`capped`].
#[must_use]
pub fn distance(
    trace: &NetworkTrace,
    scenario: &Scenario,
    cap_us: Option<u64>,
    value: f64,
) -> Option<Distance> {
    let bounds = match cap_us {
        Some(cap_us) => capped(trace, scenario, cap_us)?,
        None => unlimited(trace, scenario)?,
    };
    let (at_least, at_most) = (bounds.lower - value, bounds.upper - value);
    Some(Distance { at_least: at_least.max(0.0), at_most: at_most.max(0.0), bounds })
}

/// The optimum's value is between these.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    /// What `plan` is worth.
    pub lower: f64,
    /// No plan is worth more.
    pub upper: f64,
    /// A plan that [`play_plan`] plays.
    pub plan: Plan,
}
