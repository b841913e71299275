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
