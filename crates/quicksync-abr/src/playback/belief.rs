//! What is believed of the network: how long a transfer will take, and how sure that is.
//!
//! # Model
//! Transfer time = latency + size / rate. The rate is lognormal: `rate_log2` is the mean of log2 of
//! bits per second, `spread` its standard deviation in octaves.

use quicksync_model::Throughput;

/// How many standard deviations from the mean of a normal distribution a tenth lies beyond.
const TENTH: f64 = 1.281_551_565_5;

/// A distribution of transfer times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Belief {
    pub(crate) latency_s: f64,
    pub(crate) rate_log2: f64,
    pub(crate) spread: f64,
    pub(crate) outage_share: f64,
    pub(crate) known: bool,
}

impl Belief {
    /// The expected throughput; zero if nothing is known.
    #[must_use]
    pub fn throughput(&self) -> Throughput {
        if self.known { Throughput::from_bps(libm::exp2(self.rate_log2)) } else { Throughput::ZERO }
    }

    /// Time from a request to its first byte, seconds.
    #[must_use]
    pub const fn latency_s(&self) -> f64 {
        self.latency_s
    }

    /// How long `bytes` take if the rate is as expected, seconds.
    #[must_use]
    pub fn transfer_s(&self, bytes: f64) -> f64 {
        self.latency_s + bytes * 8.0 / libm::exp2(self.rate_log2)
    }

    /// Where four of five transfers should lie: a tenth below, a tenth above. Zero if nothing is known.
    #[must_use]
    pub fn band(&self) -> (Throughput, Throughput) {
        let at = |deviations| match self.known {
            true => Throughput::from_bps(libm::exp2(self.rate_log2 + deviations * self.spread)),
            false => Throughput::ZERO,
        };
        (at(-TENTH), at(TENTH))
    }

    /// The share of transfer time lately spent in outages, 0 to 1.
    #[must_use]
    pub const fn outage_share(&self) -> f64 {
        self.outage_share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_band_lies_around_the_expected() {
        let belief = Belief {
            latency_s: 0.1,
            rate_log2: 17.0,
            spread: 0.5,
            outage_share: 0.03,
            known: true,
        };
        let (low, high) = belief.band();
        assert!((low.kbps() - 84.065).abs() < 1e-2, "{low:?}");
        assert!((high.kbps() - 204.36).abs() < 1e-2, "{high:?}");
        assert!((belief.transfer_s(131_072.0 / 8.0) - 1.1).abs() < 1e-9);
        let unknown = Belief { known: false, ..belief };
        assert_eq!(unknown.band(), (Throughput::ZERO, Throughput::ZERO));
    }
}
