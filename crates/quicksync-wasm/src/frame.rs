//! Inputs, outputs and configuration as rows of numbers.
//!
//! # Model
//! A frame is one number for the kind, then its fields in the order of the fields below. Counts are
//! whole numbers up to 2^53, where `f64` still tells neighbours apart; a choice is its place in a
//! list; yes is 1 and no is 0. What is not exactly such a row is refused, never guessed.
//!
//! | part | numbers |
//! |---|---|
//! | segment | track, index |
//! | ladder | segment µs, duration µs, then bytes at low, medium, high, ultra (0: not offered) |
//! | limits | mode (0 auto, 1 low, ... 4 ultra), quality preferred, adapts, network, budget in bytes (below 0: none), cap, target, max, low, depth in seconds |
//! | prior | bits per second, confidence |
//! | beginning | limits, preload, start quality, prior, track, microseconds, ladder |
//! | input | place in `Input::WORDS`, then what it carries; `next_track` alone at a queue's end |
//! | output | place in `Output::WORDS`, place in `Reason::CODES`, three numbers (track, index, quality; or when to wake, NaN for never), the reason's numbers |
//! | belief | bits per second: expected, a tenth below, a tenth above; seconds to the first byte; share of time in outages |

use std::slice::Iter;

use quicksync_abr::playback::{
    Belief, BufferLimits, DevicePressure, Failure, Input, Limits, Output, Preferences, Prior,
    SegmentKey, SegmentLadder, SessionConfig, TrackId,
};
use quicksync_abr::{HostLoad, Preload};
use quicksync_model::{Mode, NetworkKind, Quality, Throughput, Timestamp};

/// Beyond this not every whole number is an `f64`.
const MOST: f64 = 9_007_199_254_740_992.0;

/// Reads the frame that begins a session.
#[must_use]
pub fn beginning(numbers: &[f64]) -> Option<(SessionConfig, TrackId, SegmentLadder, Timestamp)> {
    let mut fields = Fields(numbers.iter());
    let config = SessionConfig {
        limits: fields.limits()?,
        preload: fields.choice(&Preload::ALL)?,
        start_quality: fields.quality()?,
        prior: fields.prior()?,
    };
    let track = fields.track()?;
    let at = instant(fields.number()?)?;
    let ladder = fields.ladder()?;
    fields.end((config, track, ladder, at))
}

/// Reads the frame of an input.
#[must_use]
pub fn input(numbers: &[f64]) -> Option<Input> {
    let mut fields = Fields(numbers.iter());
    let input = match fields.count()? {
        0 => Input::SegmentRequested { segment: fields.segment()?, quality: fields.quality()? },
        1 => Input::BytesReceived {
            segment: fields.segment()?,
            quality: fields.quality()?,
            bytes: fields.count()?,
        },
        2 => Input::SegmentCompleted {
            segment: fields.segment()?,
            quality: fields.quality()?,
            bytes: fields.count()?,
            cached: fields.flag()?,
        },
        3 => Input::SegmentHeld { segment: fields.segment()?, quality: fields.quality()? },
        4 => Input::SegmentEvicted { segment: fields.segment()? },
        5 => Input::SegmentFailed {
            segment: fields.segment()?,
            quality: fields.quality()?,
            failure: fields.choice(&Failure::ALL)?,
        },
        kind => fields.state(kind)?,
    };
    fields.end(input)
}

/// Writes the frame of an output; how many numbers it has.
pub fn output(output: &Output, tray: &mut [f64]) -> usize {
    let reason = output.reason();
    let about = match *output {
        Output::Fetch { segment, quality, .. }
        | Output::Replace { segment, quality, .. }
        | Output::Prefetch { segment, quality, .. }
        | Output::Abandon { segment, quality, .. } => {
            [f64::from(segment.track.0), f64::from(segment.index), f64::from(quality as u8)]
        }
        Output::Play { .. } => [0.0; 3],
        Output::Idle { wake_at, .. } => [wake_at.map_or(f64::NAN, micros), 0.0, 0.0],
    };
    let head = [place(output.number()), place(reason.number())];
    let row = head.into_iter().chain(about).chain(reason.numbers());
    tray.iter_mut().zip(row).map(|(slot, number)| *slot = number).count()
}

/// Writes the frame of a belief; how many numbers it has, none if nothing is believed.
pub fn belief(belief: &Belief, tray: &mut [f64]) -> usize {
    let expected = belief.throughput().bps();
    if expected <= 0.0 {
        return 0;
    }
    let (low, high) = belief.band();
    let row = [expected, low.bps(), high.bps(), belief.latency_s(), belief.outage_share()];
    tray.iter_mut().zip(row).map(|(slot, number)| *slot = number).count()
}

