//! How far a finished playback session stayed behind the best there could have been on the network
//! it had.
//!
//! Decides: what that network was, from the session's own transfers, and when a comparison is worth
//! its time. Pure; seconds of work at most: for the background. Never: which session is next.
//!
//! # Model
//! While bytes moved the network carried what arrived, all transfers together; latency is part of
//! that. In between it is taken to have gone on as before. The optimum holds any amount of media and
//! may replace it (`quicksync_sim::optimum`), so nobody is behind a bound that their buffer forbids.

use std::fmt::Write as _;

use quicksync_model::Quality;
use quicksync_sim::optimum::{Scenario, distance};
use quicksync_sim::{Metric, NetworkTrace, SEGMENT_US, Setup};
use quicksync_store::{HindsightRow, SessionRow};

use super::happened::SEGMENT_MS;

/// Longer sessions are not compared, in segments: a quarter of an hour, some seconds of work.
const MOST_SEGMENTS: u32 = 250;
/// Transfers that are looked at, the first: several for each of those segments.
pub(super) const MOST_TRANSFERS: usize = 2_000;
/// Stretches shorter than this are not told apart, microseconds.
const LEAST_STRETCH_US: i64 = 1_000;

/// Media that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Transfer {
    /// When the last of it was there, Unix time.
    pub(super) ended_us: i64,
    /// From the request to that.
    pub(super) duration_us: u64,
    pub(super) bytes: u64,
}

/// What becomes of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Compared,
    /// Nothing was heard.
    Nothing,
    /// Nobody timed a transfer.
    UnknownNetwork,
    /// More was heard than is compared.
    TooLong,
    /// It could not be done.
    Failed,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Compared => "compared",
            Self::Nothing => "nothing_heard",
            Self::UnknownNetwork => "unknown_network",
            Self::TooLong => "too_long",
            Self::Failed => "failed",
        }
    }

    /// An outcome without figures.
    pub(super) fn row(self) -> HindsightRow {
        HindsightRow { outcome: self.as_str().to_owned(), distance: None }
    }
}

/// Compares a session with the optimum on the network that its transfers show, and the qualities up to
/// `best`, the best offered.
pub(super) fn look_back(row: &SessionRow, transfers: &[Transfer], best: Quality) -> HindsightRow {
    let Some(qoe) = row.qoe else { return Outcome::Nothing.row() };
    let Some(segments) = segments(row) else { return Outcome::TooLong.row() };
    let Some(trace) = network(row, transfers) else { return Outcome::UnknownNetwork.row() };
    let setup = Setup::up_to(best, SEGMENT_US, segments, None);
    let Ok(setup) = setup else { return Outcome::Failed.row() };
    let scenario = Scenario::of(&setup, &Metric::m1());
    match distance(&trace, &scenario, None, qoe) {
        Some(found) => HindsightRow {
            outcome: Outcome::Compared.as_str().to_owned(),
            distance: Some((found.at_least, found.at_most)),
        },
        None => Outcome::UnknownNetwork.row(),
    }
}

/// How many segments were heard, a part counted as a whole; `None` for too many.
fn segments(row: &SessionRow) -> Option<u32> {
    let heard_ms = row.heard_ms.iter().fold(0_u64, |sum, ms| sum.saturating_add(*ms));
    let count = heard_ms.div_ceil(SEGMENT_MS).max(1);
    u32::try_from(count).ok().filter(|count| *count <= MOST_SEGMENTS)
}

/// What the network carried from the session's start to its end.
fn network(row: &SessionRow, transfers: &[Transfer]) -> Option<NetworkTrace> {
    let began = row.started_us;
    let mut known: Vec<Span> = transfers.iter().filter_map(|one| Span::of(one, began)).collect();
    known.sort_by_key(|span| span.from_us);
    known.truncate(MOST_TRANSFERS);
    let ended = known.iter().map(|span| span.to_us).max()?;
    let ended = ended.max(row.ended_us.unwrap_or(row.updated_us));
    let mut edges: Vec<i64> = known.iter().flat_map(|span| [span.from_us, span.to_us]).collect();
    edges.extend([began, ended]);
    edges.sort_unstable();
    edges.dedup_by(|later, earlier| *later - *earlier < LEAST_STRETCH_US);
    let mut text = String::new();
    // Before anything was asked for, as when it was.
    let mut kbps = known.first()?.kbps;
    let mut active: Vec<Span> = Vec::new();
    let mut coming = known.into_iter().peekable();
    for edge in edges.windows(2) {
        active.retain(|span| span.to_us > edge[0] + LEAST_STRETCH_US);
        while let Some(span) = coming.next_if(|span| span.from_us < edge[1]) {
            active.push(span);
        }
        if !active.is_empty() {
            kbps = active.iter().map(|span| span.kbps).sum();
        }
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{},{kbps:.3},0", ms(edge[1] - edge[0]));
    }
    NetworkTrace::from_csv(&text).ok()
}

/// A transfer on the session's time.
#[derive(Clone, Copy, Debug)]
struct Span {
    from_us: i64,
    to_us: i64,
    kbps: f64,
}

