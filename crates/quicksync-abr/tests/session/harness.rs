//! A player without sound in virtual time: it does what the session says over a known link, reports
//! what a real player would, and keeps what was heard.

use quicksync_abr::Preload;
use quicksync_abr::decision_log::RecordedSession;
use quicksync_abr::playback::{
    BufferLimits, Failure, Input, Limits, Output, Preferences, Prior, SegmentKey, SegmentLadder,
    SessionConfig, TrackId, utility,
};
use quicksync_model::{Mode, NetworkKind, Quality, Timestamp};

use crate::link::Link;

pub const SEGMENT_S: f64 = 3.84;
/// How often a transfer is reported.
const PROGRESS_S: f64 = 0.2;
/// How often the playhead is reported.
const PLAYHEAD_S: f64 = 1.0;

/// What the harness has done so far.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// When each segment began to sound, in seconds, and at which quality.
    pub segments: Vec<(f64, SegmentKey, Quality)>,
    /// When each stall began and how long it lasted.
    pub stalls: Vec<(f64, f64)>,
    /// From pressing play to the first sound.
    pub startup_s: Option<f64>,
    /// Every output but idle, with its time.
    pub outputs: Vec<(f64, Output)>,
}

impl Heard {
    /// Qualities of segments that began to sound in a span of seconds.
    pub fn between(&self, from_s: f64, to_s: f64) -> Vec<Quality> {
        let inside = self.segments.iter().filter(|(at, ..)| (from_s..to_s).contains(at));
        inside.map(|(_, _, quality)| *quality).collect()
    }

    /// Qualities asked for in a span of seconds, first fetches only.
    pub fn fetched(&self, from_s: f64, to_s: f64) -> Vec<Quality> {
        let inside = self.outputs.iter().filter(|(at, _)| (from_s..to_s).contains(at));
        let quality = |(_, output): &(f64, Output)| match output {
            Output::Fetch { quality, .. } => Some(*quality),
            _ => None,
        };
        inside.filter_map(quality).collect()
    }

    pub fn count(&self, word: &str) -> usize {
        self.outputs.iter().filter(|(_, output)| output.word() == word).count()
    }

    pub fn stalled_s(&self) -> f64 {
        self.stalls.iter().map(|(_, length)| length).sum()
    }

    pub fn switches(&self) -> usize {
        self.segments.windows(2).filter(|pair| pair[0].2 != pair[1].2).count()
    }

    /// The metric of a track: 1 is perfect.
    pub fn qoe(&self) -> f64 {
        let us: Vec<f64> = self.segments.iter().map(|(_, _, q)| utility(*q)).collect();
        let switches: f64 = us.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum();
        let heard: f64 = us.iter().sum();
        let stalls = 0.3 * self.stalled_s() + 4.0 * self.stalls.len() as f64;
        let startup = 0.1 * self.startup_s.unwrap_or(0.0);
        (heard - 0.5 * switches - stalls - startup) / us.len().max(1) as f64
    }
}

#[derive(Clone, Copy, Debug)]
struct Transfer {
    key: SegmentKey,
    quality: Quality,
    bytes: f64,
    body_s: f64,
    done_s: f64,
    report_s: f64,
}

/// The session of one track, perhaps with a next one, and its player.
pub struct Harness {
    pub session: RecordedSession,
    pub heard: Heard,
    pub now_s: f64,
    link: Link,
    ladders: Vec<SegmentLadder>,
    held: Vec<Vec<Option<Quality>>>,
    track: usize,
    position_s: f64,
    sounding: bool,
    started: bool,
    pressed_s: Option<f64>,
    stalled_since: Option<f64>,
    transfer: Option<Transfer>,
    wake_s: f64,
    playhead_s: f64,
}

