//! The documented thresholds alone: one measurement, then its rung for five minutes.
//!
//! Source: the documented interface of Quick Sync: download 1 MB, 2 Mbps if that takes more than 5 s,
//! keep the figure for 5 minutes; from 5, 2 and 1 Mbps on ultra, high and medium, else low. The host is
//! neither busy nor idle. In the rule's favour the measurement sees the listener's own network, takes
//! none of it, and is there when play is pressed.

use quicksync_abr::THRESHOLDS_MBPS;

use super::conduct::{Finished, Pace, Peer, Scene};
use crate::trace::NetworkTrace;

const PROBE_BYTES: u64 = 1_000_000;
const TIMEOUT_US: u64 = 5_000_000;
const FALLBACK_MBPS: f64 = 2.0;
const KEPT_S: f64 = 300.0;

/// The documented thresholds.
#[derive(Clone, Debug)]
pub struct Thresholds {
    link: NetworkTrace,
    measured: Option<(f64, f64)>,
}

impl Thresholds {
    /// For a listener on `link`.
    #[must_use]
    pub const fn new(link: NetworkTrace) -> Self {
        Self { link, measured: None }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "times of a playback"
    )]
    fn measure(&self, now_s: f64) -> f64 {
        let now_us = (now_s * 1e6).round() as u64;
        let start_us = now_us + self.link.latency_us(now_us);
        let end_us = self.link.finish_us(start_us, PROBE_BYTES).unwrap_or(u64::MAX);
        let took_us = end_us - now_us;
        if took_us > TIMEOUT_US {
            FALLBACK_MBPS
        } else {
            PROBE_BYTES as f64 * 8.0 / took_us.max(1) as f64
        }
    }
}

impl Peer for Thresholds {
    fn pace(&self) -> Pace {
        Pace::AT_ONCE
    }

    fn choose(&mut self, scene: &Scene<'_>) -> usize {
        let fresh = self.measured.filter(|(at_s, _)| scene.now_s - at_s < KEPT_S);
        let (_, mbps) = fresh.unwrap_or_else(|| (scene.now_s, self.measure(scene.now_s)));
        self.measured = fresh.or(Some((scene.now_s, mbps)));
        let reached = THRESHOLDS_MBPS.iter().find(|(_, least)| mbps >= *least);
        reached.map_or(0, |(quality, _)| *quality as usize)
    }

    fn learn(&mut self, _finished: &Finished, _scene: &Scene<'_>) {}

    fn expected_kbps(&self) -> f64 {
        self.measured.map_or(0.0, |(_, mbps)| mbps * 1e3)
    }
}
