//! Turns a measured throughput, the host's load and a listener's preferences into the quality to
//! start with. During playback the controller has better evidence and takes over.
//!
//! # Model
//! The documented thresholds pick a base quality; a busy host takes one level off, an idle one adds
//! one if the listener prefers quality. Percentages are 0 to 100.

use core::fmt;

use quicksync_model::{Mode, Quality, Throughput};

/// From how many Mbps each quality is the base, highest first. `low` is also the base below its
/// own threshold: there is nothing under it. Documented interface, `presets/`.
pub const THRESHOLDS_MBPS: [(Quality, f64); 4] =
    [(Quality::Ultra, 5.0), (Quality::High, 2.0), (Quality::Medium, 1.0), (Quality::Low, 0.5)];

/// Above this the CPU is overloaded. Documented interface.
const CPU_BUSY_PERCENT: f64 = 80.0;
/// Above this memory is nearly used up. Documented interface.
const MEMORY_BUSY_PERCENT: f64 = 85.0;
/// Above this the load is called moderate.
const CPU_MODERATE_PERCENT: f64 = 50.0;
/// Above this the load is called moderate.
const MEMORY_MODERATE_PERCENT: f64 = 70.0;
/// Below both the host has room for a level more. Documented interface.
const CPU_IDLE_PERCENT: f64 = 30.0;
/// See [`CPU_IDLE_PERCENT`].
const MEMORY_IDLE_PERCENT: f64 = 50.0;

const _: () = assert!(CPU_IDLE_PERCENT < CPU_MODERATE_PERCENT);
const _: () = assert!(CPU_MODERATE_PERCENT < CPU_BUSY_PERCENT);
const _: () = assert!(MEMORY_IDLE_PERCENT < MEMORY_MODERATE_PERCENT);
const _: () = assert!(MEMORY_MODERATE_PERCENT < MEMORY_BUSY_PERCENT);

/// How busy the server is.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct HostLoad {
    /// Share of the processors in use, 0 to 100.
    pub cpu_percent: f64,
    /// Share of the memory in use, 0 to 100.
    pub memory_percent: f64,
}

impl HostLoad {
    fn is_busy(self) -> bool {
        self.cpu_percent > CPU_BUSY_PERCENT || self.memory_percent > MEMORY_BUSY_PERCENT
    }

    fn is_idle(self) -> bool {
        self.cpu_percent < CPU_IDLE_PERCENT && self.memory_percent < MEMORY_IDLE_PERCENT
    }
}

/// The documented word for a throughput.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkStatus {
    /// At least 5 Mbps.
    Excellent,
    /// At least 2 Mbps.
    Good,
    /// At least 1 Mbps.
    Fair,
    /// Less.
    Poor,
}

impl NetworkStatus {
    /// The lower-case word of the interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Excellent => "excellent",
            Self::Good => "good",
            Self::Fair => "fair",
            Self::Poor => "poor",
        }
    }
}

/// The documented word for a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemStatus {
    /// CPU above 80 % or memory above 85 %.
    HighLoad,
    /// CPU above 50 % or memory above 70 %.
    ModerateLoad,
    /// Less.
    LowLoad,
}

impl SystemStatus {
    /// The lower-case word of the interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HighLoad => "high_load",
            Self::ModerateLoad => "moderate_load",
            Self::LowLoad => "low_load",
        }
    }
}

/// The word for a throughput.
#[must_use]
pub fn network_status(throughput: Throughput) -> NetworkStatus {
    match base_quality(throughput) {
        Quality::Ultra => NetworkStatus::Excellent,
        Quality::High => NetworkStatus::Good,
        Quality::Medium => NetworkStatus::Fair,
        Quality::Low => NetworkStatus::Poor,
    }
}

