//! Gives the answer to a moment: asks the scheduler what for, the controller how well, the bounds
//! whether it may be, and says why.
//!
//! Changes nothing: the session takes note of its own answers.

use quicksync_model::{Quality, Timestamp};

use super::controller::{self, Options, View};
use super::moment::Moment;
use super::output::Output;
use super::policy::Action;
use super::reason::Reason;
use super::scheduler::{Candidate, Need};
use super::track::SegmentKey;
use super::transfer::Transfer;
use crate::Preload;

/// While a transfer is under way it is looked at this often, microseconds.
const WATCH_US: i64 = 500_000;
/// No wake-up is sooner than this, microseconds.
const SOONEST_US: i64 = 10_000;
/// Longer waits are not named, seconds.
const LONGEST_REST_S: f64 = 999.0;

impl Moment<'_> {
    /// What to do now.
    pub(super) fn answer(&self) -> Output {
        match self.session.transfer.as_ref() {
            Some(transfer) => self.abandon(transfer).or_else(|| self.play_at_once()),
            None => self.play_at_once().or_else(|| self.decide()),
        }
        .unwrap_or_else(|| self.idle())
    }

    fn abandon(&self, transfer: &Transfer) -> Option<Output> {
        let reason = if self.is_obsolete(transfer.key) {
            Reason::NotNeeded
        } else {
            self.too_slow(transfer)?
        };
        Some(Output::Abandon { segment: transfer.key, quality: transfer.quality, reason })
    }

    /// Whether a transfer no longer serves anything, or stands in the way of what is needed now.
    fn is_obsolete(&self, key: SegmentKey) -> bool {
        let Some(track) = self.session.holdings.find(key.track) else { return true };
        let present = track.id == self.scene.track.id;
        // What sounds already is not replaced: its end would come from another decoder run.
        let playing = track.ladder.segment_at(self.scene.position_us);
        let replaces = track.held(key.index).is_some();
        let sounding = self.session.playhead.runs() || self.session.playhead.is_paused();
        let passed =
            present && (key.index < playing || (replaces && sounding && key.index == playing));
        let needed = self.need.is_some_and(|need| match need {
            Need::Fill(index) => !present || key.index != index,
            Need::Ahead(_) => false,
        });
        passed || (needed && self.scene.buffer_s < self.scene.track.ladder.segment_s(0))
    }

    fn too_slow(&self, transfer: &Transfer) -> Option<Reason> {
        if self.session.bounds.chosen().is_some() {
            return None;
        }
        let track = self.session.holdings.find(transfer.key.track)?;
        if track.held(transfer.key.index).is_some() {
            return None;
        }
        let mut view = self.view(track, transfer.key.index);
        view.belief = self.session.estimator.belief();
        let elapsed_s = transfer.elapsed_s(self.session.now);
        let (rest_s, arriving_kbps) = controller::too_slow(&view, transfer, elapsed_s)?;
        let (quality, buffer_s) = (transfer.quality, view.buffer_s);
        Some(Reason::TooSlow {
            quality,
            arriving_kbps,
            rest_s: rest_s.min(LONGEST_REST_S),
            buffer_s,
        })
    }

    /// Sound, where there is nothing left to decide.
    fn play_at_once(&self) -> Option<Output> {
        let playhead = &self.session.playhead;
        if !playhead.is_due() || self.scene.buffer_s <= 0.0 {
            return None;
        }
        let view = self.present_view();
        let no_more = self.need.is_none() || !self.scene.has_room();
        let due = playhead.is_paused() || no_more;
        (due || controller::must_play(&view, self.improves_first())).then(|| Self::play(&view))
    }

    /// Whether the segment that would sound next is under way at a better quality.
    fn improves_first(&self) -> bool {
        let track = self.scene.track;
        let first = track.key(track.ladder.segment_at(self.scene.position_us));
        self.session.transfer.is_some_and(|transfer| transfer.key == first)
    }

    fn play(view: &View<'_>) -> Output {
        let situation = Self::situation(view, None);
        let stalled = view.sound == controller::Sound::Stalled;
        let reason = if stalled { Reason::Recovered(situation) } else { Reason::Ready(situation) };
        Output::Play { reason }
    }

    /// What the policy holds to be best.
    fn decide(&self) -> Option<Output> {
        if let Some(chosen) = self.session.bounds.chosen() {
            return self.decide_for(chosen);
        }
        let view = self.present_view();
        let candidates = self.candidates(&view);
        let mut options = self.options(&view, candidates);
        for _ in 0..2 {
            match controller::decide(&view, &options) {
                Action::Play => return Some(Self::play(&view)),
                Action::Wait => return None,
                Action::Fetch(free) => return self.fetch(free),
                Action::Replace(free) => {
                    if let Some(output) = self.replace(&view, free, candidates) {
                        return Some(output);
                    }
                    options.gains = [0.0; 3];
                }
            }
        }
        None
    }

    /// The same with the quality that the listener holds: only when to play is open.
    fn decide_for(&self, chosen: Quality) -> Option<Output> {
        let view = self.present_view();
        let options = self.options(&view, [None; 3]);
        match controller::decide(&view, &options) {
            Action::Play => Some(Self::play(&view)),
            _ if self.must_wait().is_some() => None,
            _ => self.upgrade_to(chosen).or_else(|| self.fetch(chosen)),
        }
    }

    fn options(&self, view: &View<'_>, candidates: [Option<Candidate>; 3]) -> Options {
        let gain = |candidate: Option<Candidate>| candidate.map_or(0.0, |best| best.gain);
        let fetch = self.need.is_some() && view.room && self.must_wait().is_none();
        Options {
            top: self.session.setbacks.top(view.segment),
            fetch,
            play: self.session.playhead.is_due() && self.scene.buffer_s > 0.0,
            gains: candidates.map(gain),
            deficit: self.scene.deficit(),
        }
    }

    fn candidates(&self, view: &View<'_>) -> [Option<Candidate>; 3] {
        if self.must_wait().is_some() {
            return [None; 3];
        }
        self.scene.candidates(&view.belief, view.sound, self.session.ledger.shares())
    }

    fn fetch(&self, free: Quality) -> Option<Output> {
        let need = self.need.filter(|_| self.scene.has_room())?;
        let (ahead, track, index) = match need {
            Need::Fill(index) => (false, self.scene.track, index),
            Need::Ahead(index) => (true, self.scene.next?, index),
        };
        let segment = track.key(index);
        let view = self.view(track, index);
        let (wanted, reason) = self.bounded(&view, free);
        let quality = self.session.setbacks.nearest(track.ladder, segment, wanted)?;
        Some(if ahead {
            let reason = Reason::NextTrack(quality, Self::situation(&view, Some(quality)));
            Output::Prefetch { segment, quality, reason }
        } else {
            let reason = if quality == wanted { reason } else { Self::explain(&view, quality) };
            Output::Fetch { segment, quality, reason }
        })
    }

    /// A better copy of what is held, if the bounds leave a better one.
    fn replace(
        &self,
        view: &View<'_>,
        free: Quality,
        candidates: [Option<Candidate>; 3],
    ) -> Option<Output> {
        let candidate = candidates.get((free as usize).checked_sub(1)?).copied().flatten()?;
        // Not `view`: that may be of the next track, which offers other qualities.
        let (to, _) = self.bounded(&self.view(self.scene.track, candidate.index), free);
        let segment = self.scene.track.key(candidate.index);
        let wanted = to > candidate.held && !self.is_obsolete(segment);
        if !wanted || self.session.setbacks.is_missing(segment, to) {
            return None;
        }
        let situation = Self::situation(view, Some(to));
        let reason = Reason::Upgrade { from: candidate.held, to, situation };
        Some(Output::Replace { segment, quality: to, reason })
    }

    fn upgrade_to(&self, chosen: Quality) -> Option<Output> {
        let view = self.present_track_view();
        let to = self.scene.track.ladder.serve(self.session.bounds.held(chosen));
        let transfer_s = view.belief.transfer_s(view.ladder.bytes(0, to));
        let bytes = self.session.ledger.shares();
        let (index, from) = self.scene.upgrade_to_chosen(to, transfer_s, bytes)?;
        let segment = self.scene.track.key(index);
        if self.session.setbacks.is_missing(segment, to) || self.is_obsolete(segment) {
            return None;
        }
        let reason = Reason::Upgrade { from, to, situation: Self::situation(&view, Some(to)) };
        Some(Output::Replace { segment, quality: to, reason })
    }

    /// What the bounds leave of the quality `free` for the segment of `view`, and why that.
    fn bounded(&self, view: &View<'_>, free: Quality) -> (Quality, Reason) {
        if let Some(chosen) = self.session.bounds.chosen() {
            let wanted = self.session.bounds.held(chosen);
            let quality = view.ladder.serve(wanted);
            let ruled = wanted < chosen;
            return (
                quality,
                if ruled { Reason::Capped(quality) } else { Reason::Chosen(quality) },
            );
        }
        let (quality, top) = (view.ladder.serve(free), view.ladder.top());
        let more = free > top || view.last.is_some_and(|last| last > top);
        let reason = match view.bound.filter(|_| more) {
            Some(bound) => bound.reason(quality),
            None => Self::explain(view, quality),
        };
        (quality, reason)
    }

    /// Why no transfer may begin now, and until when.
    fn must_wait(&self) -> Option<(Reason, Option<Timestamp>)> {
        let session = self.session;
        if !session.playhead.ever_wanted() && session.preload == Preload::Metadata {
            return Some((Reason::NotPressed, None));
        }
        let retry_at = session.setbacks.retry_at(session.now)?;
        let failures = session.setbacks.failures();
        Some((Reason::BackingOff { failures, buffer_s: self.scene.buffer_s }, Some(retry_at)))
    }

    fn idle(&self) -> Output {
        let session = self.session;
        if session.transfer.is_some() {
            let reason = Reason::Waiting(Self::situation(&self.present_view(), None));
            return Output::Idle { wake_at: Some(later(session.now, WATCH_US)), reason };
        }
        if let Some((reason, wake_at)) = self.must_wait() {
            return Output::Idle { wake_at, reason };
        }
        if self.need.is_none() {
            return Output::Idle { wake_at: None, reason: Reason::Complete };
        }
        let room_in_us = to_us(self.scene.room_in_s()).max(SOONEST_US);
        let wake_at = session.playhead.runs().then(|| later(session.now, room_in_us));
        let (buffer_s, ceiling_s) = (self.scene.buffer_s, self.scene.ceiling_s);
        Output::Idle { wake_at, reason: Reason::Full { buffer_s, ceiling_s } }
    }
}

fn later(now: Timestamp, us: i64) -> Timestamp {
    Timestamp::from_micros(now.as_micros().saturating_add(us))
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to a day")]
fn to_us(s: f64) -> i64 {
    libm::ceil(s.clamp(0.0, 86_400.0) * 1e6) as i64
}
