//! How often a track is how loud: what its loudness, and that of its album, is computed from.
//!
//! Knows: the two gates of ITU-R BS.1770-5 (annex 1), and how the counts are kept as bytes. Never:
//! samples, filters, time.
//!
//! The album's loudness is that of all blocks of all its tracks under one gate, which is not the
//! mean of the tracks' figures. So a track keeps its counts, some hundred bytes, and no album ever
//! needs its tracks decoded again.

use quicksync_model::Loudness;

/// Blocks that are not louder than this are silence (the absolute gate).
const SILENCE_LUFS: f64 = -70.0;
/// Blocks this much softer than the mean of all that are not silent do not count (the relative
/// gate).
const RELATIVE_GATE_LU: f64 = -10.0;
/// Width of a class of blocks. The loudness of an album is off by half of it at most.
const CLASS_LU: f64 = 0.05;
/// Classes: up to +10 LUFS, louder than full-scale noise.
const CLASSES: usize = 1600;
/// First byte of the counts as bytes.
const BYTES_VERSION: u8 = 1;

/// Counts of the 400 ms blocks of a track by their loudness. Silent blocks are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gating {
    counts: Vec<u32>,
}

impl Default for Gating {
    fn default() -> Self {
        Self { counts: vec![0; CLASSES] }
    }
}

impl Gating {
    /// Counts a block.
    pub(crate) fn add(&mut self, lufs: f64) {
        if lufs.is_nan() || lufs <= SILENCE_LUFS {
            return;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a positive number, held to the last class below"
        )]
        let class = (((lufs - SILENCE_LUFS) / CLASS_LU) as usize).min(CLASSES - 1);
        if let Some(count) = self.counts.get_mut(class) {
            *count = count.saturating_add(1);
        }
    }

    /// Counts everything that `other` counted.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count = count.saturating_add(*more);
        }
    }

    /// Integrated loudness; `None` where all is silent.
    pub(crate) fn integrated_lufs(&self) -> Option<f64> {
        let middle = |class: u32| SILENCE_LUFS + (f64::from(class) + 0.5) * CLASS_LU;
        let blocks = (0_u32..).zip(&self.counts).filter(|(_, count)| **count > 0);
        integrated_lufs(blocks.map(|(class, count)| (middle(class), *count)))
    }

    /// Pairs of numbers, seven bits a byte: how many classes further, and the count there.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![BYTES_VERSION];
        let mut next = 0;
        for (class, count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            push_number(&mut bytes, class - next);
            push_number(&mut bytes, *count as usize);
            next = class + 1;
        }
        bytes
    }

    /// What [`Gating::to_bytes`] wrote.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(&[BYTES_VERSION])?;
        let mut gating = Self::default();
        let mut next = 0_usize;
        while !rest.is_empty() {
            let class = next.checked_add(take_number(&mut rest)?)?;
            *gating.counts.get_mut(class)? = u32::try_from(take_number(&mut rest)?).ok()?;
            next = class + 1;
        }
        Some(gating)
    }
}

/// Integrated loudness of blocks, each with how often it occurs; `None` where all is silent.
pub(crate) fn integrated_lufs(blocks: impl Iterator<Item = (f64, u32)> + Clone) -> Option<f64> {
    let above = |gate: f64| mean_lufs(blocks.clone().filter(move |(lufs, _)| *lufs > gate));
    above(above(SILENCE_LUFS)? + RELATIVE_GATE_LU)
}

/// Loudness of the mean power; `None` of nothing.
fn mean_lufs(blocks: impl Iterator<Item = (f64, u32)>) -> Option<f64> {
    let (power, count) = blocks.fold((0.0, 0.0), |(power, total), (lufs, count)| {
        let count = f64::from(count);
        (10_f64.powf(lufs / 10.0).mul_add(count, power), total + count)
    });
    (count > 0.0).then(|| 10.0 * (power / count).log10())
}