/// The word for a load.
#[must_use]
pub fn system_status(load: HostLoad) -> SystemStatus {
    if load.is_busy() {
        SystemStatus::HighLoad
    } else if load.cpu_percent > CPU_MODERATE_PERCENT
        || load.memory_percent > MEMORY_MODERATE_PERCENT
    {
        SystemStatus::ModerateLoad
    } else {
        SystemStatus::LowLoad
    }
}

/// What a recommendation is made from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// Auto, or the quality the listener holds.
    pub mode: Mode,
    /// Take a level more when the host is idle.
    pub prefer_quality: bool,
    /// Let the host's load change the quality at all.
    pub adapt_to_system: bool,
    /// What the listener's network is believed to carry.
    pub throughput: Throughput,
    /// How busy the host is.
    pub load: HostLoad,
}

/// The quality to start with, and why.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recommendation {
    /// Start here.
    pub quality: Quality,
    /// False if the listener holds this quality.
    pub auto_selected: bool,
    /// Why this one.
    pub reason: Reason,
}

/// Why a quality was recommended. Displays as one plain sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// The listener's mode is this quality.
    Chosen(Quality),
    /// The throughput alone decided.
    Throughput(Quality, Throughput),
    /// The throughput allowed `base`, the busy host one level less.
    HostBusy {
        /// What the throughput alone would give.
        base: Quality,
        /// What was recommended.
        quality: Quality,
        /// The load that did it.
        load: HostLoad,
    },
    /// The throughput suggested `base`, the idle host allows one level more.
    HostIdle {
        /// What the throughput alone would give.
        base: Quality,
        /// What was recommended.
        quality: Quality,
        /// What the listener's network carries.
        throughput: Throughput,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Chosen(quality) => write!(f, "Held at {quality}: you chose it"),
            Self::Throughput(quality, throughput) => {
                write!(f, "Starting at {quality}: {:.1} Mbps expected", throughput.mbps())
            }
            Self::HostBusy { base, quality, load } => write!(
                f,
                "Starting at {quality} instead of {base}: the server is busy \
                 (CPU {:.0} %, memory {:.0} %)",
                load.cpu_percent, load.memory_percent
            ),
            Self::HostIdle { base, quality, throughput } => write!(
                f,
                "Starting at {quality} instead of {base}: {:.1} Mbps expected, \
                 the server is idle and you prefer quality",
                throughput.mbps()
            ),
        }
    }
}

fn base_quality(throughput: Throughput) -> Quality {
    THRESHOLDS_MBPS
        .into_iter()
        .find(|(_, threshold)| throughput.mbps() >= *threshold)
        .map_or(Quality::Low, |(quality, _)| quality)
}

/// The documented Auto flow: base by throughput, then one level by load.
#[must_use]
pub fn recommend(request: Request) -> Recommendation {
    if let Mode::Manual(quality) = request.mode {
        return Recommendation { quality, auto_selected: false, reason: Reason::Chosen(quality) };
    }
    let (throughput, load) = (request.throughput, request.load);
    let base = base_quality(throughput);
    let reason = if !request.adapt_to_system {
        Reason::Throughput(base, throughput)
    } else if load.is_busy() && base.lower() != base {
        Reason::HostBusy { base, quality: base.lower(), load }
    } else if load.is_idle() && request.prefer_quality && base.higher() != base {
        Reason::HostIdle { base, quality: base.higher(), throughput }
    } else {
        Reason::Throughput(base, throughput)
    };
    Recommendation { quality: reason.quality(), auto_selected: true, reason }
}

