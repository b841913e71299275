//! What the server asks of whatever makes segments.
//!
//! Knows: a trait and its words. Never: an encoder, a cache, a file.

use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use quicksync_model::{Bitrate, Ladder, Quality, Rendition, Timeline, rendition_samples};
use quicksync_progressive::Container;
use quicksync_store::{AnalysisRow, TrackRow};

/// A source file, exactly as it was analysed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceAudio {
    /// Where it lies, as the library names it.
    pub path: PathBuf,
    /// Its length when it was analysed.
    pub size_bytes: u64,
    /// When it had last been written to then, Unix time in microseconds.
    pub modified_us: i64,
    /// Wire name of its codec, e.g. `vorbis`.
    pub codec: String,
    /// Hz.
    pub sample_rate: u32,
    /// Channels in the file.
    pub channels: u32,
    /// Where the codec has such a thing.
    pub bits_per_sample: Option<u32>,
    /// Identity, exact length and mean rate.
    pub analysis: AnalysisRow,
}

impl SourceAudio {
    /// What the library knows of a track; `None` until it has been read whole.
    #[must_use]
    pub fn of(track: &TrackRow) -> Option<Self> {
        Some(Self {
            path: track.path.clone(),
            size_bytes: track.size_bytes,
            modified_us: track.modified_us,
            codec: track.codec.clone(),
            sample_rate: track.sample_rate,
            channels: track.channels,
            bits_per_sample: track.bits_per_sample,
            analysis: track.analysis?,
        })
    }

    /// The rungs worth offering for it.
    #[must_use]
    pub fn ladder(&self) -> Ladder {
        if matches!(self.codec.as_str(), "alac" | "flac" | "pcm") {
            Ladder::lossless()
        } else {
            Ladder::lossy(Bitrate::from_kbps(self.analysis.mean_kbps))
        }
    }

    /// Where the segments of its renditions lie.
    #[must_use]
    pub const fn timeline(&self) -> Timeline {
        Timeline::new(rendition_samples(self.analysis.samples, self.sample_rate))
    }
}

/// A track, and what lends its samples to the encoder where silence would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackAudio {
    /// The track.
    pub source: SourceAudio,
    /// What is heard before it.
    pub previous: Option<SourceAudio>,
    /// What is heard after it.
    pub next: Option<SourceAudio>,
}

/// What is played without a seam.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audio {
    /// One track, perhaps between its neighbours.
    Track(Arc<TrackAudio>),
    /// The tracks of an album as one, in order.
    Album(Arc<[SourceAudio]>),
}

impl Audio {
    /// One track with silence around it.
    #[must_use]
    pub fn alone(source: SourceAudio) -> Self {
        Self::Track(Arc::new(TrackAudio { source, previous: None, next: None }))
    }

    /// The same without its neighbours; `None` if it has none.
    #[must_use]
    pub fn without_neighbours(&self) -> Option<Self> {
        match self {
            Self::Track(track) if track.previous.is_some() || track.next.is_some() => {
                Some(Self::alone(track.source.clone()))
            }
            Self::Track(_) | Self::Album(_) => None,
        }
    }

    /// The files that samples are taken of.
    pub fn files(&self) -> impl Iterator<Item = &SourceAudio> {
        let around = match self {
            Self::Track(track) => [track.previous.as_ref(), track.next.as_ref()],
            Self::Album(_) => [None, None],
        };
        self.sources().iter().chain(around.into_iter().flatten())
    }

    /// The files heard, in order.
    #[must_use]
    pub fn sources(&self) -> &[SourceAudio] {
        match self {
            Self::Track(track) => std::slice::from_ref(&track.source),
            Self::Album(sources) => sources,
        }
    }
}

/// Whose turn it is when many ask for much: one number for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Listener(pub u64);

/// Where the tracks of an album lie when it is played as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Of the whole.
    pub timeline: Timeline,
    /// The sample at which each track is first heard, in order.
    pub starts: Vec<u64>,
    /// Equal for equal audio in equal order.
    pub hash: [u8; 32],
}

/// One segment of one rendition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRequest {
    /// Of what.
    pub audio: Audio,
    /// Encoded in what, at which quality.
    pub rendition: Rendition,
    /// Which one, counted from 0.
    pub index: u64,
    /// For whom.
    pub listener: Listener,
}

