//! Why a playback session decided as it did: a code and numbers for programs, one plain sentence for
//! people.
//!
//! Sentences round by integer arithmetic, so that the browser's core carries no code that prints
//! fractions.

use core::fmt;

use quicksync_model::Quality;

use super::input::DevicePressure;
use crate::HostLoad;

/// What was known when a quality was chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Situation {
    /// The rate that was expected, kbps; zero if nothing is known.
    pub expected_kbps: f64,
    /// The rate that the quality in question needs, kbps.
    pub needed_kbps: f64,
    /// Media ahead of the playhead, seconds.
    pub buffer_s: f64,
}

/// Why. Displays as one plain sentence without a full stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// The first segment: the network is known little or not at all.
    First(Quality, Situation),
    /// As before: still the best.
    Kept(Quality, Situation),
    /// Higher than before.
    Raised(Quality, Situation),
    /// Lower than before. The situation names the quality given up.
    Dropped(Quality, Situation),
    /// The listener holds this quality.
    Chosen(Quality),
    /// The network would allow more; the server is busy.
    HostBusy(Quality, HostLoad),
    /// The network would allow more; the device is near its limits.
    DeviceBusy(Quality, DevicePressure),
    /// The network would allow more; the data budget would not last.
    Budget {
        /// What was chosen.
        quality: Quality,
        /// What is left, bytes.
        left_bytes: u64,
    },
    /// A better copy of what is held already.
    Upgrade {
        /// What is held.
        from: Quality,
        /// What replaces it.
        to: Quality,
        /// The situation names `to`.
        situation: Situation,
    },
    /// The present track is complete; the next one begins without a gap.
    NextTrack(Quality, Situation),
    /// The transfer would outlast the buffer.
    TooSlow {
        /// What is given up.
        quality: Quality,
        /// The rate it arrives at, kbps.
        arriving_kbps: f64,
        /// How long the rest would take, seconds; at most 999.
        rest_s: f64,
        /// Media ahead of the playhead, seconds.
        buffer_s: f64,
    },
    /// The listener moved: this segment is not needed now.
    NotNeeded,
    /// The buffer is deep enough to begin.
    Ready(Situation),
    /// The buffer is deep enough to go on after a stall.
    Recovered(Situation),
    /// A transfer is under way.
    Waiting(Situation),
    /// The buffer is as deep as it may be.
    Full {
        /// Media ahead of the playhead, seconds.
        buffer_s: f64,
        /// Where fetching stops, seconds.
        ceiling_s: f64,
    },
    /// Nothing is fetched before the listener presses play.
    NotPressed,
    /// A transfer failed; it is tried again later.
    BackingOff {
        /// Failures in a row.
        failures: u32,
        /// Media ahead of the playhead, seconds.
        buffer_s: f64,
    },
    /// Everything there is, is held.
    Complete,
    /// The listener's rules for this network, or for a month's data, allow no more.
    Capped(Quality),
}

/// Every code, in the order of [`Reason::number`]. New ones come last: their place is part of the
/// interface to JavaScript.
const CODES: [&str; 20] = [
    "first",
    "kept",
    "raised",
    "dropped",
    "chosen",
    "host_busy",
    "device_busy",
    "budget",
    "upgrade",
    "next_track",
    "too_slow",
    "not_needed",
    "ready",
    "recovered",
    "waiting",
    "full",
    "not_pressed",
    "backing_off",
    "complete",
    "capped",
];

impl Reason {
    /// Every code, in the order of [`Self::number`].
    pub const CODES: &[&str] = &CODES;

