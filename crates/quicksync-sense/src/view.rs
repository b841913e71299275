//! Decides which of the measurements of one device to believe.
//!
//! Knows: measurements and the time it is told. Never: a clock, I/O, another device's figures.
//!
//! # Model
//! Trust, highest first: real playback, a listener probe, the server's probe, history, fallback.
//! A measurement counts for five minutes. An explicit test outranks every earlier measurement but
//! real playback. Playback is the median of its last five transfers, because single transfers lie
//! (token buckets, slow start).
//!
//! # Invariants
//! - the newest sample is kept, whatever the order of arrival, and memory is bounded
//! - an estimate always has a source; without evidence it is [`FALLBACK`]

use std::collections::VecDeque;

use quicksync_model::{Throughput, Timestamp};

/// Greatest age of a measurement that counts: the documented cache time.
pub const MAX_AGE_US: u64 = 5 * 60 * 1_000_000;
/// Playback transfers that the median is taken over.
const PLAYBACK_SAMPLES: usize = 5;
/// What to believe without any evidence, in Mbps. Documented interface.
pub const FALLBACK: f64 = 2.0;

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Bytes of real playback.
    Playback,
    /// A download from this server that the client timed.
    ListenerProbe,
    /// A download by this server from the configured targets.
    ServerProbe,
    /// What this device got earlier.
    History,
    /// Nothing is known.
    Fallback,
}

impl Source {
    /// The word of the interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Playback => "playback",
            Self::ListenerProbe => "listener_probe",
            Self::ServerProbe => "server_probe",
            Self::History => "history",
            Self::Fallback => "fallback",
        }
    }
}

/// One figure that was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measurement {
    /// The rate.
    pub throughput: Throughput,
    /// When the transfer ended.
    pub at: Timestamp,
    /// Whether a person asked for this test.
    pub explicit: bool,
}

/// What is believed, where it comes from and how old it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The rate.
    pub throughput: Throughput,
    /// Where it comes from.
    pub source: Source,
    /// When it was measured; `None` for the fallback.
    pub at: Option<Timestamp>,
}

/// The measurements of one device of one user.
#[derive(Clone, Debug, Default)]
pub struct NetworkView {
    playback: VecDeque<Measurement>,
    listener_probe: Option<Measurement>,
    server_probe: Option<Measurement>,
    history: Option<Measurement>,
}