/// The packets of one segment of a rendition, as they stand in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PacketRequest {
    /// Of what.
    pub audio: Audio,
    /// In which container: that says which codec.
    pub container: Container,
    /// At which quality.
    pub quality: Quality,
    /// Of which segment, counted from 0; `None` for the warm-up packet before the first.
    pub segment: Option<u64>,
    /// For whom.
    pub listener: Listener,
}

/// What the lossless rendition of a track is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lossless {
    /// Where its segments lie, at the source's own rate.
    pub timeline: Timeline,
    /// One or two.
    pub channels: u32,
    /// Of every sample.
    pub bits_per_sample: u32,
}

/// Packets as they are made: each item is a run of them as [`Container::run_packets`] says.
pub type PacketStream = BoxStream<'static, Result<Bytes, SegmentError>>;

/// How much work is waiting for the encoders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pressure {
    /// Segments asked for and not begun.
    pub waiting: u32,
    /// Segments being made.
    pub running: u32,
    /// Segments that can be made at once.
    pub workers: u32,
}

/// Why there is no segment.
#[derive(Debug, thiserror::Error)]
pub enum SegmentError {
    /// The track has no such segment.
    #[error("there is no such segment")]
    NotFound,
    /// The file cannot be played; the sentence says why.
    #[error("the track cannot be played: {0}")]
    Unplayable(String),
    /// The file, or its whole folder, is missing for now.
    #[error("the track's file is not there at the moment")]
    Unavailable,
    /// Too much work waits already: what is cached, or later.
    #[error("too much work is waiting")]
    Overloaded,
    /// Our fault: see the log.
    #[error("{0}")]
    Internal(String),
}

/// Makes segments, or has them.
#[async_trait]
pub trait SegmentSource: Debug + Send + Sync {
    /// The bytes of a segment: equal for equal requests as long as
    /// [`format_version`](Self::format_version) is.
    ///
    /// # Errors
    /// See [`SegmentError`].
    async fn segment(&self, request: SegmentRequest) -> Result<Bytes, SegmentError>;

    /// The same bytes, if they can be had without waiting and nothing is to be prepared with them: no
    /// segment follows, as `is_last` says, or the next can be had too. Only for a segment of a single
    /// track, by the identity of its audio, that its neighbours lend no samples to.
    fn at_hand(
        &self,
        audio_hash: &[u8; 32],
        rendition: Rendition,
        index: u64,
        is_last: bool,
    ) -> Option<Bytes>;

    /// The packet before the track's first, which prepares a decoder that comes from another
    /// track; equal for equal requests like a segment.
    ///
    /// # Errors
    /// See [`SegmentError`].
    async fn warm_up(
        &self,
        audio: Audio,
        quality: Quality,
        listener: Listener,
    ) -> Result<Bytes, SegmentError>;

    /// Makes a segment soon if there is nothing better to do: somebody is about to ask for it.
    fn prepare(&self, request: SegmentRequest);

    /// What the lossless rendition of a track is like.
    ///
    /// # Errors
    /// A sentence that says why there is none.
    fn lossless(&self, source: &SourceAudio) -> Result<Lossless, String>;

    /// The init segment of a track's lossless rendition.
    ///
    /// # Errors
    /// See [`SegmentError`].
    fn lossless_init_segment(&self, source: &SourceAudio) -> Result<Bytes, SegmentError>;

    /// Where the tracks of an album lie when it is played as one.
    ///
    /// # Errors
    /// See [`SegmentError`].
    fn join(&self, sources: &[SourceAudio]) -> Result<Joined, SegmentError>;

    /// The packets of a segment, the first of them as soon as they are made; equal for equal
    /// requests like a segment. An error ends the stream.
    fn packets(&self, request: PacketRequest) -> PacketStream;

    /// Whether files of this container can be made.
    fn makes(&self, container: Container) -> bool;

    /// The init segment of every rung of Opus.
    fn init_segment(&self) -> Bytes;

    /// The qualities at which this segment is at hand in its codec without encoding, lowest first;
    /// none of a codec without qualities.
    async fn cached(&self, request: &SegmentRequest) -> Vec<Quality>;

    /// How much work is waiting.
    fn pressure(&self) -> Pressure;

    /// Changes whenever any segment's bytes would.
    fn format_version(&self) -> u32;

    /// The exact length in bytes of segment `index`, known before it is encoded; `None` past the
    /// end.
    fn segment_bytes(&self, timeline: Timeline, rendition: Rendition, index: u64) -> Option<u64>;

    /// Why segments are not kept on disk at the moment, if so.
    fn disk_fault(&self) -> Option<String>;
}