pub fn ladder(segments: u32, segment_us: u64) -> SegmentLadder {
    let bytes = |quality: Quality| {
        let bytes = u64::from(quality.bitrate().bps()) / 8 * segment_us / 1_000_000;
        (quality, u32::try_from(bytes).unwrap())
    };
    let duration_us = segment_us * u64::from(segments);
    SegmentLadder::new(segment_us, duration_us, Quality::ALL.map(bytes)).unwrap()
}

pub fn limits() -> Limits {
    Limits {
        preferences: Preferences { mode: Mode::Auto, prefer_quality: true, adapt_to_system: true },
        network: NetworkKind::Unknown,
        data_budget_bytes: None,
        cap: Quality::Ultra,
        buffer: BufferLimits::new(15.0, 30.0, 4.5, 30.0).unwrap(),
    }
}

pub fn config() -> SessionConfig {
    SessionConfig {
        limits: limits(),
        preload: Preload::Auto,
        start_quality: Quality::High,
        prior: Prior::NONE,
    }
}

/// Four minutes on a link.
pub fn harness(link: Link) -> Harness {
    Harness::new(config(), ladder(63, 3_840_000), link)
}

impl Harness {
    pub fn new(config: SessionConfig, ladder: SegmentLadder, link: Link) -> Self {
        Self {
            session: RecordedSession::new(config, TrackId(0), ladder, micros(0.0)),
            heard: Heard::default(),
            now_s: 0.0,
            link,
            ladders: vec![ladder],
            held: vec![vec![None; ladder.segments() as usize]],
            track: 0,
            position_s: 0.0,
            sounding: false,
            started: false,
            pressed_s: None,
            stalled_since: None,
            transfer: None,
            wake_s: f64::INFINITY,
            playhead_s: f64::INFINITY,
        }
    }

    /// Presses play and listens until the given second, or the end of the last track.
    pub fn listen(mut self, until_s: f64) -> Self {
        self.press_play();
        self.run_until(until_s);
        self
    }

    pub fn press_play(&mut self) {
        self.pressed_s.get_or_insert(self.now_s);
        self.tell(Input::PlayPressed);
    }

    pub fn pause(&mut self) {
        self.sounding = false;
        self.tell(Input::PausePressed);
    }

    pub fn seek(&mut self, position_s: f64) {
        self.sounding = false;
        self.stalled_since = None;
        self.position_s = position_s;
        let position_us = (position_s * 1e6) as u64;
        self.tell(Input::Seeked { track: TrackId(self.track as u32), position_us });
    }

    /// Skips to the start of the track that was announced last.
    pub fn skip(&mut self) {
        self.track = self.ladders.len() - 1;
        self.seek(0.0);
    }

    pub fn announce(&mut self, ladder: SegmentLadder) {
        self.ladders.push(ladder);
        self.held.push(vec![None; ladder.segments() as usize]);
        let track = TrackId(self.ladders.len() as u32 - 1);
        self.tell(Input::NextTrack(Some((track, ladder))));
    }

    /// The transfer under way fails, and the session is told.
    pub fn fail(&mut self, failure: Failure) {
        let Transfer { key, quality, .. } = self.transfer.take().expect("nothing to fail");
        self.tell(Input::SegmentFailed { segment: key, quality, failure });
    }

    /// The transfer under way ends at once, from a cache on the device.
    pub fn find_cached(&mut self) {
        let Transfer { key, quality, bytes, .. } = self.transfer.take().expect("nothing to find");
        self.held[key.track.0 as usize][key.index as usize] = Some(quality);
        let bytes = bytes as u64;
        self.tell(Input::SegmentCompleted { segment: key, quality, bytes, cached: true });
    }

    /// The request under way left only now.
    pub fn request_left(&mut self) {
        let Transfer { key, quality, .. } = self.transfer.expect("nothing under way");
        self.tell(Input::SegmentRequested { segment: key, quality });
    }

