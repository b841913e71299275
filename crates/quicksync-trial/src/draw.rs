//! Draws inputs and configuration: plausible ones, and any that the types allow.

use quicksync_abr::playback::{
    BufferLimits, DevicePressure, Failure, Input, Limits, Preferences, Prior, SegmentKey,
    SegmentLadder, SessionConfig, TrackId,
};
use quicksync_abr::{HostLoad, Preload};
use quicksync_model::{Mode, NetworkKind, Quality, Throughput};

use crate::Source;

/// Numbers that tend to break things.
const ODD: [f64; 10] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    -1.0,
    -0.0,
    0.0,
    f64::MIN_POSITIVE,
    f64::MAX,
    f64::EPSILON,
    1e18,
];

/// Draws from a source.
pub(crate) struct Draw<'a, S>(pub(crate) &'a mut S);

impl<S: Source> Draw<'_, S> {
    /// True once in `n` times.
    pub(crate) fn once_in(&mut self, n: u64) -> bool {
        self.0.below(n) == n - 1
    }

    pub(crate) fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        let place = usize::try_from(self.0.below(list.len() as u64)).unwrap_or(0);
        list[place]
    }

    pub(crate) fn small(&mut self, limit: u32) -> u32 {
        u32::try_from(self.0.below(u64::from(limit))).unwrap_or(0)
    }

    /// From 0 to `most`, in steps of a 1024th.
    pub(crate) fn share(&mut self, most: f64) -> f64 {
        most * f64::from(self.small(1025)) / 1024.0
    }

    /// A number that tends to break things.
    pub(crate) fn odd(&mut self) -> f64 {
        self.one_of(&ODD)
    }

    fn number(&mut self) -> f64 {
        if self.once_in(4) { self.odd() } else { self.share(120.0) }
    }

    pub(crate) fn bytes(&mut self) -> u64 {
        if self.once_in(12) { self.0.below(u64::MAX) } else { self.0.below(300_000) }
    }

    pub(crate) fn quality(&mut self) -> Quality {
        self.one_of(&Quality::ALL)
    }

    fn track(&mut self) -> TrackId {
        TrackId(self.small(4))
    }

    fn key(&mut self) -> SegmentKey {
        let index = if self.once_in(16) { self.small(u32::MAX) } else { self.small(16) };
        SegmentKey { track: self.track(), index }
    }

    fn position_us(&mut self) -> u64 {
        if self.once_in(12) { self.0.below(u64::MAX) } else { self.0.below(60) * 977_000 }
    }

    pub(crate) fn limits(&mut self) -> Limits {
        let mode = if self.once_in(3) { Mode::Manual(self.quality()) } else { Mode::Auto };
        let preferences = Preferences {
            mode,
            prefer_quality: self.once_in(2),
            adapt_to_system: !self.once_in(3),
        };
        let network = self.one_of(&NetworkKind::ALL);
        let data_budget_bytes =
            self.once_in(3).then(|| self.bytes().saturating_mul(self.one_of(&[0, 1, 20])));
        let cap = if self.once_in(3) { self.quality() } else { Quality::Ultra };
        Limits { preferences, network, data_budget_bytes, cap, buffer: self.buffer() }
    }

    fn buffer(&mut self) -> BufferLimits {
        let low_s = 0.01 + self.share(20.0);
        let target_s = low_s + self.share(20.0);
        let max_s = target_s + self.share(20.0);
        let depth_s = max_s + self.share(300.0);
        match BufferLimits::new(target_s, max_s, low_s, depth_s) {
            Ok(limits) => limits,
            Err(error) => unreachable!("{low_s} {target_s} {max_s} {depth_s}: {error}"),
        }
    }

    /// Mostly the ladders of real tracks, and some that no encoder makes.
    pub(crate) fn ladder(&mut self) -> SegmentLadder {
        let segment_us = if self.once_in(3) { 1 + self.0.below(12_000_000) } else { 3_840_000 };
        let segments = if self.once_in(40) { 100_000 } else { 1 + self.0.below(20) };
        let short_us = self.0.below(segment_us);
        let offered = 1 + self.small(15);
        let strange = self.once_in(6);
        let sizes = (0..4_u32).zip(Quality::ALL).filter(|(n, _)| offered >> n & 1 == 1);
        let sizes: Vec<_> = sizes
            .map(|(_, quality)| {
                let arithmetic = u64::from(quality.bitrate().bps()) / 8 * segment_us / 1_000_000;
                let size = if strange { self.0.below(1 << 28) } else { arithmetic };
                (quality, u32::try_from(size).unwrap_or(1).max(1))
            })
            .collect();
        match SegmentLadder::new(segment_us, segment_us * segments - short_us, sizes) {
            Ok(ladder) => ladder,
            Err(error) => unreachable!("{segments} of {segment_us} us: {error}"),
        }
    }

    fn prior(&mut self) -> Prior {
        let bps = if self.once_in(3) { self.number() } else { self.share(4e6) };
        let confidence = self.share(1.0);
        Prior::new(Throughput::from_bps(bps), confidence).unwrap_or(Prior::NONE)
    }

    pub(crate) fn config(&mut self) -> SessionConfig {
        SessionConfig {
            limits: self.limits(),
            preload: self.one_of(&Preload::ALL),
            start_quality: self.quality(),
            prior: self.prior(),
        }
    }

    /// Any input at all.
    pub(crate) fn input(&mut self) -> Input {
        match self.small(24) {
            0 | 1 => Input::Timeout,
            2 | 3 => Input::PlayPressed,
            4 => Input::PausePressed,
            5 => Input::StallStarted,
            6 => Input::StallEnded,
            7 => Input::NextTrack(None),
            8 | 9 => self.next_track(),
            10 => Input::CapChanged(self.limits()),
            11 => self.host_load(),
            12 => Input::DevicePressure(self.one_of(&DevicePressure::ALL)),
            13 => {
                let network = self.one_of(&NetworkKind::ALL);
                Input::NetworkChanged { network, prior: self.prior() }
            }
            14 | 15 => Input::PlayheadAt { track: self.track(), position_us: self.position_us() },
            16 => Input::Seeked { track: self.track(), position_us: self.position_us() },
            _ => self.of_transfer(),
        }
    }

    pub(crate) fn next_track(&mut self) -> Input {
        Input::NextTrack(Some((self.track(), self.ladder())))
    }

    fn host_load(&mut self) -> Input {
        let (cpu_percent, memory_percent) = (self.number(), self.number());
        Input::HostLoad(HostLoad { cpu_percent, memory_percent })
    }

    fn of_transfer(&mut self) -> Input {
        let (segment, quality) = (self.key(), self.quality());
        match self.small(6) {
            0 => Input::SegmentRequested { segment, quality },
            1 => Input::BytesReceived { segment, quality, bytes: self.bytes() },
            2 => {
                let (bytes, cached) = (self.bytes(), self.once_in(4));
                Input::SegmentCompleted { segment, quality, bytes, cached }
            }
            3 => Input::SegmentHeld { segment, quality },
            4 => Input::SegmentEvicted { segment },
            _ => {
                let failure = self.one_of(&Failure::ALL);
                Input::SegmentFailed { segment, quality, failure }
            }
        }
    }
}
