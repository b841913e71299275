//! Hears every input and every output, and knows what a core that keeps its promises may answer.
//!
//! # Promises
//! - At most one transfer is under way; an abandoned one is that one.
//! - A fetch is of the present track, a prefetch of the next, a replacement of what is held, and
//!   better. None is past a track's end, at a quality that it does not offer, or of what is held.
//! - No quality is above what the listener, the device, the server's load and the budget allow,
//!   unless nothing at or below that exists.
//! - Nothing is fetched before play is pressed if that is not wanted, or beyond the ceiling.
//! - Sound is let run only if the listener wants it, it does not run, and something is held.
//! - Whoever waits is woken: for a transfer, and after a failure. With an empty buffer there is
//!   something to do.
//! - The numbers of a reason are finite and the buffer is no longer than what there is.

use std::collections::{HashMap, HashSet};

use quicksync_abr::playback::{
    DevicePressure, Failure, Input, Output, PlaybackSession, Reason, SegmentKey, SegmentLadder,
    SessionConfig, TrackId,
};
use quicksync_abr::{HostLoad, Preload, SystemStatus, system_status};
use quicksync_model::{Mode, Quality};

/// The number of a replacement: it makes the buffer no deeper.
const REPLACE: usize = 1;

type Announced = (TrackId, SegmentLadder);
type Verdict = Result<(), String>;

/// What can be known from outside.
#[derive(Debug)]
pub(crate) struct Witness {
    config: SessionConfig,
    present: Announced,
    next: Option<Announced>,
    held: HashMap<SegmentKey, Quality>,
    missing: HashSet<SegmentKey>,
    transfer: Option<(SegmentKey, Quality, u64)>,
    load: HostLoad,
    pressure: DevicePressure,
    used_bytes: u64,
    wanted: bool,
    ever_wanted: bool,
    sounding: bool,
    paused: bool,
}

impl Witness {
    pub(crate) fn new(config: SessionConfig, track: TrackId, ladder: SegmentLadder) -> Self {
        Self {
            config,
            present: (track, ladder),
            next: None,
            held: HashMap::new(),
            missing: HashSet::new(),
            transfer: None,
            load: HostLoad::default(),
            pressure: DevicePressure::default(),
            used_bytes: 0,
            wanted: false,
            ever_wanted: false,
            sounding: false,
            paused: false,
        }
    }

    /// The transfer under way.
    pub(crate) fn transfer(&self) -> Option<(SegmentKey, Quality)> {
        self.transfer.map(|(segment, quality, _)| (segment, quality))
    }

    /// The present track and the next.
    pub(crate) const fn tracks(&self) -> (Announced, Option<Announced>) {
        (self.present, self.next)
    }

    // What the player said.

    pub(crate) fn hear(&mut self, input: &Input) {
        match *input {
            Input::BytesReceived { segment, quality, bytes } => {
                self.arrive(segment, quality, bytes);
            }
            Input::SegmentCompleted { segment, quality, bytes, cached } => {
                self.arrive(segment, quality, bytes);
                if let Some(bytes) = self.end(segment, quality).filter(|_| !cached) {
                    self.used_bytes = self.used_bytes.saturating_add(bytes);
                }
                self.hold(segment, quality);
            }
            Input::SegmentFailed { segment, quality, failure } => {
                if let Some(bytes) = self.end(segment, quality) {
                    self.used_bytes = self.used_bytes.saturating_add(bytes);
                    if failure == Failure::Missing {
                        self.missing.insert(segment);
                    }
                }
            }
            Input::SegmentHeld { segment, quality } => self.hold(segment, quality),
            Input::SegmentEvicted { segment } => drop(self.held.remove(&segment)),
            Input::CapChanged(limits) => {
                self.config.limits = limits;
                self.used_bytes = 0;
            }
            Input::HostLoad(load) => self.load = load,
            Input::DevicePressure(pressure) => self.pressure = pressure,
            Input::NetworkChanged { network, .. } => self.config.limits.network = network,
            Input::NextTrack(next) => self.announce(next),
            ref of_playhead => self.hear_playhead(of_playhead),
        }
    }