    /// The stable word of logs and interfaces.
    #[must_use]
    pub const fn code(self) -> &'static str {
        CODES[self.number()]
    }

    /// The code's place in [`Self::CODES`].
    #[must_use]
    pub const fn number(self) -> usize {
        match self {
            Self::First(..) => 0,
            Self::Kept(..) => 1,
            Self::Raised(..) => 2,
            Self::Dropped(..) => 3,
            Self::Chosen(..) => 4,
            Self::HostBusy(..) => 5,
            Self::DeviceBusy(..) => 6,
            Self::Budget { .. } => 7,
            Self::Upgrade { .. } => 8,
            Self::NextTrack(..) => 9,
            Self::TooSlow { .. } => 10,
            Self::NotNeeded => 11,
            Self::Ready(..) => 12,
            Self::Recovered(..) => 13,
            Self::Waiting(..) => 14,
            Self::Full { .. } => 15,
            Self::NotPressed => 16,
            Self::BackingOff { .. } => 17,
            Self::Complete => 18,
            Self::Capped(..) => 19,
        }
    }

    /// The numbers of the sentence: rates in kbps, times in seconds, shares in percent; a quality
    /// or a pressure is its place, lowest first.
    pub fn numbers(self) -> impl Iterator<Item = f64> {
        let three = |a, b, c| [Some(a), Some(b), Some(c), None];
        let two = |a, b| [Some(a), Some(b), None, None];
        let one = |a| [Some(a), None, None, None];
        let numbers = match self {
            Self::Upgrade { from, situation: at, .. } => [
                Some(at.expected_kbps),
                Some(at.needed_kbps),
                Some(at.buffer_s),
                Some(f64::from(from as u8)),
            ],
            Self::HostBusy(_, load) => two(load.cpu_percent, load.memory_percent),
            Self::DeviceBusy(_, pressure) => one(f64::from(pressure as u8)),
            Self::Budget { left_bytes, .. } => one(as_f64(left_bytes)),
            Self::TooSlow { arriving_kbps, rest_s, buffer_s, .. } => {
                three(arriving_kbps, rest_s, buffer_s)
            }
            Self::Full { buffer_s, ceiling_s } => two(buffer_s, ceiling_s),
            Self::BackingOff { failures, buffer_s } => two(f64::from(failures), buffer_s),
            other => other
                .situation()
                .map_or([None; 4], |at| three(at.expected_kbps, at.needed_kbps, at.buffer_s)),
        };
        numbers.into_iter().flatten()
    }

    /// What was known, where the network decided.
    #[must_use]
    pub const fn situation(self) -> Option<Situation> {
        match self {
            Self::First(_, situation)
            | Self::Kept(_, situation)
            | Self::Raised(_, situation)
            | Self::Dropped(_, situation)
            | Self::Upgrade { situation, .. }
            | Self::NextTrack(_, situation)
            | Self::Ready(situation)
            | Self::Recovered(situation)
            | Self::Waiting(situation) => Some(situation),
            _ => None,
        }
    }
}

/// A number rounded to the nearest integer; what is below zero or no number is 0.
struct Whole(f64);

impl fmt::Display for Whole {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast saturates, and NaN becomes zero"
    )]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", libm::floor(self.0 + 0.5) as u32)
    }
}

/// A number rounded to the nearest tenth; what is below zero or no number is 0.0.
struct Tenths(f64);

impl fmt::Display for Tenths {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast saturates, and NaN becomes zero"
    )]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = libm::floor(self.0 * 10.0 + 0.5) as u32;
        write!(f, "{}.{}", tenths / 10, tenths % 10)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a byte in 9 petabytes decides nothing")]
const fn as_f64(bytes: u64) -> f64 {
    bytes as f64
}

impl fmt::Display for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.expected_kbps > 0.0 {
            write!(f, "{} kbps expected, ", Whole(self.expected_kbps))?;
        }
        if self.needed_kbps > 0.0 {
            write!(f, "{} needed, ", Whole(self.needed_kbps))?;
        }
        write!(f, "{} s of buffer", Tenths(self.buffer_s))
    }
}

impl fmt::Display for DevicePressure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl DevicePressure {
    /// Every pressure, lowest first.
    pub const ALL: [Self; 4] = [Self::Nominal, Self::Fair, Self::Serious, Self::Critical];

    /// The lower-case word of the Compute Pressure API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nominal => "nominal",
            Self::Fair => "fair",
            Self::Serious => "serious",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::First(quality, at) => write!(f, "Starting at {quality}: {at}"),
            Self::Kept(quality, at) => write!(f, "Staying at {quality}: {at}"),
            Self::Raised(quality, at) => write!(f, "Raised to {quality}: {at}"),
            Self::Dropped(quality, at) => write!(f, "Dropped to {quality}: {at}"),
            Self::Chosen(quality) => write!(f, "Held at {quality}: you chose it"),
            Self::Capped(quality) => write!(f, "Limited to {quality}: your rules allow no more"),
            Self::HostBusy(quality, load) => write!(
                f,
                "Limited to {quality}: the server is busy (CPU {} %, memory {} %)",
                Whole(load.cpu_percent),
                Whole(load.memory_percent)
            ),
            Self::DeviceBusy(quality, pressure) => {
                write!(f, "Limited to {quality}: this device is under {pressure} pressure")
            }
            Self::Budget { quality, left_bytes } => {
                let left_mb = Tenths(as_f64(left_bytes) / 1e6);
                write!(f, "Limited to {quality}: {left_mb} MB of the data budget left")
            }
            Self::Upgrade { from, to, situation } => {
                write!(f, "Replacing {from} with {to}: {situation}")
            }
            Self::NextTrack(quality, at) => {
                write!(f, "Loading the next track at {quality}: {at}")
            }
            Self::TooSlow { quality, arriving_kbps, rest_s, buffer_s } => write!(
                f,
                "Gave up on {quality}: {} kbps arriving, {} s to go, {} s of buffer",
                Whole(arriving_kbps),
                Tenths(rest_s),
                Tenths(buffer_s)
            ),
            other => other.fmt_state(f),
        }
    }
}

