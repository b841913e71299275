//! What a playback is worth: three metrics of one form.
//!
//! Knows: utilities and prices. Never: how a playback came about.
//!
//! # Model
//! `Q = (1/N) (sum u(q) - switch * sum |u(q) - u(before)| - stall_s * seconds - stall_event * stalls -
//! startup_s * seconds)`.

use quicksync_abr::playback::utility;

use crate::setup::{RUNGS, quality};

/// Utilities of the rungs and prices of what disturbs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metric {
    /// The stable word of the command line.
    pub name: &'static str,
    /// What one segment of each rung is worth.
    pub utility: [f64; RUNGS],
    /// Price of one unit of utility up or down between two segments.
    pub switch: f64,
    /// Price of a stalled second.
    pub stall_s: f64,
    /// Price of a stall, however short.
    pub stall_event: f64,
    /// Price of a second between play pressed and the first sound.
    pub startup_s: f64,
}

/// What a metric is taken of.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Listening {
    /// The rung of each segment heard, in order.
    pub rungs: Vec<usize>,
    /// How often the sound stopped for lack of media.
    pub stalls: u32,
    /// For how long, seconds.
    pub stalled_s: f64,
    /// From play pressed to the first sound, and from each seek to the next, seconds.
    pub startup_s: f64,
}

/// The terms of a value, each per segment: `heard` less the others.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Terms {
    /// What was heard.
    pub heard: f64,
    /// The price of switches.
    pub switches: f64,
    /// The price of stalls.
    pub stalls: f64,
    /// The price of start-up.
    pub startup: f64,
}

impl Terms {
    /// The value.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.heard - self.switches - self.stalls - self.startup
    }
}

impl Metric {
    /// The metric for audio that the core decides by. Source: docs/design/decision-core.md.
    #[must_use]
    pub fn m1() -> Self {
        Self {
            name: "m1",
            utility: std::array::from_fn(|rung| utility(quality(rung))),
            switch: 0.5,
            stall_s: 0.3,
            stall_event: 4.0,
            startup_s: 0.1,
        }
    }

    /// Linear in the rate, Mbps: a stalled second or one of start-up costs a second of the best
    /// rate. Source: Yin et al., "A Control-Theoretic Approach for Dynamic Adaptive Video
    /// Streaming over HTTP", SIGCOMM 2015, with the ladder's top as the price of silence.
    #[must_use]
    pub fn lin() -> Self {
        let utility = std::array::from_fn(|rung| f64::from(quality(rung).bitrate().kbps()) / 1e3);
        let top = utility[RUNGS - 1];
        Self { name: "lin", utility, switch: 1.0, stall_s: top, stall_event: 0.0, startup_s: top }
    }

    /// Logarithmic in the rate: as [`Self::lin`], with `ln(rate / lowest)`. Source: Mao et al.,
    /// "Neural Adaptive Video Streaming with Pensieve", SIGCOMM 2017.
    #[must_use]
    pub fn log() -> Self {
        let lowest = f64::from(quality(0).bitrate().kbps());
        let log = |rung| (f64::from(quality(rung).bitrate().kbps()) / lowest).ln();
        let utility = std::array::from_fn(log);
        let top = utility[RUNGS - 1];
        Self { name: "log", utility, switch: 1.0, stall_s: top, stall_event: 0.0, startup_s: top }
    }

    /// The metric of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::m1(), Self::lin(), Self::log()].into_iter().find(|metric| metric.name == name)
    }

    /// What a listening is worth; 0 if nothing was heard.
    #[must_use]
    pub fn value(&self, listening: &Listening) -> f64 {
        self.terms(listening).value()
    }

    /// What it is worth, term by term.
    #[must_use]
    pub fn terms(&self, listening: &Listening) -> Terms {
        let worth = |rung: &usize| self.utility[(*rung).min(RUNGS - 1)];
        let step = |pair: &[usize]| (worth(&pair[1]) - worth(&pair[0])).abs();
        let switches: f64 = listening.rungs.windows(2).map(step).sum();
        let stalls =
            self.stall_s * listening.stalled_s + self.stall_event * f64::from(listening.stalls);
        let segments = u32::try_from(listening.rungs.len()).unwrap_or(u32::MAX).max(1);
        let each = f64::from(segments).recip();
        Terms {
            heard: each * listening.rungs.iter().map(worth).sum::<f64>(),
            switches: each * self.switch * switches,
            stalls: each * stalls,
            startup: each * self.startup_s * listening.startup_s,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_as_by_hand() {
        let heard = |rungs: &[usize], stalls, stalled_s, startup_s| Listening {
            rungs: rungs.to_vec(),
            stalls,
            stalled_s,
            startup_s,
        };
        for (name, listening, value) in [
            ("m1", heard(&[3, 3], 0, 0.0, 0.0), 1.0),
            ("m1", heard(&[0, 1, 1, 3], 1, 2.0, 0.5), (3.32 - 0.2 - 4.6 - 0.05) / 4.0),
            ("lin", heard(&[0, 3], 1, 0.5, 1.0), (0.384 - 0.256 - 0.16 - 0.32) / 2.0),
            ("log", heard(&[0, 1], 2, 1.0, 0.0), (2_f64.ln() - 2_f64.ln() - 5_f64.ln()) / 2.0),
            ("m1", heard(&[], 0, 0.0, 0.0), 0.0),
        ] {
            let metric = Metric::named(name).unwrap();
            assert!((metric.value(&listening) - value).abs() < 1e-12, "{name} {listening:?}");
        }
        assert!(Metric::named("m2").is_none());
    }
}