impl NetworkView {
    /// Takes a measurement in. [`Source::Fallback`] is no measurement and changes nothing.
    pub fn record(&mut self, source: Source, measurement: Measurement) {
        match source {
            Source::Playback => self.record_playback(measurement),
            Source::ListenerProbe => keep_newer(&mut self.listener_probe, measurement),
            Source::ServerProbe => keep_newer(&mut self.server_probe, measurement),
            Source::History => keep_newer(&mut self.history, measurement),
            Source::Fallback => {}
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What to believe at `now`.
    #[must_use]
    pub fn estimate(&self, now: Timestamp) -> Estimate {
        self.playback_estimate(now)
            .or_else(|| self.probe_estimate(now))
            .or_else(|| self.history_estimate())
            .unwrap_or_else(|| Estimate {
                throughput: Throughput::from_mbps(FALLBACK),
                source: Source::Fallback,
                at: None,
            })
    }

    /// Whether anything measured within the last five minutes is known.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        !matches!(self.estimate(now).source, Source::History | Source::Fallback)
    }

    fn record_playback(&mut self, measurement: Measurement) {
        let at = self.playback.partition_point(|known| known.at <= measurement.at);
        self.playback.insert(at, measurement);
        if self.playback.len() > PLAYBACK_SAMPLES {
            self.playback.pop_front();
        }
    }

    fn playback_estimate(&self, now: Timestamp) -> Option<Estimate> {
        let throughput = self.playback_median(|sample| is_fresh(sample, now))?;
        let at = self.playback.back().map(|newest| newest.at);
        Some(Estimate { throughput, source: Source::Playback, at })
    }

    fn playback_median(&self, counts: impl Fn(&Measurement) -> bool) -> Option<Throughput> {
        let samples = self.playback.iter().filter(|sample| counts(sample));
        let mut rates: Vec<f64> = samples.map(|sample| sample.throughput.bps()).collect();
        rates.sort_by(f64::total_cmp);
        let median = match rates.len() {
            0 => return None,
            n if n % 2 == 1 => rates[n / 2],
            n => f64::midpoint(rates[n / 2 - 1], rates[n / 2]),
        };
        Some(Throughput::from_bps(median))
    }

    /// What the device itself got last, however long ago: by then it is history. Without that, what
    /// the server's probe last showed.
    fn history_estimate(&self) -> Option<Estimate> {
        let playback = self.playback.back().and_then(|newest| {
            let throughput = self.playback_median(|_| true)?;
            Some(Measurement { throughput, ..*newest })
        });
        let own = [playback, self.listener_probe, self.history].into_iter().flatten();
        own.max_by_key(|measurement| measurement.at)
            .or(self.server_probe)
            .map(|measurement| found(Source::History, measurement))
    }

    fn probe_estimate(&self, now: Timestamp) -> Option<Estimate> {
        let fresh = |probe: Option<Measurement>| probe.filter(|m| is_fresh(m, now));
        let listener = fresh(self.listener_probe).map(|m| (Source::ListenerProbe, m));
        let server = fresh(self.server_probe).map(|m| (Source::ServerProbe, m));
        let (source, measurement) = match (listener, server) {
            (Some(listener), Some(server)) => {
                let overruled = server.1.explicit && server.1.at > listener.1.at;
                if overruled { server } else { listener }
            }
            (listener, server) => listener.or(server)?,
        };
        Some(found(source, measurement))
    }
}

fn is_fresh(measurement: &Measurement, now: Timestamp) -> bool {
    now.micros_since(measurement.at) < MAX_AGE_US
}

fn keep_newer(slot: &mut Option<Measurement>, measurement: Measurement) {
    if slot.is_none_or(|known| known.at <= measurement.at) {
        *slot = Some(measurement);
    }
}

fn found(source: Source, measurement: Measurement) -> Estimate {
    Estimate { throughput: measurement.throughput, source, at: Some(measurement.at) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Source::{Fallback, History, ListenerProbe, Playback, ServerProbe};

    const SECOND: i64 = 1_000_000;

    /// Source, Mbps, second it was measured, whether a person asked for it.
    type Record = (Source, f64, i64, bool);
    /// What is known, the second it is asked for, and what is believed.
    type Case = (&'static [Record], i64, Source, f64);

    fn view(records: &[Record]) -> NetworkView {
        let mut view = NetworkView::default();
        for &(source, mbps, at_s, explicit) in records {
            let at = Timestamp::from_micros(at_s * SECOND);
            view.record(
                source,
                Measurement { throughput: Throughput::from_mbps(mbps), at, explicit },
            );
        }
        view
    }

    #[test]
    fn the_most_trusted_fresh_figure_wins() {
        let cases: &[Case] = &[
            (&[], 0, Fallback, 2.0),
            (&[(History, 7.0, 0, false)], 9_999, History, 7.0),
            (&[(History, 7.0, 0, false), (ServerProbe, 3.0, 10, false)], 309, ServerProbe, 3.0),
            (&[(History, 7.0, 0, false), (ServerProbe, 3.0, 10, false)], 310, History, 7.0),
            (
                &[(ServerProbe, 3.0, 20, false), (ListenerProbe, 1.0, 10, false)],
                30,
                ListenerProbe,
                1.0,
            ),
            (&[(ServerProbe, 3.0, 20, true), (ListenerProbe, 1.0, 10, true)], 30, ServerProbe, 3.0),
            (
                &[(ServerProbe, 3.0, 20, true), (ListenerProbe, 1.0, 25, false)],
                30,
                ListenerProbe,
                1.0,
            ),
            (&[(Playback, 0.4, 5, false), (ServerProbe, 3.0, 20, true)], 30, Playback, 0.4),
            (&[(Playback, 0.4, 5, false), (ServerProbe, 3.0, 20, true)], 306, ServerProbe, 3.0),
            (&[(ServerProbe, 0.0, 5, false)], 6, ServerProbe, 0.0),
            (&[(ServerProbe, 3.0, 5, false)], 400, History, 3.0),
            (&[(Playback, 0.4, 5, false), (History, 7.0, 0, false)], 400, History, 0.4),
            (&[(Playback, 0.4, 5, false), (History, 7.0, 5, false)], 400, History, 7.0),
        ];
        for (records, now_s, source, mbps) in cases {
            let estimate = view(records).estimate(Timestamp::from_micros(now_s * SECOND));
            assert_eq!(estimate.source, *source, "{records:?} at {now_s}");
            assert!((estimate.throughput.mbps() - mbps).abs() < 1e-9, "{records:?} at {now_s}");
        }
    }

    #[test]
    fn playback_is_the_median_of_the_last_five() {
        let samples: Vec<_> = [9.0, 9.0, 1.0, 2.0, 300.0, 2.0, 1.5]
            .into_iter()
            .zip(1..)
            .map(|(mbps, at)| (Playback, mbps, at, false))
            .collect();
        let estimate = view(&samples).estimate(Timestamp::from_micros(10 * SECOND));
        assert!((estimate.throughput.mbps() - 2.0).abs() < 1e-9);
        let mut late: Vec<_> = samples.clone();
        late.reverse();
        let reversed = view(&late).estimate(Timestamp::from_micros(10 * SECOND));
        assert_eq!(estimate, reversed, "the order of arrival does not matter");
    }
}
