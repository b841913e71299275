//! Successive readings of a device's connections as throughput samples of the link they share.
//!
//! Decides: which stretch of a link says something of the network. Never: a clock, a socket.

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
/// A connection that carried this share of all bytes had the link to itself, and its delivery rate is
/// the link's. Within [`AROUND_BUSY`], that is: what the others carried may hide there.
const ALONE: f64 = 1.0 - AROUND_BUSY;

/// How often to glance at a link with bytes under way, microseconds: a fourteenth of the
/// shortest time (RFC 6298 has a second, Linux 200 ms and two round trips over a full queue, some
/// 700 ms) after which what was lost is sent again.
pub const GLANCE_EVERY_US: u64 = 50_000;
/// A shorter silence is none: acknowledgements come up to 40 ms late (RFC 9293 allows 500, Linux waits
/// 40), those of slow links every 120 ms, and nothing is sent again unasked for before 200 (TCP_RTO_MIN).
const LEAST_WAIT_US: u64 = 3 * GLANCE_EVERY_US;
/// A longer silence is the network's: first losses show within less.
const OUTAGE_US: u64 = 1_500_000;

/// What one stretch of a link showed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TcpSample {
    /// Bytes of payload per time.
    pub throughput: Throughput,
    /// Bytes acknowledged.
    pub bytes: u64,
    /// Time in which any were under way, microseconds.
    pub duration_us: u64,
    /// Smoothed round trip, microseconds.
    pub rtt_us: u32,
    /// The stretch was too short to find the rate: it is at least this.
    pub is_at_least: bool,
}

/// One look at one connection of a link; the number tells it from the others.
pub type LinkReading = (u64, TcpReading);

/// The readings of a link's connections so far.
#[derive(Clone, Debug, Default)]
pub struct LinkMeter {
    connections: Vec<Connection>,
    /// When they were last looked at.
    looked_us: u64,
    /// Busy time since anything arrived.
    silent_us: u64,
    /// Since the last sample.
    stretch: Stretch,
}

#[derive(Clone, Copy, Debug)]
struct Connection {
    number: u64,
    /// At the last glance.
    seen: TcpReading,
    /// Bytes since the last sample.
    carried: u64,
}

/// What the connections did together.
#[derive(Clone, Copy, Debug, Default)]
struct Stretch {
    bytes: u64,
    /// Time with bytes of any of them under way.
    busy_us: u64,
    /// Of it, time spent waiting for a loss to show.
    waited_us: u64,
}

impl LinkMeter {
    /// Counts what a connection carries from `reading` on.
    pub fn join(&mut self, (number, seen): LinkReading) {
        self.leave(number);
        self.connections.push(Connection { number, seen, carried: 0 });
    }

    /// Forgets a connection; what it carried since the last sample still counts.
    pub fn leave(&mut self, number: u64) {
        self.connections.retain(|connection| connection.number != number);
    }

    /// Looks at all connections at the instant `now_us`, every [`GLANCE_EVERY_US`] or so while bytes
    /// are under way. In between lies what no total tells: which connections were busy at the same
    /// time, which of them only waited for the client to read, and whether all was silent because
    /// the end of a burst was lost, which shows late and says nothing of the rate.
    pub fn glance(&mut self, now_us: u64, readings: &[LinkReading]) {
        let passed_us = now_us.saturating_sub(std::mem::replace(&mut self.looked_us, now_us));
        let mut together = Step::default();
        for (number, reading) in readings {
            let known = self.connections.iter_mut().find(|known| known.number == *number);
            if let Some(connection) = known {
                let step = Step::of(connection.seen, *reading);
                connection.seen = *reading;
                connection.carried = connection.carried.saturating_add(step.bytes);
                together.add(step);
            }
        }
        let busy_us = together.busy_us.min(passed_us.max(together.busiest_us));
        self.note_silence(together, busy_us);
        self.stretch.bytes = self.stretch.bytes.saturating_add(together.bytes);
        self.stretch.busy_us = self.stretch.busy_us.saturating_add(busy_us);
    }

    fn note_silence(&mut self, together: Step, busy_us: u64) {
        if together.has_sent_again {
            if (LEAST_WAIT_US..OUTAGE_US).contains(&self.silent_us) {
                self.stretch.waited_us = self.stretch.waited_us.saturating_add(self.silent_us);
            }
            self.silent_us = 0;
        } else if together.has_moved {
            self.silent_us = 0;
        } else {
            self.silent_us = self.silent_us.saturating_add(busy_us);
        }
    }

