//! What a playback session is built from and bounded by; refused here if it makes no sense.

use core::fmt;

use quicksync_model::{Mode, NetworkKind, Quality, Throughput};

use crate::{BufferSettings, Preload};

/// No buffer is deeper than this, seconds.
const MAX_DEPTH_S: f64 = 86_400.0;

/// How much a second of each quality is worth to a listener, 1 for the best.
///
/// Listening tests: 256 and 320 kbps are hardly told apart, 128 is close, 64 is heard by most.
/// Source: docs/design/decision-core.md.
#[must_use]
pub const fn utility(quality: Quality) -> f64 {
    match quality {
        Quality::Low => 0.60,
        Quality::Medium => 0.86,
        Quality::High => 0.97,
        Quality::Ultra => 1.00,
    }
}

/// How much media a session keeps, seconds ahead of the playhead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BufferLimits {
    target_s: f64,
    max_s: f64,
    low_s: f64,
    depth_s: f64,
}

/// A setting that no session can honour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// Not `0 < low <= target <= max <= depth <= 86,400`.
    BufferOrder,
    /// A confidence outside 0 to 1.
    Confidence,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BufferOrder => "the buffer needs 0 < low <= target <= max <= depth <= 86400 s",
            Self::Confidence => "a confidence is between 0 and 1",
        })
    }
}

impl core::error::Error for ConfigError {}

impl BufferLimits {
    /// Limits in seconds.
    ///
    /// - `target_s`: filled to this before the listener presses play, if preload is `auto`.
    /// - `max_s`: fetching stops here on a metered network.
    /// - `low_s`: below this nothing is upgraded, and the controller steers away from it.
    /// - `depth_s`: fetching stops here on an unmetered network. Raising it outlasts longer
    ///   outages and costs the bytes of what is skipped.
    ///
    /// # Errors
    /// When they are not in that order: low, target, max, depth.
    pub fn new(target_s: f64, max_s: f64, low_s: f64, depth_s: f64) -> Result<Self, ConfigError> {
        let ordered = 0.0 < low_s && low_s <= target_s && target_s <= max_s && max_s <= depth_s;
        if ordered && depth_s <= MAX_DEPTH_S {
            Ok(Self { target_s, max_s, low_s, depth_s })
        } else {
            Err(ConfigError::BufferOrder)
        }
    }

    /// The documented settings, with `depth_s` or their maximum, whichever is deeper.
    ///
    /// # Errors
    /// When the settings themselves are out of order.
    pub fn documented(settings: BufferSettings, depth_s: f64) -> Result<Self, ConfigError> {
        let (target_s, max_s) = (f64::from(settings.buffer_s), f64::from(settings.max_buffer_s));
        Self::new(target_s, max_s, settings.rebuffer_threshold_s, depth_s.max(max_s))
    }

    /// Filled to this before play, seconds.
    #[must_use]
    pub const fn target_s(self) -> f64 {
        self.target_s
    }

    /// Fetching stops here on a metered network, seconds.
    #[must_use]
    pub const fn max_s(self) -> f64 {
        self.max_s
    }

    /// Below this nothing is upgraded, seconds.
    #[must_use]
    pub const fn low_s(self) -> f64 {
        self.low_s
    }

    /// Fetching stops here on an unmetered network, seconds.
    #[must_use]
    pub const fn depth_s(self) -> f64 {
        self.depth_s
    }
}

/// What the listener asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// Auto, or the quality the listener holds.
    pub mode: Mode,
    /// Lean to quality, or else to stability.
    pub prefer_quality: bool,
    /// Let host load and device pressure lower the quality.
    pub adapt_to_system: bool,
}

/// What bounds a session; may change while it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// What the listener asked for.
    pub preferences: Preferences,
    /// The declared kind of network; cellular is metered.
    pub network: NetworkKind,
    /// Bytes that may still be used from now on; `None` for no budget. A budget lowers quality
    /// and depth; it never silences the music.
    pub data_budget_bytes: Option<u64>,
    /// The best quality that the listener's rules allow here, in a manual mode too; ultra for any.
    pub cap: Quality,
    /// How much media to keep.
    pub buffer: BufferLimits,
}

