//! A clock that stands still, randomness from a seed, segments that say what they are.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};

use async_trait::async_trait;
use axum::body::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{empty, iter};
use quicksync_decode::{Analysis, DecodeError, Decoder, Measurement, Probe};
use quicksync_model::{Quality, Rendition, Timeline, Timestamp};
use quicksync_progressive::Container;
use quicksync_server::{
    Audio, Clock, Entropy, Joined, Listener, Lossless, PacketRequest, PacketStream, Pressure,
    SegmentError, SegmentRequest, SegmentSource, SourceAudio,
};

/// A clock that moves when a test says so.
#[derive(Debug)]
pub(crate) struct TestClock(AtomicI64);

impl Default for TestClock {
    /// Some minutes past an hour in November 2023.
    fn default() -> Self {
        Self(AtomicI64::new(1_700_000_000_000_000))
    }
}

impl TestClock {
    pub(crate) fn now_us(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn advance_s(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now_us())
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014) from a fixed seed.
#[derive(Debug)]
pub(crate) struct SeededEntropy(AtomicU64);

impl Default for SeededEntropy {
    fn default() -> Self {
        Self(AtomicU64::new(0x5eed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            let gamma = 0x9e37_79b9_7f4a_7c15_u64;
            let mut z = self.0.fetch_add(gamma, Ordering::SeqCst).wrapping_add(gamma);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            part.copy_from_slice(&z.to_le_bytes()[..part.len()]);
        }
    }
}

/// Segments whose bytes say what they are; fails as a test says.
#[derive(Debug, Default)]
pub(crate) struct FakeSegments {
    /// What the next requests meet instead of a segment.
    pub(crate) fault: Mutex<Option<fn() -> SegmentError>>,
    /// The qualities at hand, which are served even while `fault` is set.
    pub(crate) at_hand: Mutex<Vec<Quality>>,
    /// Whether segments are as long as real ones.
    real_sizes: AtomicBool,
    /// Whether segments lie in memory.
    pub(crate) in_memory: AtomicBool,
    /// What is said of the disk.
    pub(crate) disk_fault: Mutex<Option<String>>,
    /// Segments that wait to be encoded.
    waiting: AtomicU32,
    /// Segments whose packets were asked for; `None` for a warm-up.
    pub(crate) asked: Mutex<Vec<Option<u64>>>,
    /// Segments that were asked for.
    pub(crate) requests: Mutex<Vec<SegmentRequest>>,
    /// Segments that were to be made ahead.
    pub(crate) prepared: Mutex<Vec<SegmentRequest>>,
    /// Whether `fault` is met only by segments that want a neighbour's samples.
    pub(crate) neighbours_fault: AtomicBool,
}

impl FakeSegments {
    /// From now on segments are as long as real ones, and lie in memory.
    pub(crate) fn make_real_sizes(&self) {
        self.real_sizes.store(true, Ordering::SeqCst);
        self.in_memory.store(true, Ordering::SeqCst);
    }

    fn made(&self, rendition: Rendition, index: u64) -> Bytes {
        if self.real_sizes.load(Ordering::SeqCst) {
            let bytes = rendition.packet_bytes().unwrap_or(2_000) * 192;
            return vec![b'x'; usize::try_from(bytes).unwrap()].into();
        }
        Self::bytes_of(rendition, index)
    }

    /// From now on so many segments wait to be encoded.
    pub(crate) fn queue(&self, waiting: u32) {
        self.waiting.store(waiting, Ordering::SeqCst);
    }

    /// The bytes of a segment.
    pub(crate) fn bytes(quality: Quality, index: u64) -> Bytes {
        Self::bytes_of(Rendition::Opus(quality), index)
    }

    /// The bytes of a segment of any rendition.
    pub(crate) fn bytes_of(rendition: Rendition, index: u64) -> Bytes {
        format!("segment {index} at {}", rendition.quality_str()).into()
    }

    fn is_neighbours_fault(&self) -> bool {
        self.neighbours_fault.load(Ordering::SeqCst)
    }

    /// Where the segments lie: those of all tracks, one after another.
    pub(crate) fn timeline(audio: &Audio) -> Timeline {
        let samples = audio.sources().iter().map(|source| source.timeline().samples());
        Timeline::new(samples.sum())
    }

