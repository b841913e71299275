//! The numbers of one table while they are learned: values forward, blame backward, steps of Adam.
//!
//! Never: what is learned. Forward adds in the core's order, so that what was fitted is what decides.

use quicksync_abr::playback::policy::{ACTIONS, FEATURES, HIDDEN, LEAK, PARAMETERS};

use crate::seed::Seeded;

const ONE: usize = HIDDEN.0;
const TWO: usize = HIDDEN.1;
/// Where the matrices and biases begin.
const BIAS_1: usize = FEATURES * ONE;
const MATRIX_2: usize = BIAS_1 + ONE;
const BIAS_2: usize = MATRIX_2 + ONE * TWO;
const MATRIX_3: usize = BIAS_2 + TWO;
const BIAS_3: usize = MATRIX_3 + TWO * ACTIONS;
/// Decay of the mean and of the mean square of blame. Source: Kingma and Ba, "Adam", 2015.
const DECAY: (f32, f32) = (0.9, 0.999);

/// What the units of one evaluation held.
#[derive(Debug)]
pub(super) struct Trail {
    one: [f32; ONE],
    two: [f32; TWO],
    /// What each action is worth.
    pub(super) worth: [f32; ACTIONS],
}

fn leak(units: &mut [f32]) {
    for unit in units {
        *unit = if *unit > 0.0 { *unit } else { LEAK * *unit };
    }
}

fn slope(unit: f32) -> f32 {
    if unit > 0.0 { 1.0 } else { LEAK }
}

fn forward<const I: usize, const O: usize>(
    matrix: &[f32],
    bias: &[f32],
    input: &[f32; I],
) -> [f32; O] {
    let mut output = [0.0; O];
    output.copy_from_slice(bias);
    for (x, row) in input.iter().zip(matrix.chunks_exact(O)) {
        for (sum, weight) in output.iter_mut().zip(row) {
            *sum += x * weight;
        }
    }
    output
}

/// Adds to the blame of one layer what `blame` of its output says, and gives that of its input.
fn backward<const I: usize, const O: usize>(
    matrix: &[f32],
    input: &[f32; I],
    blame: &[f32; O],
    (matrix_blame, bias_blame): (&mut [f32], &mut [f32]),
) -> [f32; I] {
    let mut inner = [0.0; I];
    let rows = matrix.chunks_exact(O).zip(matrix_blame.chunks_exact_mut(O));
    for ((x, inner), (row, row_blame)) in input.iter().zip(&mut inner).zip(rows) {
        for ((weight, weight_blame), blame) in row.iter().zip(row_blame).zip(blame) {
            *inner += weight * blame;
            *weight_blame += x * blame;
        }
    }
    for (sum, blame) in bias_blame.iter_mut().zip(blame) {
        *sum += blame;
    }
    inner
}

/// Evaluates the table.
pub(super) fn evaluate(numbers: &[f32], features: &[f32; FEATURES]) -> Trail {
    let mut one = forward(&numbers[..BIAS_1], &numbers[BIAS_1..MATRIX_2], features);
    leak(&mut one);
    let mut two = forward(&numbers[MATRIX_2..BIAS_2], &numbers[BIAS_2..MATRIX_3], &one);
    leak(&mut two);
    let worth = forward(&numbers[MATRIX_3..BIAS_3], &numbers[BIAS_3..], &two);
    Trail { one, two, worth }
}

/// Adds to `sums`, one for each number, what `blame` of the actions' worth says.
pub(super) fn learn(
    numbers: &[f32],
    features: &[f32; FEATURES],
    trail: &Trail,
    blame: &[f32; ACTIONS],
    sums: &mut [f32],
) {
    let (first, rest) = sums.split_at_mut(MATRIX_2);
    let (second, third) = rest.split_at_mut(MATRIX_3 - MATRIX_2);
    let parts = third.split_at_mut(TWO * ACTIONS);
    let mut two = backward(&numbers[MATRIX_3..BIAS_3], &trail.two, blame, parts);
    two.iter_mut().zip(&trail.two).for_each(|(blame, unit)| *blame *= slope(*unit));
    let parts = second.split_at_mut(ONE * TWO);
    let mut one = backward(&numbers[MATRIX_2..BIAS_2], &trail.one, &two, parts);
    one.iter_mut().zip(&trail.one).for_each(|(blame, unit)| *blame *= slope(*unit));
    let parts = first.split_at_mut(FEATURES * ONE);
    backward(&numbers[..BIAS_1], features, &one, parts);
}

/// Random numbers to start from; fetching nothing and playing at once looks best at first.
pub(super) fn initial(random: &mut Seeded) -> Vec<f32> {
    let mut numbers = vec![0.0; PARAMETERS];
    for (range, size) in [(0..BIAS_1, 0.38), (MATRIX_2..BIAS_2, 0.18), (MATRIX_3..BIAS_3, 0.02)] {
        numbers[range].iter_mut().for_each(|number| *number = small(random.normal() * size));
    }
    numbers[PARAMETERS - 1] = 1.0;
    numbers
}

#[expect(clippy::cast_possible_truncation, reason = "a table's numbers are small")]
fn small(number: f64) -> f32 {
    number as f32
}

/// Steps against the blame, each number at its own pace.
#[derive(Debug)]
pub(super) struct Adam {
    mean: Vec<f32>,
    square: Vec<f32>,
    power: (f32, f32),
}

impl Adam {
    pub(super) fn new() -> Self {
        let (mean, square) = (vec![0.0; PARAMETERS], vec![0.0; PARAMETERS]);
        Self { mean, square, power: (1.0, 1.0) }
    }

    pub(super) fn step(&mut self, numbers: &mut [f32], blame: &[f32], rate: f32) {
        self.power = (self.power.0 * DECAY.0, self.power.1 * DECAY.1);
        let moments = self.mean.iter_mut().zip(&mut self.square);
        for ((number, blame), (mean, square)) in numbers.iter_mut().zip(blame).zip(moments) {
            *mean += (1.0 - DECAY.0) * (blame - *mean);
            *square += (1.0 - DECAY.1) * (blame * blame - *square);
            let (mean, square) = (*mean / (1.0 - self.power.0), *square / (1.0 - self.power.1));
            *number -= rate * mean / (square.sqrt() + 1e-8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blame_is_the_slope() {
        let mut random = Seeded::new(3);
        let mut numbers = initial(&mut random);
        numbers.iter_mut().for_each(|number| *number += small(0.1 * random.normal()));
        let features: [f32; FEATURES] = std::array::from_fn(|_| small(random.normal()));
        let goal: [f32; ACTIONS] = std::array::from_fn(|_| small(random.normal()));
        let value = |numbers: &[f32]| {
            let worth = evaluate(numbers, &features).worth;
            worth.iter().zip(goal).map(|(worth, goal)| f64::from(worth * goal)).sum::<f64>()
        };
        let mut sums = vec![0.0; PARAMETERS];
        learn(&numbers, &features, &evaluate(&numbers, &features), &goal, &mut sums);
        for index in (0..PARAMETERS).step_by(97) {
            let mut moved = numbers.clone();
            moved[index] += 1e-2;
            let slope = (value(&moved) - value(&numbers)) / 1e-2;
            let blame = f64::from(sums[index]);
            assert!((slope - blame).abs() < 0.02 + 0.05 * blame.abs(), "{index}: {slope} {blame}");
        }
    }
}
