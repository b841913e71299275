//! Decides at which quality, when to play, and when to give up a transfer.
//!
//! Never: what a transfer is for, which is the scheduler's; what the listener allows, which is
//! `bounds`'.
//!
//! # Model
//! The policy table says what each action is worth from what is seen. The rules here keep what it
//! was not fitted to decide: how long a start may wait, how much is held after a stall, and when a
//! transfer under way should be given up for a lower quality.

use quicksync_model::{Quality, Timestamp};

use super::belief::Belief;
use super::bounds::Bound;
use super::ladder::SegmentLadder;
use super::policy::{self, Action, Estimator, Look};
use super::track::SegmentKey;
use super::transfer::Transfer;

pub(super) use super::policy::Sound;

/// Length of the segments that the table was fitted for, seconds: 184,320 samples at 48 kHz.
const FITTED_SEGMENT_S: f64 = 3.84;
/// A transfer is not judged before this, seconds: round trips and slow start look like slowness.
const JUDGED_AFTER_S: f64 = 0.5;
/// With this much held sound starts at once, wherever the listener moved, seconds: five segments.
const ENOUGH_TO_START_S: f64 = 19.1;
/// With less than this a player may not begin at all, seconds: Chromium waited for more with 0.24.
const TOO_LITTLE_S: f64 = 0.3;
/// Less than this of a segment is a rest of it: what starts with more is the table's affair, seconds.
const LITTLE_S: f64 = 1.0;
/// A segment never encoded yet takes its time to be made, which no rate tells.
const SLOWER_THAN_BELIEVED: f64 = 1.5;
/// A better first segment under way may delay the start by this much, seconds.
const LAST_REPLACEMENT_S: f64 = 1.0;

/// What a choice is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    /// What the bounds leave of the track's.
    pub(super) ladder: SegmentLadder,
    /// What they are, if they take something.
    pub(super) bound: Option<Bound>,
    pub(super) segment: SegmentKey,
    /// Segments still to fetch, from this one on.
    pub(super) remaining: u32,
    pub(super) buffer_s: f64,
    pub(super) ceiling_s: f64,
    /// Whether one more segment fits below the ceiling.
    pub(super) room: bool,
    pub(super) last: Option<Quality>,
    pub(super) start: Quality,
    pub(super) network: &'a Estimator,
    pub(super) belief: Belief,
    pub(super) sound: Sound,
    pub(super) prefer_quality: bool,
}

/// What may be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    /// No better quality may be fetched.
    pub(super) top: Quality,
    /// Whether a segment may be fetched at all.
    pub(super) fetch: bool,
    /// Whether sound may start or go on.
    pub(super) play: bool,
    /// What the best replacement by medium, high and ultra gains; 0 where there is none.
    pub(super) gains: [f64; 3],
    /// How much utility the held segments lack.
    pub(super) deficit: f64,
}

/// The best thing to do; nothing if nothing may be done.
pub(super) fn decide(view: &View<'_>, options: &Options) -> Action {
    let scale = FITTED_SEGMENT_S / view.ladder.segment_s(0).max(1e-3);
    let look = Look {
        network: view.network,
        ladder_octaves: view.ladder.octaves(),
        buffer_s: view.buffer_s * scale,
        cap_s: view.ceiling_s * scale,
        full: !view.room,
        remaining: f64::from(view.remaining),
        last: view.last.map(|last| last.min(view.ladder.top())),
        sound: view.sound,
        gains: options.gains,
        deficit: options.deficit,
        steady: !view.prefer_quality,
    };
    policy::choose(&look, |action| allowed(view, options, action)).unwrap_or(Action::Wait)
}

fn allowed(view: &View<'_>, options: &Options, action: Action) -> bool {
    match action {
        Action::Fetch(quality) => {
            // The table knows four rungs. Where there are fewer, the best of them stands for those
            // above it: without them it would be worth what it is as one of four, and be left.
            let quality = view.ladder.serve(quality);
            options.fetch && offered(view, options.top, quality) && !drains(view, quality)
        }
        Action::Replace(quality) => {
            let index = (quality as usize).checked_sub(1);
            index.and_then(|index| options.gains.get(index)).is_some_and(|gain| *gain > 0.0)
        }
        Action::Wait => !options.fetch && !options.play,
        Action::Play => options.play && !stops_at_once(view),
    }
}

