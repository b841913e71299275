//! Which of a player's reports are news.
//!
//! Reports of CMCD's event mode may come late, in any order and more than once: a player sends again
//! what was not acknowledged. Decides, by the instant (`ts`) and the number (`sn`) of each, which are
//! repeated and which are older than what was heard. Never: what a report says.

use quicksync_sense::Cmcd;

/// Reports behind the newest whose repetitions are noticed.
const WINDOW: u32 = u128::BITS;

/// How a report comes after those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// The newest so far.
    News,
    /// Older than another that was heard: what it says of the present is over.
    Late,
    /// Heard before.
    Again,
}

/// The reports heard of one playback session.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reports {
    newest_ms: Option<i64>,
    highest: Option<u64>,
    /// Bit n: the report of number `highest - n` was heard.
    heard: u128,
}

impl Reports {
    /// Takes one in. A player that says neither instant nor number is believed to be in order.
    pub(super) fn hear(&mut self, report: &Cmcd) -> Arrival {
        let is_newer = report.at_ms.zip(self.newest_ms).is_none_or(|(at, newest)| at > newest);
        let is_late = report.at_ms.zip(self.newest_ms).is_some_and(|(at, newest)| at < newest);
        if let Some(number) = report.sequence {
            if is_newer && self.is_known(number) {
                // A player that was opened again under the same session counts from 0.
                *self = Self { newest_ms: self.newest_ms, ..Self::default() };
            }
            if self.is_known(number) {
                return Arrival::Again;
            }
            self.note(number);
        }
        self.newest_ms = self.newest_ms.max(report.at_ms);
        if is_late { Arrival::Late } else { Arrival::News }
    }

    /// What lies before the window counts as heard.
    fn is_known(&self, number: u64) -> bool {
        let behind = self.highest.and_then(|highest| highest.checked_sub(number));
        behind.is_some_and(|behind| {
            let bit = u32::try_from(behind).ok().and_then(|behind| 1_u128.checked_shl(behind));
            bit.is_none_or(|bit| self.heard & bit != 0)
        })
    }

    fn note(&mut self, number: u64) {
        let highest = self.highest.unwrap_or(number).max(number);
        let moved = highest - self.highest.unwrap_or(highest);
        let moved = u32::try_from(moved).unwrap_or(WINDOW);
        self.heard = self.heard.checked_shl(moved).unwrap_or_default();
        let behind = u32::try_from(highest - number).unwrap_or(WINDOW);
        self.heard |= 1_u128.checked_shl(behind).unwrap_or_default();
        self.highest = Some(highest);
    }
}

#[cfg(test)]
mod tests {
    use Arrival::{Again, Late, News};

    use super::*;

    fn play(steps: &[(Option<i64>, Option<u64>, Arrival)]) {
        let mut reports = Reports::default();
        for (n, (at_ms, sequence, expected)) in steps.iter().copied().enumerate() {
            let report = Cmcd { at_ms, sequence, ..Cmcd::default() };
            assert_eq!(reports.hear(&report), expected, "{n} of {steps:?}");
        }
    }

    #[test]
    fn reports_are_heard_once_and_the_newest_counts() {
        let at = |ms: i64, n: u64| (Some(ms), Some(n));
        let step = |(ms, n), standing| (ms, n, standing);
        play(&[
            step(at(100, 0), News),
            step(at(100, 1), News),
            step(at(300, 3), News),
            step(at(200, 2), Late),
            step(at(200, 2), Again),
            step(at(100, 0), Again),
            step(at(300, 3), Again),
            step(at(400, 4), News),
        ]);
        // Gaps, small and large; what is long past is not looked for.
        play(&[
            step(at(100, 5), News),
            step(at(50, 4), Late),
            step(at(200, 1000), News),
            step(at(150, 999), Late),
            step(at(150, 999), Again),
            step(at(100, 6), Again),
            step(at(300, u64::MAX), News),
            step(at(301, u64::MAX), News),
        ]);
    }

    #[test]
    fn a_player_opened_again_under_one_session_counts_anew() {
        play(&[
            (Some(100), Some(0), News),
            (Some(200), Some(1), News),
            (Some(900), Some(0), News),
            (Some(950), Some(1), News),
            (Some(950), Some(1), Again),
        ]);
    }

    #[test]
    fn who_says_no_number_is_ordered_by_instants_and_who_says_neither_is_believed() {
        play(&[(Some(9), None, News), (Some(9), None, News), (Some(8), None, Late)]);
        play(&[(None, None, News), (None, None, News)]);
        play(&[(None, Some(3), News), (None, Some(2), News)]);
    }
}