    /// The player holds segments without a transfer: an offline copy.
    pub fn hold(&mut self, segments: impl Iterator<Item = u32>, quality: Quality) {
        for index in segments {
            let segment = SegmentKey { track: TrackId(self.track as u32), index };
            self.held[self.track][index as usize] = Some(quality);
            self.tell(Input::SegmentHeld { segment, quality });
        }
    }

    /// The transfer under way comes to nothing; the session is not told.
    pub fn drop_transfer(&mut self) {
        self.transfer = None;
    }

    /// The player's buffer lost a segment.
    pub fn evict(&mut self, segment: SegmentKey) {
        self.held[segment.track.0 as usize][segment.index as usize] = None;
        self.tell(Input::SegmentEvicted { segment });
    }

    /// Media ahead of the playhead, in the present track.
    pub fn buffer_s(&self) -> f64 {
        (self.held_until_s() - self.position_s).max(0.0)
    }

    pub fn tell(&mut self, input: Input) {
        self.session.handle_input(micros(self.now_s), input);
        for _ in 0..1000 {
            let output = self.session.poll_output();
            if let Output::Idle { wake_at, .. } = output {
                self.wake_s = wake_at.map_or(f64::INFINITY, seconds);
                return;
            }
            self.heard.outputs.push((self.now_s, output));
            self.obey(output);
        }
        panic!("the session never came to rest: {}", self.session.log());
    }

    fn obey(&mut self, output: Output) {
        match output {
            Output::Fetch { segment, quality, .. }
            | Output::Replace { segment, quality, .. }
            | Output::Prefetch { segment, quality, .. } => self.request(segment, quality),
            Output::Abandon { segment, quality, .. } => {
                let transfer = self.transfer.take().expect("nothing to abandon");
                assert_eq!((transfer.key, transfer.quality), (segment, quality));
            }
            Output::Play { .. } => {
                self.sounding = true;
                self.playhead_s = self.now_s + PLAYHEAD_S;
                if let Some(since) = self.stalled_since.take() {
                    self.heard.stalls.push((since, self.now_s - since));
                }
                if !self.started {
                    self.started = true;
                    self.heard.startup_s = self.pressed_s.map(|at| self.now_s - at);
                }
            }
            Output::Idle { .. } => {}
        }
        self.note_heard();
    }

    fn request(&mut self, key: SegmentKey, quality: Quality) {
        assert!(self.transfer.is_none(), "two transfers at once");
        let ladder = self.ladders[key.track.0 as usize];
        let (start_us, end_us) = ladder.span_us(key.index);
        assert!(end_us > start_us, "{key:?} is past the end");
        let full = f64::from(ladder.segment_bytes(quality).expect("quality not offered"));
        let bytes = (full * (end_us - start_us) as f64 / ladder.segment_us() as f64).floor();
        let body_s = self.now_s + self.link.latency_s(self.now_s);
        let done_s = self.link.complete_s(body_s, bytes);
        let report_s = body_s + 1e-3;
        self.transfer = Some(Transfer { key, quality, bytes, body_s, done_s, report_s });
    }

    fn held_until_s(&self) -> f64 {
        let ladder = self.ladders[self.track];
        let held = &self.held[self.track];
        let mut index = ladder.segment_at((self.position_s * 1e6).round() as u64);
        if self.position_s >= ladder.duration_us() as f64 / 1e6 {
            return self.position_s;
        }
        while (index as usize) < held.len() && held[index as usize].is_some() {
            index += 1;
        }
        ladder.span_us(index).0 as f64 / 1e6
    }

    /// Whether the last track has ended.
    pub fn ended(&self) -> bool {
        let end_s = self.ladders[self.track].duration_us() as f64 / 1e6;
        self.track + 1 == self.ladders.len() && self.position_s >= end_s - 1e-6
    }

    pub fn run_until(&mut self, until_s: f64) {
        while self.now_s < until_s && !self.ended() {
            let next_s = self.next_event_s().min(until_s);
            assert!(next_s.is_finite(), "nothing will ever happen:\n{}", self.session.log());
            self.advance(next_s);
            self.react();
        }
    }

