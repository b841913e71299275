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
/// A delivery rate may differ from what was acknowledged over the busy time by this share: measured
/// over segments of 32 to 160 kB on paths of 200 to 3000 kbps, the second is up to 7 % too low where
/// round trips are long, and up to 10 % too high where a token bucket was full.
const AROUND_BUSY: f64 = 0.07;
/// While the window grows and no queue shows that it has grown enough, by this one: measured at 5 and 20 Mbps, 40 to 80 ms.
const ABOVE_BUSY_GROWING: f64 = 3.0;

/// How often to glance at a connection with bytes under way, microseconds: a fourteenth of the
/// shortest time (RFC 6298 has a second, Linux 200 ms and two round trips over a full queue, some
/// 700 ms) after which what was lost is sent again.
pub const GLANCE_EVERY_US: u64 = 50_000;
/// A longer silence is the network's: first losses show within less.
const OUTAGE_US: u64 = 1_500_000;

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
    /// At the last sample.
    previous: TcpReading,
    /// At the last glance.
    seen: TcpReading,
    /// Busy time since anything arrived.
    silent_us: u64,
    /// Busy time since the last sample that was spent waiting for a loss to show.
    waited_us: u64,
}

impl TcpMeter {
    /// Looks while bytes are under way, every [`GLANCE_EVERY_US`] or so: whatever is lost at the end
    /// of a burst is sent again only after a long silence, and that says nothing of the rate.
    pub fn glance(&mut self, reading: TcpReading) {
        let since = reading.busy_us.saturating_sub(self.seen.busy_us);
        if reading.sent_again > self.seen.sent_again {
            if self.silent_us < OUTAGE_US {
                self.waited_us = self.waited_us.saturating_add(self.silent_us);
            }
            self.silent_us = 0;
        } else if reading.delivered == self.seen.delivered {
            self.silent_us = self.silent_us.saturating_add(since);
        } else {
            self.silent_us = 0;
        }
        self.seen = reading;
    }

    /// Takes a reading in; what the stretch since the last one showed, if anything.
    pub fn read(&mut self, reading: TcpReading) -> Option<TcpSample> {
        self.glance(reading);
        let bytes = reading.bytes_acked.saturating_sub(self.previous.bytes_acked);
        if bytes < LEAST_BYTES {
            return None;
        }
        let waited_us = std::mem::take(&mut self.waited_us);
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
        let moving_us = busy_us.saturating_sub(waited_us).max(1);
        let rate = bounded(reading.delivery_rate, bytes, moving_us, is_growing, is_window_limited);
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

/// The delivery rate within what the time with bytes moving allows, bytes per second.
fn bounded(
    delivery_rate: u64,
    bytes: u64,
    moving_us: u64,
    is_growing: bool,
    is_window_limited: bool,
) -> f64 {
    let rate = ratio(delivery_rate, 1);
    if is_window_limited {
        return rate;
    }
    let busy = ratio(bytes, moving_us) * 1e6;
    let most = if is_growing { ABOVE_BUSY_GROWING } else { 1.0 + AROUND_BUSY };
    rate.clamp(busy * (1.0 - AROUND_BUSY), busy * most)
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
            in_flight: 0,
            delivered: 45,
            sent_again: 0,
        }
    }

    fn kbps(reading: TcpReading) -> Option<f64> {
        TcpMeter::default().read(reading).map(|sample| sample.throughput.kbps().round())
    }

    #[test]
    fn a_delivery_rate_is_kept_within_what_the_busy_time_allows() {
        // 64,000 bytes in 2.56 s are 200 kbps.
        for (delivery_kbps, expected) in [(205, 205.0), (69, 186.0), (1200, 214.0), (213, 213.0)] {
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

    /// A segment of 36,000 bytes on a link of 478 kbps with a queue for 25,000: its end is lost, and
    /// sent again after 560 ms of silence. As recorded: busy ms, packets arrived, sent again.
    #[test]
    fn waiting_for_a_loss_to_show_is_no_rate() {
        let recorded = [
            (50, 2, 0),
            (150, 6, 0),
            (250, 10, 0),
            (350, 14, 0),
            (470, 19, 0),
            (520, 19, 0),
            (1020, 19, 0),
            (1060, 20, 6),
            (1163, 25, 6),
        ];
        let last = TcpReading { bytes_acked: 36_000, delivery_rate: rate(478), ..reading() };
        let glance = |(busy_ms, delivered, sent_again): (u64, u32, u32)| TcpReading {
            busy_us: busy_ms * 1000,
            delivered,
            sent_again,
            ..last
        };
        let measure = |glances: &[(u64, u32, u32)]| {
            let mut meter = TcpMeter::default();
            glances.iter().for_each(|one| meter.glance(glance(*one)));
            let sample = meter.read(glance(recorded[8])).unwrap();
            assert_eq!(sample.duration_us, 1_163_000, "the client did wait");
            sample.throughput.kbps()
        };
        let seen = measure(&recorded);
        assert!((seen / 478.0 - 1.0).abs() < 0.05, "{seen}");
        let blind = measure(&[]);
        assert!(blind < 280.0, "{blind}: without a look in between it is half of the truth");
        // A silence of seconds is an outage, and counts.
        let outage = recorded
            .map(|(ms, packets, again)| (ms + if ms > 500 { 9000 } else { 0 }, packets, again));
        let mut meter = TcpMeter::default();
        outage.iter().for_each(|one| meter.glance(glance(*one)));
        let seen = meter.read(glance(outage[8])).unwrap().throughput.kbps();
        assert!(seen < 40.0, "{seen}");
    }
}