    /// Takes readings in; what the stretch since the last sample showed, if anything.
    pub fn read(&mut self, now_us: u64, readings: &[LinkReading]) -> Option<TcpSample> {
        self.glance(now_us, readings);
        if self.stretch.bytes < LEAST_BYTES {
            return None;
        }
        let Stretch { bytes, busy_us, waited_us } = std::mem::take(&mut self.stretch);
        let Connection { seen, carried, .. } =
            *self.connections.iter().max_by_key(|connection| connection.carried)?;
        self.connections.iter_mut().for_each(|connection| connection.carried = 0);
        if busy_us == 0 || seen.delivery_rate == 0 || seen.is_app_limited {
            return None;
        }
        // A queue makes round trips long, and says that the window fills the path already.
        let is_at_least =
            ratio(busy_us, seen.rtt_us.into()) < GROWING_ROUND_TRIPS && !has_queue(seen);
        let busy = ratio(bytes, busy_us.saturating_sub(waited_us).max(1)) * 1e6;
        let rate = if ratio(carried, bytes) < ALONE {
            busy
        } else {
            bounded(ratio(seen.delivery_rate, 1), busy, is_at_least)
        };
        Some(TcpSample {
            throughput: Throughput::from_bps(rate * 8.0),
            bytes,
            duration_us: busy_us,
            rtt_us: seen.rtt_us,
            is_at_least,
        })
    }
}

/// What happened between two looks, on one connection or on several.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    bytes: u64,
    /// The sum of their busy times, and the longest.
    busy_us: u64,
    busiest_us: u64,
    has_moved: bool,
    has_sent_again: bool,
}

impl Step {
    fn of(before: TcpReading, now: TcpReading) -> Self {
        let busy_us = now.busy_us.saturating_sub(before.busy_us);
        let limited_us = now.window_limited_us.saturating_sub(before.window_limited_us);
        let has_moved = now.delivered != before.delivered;
        // A full queue on the way fills the client's window too: then the network is the limit.
        let is_on_the_way = has_queue(now) && (has_moved || now.in_flight > 0);
        if ratio(limited_us, busy_us) > MOST_WINDOW_LIMITED && busy_us > 0 && !is_on_the_way {
            return Self::default();
        }
        Self {
            bytes: now.bytes_acked.saturating_sub(before.bytes_acked),
            busy_us,
            busiest_us: busy_us,
            has_moved,
            has_sent_again: now.sent_again > before.sent_again,
        }
    }

    fn add(&mut self, other: Self) {
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.busy_us = self.busy_us.saturating_add(other.busy_us);
        self.busiest_us = self.busiest_us.max(other.busiest_us);
        self.has_moved |= other.has_moved;
        self.has_sent_again |= other.has_sent_again;
    }
}

/// Whether round trips are longer than the path: something on it waits for its turn.
fn has_queue(reading: TcpReading) -> bool {
    reading.rtt_us > reading.min_rtt_us.saturating_mul(2).saturating_add(5_000)
}

