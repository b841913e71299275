//! One instant of a session: everything that a decision is made from, worked out once.
//!
//! Reads the session, changes nothing in it; decides nothing.

use quicksync_model::Quality;

use super::belief::Belief;
use super::controller::{Sound, View};
use super::reason::{Reason, Situation};
use super::scheduler::{Need, Scene};
use super::session::PlaybackSession;
use super::track::Track;

/// What is known at one instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment<'a> {
    pub(super) session: &'a PlaybackSession,
    pub(super) scene: Scene<'a>,
    /// What is missing next, whether or not there is room for it.
    pub(super) need: Option<Need>,
    pub(super) belief: Belief,
}

impl<'a> Moment<'a> {
    /// The latest instant of a session.
    pub(super) fn of(session: &'a PlaybackSession) -> Self {
        let track = session.holdings.track();
        let position_us = session.position_us();
        let limits = session.bounds.limits();
        let ceiling_s = if session.playhead.ever_wanted() {
            limits.ceiling_s()
        } else {
            (limits.buffer.target_s() + track.ladder.segment_s(0)).min(limits.ceiling_s())
        };
        let (ladder, _) = session.left_of(track.ladder, track.ladder.segment_at(position_us));
        let scene = Scene {
            track,
            ladder,
            next: session.holdings.next(),
            position_us,
            buffer_s: session.holdings.ahead_s(position_us),
            limits,
            ceiling_s,
        };
        Self { session, scene, need: scene.missing(), belief: session.belief() }
    }

    /// What a choice for segment `index` of `track` is made from.
    pub(super) fn view(&self, track: &Track, index: u32) -> View<'a> {
        let before = index.checked_sub(1).and_then(|index| track.held(index));
        let limits = self.scene.limits;
        let (ladder, bound) = self.session.left_of(track.ladder, index);
        View {
            ladder,
            bound,
            segment: track.key(index),
            remaining: self.remaining(track, index),
            buffer_s: self.scene.buffer_s,
            ceiling_s: self.scene.ceiling_s,
            room: self.scene.has_room(),
            last: before.or(self.session.last),
            start: self.session.start,
            network: &self.session.estimator,
            belief: self.belief,
            sound: self.sound(),
            prefer_quality: limits.preferences.prefer_quality,
        }
    }

    /// What the sound does, as the policy sees it: filling ahead of the listener's press on play is
    /// like filling while sound runs.
    fn sound(&self) -> Sound {
        let playhead = &self.session.playhead;
        match playhead.sound(self.session.now) {
            Sound::Starting(_) if !playhead.is_due() && self.scene.buffer_s > 0.0 => Sound::Running,
            sound => sound,
        }
    }

    /// Segments to fetch from segment `index` of `track` to the end of what is announced.
    fn remaining(&self, track: &Track, index: u32) -> u32 {
        let rest = track.ladder.segments().saturating_sub(index);
        let next = self.scene.next.filter(|next| next.id != track.id);
        rest.saturating_add(next.map_or(0, |next| next.ladder.segments()))
    }

    /// The view of whatever is being waited for.
    pub(super) fn present_view(&self) -> View<'a> {
        match (self.need, self.scene.next) {
            (Some(Need::Ahead(index)), Some(next)) => self.view(next, index),
            _ => self.present_track_view(),
        }
    }

    /// The view of what is missing of the present track; of its end if nothing is.
    pub(super) fn present_track_view(&self) -> View<'a> {
        match self.need {
            Some(Need::Fill(index)) => self.view(self.scene.track, index),
            _ => self.view(self.scene.track, self.scene.track.ladder.segments()),
        }
    }

    /// The numbers of a reason; `None` where no quality is in question.
    pub(super) fn situation(view: &View<'_>, quality: Option<Quality>) -> Situation {
        Situation {
            expected_kbps: view.belief.throughput().kbps(),
            needed_kbps: quality.map_or(0.0, |quality| view.ladder.needed_kbps(quality)),
            buffer_s: view.buffer_s,
        }
    }

    /// Why `quality`, where the network decides.
    pub(super) fn explain(view: &View<'_>, quality: Quality) -> Reason {
        let at = |named| Self::situation(view, Some(named));
        // What this track does not offer is no measure of what it was left for.
        match view.last.map(|last| view.ladder.serve(last)) {
            None => Reason::First(quality, at(quality)),
            Some(last) if quality < last => Reason::Dropped(quality, at(last)),
            Some(last) if quality > last => Reason::Raised(quality, at(quality)),
            Some(_) => Reason::Kept(quality, at(quality)),
        }
    }
}
