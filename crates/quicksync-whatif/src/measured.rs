//! Turns the transfers of a playback session into the network trace that they are evidence of.
//!
//! Decides what is assumed where nothing was measured. Never: a policy.
//!
//! # Model
//! From its first byte to its last a transfer shows what the link carried. Before its first byte it
//! waits: as long as the median wait of the session that is latency, and nothing is known of the link;
//! what goes beyond is silence, a rate of 0. Transfers at the same time add up. Between the end of one
//! measured stretch and the beginning of the next the rate is drawn geometrically from the one to the
//! other, a second at a time: a straight line on the logarithmic scale that rates are judged by. Where
//! the neighbour is silence, the line goes to the nearest rate beyond it. The trace begins with the first
//! request and ends with the last transfer; a playback that lasts longer begins it again.

use quicksync_sim::{NetworkTrace, TraceError};

/// The longest session that is replayed, microseconds: a day.
const MOST_US: u64 = 24 * 3600 * 1_000_000;
/// A piece of a drawn line, microseconds.
const PIECE_US: u64 = 1_000_000;
/// Nothing passes in less time: the resolution of browsers' clocks, microseconds.
const LEAST_US: u64 = 1_000;
/// Nothing is faster, bits per second: what a trace may hold.
const MOST_BPS: i128 = 1_000_000_000_000;

/// One transfer, times in microseconds from any common origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeasuredTransfer {
    /// When the request left.
    pub start_us: u64,
    /// When its first byte came, if one did.
    pub first_byte_us: Option<u64>,
    /// When its last byte came, or it was given up.
    pub end_us: u64,
    /// Bytes that came.
    pub bytes: u64,
}

/// Why transfers are no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmeasured {
    /// Not one byte came.
    Nothing,
    /// A transfer ends before it begins, or bytes came before the first one.
    Order,
    /// They span more than a day.
    TooLong,
}

/// A network as a session saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Its capacity and latency.
    pub trace: NetworkTrace,
    /// How long it was seen for, microseconds.
    pub span_us: u64,
    /// The part of that in which the rate was measured, not drawn.
    pub measured_us: u64,
}

/// What is known of the link from one instant to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch {
    begin_us: u64,
    end_us: u64,
    /// Bits per second.
    bps: f64,
}

impl Measured {
    /// The network that `transfers`, in any order, are evidence of.
    ///
    /// # Errors
    /// See [`Unmeasured`].
    pub fn of(transfers: &[MeasuredTransfer]) -> Result<Self, Unmeasured> {
        let transfers = from_zero(transfers)?;
        let latency_us = median_wait(&transfers);
        let stretches = stretches(&transfers, latency_us);
        let ends_us = transfers.iter().map(|transfer| transfer.end_us);
        let span_us = ends_us.chain(stretches.last().map(|one| one.end_us)).max().unwrap_or(0);
        let measured_us = stretches.iter().map(|one| one.end_us - one.begin_us).sum();
        let rows = rows(&filled(&stretches, span_us), &transfers, latency_us);
        let trace = NetworkTrace::from_numbers(rows.into_iter()).map_err(|error| match error {
            TraceError::Empty => Unmeasured::Nothing,
            TraceError::Row { .. } => Unmeasured::TooLong,
        })?;
        Ok(Self { trace, span_us, measured_us })
    }
}

/// The transfers in the order of their requests, the first of which leaves at 0.
fn from_zero(transfers: &[MeasuredTransfer]) -> Result<Vec<MeasuredTransfer>, Unmeasured> {
    if transfers.iter().all(|transfer| transfer.bytes == 0) {
        return Err(Unmeasured::Nothing);
    }
    let origin_us = transfers.iter().map(|transfer| transfer.start_us).min().unwrap_or(0);
    let mut ordered = Vec::with_capacity(transfers.len());
    for transfer in transfers {
        let MeasuredTransfer { start_us, first_byte_us, end_us, bytes } = *transfer;
        let first_us = first_byte_us.unwrap_or(end_us);
        let came = bytes == 0 || first_byte_us.is_some();
        if !came || first_us < start_us || end_us < first_us {
            return Err(Unmeasured::Order);
        }
        if end_us - origin_us > MOST_US {
            return Err(Unmeasured::TooLong);
        }
        ordered.push(MeasuredTransfer {
            start_us: start_us - origin_us,
            first_byte_us: first_byte_us.map(|at_us| at_us - origin_us),
            end_us: end_us - origin_us,
            bytes,
        });
    }
    ordered.sort_by_key(|transfer| (transfer.start_us, transfer.end_us));
    Ok(ordered)
}

