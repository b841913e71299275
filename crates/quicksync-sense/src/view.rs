//! Decides which of the measurements of one device to believe.
//!
//! Knows: measurements and the time it is told. Never: a clock, I/O, another device's figures.
//!
//! # Model
//! Trust, highest first: real playback, a listener probe, the connections that carried segments,
//! the server's probe, history, fallback. A measurement counts for five minutes. An explicit test
//! outranks every earlier measurement but real playback. Playback and connections are each the
//! median of their last five transfers, because single transfers lie (token buckets, slow start).
//!
//! # Invariants
//! - the newest sample is kept, whatever the order of arrival, and memory is bounded
//! - an estimate always has a source; without evidence it is [`FALLBACK`]

use std::collections::VecDeque;

use quicksync_model::{Throughput, Timestamp};

/// Greatest age of a measurement that counts: the documented cache time.
pub const MAX_AGE_US: u64 = 5 * 60 * 1_000_000;
/// Transfers that a median is taken over.
const MEDIAN_OF: usize = 5;
/// How long after its end a transfer is told of at most, by all that feed a view, and a minute of
/// differing clocks: what is known to lie further ahead was timed by a clock that has been set back.
const MAX_LATE_US: u64 = 61 * 60 * 1_000_000;
/// What to believe without any evidence, in Mbps. Documented interface.
pub const FALLBACK: f64 = 2.0;

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Bytes of real playback, as the player timed them.
    Playback,
    /// A download from this server that the client timed.
    ListenerProbe,
    /// Connections that carried segments, as our kernel saw them.
    Connection,
    /// A download by this server from the configured targets.
    ServerProbe,
    /// What this device got earlier.
    History,
    /// Nothing is known.
    Fallback,
}

impl Source {
    /// Every source, the most trusted first.
    pub const ALL: [Self; 6] = [
        Self::Playback,
        Self::ListenerProbe,
        Self::Connection,
        Self::ServerProbe,
        Self::History,
        Self::Fallback,
    ];

