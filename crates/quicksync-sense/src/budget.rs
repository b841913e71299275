//! How far a month's data will go, and what quality makes it last.
//!
//! Decides: the highest quality that the rest of the month can afford. Pure. Never: silence; a
//! budget that is used up still affords the lowest quality, and says so.
//!
//! # Model
//! What is left, over what is likely to be heard until the month is over, is the rate that can be
//! afforded. How much is heard in a day is learned from the days before, starting from a guess that
//! a week of evidence replaces. The rate changes a little every day, so quality falls by one rung
//! some days before it must, and rises again where the listener was sparing.

use quicksync_model::{Bitrate, Quality};

/// Guess at a day's listening, seconds.
const GUESS_S: f64 = 3600.0;
/// Days of evidence that weigh as much as the guess.
const GUESS_DAYS: f64 = 3.0;
/// What is kept back for manifests, headers and what is fetched and never heard.
const OVERHEAD: f64 = 1.08;
/// The least that is planned for: the month never ends with the last byte.
const LEAST_DAYS: f64 = 0.25;

/// A month's data and where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// Bytes for the whole month.
    pub bytes: u64,
    /// Bytes used so far.
    pub used_bytes: u64,
    /// Days until the next month begins, with their fraction.
    pub days_left: f64,
    /// Seconds of audio heard over the days known, on the networks that count.
    pub heard_s: f64,
    /// How many days are known.
    pub days_known: f64,
}

impl Budget {
    /// Bytes left.
    #[must_use]
    pub const fn left_bytes(&self) -> u64 {
        self.bytes.saturating_sub(self.used_bytes)
    }

    /// What the rest of the month can afford.
    #[must_use]
    pub fn affordable(&self) -> Bitrate {
        let days = self.days_known.max(0.0);
        let heard_s = self.heard_s.max(0.0);
        let daily_s = (heard_s + GUESS_S * GUESS_DAYS) / (days + GUESS_DAYS);
        let ahead_s = daily_s * self.days_left.max(LEAST_DAYS);
        Bitrate::from_kbps(whole(bits(self.left_bytes()) / OVERHEAD / ahead_s / 1e3))
    }

    /// The highest quality that the rest of the month can afford; `None` if that is every one.
    #[must_use]
    pub fn cap(&self) -> Option<Quality> {
        let affordable = self.affordable();
        let within = |quality: &Quality| quality.bitrate() <= affordable;
        let cap = Quality::ALL.into_iter().filter(within).max().unwrap_or(Quality::Low);
        (cap < Quality::Ultra).then_some(cap)
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody's month has 2^53 bytes")]
const fn bits(bytes: u64) -> f64 {
    bytes as f64 * 8.0
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast saturates, and a rate is never negative"
)]
const fn whole(kbps: f64) -> u32 {
    kbps as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONTH: i32 = 30;

    /// A month of somebody who hears so many hours a day and always the best that is allowed:
    /// the quality of each day and the bytes used.
    fn live(bytes: u64, hours_a_day: f64) -> (Vec<Quality>, f64) {
        let (mut used, mut days) = (0.0_f64, Vec::new());
        for day in 0..MONTH {
            let heard_s = f64::from(day) * hours_a_day * 3600.0;
            // Four looks a day, as there are many tracks in one.
            for part in 0..4 {
                let past = f64::from(day) + f64::from(part) / 4.0;
                let budget = Budget {
                    bytes,
                    used_bytes: f64_bytes(used),
                    days_left: f64::from(MONTH) - past,
                    heard_s: heard_s + hours_a_day * 900.0 * f64::from(part),
                    days_known: past,
                };
                let quality = budget.cap().unwrap_or(Quality::Ultra);
                used += f64::from(quality.bitrate().bps()) / 8.0 * hours_a_day * 900.0 * 1.02;
                if part == 0 {
                    days.push(quality);
                }
            }
        }
        (days, used)
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a test")]
    fn f64_bytes(bytes: f64) -> u64 {
        bytes as u64
    }

    #[test]
    fn a_month_ends_before_its_data_and_never_in_silence() {
        for (gb, hours) in [(2.0, 2.0), (4.0, 2.0), (1.0, 1.0), (3.0, 4.0), (6.0, 1.5)] {
            let bytes = f64_bytes(gb * 1e9);
            let (days, used) = live(bytes, hours);
            let needed_at_low = 8_000.0 * hours * 3600.0 * f64::from(MONTH) * 1.02;
            if needed_at_low < gb * 1e9 * 0.9 {
                assert!(used <= gb * 1e9, "{gb} GB, {hours} h: {used} {days:?}");
                assert!(used >= gb * 1e9 * 0.72, "{gb} GB, {hours} h: left over {used} {days:?}");
            }
            let steps = days
                .windows(2)
                .map(|pair| pair[0].bitrate().kbps().abs_diff(pair[1].bitrate().kbps()));
            assert!(steps.max().unwrap() <= 128, "one rung at a time: {days:?}");
        }
    }

    #[test]
    fn plenty_is_no_cap_and_nothing_left_is_the_lowest() {
        let plenty = Budget {
            bytes: 100_000_000_000,
            used_bytes: 0,
            days_left: 30.0,
            heard_s: 0.0,
            days_known: 0.0,
        };
        assert_eq!(plenty.cap(), None);
        let over = Budget { used_bytes: 200_000_000_000, ..plenty };
        assert_eq!((over.left_bytes(), over.cap()), (0, Some(Quality::Low)));
        let last_hour = Budget { days_left: 0.01, used_bytes: 99_000_000_000, ..plenty };
        assert_eq!(last_hour.cap(), None, "a gigabyte for an evening");
        let odd = Budget { days_left: f64::NAN, heard_s: -5.0, days_known: -1.0, ..plenty };
        assert_eq!(odd.cap(), None);
    }
}
