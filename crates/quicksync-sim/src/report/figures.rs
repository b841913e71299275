//! Playbacks of one algorithm as figures: means over the traces of a family, then over families.
//!
//! # Model
//! Every figure of a family is a mean over its traces, but for the percentiles of start-up and the
//! wasted share, which is all wasted bytes by all bytes. Every overall figure is the mean of the
//! families' figures, so that a family counts the same however many traces it has.

use std::collections::BTreeMap;

use crate::folder::is_synthetic;
use crate::metric::{Metric, Terms};
use crate::player::{Playback, ratio, seconds};

/// What nobody can beat on a trace, as far as it is known: the upper bounds.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Ceilings {
    /// Of the optimum that sounds promptly.
    pub prompt: Option<f64>,
    /// Of the one that may hold.
    pub free: Option<f64>,
}

/// One playback as numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The trace's family.
    pub family: String,
    /// The value of the metric.
    pub qoe: f64,
    /// The same, term by term.
    pub terms: Terms,
    /// The optima of this trace.
    pub ceilings: Ceilings,
    /// Mean bitrate heard, kbps.
    pub mean_kbps: f64,
    /// How many stalls.
    pub stalls: f64,
    /// Seconds stalled.
    pub stall_s: f64,
    /// How many switches.
    pub switches: f64,
    /// Seconds to the first sound.
    pub startup_s: f64,
    /// Bytes that came, and how many of them were not heard.
    pub bytes: (u64, u64),
}

impl Row {
    /// The numbers of a playback.
    #[must_use]
    pub fn of(family: &str, playback: &Playback, metric: &Metric, ceilings: Ceilings) -> Self {
        let listening = playback.listening();
        Self {
            family: family.to_owned(),
            qoe: metric.value(&listening),
            terms: metric.terms(&listening),
            ceilings,
            mean_kbps: playback.mean_kbps(),
            stalls: f64::from(listening.stalls),
            stall_s: listening.stalled_s,
            switches: f64::from(playback.switches()),
            startup_s: seconds(playback.startup_us),
            bytes: playback.bytes(),
        }
    }
}

/// The figures of one family, or of several.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Figures {
    /// Mean value of the metric.
    pub qoe: f64,
    /// The mean by the mean of the prompt optimum on the same traces, if that is known.
    pub share_of_optimum: Option<f64>,
    /// The same by the optimum that may hold.
    pub share_of_free_optimum: Option<f64>,
    /// Mean bitrate heard, kbps.
    pub mean_kbps: f64,
    /// Stalls per track.
    pub stalls: f64,
    /// Seconds stalled per track.
    pub stall_s: f64,
    /// Switches per track.
    pub switches: f64,
    /// Median start-up, seconds.
    pub startup_p50_s: f64,
    /// 95th percentile of start-up, seconds.
    pub startup_p95_s: f64,
    /// Bytes not heard by all bytes.
    pub wasted_share: f64,
}

/// Figures of one algorithm.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Summary {
    /// Mean over the families of recorded traces.
    pub overall: Figures,
    /// Mean over the generated ones, if there are any.
    pub overall_synthetic: Option<Figures>,
    /// Each family.
    pub families: BTreeMap<String, Figures>,
}

/// The figures of one algorithm's rows.
#[must_use]
pub fn summarize(rows: &[Row]) -> Summary {
    let mut by_family: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        by_family.entry(row.family.clone()).or_default().push(row);
    }
    let families: BTreeMap<_, _> =
        by_family.into_iter().map(|(family, rows)| (family, of_rows(&rows))).collect();
    let of = |synthetic| {
        let some = families.iter().filter(|(family, _)| is_synthetic(family) == synthetic);
        of_families(&some.map(|(_, figures)| *figures).collect::<Vec<_>>())
    };
    let (overall, overall_synthetic) = (of(false).unwrap_or_default(), of(true));
    Summary { overall, overall_synthetic, families }
}

