//! How close the bounds of an optimum are, and how an algorithm's silence compares with its.
//!
//! # Model
//! As everywhere, means over the traces of a family, then over the families of recorded traces.

use std::collections::BTreeMap;

use super::figures::{Figures, mean};
use crate::folder::is_synthetic;

/// The value of an optimum is between two bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closeness {
    /// What its plans come to.
    pub lower: f64,
    /// What no plan exceeds.
    pub upper: f64,
    /// The largest distance on one recorded trace.
    pub widest: f64,
}

impl Closeness {
    /// Of the bounds of each trace: family, lower, upper.
    #[must_use]
    pub fn of<'a>(bounds: impl Iterator<Item = (&'a str, f64, f64)>) -> Self {
        let mut families: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
        for (family, lower, upper) in bounds.filter(|(family, ..)| !is_synthetic(family)) {
            families.entry(family).or_default().push((lower, upper));
        }
        let of = |of: fn(&(f64, f64)) -> f64| {
            mean(families.values().map(|family| mean(family.iter().map(of))))
        };
        let distances = families.values().flatten().map(|(lower, upper)| upper - lower);
        Self {
            lower: of(|bounds| bounds.0),
            upper: of(|bounds| bounds.1),
            widest: distances.fold(0.0, f64::max),
        }
    }

    /// The distance by the upper bound.
    #[must_use]
    pub fn gap(&self) -> f64 {
        (self.upper - self.lower) / self.upper.abs().max(f64::MIN_POSITIVE)
    }
}

/// An algorithm's start and stalls beside the optimum's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beside {
    /// Median start-up, seconds more than the optimum's.
    pub startup_p50_s: f64,
    /// 95th percentile of start-up, seconds more than the optimum's.
    pub startup_p95_s: f64,
    /// Stalled seconds by the optimum's; nothing where it has none.
    pub stall_s_ratio: Option<f64>,
    /// Stalls by the optimum's; nothing where it has none.
    pub stalls_ratio: Option<f64>,
}

impl Beside {
    /// Compares the overall figures.
    #[must_use]
    pub fn of(own: &Figures, optimum: &Figures) -> Self {
        let ratio = |own: f64, other: f64| (other > 0.0).then(|| own / other);
        Self {
            startup_p50_s: own.startup_p50_s - optimum.startup_p50_s,
            startup_p95_s: own.startup_p95_s - optimum.startup_p95_s,
            stall_s_ratio: ratio(own.stall_s, optimum.stall_s),
            stalls_ratio: ratio(own.stalls, optimum.stalls),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_counts_once_and_generated_ones_not() {
        let bounds = [("a", 0.5, 0.6), ("a", 0.7, 0.7), ("b", 0.8, 0.9), ("synthetic_c", 0.0, 1.0)];
        let closeness = Closeness::of(bounds.into_iter());
        assert!((closeness.lower - 0.7).abs() < 1e-12 && (closeness.upper - 0.775).abs() < 1e-12);
        assert!((closeness.widest - 0.1).abs() < 1e-12);
        assert!((closeness.gap() - 0.075 / 0.775).abs() < 1e-12);
    }

    #[test]
    fn an_optimum_without_stalls_has_no_ratio() {
        let figures = |stall_s, startup_s| Figures {
            stall_s,
            startup_p50_s: startup_s,
            startup_p95_s: 2.0 * startup_s,
            ..Figures::default()
        };
        let beside = Beside::of(&figures(3.0, 1.5), &figures(2.0, 1.0));
        assert!((beside.startup_p50_s - 0.5).abs() < 1e-12);
        assert!((beside.startup_p95_s - 1.0).abs() < 1e-12);
        assert!(beside.stall_s_ratio.is_some_and(|ratio| (ratio - 1.5).abs() < 1e-12));
        assert_eq!(beside.stalls_ratio, None);
    }
}
