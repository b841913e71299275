//! A plan, played: what it is worth, or what a player could not do.
//!
//! Decides nothing: the trace and the plan say everything.

use std::cmp::max;

use super::scenario::Scenario;
use crate::trace::NetworkTrace;

/// When playback starts or goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resume {
    /// With the beginning of which segment.
    pub segment: usize,
    /// When.
    pub at_us: u64,
}

/// What an optimum does: each segment fetched once, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The rung of each segment.
    pub rungs: Vec<usize>,
    /// When each request leaves, from pressing play.
    pub requests_us: Vec<u64>,
    /// The start, and the end of every stall.
    pub resumes: Vec<Resume>,
}

/// What a plan came to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Played {
    /// The metric's value.
    pub value: f64,
    /// From pressing play to the first sound, microseconds.
    pub startup_us: u64,
    /// How many times the sound stopped.
    pub stalls: u32,
    /// For how long in all, microseconds.
    pub stalled_us: u64,
}

/// Why a player could not follow a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// It has not one rung and one request for every segment of the ladder.
    #[error("the plan is not for this track")]
    Shape,
    /// Two transfers at once, or more than the buffer may hold.
    #[error("segment {0} is requested too early")]
    Early(usize),
    /// The trace carries nothing.
    #[error("segment {0} never arrives")]
    Never(usize),
    /// The sound stops, and the plan does not say when it goes on, or goes on without media.
    #[error("the plan does not say how playback goes on with segment {0}")]
    Resume(usize),
}

/// Plays a plan: one transfer at a time; a request leaves when what is held, and its own segment,
/// are together at most `cap_us`; the sound stops when a segment is not there in time.
///
/// # Errors
/// See [`PlanError`].
pub fn play_plan(
    trace: &NetworkTrace,
    scenario: &Scenario,
    cap_us: Option<u64>,
    plan: &Plan,
) -> Result<Played, PlanError> {
    let segments = scenario.bytes.len();
    if plan.rungs.len() != segments || plan.requests_us.len() != segments {
        return Err(PlanError::Shape);
    }
    let mut resumes = plan.resumes.iter();
    let mut played = Played::default();
    let (mut free_us, mut delay_us, mut since) = (0, 0, 0);
    for (segment, (rung, request)) in plan.rungs.iter().zip(&plan.requests_us).enumerate() {
        let bytes = scenario.bytes[segment].get(*rung).ok_or(PlanError::Shape)?;
        let begins_us = position_us(scenario, segment);
        let level_us = if segment == 0 {
            0
        } else {
            let played_us = max(*request, begins_of(scenario, since, delay_us)) - delay_us;
            begins_us.saturating_sub(played_us)
        };
        let room = cap_us.is_none_or(|cap| level_us + scenario.segment_us <= cap);
        if *request < free_us || !room {
            return Err(PlanError::Early(segment));
        }
        let sent_us = request + trace.latency_us(*request);
        free_us = trace.finish_us(sent_us, *bytes).ok_or(PlanError::Never(segment))?;
        if segment == 0 || free_us > begins_us + delay_us {
            let resume = resumes.next().filter(|resume| resume.segment == segment);
            let at_us = resume.map(|resume| resume.at_us).filter(|at| *at >= free_us);
            let next_us = at_us.ok_or(PlanError::Resume(segment))? - begins_us;
            if segment == 0 {
                played.startup_us = next_us;
            } else {
                played.stalls += 1;
                played.stalled_us += next_us - delay_us;
            }
            (delay_us, since) = (next_us, segment);
        }
    }
    played.value = value(scenario, plan, &played);
    Ok(played)
}

/// When playback starts or goes on with a segment.
fn begins_of(scenario: &Scenario, segment: usize, delay_us: u64) -> u64 {
    position_us(scenario, segment) + delay_us
}

fn position_us(scenario: &Scenario, segment: usize) -> u64 {
    scenario.segment_us * u64::try_from(segment).unwrap_or(u64::MAX)
}

fn value(scenario: &Scenario, plan: &Plan, played: &Played) -> f64 {
    let metric = &scenario.metric;
    let seconds = |us| std::time::Duration::from_micros(us).as_secs_f64();
    let heard: f64 = plan.rungs.iter().map(|rung| scenario.utility[*rung]).sum();
    let step = |pair: &[usize]| (scenario.utility[pair[1]] - scenario.utility[pair[0]]).abs();
    let switches: f64 = plan.rungs.windows(2).map(step).sum();
    let silence = metric.stall_event * f64::from(played.stalls)
        + metric.stall_s * seconds(played.stalled_us)
        + metric.startup_s * seconds(played.startup_us);
    let segments = u32::try_from(plan.rungs.len()).unwrap_or(u32::MAX).max(1);
    (heard - metric.switch * switches - silence) / f64::from(segments)
}