fn of_rows(rows: &[&Row]) -> Figures {
    let mean_of = |of: fn(&Row) -> f64| mean(rows.iter().map(|row| of(row)));
    let qoe = mean_of(|row| row.qoe);
    let share = |of: fn(&Ceilings) -> Option<f64>| {
        let optimum: Option<Vec<f64>> = rows.iter().map(|row| of(&row.ceilings)).collect();
        optimum.map(|optimum| qoe / mean(optimum.into_iter()))
    };
    let mut startups: Vec<f64> = rows.iter().map(|row| row.startup_s).collect();
    startups.sort_by(f64::total_cmp);
    let bytes = rows.iter().fold((0, 0), |sum, row| (sum.0 + row.bytes.0, sum.1 + row.bytes.1));
    Figures {
        qoe,
        share_of_optimum: share(|ceilings| ceilings.prompt),
        share_of_free_optimum: share(|ceilings| ceilings.free),
        mean_kbps: mean_of(|row| row.mean_kbps),
        stalls: mean_of(|row| row.stalls),
        stall_s: mean_of(|row| row.stall_s),
        switches: mean_of(|row| row.switches),
        startup_p50_s: percentile(&startups, 0.5),
        startup_p95_s: percentile(&startups, 0.95),
        wasted_share: ratio(bytes.1, bytes.0),
    }
}

fn of_families(families: &[Figures]) -> Option<Figures> {
    if families.is_empty() {
        return None;
    }
    let mean_of = |of: fn(&Figures) -> f64| mean(families.iter().map(of));
    let qoe = mean_of(|figures| figures.qoe);
    let share = |of: fn(&Figures) -> Option<f64>| {
        let optima = families.iter().map(|figures| of(figures).map(|share| figures.qoe / share));
        let optima: Option<Vec<f64>> = optima.collect();
        optima.map(|optima| qoe / mean(optima.into_iter()))
    };
    Some(Figures {
        qoe,
        share_of_optimum: share(|figures| figures.share_of_optimum),
        share_of_free_optimum: share(|figures| figures.share_of_free_optimum),
        mean_kbps: mean_of(|figures| figures.mean_kbps),
        stalls: mean_of(|figures| figures.stalls),
        stall_s: mean_of(|figures| figures.stall_s),
        switches: mean_of(|figures| figures.switches),
        startup_p50_s: mean_of(|figures| figures.startup_p50_s),
        startup_p95_s: mean_of(|figures| figures.startup_p95_s),
        wasted_share: mean_of(|figures| figures.wasted_share),
    })
}

/// The mean; 0 of nothing.
pub(crate) fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = f64::from(u32::try_from(values.len()).unwrap_or(u32::MAX)).max(1.0);
    values.sum::<f64>() / count
}

/// A percentile of sorted values, straight between the two nearest; 0 of nothing.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "indices of a list of traces"
)]
pub(crate) fn percentile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = share.clamp(0.0, 1.0) * last as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    sorted[low] + (sorted[high] - sorted[low]) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_as_by_hand() {
        let values = [1.0, 2.0, 4.0, 8.0, 16.0];
        for (share, value) in [(0.0, 1.0), (0.5, 4.0), (0.95, 14.4), (1.0, 16.0)] {
            assert!((percentile(&values, share) - value).abs() < 1e-12, "{share}");
        }
        assert!(percentile(&[], 0.5).abs() < 1e-12);
    }

    fn row(family: &str, qoe: f64, optimum: f64) -> Row {
        Row {
            family: family.to_owned(),
            qoe,
            terms: Terms::default(),
            ceilings: Ceilings { prompt: Some(optimum), free: Some(2.0 * optimum) },
            mean_kbps: 100.0,
            stalls: 1.0,
            stall_s: 2.0,
            switches: 3.0,
            startup_s: qoe,
            bytes: (1000, 10),
        }
    }

    #[test]
    fn a_family_counts_once_however_many_traces_it_has() {
        let rows = [
            row("a", 0.5, 1.0),
            row("a", 0.7, 1.0),
            row("a", 0.6, 1.0),
            row("b", 0.9, 0.9),
            row("synthetic_c", 0.1, 0.2),
        ];
        let summary = summarize(&rows);
        assert!((summary.overall.qoe - 0.75).abs() < 1e-12);
        assert!((summary.overall.share_of_optimum.unwrap() - 0.75 / 0.95).abs() < 1e-12);
        assert!((summary.overall.wasted_share - 0.01).abs() < 1e-12);
        assert!((summary.families["a"].startup_p50_s - 0.6).abs() < 1e-12);
        assert!((summary.overall_synthetic.unwrap().share_of_optimum.unwrap() - 0.5).abs() < 1e-12);
        let mut unknown = rows.to_vec();
        unknown[0].ceilings.prompt = None;
        let unknown = summarize(&unknown).overall;
        assert_eq!(unknown.share_of_optimum, None);
        assert!((unknown.share_of_free_optimum.unwrap() - 0.375 / 0.95).abs() < 1e-12);
    }
}
