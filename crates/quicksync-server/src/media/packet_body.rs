//! The body of a file that is encoded while it is sent.
//!
//! Decides: in which order packets are asked for, and that encoders short of time make a listener
//! wait rather than cut them off. Never asks for more than the next segment: a client that reads
//! slowly, or goes away, costs no more than it took.

use std::future::ready;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryStreamExt as _};
use quicksync_model::{Quality, Timeline};
use quicksync_progressive::{Container, Part, Place, ProgressiveError, TrackFile};

use super::ahead;
use super::playable::Joins;
use super::segments::look_again;
use super::stream::rendition;
use crate::ServerState;
use crate::segment_source::{
    Audio, Listener, PacketRequest, PacketStream, SegmentError, SegmentRequest,
};

/// How long a body that has begun waits for overloaded encoders before it asks again, and how
/// often. There is no status any more to say it with, and its listener has a buffer.
const PAUSE: Duration = Duration::from_millis(500);
const PATIENCE: u32 = 60;

/// A track or an album as a file, and what its packets are made of.
#[derive(Debug)]
pub(super) struct PacketBody {
    pub(super) file: TrackFile,
    pub(super) audio: Audio,
    pub(super) place: (Timeline, Joins),
    pub(super) container: Container,
    pub(super) quality: Quality,
    pub(super) listener: Listener,
}

type Pieces = BoxStream<'static, Result<Bytes, SegmentError>>;

impl PacketBody {
    /// The bytes of `range`. The first packets are waited for, so that what stops them still has a
    /// status.
    ///
    /// # Errors
    /// What the first packets meet.
    pub(super) async fn open(
        self,
        state: &ServerState,
        range: Range<u64>,
    ) -> Result<Body, SegmentError> {
        let has_head = range.start < self.file.head().len() as u64;
        let first = usize::from(has_head);
        self.prepare_next(state, range.clone());
        let mut pieces = Arc::new(self).pieces(state.clone(), range, first);
        let mut begun = Vec::new();
        while begun.len() <= first {
            let Some(piece) = pieces.next().await else { break };
            begun.push(Ok(piece?));
        }
        let all = stream::iter(begun).chain(pieces);
        let all = all.inspect_err(|error| tracing::warn!(%error, "a stream ends before its end"));
        Ok(Body::from_stream(all))
    }

    /// The first segment whose packets lie in `range`.
    pub(super) fn first_segment(&self, range: Range<u64>) -> u64 {
        self.segments(range).next().map_or(0, |(index, _)| index)
    }

    /// The segments whose packets lie in `range`, and how many bytes of each do.
    fn segments(&self, range: Range<u64>) -> impl Iterator<Item = (u64, u64)> {
        self.file.parts(range).filter_map(|part: Part| match part.place {
            Place::Segment(index) => Some((index, part.range.end - part.range.start)),
            Place::Head | Place::WarmUp => None,
        })
    }

    /// Where `range` begins with less than a second of a segment, its listener waits for the next one
    /// too: that is made beside it, if there is room.
    fn prepare_next(&self, state: &ServerState, range: Range<u64>) {
        let mut segments = self.segments(range);
        let (Some((_, bytes)), Some((index, _))) = (segments.next(), segments.next()) else {
            return;
        };
        if bytes < u64::from(self.quality.bitrate().bps() / 8) {
            let rendition = rendition(self.container, self.quality);
            let (audio, listener) = (self.audio.clone(), self.listener);
            state.segments().prepare(SegmentRequest { audio, rendition, index, listener });
        }
    }

    /// The pieces of `range`, of which number `first` has the first packets, which have a status to
    /// fail with.
    fn pieces(self: Arc<Self>, state: ServerState, range: Range<u64>, first: usize) -> Pieces {
        let parts = self.file.parts(range).enumerate();
        let piece = move |(n, part): (usize, Part)| {
            let patience = if n > first { PATIENCE } else { 0 };
            Arc::clone(&self).piece(state.clone(), part, patience)
        };
        stream::iter(parts).flat_map(piece).boxed()
    }

    fn piece(self: Arc<Self>, state: ServerState, part: Part, patience: u32) -> Pieces {
        let range = part.range;
        match part.place {
            Place::Head => stream::once(ready(Ok(clip(&self.file.head(), 0, &range)))).boxed(),
            Place::WarmUp => {
                let packets = patient(state, self.request(None), patience);
                let wrap = move |packet: Bytes| {
                    let page = self.file.warm_up(&packet).map_err(defect);
                    ready(page.map(|page| clip(&page, 0, &range)))
                };
                packets.and_then(wrap).boxed()
            }
            Place::Segment(index) => {
                let wanted = (rendition(self.container, self.quality), index);
                ahead::next_track(&state, self.place, wanted, self.listener);
                let packets = patient(state, self.request(Some(index)), patience);
                self.runs(index, packets, range)
            }
        }
    }

    fn request(&self, segment: Option<u64>) -> PacketRequest {
        let (container, quality, listener) = (self.container, self.quality, self.listener);
        PacketRequest { audio: self.audio.clone(), container, quality, segment, listener }
    }

    /// Wraps the packets of a segment as they come, and lets through what lies in `range`.
    fn runs(self: Arc<Self>, segment: u64, packets: PacketStream, range: Range<u64>) -> Pieces {
        let size = self.container.packet_bytes(self.quality.bitrate());
        let end = range.end;
        let wrapped = packets.scan((0_u32, 0_u64), move |(first, at), packets| {
            let run = packets.and_then(|packets| {
                let run = self.file.run(segment, *first, &packets).map_err(defect)?;
                *first += u32::try_from(packets.len()).unwrap_or(u32::MAX) / size.max(1);
                let start = *at;
                *at += run.len() as u64;
                Ok((start, run))
            });
            ready(Some(run))
        });
        wrapped
            .take_while(move |run| ready(run.as_ref().map_or(true, |(start, _)| *start < end)))
            .map_ok(move |(start, run)| clip(&run, start, &range))
            .try_filter(|run| ready(!run.is_empty()))
            .boxed()
    }
}

/// What of `bytes`, which begin at `start`, lies in `range`.
fn clip(bytes: &Bytes, start: u64, range: &Range<u64>) -> Bytes {
    let at = |place: u64| {
        usize::try_from(place.saturating_sub(start)).map_or(bytes.len(), |at| at.min(bytes.len()))
    };
    bytes.slice(at(range.start)..at(range.end).max(at(range.start)))
}

/// The packets, asked for again while the encoders are overloaded. Where a file cannot be read they end,
/// if need be in the midst of an answer: without a neighbour's samples they would be other bytes than
/// those that the answer's entity tag names.
fn patient(state: ServerState, request: PacketRequest, patience: u32) -> PacketStream {
    let begin = async move {
        let mut tries = 0;
        loop {
            let mut packets = state.segments().packets(request.clone());
            let first = packets.next().await;
            match &first {
                Some(Err(SegmentError::Overloaded)) if tries < patience => {
                    tries += 1;
                    tokio::time::sleep(PAUSE).await;
                }
                Some(Err(error)) => {
                    look_again(&state, &request.audio, error);
                    return stream::iter(first).chain(packets);
                }
                _ => return stream::iter(first).chain(packets),
            }
        }
    };
    stream::once(begin).flatten().boxed()
}

fn defect(error: ProgressiveError) -> SegmentError {
    SegmentError::Internal(error.to_string())
}