    /// The packets of a segment, in runs as an encoder makes them.
    pub(crate) fn runs(request: &PacketRequest) -> Vec<Bytes> {
        let PacketRequest { container, quality, segment, ref audio, .. } = *request;
        let timeline = Self::timeline(audio);
        let samples = segment.map_or(Some(1), |index| timeline.segment_samples(index));
        let count = samples.unwrap_or_default().div_ceil(container.packet_samples());
        let size = container.packet_bytes(quality.bitrate());
        let seed = segment.unwrap_or(u64::MAX).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let byte = |n: u64| (n.wrapping_mul(seed) >> 9).to_le_bytes()[0];
        let packets: Vec<u8> = (0..u64::from(size * count)).map(byte).collect();
        let run = 48 * usize::try_from(size).unwrap();
        packets.chunks(run).map(Bytes::copy_from_slice).collect()
    }
}

#[async_trait]
impl SegmentSource for FakeSegments {
    async fn segment(&self, request: SegmentRequest) -> Result<Bytes, SegmentError> {
        let fault = *self.fault.lock().unwrap();
        let at_hand = self.at_hand.lock().unwrap().clone();
        let is_at_hand = request.rendition.quality().is_some_and(|wish| at_hand.contains(&wish));
        let lends_nothing = request.audio.without_neighbours().is_none();
        self.requests.lock().unwrap().push(request.clone());
        match fault {
            Some(fault) if !(is_at_hand || self.is_neighbours_fault() && lends_nothing) => {
                Err(fault())
            }
            _ if request.index >= Self::timeline(&request.audio).segments() => {
                Err(SegmentError::NotFound)
            }
            _ => Ok(self.made(request.rendition, request.index)),
        }
    }

    fn at_hand(&self, _: &[u8; 32], rendition: Rendition, index: u64, _: bool) -> Option<Bytes> {
        let is_there = self.in_memory.load(Ordering::SeqCst);
        is_there.then(|| self.made(rendition, index))
    }

    fn prepare(&self, request: SegmentRequest) {
        self.prepared.lock().unwrap().push(request);
    }

    fn lossless(&self, source: &SourceAudio) -> Result<Lossless, String> {
        if source.codec != "flac" {
            return Err("the source is lossy".to_owned());
        }
        let timeline = Timeline::lossless(source.analysis.samples, source.sample_rate);
        Ok(Lossless { timeline, channels: 2, bits_per_sample: 16 })
    }

    fn lossless_init_segment(&self, _: &SourceAudio) -> Result<Bytes, SegmentError> {
        Ok(Bytes::from_static(b"lossless init segment"))
    }

    async fn warm_up(
        &self,
        _: Audio,
        quality: Quality,
        _: Listener,
    ) -> Result<Bytes, SegmentError> {
        let fault = *self.fault.lock().unwrap();
        fault.map_or_else(|| Ok(format!("warm-up at {quality}").into()), |fault| Err(fault()))
    }

    fn packets(&self, request: PacketRequest) -> PacketStream {
        self.asked.lock().unwrap().push(request.segment);
        let fault = *self.fault.lock().unwrap();
        let is_at_hand = self.at_hand.lock().unwrap().contains(&request.quality);
        let lends_nothing = request.audio.without_neighbours().is_none();
        match fault {
            Some(fault) if !(is_at_hand || self.is_neighbours_fault() && lends_nothing) => {
                iter([Err(fault())]).boxed()
            }
            _ if !self.makes(request.container) => empty().boxed(),
            _ => iter(Self::runs(&request).into_iter().map(Ok)).boxed(),
        }
    }

    fn join(&self, sources: &[SourceAudio]) -> Result<Joined, SegmentError> {
        let timeline = Self::timeline(&Audio::Album(sources.into()));
        let starts = sources.iter().scan(0, |at, source| {
            let start = *at;
            *at += source.timeline().samples();
            Some(start)
        });
        let hash = [u8::try_from(sources.len()).unwrap(); 32];
        Ok(Joined { timeline, starts: starts.collect(), hash })
    }

    fn makes(&self, _: Container) -> bool {
        true
    }

    fn init_segment(&self) -> Bytes {
        Bytes::from_static(b"init segment")
    }

    async fn cached(&self, request: &SegmentRequest) -> Vec<Quality> {
        assert!(request.rendition.quality().is_some(), "nothing stands in for what has no rungs");
        self.at_hand.lock().unwrap().clone()
    }

    fn pressure(&self) -> Pressure {
        Pressure { waiting: self.waiting.load(Ordering::SeqCst), running: 0, workers: 2 }
    }

    fn format_version(&self) -> u32 {
        7
    }

    fn segment_bytes(&self, timeline: Timeline, rendition: Rendition, index: u64) -> Option<u64> {
        let packets = timeline.segment_packets(index)?;
        Some(u64::from(packets) * u64::from(rendition.packet_bytes().unwrap()) + 100)
    }

    fn disk_fault(&self) -> Option<String> {
        self.disk_fault.lock().unwrap().clone()
    }
}

/// A decoder for a library that has analysed everything already.
#[derive(Debug)]
pub(crate) struct NoDecoder;

impl NoDecoder {
    fn refuse<T>() -> Result<T, DecodeError> {
        Err(DecodeError::Unreadable("no decoder in these tests".to_owned()))
    }
}

#[async_trait]
impl Decoder for NoDecoder {
    async fn probe(&self, _: &Path) -> Result<Probe, DecodeError> {
        Self::refuse()
    }

    async fn analyse(&self, _: &Path) -> Result<Analysis, DecodeError> {
        Self::refuse()
    }

    async fn measure(&self, _: &Path, _: u64) -> Result<Measurement, DecodeError> {
        Self::refuse()
    }

    async fn decode(&self, _: &Path, _: u64, _: u32) -> Result<Vec<f32>, DecodeError> {
        Self::refuse()
    }
}
