//! Plays a plan that says everything beforehand: what an optimum comes to in the same player.
//!
//! Decides nothing.

use crate::optimum::Plan;
use crate::player::{Agent, Event, Order, Sound, View};

/// A plan as an algorithm.
#[derive(Clone, Debug)]
pub struct Planned {
    plan: Plan,
    requested: usize,
    resumed: usize,
}

impl Planned {
    /// An algorithm that follows `plan`.
    #[must_use]
    pub const fn new(plan: Plan) -> Self {
        Self { plan, requested: 0, resumed: 0 }
    }
}

impl Agent for Planned {
    fn react(&mut self, _event: Event, view: &View<'_>, orders: &mut Vec<Order>) -> Option<u64> {
        let mut wake_us: Option<u64> = None;
        let mut soonest = |at_us: u64| wake_us = Some(wake_us.map_or(at_us, |us| us.min(at_us)));
        if let Some(resume) = self.plan.resumes.get(self.resumed)
            && view.sound != Sound::Running
        {
            if resume.at_us > view.now_us {
                soonest(resume.at_us);
            } else if view.buffer_us > 0 {
                orders.push(Order::Play);
                self.resumed += 1;
            }
        }
        if let Some(request_us) = self.plan.requests_us.get(self.requested)
            && view.transfer.is_none()
        {
            if *request_us > view.now_us {
                soonest(*request_us);
            } else {
                let segment = u32::try_from(self.requested).unwrap_or(u32::MAX);
                let rung = self.plan.rungs.get(self.requested).copied().unwrap_or(0);
                orders.push(Order::Fetch { segment, rung });
                self.requested += 1;
            }
        }
        wake_us
    }
}