/// Whether sound that begins now ends before more has come, which begins no sooner. So it is where the
/// listener moved near the end of a segment; the table was fitted to starts with a whole one.
fn stops_at_once(view: &View<'_>) -> bool {
    let quality = view.ladder.serve(view.last.unwrap_or(view.start));
    let more_s = view.belief.transfer_s(view.ladder.bytes(view.segment.index, quality));
    let least_s = (more_s * SLOWER_THAN_BELIEVED).clamp(TOO_LITTLE_S, LITTLE_S);
    view.remaining > 0 && view.buffer_s < least_s
}

/// Whether `quality` exists and is not above `top` or, for the first segment, the recommended start.
fn offered(view: &View<'_>, top: Quality, quality: Quality) -> bool {
    let top = if view.last.is_none() { top.min(view.start) } else { top };
    view.ladder.segment_bytes(quality).is_some()
        && (quality <= top || quality == view.ladder.serve(Quality::Low))
}

/// Whether a quality that the link does not carry would leave too little for an outage. The table,
/// fitted to the mean, rides lower than a listener forgives; this costs less than 0.001 of the metric.
fn drains(view: &View<'_>, quality: Quality) -> bool {
    let segment_s = view.ladder.segment_s(0);
    let transfer_s = view.belief.transfer_s(view.ladder.bytes(0, quality));
    let left_s = view.buffer_s + segment_s - transfer_s;
    view.sound == Sound::Running
        && quality > view.ladder.serve(Quality::Low)
        && transfer_s > segment_s
        && left_s < policy::reserve_s(view.ceiling_s)
}

/// Whether the sound must not wait any longer, given what is held. `improving`: the segment that
/// would sound is under way at a better quality.
pub(super) fn must_play(view: &View<'_>, improving: bool) -> bool {
    let waited_most = policy::START_S + if improving { LAST_REPLACEMENT_S } else { 0.0 };
    match view.sound {
        Sound::Running => false,
        Sound::Starting(waited_s) => waited_s > waited_most || view.buffer_s >= ENOUGH_TO_START_S,
        Sound::Stalled => view.buffer_s >= policy::MOST_HOLD_S,
    }
}

/// What would still be waited for, and the rate it comes at, if a transfer should be given up.
pub(super) fn too_slow(view: &View<'_>, transfer: &Transfer, elapsed_s: f64) -> Option<(f64, f64)> {
    let lowest = view.ladder.serve(Quality::Low);
    if transfer.quality <= lowest || elapsed_s < JUDGED_AFTER_S {
        return None;
    }
    let bps = arriving_bps(&view.belief, transfer, elapsed_s);
    let rest_s = transfer.rest() * 8.0 / bps;
    let lower_s = view.belief.latency_s + view.ladder.bytes(transfer.key.index, lowest) * 8.0 / bps;
    let (allowed_s, share) = policy::patience(view.sound, elapsed_s, view.buffer_s);
    (rest_s > allowed_s && lower_s < share * rest_s).then_some((rest_s, bps / 1e3))
}

/// The rate of a transfer, bits per second.
fn arriving_bps(belief: &Belief, transfer: &Transfer, elapsed_s: f64) -> f64 {
    8.0 * policy::arriving_bytes(belief, transfer.received_f64(), elapsed_s)
}

/// The belief, no better than what the transfer under way shows: in an outage nothing else tells.
pub(super) fn with_arriving(belief: Belief, transfer: &Transfer, now: Timestamp) -> Belief {
    let seen = libm::log2(arriving_bps(&belief, transfer, transfer.elapsed_s(now)));
    Belief { rate_log2: belief.rate_log2.min(seen), ..belief }
}
