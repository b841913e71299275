//! Sines, pitches and noise from exact arithmetic, equal on every machine.

/// Twelve of these are an octave.
const SEMITONE: f64 = 1.059_463_094_359_295_3;

/// Sine of a phase counted in turns, right to about 1e-3.
pub(super) fn sine(turns: f64) -> f64 {
    let phase = turns - turns.floor() - 0.5;
    // A parabola through the zeros of -sin(2 pi x) on [-1/2, 1/2], then one correction of its shape.
    let parabola = -phase * (8.0 - 16.0 * phase.abs());
    0.775 * parabola + 0.225 * parabola * parabola.abs()
}

/// Hertz of a key, where 69 is the A at 440 Hz.
pub(super) fn hertz(key: i32) -> f64 {
    (0..(key - 69).abs()).fold(
        440.0,
        |pitch, _| {
            if key > 69 { pitch * SEMITONE } else { pitch / SEMITONE }
        },
    )
}

/// What a level is multiplied by per sample to halve in `seconds`.
pub(super) fn decay(seconds: f64, rate: f64) -> f64 {
    1.0 - std::f64::consts::LN_2 / (seconds * rate)
}

/// A seeded generator (xorshift64*).
#[derive(Clone)]
pub(super) struct Noise(u64);

impl Noise {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn bits(&mut self) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let mixed = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d);
        u32::try_from(mixed >> 32).unwrap_or(0)
    }

    /// Between -1 and 1.
    pub(super) fn level(&mut self) -> f64 {
        f64::from(self.bits()) / f64::from(u32::MAX) * 2.0 - 1.0
    }

    /// One of `choices`.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        let index = (u64::from(self.bits()) * choices.len() as u64) >> 32;
        choices[usize::try_from(index).unwrap_or(0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sines_and_pitches_are_close_enough() {
        for step in -50..50 {
            let turns = f64::from(step) / 37.0;
            let exact = (turns * std::f64::consts::TAU).sin();
            assert!((sine(turns) - exact).abs() < 2e-3, "{turns}");
        }
        for (key, exact) in [(69, 440.0), (81, 880.0), (57, 220.0), (60, 261.625_565)] {
            assert!((hertz(key) - exact).abs() < 1e-5, "{key}");
        }
    }
}