    fn hear_playhead(&mut self, input: &Input) {
        match *input {
            Input::PlayPressed => {
                self.wanted = true;
                self.ever_wanted = true;
            }
            Input::PausePressed => {
                self.wanted = false;
                self.paused |= self.sounding;
                self.sounding = false;
            }
            Input::StallStarted => self.sounding = false,
            Input::StallEnded => self.sounding |= self.wanted && !self.paused,
            Input::PlayheadAt { track, .. } => drop(self.enter(track)),
            Input::Seeked { track, .. } if self.enter(track) => {
                self.sounding = false;
                self.paused = false;
            }
            _ => {}
        }
    }

    fn arrive(&mut self, key: SegmentKey, wanted: Quality, bytes: u64) {
        if let Some((segment, quality, arrived)) = &mut self.transfer
            && (*segment, *quality) == (key, wanted)
        {
            *arrived = (*arrived).max(bytes);
        }
    }

    fn end(&mut self, key: SegmentKey, wanted: Quality) -> Option<u64> {
        let ended =
            self.transfer.take_if(|(segment, quality, _)| (*segment, *quality) == (key, wanted));
        ended.map(|(_, _, bytes)| bytes)
    }

    fn hold(&mut self, segment: SegmentKey, quality: Quality) {
        let ladder = self.ladder(segment.track);
        if ladder.is_some_and(|ladder| segment.index < ladder.segments()) {
            self.held.insert(segment, quality);
        }
    }

    fn announce(&mut self, next: Option<Announced>) {
        if self.next == next {
            return;
        }
        if let Some((old, _)) = self.next {
            self.held.retain(|segment, _| segment.track != old);
        }
        self.next = next.filter(|(track, _)| *track != self.present.0);
    }

    fn enter(&mut self, track: TrackId) -> bool {
        if let Some(next) = self.next.take_if(|(next, _)| *next == track) {
            let old = self.present.0;
            self.held.retain(|segment, _| segment.track != old);
            self.present = next;
        }
        self.present.0 == track
    }

    fn ladder(&self, track: TrackId) -> Option<SegmentLadder> {
        let known = [Some(self.present), self.next].into_iter().flatten();
        known.into_iter().find(|(id, _)| *id == track).map(|(_, ladder)| ladder)
    }

    // What the core answered.

    pub(crate) fn judge(&mut self, output: &Output, session: &PlaybackSession) -> Verdict {
        self.judge_reason(output.reason(), session)?;
        match *output {
            Output::Fetch { segment, quality, .. } => {
                keep(segment.track == self.present.0, "a fetch is of the present track", output)?;
                keep(!self.held.contains_key(&segment), "what is held is not fetched", output)?;
                self.begin(segment, quality, output, session)
            }
            Output::Prefetch { segment, quality, .. } => {
                let next = self.next.is_some_and(|(track, _)| track == segment.track);
                keep(next, "a prefetch is of the next track", output)?;
                keep(!self.held.contains_key(&segment), "what is held is not fetched", output)?;
                self.begin(segment, quality, output, session)
            }
            Output::Replace { segment, quality, .. } => {
                let better = self.held.get(&segment).is_some_and(|held| *held < quality);
                keep(better, "a replacement is better than what is held", output)?;
                self.begin(segment, quality, output, session)
            }
            Output::Abandon { segment, quality, .. } => {
                let bytes = self.end(segment, quality);
                keep(bytes.is_some(), "what is under way is abandoned", output)?;
                self.used_bytes = self.used_bytes.saturating_add(bytes.unwrap_or(0));
                Ok(())
            }
            Output::Play { .. } => {
                let due = self.wanted && !self.sounding && session.buffer_s() > 0.0;
                self.sounding = true;
                self.paused = false;
                keep(due, "sound is wanted, does not run, and has media", output)
            }
            Output::Idle { wake_at, reason } => self.judge_rest(wake_at.is_some(), reason, output),
        }
    }

    fn begin(
        &mut self,
        segment: SegmentKey,
        quality: Quality,
        output: &Output,
        session: &PlaybackSession,
    ) -> Verdict {
        keep(self.transfer.is_none(), "one transfer at a time", output)?;
        let ladder = self.ladder(segment.track).ok_or("a track that is known")?;
        keep(segment.index < ladder.segments(), "no segment past the end", output)?;
        keep(ladder.offers(quality), "a quality that is offered", output)?;
        let early = !self.ever_wanted && self.config.preload == Preload::Metadata;
        keep(!early, "nothing before play is pressed", output)?;
        let fits = session.buffer_s() <= session.limits().ceiling_s();
        keep(fits || output.number() == REPLACE, "nothing beyond the ceiling", output)?;
        if !self.missing.contains(&segment) {
            let top = ladder.serve(self.cap(segment, ladder, output));
            keep(quality <= top, "no quality above a cap", output)?;
        }
        self.transfer = Some((segment, quality, 0));
        Ok(())
    }

