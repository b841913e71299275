//! Rates and instants as types, so that kbps never meets Mbps and no number lacks a unit.

use crate::{PACKET_SAMPLES, SAMPLE_RATE};

/// A nominal encoded rate, in kilobits per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bitrate(u32);

impl Bitrate {
    /// A rate of `kbps` thousand bits per second.
    #[must_use]
    pub const fn from_kbps(kbps: u32) -> Self {
        Self(kbps)
    }

    /// Thousand bits per second.
    #[must_use]
    pub const fn kbps(self) -> u32 {
        self.0
    }

    /// Bits per second.
    #[must_use]
    pub const fn bps(self) -> u32 {
        self.0 * 1000
    }

    /// Bytes in one constant-rate packet of [`PACKET_SAMPLES`].
    #[must_use]
    pub const fn packet_bytes(self) -> u32 {
        self.bps() / 8 / (SAMPLE_RATE / PACKET_SAMPLES)
    }
}

/// A measured or expected transfer rate, in bits per second. Never negative, never NaN.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Throughput(f64);

impl Throughput {
    /// Nothing arrives.
    pub const ZERO: Self = Self(0.0);

    /// A rate in bits per second; what is not a finite number of at least zero becomes zero.
    #[must_use]
    pub fn from_bps(bps: f64) -> Self {
        Self(if bps.is_finite() && bps > 0.0 { bps } else { 0.0 })
    }

    /// A rate in megabits (10^6 bits) per second.
    #[must_use]
    pub fn from_mbps(mbps: f64) -> Self {
        Self::from_bps(mbps * 1e6)
    }

    /// Bits per second.
    #[must_use]
    pub const fn bps(self) -> f64 {
        self.0
    }

    /// Thousand bits per second.
    #[must_use]
    pub fn kbps(self) -> f64 {
        self.0 / 1e3
    }

    /// Megabits per second.
    #[must_use]
    pub fn mbps(self) -> f64 {
        self.0 / 1e6
    }
}

/// An instant in microseconds since an epoch of the caller's choosing (the Unix epoch on the wire).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant `us` microseconds after the epoch.
    #[must_use]
    pub const fn from_micros(us: i64) -> Self {
        Self(us)
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Microseconds from `earlier` to this instant; zero if `earlier` is later.
    #[must_use]
    pub const fn micros_since(self, earlier: Self) -> u64 {
        let elapsed = self.0.saturating_sub(earlier.0);
        if elapsed > 0 { elapsed.unsigned_abs() } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quality;

    #[test]
    fn packets_have_the_sizes_of_hard_cbr() {
        assert_eq!(Quality::ALL.map(|q| q.bitrate().packet_bytes()), [160, 320, 640, 800]);
    }

    #[test]
    fn throughput_is_never_absurd() {
        for bps in [f64::NAN, -1.0, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(Throughput::from_bps(bps) == Throughput::from_bps(0.0), "{bps}");
        }
    }

    #[test]
    fn time_never_runs_backwards() {
        let (early, late) = (Timestamp::from_micros(5), Timestamp::from_micros(9));
        assert_eq!((late.micros_since(early), early.micros_since(late)), (4, 0));
    }
}
