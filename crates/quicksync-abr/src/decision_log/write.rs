//! Inputs, outputs and configuration as lines of text.

use core::fmt::{self, Display, Formatter};

use quicksync_model::Timestamp;

use crate::playback::{
    Failure, Input, Limits, Output, Prior, Reason, SegmentKey, SegmentLadder, SessionConfig,
    Situation, TrackId,
};

/// The text form of something.
pub(super) struct Line<T>(pub(super) T);

impl Display for Line<&SessionConfig> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let config = self.0;
        let (preload, start) = (config.preload.as_str(), config.start_quality);
        let (limits, prior) = (Line(&config.limits), Line(config.prior));
        write!(f, "config {limits} preload={preload} start={start} {prior}")
    }
}

impl Display for Line<&Limits> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Limits { preferences, network, data_budget_bytes, buffer } = self.0;
        write!(
            f,
            "mode={} prefer_quality={} adapt_to_system={} network={network} ",
            preferences.mode, preferences.prefer_quality, preferences.adapt_to_system
        )?;
        match data_budget_bytes {
            Some(bytes) => write!(f, "budget_bytes={bytes} ")?,
            None => f.write_str("budget_bytes=none ")?,
        }
        write!(
            f,
            "target_s={:?} max_s={:?} low_s={:?} depth_s={:?}",
            buffer.target_s(),
            buffer.max_s(),
            buffer.low_s(),
            buffer.depth_s()
        )
    }
}

impl Display for Line<Prior> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (bps, confidence) = (self.0.mean().bps(), self.0.confidence());
        write!(f, "prior_bps={bps:?} prior_confidence={confidence:?}")
    }
}

impl Display for Line<SegmentLadder> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let ladder = self.0;
        write!(f, "segment_us={} duration_us={}", ladder.segment_us(), ladder.duration_us())?;
        for quality in ladder.qualities() {
            write!(f, " {quality}={}", ladder.segment_bytes(quality).unwrap_or(0))?;
        }
        Ok(())
    }
}

/// The line of the first track.
pub(super) struct TrackLine(pub(super) TrackId, pub(super) SegmentLadder, pub(super) Timestamp);

impl Display for TrackLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "track {} at={} {}", self.0.0, self.2.as_micros(), Line(self.1))
    }
}

impl Display for Line<SegmentKey> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.track.0, self.0.index)
    }
}

impl Display for Line<&Input> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self.0 {
            Input::SegmentRequested { segment, quality } => {
                write!(f, "segment_requested {} {quality}", Line(segment))
            }
            Input::BytesReceived { segment, quality, bytes } => {
                write!(f, "bytes_received {} {quality} {bytes}", Line(segment))
            }
            Input::SegmentCompleted { segment, quality, bytes, cached } => {
                write!(f, "segment_completed {} {quality} {bytes} {cached}", Line(segment))
            }
            Input::SegmentHeld { segment, quality } => {
                write!(f, "segment_held {} {quality}", Line(segment))
            }
            Input::SegmentEvicted { segment } => write!(f, "segment_evicted {}", Line(segment)),
            Input::SegmentFailed { segment, quality, failure } => {
                write!(f, "segment_failed {} {quality} {}", Line(segment), failure_word(failure))
            }
            ref other => write_state(other, f),
        }
    }
}

/// The inputs that name no segment.
fn write_state(input: &Input, f: &mut Formatter<'_>) -> fmt::Result {
    match *input {
        Input::PlayheadAt { track, position_us } => {
            write!(f, "playhead_at {} {position_us}", track.0)
        }
        Input::Seeked { track, position_us } => write!(f, "seeked {} {position_us}", track.0),
        Input::NextTrack(Some((track, ladder))) => {
            write!(f, "next_track {} {}", track.0, Line(ladder))
        }
        Input::NextTrack(None) => f.write_str("next_track none"),
        Input::CapChanged(ref limits) => write!(f, "cap_changed {}", Line(limits)),
        Input::HostLoad(load) => {
            write!(f, "host_load {:?} {:?}", load.cpu_percent, load.memory_percent)
        }
        Input::DevicePressure(pressure) => write!(f, "device_pressure {pressure}"),
        Input::NetworkChanged { network, prior } => {
            write!(f, "network_changed network={network} {}", Line(prior))
        }
        Input::PlayPressed => f.write_str("play_pressed"),
        Input::PausePressed => f.write_str("pause_pressed"),
        Input::StallStarted => f.write_str("stall_started"),
        Input::StallEnded => f.write_str("stall_ended"),
        _ => f.write_str("timeout"),
    }
}

/// The word for a failure.
pub(super) const fn failure_word(failure: Failure) -> &'static str {
    match failure {
        Failure::Transient => "transient",
        Failure::Missing => "missing",
    }
}

impl Display for Line<&Output> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let output = self.0;
        let reason = output.reason();
        write!(f, "{} ", output.word())?;
        match *output {
            Output::Fetch { segment, quality, .. }
            | Output::Replace { segment, quality, .. }
            | Output::Prefetch { segment, quality, .. }
            | Output::Abandon { segment, quality, .. } => {
                write!(f, "{} {quality} ", Line(segment))?;
            }
            Output::Idle { wake_at: Some(at), .. } => write!(f, "{} ", at.as_micros())?,
            Output::Idle { wake_at: None, .. } => f.write_str("none ")?,
            Output::Play { .. } => {}
        }
        write!(f, "{}{}", reason.code(), Line(&reason))?;
        if matches!(output, Output::Idle { .. }) { Ok(()) } else { write!(f, " # {reason}") }
    }
}

/// The numbers of a reason, each after a space.
impl Display for Line<&Reason> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(Situation { expected_kbps, needed_kbps, buffer_s }) = self.0.situation() {
            return write!(f, " {expected_kbps:?} {needed_kbps:?} {buffer_s:?}");
        }
        match *self.0 {
            Reason::HostBusy(_, load) => {
                write!(f, " {:?} {:?}", load.cpu_percent, load.memory_percent)
            }
            Reason::DeviceBusy(_, pressure) => write!(f, " {pressure}"),
            Reason::Budget { left_bytes, .. } => write!(f, " {left_bytes}"),
            Reason::TooSlow { arriving_kbps, rest_s, buffer_s, .. } => {
                write!(f, " {arriving_kbps:?} {rest_s:?} {buffer_s:?}")
            }
            Reason::Full { buffer_s, ceiling_s } => write!(f, " {buffer_s:?} {ceiling_s:?}"),
            Reason::BackingOff { failures, buffer_s } => write!(f, " {failures} {buffer_s:?}"),
            _ => Ok(()),
        }
    }
}
