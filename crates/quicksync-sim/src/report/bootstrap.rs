//! Whether a difference between two algorithms is more than chance, and in which families a peer leads.
//!
//! # Model
//! Both are played over the same traces, so the difference is taken trace by trace. The statistic is
//! the mean over families of the mean difference within a family. It is drawn again from the traces of
//! each family, with replacement, as many of each family as there are: a stratified paired bootstrap.
//! Traces cut from one recording are not independent, so true intervals are somewhat wider.

use std::collections::BTreeMap;

use super::figures::{Row, mean, percentile};
use crate::folder::is_synthetic;
use crate::metric::Terms;
use crate::seed::Seeded;

/// How often the statistic is drawn again.
const DRAWS: usize = 10_000;
/// Equal seeds, equal intervals.
const SEED: u64 = 0x5eed_0ab2;
/// A lead within this share of our own value is none.
const LEAD: f64 = 0.005;

/// Ours against one peer, over the recorded families.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Our mean less the peer's.
    pub difference: f64,
    /// The middle 95 % of the draws.
    pub interval: (f64, f64),
    /// The share of draws in which we do not lead; never 0.
    pub p: f64,
}

/// A family in which a peer is better by more than half a percent.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    /// Which family.
    pub family: String,
    /// Our value.
    pub ours: f64,
    /// The peer's value.
    pub theirs: f64,
    /// Where it comes from: the peer's terms less ours, costs counted as losses.
    pub gains: Terms,
}

/// Compares rows over the same traces in the same order; `None` if there are none to compare.
#[must_use]
pub fn compare(ours: &[Row], theirs: &[Row]) -> Option<Comparison> {
    let mut families: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (own, other) in ours.iter().zip(theirs).filter(|(own, _)| !is_synthetic(&own.family)) {
        families.entry(&own.family).or_default().push(own.qoe - other.qoe);
    }
    if families.is_empty() {
        return None;
    }
    let of_families = |of: &mut dyn FnMut(&Vec<f64>) -> f64| mean(families.values().map(of));
    let difference = of_families(&mut |values| mean(values.iter().copied()));
    let mut random = Seeded::new(SEED);
    let mut draws: Vec<f64> = (0..DRAWS)
        .map(|_| of_families(&mut |values| mean(values.iter().map(|_| draw(values, &mut random)))))
        .collect();
    draws.sort_by(f64::total_cmp);
    let behind = draws.partition_point(|draw| *draw <= 0.0);
    let share = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    Some(Comparison {
        difference,
        interval: (percentile(&draws, 0.025), percentile(&draws, 0.975)),
        p: share(behind + 1) / share(DRAWS + 1),
    })
}

fn draw(values: &[f64], random: &mut Seeded) -> f64 {
    let index = random.below(u64::try_from(values.len()).unwrap_or(u64::MAX));
    usize::try_from(index).ok().and_then(|index| values.get(index)).copied().unwrap_or(0.0)
}

/// The families in which the other is better by more than half a percent of our value.
#[must_use]
pub fn leads(ours: &[Row], theirs: &[Row]) -> Vec<Lead> {
    let mut families: BTreeMap<&str, Vec<(&Row, &Row)>> = BTreeMap::new();
    for (own, other) in ours.iter().zip(theirs) {
        families.entry(&own.family).or_default().push((own, other));
    }
    let lead = |(family, rows): (&str, Vec<(&Row, &Row)>)| {
        let of = |of: &dyn Fn(&Terms) -> f64| {
            mean(rows.iter().map(|(own, other)| of(&other.terms) - of(&own.terms)))
        };
        let gains = Terms {
            heard: of(&|terms| terms.heard),
            switches: -of(&|terms| terms.switches),
            stalls: -of(&|terms| terms.stalls),
            startup: -of(&|terms| terms.startup),
        };
        let own = mean(rows.iter().map(|(own, _)| own.qoe));
        let other = mean(rows.iter().map(|(_, other)| other.qoe));
        let leads = other - own > LEAD * own.abs();
        leads.then(|| Lead { family: family.to_owned(), ours: own, theirs: other, gains })
    };
    families.into_iter().filter_map(lead).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Ceilings;

    fn rows(values: &[(&str, f64)]) -> Vec<Row> {
        let row = |(family, qoe): &(&str, f64)| Row {
            family: (*family).to_owned(),
            qoe: *qoe,
            terms: Terms { heard: *qoe, ..Terms::default() },
            ceilings: Ceilings::default(),
            mean_kbps: 0.0,
            stalls: 0.0,
            stall_s: 0.0,
            switches: 0.0,
            startup_s: 0.0,
            bytes: (0, 0),
        };
        values.iter().map(row).collect()
    }

    #[test]
    fn a_constant_difference_is_certain_and_noise_is_not() {
        let base: Vec<_> = (0..20_u8)
            .map(|i| (["a", "b"][usize::from(i % 2)], 0.5 + 0.01 * f64::from(i)))
            .collect();
        let ours: Vec<_> = base.iter().map(|(family, qoe)| (*family, qoe + 0.02)).collect();
        let sure = compare(&rows(&ours), &rows(&base)).unwrap();
        assert!((sure.difference - 0.02).abs() < 1e-12);
        assert!((sure.interval.0 - 0.02).abs() < 1e-9 && sure.p < 1e-3, "{sure:?}");
        let noisy: Vec<_> = base
            .iter()
            .enumerate()
            .map(|(i, (f, q))| (*f, q + [0.1, 0.1, -0.1, -0.1][i % 4]))
            .collect();
        let unsure = compare(&rows(&noisy), &rows(&base)).unwrap();
        assert!(unsure.p > 0.2 && unsure.interval.0 < 0.0 && unsure.interval.1 > 0.0, "{unsure:?}");
        assert_eq!(compare(&rows(&noisy), &rows(&base)), Some(unsure));
    }

    #[test]
    fn generated_families_prove_nothing() {
        let rows = rows(&[("synthetic_x", 0.5)]);
        assert_eq!(compare(&rows, &rows), None);
    }

    #[test]
    fn leads_are_named_with_their_terms() {
        let ours = rows(&[("a", 0.900), ("b", 0.900), ("b", 0.7)]);
        let theirs = rows(&[("a", 0.904), ("b", 0.920), ("b", 0.7)]);
        let leads = leads(&ours, &theirs);
        assert_eq!(leads.len(), 1);
        assert_eq!(leads[0].family, "b");
        assert!((leads[0].gains.heard - 0.01).abs() < 1e-12);
    }
}
