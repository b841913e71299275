//! Successive readings of one connection as throughput samples.
//!
//! Decides: which stretch of a connection says something of the network. Never: a clock, a socket.

use quicksync_model::Throughput;

use super::TcpReading;

/// Fewer bytes say more of round trips than of a rate.
const LEAST_BYTES: u64 = 16_000;
/// Below this share of its time held up by the client's window a stretch is the network's.
const MOST_WINDOW_LIMITED: f64 = 0.5;
/// Shorter than this many round trips, the congestion window is still growing.
const GROWING_ROUND_TRIPS: f64 = 10.0;
/// A delivery rate may exceed what was acknowledged over the busy time by this factor: measured
/// over segments of 32 to 160 kB, the second is at most 7 % too low on a path below 1 Mbps.
const ABOVE_BUSY: f64 = 1.07;
/// While the window grows and no queue shows that it has grown enough, by this one: measured at 5 and 20 Mbps, 40 to 80 ms.
const ABOVE_BUSY_GROWING: f64 = 3.0;

/// What one stretch of a connection showed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TcpSample {
    /// Bytes of payload per time.
    pub throughput: Throughput,
    /// Bytes acknowledged.
    pub bytes: u64,
    /// Time they were under way, microseconds.
    pub duration_us: u64,
    /// Smoothed round trip, microseconds.
    pub rtt_us: u32,
    /// The stretch was too short to find the rate: it is at least this.
    pub is_at_least: bool,
}

/// The readings of one connection so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct TcpMeter {
    previous: TcpReading,
}

impl TcpMeter {
    /// Takes a reading in; what the stretch since the last one showed, if anything.
    pub fn read(&mut self, reading: TcpReading) -> Option<TcpSample> {
        let bytes = reading.bytes_acked.saturating_sub(self.previous.bytes_acked);
        if bytes < LEAST_BYTES {
            return None;
        }
        let busy_us = reading.busy_us.saturating_sub(self.previous.busy_us);
        let limited_us = reading.window_limited_us.saturating_sub(self.previous.window_limited_us);
        self.previous = reading;
        if busy_us == 0 || reading.delivery_rate == 0 || reading.is_app_limited {
            return None;
        }
        // A full queue on the way fills the client's window too: then the network is the limit.
        let is_window_limited = ratio(limited_us, busy_us) > MOST_WINDOW_LIMITED;
        if is_window_limited && !has_queue(reading) {
            return None;
        }
        // A queue makes round trips long, and says that the window fills the path already.
        let is_growing =
            ratio(busy_us, reading.rtt_us.into()) < GROWING_ROUND_TRIPS && !has_queue(reading);
        let rate = bounded(reading.delivery_rate, bytes, busy_us, is_growing, is_window_limited);
        Some(TcpSample {
            throughput: Throughput::from_bps(rate * 8.0),
            bytes,
            duration_us: busy_us,
            rtt_us: reading.rtt_us,
            is_at_least: is_growing,
        })
    }
}

/// Whether round trips are longer than the path: something on it waits for its turn.
fn has_queue(reading: TcpReading) -> bool {
    reading.rtt_us > reading.min_rtt_us.saturating_mul(2).saturating_add(5_000)
}

/// The delivery rate within what the busy time allows, bytes per second.
fn bounded(
    delivery_rate: u64,
    bytes: u64,
    busy_us: u64,
    is_growing: bool,
    is_window_limited: bool,
) -> f64 {
    let rate = ratio(delivery_rate, 1);
    if is_window_limited {
        return rate;
    }
    let busy = ratio(bytes, busy_us) * 1e6;
    rate.clamp(busy, busy * if is_growing { ABOVE_BUSY_GROWING } else { ABOVE_BUSY })
}

#[expect(clippy::cast_precision_loss, reason = "a rate needs no 53 bits")]
fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { f64::INFINITY } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// kbps as the kernel says it: bytes per second.
    fn rate(kbps: u64) -> u64 {
        kbps * 125
    }

    fn reading() -> TcpReading {
        TcpReading {
            delivery_rate: rate(191),
            is_app_limited: false,
            rtt_us: 154_000,
            min_rtt_us: 30_000,
            bytes_acked: 64_000,
            busy_us: 2_560_000,
            window_limited_us: 0,
        }
    }

    fn kbps(reading: TcpReading) -> Option<f64> {
        TcpMeter::default().read(reading).map(|sample| sample.throughput.kbps().round())
    }

    #[test]
    fn a_delivery_rate_is_kept_within_what_the_busy_time_allows() {
        // 64,000 bytes in 2.56 s are 200 kbps.
        for (delivery_kbps, expected) in [(205, 205.0), (69, 200.0), (1200, 214.0), (213, 213.0)] {
            let reading = TcpReading { delivery_rate: rate(delivery_kbps), ..reading() };
            assert_eq!(kbps(reading), Some(expected), "{delivery_kbps}");
        }
        let short = TcpReading {
            delivery_rate: rate(3216),
            bytes_acked: 64_000,
            busy_us: 280_000,
            rtt_us: 82_000,
            min_rtt_us: 80_000,
            ..reading()
        };
        let sample = TcpMeter::default().read(short).unwrap();
        assert!(sample.is_at_least && (sample.throughput.kbps() - 3216.0).abs() < 1.0);
        assert!(!TcpMeter::default().read(reading()).unwrap().is_at_least);
    }

    #[test]
    fn what_says_nothing_of_the_network_is_ignored() {
        for nothing in [
            TcpReading { bytes_acked: 15_999, ..reading() },
            TcpReading { is_app_limited: true, ..reading() },
            TcpReading { busy_us: 0, ..reading() },
            TcpReading { delivery_rate: 0, ..reading() },
            // A player that stops reading: the window is shut and no queue is on the way.
            TcpReading { window_limited_us: 2_000_000, rtt_us: 31_000, ..reading() },
        ] {
            assert_eq!(kbps(nothing), None, "{nothing:?}");
        }
        let full = TcpReading { window_limited_us: 2_000_000, ..reading() };
        assert_eq!(kbps(full), Some(191.0), "the queue is what fills the window");
    }

    #[test]
    fn only_the_stretch_since_the_last_sample_counts() {
        let mut meter = TcpMeter::default();
        assert!(meter.read(reading()).is_some());
        assert_eq!(meter.read(reading()), None);
        let a_little = TcpReading { bytes_acked: 70_000, busy_us: 2_800_000, ..reading() };
        assert_eq!(meter.read(a_little), None, "too little, and kept for the next");
        let later = TcpReading {
            delivery_rate: rate(400),
            bytes_acked: 164_000,
            busy_us: 4_560_000,
            ..reading()
        };
        let sample = meter.read(later).unwrap();
        assert_eq!((sample.bytes, sample.duration_us), (100_000, 2_000_000));
        assert!((sample.throughput.kbps() - 400.0).abs() < 1.0);
        let restarted = TcpReading::default();
        assert_eq!(meter.read(restarted), None, "counters that step back are no bytes");
    }
}
