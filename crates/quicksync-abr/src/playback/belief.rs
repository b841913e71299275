//! What is believed of the network: how long a transfer will take, and how sure that is.
//!
//! # Model
//! Transfer time = latency + size / rate. The rate is lognormal: `rate_log2` is the mean of log2 of
//! bits per second, `spread` its standard deviation in octaves.

use quicksync_model::Throughput;

/// A distribution of transfer times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Belief {
    pub(crate) latency_s: f64,
    pub(crate) rate_log2: f64,
    pub(crate) spread: f64,
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

    /// The chance that `bytes` in `requests` requests take longer than `within_s`, 0 to 1.
    ///
    /// The normal tail is approximated by the logistic curve of slope 1.702 (off by at most 0.01).
    pub(crate) fn chance_late(&self, bytes: f64, requests: f64, within_s: f64) -> f64 {
        let time_s = within_s - self.latency_s * requests;
        if time_s <= 0.0 {
            return 1.0;
        }
        let margin = self.rate_log2 - libm::log2(bytes * 8.0 / time_s);
        1.0 / (1.0 + libm::exp(1.702 * margin / self.spread))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_is_likelier_with_more_bytes_and_less_time() {
        let belief = Belief { latency_s: 0.1, rate_log2: 17.0, spread: 0.5, known: true };
        let even = belief.chance_late(131_072.0 / 8.0, 1.0, 1.1);
        assert!((even - 0.5).abs() < 1e-9, "{even}");
        assert!(belief.chance_late(131_072.0 / 4.0, 1.0, 1.1) > even);
        assert!(belief.chance_late(131_072.0 / 8.0, 1.0, 2.1) < even);
        assert!(belief.chance_late(1.0, 1.0, 0.1) >= 1.0);
    }
}