    fn next_event_s(&self) -> f64 {
        let mut next_s = self.wake_s;
        if let Some(transfer) = &self.transfer {
            next_s = next_s.min(transfer.done_s).min(transfer.report_s);
        }
        if self.sounding {
            next_s = next_s.min(self.playhead_s);
            next_s = next_s.min(self.now_s + self.buffer_s());
            let into = self.position_s / SEGMENT_S;
            let boundary = (into.floor() + 1.0) * SEGMENT_S - self.position_s;
            next_s = next_s.min(self.now_s + boundary + 1e-6);
        }
        next_s.max(self.now_s)
    }

    fn advance(&mut self, to_s: f64) {
        if self.sounding {
            let moved = self.position_s + (to_s - self.now_s);
            self.position_s = moved.min(self.held_until_s());
        }
        self.now_s = to_s;
        self.note_heard();
    }

    /// Writes down the segment under the playhead when it begins to sound.
    fn note_heard(&mut self) {
        if !self.sounding {
            return;
        }
        let ladder = self.ladders[self.track];
        let index = ladder.segment_at((self.position_s * 1e6).round() as u64);
        let key = SegmentKey { track: TrackId(self.track as u32), index };
        let new = self.heard.segments.last().is_none_or(|(_, last, _)| *last != key);
        if let Some(quality) = self.held[self.track][index as usize].filter(|_| new) {
            self.heard.segments.push((self.now_s, key, quality));
        }
    }

    fn react(&mut self) {
        if self.sounding && self.buffer_s() < 1e-6 {
            self.run_dry();
        }
        match self.transfer {
            Some(transfer) if transfer.done_s <= self.now_s => self.finish(transfer),
            Some(transfer) if transfer.report_s <= self.now_s => self.report(transfer),
            _ => {}
        }
        if self.sounding && self.playhead_s <= self.now_s {
            self.playhead_s = self.now_s + PLAYHEAD_S;
            let position_us = (self.position_s * 1e6) as u64;
            self.tell(Input::PlayheadAt { track: TrackId(self.track as u32), position_us });
        }
        if self.wake_s <= self.now_s {
            self.tell(Input::Timeout);
        }
    }

    fn finish(&mut self, transfer: Transfer) {
        self.transfer = None;
        let (segment, quality) = (transfer.key, transfer.quality);
        self.held[segment.track.0 as usize][segment.index as usize] = Some(quality);
        let bytes = transfer.bytes as u64;
        self.tell(Input::SegmentCompleted { segment, quality, bytes, cached: false });
    }

    fn report(&mut self, transfer: Transfer) {
        let bytes = self.link.arrived(transfer.body_s, self.now_s).min(transfer.bytes) as u64;
        let (segment, quality) = (transfer.key, transfer.quality);
        if let Some(transfer) = &mut self.transfer {
            transfer.report_s = self.now_s + PROGRESS_S;
        }
        if bytes > 0 {
            self.tell(Input::BytesReceived { segment, quality, bytes });
        }
    }

    /// The end of what is held: a stall, the next track, or the end of all.
    fn run_dry(&mut self) {
        let end_s = self.ladders[self.track].duration_us() as f64 / 1e6;
        if self.position_s < end_s - 1e-6 {
            self.sounding = false;
            self.stalled_since = Some(self.now_s);
            self.tell(Input::StallStarted);
        } else if self.track + 1 < self.ladders.len() {
            self.track += 1;
            self.position_s = 0.0;
            let track = TrackId(self.track as u32);
            self.tell(Input::PlayheadAt { track, position_us: 0 });
            self.note_heard();
        }
    }
}

pub fn micros(s: f64) -> Timestamp {
    Timestamp::from_micros((s * 1e6).round() as i64)
}

fn seconds(at: Timestamp) -> f64 {
    at.as_micros() as f64 / 1e6
}