/// The loudness of an album from what was kept of its tracks: the counts of each as bytes, and its
/// loudness. `None` where all of them are silent. Counts of another version are left out.
#[must_use]
pub fn album_loudness<'a>(
    tracks: impl IntoIterator<Item = (&'a [u8], Option<Loudness>)>,
) -> Option<Loudness> {
    let mut album = Gating::default();
    let mut true_peak_dbtp = f64::NEG_INFINITY;
    for (blocks, loudness) in tracks {
        if let Some(gating) = Gating::from_bytes(blocks) {
            album.merge(&gating);
        }
        true_peak_dbtp = loudness.map_or(true_peak_dbtp, |l| true_peak_dbtp.max(l.true_peak_dbtp));
    }
    let integrated_lufs = album.integrated_lufs()?;
    true_peak_dbtp.is_finite().then_some(Loudness { integrated_lufs, true_peak_dbtp })
}

fn push_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        bytes.push(low_bits(number) | 0x80);
        number >>= 7;
    }
    bytes.push(low_bits(number));
}

const fn low_bits(number: usize) -> u8 {
    let [low, ..] = number.to_le_bytes();
    low & 0x7f
}

fn take_number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0_usize;
    for shift in (0..35).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gating(blocks: &[(f64, u32)]) -> Gating {
        let mut gating = Gating::default();
        for (lufs, count) in blocks {
            (0..*count).for_each(|_| gating.add(*lufs));
        }
        gating
    }

    #[test]
    fn both_gates_leave_out_what_is_soft() {
        for (blocks, expected) in [
            (&[(-23.0, 100)][..], Some(-23.0)),
            // EBU Tech 3341, cases 3 to 5.
            (&[(-36.0, 100), (-23.0, 600), (-36.0, 100)], Some(-23.0)),
            (&[(-72.0, 100), (-36.0, 100), (-23.0, 600), (-36.0, 100), (-72.0, 100)], Some(-23.0)),
            (&[(-26.0, 200), (-20.0, 201), (-26.0, 200)], Some(-23.0)),
            (&[(-80.0, 1000), (f64::NEG_INFINITY, 3), (f64::NAN, 1)], None),
            (&[], None),
        ] {
            let found = gating(blocks).integrated_lufs();
            match (found, expected) {
                (Some(found), Some(expected)) => {
                    assert!((found - expected).abs() < 0.1, "{blocks:?}: {found}");
                }
                other => assert_eq!(other.0, other.1, "{blocks:?}"),
            }
        }
    }

    #[test]
    fn counts_survive_as_bytes() {
        for blocks in [
            &[][..],
            &[(-69.99, 1), (9.99, 70_000), (50.0, 2)],
            &[(-23.0, 127), (-22.9, 128), (-10.0, 1)],
        ] {
            let counted = gating(blocks);
            assert_eq!(Gating::from_bytes(&counted.to_bytes()), Some(counted));
        }
        let bytes = gating(&[(-23.0, 500)]).to_bytes();
        for bad in [&b""[..], &bytes[1..], &bytes[..bytes.len() - 1], &[1; 400], &[1, 0xff, 0xff]] {
            assert!(Gating::from_bytes(bad).is_none_or(|gating| gating != Gating::default()));
        }
        assert_eq!(Gating::from_bytes(&[1, 0xff, 0xff, 0xff, 0xff, 0xff, 1]), None);
    }

    #[test]
    fn an_album_is_gated_as_one() {
        let of = |lufs, peak| Some(Loudness { integrated_lufs: lufs, true_peak_dbtp: peak });
        let (loud, soft) = (gating(&[(-10.0, 100)]).to_bytes(), gating(&[(-30.0, 100)]).to_bytes());
        let album = album_loudness([(&loud[..], of(-10.0, -3.0)), (&soft[..], of(-30.0, -0.5))]);
        // The soft track falls to the relative gate that the loud one sets.
        let album = album.unwrap();
        assert!((album.integrated_lufs + 10.0).abs() < 0.05, "{album:?}");
        assert!((album.true_peak_dbtp + 0.5).abs() < 1e-9);
        assert_eq!(album_loudness([]), None);
        assert_eq!(album_loudness([(&b"?"[..], of(-5.0, 0.0))]), None);
    }
}
