//! Decides at which quality, when to play, and when to give up a transfer.
//!
//! # Model
//! Each quality is worth `HEARD * u(q) - 0.5 |u(q) - u(last)| - STALL * chance of a stall`, where
//! the chance is that of the worst of the next segments arriving after the one before has ended.
//! While the sound waits, a segment costs the time it takes instead. Source: the metric of
//! docs/design/decision-core.md.

use quicksync_model::{Quality, Timestamp};

use super::belief::Belief;
use super::config::{BufferLimits, utility};
use super::ladder::SegmentLadder;
use super::track::SegmentKey;
use super::transfer::Transfer;

/// How many segments ahead the chance of a stall looks.
const HORIZON: u32 = 3;
/// How many segments of a quality are weighed against that chance: fewer are more careful.
const HEARD: f64 = 3.0;
/// What a stall costs, in seconds-of-best-sound per segment: 4 for the event, the rest its length.
const STALL_COST: f64 = 5.0;
/// What a switch costs, per unit of utility. Metric.
const SWITCH_COST: f64 = 0.5;
/// What a second of silence after a stall costs. Metric.
const STALLED_SECOND: f64 = 0.3;
/// A quality above the last must still be best if the rate were this many octaves lower.
const RAISE_MARGIN: f64 = 0.1;
/// The same when the listener prefers stability.
const STEADY_RAISE_MARGIN: f64 = 0.6;
/// A quality above the last needs this share of its rate from the link.
const SUSTAINED: f64 = 0.8;
/// A stall weighs this much more when the listener prefers stability.
const STEADY_STALL: f64 = 2.0;
/// A first segment should take no longer than this, seconds.
const FIRST_S: f64 = 2.0;
/// Buffer to resume with at [`HOLD_KBPS`], seconds; inversely more or less at other rates.
const RESUME_HOLD_S: f64 = 10.0;
/// Buffer to start with at [`HOLD_KBPS`], seconds.
const START_HOLD_S: f64 = 4.0;
/// See [`RESUME_HOLD_S`].
const HOLD_KBPS: f64 = 128.0;
/// Never hold more than this, seconds. Eight segments: abr-buffer measurements.
const MOST_HOLD_S: f64 = 30.0;
/// Start after this with whatever is held, seconds.
const LONGEST_START_S: f64 = 4.0;
/// While the sound waits to start, a segment may take this long before it is given up, seconds.
const START_PATIENCE_S: f64 = 2.0;
/// The lower quality must take at most this share of the rest of the transfer given up.
const CLEARLY_FASTER: f64 = 0.5;
/// The same while there is silence: half a segment of medium is a whole one of low.
const FASTER_IN_SILENCE: f64 = 0.7;

/// Whether sound runs, and since when it should.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Sound {
    /// Not yet: asked for this many seconds ago.
    Starting(f64),
    /// Running.
    Running,
    /// Stopped for lack of media.
    Stalled,
}

/// What a choice is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) ladder: SegmentLadder,
    pub(crate) segment: SegmentKey,
    pub(crate) buffer_s: f64,
    pub(crate) last: Option<Quality>,
    pub(crate) start: Quality,
    pub(crate) belief: Belief,
    pub(crate) sound: Sound,
    pub(crate) limits: BufferLimits,
    pub(crate) prefer_quality: bool,
}

/// The quality that the network allows, not above `top`.
pub(crate) fn choose(view: &View, top: Quality) -> Quality {
    let lowest = view.ladder.serve(Quality::Low);
    let Some(last) = view.last else { return first(view, top) };
    let margin = if view.prefer_quality { RAISE_MARGIN } else { STEADY_RAISE_MARGIN };
    let mut best = (lowest, value(view, lowest, last, 0.0));
    for quality in view.ladder.qualities().filter(|quality| *quality <= top) {
        if quality > last && !sustained(view, quality) {
            continue;
        }
        let doubt = if quality > last { margin } else { 0.0 };
        let worth = value(view, quality, last, doubt);
        if worth > best.1 {
            best = (quality, worth);
        }
    }
    best.0
}

/// The first segment: the recommended quality if it comes soon, or else the best that does.
fn first(view: &View, top: Quality) -> Quality {
    let wanted = if view.belief.known { view.start } else { view.start.min(Quality::Medium) };
    let soon = |quality: &Quality| {
        view.belief.transfer_s(view.ladder.bytes(view.segment.index, *quality)) <= FIRST_S
    };
    let mut fitting = view.ladder.qualities().filter(|quality| *quality <= top.min(wanted));
    fitting.rfind(soon).unwrap_or_else(|| view.ladder.serve(Quality::Low))
}

