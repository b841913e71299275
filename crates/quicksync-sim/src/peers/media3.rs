//! Media3 (ExoPlayer) as it is shipped.
//!
//! Source: androidx/media, `exoplayer/trackselection/AdaptiveTrackSelection.java`,
//! `exoplayer/upstream/DefaultBandwidthMeter.java` and `SlidingPercentile.java`,
//! `exoplayer/DefaultLoadControl.java`: a weighted median of transfers, weight the root of their bytes,
//! total weight 2000, told once 2 s of transfer or 512 KiB have passed; 1 Mbps before that. A transfer
//! counts from its first byte. The highest rung of at most 0.7 of the median; up only from 10 s of buffer,
//! down only below 25 s. Playback starts with 1 s of buffer and resumes with 2 s.
//!
//! Left out: the table of first estimates by country and network, and discarding buffered segments,
//! which it does for video alone.

use std::collections::VecDeque;

use super::conduct::{Finished, Pace, Peer, Scene};

const MOST_WEIGHT: f64 = 2000.0;
const ENOUGH_S: f64 = 2.0;
const ENOUGH_BYTES: f64 = 524_288.0;
const DEFAULT_BPS: f64 = 1e6;
/// Share of the estimate that a rung may need.
const SHARE: f64 = 0.7;
/// No raise below this buffer, seconds.
const RAISE_FROM_S: f64 = 10.0;
/// No drop from this buffer on, seconds.
const KEEP_FROM_S: f64 = 25.0;
const START_S: f64 = 1.0;
const RESUME_S: f64 = 2.0;

/// Media3.
#[derive(Clone, Debug)]
pub struct Media3 {
    /// Weight and bits per second, the oldest first.
    samples: VecDeque<(f64, f64)>,
    seconds: f64,
    bytes: f64,
    bps: f64,
}

impl Default for Media3 {
    fn default() -> Self {
        Self { samples: VecDeque::new(), seconds: 0.0, bytes: 0.0, bps: DEFAULT_BPS }
    }
}

impl Media3 {
    fn add(&mut self, weight: f64, bps: f64) {
        self.samples.push_back((weight, bps));
        let mut excess = self.total() - MOST_WEIGHT;
        while excess > 0.0
            && let Some(oldest) = self.samples.front_mut()
        {
            if oldest.0 <= excess {
                excess -= oldest.0;
                self.samples.pop_front();
            } else {
                oldest.0 -= excess;
                excess = 0.0;
            }
        }
    }

    fn total(&self) -> f64 {
        self.samples.iter().map(|(weight, _)| weight).sum()
    }

    fn median(&self) -> f64 {
        let mut sorted: Vec<(f64, f64)> = self.samples.iter().copied().collect();
        sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
        let half = 0.5 * self.total();
        let mut sum = 0.0;
        let reaches = |(weight, _): &&(f64, f64)| {
            sum += weight;
            sum >= half
        };
        sorted.iter().find(reaches).map_or(DEFAULT_BPS, |(_, bps)| *bps)
    }
}

impl Peer for Media3 {
    fn pace(&self) -> Pace {
        Pace { start_s: START_S, resume_s: RESUME_S, watch_us: None }
    }

    fn choose(&mut self, scene: &Scene<'_>) -> usize {
        let ideal = scene.highest_within(SHARE * self.bps);
        match scene.last {
            Some(last) if ideal > last && scene.buffer_s < RAISE_FROM_S => last,
            Some(last) if ideal < last && scene.buffer_s >= KEEP_FROM_S => last,
            _ => ideal,
        }
    }

    fn learn(&mut self, finished: &Finished, _scene: &Scene<'_>) {
        let time_s = (finished.elapsed_s - finished.latency_s).max(1e-3);
        self.seconds += time_s;
        self.bytes += finished.bytes;
        self.add(finished.bytes.sqrt(), finished.bytes * 8.0 / time_s);
        if self.seconds >= ENOUGH_S || self.bytes >= ENOUGH_BYTES {
            self.bps = self.median();
        }
    }

    fn expected_kbps(&self) -> f64 {
        self.bps / 1e3
    }
}
