//! An algorithm that orders what a script says at the times it says.

use quicksync_sim::player::{Agent, Event, Order, View};

/// Orders with the seconds at which they are due.
pub struct Script {
    orders: Vec<(f64, Order)>,
    pub seen: Vec<(f64, Event)>,
}

impl Script {
    pub fn new(orders: &[(f64, Order)]) -> Self {
        Self { orders: orders.iter().rev().copied().collect(), seen: Vec::new() }
    }
}

impl Agent for Script {
    fn react(&mut self, event: Event, view: &View<'_>, orders: &mut Vec<Order>) -> Option<u64> {
        let now_s = view.now_us as f64 / 1e6;
        self.seen.push((now_s, event));
        while let Some((at_s, order)) = self.orders.last().copied() {
            if at_s > now_s + 1e-9 {
                return Some((at_s * 1e6).round() as u64);
            }
            self.orders.pop();
            orders.push(order);
        }
        None
    }
}
