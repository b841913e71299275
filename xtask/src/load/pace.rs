//! Who asks next, and when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

/// Connections by the instant at which they are to ask.
#[derive(Debug, Default)]
pub(super) struct Schedule(BinaryHeap<Reverse<(Instant, usize)>>);

impl Schedule {
    pub(super) fn add(&mut self, due: Instant, index: usize) {
        self.0.push(Reverse((due, index)));
    }

    /// When the next connection is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.peek().map(|Reverse((due, _))| *due)
    }

    /// One that is due by now.
    pub(super) fn pop(&mut self, now: Instant) -> Option<(Instant, usize)> {
        self.next().filter(|due| *due <= now)?;
        self.0.pop().map(|Reverse(entry)| entry)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_earliest_comes_first_and_none_too_soon() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut schedule = Schedule::default();
        for (seconds, index) in [(3, 0), (1, 1), (2, 2)] {
            schedule.add(at(seconds), index);
        }
        assert_eq!(schedule.pop(at(0)), None);
        assert_eq!(schedule.pop(at(2)), Some((at(1), 1)));
        assert_eq!(schedule.pop(at(2)), Some((at(2), 2)));
        assert_eq!((schedule.pop(at(2)), schedule.next()), (None, Some(at(3))));
    }
}
