//! Which rungs are worth offering for a source.
//!
//! A lossy source offers rungs up to the smallest one at or above its mean rate: more bits than
//! the source has cannot bring back what its encoder threw away. The lowest rung is always there.

use crate::{Bitrate, Quality};

/// The qualities offered for one track: always low, and everything up to `top`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ladder {
    top: Quality,
    source: Option<Bitrate>,
}

impl Ladder {
    /// The ladder of a lossless source: every quality.
    #[must_use]
    pub const fn lossless() -> Self {
        Self { top: Quality::Ultra, source: None }
    }

    /// The ladder of a lossy source with a mean rate of `source`.
    #[must_use]
    pub fn lossy(source: Bitrate) -> Self {
        let top = Quality::ALL
            .into_iter()
            .find(|quality| quality.bitrate() >= source)
            .unwrap_or(Quality::Ultra);
        Self { top, source: Some(source) }
    }

    /// The highest quality offered.
    #[must_use]
    pub const fn top(self) -> Quality {
        self.top
    }

    /// The qualities offered, lowest first.
    pub fn qualities(self) -> impl DoubleEndedIterator<Item = Quality> + Clone {
        Quality::ALL.into_iter().filter(move |quality| *quality <= self.top)
    }

    /// The quality that serves a wish for `wanted`: itself, or the highest there is.
    #[must_use]
    pub fn serve(self, wanted: Quality) -> Quality {
        wanted.min(self.top)
    }

    /// The qualities not offered, lowest first, and why.
    pub fn missing(self) -> impl Iterator<Item = Missing> {
        let source = self.source;
        Quality::ALL.into_iter().filter(move |quality| *quality > self.top).filter_map(
            move |quality| {
                let source = source?;
                Some(Missing { quality, reason: MissingReason::SourceIsSmaller { source } })
            },
        )
    }
}

/// A quality that a ladder does not offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What is not offered.
    pub quality: Quality,
    /// Why it is not.
    pub reason: MissingReason,
}

/// Why a quality is not offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingReason {
    /// A lower rung already carries everything a source of this mean rate holds.
    SourceIsSmaller {
        /// Mean rate of the source.
        source: Bitrate,
    },
}

impl core::fmt::Display for MissingReason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::SourceIsSmaller { source } => write!(
                f,
                "the source has {} kbps: a higher rate would cost data and add nothing",
                source.kbps()
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Quality::{High, Low, Medium, Ultra};

    #[test]
    fn lossy_sources_stop_at_their_own_rate() {
        for (kbps, top) in [
            (1, Low),
            (64, Low),
            (65, Medium),
            (128, Medium),
            (192, High),
            (320, Ultra),
            (999, Ultra),
        ] {
            let ladder = Ladder::lossy(Bitrate::from_kbps(kbps));
            assert_eq!(ladder.top(), top, "{kbps} kbps");
            assert_eq!(ladder.serve(Ultra), top);
            assert_eq!(ladder.qualities().count() + ladder.missing().count(), 4);
        }
        assert_eq!(Ladder::lossless().missing().count(), 0);
        assert_eq!(Ladder::lossy(Bitrate::from_kbps(192)).serve(Medium), Medium);
        assert!(Ladder::lossless().qualities().eq([Low, Medium, High, Ultra]));
    }
}