impl Span {
    fn of(transfer: &Transfer, began_us: i64) -> Option<Self> {
        let lasted = i64::try_from(transfer.duration_us).ok()?.max(LEAST_STRETCH_US);
        let from_us = transfer.ended_us.saturating_sub(lasted).max(began_us);
        let is_within = transfer.ended_us - from_us >= LEAST_STRETCH_US && transfer.bytes > 0;
        let kbps = float(transfer.bytes) * 8.0 / ms(lasted);
        is_within.then_some(Self { from_us, to_us: transfer.ended_us, kbps })
    }
}

#[expect(clippy::cast_precision_loss, reason = "spans and sizes are far below 2^53")]
const fn float(bytes: u64) -> f64 {
    bytes as f64
}

#[expect(clippy::cast_precision_loss, reason = "spans are far below 2^53 microseconds")]
const fn ms(us: i64) -> f64 {
    us as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use quicksync_abr::playback::utility;
    use quicksync_model::NetworkKind;
    use uuid::Uuid;

    use super::*;

    const SECOND: i64 = 1_000_000;

    /// A session of `heard_s` at each quality, worth `qoe`.
    fn session(heard_s: [u64; 4], qoe: Option<f64>) -> SessionRow {
        SessionRow {
            id: Uuid::nil(),
            user_id: Uuid::nil(),
            device_id: Uuid::nil(),
            track_id: None,
            player: String::new(),
            network_kind: NetworkKind::Wifi,
            started_us: 100 * SECOND,
            updated_us: 160 * SECOND,
            ended_us: Some(160 * SECOND),
            startup_ms: Some(0),
            stalls: 0,
            stalled_ms: 0,
            switches: 0,
            abandons: 0,
            seeks: 0,
            heard_ms: heard_s.map(|s| s * 1000),
            bytes: 0,
            wasted_bytes: 0,
            switch_cost: 0.0,
            events_taken: 1,
            qoe,
            hindsight: None,
        }
    }

    /// From, to, in seconds of the session, and kbps.
    fn transfer((from, to, kbps): (i64, i64, i64)) -> Transfer {
        let lasted = u64::try_from(to - from).unwrap();
        Transfer {
            ended_us: (100 + to) * SECOND,
            duration_us: lasted * 1_000_000,
            bytes: lasted * u64::try_from(kbps).unwrap() * 125,
        }
    }

    #[test]
    fn the_network_is_what_arrived_all_together_and_goes_on_in_between() {
        let row = session([60, 0, 0, 0], Some(0.5));
        let transfers = [(2, 6, 100), (4, 8, 300), (20, 30, 50)].map(transfer);
        let trace = network(&row, &transfers).unwrap();
        assert_eq!(trace.duration_us(), 60_000_000);
        for (at_s, kbps) in [(1, 100), (3, 100), (5, 400), (7, 300), (15, 300), (25, 50), (50, 50)]
        {
            assert_eq!(trace.rate_bps(at_s * 1_000_000), kbps * 1000, "at {at_s} s");
        }
        assert!(network(&row, &[]).is_none());
        let early = Transfer { ended_us: 99 * SECOND, duration_us: 5_000_000, bytes: 9 };
        assert!(network(&row, &[early]).is_none(), "it belongs to what was before");
    }

    #[test]
    fn who_plays_low_on_a_fast_network_is_far_behind_and_the_best_is_not() {
        let fast = [(0, 10, 5000), (20, 30, 5000)].map(transfer);
        let slow = [(0, 30, 66), (30, 60, 66)].map(transfer);
        let far = |row: &SessionRow, transfers: &[Transfer]| {
            look_back(row, transfers, Quality::Ultra).distance
        };
        let low = session([58, 0, 0, 0], Some(0.6));
        let (least, most) = far(&low, &fast).unwrap();
        assert!(least > 0.37 && most < 0.41 && least <= most, "{least} {most}");
        let (least, most) = far(&low, &slow).unwrap();
        assert!(most < 0.02, "{least} {most}");
        let best = session([0, 0, 0, 58], Some(1.0));
        let (_, most) = far(&best, &fast).unwrap();
        assert!(most < 1e-3, "{most}");
    }

    #[test]
    fn nobody_is_behind_a_quality_that_was_not_offered() {
        let fast = [(0, 10, 5000), (20, 30, 5000)].map(transfer);
        let session = session([0, 0, 58, 0], Some(utility(Quality::High)));
        let far = |best| look_back(&session, &fast, best).distance.unwrap();
        assert!(far(Quality::High).1 < 1e-3, "{:?}", far(Quality::High));
        assert!(far(Quality::Ultra).0 > 1e-2, "{:?}", far(Quality::Ultra));
    }

    #[test]
    fn what_cannot_be_compared_says_why() {
        let transfers = [(0, 10, 500)].map(transfer);
        let outcome = |row: &SessionRow, transfers: &[Transfer]| {
            look_back(row, transfers, Quality::Ultra).outcome
        };
        let heard = session([60, 0, 0, 0], Some(0.5));
        assert_eq!(outcome(&heard, &transfers), "compared");
        assert_eq!(outcome(&session([0; 4], None), &transfers), "nothing_heard");
        assert_eq!(outcome(&heard, &[]), "unknown_network");
        assert_eq!(outcome(&session([961, 0, 0, 0], Some(0.5)), &transfers), "too_long");
        let endless = session([u64::MAX / 2000; 4], Some(0.5));
        assert_eq!(outcome(&endless, &transfers), "too_long");
    }
}
