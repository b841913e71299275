//! Takes damage out of samples.
//!
//! Decides: what cannot be sound. Never: what is merely too loud.

/// Louder than any music and any overshoot; what lies beyond is damage, and would turn a whole block
/// of a Fourier transform into infinities, or a filter's memory into no number for good.
const LOUDEST: f32 = 8.0;

/// Makes silence of what is no number, and holds the rest to eight times full scale. Files of floats
/// may hold anything.
pub fn tame(samples: &mut [f32]) {
    for sample in samples {
        *sample = if sample.is_finite() { sample.clamp(-LOUDEST, LOUDEST) } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn music_passes_and_damage_does_not() {
        let mut samples =
            [0.5, -1.25, 7.5, 1e30, -9.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e-30];
        tame(&mut samples);
        let expected = [0.5, -1.25, 7.5, 8.0, -8.0, 0.0, 0.0, 0.0, 1e-30];
        assert_eq!(samples.map(f32::to_bits), expected.map(f32::to_bits));
    }
}