    /// The best quality that is allowed.
    fn cap(&self, segment: SegmentKey, ladder: SegmentLadder, output: &Output) -> Quality {
        let limits = &self.config.limits;
        if let Mode::Manual(quality) = limits.preferences.mode {
            return quality.min(limits.cap);
        }
        let mut cap = limits.cap;
        if limits.preferences.adapt_to_system {
            cap = cap.min(match self.pressure {
                DevicePressure::Nominal | DevicePressure::Fair => Quality::Ultra,
                DevicePressure::Serious => Quality::High,
                DevicePressure::Critical => Quality::Medium,
            });
            if system_status(self.load) == SystemStatus::HighLoad {
                cap = cap.min(ladder.top().lower());
            }
        }
        // What a replacement costs is not in the plan for the rest of the track.
        if let Some(budget) = limits.data_budget_bytes.filter(|_| output.number() != REPLACE) {
            let left = budget.saturating_sub(self.used_bytes);
            let rest = ladder.segments() - segment.index;
            cap = cap.min(affordable(ladder, rest, left));
        }
        cap
    }

    fn judge_rest(&self, wakes: bool, reason: Reason, output: &Output) -> Verdict {
        let fitting = match reason {
            Reason::Waiting(_) => self.transfer.is_some() && wakes,
            Reason::BackingOff { .. } => self.transfer.is_none() && wakes,
            Reason::NotPressed => !self.ever_wanted,
            Reason::Full { buffer_s, .. } => {
                self.transfer.is_none() && buffer_s > 0.0 && (wakes || !self.sounding)
            }
            Reason::Complete => self.transfer.is_none(),
            _ => false,
        };
        keep(fitting, "whoever waits has a reason and is woken", output)
    }

    fn judge_reason(&self, reason: Reason, session: &PlaybackSession) -> Verdict {
        let sane = |number: f64| number.is_finite() && number >= 0.0;
        let of_player = matches!(reason, Reason::HostBusy(..));
        if !of_player && !reason.numbers().all(sane) {
            return Err(format!("the numbers of a reason are finite: {reason:?}"));
        }
        let longest_us =
            self.present.1.duration_us() + self.next.map_or(0, |(_, ladder)| ladder.duration_us());
        let buffer_us = session.buffer_s() * 1e6;
        #[expect(clippy::cast_precision_loss, reason = "a microsecond in 285 years")]
        let most_us = longest_us as f64 + 1.0;
        if sane(buffer_us) && buffer_us <= most_us {
            Ok(())
        } else {
            Err(format!("the buffer is no longer than what there is: {buffer_us} us"))
        }
    }
}

/// The highest quality at which `segments` fit in `left` bytes; low if none does.
fn affordable(ladder: SegmentLadder, segments: u32, left: u64) -> Quality {
    let (start, end) = ladder.span_us(0);
    let share = (end - start, ladder.segment_us());
    let fits = |quality: &Quality| {
        let full = u128::from(ladder.segment_bytes(*quality).unwrap_or(0));
        let bytes = full * u128::from(segments) * u128::from(share.0) / u128::from(share.1);
        // A byte less: the core reckons with fractions.
        bytes <= u128::from(left) + 1
    };
    ladder.qualities().rfind(fits).unwrap_or(Quality::Low)
}

