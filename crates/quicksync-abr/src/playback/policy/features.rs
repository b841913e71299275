//! What the table looks at, as numbers between -4 and 4.
//!
//! Never: what they are worth. Rates count in octaves around the ladder, times in segments of the
//! fitted length, so that other ladders and segment lengths look alike.

use quicksync_model::Quality;

use super::super::config::utility;
use super::super::estimator::{Estimator, RECENT, REFERENCE_LOG2};

/// How many numbers there are.
pub const FEATURES: usize = 47;
/// Every number is clipped to this.
const MOST: f32 = 4.0;

/// Whether sound runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sound {
    /// Not yet: asked for this many seconds ago.
    Starting(f64),
    /// Running.
    Running,
    /// Stopped for lack of media.
    Stalled,
}

/// What is seen at the instant of a decision.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// What is known of the network.
    pub network: &'a Estimator,
    /// Octaves by which the ladder's rates lie above 64, 128, 256 and 320 kbps.
    pub ladder_octaves: f64,
    /// Media ahead of the playhead, in seconds of segments of 3.84 s.
    pub buffer_s: f64,
    /// Where fetching stops, alike.
    pub cap_s: f64,
    /// Whether it has stopped.
    pub full: bool,
    /// Segments still to fetch.
    pub remaining: f64,
    /// The quality of the segment before the next one.
    pub last: Option<Quality>,
    /// Whether sound runs.
    pub sound: Sound,
    /// What the best replacement by medium, high and ultra gains; 0 where there is none.
    pub gains: [f64; 3],
    /// How much utility the held segments lack.
    pub deficit: f64,
    /// Whether stability counts for more than quality.
    pub steady: bool,
}

/// Takes numbers one after the other.
struct Row {
    numbers: [f32; FEATURES],
    next: usize,
}

impl Row {
    #[expect(clippy::cast_possible_truncation, reason = "clipped right after")]
    fn push(&mut self, number: f64) {
        if let Some(slot) = self.numbers.get_mut(self.next) {
            *slot = (number as f32).clamp(-MOST, MOST);
        }
        self.next += 1;
    }

    fn push_flag(&mut self, flag: bool) {
        self.push(if flag { 1.0 } else { 0.0 });
    }
}

/// The numbers of a look.
#[must_use]
pub fn features(look: &Look<'_>) -> [f32; FEATURES] {
    let mut row = Row { numbers: [0.0; FEATURES], next: 0 };
    push_network(&mut row, look);
    push_buffer(&mut row, look);
    push_sound(&mut row, look);
    row.numbers
}

/// A rate in units of three octaves around the ladder.
fn octaves(look: &Look<'_>, rate_log2: f64) -> f64 {
    (rate_log2 - REFERENCE_LOG2 - look.ladder_octaves) / 3.0
}

fn push_network(row: &mut Row, look: &Look<'_>) {
    let network = look.network;
    let recent: [f64; RECENT] = network.recent();
    for rate in network.averages().into_iter().chain(recent) {
        row.push(octaves(look, rate));
    }
    row.push(octaves(look, recent.into_iter().fold(f64::INFINITY, f64::min)));
    row.push(network.volatility());
    let [deep, fall, dip, even, _, leap] = network.residuals();
    for share in [4.0 * deep, 4.0 * fall, 2.0 * dip, even, 4.0 * leap] {
        row.push(share);
    }
    let ((outage, worst), (observed_s, transfers)) = (network.hazard(), network.observed());
    row.push(3.0 * outage);
    row.push(worst / 4.0);
    row.push(libm::log2(1.0 + observed_s) / 4.0);
    row.push(f64::from(transfers.min(8)) / 8.0);
    let (prior, confidence) = network.prior();
    row.push(if confidence > 0.0 { octaves(look, prior) } else { 0.0 });
    row.push(confidence);
}

fn push_buffer(row: &mut Row, look: &Look<'_>) {
    let (buffer_s, remaining) = (look.buffer_s, look.remaining);
    row.push(buffer_s.min(8.0) / 8.0);
    row.push(buffer_s.min(32.0) / 32.0);
    row.push(libm::log2(buffer_s + 0.25) / 4.0);
    row.push(buffer_s.min(128.0) / 128.0);
    row.push(remaining.min(8.0) / 8.0);
    row.push(remaining.min(100.0) / 64.0);
    row.push(libm::log2(1.0 + remaining) / 6.0);
    let room_s = (look.cap_s - buffer_s).clamp(0.0, 64.0);
    row.push(room_s / 64.0);
    row.push(libm::log2(look.cap_s.clamp(8.0, 256.0)) - 5.0);
    row.push(room_s.min(8.0) / 8.0);
}

fn push_sound(row: &mut Row, look: &Look<'_>) {
    for quality in Quality::ALL {
        row.push_flag(look.last == Some(quality));
    }
    let waited_s = if let Sound::Starting(waited_s) = look.sound { Some(waited_s) } else { None };
    row.push_flag(waited_s.is_some());
    row.push_flag(look.sound == Sound::Stalled);
    row.push(waited_s.map_or(0.0, |waited_s| waited_s.min(8.0) / 2.0));
    for gain in look.gains {
        row.push(4.0 * gain);
    }
    row.push(look.deficit.min(8.0) / 4.0);
    row.push_flag(look.steady);
    let [fast, slower, ..] = look.network.averages();
    row.push(libm::log2(look.buffer_s + 0.25) / 4.0 + 0.75 * octaves(look, fast.min(slower)));
    row.push_flag(look.full);
}

/// How much utility a held quality lacks.
#[must_use]
pub fn lack(quality: Quality) -> f64 {
    1.0 - utility(quality)
}
