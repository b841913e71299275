//! The fitted function: from what is seen to what each action is worth, as two hidden layers.
//!
//! Never: what the numbers mean; a `std` or `libm` function. Additions and multiplications of `f32` in
//! a fixed order give the same bits everywhere.

use super::{ACTIONS, FEATURES};

/// Units of the first and second hidden layer.
pub const HIDDEN: (usize, usize) = (64, 32);
/// What a unit lets through of a negative sum, so that none is ever dead.
pub const LEAK: f32 = 0.05;
/// How many numbers the layers have: for each the matrix, input by input, and then the bias.
pub const PARAMETERS: usize =
    (FEATURES + 1) * HIDDEN.0 + (HIDDEN.0 + 1) * HIDDEN.1 + (HIDDEN.1 + 1) * ACTIONS;
/// Bytes of text before the numbers: what the table is and what it was fitted to.
pub const HEADER_BYTES: usize = 512;

/// The table of this build: the header, padded with spaces, then the numbers of each part,
/// little-endian `f32`.
static TABLE: &[u8; HEADER_BYTES + Kind::ALL.len() * PART_BYTES] = include_bytes!("table.bin");
/// Bytes of one part.
const PART_BYTES: usize = 4 * PARAMETERS;

/// A part of the table: each was fitted alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// For buffers of less than [`DEEP_S`].
    Shallow,
    /// For deeper ones.
    Deep,
    /// For listeners who prefer stability, at any depth.
    Steady,
}

impl Kind {
    /// Every part in the table's order.
    pub const ALL: [Self; 3] = [Self::Shallow, Self::Deep, Self::Steady];
}

/// Where fetching stops this far ahead or farther, the buffer is deep, seconds: twice what players
/// usually keep.
pub const DEEP_S: f64 = 60.0;

/// What the table says of itself.
#[must_use]
pub fn header() -> &'static str {
    let (header, _) = TABLE.split_at(HEADER_BYTES);
    core::str::from_utf8(header).unwrap_or_default().trim_end()
}

fn part(kind: Kind) -> &'static [u8] {
    let start = HEADER_BYTES + kind as usize * PART_BYTES;
    TABLE.get(start..start + PART_BYTES).unwrap_or_default()
}

/// The numbers of a part, to continue from.
pub fn numbers(kind: Kind) -> impl Iterator<Item = f32> {
    let (numbers, _) = part(kind).as_chunks::<4>();
    numbers.iter().map(|bytes| f32::from_le_bytes(*bytes))
}

/// What each action is worth.
pub(super) fn evaluate(kind: Kind, features: &[f32; FEATURES]) -> [f32; ACTIONS] {
    let (first, numbers) = part(kind).split_at(4 * (FEATURES + 1) * HIDDEN.0);
    let (second, third) = numbers.split_at(4 * (HIDDEN.0 + 1) * HIDDEN.1);
    let mut one = layer::<FEATURES, { HIDDEN.0 }>(first, features);
    leak(&mut one);
    let mut two = layer::<{ HIDDEN.0 }, { HIDDEN.1 }>(second, &one);
    leak(&mut two);
    layer::<{ HIDDEN.1 }, ACTIONS>(third, &two)
}

fn layer<const I: usize, const O: usize>(numbers: &[u8], input: &[f32; I]) -> [f32; O] {
    let (numbers, _) = numbers.as_chunks::<4>();
    let (matrix, bias) = numbers.split_at(I * O);
    let mut output = [0.0; O];
    for (sum, bias) in output.iter_mut().zip(bias) {
        *sum = f32::from_le_bytes(*bias);
    }
    for (x, row) in input.iter().zip(matrix.chunks_exact(O)) {
        for (sum, weight) in output.iter_mut().zip(row) {
            *sum += x * f32::from_le_bytes(*weight);
        }
    }
    output
}

fn leak(units: &mut [f32]) {
    for unit in units {
        *unit = if *unit > 0.0 { *unit } else { LEAK * *unit };
    }
}
