//! Exponential averages over a weight, without the bias of their start: what hls.js, Shaka and dash.js
//! estimate with.

/// Exponential averages of a fast and a slow half-life over a weight, without the bias of their
/// start; the lower of the two counts. As hls.js, Shaka and dash.js do.
#[derive(Clone, Copy, Debug)]
pub(super) struct FastSlow {
    fast: Average,
    slow: Average,
}

impl FastSlow {
    pub(super) const fn new(fast_half_life: f64, slow_half_life: f64) -> Self {
        Self { fast: Average::new(fast_half_life), slow: Average::new(slow_half_life) }
    }

    pub(super) fn add(&mut self, weight: f64, value: f64) {
        self.fast.add(weight, value);
        self.slow.add(weight, value);
    }

    /// The lower average, once there was a sample.
    pub(super) fn estimate(&self) -> Option<f64> {
        Some(self.fast.estimate()?.min(self.slow.estimate()?))
    }
}

/// An exponential average over a weight: `half_life` of weight leaves half of what was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Average {
    half_life: f64,
    value: f64,
    total: f64,
}

impl Average {
    pub(super) const fn new(half_life: f64) -> Self {
        Self { half_life, value: 0.0, total: 0.0 }
    }

    pub(super) fn add(&mut self, weight: f64, value: f64) {
        let keep = 0.5_f64.powf(weight / self.half_life);
        self.value = keep * self.value + (1.0 - keep) * value;
        self.total += weight;
    }

    pub(super) fn estimate(&self) -> Option<f64> {
        let share = 1.0 - 0.5_f64.powf(self.total / self.half_life);
        (share > 0.0).then(|| self.value / share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_as_by_hand() {
        let mut average = FastSlow::new(1.0, 2.0);
        assert_eq!(average.estimate(), None);
        average.add(1.0, 100.0);
        assert!((average.estimate().unwrap() - 100.0).abs() < 1e-9);
        average.add(1.0, 400.0);
        // Fast: (0.5 * 50 + 0.5 * 400) / 0.75 = 300; slow weighs the newer one by 0.586.
        let keep = 0.5_f64.sqrt();
        let slow = (keep * (1.0 - keep) * 100.0 + (1.0 - keep) * 400.0) / (1.0 - keep * keep);
        assert!((average.estimate().unwrap() - slow).abs() < 1e-9);
        assert!(slow < 300.0);
    }
}