/// From a request to its first byte: the middle of the session's waits.
fn median_wait(transfers: &[MeasuredTransfer]) -> u64 {
    let waits = transfers.iter().filter_map(|one| Some(one.first_byte_us? - one.start_us));
    let mut waits: Vec<u64> = waits.collect();
    waits.sort_unstable();
    waits.get(waits.len() / 2).copied().unwrap_or(0)
}

/// What the transfers showed, in order and without overlaps.
fn stretches(transfers: &[MeasuredTransfer], latency_us: u64) -> Vec<Stretch> {
    // Where a rate begins and ends: when, the change, and how many transfers more are seen.
    let mut edges: Vec<(u64, i128, i32)> = Vec::new();
    let mut show = |begin_us: u64, end_us: u64, bps: i128| {
        if begin_us < end_us {
            edges.extend([(begin_us, bps, 1), (end_us, -bps, -1)]);
        }
    };
    for transfer in transfers {
        let first_us = transfer.first_byte_us.unwrap_or(transfer.end_us);
        show((transfer.start_us + latency_us).min(first_us), first_us, 0);
        if transfer.bytes > 0 {
            let end_us = transfer.end_us.max(first_us + LEAST_US);
            let bps = u128::from(transfer.bytes) * 8_000_000 / u128::from(end_us - first_us);
            show(first_us, end_us, i128::try_from(bps).unwrap_or(MOST_BPS).min(MOST_BPS));
        }
    }
    edges.sort_unstable();
    let (mut at_us, mut bps, mut seen) = (0, 0, 0);
    let mut stretches = Vec::new();
    for (edge_us, change, more) in edges {
        if seen > 0 && edge_us > at_us {
            stretches.push(Stretch { begin_us: at_us, end_us: edge_us, bps: rate(bps) });
        }
        (at_us, bps, seen) = (edge_us, bps + change, seen + more);
    }
    stretches
}

#[expect(clippy::cast_precision_loss, reason = "a rate is not read to 53 bits")]
fn rate(bps: i128) -> f64 {
    bps.min(MOST_BPS) as f64
}

/// The stretches with the gaps before, between and after them filled.
fn filled(stretches: &[Stretch], span_us: u64) -> Vec<Stretch> {
    let mut all = Vec::new();
    let mut at_us = 0;
    for (index, next) in stretches.iter().enumerate() {
        draw(&mut all, at_us, next.begin_us, sides(stretches, index));
        all.push(*next);
        at_us = next.end_us;
    }
    draw(&mut all, at_us, span_us, sides(stretches, stretches.len()));
    all
}

/// The nearest rates before and from a stretch on; where there is none, the other.
fn sides(stretches: &[Stretch], index: usize) -> (f64, f64) {
    let rate = |one: &Stretch| (one.bps > 0.0).then_some(one.bps);
    let before = stretches[..index].iter().rev().find_map(rate);
    let after = stretches[index..].iter().find_map(rate);
    let either = before.or(after).unwrap_or(0.0);
    (before.unwrap_or(either), after.unwrap_or(either))
}

/// Draws a line from one rate to another, if there is room for it.
fn draw(all: &mut Vec<Stretch>, begin_us: u64, end_us: u64, (from, to): (f64, f64)) {
    let length_us = end_us.saturating_sub(begin_us);
    let pieces = length_us.div_ceil(PIECE_US);
    for piece in 0..pieces {
        let place = (number(piece) + 0.5) / number(pieces);
        let bps = (from.ln() * (1.0 - place) + to.ln() * place).exp();
        let [begin, end] = [piece, piece + 1].map(|piece| begin_us + length_us * piece / pieces);
        all.push(Stretch { begin_us: begin, end_us: end, bps });
    }
}

/// The rows of a trace: each request's own wait, as far as it is latency, holds until the next request.
fn rows(stretches: &[Stretch], transfers: &[MeasuredTransfer], latency_us: u64) -> Vec<[f64; 3]> {
    let mut rows = Vec::new();
    for stretch in stretches {
        let mut begin_us = stretch.begin_us;
        while begin_us < stretch.end_us {
            let next = transfers.partition_point(|one| one.start_us <= begin_us);
            let until_us = transfers.get(next).map_or(u64::MAX, |one| one.start_us);
            let end_us = stretch.end_us.min(until_us);
            let wait_us = wait(transfers, next, latency_us);
            let (ms, kbps) = (number(end_us - begin_us) / 1e3, stretch.bps / 1e3);
            rows.push([ms, kbps, number(wait_us) / 1e3]);
            begin_us = end_us;
        }
    }
    rows
}

