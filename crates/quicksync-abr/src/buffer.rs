//! Sizes the playback buffer: a preset per quality, deeper on a slow network, shallower on a fast
//! one. The sizes are where a playback session starts; it may keep more where data costs nothing.

use quicksync_model::{Quality, Throughput};

/// What a player fetches before play is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preload {
    /// Only the manifest and the init segment.
    Metadata,
    /// As much as the starting target.
    Auto,
}

impl Preload {
    /// Every preload.
    pub const ALL: [Self; 2] = [Self::Metadata, Self::Auto];

    /// The lower-case word of the interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Auto => "auto",
        }
    }
}

/// The documented settings of one quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Which quality.
    pub quality: Quality,
    /// Starting buffer target, seconds.
    pub buffer_s: u32,
    /// What to fetch before play.
    pub preload: Preload,
}

/// The documented presets, lowest first.
pub const PRESETS: [Preset; 4] = [
    Preset { quality: Quality::Low, buffer_s: 5, preload: Preload::Metadata },
    Preset { quality: Quality::Medium, buffer_s: 10, preload: Preload::Auto },
    Preset { quality: Quality::High, buffer_s: 15, preload: Preload::Auto },
    Preset { quality: Quality::Ultra, buffer_s: 20, preload: Preload::Auto },
];

/// Below this a network is slow: keep at least [`SLOW_BUFFER_S`].
const SLOW_MBPS: f64 = 1.0;
/// Above this a network is fast: [`FAST_BUFFER_S`] is enough.
const FAST_MBPS: f64 = 5.0;
/// Floor of the buffer on a slow network, seconds.
const SLOW_BUFFER_S: u32 = 15;
/// Ceiling of the buffer on a fast network, seconds.
const FAST_BUFFER_S: u32 = 10;

/// The buffer a player starts with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BufferSettings {
    /// Target, seconds.
    pub buffer_s: u32,
    /// What to fetch before play.
    pub preload: Preload,
    /// Where fetching stops, seconds: twice the target.
    pub max_buffer_s: u32,
    /// Low mark, seconds: three tenths of the target; below it nothing is upgraded.
    pub rebuffer_threshold_s: f64,
}

/// The buffer for `quality` on a network of `throughput`. Zero is the slowest network, not an
/// unknown one. The maximum and the low mark follow the adjusted target.
#[must_use]
pub fn buffer_settings(quality: Quality, throughput: Throughput) -> BufferSettings {
    let preset = preset(quality);
    let (buffer_s, preload) = if throughput.mbps() < SLOW_MBPS {
        (preset.buffer_s.max(SLOW_BUFFER_S), Preload::Auto)
    } else if throughput.mbps() > FAST_MBPS {
        (preset.buffer_s.min(FAST_BUFFER_S), preset.preload)
    } else {
        (preset.buffer_s, preset.preload)
    };
    BufferSettings {
        buffer_s,
        preload,
        max_buffer_s: 2 * buffer_s,
        rebuffer_threshold_s: f64::from(3 * buffer_s) / 10.0,
    }
}

fn preset(quality: Quality) -> Preset {
    let [low, medium, high, ultra] = PRESETS;
    match quality {
        Quality::Low => low,
        Quality::Medium => medium,
        Quality::High => high,
        Quality::Ultra => ultra,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Quality::{High, Low, Medium, Ultra};

    #[test]
    fn buffers_follow_the_network() {
        for (quality, mbps, expected) in [
            (High, 3.5, (15, "auto", 30, 4.5)),
            (Low, 0.0, (15, "auto", 30, 4.5)),
            (Low, 0.99, (15, "auto", 30, 4.5)),
            (Low, 1.0, (5, "metadata", 10, 1.5)),
            (Medium, 0.5, (15, "auto", 30, 4.5)),
            (Ultra, 0.5, (20, "auto", 40, 6.0)),
            (Ultra, 5.0, (20, "auto", 40, 6.0)),
            (Ultra, 5.1, (10, "auto", 20, 3.0)),
            (Low, 80.0, (5, "metadata", 10, 1.5)),
            (Medium, 80.0, (10, "auto", 20, 3.0)),
        ] {
            let settings = buffer_settings(quality, Throughput::from_mbps(mbps));
            let seen = (
                settings.buffer_s,
                settings.preload.as_str(),
                settings.max_buffer_s,
                settings.rebuffer_threshold_s,
            );
            assert_eq!(seen, expected, "{quality} at {mbps} Mbps");
        }
    }

    #[test]
    fn every_quality_has_its_own_preset() {
        for quality in Quality::ALL {
            assert_eq!(preset(quality).quality, quality);
        }
    }
}
