//! How the listeners of a campaign behave, and what is believed of their networks beforehand.
//!
//! Draws from a seed; learns from other traces of the same family than the one that is played.

use quicksync_abr::playback::Prior;
use quicksync_model::Throughput;

use crate::folder::NamedTrace;
use crate::player::Listener;
use crate::setup::Setup;

/// What listeners do besides listening.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Habits {
    /// Seeks per track.
    pub seeks: usize,
    /// Share of the tracks that are skipped at some moment, 0 to 1.
    pub skips: f64,
    /// Where the draws begin.
    pub seed: u64,
}

impl Habits {
    /// Whether every track is heard out, from beginning to end.
    #[must_use]
    pub fn are_patient(&self) -> bool {
        self.seeks == 0 && self.skips <= 0.0
    }

    /// The listener of one trace: the same for every algorithm.
    #[must_use]
    pub fn listener(&self, setup: &Setup, trace: usize) -> Listener {
        let trace = u64::try_from(trace).unwrap_or(u64::MAX);
        let seed = self.seed.wrapping_mul(0x9e37_79b9).wrapping_add(trace.wrapping_mul(2));
        Listener::seeking(setup, self.seeks, seed).skipping(setup, self.skips, seed ^ 1)
    }
}

/// A spread of this many octaves between rides halves what they are worth.
const HALVING_OCTAVES: f64 = 0.5;

/// What the other traces of a trace's family say of it: the geometric mean of their time-means,
/// worth the more the closer they are to each other. Nothing if there are fewer than two.
#[must_use]
pub fn learned_prior(traces: &[NamedTrace], index: usize) -> Prior {
    let Some(own) = traces.get(index) else { return Prior::NONE };
    let others: Vec<f64> = traces
        .iter()
        .enumerate()
        .filter(|(other, named)| *other != index && named.family == own.family)
        .map(|(_, named)| named.trace.mean_bps().max(1.0).log2())
        .collect();
    if others.len() < 2 {
        return Prior::NONE;
    }
    let count = f64::from(u32::try_from(others.len()).unwrap_or(u32::MAX));
    let mean = others.iter().sum::<f64>() / count;
    let square: f64 = others.iter().map(|rate| (rate - mean).powi(2)).sum();
    let spread = (square / count).sqrt() / HALVING_OCTAVES;
    let confidence = 1.0 / (1.0 + spread * spread);
    Prior::new(Throughput::from_bps(mean.exp2()), confidence).unwrap_or(Prior::NONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::NetworkTrace;

    fn named(family: &str, kbps: u32) -> NamedTrace {
        let trace = NetworkTrace::from_plan(&format!("{kbps}:10"), 0).unwrap();
        NamedTrace { family: family.to_owned(), name: kbps.to_string(), trace }
    }

    #[test]
    fn a_prior_never_looks_at_its_own_trace() {
        let traces = [named("a", 100), named("a", 400), named("a", 999), named("b", 5)];
        let prior = learned_prior(&traces, 2);
        assert!((prior.mean().kbps() - 200.0).abs() < 1e-6, "{prior:?}");
        // One octave to either side: a fifth.
        assert!((prior.confidence() - 0.2).abs() < 1e-9, "{prior:?}");
        assert_eq!(learned_prior(&traces, 3), Prior::NONE);
        assert_eq!(learned_prior(&traces, 9), Prior::NONE);
    }
}
