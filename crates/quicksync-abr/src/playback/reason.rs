//! Why a playback session decided as it did: a code for programs, one plain sentence for people.

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
}

impl Reason {
    /// The stable word of logs and interfaces.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::First(..) => "first",
            Self::Kept(..) => "kept",
            Self::Raised(..) => "raised",
            Self::Dropped(..) => "dropped",
            Self::Chosen(..) => "chosen",
            Self::HostBusy(..) => "host_busy",
            Self::DeviceBusy(..) => "device_busy",
            Self::Budget { .. } => "budget",
            Self::Upgrade { .. } => "upgrade",
            Self::NextTrack(..) => "next_track",
            Self::TooSlow { .. } => "too_slow",
            Self::NotNeeded => "not_needed",
            Self::Ready(..) => "ready",
            Self::Recovered(..) => "recovered",
            Self::Waiting(..) => "waiting",
            Self::Full { .. } => "full",
            Self::NotPressed => "not_pressed",
            Self::BackingOff { .. } => "backing_off",
            Self::Complete => "complete",
        }
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

impl fmt::Display for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.expected_kbps > 0.0 {
            write!(f, "{:.0} kbps expected, ", self.expected_kbps)?;
        }
        if self.needed_kbps > 0.0 {
            write!(f, "{:.0} needed, ", self.needed_kbps)?;
        }
        write!(f, "{:.1} s of buffer", self.buffer_s)
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
            Self::HostBusy(quality, load) => write!(
                f,
                "Limited to {quality}: the server is busy (CPU {:.0} %, memory {:.0} %)",
                load.cpu_percent, load.memory_percent
            ),
            Self::DeviceBusy(quality, pressure) => {
                write!(f, "Limited to {quality}: this device is under {pressure} pressure")
            }
            Self::Budget { quality, left_bytes } => {
                let (whole, tenth) = (left_bytes / 1_000_000, left_bytes / 100_000 % 10);
                write!(f, "Limited to {quality}: {whole}.{tenth} MB of the data budget left")
            }
            Self::Upgrade { from, to, situation } => {
                write!(f, "Replacing {from} with {to}: {situation}")
            }
            Self::NextTrack(quality, at) => {
                write!(f, "Loading the next track at {quality}: {at}")
            }
            Self::TooSlow { quality, arriving_kbps, rest_s, buffer_s } => write!(
                f,
                "Gave up on {quality}: {arriving_kbps:.0} kbps arriving, {rest_s:.1} s to go, \
                 {buffer_s:.1} s of buffer"
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
                write!(f, "Nothing to fetch: {buffer_s:.1} s of buffer, {ceiling_s:.0} wanted")
            }
            Self::NotPressed => f.write_str("Nothing is fetched before you press play"),
            Self::BackingOff { failures, buffer_s } => {
                let times = if failures == 1 { "time" } else { "times" };
                write!(f, "Trying again soon: failed {failures} {times}, {buffer_s:.1} s of buffer")
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
            Limited to low: 3.1 MB of the data budget left
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
            Nothing to fetch: everything is here"#]]
        .assert_eq(&lines.join("\n"));
        let mut codes: Vec<_> = reasons.iter().map(|reason| reason.code()).collect();
        codes.dedup();
        assert_eq!(codes.len(), 19, "every reason has its own code: {codes:?}");
    }
}