/// Whether a number counts something.
fn is_whole(number: f64) -> bool {
    (0.0..=MOST).contains(&number) && number.fract().abs() <= 0.0
}

/// Whole microseconds.
#[must_use]
pub fn instant(us: f64) -> Option<Timestamp> {
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
    is_whole(us.abs()).then(|| Timestamp::from_micros(us as i64))
}

#[expect(clippy::cast_precision_loss, reason = "285 years of microseconds fit in 53 bits")]
fn micros(at: Timestamp) -> f64 {
    at.as_micros() as f64
}

fn place(number: usize) -> f64 {
    f64::from(u8::try_from(number).unwrap_or(u8::MAX))
}

/// The numbers of a frame, one after another.
struct Fields<'a>(Iter<'a, f64>);

impl Fields<'_> {
    fn number(&mut self) -> Option<f64> {
        self.0.next().copied()
    }

    fn count(&mut self) -> Option<u64> {
        let number = self.number()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number between 0 and 2^53"
        )]
        is_whole(number).then_some(number as u64)
    }

    fn small(&mut self) -> Option<u32> {
        u32::try_from(self.count()?).ok()
    }

    fn choice<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        list.get(usize::try_from(self.count()?).ok()?).copied()
    }

    fn flag(&mut self) -> Option<bool> {
        self.choice(&[false, true])
    }

    fn quality(&mut self) -> Option<Quality> {
        self.choice(&Quality::ALL)
    }

    fn track(&mut self) -> Option<TrackId> {
        self.small().map(TrackId)
    }

    fn segment(&mut self) -> Option<SegmentKey> {
        Some(SegmentKey { track: self.track()?, index: self.small()? })
    }

    fn mode(&mut self) -> Option<Mode> {
        match self.count()?.checked_sub(1) {
            None => Some(Mode::Auto),
            Some(place) => {
                let quality = Quality::ALL.get(usize::try_from(place).ok()?)?;
                Some(Mode::Manual(*quality))
            }
        }
    }

    fn budget(&mut self) -> Option<Option<u64>> {
        if *self.0.as_slice().first()? < 0.0 {
            self.number().map(|_| None)
        } else {
            self.count().map(Some)
        }
    }

    fn limits(&mut self) -> Option<Limits> {
        let preferences = Preferences {
            mode: self.mode()?,
            prefer_quality: self.flag()?,
            adapt_to_system: self.flag()?,
        };
        let network = self.choice(&NetworkKind::ALL)?;
        let data_budget_bytes = self.budget()?;
        let cap = self.choice(&Quality::ALL)?;
        let [target_s, max_s] = [self.number()?, self.number()?];
        let [low_s, depth_s] = [self.number()?, self.number()?];
        let buffer = BufferLimits::new(target_s, max_s, low_s, depth_s).ok()?;
        Some(Limits { preferences, network, data_budget_bytes, cap, buffer })
    }

    fn prior(&mut self) -> Option<Prior> {
        let mean = Throughput::from_bps(self.number()?);
        Prior::new(mean, self.number()?).ok()
    }

    fn ladder(&mut self) -> Option<SegmentLadder> {
        let (segment_us, duration_us) = (self.count()?, self.count()?);
        let mut sizes = [(Quality::Low, 0); 4];
        for (slot, quality) in sizes.iter_mut().zip(Quality::ALL) {
            *slot = (quality, self.small()?);
        }
        let offered = sizes.into_iter().filter(|(_, bytes)| *bytes > 0);
        SegmentLadder::new(segment_us, duration_us, offered).ok()
    }

    /// The inputs that name no segment.
    fn state(&mut self, kind: u64) -> Option<Input> {
        Some(match kind {
            6 => Input::PlayheadAt { track: self.track()?, position_us: self.count()? },
            7 => Input::Seeked { track: self.track()?, position_us: self.count()? },
            8 if self.0.len() == 0 => Input::NextTrack(None),
            8 => Input::NextTrack(Some((self.track()?, self.ladder()?))),
            9 => Input::CapChanged(self.limits()?),
            10 => Input::HostLoad(HostLoad {
                cpu_percent: self.number()?,
                memory_percent: self.number()?,
            }),
            11 => Input::DevicePressure(self.choice(&DevicePressure::ALL)?),
            12 => Input::NetworkChanged {
                network: self.choice(&NetworkKind::ALL)?,
                prior: self.prior()?,
            },
            13 => Input::Timeout,
            14 => Input::PlayPressed,
            15 => Input::PausePressed,
            16 => Input::StallStarted,
            17 => Input::StallEnded,
            _ => return None,
        })
    }

    /// `value`, if the row ends here.
    fn end<T>(mut self, value: T) -> Option<T> {
        self.0.next().is_none().then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quicksync_abr::decision_log::parse_input;
    use quicksync_abr::playback::{Reason, Situation};

    /// Each input as the decision log writes it, and what follows its kind in a frame.
    const SAME: &[(&str, &[f64])] = &[
        ("segment_requested 7 3 low", &[7.0, 3.0, 0.0]),
        ("bytes_received 7 3 medium 9", &[7.0, 3.0, 1.0, 9.0]),
        ("segment_completed 7 3 high 9 true", &[7.0, 3.0, 2.0, 9.0, 1.0]),
        ("segment_held 7 3 ultra", &[7.0, 3.0, 3.0]),
        ("segment_evicted 7 3", &[7.0, 3.0]),
        ("segment_failed 7 3 low missing", &[7.0, 3.0, 0.0, 1.0]),
        ("playhead_at 7 5", &[7.0, 5.0]),
        ("seeked 7 5", &[7.0, 5.0]),
        (
            "next_track 8 segment_us=4 duration_us=9 low=2 ultra=3",
            &[8.0, 4.0, 9.0, 2.0, 0.0, 0.0, 3.0],
        ),
        (
            "cap_changed mode=ultra prefer_quality=false adapt_to_system=true network=cellular \
             budget_bytes=5 target_s=2 max_s=3 low_s=1 depth_s=4 cap=high",
            &[4.0, 0.0, 1.0, 1.0, 5.0, 2.0, 2.0, 3.0, 1.0, 4.0],
        ),
        ("host_load 90.5 10", &[90.5, 10.0]),
        ("device_pressure serious", &[2.0]),
        ("network_changed network=wifi prior_bps=1500 prior_confidence=0.5", &[0.0, 1500.0, 0.5]),
        ("timeout", &[]),
        ("play_pressed", &[]),
        ("pause_pressed", &[]),
        ("stall_started", &[]),
        ("stall_ended", &[]),
    ];

    #[test]
    fn a_frame_says_what_the_log_says() {
        for (kind, (line, rest)) in SAME.iter().enumerate() {
            assert_eq!(line.split(' ').next(), Input::WORDS.get(kind).copied());
            let frame = [&[place(kind)], *rest].concat();
            assert_eq!(input(&frame), parse_input(line), "{line}");
            assert!(input(&frame).is_some(), "{line}");
            assert_eq!(input(&[&frame[..], &[0.0]].concat()), None, "{line}: too long");
            for cut in (1..frame.len()).filter(|cut| *cut > 1 || Input::WORDS[kind] != "next_track")
            {
                assert_eq!(input(&frame[..cut]), None, "{line}: cut to {cut}");
            }
        }
        assert_eq!(SAME.len(), Input::WORDS.len());
        assert_eq!(input(&[8.0]), Some(Input::NextTrack(None)));
        assert_eq!(input(&[]), None);
    }

    #[test]
    fn numbers_that_are_no_counts_are_refused() {
        for number in [-1.0, 0.5, f64::NAN, f64::INFINITY, MOST * 2.0] {
            for place in 0..3 {
                let mut frame = [6.0, 7.0, 5.0];
                frame[place] = number;
                assert_eq!(input(&frame), None, "{frame:?}");
            }
        }
        assert_eq!(input(&[6.0, 4_294_967_296.0, 5.0]), None);
        assert!(input(&[6.0, 7.0, MOST]).is_some());
    }

    #[test]
    fn an_output_is_its_numbers() {
        let situation = Situation { expected_kbps: 180.0, needed_kbps: 256.0, buffer_s: 4.5 };
        let segment = SegmentKey { track: TrackId(7), index: 3 };
        let reason = Reason::Raised(Quality::High, situation);
        let mut tray = [9.0; 9];
        let length = output(&Output::Fetch { segment, quality: Quality::High, reason }, &mut tray);
        assert_eq!(tray[..length], [0.0, 2.0, 7.0, 3.0, 2.0, 180.0, 256.0, 4.5]);
        let reason = Reason::Complete;
        assert_eq!(output(&Output::Idle { wake_at: None, reason }, &mut tray), 5);
        assert_eq!(format!("{:?}", &tray[..3]), "[5.0, 18.0, NaN]");
    }
}
