//! Two weeks of a listener's days as a plan, and noise from a seed to make them of. The tests of the
//! server, which play what is made in the simulator, share this file.

/// A Monday at midnight, UTC, in hours.
const MONDAY: i64 = 4 * 24 + 2600 * 168;
/// Hours of a working day with cellular listening, and what they carry, Mbps: a way to work with a
/// dead zone, a lunch break, a way home with another.
const WORKING_DAY: [(i64, f64); 6] =
    [(7, 3.0), (8, 0.15), (9, 2.0), (12, 6.0), (17, 1.0), (18, 0.2)];
/// The same of a weekend.
const WEEKEND: [(i64, f64); 3] = [(11, 5.0), (15, 4.0), (22, 8.0)];
const DAYS: i64 = 14;
const HELD_OUT_FROM: i64 = 10;
/// How far a day is from its plan, octaves (standard deviation).
pub(crate) const DAY_SPREAD: f64 = 0.5;

/// Every hour of two weeks in which there is listening, and what it carries, Mbps, as planned.
pub(crate) fn planned() -> impl Iterator<Item = (i64, f64)> {
    (0..DAYS).flat_map(|day| {
        let hours: &[(i64, f64)] = if day % 7 < 5 { &WORKING_DAY } else { &WEEKEND };
        hours.iter().map(move |(hour, mbps)| (MONDAY + day * 24 + hour, *mbps))
    })
}

/// Whether an hour is of the last days, which are to be foreseen.
pub(crate) const fn is_held_out(hour: i64) -> bool {
    hour >= MONDAY + HELD_OUT_FROM * 24
}

/// SplitMix64 (Steele, Lea and Flood 2014), as sums of twelve: nearly normal.
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f64::from(u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or_default()) / f64::from(u32::MAX)
    }

    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}