impl Reason {
    /// The sentences that name no quality.
    fn fmt_state(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNeeded => f.write_str("Gave up on a segment: you moved elsewhere"),
            Self::Ready(at) => write!(f, "Playing: {at}"),
            Self::Recovered(at) => write!(f, "Going on: {at}"),
            Self::Waiting(at) => write!(f, "Waiting for a segment: {at}"),
            Self::Full { buffer_s, ceiling_s } => {
                let (buffer, ceiling) = (Tenths(buffer_s), Whole(ceiling_s));
                write!(f, "Nothing to fetch: {buffer} s of buffer, {ceiling} wanted")
            }
            Self::NotPressed => f.write_str("Nothing is fetched before you press play"),
            Self::BackingOff { failures, buffer_s } => {
                let times = if failures == 1 { "time" } else { "times" };
                let buffer = Tenths(buffer_s);
                write!(f, "Trying again soon: failed {failures} {times}, {buffer} s of buffer")
            }
            _ => f.write_str("Nothing to fetch: everything is here"),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::*;
    use Quality::{High, Low, Medium};
    use expect_test::expect;

    #[test]
    fn reasons_are_sentences() {
        let at = Situation { expected_kbps: 180.2, needed_kbps: 256.0, buffer_s: 4.06 };
        let unknown = Situation { expected_kbps: 0.0, ..at };
        let load = HostLoad { cpu_percent: 91.0, memory_percent: 40.0 };
        let reasons = [
            Reason::First(Medium, unknown),
            Reason::Kept(High, at),
            Reason::Raised(High, at),
            Reason::Dropped(Medium, at),
            Reason::Chosen(Low),
            Reason::HostBusy(Medium, load),
            Reason::DeviceBusy(Medium, DevicePressure::Critical),
            Reason::Budget { quality: Low, left_bytes: 3_190_000 },
            Reason::Upgrade { from: Low, to: High, situation: at },
            Reason::NextTrack(Medium, at),
            Reason::TooSlow { quality: High, arriving_kbps: 12.4, rest_s: 81.0, buffer_s: 4.06 },
            Reason::NotNeeded,
            Reason::Ready(at),
            Reason::Recovered(at),
            Reason::Waiting(at),
            Reason::Full { buffer_s: 29.4, ceiling_s: 30.0 },
            Reason::NotPressed,
            Reason::BackingOff { failures: 1, buffer_s: 4.06 },
            Reason::BackingOff { failures: 3, buffer_s: 4.06 },
            Reason::Complete,
            Reason::Capped(Medium),
        ];
        let lines: Vec<_> = reasons.iter().map(ToString::to_string).collect();
        expect![[r#"
            Starting at medium: 256 needed, 4.1 s of buffer
            Staying at high: 180 kbps expected, 256 needed, 4.1 s of buffer
            Raised to high: 180 kbps expected, 256 needed, 4.1 s of buffer
            Dropped to medium: 180 kbps expected, 256 needed, 4.1 s of buffer
            Held at low: you chose it
            Limited to medium: the server is busy (CPU 91 %, memory 40 %)
            Limited to medium: this device is under critical pressure
            Limited to low: 3.2 MB of the data budget left
            Replacing low with high: 180 kbps expected, 256 needed, 4.1 s of buffer
            Loading the next track at medium: 180 kbps expected, 256 needed, 4.1 s of buffer
            Gave up on high: 12 kbps arriving, 81.0 s to go, 4.1 s of buffer
            Gave up on a segment: you moved elsewhere
            Playing: 180 kbps expected, 256 needed, 4.1 s of buffer
            Going on: 180 kbps expected, 256 needed, 4.1 s of buffer
            Waiting for a segment: 180 kbps expected, 256 needed, 4.1 s of buffer
            Nothing to fetch: 29.4 s of buffer, 30 wanted
            Nothing is fetched before you press play
            Trying again soon: failed 1 time, 4.1 s of buffer
            Trying again soon: failed 3 times, 4.1 s of buffer
            Nothing to fetch: everything is here
            Limited to medium: your rules allow no more"#]]
        .assert_eq(&lines.join("\n"));
        let mut codes: Vec<_> = reasons.iter().map(|reason| reason.code()).collect();
        codes.dedup();
        assert_eq!(codes, Reason::CODES, "every reason has its own code");
    }

    #[test]
    fn numbers_are_rounded_to_the_nearest() {
        for (number, whole, tenths) in [
            (0.0, "0", "0.0"),
            (0.04, "0", "0.0"),
            (0.05, "0", "0.1"),
            (9.96, "10", "10.0"),
            (2.5, "3", "2.5"),
            (-3.0, "0", "0.0"),
            (f64::NAN, "0", "0.0"),
            (1e12, "4294967295", "429496729.5"),
        ] {
            assert_eq!(Whole(number).to_string(), whole, "{number}");
            assert_eq!(Tenths(number).to_string(), tenths, "{number}");
        }
    }
}
