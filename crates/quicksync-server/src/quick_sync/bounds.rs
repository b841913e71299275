//! What a listener's rules and a busy host leave of a ladder, for playlists and for players.
//!
//! Decides: which qualities a player is told of. A URL that names a quality is a choice, and is
//! served. Never: which of them it plays.

use quicksync_model::{Ladder, Mode, Quality};
use serde::Serialize;
use utoipa::ToSchema;

use super::standing::{BudgetStanding, Cap, Standing};
use crate::wire::unix_s;

/// The qualities that a listener may have now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    mode: Mode,
    /// Of the listener's rules, the tightest.
    ruled: Option<Cap>,
    /// What a busy host leaves.
    host: Option<Cap>,
}

impl Bounds {
    pub(super) const fn new(mode: Mode, ruled: Option<Cap>, host: Option<Cap>) -> Self {
        Self { mode, ruled, host }
    }

    /// The rule that holds a quality back, if one does: what is left is for players that follow mode
    /// and load themselves.
    pub(crate) fn holds_back(self, quality: Quality) -> Option<Cap> {
        self.ruled.filter(|cap| quality > cap.quality)
    }

    /// The rule that holds the lossless rendition back: it is above every rung, so any rule does.
    pub(crate) const fn holds_lossless_back(self) -> Option<Cap> {
        self.ruled
    }

    /// Of a ladder, lowest first, for players that know nothing of us: of a manual mode they are
    /// told one quality only, of a busy host no more than it recommends.
    pub(crate) fn variants(self, ladder: Ladder) -> impl Iterator<Item = Quality> + Clone {
        let most = ladder.serve(self.cap().map_or(Quality::Ultra, |cap| cap.quality));
        let (least, most) = match self.mode {
            Mode::Auto => (Quality::Low, most),
            Mode::Manual(quality) => (quality.min(most), quality.min(most)),
        };
        ladder.qualities().filter(move |quality| (least..=most).contains(quality))
    }

    /// The tightest of all; `None` for any quality.
    pub(crate) fn cap(self) -> Option<Cap> {
        self.ruled.into_iter().chain(self.host).min_by_key(|cap| cap.quality)
    }
}

/// What bounds quality now, for a player that decides by itself.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct BoundsBody {
    /// The highest quality that the listener's rules allow: the lowest of `rules`; null for any. A
    /// player never fetches a higher one, in a manual mode neither.
    #[schema(example = "medium")]
    max_quality: Option<&'static str>,
    /// Every rule that holds now, the tightest first.
    rules: Vec<BoundBody>,
    /// What a busy host leaves, for players that do not weigh the host's load themselves; null
    /// while it is not busy, in a manual mode and without `adapt_to_system`.
    host: Option<BoundBody>,
    /// What is left of the month's data; null where none is ruled or none counts here.
    budget: Option<LeftBody>,
}

/// One bound.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct BoundBody {
    /// The highest quality it allows.
    #[schema(example = "medium")]
    quality: &'static str,
    /// `network`, `metered`, `saves_data`, `budget` or `host_load`.
    #[schema(example = "network")]
    reason: &'static str,
    /// For people.
    #[schema(example = "your limit for cellular")]
    text: String,
}

/// What is left of a month's data.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct LeftBody {
    /// Bytes of media.
    #[schema(example = 1_250_000_000)]
    left_bytes: u64,
    /// What the rest of the month can afford, kilobits per second.
    #[schema(example = 140)]
    affordable_kbps: u32,
    /// When the next month begins, Unix time, seconds.
    ends_at: f64,
}

impl From<&Cap> for BoundBody {
    fn from(cap: &Cap) -> Self {
        Self {
            quality: cap.quality.as_str(),
            reason: cap.reason.as_str(),
            text: cap.reason.to_string(),
        }
    }
}

impl From<&BudgetStanding> for LeftBody {
    fn from(standing: &BudgetStanding) -> Self {
        Self {
            left_bytes: standing.budget.left_bytes(),
            affordable_kbps: standing.budget.affordable().kbps(),
            ends_at: unix_s(standing.month.1.as_micros()),
        }
    }
}

impl BoundsBody {
    pub(super) fn new(standing: &Standing, host: Option<&Cap>) -> Self {
        Self {
            max_quality: standing.cap().map(|cap| cap.quality.as_str()),
            rules: standing.caps.iter().map(BoundBody::from).collect(),
            host: host.map(BoundBody::from),
            budget: standing.counted_budget().map(LeftBody::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use Quality::{High, Low, Medium, Ultra};
    use quicksync_model::Bitrate;

    use super::super::standing::CapReason;
    use super::*;

    #[test]
    fn a_ladder_is_bounded_from_above_and_never_empty() {
        let (lossy, all) = (Ladder::lossy(Bitrate::from_kbps(192)), Ladder::lossless());
        let cap = |quality| Some(Cap { quality, reason: CapReason::Metered });
        for (mode, ruled, host, ladder, rungs, variants) in [
            (Mode::Auto, None, None, lossy, &[Low, Medium, High][..], &[Low, Medium, High][..]),
            (Mode::Auto, cap(Medium), None, all, &[Low, Medium], &[Low, Medium]),
            (Mode::Auto, cap(Low), None, lossy, &[Low], &[Low]),
            (Mode::Auto, cap(Ultra), None, lossy, &[Low, Medium, High], &[Low, Medium, High]),
            (Mode::Auto, None, cap(Medium), lossy, &[Low, Medium, High], &[Low, Medium]),
            (Mode::Auto, cap(High), cap(Low), all, &[Low, Medium, High], &[Low]),
            (Mode::Manual(Ultra), None, None, lossy, &[Low, Medium, High], &[High]),
            (Mode::Manual(Ultra), cap(Medium), None, all, &[Low, Medium], &[Medium]),
            (Mode::Manual(Low), cap(Medium), None, lossy, &[Low, Medium], &[Low]),
        ] {
            let bounds = Bounds::new(mode, ruled, host);
            let allowed = |quality: &Quality| bounds.holds_back(*quality).is_none();
            let seen: Vec<_> = ladder.qualities().filter(allowed).collect();
            assert_eq!(seen, rungs, "{bounds:?}");
            let seen: Vec<_> = bounds.variants(ladder).collect();
            assert_eq!(seen, variants, "{bounds:?}");
        }
    }
}
