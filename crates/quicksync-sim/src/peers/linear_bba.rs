//! The linear buffer rule: from the lowest rung at a reservoir to the highest at a cushion.
//!
//! Source: T.-Y. Huang et al., "A Buffer-Based Approach to Rate Adaptation", SIGCOMM 2014; the
//! linear map as StanfordSNR/puffer has it (`src/abr/linear_bba.cc`): a lower and an upper share
//! of the buffer, and the highest rung whose size is at most the mapped one. Shares 0.1 and 0.8, the
//! values that did best over 30 s of buffer among those commonly used.

use super::conduct::{Finished, Pace, Peer, Scene};

/// Below this share of the buffer the lowest rung.
const RESERVOIR: f64 = 0.1;
/// From this share on the highest.
const CUSHION: f64 = 0.8;

/// The linear buffer rule.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinearBba;

impl Peer for LinearBba {
    fn pace(&self) -> Pace {
        Pace::AT_ONCE
    }

    fn choose(&mut self, scene: &Scene<'_>) -> usize {
        let (low_s, high_s) = (RESERVOIR * scene.cap_s, CUSHION * scene.cap_s);
        let share = ((scene.buffer_s - low_s) / (high_s - low_s)).clamp(0.0, 1.0);
        let (lowest, highest) = (scene.bytes(0), scene.bytes(scene.top()));
        let mapped = lowest + share * (highest - lowest);
        (0..scene.rungs()).rfind(|rung| scene.bytes(*rung) <= mapped).unwrap_or(0)
    }

    fn learn(&mut self, _finished: &Finished, _scene: &Scene<'_>) {}
}