/// A delivery rate within what the time with bytes moving allows, bytes per second.
fn bounded(delivery_rate: f64, busy: f64, is_growing: bool) -> f64 {
    let most = if is_growing { ABOVE_BUSY_GROWING } else { 1.0 + AROUND_BUSY };
    delivery_rate.clamp(busy * (1.0 - AROUND_BUSY), busy * most)
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

    /// A link of one connection, looked at when that had been busy for as long as it says.
    #[derive(Default)]
    struct Single(LinkMeter);

    impl Single {
        fn new() -> Self {
            let mut meter = LinkMeter::default();
            meter.join((7, TcpReading::default()));
            Self(meter)
        }

        fn glance(&mut self, reading: TcpReading) {
            self.0.glance(reading.busy_us, &[(7, reading)]);
        }

        fn read(&mut self, reading: TcpReading) -> Option<TcpSample> {
            self.0.read(reading.busy_us, &[(7, reading)])
        }
    }

    fn kbps(reading: TcpReading) -> Option<f64> {
        Single::new().read(reading).map(|sample| sample.throughput.kbps().round())
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
        let sample = Single::new().read(short).unwrap();
        assert!(sample.is_at_least && (sample.throughput.kbps() - 3216.0).abs() < 1.0);
        assert!(!Single::new().read(reading()).unwrap().is_at_least);
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
        let mut meter = Single::new();
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
        let mut late = LinkMeter::default();
        late.join((1, reading()));
        assert_eq!(late.read(9_000_000, &[(1, reading())]), None, "what it did before it joined");
        assert_eq!(late.read(9_000_000, &[(2, later)]), None, "a connection nobody told of");
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
            let mut meter = Single::new();
            glances.iter().for_each(|one| meter.glance(glance(*one)));
            let sample = meter.read(glance(recorded[8])).unwrap();
            assert_eq!(sample.duration_us, 1_163_000, "the client did wait");
            sample.throughput.kbps()
        };
        let seen = measure(&recorded);
        assert!((seen / 478.0 - 1.0).abs() < 0.05, "{seen}");
        let blind = measure(&[]);
        assert!(blind < 280.0, "{blind}: without a look in between it is half of the truth");
        // While what was lost is sent again, a glance may fall between two arrivals.
        let short =
            [(50, 2, 0), (150, 6, 0), (200, 6, 0), (250, 10, 2), (350, 14, 2), (400, 14, 2)];
        let mut meter = Single::new();
        short.iter().for_each(|one| meter.glance(glance(*one)));
        let sample = meter.read(glance((603, 25, 6))).unwrap();
        let seen = sample.throughput.kbps();
        assert!((seen / 478.0 - 1.0).abs() < 0.05, "{seen}: no wait at all");
        // A silence of seconds is an outage, and counts.
        let outage = recorded
            .map(|(ms, packets, again)| (ms + if ms > 500 { 9000 } else { 0 }, packets, again));
        let mut meter = Single::new();
        outage.iter().for_each(|one| meter.glance(glance(*one)));
        let seen = meter.read(glance(outage[8])).unwrap().throughput.kbps();
        assert!(seen < 40.0, "{seen}");
    }

    /// A connection of a made link: when it asks, ms, for how many bytes, and whether its client reads.
    type Asked = (u64, u64, bool);

    const STEP_MS: u64 = 10;
    const LINK_KBPS: u64 = 480;

    /// What a link that shares itself fairly shows, looked at every 50 ms, kbps.
    fn shared(asked: &[Asked]) -> Option<f64> {
        let mut meter = LinkMeter::default();
        let mut seen: Vec<TcpReading> = asked
            .iter()
            .map(|_| TcpReading {
                rtt_us: 400_000,
                min_rtt_us: 30_000,
                delivery_rate: rate(LINK_KBPS),
                ..TcpReading::default()
            })
            .collect();
        (0..).zip(&seen).for_each(|(number, reading)| meter.join((number, *reading)));
        let numbered =
            |seen: &[TcpReading]| (0..).zip(seen.iter().copied()).collect::<Vec<LinkReading>>();
        for now_ms in (0..20_000).step_by(10) {
            let wants = |&(from_ms, bytes, _): &Asked, reading: &TcpReading| {
                now_ms >= from_ms && reading.bytes_acked < bytes
            };
            let waiting = asked.iter().zip(&seen);
            let sharing =
                waiting.filter(|(asked, reading)| asked.2 && wants(asked, reading)).count().max(1);
            for (asked, reading) in asked.iter().zip(&mut seen) {
                if !wants(asked, reading) {
                    continue;
                }
                reading.busy_us += STEP_MS * 1000;
                if asked.2 {
                    reading.bytes_acked += rate(LINK_KBPS) * STEP_MS / 1000 / sharing as u64;
                    reading.delivered += 1;
                    reading.in_flight = 3;
                    reading.delivery_rate = rate(LINK_KBPS) / sharing as u64;
                } else {
                    reading.window_limited_us += STEP_MS * 1000;
                }
            }
            if now_ms % 50 == 40 {
                meter.glance((now_ms + STEP_MS) * 1000, &numbered(&seen));
            }
        }
        let sample = meter.read(20_000_000, &numbered(&seen))?;
        Some(sample.throughput.kbps())
    }

    #[test]
    fn connections_that_are_busy_at_once_share_a_link() {
        let cases: &[(&str, &[Asked])] = &[
            ("one connection", &[(0, 160_000, true)]),
            ("the next segment on a second one", &[(0, 160_000, true), (0, 160_000, true)]),
            ("six at once", &[(0, 30_000, true); 6]),
            ("one after another", &[(0, 64_000, true), (1_066, 64_000, true)]),
            ("a second one half way", &[(0, 160_000, true), (1_500, 60_000, true)]),
            ("a small one beside", &[(0, 160_000, true), (500, 2_000, true)]),
            ("with a pause between", &[(0, 64_000, true), (5_000, 64_000, true)]),
            ("one that its client does not read", &[(0, 160_000, true), (0, 90_000, false)]),
        ];
        for (name, asked) in cases {
            let seen = shared(asked).unwrap();
            let error = seen / ratio(LINK_KBPS, 1) - 1.0;
            assert!(error.abs() < 0.03, "{name}: {seen} of {LINK_KBPS} kbps");
        }
        assert_eq!(shared(&[(0, 90_000, false)]), None, "nobody reads");
    }

    #[test]
    fn a_connection_that_ends_is_missed_by_nobody() {
        let mut meter = LinkMeter::default();
        meter.join((1, TcpReading::default()));
        meter.join((2, TcpReading::default()));
        let half = TcpReading { bytes_acked: 32_000, ..reading() };
        meter.glance(2_560_000, &[(1, half), (2, half)]);
        meter.leave(1);
        let sample = meter.read(2_560_000, &[(2, half)]).unwrap();
        assert_eq!((sample.bytes, sample.duration_us), (64_000, 2_560_000));
        assert!((sample.throughput.kbps() - 200.0).abs() < 1e-6);
    }
}