    /// The word of the interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Playback => "playback",
            Self::ListenerProbe => "listener_probe",
            Self::Connection => "connection",
            Self::ServerProbe => "server_probe",
            Self::History => "history",
            Self::Fallback => "fallback",
        }
    }

    /// How much a good figure of this source is worth beside a minute of playback, 0 to 1. The
    /// server's own downlink says little of a listener's.
    const fn worth(self) -> f64 {
        match self {
            Self::Playback => 0.8,
            Self::ListenerProbe | Self::Connection => 0.6,
            Self::History => 0.4,
            Self::ServerProbe => 0.1,
            Self::Fallback => 0.0,
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
    /// Transfers behind it.
    pub samples: u32,
    /// How far those lie apart, octaves: the mean distance from their median.
    pub spread_octaves: f64,
}

impl Estimate {
    /// What to believe without evidence.
    pub const NOTHING: Self = Self {
        throughput: Throughput::ZERO,
        source: Source::Fallback,
        at: None,
        samples: 0,
        spread_octaves: 0.0,
    };

    /// The documented fallback.
    #[must_use]
    pub fn fallback() -> Self {
        Self { throughput: Throughput::from_mbps(FALLBACK), ..Self::NOTHING }
    }

    /// A figure of one transfer.
    #[must_use]
    pub const fn single(source: Source, measurement: Measurement) -> Self {
        Self {
            throughput: measurement.throughput,
            source,
            at: Some(measurement.at),
            samples: 1,
            spread_octaves: 0.0,
        }
    }

    /// How much to trust it at `now`, 0, a guess, to 1, as good as a minute of playback: its
    /// source's worth, less where transfers disagree, and half of it at five minutes of age.
    #[must_use]
    pub fn confidence(&self, now: Timestamp) -> f64 {
        let Some(at) = self.at else { return 0.0 };
        let age = micros(now.micros_since(at).min(MAX_AGE_US)) / micros(MAX_AGE_US);
        let fresh = if self.source == Source::History { 1.0 } else { 1.0 - 0.5 * age };
        self.source.worth() * fresh / (1.0 + self.spread_octaves)
    }
}

/// The last few transfers of one kind.
#[derive(Clone, Debug, Default)]
struct Recent(VecDeque<Measurement>);

impl Recent {
    fn insert(&mut self, measurement: Measurement) {
        self.0.retain(|known| !is_of_another_clock(known, measurement.at));
        let at = self.0.partition_point(|known| known.at <= measurement.at);
        self.0.insert(at, measurement);
        if self.0.len() > MEDIAN_OF {
            self.0.pop_front();
        }
    }

    fn newest(&self) -> Option<Timestamp> {
        self.0.back().map(|newest| newest.at)
    }

    fn estimate(&self, source: Source, counts: impl Fn(&Measurement) -> bool) -> Option<Estimate> {
        let counted = self.0.iter().filter(|sample| counts(sample));
        let mut rates: Vec<f64> = counted.map(|sample| sample.throughput.bps()).collect();
        rates.sort_by(f64::total_cmp);
        let median = match rates.len() {
            0 => return None,
            n if n % 2 == 1 => rates[n / 2],
            n => f64::midpoint(rates[n / 2 - 1], rates[n / 2]),
        };
        let distance = |rate: &f64| (rate.max(1.0) / median.max(1.0)).log2().abs();
        let samples = u32::try_from(rates.len()).unwrap_or(u32::MAX);
        Some(Estimate {
            throughput: Throughput::from_bps(median),
            source,
            at: self.newest(),
            samples,
            spread_octaves: rates.iter().map(distance).sum::<f64>() / f64::from(samples),
        })
    }
}

/// The measurements of one device of one user.
#[derive(Clone, Debug, Default)]
pub struct NetworkView {
    playback: Recent,
    connection: Recent,
    listener_probe: Option<Measurement>,
    server_probe: Option<Measurement>,
    history: Option<Measurement>,
}

impl NetworkView {
    /// Takes a measurement in. [`Source::Fallback`] is no measurement and changes nothing.
    pub fn record(&mut self, source: Source, measurement: Measurement) {
        match source {
            Source::Playback => self.playback.insert(measurement),
            Source::Connection => self.connection.insert(measurement),
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
        self.fresh_estimate(now)
            .or_else(|| self.history_estimate())
            .unwrap_or_else(Estimate::fallback)
    }

    /// What to believe at `now` of what was measured within five minutes.
    #[must_use]
    pub fn fresh_estimate(&self, now: Timestamp) -> Option<Estimate> {
        let recent = |sample: &Measurement| is_fresh(sample, now);
        if let Some(playback) = self.playback.estimate(Source::Playback, recent) {
            return Some(playback);
        }
        let probe = |source, found: Option<Measurement>| {
            let found = found.filter(recent)?;
            Some((Estimate::single(source, found), found.explicit))
        };
        let connection = self.connection.estimate(Source::Connection, recent);
        let candidates = [
            probe(Source::ListenerProbe, self.listener_probe),
            connection.map(|estimate| (estimate, false)),
            probe(Source::ServerProbe, self.server_probe),
        ];
        let asked_for = candidates.iter().flatten().filter(|(_, explicit)| *explicit);
        let last_test = asked_for.filter_map(|(estimate, _)| estimate.at).max();
        let stands = |estimate: &Estimate| estimate.at >= last_test;
        candidates.into_iter().flatten().map(|(estimate, _)| estimate).find(stands)
    }

    /// The fresh figure of each source, the most trusted first.
    #[must_use]
    pub fn sources(&self, now: Timestamp) -> Vec<Estimate> {
        let recent = |sample: &Measurement| is_fresh(sample, now);
        let single = |source, found: Option<Measurement>| {
            found.filter(recent).map(|found| Estimate::single(source, found))
        };
        let all = [
            self.playback.estimate(Source::Playback, recent),
            single(Source::ListenerProbe, self.listener_probe),
            self.connection.estimate(Source::Connection, recent),
            single(Source::ServerProbe, self.server_probe),
        ];
        all.into_iter().flatten().collect()
    }

    /// Whether anything measured within the last five minutes is known.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.fresh_estimate(now).is_some()
    }

    /// What the device itself got last, however long ago: by then it is history. Without that, what
    /// the server's probe last showed.
    fn history_estimate(&self) -> Option<Estimate> {
        let known = |measurement: Option<Measurement>| {
            measurement.map(|found| Estimate::single(Source::History, found))
        };
        let own = [
            self.playback.estimate(Source::History, |_| true),
            self.connection.estimate(Source::History, |_| true),
            known(self.listener_probe),
            known(self.history),
        ];
        // Of two that are equally old the later in the list is the one with more behind it.
        let newest = own.into_iter().flatten().max_by_key(|estimate| estimate.at);
        newest.or_else(|| known(self.server_probe))
    }
}

fn is_fresh(measurement: &Measurement, now: Timestamp) -> bool {
    let (since, until) = (now.micros_since(measurement.at), measurement.at.micros_since(now));
    since.max(until) < MAX_AGE_US
}

const fn is_of_another_clock(known: &Measurement, at: Timestamp) -> bool {
    known.at.micros_since(at) > MAX_LATE_US
}

fn keep_newer(slot: &mut Option<Measurement>, measurement: Measurement) {
    let is_newer = |known: Measurement| {
        known.at <= measurement.at || is_of_another_clock(&known, measurement.at)
    };
    if slot.is_none_or(is_newer) {
        *slot = Some(measurement);
    }
}

#[expect(clippy::cast_precision_loss, reason = "the caller bounds it by minutes")]
const fn micros(us: u64) -> f64 {
    us as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use Source::{Connection, Fallback, History, ListenerProbe, Playback, ServerProbe};

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
            (&[(Connection, 0.4, 5, false), (ServerProbe, 3.0, 6, false)], 9, Connection, 0.4),
            (&[(Connection, 0.4, 5, false), (ServerProbe, 3.0, 6, true)], 9, ServerProbe, 3.0),
            (&[(Connection, 0.4, 7, false), (ServerProbe, 3.0, 6, true)], 9, Connection, 0.4),
            (&[(Connection, 0.4, 7, false), (ListenerProbe, 3.0, 6, true)], 9, ListenerProbe, 3.0),
            (&[(Connection, 0.4, 7, false), (Playback, 1.0, 6, false)], 9, Playback, 1.0),
            (&[(Connection, 0.4, 7, false), (History, 1.0, 6, false)], 400, History, 0.4),
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

    #[test]
    fn a_clock_that_is_set_back_leaves_nothing_behind() {
        let day = 86_400;
        let before: Vec<Record> = (0..9)
            .map(|n| (Playback, 9.0, day + n, false))
            .chain([(ServerProbe, 9.0, day, true)])
            .collect();
        let seen = |records: &[Record], now_s: i64| {
            let estimate = view(records).estimate(Timestamp::from_micros(now_s * SECOND));
            (estimate.source, estimate.throughput.mbps())
        };
        assert_eq!(seen(&before, day + 10), (Playback, 9.0));
        // A day earlier: what was measured is no more than history, and what comes now counts.
        assert_eq!(seen(&before, 100), (History, 9.0));
        for (source, fresh) in [(Playback, 1.0), (ServerProbe, 2.0)] {
            let records = [&before[..], &[(source, fresh, 99, false)]].concat();
            assert_eq!(seen(&records, 100), (source, fresh));
        }
        // An hour late is late, not another clock.
        assert_eq!(
            seen(&[(Playback, 9.0, 3600, false), (Playback, 1.0, 0, false)], 3601),
            (Playback, 9.0)
        );
    }

    #[test]
    fn confidence_falls_with_age_and_with_disagreement() {
        let steady = view(&[(Playback, 1.0, 1, false), (Playback, 1.0, 2, false)]);
        let at = |second: i64| Timestamp::from_micros(second * SECOND);
        let confidence =
            |view: &NetworkView, second| view.estimate(at(second)).confidence(at(second));
        assert!((confidence(&steady, 2) - 0.8).abs() < 1e-9);
        assert!((confidence(&steady, 152) - 0.6).abs() < 1e-9, "half way to five minutes");
        let torn = view(&[(Playback, 1.0, 1, false), (Playback, 4.0, 2, false)]);
        assert!(confidence(&torn, 2) < 0.5, "{}", confidence(&torn, 2));
        for (source, least, most) in
            [(ListenerProbe, 0.59, 0.61), (Connection, 0.59, 0.61), (ServerProbe, 0.09, 0.11)]
        {
            let seen = confidence(&view(&[(source, 1.0, 2, false)]), 2);
            assert!((least..most).contains(&seen), "{source:?}: {seen}");
        }
        assert!(confidence(&view(&[]), 2) < 1e-9);
        assert!((confidence(&view(&[(History, 1.0, 0, false)]), 9999) - 0.4).abs() < 1e-9);
    }
}
