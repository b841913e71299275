//! Inputs, outputs and configuration as lines of text.

use core::fmt::{self, Display, Formatter};

use quicksync_model::{Quality, Timestamp};

use crate::playback::{
    Input, Limits, Output, Prior, SegmentKey, SegmentLadder, SessionConfig, TrackId,
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
        let Limits { preferences, network, data_budget_bytes, cap, buffer } = self.0;
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
            "target_s={} max_s={} low_s={} depth_s={}",
            Number(buffer.target_s()),
            Number(buffer.max_s()),
            Number(buffer.low_s()),
            Number(buffer.depth_s())
        )?;
        // Logs from before there were caps read the same.
        if *cap < Quality::Ultra { write!(f, " cap={cap}") } else { Ok(()) }
    }
}

impl Display for Line<Prior> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (bps, confidence) = (Number(self.0.mean().bps()), Number(self.0.confidence()));
        write!(f, "prior_bps={bps} prior_confidence={confidence}")
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

/// A number as JavaScript would print it, but for `e21` where that prints `e+21`: the shortest
/// decimal that reads back to the same bits, with an exponent only where that is much shorter.
struct Number(f64);

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if size.is_infinite() {
            f.write_str(if self.0 > 0.0 { "Infinity" } else { "-Infinity" })
        } else if size.is_nan() || size == 0.0 || (1e-6..1e21).contains(&size) {
            write!(f, "{}", self.0)
        } else {
            write!(f, "{:e}", self.0)
        }
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
        f.write_str(self.0.word())?;
        match *self.0 {
            Input::SegmentRequested { segment, quality }
            | Input::SegmentHeld { segment, quality } => {
                write!(f, " {} {quality}", Line(segment))
            }
            Input::BytesReceived { segment, quality, bytes } => {
                write!(f, " {} {quality} {bytes}", Line(segment))
            }
            Input::SegmentCompleted { segment, quality, bytes, cached } => {
                write!(f, " {} {quality} {bytes} {cached}", Line(segment))
            }
            Input::SegmentEvicted { segment } => write!(f, " {}", Line(segment)),
            Input::SegmentFailed { segment, quality, failure } => {
                write!(f, " {} {quality} {}", Line(segment), failure.as_str())
            }
            ref other => write_state(other, f),
        }
    }
}

/// What the inputs that name no segment carry.
fn write_state(input: &Input, f: &mut Formatter<'_>) -> fmt::Result {
    match *input {
        Input::PlayheadAt { track, position_us } | Input::Seeked { track, position_us } => {
            write!(f, " {} {position_us}", track.0)
        }
        Input::NextTrack(Some((track, ladder))) => write!(f, " {} {}", track.0, Line(ladder)),
        Input::NextTrack(None) => f.write_str(" none"),
        Input::CapChanged(ref limits) => write!(f, " {}", Line(limits)),
        Input::HostLoad(load) => {
            write!(f, " {} {}", Number(load.cpu_percent), Number(load.memory_percent))
        }
        Input::DevicePressure(pressure) => write!(f, " {pressure}"),
        Input::NetworkChanged { network, prior } => write!(f, " network={network} {}", Line(prior)),
        _ => Ok(()),
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
        f.write_str(reason.code())?;
        for number in reason.numbers() {
            write!(f, " {}", Number(number))?;
        }
        if matches!(output, Output::Idle { .. }) { Ok(()) } else { write!(f, " # {reason}") }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    /// The figures of ECMA-262, Number::toString.
    #[test]
    fn numbers_are_those_of_javascript_and_read_back() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (15.0, "15"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e-6, "0.000001"),
            (1.5e-7, "1.5e-7"),
            (123_456_789_012_345_680_000.0, "123456789012345680000"),
            (1e21, "1e21"),
            (f64::MAX, "1.7976931348623157e308"),
            (5e-324, "5e-324"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(Number(number).to_string(), text);
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits(), "{text}");
        }
    }
}
