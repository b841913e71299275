//! What an answer says of a listener's network: `CMSD-Dynamic` (CTA-5006).
//!
//! Decides: which keys there are, and for how long a user's rules are told that were looked up once.
//! Never: what is believed.

use axum::http::HeaderValue;
use quicksync_model::Timestamp;
use quicksync_sense::Estimate;
use quicksync_store::PreferenceRow;

use super::advice::weigh;
use super::bounds::Bounds;
use super::load::{Cause, Load};
use super::standing::{Cap, Standing};
use super::surroundings::Surroundings;

/// How old a bound may be where data is counted: about four segments, of the thousands that a month's
/// budget is spent on. Nothing else lets rules age: changed ones are told at once.
const FRESH_US: u64 = 15 * 1_000_000;

/// What the rules are that hold for a device, and when that was so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ruled {
    at: Timestamp,
    of: Occasion,
    preferences: PreferenceRow,
    cap: Option<Cap>,
    has_budget: bool,
}

/// What other rules may follow from: [`Store::changes`](quicksync_store::Store::changes), and where
/// the device is.
pub(super) type Occasion = (u64, Surroundings);

impl Ruled {
    pub(super) fn new(standing: &Standing, of: Occasion, at: Timestamp) -> Self {
        let (preferences, cap) = (standing.preferences, standing.cap());
        Self { at, of, preferences, cap, has_budget: standing.budget.is_some() }
    }

    /// Whether they hold still.
    pub(super) fn holds(&self, of: Occasion, now: Timestamp) -> bool {
        // A clock that was set back says nothing of how long ago that was.
        let is_fresh = self.at <= now && now.micros_since(self.at) < FRESH_US;
        self.of == of && (is_fresh || !self.has_budget)
    }
}

/// The keys and their values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys {
    /// `etp`: the rate believed, kbps, if there is evidence of any.
    etp: Option<f64>,
    /// `rtt`: milliseconds.
    rtt: Option<u32>,
    /// `mb`: the highest rate that is wanted, kbps, where a cap or a busy host says so.
    mb: Option<u32>,
    /// `du`: segments wait to be encoded.
    du: bool,
}

impl Keys {
    pub(super) fn new(
        ruled: &Ruled,
        (estimate, rtt_us): (&Estimate, Option<u32>),
        load: &Load,
        now: Timestamp,
    ) -> Self {
        let (_, host_cap) = weigh(ruled.preferences, estimate.throughput, load);
        let bounds = Bounds::new(ruled.preferences.mode, ruled.cap, host_cap);
        let is_known = estimate.confidence(now) > 0.0;
        Self {
            etp: is_known.then(|| estimate.throughput.kbps().round()),
            rtt: rtt_us.map(|us| us.div_ceil(1000)),
            mb: bounds.cap().map(|cap| cap.quality.bitrate().kbps()),
            du: load.cause == Some(Cause::EncodeQueue),
        }
    }

    /// The value of the header; `None` if there is nothing to say.
    pub(super) fn header(self) -> Option<HeaderValue> {
        let Self { etp, rtt, mb, du } = self;
        let etp = etp.map(|kbps| format!(";etp={kbps:.0}"));
        let rtt = rtt.map(|ms| format!(";rtt={ms}"));
        let mb = mb.map(|kbps| format!(";mb={kbps}"));
        let du = du.then(|| ";du".to_owned());
        let words: String = [etp, rtt, mb, du].into_iter().flatten().collect();
        let value = (!words.is_empty()).then(|| format!("\"quicksync\"{words}"));
        value.and_then(|value| HeaderValue::try_from(value).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_hold_until_they_change_and_age_only_where_data_is_counted() {
        let (at, here) = (Timestamp::from_micros(1_000_000_000), Surroundings::default());
        let elsewhere = Surroundings { saves_data: true, ..here };
        for (has_budget, of, later_s, holds) in [
            (false, (7, here), 0, true),
            (false, (7, here), 3600, true),
            (false, (7, here), -1, true),
            (false, (8, here), 0, false),
            (false, (7, elsewhere), 0, false),
            (true, (7, here), 14, true),
            (true, (7, here), 15, false),
            (true, (7, here), -1, false),
            (true, (8, here), 0, false),
        ] {
            let preferences = PreferenceRow::default();
            let ruled = Ruled { at, of: (7, here), preferences, cap: None, has_budget };
            let now = Timestamp::from_micros(at.as_micros() + later_s * 1_000_000);
            assert_eq!(ruled.holds(of, now), holds, "{has_budget} {of:?} after {later_s} s");
        }
    }
}