/// The latency that the last request before `index` met.
fn wait(transfers: &[MeasuredTransfer], index: usize, latency_us: u64) -> u64 {
    let own = |one: &MeasuredTransfer| Some(one.first_byte_us? - one.start_us);
    let last = transfers[..index].iter().rev().find_map(own);
    last.unwrap_or(latency_us).min(latency_us)
}

#[expect(clippy::cast_precision_loss, reason = "a day of microseconds fits in 53 bits")]
fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: u64 = 1_000_000;

    fn transfer(start_us: u64, first_us: u64, end_us: u64, bytes: u64) -> MeasuredTransfer {
        MeasuredTransfer { start_us, first_byte_us: Some(first_us), end_us, bytes }
    }

    #[test]
    fn transfers_replayed_end_when_they_did() {
        let transfers = [
            transfer(5 * S, 5 * S + 80_000, 6 * S, 30_720),
            transfer(6 * S, 6 * S + 120_000, 7 * S, 61_440),
            // Silence for nine seconds, then a burst.
            transfer(7 * S, 16 * S, 16 * S + 300_000, 61_440),
            transfer(30 * S, 30 * S + 100_000, 31 * S, 122_880),
        ];
        let measured = Measured::of(&transfers).unwrap();
        for one in transfers {
            let start_us = one.start_us - 5 * S;
            let sent_us = start_us + measured.trace.latency_us(start_us);
            let end_us = measured.trace.finish_us(sent_us, one.bytes).unwrap();
            let away_us = (end_us + 5 * S).abs_diff(one.end_us);
            assert!(away_us < 20_000, "{one:?} ends {away_us} us away");
        }
        assert_eq!(measured.span_us, 26 * S);
        assert!((10 * S..13 * S).contains(&measured.measured_us), "{}", measured.measured_us);
    }

    #[test]
    fn a_gap_is_drawn_from_one_rate_to_the_other() {
        let slow = transfer(0, 0, S, 12_500);
        let fast = transfer(5 * S, 5 * S, 6 * S, 1_250_000);
        let measured = Measured::of(&[fast, slow]).unwrap();
        let kbps: Vec<u64> = (0..6).map(|s| measured.trace.rate_bps(s * S + 1) / 1000).collect();
        // A hundredfold in four pieces: 100 * 100^(1/8), and so on.
        assert_eq!(kbps, [100, 177, 562, 1778, 5623, 10_000]);
        assert_eq!(measured.measured_us, 2 * S);
    }

    #[test]
    fn transfers_at_the_same_time_add_up() {
        let both = [transfer(0, 0, 2 * S, 25_000), transfer(0, 0, S, 12_500)];
        let trace = Measured::of(&both).unwrap().trace;
        assert_eq!([1, S + 1].map(|at_us| trace.rate_bps(at_us)), [200_000, 100_000]);
    }

    #[test]
    fn what_was_given_up_in_an_outage_is_silence() {
        let lost = MeasuredTransfer { start_us: S, first_byte_us: None, end_us: 9 * S, bytes: 0 };
        let trace = Measured::of(&[transfer(0, 50_000, S, 12_500), lost]).unwrap().trace;
        assert_eq!(trace.rate_bps(5 * S), 0);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (transfers, why) in [
            (vec![], Unmeasured::Nothing),
            (vec![transfer(0, 1, 2, 0)], Unmeasured::Nothing),
            (vec![transfer(5, 4, 6, 1)], Unmeasured::Order),
            (vec![transfer(0, 4, 3, 1)], Unmeasured::Order),
            (vec![transfer(0, 0, 1, 1), transfer(0, 0, 25 * 3600 * S, 1)], Unmeasured::TooLong),
        ] {
            assert_eq!(Measured::of(&transfers), Err(why), "{transfers:?}");
        }
        let no_first = MeasuredTransfer { first_byte_us: None, ..transfer(0, 0, 9, 9) };
        assert_eq!(Measured::of(&[no_first]), Err(Unmeasured::Order));
        // Instantaneous, and as large as it may be: still a network.
        assert!(Measured::of(&[transfer(7, 7, 7, u64::MAX >> 12)]).is_ok());
    }
}
