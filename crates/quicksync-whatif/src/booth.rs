//! One session's network, and the track that is played over it again and again.
//!
//! Converts: rows of numbers into transfers and a track, outcomes into rows of numbers.

use quicksync_sim::optimum::{Holding, Scenario, capped, unlimited};
use quicksync_sim::{Metric, Setup};

use crate::measured::{Measured, MeasuredTransfer, Unmeasured};
use crate::policies::POLICIES;

/// Numbers of a transfer: request, first byte (NaN if none came), end, milliseconds; bytes.
pub const TRANSFER: usize = 4;
/// Numbers of an outcome: value, mean kbps, stalls, stalled seconds, start-up seconds, wasted share.
pub const OUTCOME: usize = 6;
/// As many segments as a day has, and a half.
const MOST_TRANSFERS: usize = 32_768;
/// Tracks longer than this many segments are not replayed: about four hours.
const MOST_SEGMENTS: f64 = 4_096.0;
/// Longest segment, milliseconds.
const MOST_SEGMENT_MS: f64 = 60_000.0;

/// Why nothing can be replayed, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A number is none, below 0 or too large.
    Number = 1,
    /// See [`Unmeasured::Nothing`].
    Nothing = 2,
    /// See [`Unmeasured::Order`].
    Order = 3,
    /// See [`Unmeasured::TooLong`].
    TooLong = 4,
    /// No player could play such a track.
    Track = 5,
}

/// What is asked about one session.
#[derive(Debug, Default)]
pub struct Booth {
    /// Where transfers are read from, [`TRANSFER`] numbers each.
    pub transfers: Vec<f64>,
    /// Where answers are written to.
    pub tray: [f64; OUTCOME],
    prepared: Option<(Measured, Setup)>,
}

impl Booth {
    /// Nothing asked yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { transfers: Vec::new(), tray: [0.0; OUTCOME], prepared: None }
    }

    /// Makes room for so many transfers; false if that is too many.
    pub fn make_room(&mut self, count: usize) -> bool {
        self.prepared = None;
        self.transfers.clear();
        if count <= MOST_TRANSFERS {
            self.transfers.resize(count * TRANSFER, 0.0);
        }
        count <= MOST_TRANSFERS
    }

    /// Makes a network of the transfers, and a track of so many segments; a cap below 0 is none.
    /// Puts the span of the network and the measured part of it in the tray, seconds.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub fn prepare(&mut self, segment_ms: f64, segments: f64, cap_ms: f64) -> Result<(), Refusal> {
        self.prepared = None;
        let transfers: Option<Vec<_>> = self.transfers.chunks(TRANSFER).map(transfer).collect();
        let measured = Measured::of(&transfers.ok_or(Refusal::Number)?).map_err(refusal)?;
        let setup = setup(segment_ms, segments, cap_ms).ok_or(Refusal::Track)?;
        self.tray[0] = seconds(measured.span_us);
        self.tray[1] = seconds(measured.measured_us);
        self.prepared = Some((measured, setup));
        Ok(())
    }

    /// Plays one policy and puts its outcome in the tray; false if there is none such, or it comes to no
    /// end on this network.
    pub fn play(&mut self, policy: usize) -> bool {
        let Some((measured, setup)) = &self.prepared else { return false };
        let Some(policy) = POLICIES.get(policy) else { return false };
        let Some(outcome) = policy.play(setup, &measured.trace) else { return false };
        self.tray = [
            outcome.qoe,
            outcome.mean_kbps,
            f64::from(outcome.stalls),
            outcome.stalled_s,
            outcome.startup_s,
            outcome.wasted_share,
        ];
        true
    }

    /// Puts in the tray what nobody can beat who knows the network and has this buffer, at least and at
    /// most; false if that cannot be found.
    pub fn optimum(&mut self) -> bool {
        let Some((measured, setup)) = &self.prepared else { return false };
        let scenario = Scenario { holding: Holding::Free, ..Scenario::of(setup, &Metric::m1()) };
        let bounds = match setup.cap_us() {
            Some(cap_us) => capped(&measured.trace, &scenario, cap_us),
            None => unlimited(&measured.trace, &scenario),
        };
        let Some(bounds) = bounds else { return false };
        (self.tray[0], self.tray[1]) = (bounds.lower, bounds.upper);
        true
    }
}

