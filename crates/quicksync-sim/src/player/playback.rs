//! What a playback left: every download, every stall, every segment heard.

use crate::metric::Listening;
use crate::setup::Setup;

/// What became of a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Held until it was heard, or to the end.
    Kept,
    /// A better copy took its place before it was heard.
    Replaced,
    /// A replacement that came when its segment had begun to sound.
    Late,
    /// Cancelled under way.
    Abandoned,
}

/// One download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Download {
    /// Which segment.
    pub segment: u32,
    /// At which rung.
    pub rung: usize,
    /// Bytes that came.
    pub bytes: u64,
    /// When the request left.
    pub requested_us: u64,
    /// When the last byte came, or it was cancelled.
    pub finished_us: u64,
    /// Whether the segment was held already.
    pub replaces: bool,
    /// What became of it.
    pub fate: Fate,
}

/// A stop of the sound for lack of media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stall {
    /// When it began.
    pub at_us: u64,
    /// How long it lasted.
    pub length_us: u64,
}

/// One playback of a track.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Playback {
    /// In the order in which they ended.
    pub downloads: Vec<Download>,
    /// Segment and rung in the order in which they were heard.
    pub heard: Vec<(u32, usize)>,
    /// In order.
    pub stalls: Vec<Stall>,
    /// From the press on play to the first sound.
    pub startup_us: u64,
    /// The sum of the waits after seeks.
    pub seek_wait_us: u64,
    /// When the last segment had been heard.
    pub ended_us: u64,
    /// Orders that the player could not carry out.
    pub refused: u32,
}

impl Playback {
    /// What a metric is taken of.
    #[must_use]
    pub fn listening(&self) -> Listening {
        Listening {
            rungs: self.heard.iter().map(|(_, rung)| *rung).collect(),
            stalls: u32::try_from(self.stalls.len()).unwrap_or(u32::MAX),
            stalled_s: seconds(self.stalled_us()),
            startup_s: seconds(self.startup_us + self.seek_wait_us),
        }
    }

    /// The sum of the stalls.
    #[must_use]
    pub fn stalled_us(&self) -> u64 {
        self.stalls.iter().map(|stall| stall.length_us).sum()
    }

    /// How often the rung changed between two segments heard.
    #[must_use]
    pub fn switches(&self) -> u32 {
        let changes = self.heard.windows(2).filter(|pair| pair[0].1 != pair[1].1).count();
        u32::try_from(changes).unwrap_or(u32::MAX)
    }

    /// The mean bitrate of what was heard, kbps.
    #[must_use]
    pub fn mean_kbps(&self) -> f64 {
        let sum: u64 = self.heard.iter().map(|(_, rung)| u64::from(Setup::kbps(*rung))).sum();
        ratio(sum, u64::try_from(self.heard.len()).unwrap_or(u64::MAX))
    }

    /// Bytes that came, and how many of them were never heard: replaced, late, abandoned, skipped.
    #[must_use]
    pub fn bytes(&self) -> (u64, u64) {
        let mut heard: Vec<u32> = self.heard.iter().map(|(segment, _)| *segment).collect();
        heard.sort_unstable();
        let useful = |download: &&Download| {
            download.fate == Fate::Kept && heard.binary_search(&download.segment).is_ok()
        };
        let all: u64 = self.downloads.iter().map(|download| download.bytes).sum();
        let used: u64 = self.downloads.iter().filter(useful).map(|download| download.bytes).sum();
        (all, all - used)
    }
}

/// Microseconds as seconds.
#[expect(clippy::cast_precision_loss, reason = "285 years of microseconds fit in 53 bits")]
pub(crate) fn seconds(us: u64) -> f64 {
    us as f64 / 1e6
}

/// A quotient; 0 of nothing.
#[expect(clippy::cast_precision_loss, reason = "shares are not read to 53 bits")]
pub(crate) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
