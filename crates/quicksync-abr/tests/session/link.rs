//! A link of known capacity over time: when each byte of a transfer arrives, exactly.

/// A stretch of constant capacity.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    pub duration_s: f64,
    pub kbps: f64,
    pub latency_s: f64,
}

/// Stretches one after another, over and over.
#[derive(Clone, Debug)]
pub struct Link {
    stretches: Vec<Stretch>,
    total_s: f64,
    total_bytes: f64,
}

impl Link {
    pub fn new(stretches: Vec<Stretch>) -> Self {
        let total_s = stretches.iter().map(|s| s.duration_s).sum();
        let total_bytes = stretches.iter().map(|s| s.duration_s * s.kbps * 125.0).sum();
        assert!(total_s > 0.0 && total_bytes > 0.0, "a link must carry something some time");
        Self { stretches, total_s, total_bytes }
    }

    /// Seconds and kbps of each stretch, all with the same latency.
    pub fn plan(latency_ms: f64, steps: &[(f64, f64)]) -> Self {
        let latency_s = latency_ms / 1e3;
        let stretch = |&(duration_s, kbps)| Stretch { duration_s, kbps, latency_s };
        Self::new(steps.iter().map(stretch).collect())
    }

    pub fn latency_s(&self, at_s: f64) -> f64 {
        let mut left = at_s % self.total_s;
        for stretch in &self.stretches {
            if left < stretch.duration_s {
                return stretch.latency_s;
            }
            left -= stretch.duration_s;
        }
        self.stretches[0].latency_s
    }

    /// Bytes that could have arrived from the beginning until `at_s`.
    fn capacity(&self, at_s: f64) -> f64 {
        let rounds = (at_s / self.total_s).floor();
        let mut left = at_s - rounds * self.total_s;
        let mut bytes = rounds * self.total_bytes;
        for stretch in &self.stretches {
            let time = left.min(stretch.duration_s);
            bytes += time * stretch.kbps * 125.0;
            left -= time;
        }
        bytes
    }

    /// Bytes of a body that began at `start_s` and have arrived by `at_s`.
    pub fn arrived(&self, start_s: f64, at_s: f64) -> f64 {
        (self.capacity(at_s) - self.capacity(start_s)).max(0.0)
    }

    /// When a body of `bytes` that begins at `start_s` is complete.
    pub fn complete_s(&self, start_s: f64, bytes: f64) -> f64 {
        let goal = self.capacity(start_s) + bytes;
        let rounds = (goal / self.total_bytes).floor();
        let (mut at, mut left) = (rounds * self.total_s, goal - rounds * self.total_bytes);
        for stretch in &self.stretches {
            let carried = stretch.duration_s * stretch.kbps * 125.0;
            if left <= carried && stretch.kbps > 0.0 {
                return (at + left / (stretch.kbps * 125.0)).max(start_s);
            }
            left -= carried;
            at += stretch.duration_s;
        }
        at.max(start_s)
    }
}