fn keep(kept: bool, promise: &str, output: &Output) -> Verdict {
    if kept { Ok(()) } else { Err(format!("{promise}: {output:?}")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quicksync_abr::playback::{BufferLimits, Limits, Preferences, Prior, Situation};
    use quicksync_model::{NetworkKind, Timestamp};

    const TRACK: TrackId = TrackId(0);
    const AT: Situation = Situation { expected_kbps: 300.0, needed_kbps: 64.0, buffer_s: 0.0 };

    fn config() -> SessionConfig {
        let preferences =
            Preferences { mode: Mode::Auto, prefer_quality: true, adapt_to_system: true };
        let limits = Limits {
            preferences,
            network: NetworkKind::Unknown,
            data_budget_bytes: None,
            cap: Quality::Ultra,
            buffer: BufferLimits::new(15.0, 30.0, 4.5, 30.0).unwrap(),
        };
        let (preload, start_quality) = (Preload::Metadata, Quality::Low);
        SessionConfig { limits, preload, start_quality, prior: Prior::NONE }
    }

    /// Ten segments of low, medium and high.
    fn ladder() -> SegmentLadder {
        let sizes = [Quality::Low, Quality::Medium, Quality::High].map(|quality| (quality, 30_720));
        SegmentLadder::new(3_840_000, 38_400_000, sizes).unwrap()
    }

    fn fetch(index: u32, quality: Quality) -> Output {
        let segment = SegmentKey { track: TRACK, index };
        Output::Fetch { segment, quality, reason: Reason::First(quality, AT) }
    }

    /// What the witness says to `outputs` after `inputs`.
    fn verdict(inputs: &[Input], outputs: &[Output]) -> Verdict {
        let session = PlaybackSession::new(config(), TRACK, ladder(), Timestamp::from_micros(0));
        let mut witness = Witness::new(config(), TRACK, ladder());
        inputs.iter().for_each(|input| witness.hear(input));
        outputs.iter().try_for_each(|output| witness.judge(output, &session))
    }

    #[test]
    fn what_the_contract_allows_passes() {
        let waiting =
            Output::Idle { wake_at: Some(Timestamp::from_micros(5)), reason: Reason::Waiting(AT) };
        assert_eq!(verdict(&[Input::PlayPressed], &[fetch(9, Quality::High), waiting]), Ok(()));
    }

    #[test]
    fn every_broken_promise_is_noticed() {
        let play = Input::PlayPressed;
        let segment = SegmentKey { track: TRACK, index: 3 };
        let (held, mut manual) = (Input::SegmentHeld { segment, quality: Quality::High }, config());
        manual.limits.preferences.mode = Mode::Manual(Quality::Low);
        let mut poor = config();
        poor.limits.data_budget_bytes = Some(300_000);
        let critical = Input::DevicePressure(DevicePressure::Critical);
        let busy = Input::HostLoad(HostLoad { cpu_percent: 95.0, memory_percent: 10.0 });
        let reason = Reason::Upgrade { from: Quality::High, to: Quality::High, situation: AT };
        let replace = Output::Replace { segment, quality: Quality::High, reason };
        let prefetch = Output::Prefetch { segment, quality: Quality::Low, reason };
        let quality = Quality::Low;
        let abandon = Output::Abandon { segment, quality, reason: Reason::NotNeeded };
        let idle = |reason| Output::Idle { wake_at: None, reason };
        let infinite = Situation { expected_kbps: f64::INFINITY, ..AT };
        for (inputs, outputs, promise) in [
            (&[play][..], &[fetch(0, Quality::Low), fetch(1, Quality::Low)][..], "one transfer"),
            (&[play], &[fetch(10, Quality::Low)], "past the end"),
            (&[play], &[fetch(0, Quality::Ultra)], "offered"),
            (&[play, held], &[fetch(3, Quality::Low)], "held is not fetched"),
            (&[play, held], &[replace], "better than"),
            (&[play], &[prefetch], "next track"),
            (&[play], &[abandon], "under way"),
            (&[], &[fetch(0, Quality::Low)], "before play"),
            (&[play, Input::CapChanged(manual.limits)], &[fetch(0, Quality::High)], "above a cap"),
            (&[play, critical], &[fetch(0, Quality::High)], "above a cap"),
            (&[play, busy], &[fetch(0, Quality::High)], "above a cap"),
            (&[play, Input::CapChanged(poor.limits)], &[fetch(0, Quality::High)], "above a cap"),
            (&[play], &[Output::Play { reason: Reason::Ready(AT) }], "has media"),
            (&[play], &[idle(Reason::Waiting(AT))], "is woken"),
            (&[play], &[idle(Reason::NotPressed)], "is woken"),
            (&[play], &[idle(Reason::Kept(Quality::Low, infinite))], "finite"),
        ] {
            let verdict = verdict(inputs, outputs);
            assert!(verdict.as_ref().is_err_and(|told| told.contains(promise)), "{verdict:?}");
        }
    }
}
