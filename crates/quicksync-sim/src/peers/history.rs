//! Averages that several peers take of throughput.

/// The harmonic mean of the last `count` samples: the rate at which their bytes came together.
pub(super) fn harmonic_mean(samples: &[f64], count: usize) -> Option<f64> {
    let last = &samples[samples.len().saturating_sub(count)..];
    let inverse: f64 = last.iter().map(|sample| 1.0 / sample.max(1.0)).sum();
    let number = f64::from(u32::try_from(last.len()).unwrap_or(u32::MAX));
    (!last.is_empty()).then(|| number / inverse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_as_by_hand() {
        assert_eq!(harmonic_mean(&[5.0, 100.0, 300.0], 2), Some(150.0));
        assert_eq!(harmonic_mean(&[], 2), None);
    }
}