fn transfer(row: &[f64]) -> Option<MeasuredTransfer> {
    let [start_ms, first_byte_ms, end_ms, bytes] = *row else { return None };
    let came = !first_byte_ms.is_nan();
    Some(MeasuredTransfer {
        start_us: micros(start_ms)?,
        first_byte_us: if came { Some(micros(first_byte_ms)?) } else { None },
        end_us: micros(end_ms)?,
        bytes: whole(bytes)?,
    })
}

fn setup(segment_ms: f64, segments: f64, cap_ms: f64) -> Option<Setup> {
    if !(segments <= MOST_SEGMENTS && segment_ms <= MOST_SEGMENT_MS) {
        return None;
    }
    let segments = u32::try_from(whole(segments)?).ok()?;
    let cap_us = if cap_ms < 0.0 { None } else { Some(micros(cap_ms)?) };
    Setup::new(micros(segment_ms)?, segments, cap_us).ok()
}

fn micros(ms: f64) -> Option<u64> {
    whole((ms * 1e3).round())
}

/// A whole number up to 2^53; a fraction is cut off.
fn whole(number: f64) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 2^53"
    )]
    (0.0..=9_007_199_254_740_992.0).contains(&number).then_some(number as u64)
}

#[expect(clippy::cast_precision_loss, reason = "a day of microseconds fits in 53 bits")]
fn seconds(us: u64) -> f64 {
    us as f64 / 1e6
}

const fn refusal(why: Unmeasured) -> Refusal {
    match why {
        Unmeasured::Nothing => Refusal::Nothing,
        Unmeasured::Order => Refusal::Order,
        Unmeasured::TooLong => Refusal::TooLong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(transfers: &[[f64; TRANSFER]]) -> Booth {
        let mut booth = Booth::new();
        assert!(booth.make_room(transfers.len()));
        booth.transfers.copy_from_slice(transfers.as_flattened());
        booth
    }

    const STEADY: [[f64; TRANSFER]; 1] = [[1000.0, 1100.0, 11_100.0, 1_250_000.0]];

    #[test]
    fn every_policy_plays_a_steady_link() {
        let mut booth = asked(&STEADY);
        assert!(!booth.play(0), "nothing prepared");
        booth.prepare(3840.0, 20.0, 30_000.0).unwrap();
        assert_eq!(format!("{:?}", &booth.tray[..2]), "[10.1, 10.0]");
        for (index, policy) in POLICIES.iter().enumerate() {
            assert!(booth.play(index), "{}", policy.name);
            assert!(
                booth.tray[0] > 0.5 && booth.tray[2] <= 0.0,
                "{} {:?}",
                policy.name,
                booth.tray
            );
        }
        assert!(!booth.play(POLICIES.len()));
        let best = POLICIES.iter().enumerate().map(|(index, _)| {
            booth.play(index);
            booth.tray[0]
        });
        let best = best.fold(0.0, f64::max);
        assert!(booth.optimum() && booth.tray[1] >= best, "{best} {:?}", booth.tray);
    }

    #[test]
    fn nonsense_is_refused_by_its_number() {
        for (row, why) in [
            ([f64::NAN, 1.0, 2.0, 3.0], Refusal::Number),
            ([-1.0, 1.0, 2.0, 3.0], Refusal::Number),
            ([0.0, 1.0, f64::INFINITY, 3.0], Refusal::Number),
            ([0.0, 1.0, 2.0, 0.0], Refusal::Nothing),
            ([0.0, f64::NAN, 2.0, 5.0], Refusal::Order),
            ([0.0, 1.0, 1e9, 5.0], Refusal::TooLong),
        ] {
            assert_eq!(asked(&[row]).prepare(3840.0, 20.0, -1.0), Err(why), "{row:?}");
        }
        for (segment_ms, segments, cap_ms) in [
            (0.0, 20.0, -1.0),
            (f64::NAN, 20.0, -1.0),
            (3840.0, 0.0, -1.0),
            (3840.0, 1e6, -1.0),
            (3840.0, 20.0, 1000.0),
            (3840.0, 20.0, f64::NAN),
        ] {
            let refused = asked(&STEADY).prepare(segment_ms, segments, cap_ms);
            assert_eq!(refused, Err(Refusal::Track), "{segment_ms} {segments} {cap_ms}");
        }
        assert!(!Booth::new().make_room(MOST_TRANSFERS + 1));
    }
}