/// Whether the link nearly carries `quality`: a deep buffer alone would pay for it only to drop
/// again, which is a switch every half minute on a steady link.
fn sustained(view: &View, quality: Quality) -> bool {
    view.belief.throughput().kbps() >= SUSTAINED * view.ladder.needed_kbps(quality)
}

/// What `quality` is worth from here on, if the rate is `doubt` octaves below the expected.
fn value(view: &View, quality: Quality, last: Quality, doubt: f64) -> f64 {
    let belief = Belief { rate_log2: view.belief.rate_log2 - doubt, ..view.belief };
    let switch = SWITCH_COST * (utility(quality) - utility(last)).abs();
    let heard = HEARD * utility(quality) - switch;
    if view.sound == Sound::Running {
        let weight = if view.prefer_quality { 1.0 } else { STEADY_STALL };
        heard - weight * STALL_COST * chance_of_stall(view, &belief, quality)
    } else {
        let time_s = belief.transfer_s(view.ladder.bytes(view.segment.index, quality));
        utility(quality) - switch - STALLED_SECOND * time_s
    }
}

/// The chance that one of the next segments at `quality` comes too late.
fn chance_of_stall(view: &View, belief: &Belief, quality: Quality) -> f64 {
    let segment_s = view.ladder.segment_s(0);
    let bytes = view.ladder.bytes(0, quality);
    let spare_s = view.buffer_s - (view.limits.low_s() / 3.0).min(view.buffer_s / 4.0);
    (1..=HORIZON).fold(0.0, |worst: f64, n| {
        let n = f64::from(n);
        worst.max(belief.chance_late(n * bytes, n, spare_s + (n - 1.0) * segment_s))
    })
}

/// Whether enough is held to let the sound run.
pub(crate) fn may_play(view: &View) -> bool {
    let kbps = view.belief.throughput().kbps().max(1.0);
    let (hold_s, most_s) = match view.sound {
        Sound::Running => return false,
        Sound::Starting(waited_s) if waited_s >= LONGEST_START_S => (0.0, MOST_HOLD_S),
        Sound::Starting(_) => (START_HOLD_S, MOST_HOLD_S),
        Sound::Stalled => (RESUME_HOLD_S, MOST_HOLD_S),
    };
    let ceiling_s = view.limits.max_s() - view.ladder.segment_s(0);
    let wanted_s = (hold_s * HOLD_KBPS / kbps).min(most_s).min(ceiling_s);
    view.buffer_s > 0.0 && view.buffer_s >= wanted_s
}

/// What would still be waited for, and the rate it comes at, if a transfer should be given up.
pub(crate) fn too_slow(view: &View, transfer: &Transfer, elapsed_s: f64) -> Option<(f64, f64)> {
    let lowest = view.ladder.serve(Quality::Low);
    if transfer.quality <= lowest || elapsed_s < 0.5 {
        return None;
    }
    let bps = arriving_bps(&view.belief, transfer, elapsed_s);
    let rest_s = transfer.rest() * 8.0 / bps;
    let lower_s = view.belief.latency_s + view.ladder.bytes(transfer.key.index, lowest) * 8.0 / bps;
    let (allowed_s, share) = match view.sound {
        Sound::Running => (view.buffer_s, CLEARLY_FASTER),
        Sound::Starting(_) | Sound::Stalled => (START_PATIENCE_S, FASTER_IN_SILENCE),
    };
    (rest_s > allowed_s && lower_s < share * rest_s).then_some((rest_s, bps / 1e3))
}

/// The rate of a transfer: what it showed, and the belief for as long as it showed little.
fn arriving_bps(belief: &Belief, transfer: &Transfer, elapsed_s: f64) -> f64 {
    let believed = libm::exp2(belief.rate_log2);
    let body_s = (elapsed_s - belief.latency_s).max(0.0);
    let seen = transfer.received_f64() * 8.0;
    ((seen + believed * 0.5) / (body_s + 0.5)).max(1.0)
}

/// The belief, no better than what the transfer under way shows: in an outage nothing else tells.
pub(crate) fn with_arriving(belief: Belief, transfer: &Transfer, now: Timestamp) -> Belief {
    let seen = libm::log2(arriving_bps(&belief, transfer, transfer.elapsed_s(now)));
    Belief { rate_log2: belief.rate_log2.min(seen), ..belief }
}
