//! Lines of text as inputs and configuration. What cannot be read is refused, never guessed.

use core::str::{FromStr, Split};

use quicksync_model::{Quality, Throughput, Timestamp};

use crate::playback::{
    BufferLimits, DevicePressure, Failure, Input, Limits, Preferences, Prior, SegmentKey,
    SegmentLadder, SessionConfig, TrackId,
};
use crate::{HostLoad, Preload};

/// The words of a line, one after another.
struct Words<'a>(Split<'a, char>);

impl<'a> Words<'a> {
    fn new(line: &'a str) -> Self {
        Self(line.split(' '))
    }

    fn word(&mut self) -> Option<&'a str> {
        self.0.next()
    }

    fn read<T: FromStr>(&mut self) -> Option<T> {
        self.word()?.parse().ok()
    }

    /// The value of the next word, which must be `key=value`.
    fn value(&mut self, key: &str) -> Option<&'a str> {
        self.word()?.strip_prefix(key)?.strip_prefix('=')
    }

    fn read_value<T: FromStr>(&mut self, key: &str) -> Option<T> {
        self.value(key)?.parse().ok()
    }

    fn track(&mut self) -> Option<TrackId> {
        self.read().map(TrackId)
    }

    fn segment(&mut self) -> Option<SegmentKey> {
        Some(SegmentKey { track: self.track()?, index: self.read()? })
    }

    fn limits(&mut self) -> Option<Limits> {
        let preferences = Preferences {
            mode: self.read_value("mode")?,
            prefer_quality: self.read_value("prefer_quality")?,
            adapt_to_system: self.read_value("adapt_to_system")?,
        };
        let network = self.read_value("network")?;
        let data_budget_bytes = match self.value("budget_bytes")? {
            "none" => None,
            bytes => Some(bytes.parse().ok()?),
        };
        let (target_s, max_s) = (self.read_value("target_s")?, self.read_value("max_s")?);
        let (low_s, depth_s) = (self.read_value("low_s")?, self.read_value("depth_s")?);
        let buffer = BufferLimits::new(target_s, max_s, low_s, depth_s).ok()?;
        let has_cap = self.0.clone().next().is_some_and(|word| word.starts_with("cap="));
        let cap = if has_cap { self.read_value("cap")? } else { Quality::Ultra };
        Some(Limits { preferences, network, data_budget_bytes, cap, buffer })
    }

    fn prior(&mut self) -> Option<Prior> {
        let mean = Throughput::from_bps(self.read_value("prior_bps")?);
        Prior::new(mean, self.read_value("prior_confidence")?).ok()
    }

    fn preload(&mut self) -> Option<Preload> {
        let word = self.value("preload")?;
        Preload::ALL.into_iter().find(|preload| preload.as_str() == word)
    }

    /// The rest of the line is a ladder.
    fn ladder(mut self) -> Option<SegmentLadder> {
        let segment_us = self.read_value("segment_us")?;
        let duration_us = self.read_value("duration_us")?;
        let mut bytes = [None; 4];
        for (slot, word) in self.0.by_ref().enumerate() {
            let (quality, size) = word.split_once('=')?;
            *bytes.get_mut(slot)? =
                Some((quality.parse::<Quality>().ok()?, size.parse::<u32>().ok()?));
        }
        SegmentLadder::new(segment_us, duration_us, bytes.into_iter().flatten()).ok()
    }

    /// `value`, if the line ends here.
    fn end<T>(mut self, value: T) -> Option<T> {
        self.word().is_none().then_some(value)
    }
}

/// Reads a `config` line; `None` if it is not one, or says what no session can honour.
#[must_use]
pub fn parse_config(line: &str) -> Option<SessionConfig> {
    let mut words = Words::new(line);
    if words.word()? != "config" {
        return None;
    }
    let config = SessionConfig {
        limits: words.limits()?,
        preload: words.preload()?,
        start_quality: words.read_value("start")?,
        prior: words.prior()?,
    };
    words.end(config)
}

/// Reads a `track` line: the first track, and when the session began.
#[must_use]
pub fn parse_track(line: &str) -> Option<(TrackId, SegmentLadder, Timestamp)> {
    let mut words = Words::new(line);
    if words.word()? != "track" {
        return None;
    }
    let track = words.track()?;
    let at = Timestamp::from_micros(words.read_value("at")?);
    Some((track, words.ladder()?, at))
}

/// Reads an input without its time, as in `playhead_at 0 1200000`; `None` if it is not one.
#[must_use]
pub fn parse_input(line: &str) -> Option<Input> {
    let mut words = Words::new(line);
    let input = match words.word()? {
        "segment_requested" => {
            Input::SegmentRequested { segment: words.segment()?, quality: words.read()? }
        }
        "bytes_received" => Input::BytesReceived {
            segment: words.segment()?,
            quality: words.read()?,
            bytes: words.read()?,
        },
        "segment_completed" => Input::SegmentCompleted {
            segment: words.segment()?,
            quality: words.read()?,
            bytes: words.read()?,
            cached: words.read()?,
        },
        "segment_held" => Input::SegmentHeld { segment: words.segment()?, quality: words.read()? },
        "segment_evicted" => Input::SegmentEvicted { segment: words.segment()? },
        "segment_failed" => Input::SegmentFailed {
            segment: words.segment()?,
            quality: words.read()?,
            failure: failure(words.word()?)?,
        },
        state => return parse_state(state, words),
    };
    words.end(input)
}

/// The inputs that name no segment.
fn parse_state(word: &str, mut words: Words<'_>) -> Option<Input> {
    let input = match word {
        "playhead_at" => Input::PlayheadAt { track: words.track()?, position_us: words.read()? },
        "seeked" => Input::Seeked { track: words.track()?, position_us: words.read()? },
        "next_track" => match words.word()? {
            "none" => Input::NextTrack(None),
            track => {
                let track = TrackId(track.parse().ok()?);
                return Some(Input::NextTrack(Some((track, words.ladder()?))));
            }
        },
        "cap_changed" => Input::CapChanged(words.limits()?),
        "host_load" => {
            Input::HostLoad(HostLoad { cpu_percent: words.read()?, memory_percent: words.read()? })
        }
        "device_pressure" => Input::DevicePressure(pressure(words.word()?)?),
        "network_changed" => {
            Input::NetworkChanged { network: words.read_value("network")?, prior: words.prior()? }
        }
        "play_pressed" => Input::PlayPressed,
        "pause_pressed" => Input::PausePressed,
        "stall_started" => Input::StallStarted,
        "stall_ended" => Input::StallEnded,
        "timeout" => Input::Timeout,
        _ => return None,
    };
    words.end(input)
}

fn failure(word: &str) -> Option<Failure> {
    Failure::ALL.into_iter().find(|failure| failure.as_str() == word)
}

fn pressure(word: &str) -> Option<DevicePressure> {
    DevicePressure::ALL.into_iter().find(|pressure| pressure.as_str() == word)
}