impl Reason {
    const fn quality(self) -> Quality {
        match self {
            Self::Chosen(quality)
            | Self::Throughput(quality, _)
            | Self::HostBusy { quality, .. }
            | Self::HostIdle { quality, .. } => quality,
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::string::ToString;

    use super::*;
    use Quality::{High, Low, Medium, Ultra};
    use expect_test::expect;

    fn auto(mbps: f64, cpu_percent: f64, memory_percent: f64) -> Request {
        Request {
            mode: Mode::Auto,
            prefer_quality: false,
            adapt_to_system: true,
            throughput: Throughput::from_mbps(mbps),
            load: HostLoad { cpu_percent, memory_percent },
        }
    }

    #[test]
    fn thresholds_pick_the_base() {
        for (mbps, quality, word) in [
            (100.0, Ultra, "excellent"),
            (5.0, Ultra, "excellent"),
            (4.999, High, "good"),
            (2.0, High, "good"),
            (1.999, Medium, "fair"),
            (1.0, Medium, "fair"),
            (0.999, Low, "poor"),
            (0.5, Low, "poor"),
            (0.0, Low, "poor"),
        ] {
            let request = auto(mbps, 40.0, 60.0);
            assert_eq!(recommend(request).quality, quality, "{mbps} Mbps");
            assert_eq!(network_status(request.throughput).as_str(), word, "{mbps} Mbps");
        }
    }

    #[test]
    fn load_moves_one_level() {
        for (mbps, cpu, memory, prefer, adapt, quality) in [
            (9.0, 80.1, 10.0, false, true, High),
            (3.0, 10.0, 85.1, true, true, Medium),
            (1.5, 99.0, 99.0, true, true, Low),
            (0.1, 99.0, 99.0, true, true, Low),
            (9.0, 80.0, 85.0, true, true, Ultra),
            (9.0, 99.0, 99.0, true, false, Ultra),
            (0.1, 29.9, 49.9, true, true, Medium),
            (1.5, 29.9, 49.9, true, true, High),
            (3.0, 29.9, 49.9, true, true, Ultra),
            (9.0, 0.0, 0.0, true, true, Ultra),
            (3.0, 30.0, 49.9, true, true, High),
            (3.0, 29.9, 50.0, true, true, High),
            (3.0, 0.0, 0.0, false, true, High),
            (3.0, 0.0, 0.0, true, false, High),
        ] {
            let request = Request {
                prefer_quality: prefer,
                adapt_to_system: adapt,
                ..auto(mbps, cpu, memory)
            };
            assert_eq!(recommend(request).quality, quality, "{request:?}");
        }
    }

    #[test]
    fn a_chosen_quality_is_held_whatever_happens() {
        for quality in Quality::ALL {
            let request = Request { mode: Mode::Manual(quality), ..auto(0.0, 100.0, 100.0) };
            let recommendation = recommend(request);
            assert_eq!(recommendation.quality, quality);
            assert!(!recommendation.auto_selected);
        }
    }

    #[test]
    fn loads_have_words() {
        for (cpu, memory, word) in [
            (80.1, 0.0, "high_load"),
            (0.0, 85.1, "high_load"),
            (80.0, 0.0, "moderate_load"),
            (50.1, 0.0, "moderate_load"),
            (0.0, 70.1, "moderate_load"),
            (50.0, 70.0, "low_load"),
            (f64::NAN, f64::NAN, "low_load"),
        ] {
            let load = HostLoad { cpu_percent: cpu, memory_percent: memory };
            assert_eq!(system_status(load).as_str(), word, "{load:?}");
        }
    }

    #[test]
    fn reasons_are_sentences() {
        let mut sentences = alloc::vec::Vec::new();
        for request in [
            Request { mode: Mode::Manual(Low), ..auto(3.0, 0.0, 0.0) },
            auto(3.0, 50.0, 50.0),
            auto(3.0, 91.0, 50.0),
            Request { prefer_quality: true, ..auto(0.8, 5.0, 20.0) },
        ] {
            sentences.push(recommend(request).reason.to_string());
        }
        expect![[r#"
            Held at low: you chose it
            Starting at high: 3.0 Mbps expected
            Starting at medium instead of high: the server is busy (CPU 91 %, memory 50 %)
            Starting at medium instead of low: 0.8 Mbps expected, the server is idle and you prefer quality"#]]
        .assert_eq(&sentences.join("\n"));
    }
}