impl Limits {
    /// Whether bytes cost money here.
    #[must_use]
    pub const fn metered(&self) -> bool {
        matches!(self.network, NetworkKind::Cellular) || self.data_budget_bytes.is_some()
    }

    /// Where fetching stops, seconds ahead of the playhead.
    #[must_use]
    pub const fn ceiling_s(&self) -> f64 {
        if self.metered() { self.buffer.max_s } else { self.buffer.depth_s }
    }
}

/// What is believed of the network before a byte was received.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    mean: Throughput,
    confidence: f64,
}

impl Prior {
    /// How far the truth lies from a mean of no confidence, octaves (standard deviation); each tenth of
    /// confidence takes a tenth off. So were the priors that the table was fitted with.
    pub const DOUBT_OCTAVES: f64 = 1.2;

    /// The confidence that means such a spread.
    #[must_use]
    pub fn confidence_of(spread_octaves: f64) -> f64 {
        (Self::DOUBT_OCTAVES - spread_octaves).clamp(0.0, 1.0)
    }

    /// Nothing is known.
    pub const NONE: Self = Self { mean: Throughput::ZERO, confidence: 0.0 };

    /// A mean with a confidence from 0, a guess, to 1, as good as a minute of playback.
    ///
    /// # Errors
    /// When the confidence is not between 0 and 1.
    pub fn new(mean: Throughput, confidence: f64) -> Result<Self, ConfigError> {
        if (0.0..=1.0).contains(&confidence) {
            Ok(Self { mean, confidence })
        } else {
            Err(ConfigError::Confidence)
        }
    }

    /// The expected throughput; zero if unknown.
    #[must_use]
    pub const fn mean(self) -> Throughput {
        self.mean
    }

    /// From 0, a guess, to 1.
    #[must_use]
    pub const fn confidence(self) -> f64 {
        self.confidence
    }
}

/// What a playback session is built from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SessionConfig {
    /// What bounds it.
    pub limits: Limits,
    /// What is fetched before the listener presses play.
    pub preload: Preload,
    /// The quality recommended to start with.
    pub start_quality: Quality,
    /// What is believed of the network.
    pub prior: Prior,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer_settings;

    #[test]
    fn buffers_out_of_order_are_refused() {
        let nan = f64::NAN;
        for (target, max, low, depth, good) in [
            (15.0, 30.0, 4.5, 30.0, true),
            (15.0, 30.0, 15.0, 86_400.0, true),
            (15.0, 30.0, 0.0, 30.0, false),
            (15.0, 30.0, 16.0, 30.0, false),
            (15.0, 14.0, 4.5, 30.0, false),
            (15.0, 30.0, 4.5, 29.0, false),
            (15.0, 30.0, 4.5, f64::INFINITY, false),
            (nan, 30.0, 4.5, 30.0, false),
            (15.0, nan, 4.5, 30.0, false),
            (15.0, 30.0, nan, 30.0, false),
            (15.0, 30.0, 4.5, nan, false),
        ] {
            let limits = BufferLimits::new(target, max, low, depth);
            assert_eq!(limits.is_ok(), good, "{target} {max} {low} {depth}");
        }
    }

    #[test]
    fn every_documented_buffer_is_accepted() {
        for quality in Quality::ALL {
            for mbps in [0.0, 0.5, 3.0, 50.0] {
                let settings = buffer_settings(quality, Throughput::from_mbps(mbps));
                let limits = BufferLimits::documented(settings, 30.0).unwrap();
                assert!(limits.max_s() <= limits.depth_s(), "{quality} {mbps}");
            }
        }
    }

    #[test]
    fn confidences_are_shares() {
        let mean = Throughput::from_mbps(1.0);
        for (confidence, good) in
            [(0.0, true), (1.0, true), (-0.1, false), (1.1, false), (f64::NAN, false)]
        {
            assert_eq!(Prior::new(mean, confidence).is_ok(), good, "{confidence}");
        }
    }
}
