//! Any segment of any programme in any rendition, just in time.
//!
//! Knows: where the samples come from, who may encode, where results lie. Never: HTTP, the
//! library, which quality a listener should have.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use quicksync_decode::{AudioHash, Decoder};
use quicksync_model::{Codec, Quality, Rendition, SAMPLE_RATE};

use crate::cache::{Cache, Key};
use crate::codec::Shape;
use crate::cut::Cut;
use crate::flight::{Flights, Report, Seat};
use crate::lossless::LosslessCut;
use crate::pcm::{Feed, Reader};
use crate::pool::{Listener, Pool};
use crate::wrap::{unwrap, wrap};
use crate::{EngineConfig, MediaError, Pressure, Programme, lossless_format};

/// Packets as they are made: each item is some whole packets.
pub type PacketStream = BoxStream<'static, Result<Bytes, MediaError>>;

/// The segment engine, on behalf of one listener. Clones share everything.
#[derive(Clone, Debug)]
pub struct Engine {
    shared: Arc<Shared>,
    listener: Listener,
}

#[derive(Debug)]
struct Shared {
    reader: Reader,
    cache: Cache,
    flights: Flights,
    pool: Pool,
    init: Bytes,
    encode_ahead: bool,
}

impl Engine {
    /// An engine that reads sources with `decoder`. Lists the disk cache, so it takes a moment
    /// where that is large; a disk that cannot be used is reported by [`Self::disk_fault`].
    ///
    /// # Errors
    /// [`MediaError::Internal`] if the init segment cannot be made.
    pub async fn open(config: EngineConfig, decoder: Arc<dyn Decoder>) -> Result<Self, MediaError> {
        let shared = Shared {
            reader: Reader::new(decoder),
            cache: Cache::open(&config).await,
            flights: Flights::default(),
            pool: Pool::new(config.workers.get(), config.max_waiting),
            init: quicksync_fmp4::init_segment()?,
            encode_ahead: config.encode_ahead,
        };
        Ok(Self { shared: Arc::new(shared), listener: Listener::default() })
    }

    /// The same engine, asked by `listener`: where many ask for much, each has their turn.
    #[must_use]
    pub fn on_behalf_of(&self, listener: Listener) -> Self {
        Self { shared: Arc::clone(&self.shared), listener }
    }

    /// Whether this build encodes `codec`.
    #[must_use]
    pub fn makes(&self, codec: Codec) -> bool {
        codec == Codec::Flac || Shape::of(codec).is_ok()
    }

    /// The init segment of every track and rung of Opus. MP3 segments need none.
    #[must_use]
    pub fn init_segment(&self) -> Bytes {
        self.shared.init.clone()
    }

    /// The init segment of every track and rung of `codec`: what [`Self::init_segment`] gives for
    /// Opus, and AAC's. MP3 has none, and FLAC one for each track.
    ///
    /// # Errors
    /// [`MediaError::Unsupported`] for a codec that has none.
    pub fn init_segment_of(&self, codec: Codec) -> Result<Bytes, MediaError> {
        match codec {
            Codec::Opus => Ok(self.init_segment()),
            Codec::Aac => Ok(quicksync_fmp4::aac_init_segment()?),
            other => Err(MediaError::Unsupported(other)),
        }
    }

    /// The init segment of the lossless rendition of a programme that is a single track.
    ///
    /// # Errors
    /// [`MediaError::NotLossless`] where there is none, [`MediaError::Unsupported`] for an album.
    pub fn lossless_init_segment(&self, programme: &Programme) -> Result<Bytes, MediaError> {
        let source = programme.alone().ok_or(MediaError::Unsupported(Codec::Flac))?;
        let format = lossless_format(&source.analysis).map_err(MediaError::NotLossless)?;
        Ok(quicksync_fmp4::lossless_init_segment(format)?)
    }

    /// Segment `index` of `programme`, whether or not the source's ladder offers the rendition.
    ///
    /// Dropping the future gives up this one's interest; when nobody is interested any more, an
    /// encoder that has begun stops.
    ///
    /// # Errors
    /// See [`MediaError`]. No error is remembered: the next request tries again.
    pub async fn segment(
        &self,
        programme: &Programme,
        rendition: Rendition,
        index: u64,
    ) -> Result<Bytes, MediaError> {
        let job = Job::new(programme, rendition, index)?;
        let key = job.key(programme);
        let segment = match self.shared.cache.at_hand(&key) {
            Some(segment) => segment,
            None => self.outcome(programme, job, key).await?,
        };
        self.run_ahead(programme, rendition, index.saturating_add(1));
        Ok(segment)
    }

    /// Segment `index` of this audio, if it is in memory and there is nothing else to do: it `is_last`, or
    /// what follows can be had without encoding. Only for a segment that no other audio lends samples to.
    #[must_use]
    pub fn at_hand(
        &self,
        audio_hash: AudioHash,
        rendition: Rendition,
        index: u64,
        is_last: bool,
    ) -> Option<Bytes> {
        let key = Key { audio_hash, rendition, index };
        let segment = self.shared.cache.at_hand(&key)?;
        let next = Key { index: index.checked_add(1)?, ..key };
        let is_all = is_last || !self.shared.encode_ahead || self.shared.cache.contains(&next);
        is_all.then_some(segment)
    }

    /// The packets of segment `index` as they stand in a file, the first about as soon as it is
    /// encoded; `None` for the warm-up packet before the first segment. Each item is a run of
    /// packets from a multiple of 23,040 samples on, or up to the end of the segment. An error ends
    /// the stream; dropping it gives up the interest in the work.
    ///
    /// Only for codecs with packets of one size: see [`Rendition::packet_bytes`].
    #[must_use]
    pub fn packets(
        &self,
        programme: &Programme,
        rendition: Rendition,
        index: Option<u64>,
    ) -> PacketStream {
        let (engine, programme) = (self.clone(), programme.clone());
        let opening = async move {
            let opened = match index {
                None => engine.warm_up_packet(&programme, rendition).await.map(Opened::Whole),
                Some(index) => engine.open_packets(&programme, rendition, index).await,
            };
            match opened {
                Ok(Opened::Whole(packets)) => stream::iter([Ok(packets)]).boxed(),
                Ok(Opened::Flying(seat, cut)) => {
                    let next = cut.index.saturating_add(1);
                    let ahead = move || engine.run_ahead(&programme, rendition, next);
                    after_a_second(follow(seat, cut), rendition, ahead)
                }
                Err(error) => stream::iter([Err(error)]).boxed(),
            }
        };
        stream::once(opening).flatten().boxed()
    }

    async fn open_packets(
        &self,
        programme: &Programme,
        rendition: Rendition,
        index: u64,
    ) -> Result<Opened, MediaError> {
        let cut = Cut::new(programme.timeline(), rendition, index)?;
        let job = Job::Encode { cut, soon: true };
        let key = job.key(programme);
        let Some(segment) = self.shared.cache.at_hand(&key) else {
            return Ok(Opened::Flying(self.work(programme, job, key), cut));
        };
        self.run_ahead(programme, rendition, index.saturating_add(1));
        Ok(Opened::Whole(unwrap(&cut, &segment)?))
    }

    /// The packet before the first one of `programme`, as a segment: decoded and thrown away, it
    /// prepares a decoder that comes from another track. Not kept: it takes two milliseconds.
    ///
    /// # Errors
    /// See [`MediaError`].
    pub async fn warm_up(
        &self,
        programme: &Programme,
        rendition: Rendition,
    ) -> Result<Bytes, MediaError> {
        let cut = Cut::warm_up(rendition)?;
        self.shared.make(programme, (cut, true), self.listener, |_| true).await
    }

    async fn warm_up_packet(
        &self,
        programme: &Programme,
        rendition: Rendition,
    ) -> Result<Bytes, MediaError> {
        unwrap(&Cut::warm_up(rendition)?, &self.warm_up(programme, rendition).await?)
    }

    /// Makes segment `index` soon if there is nothing better to do: for a caller that knows what
    /// will be asked for next, such as the start of the next track.
    pub fn prepare(&self, programme: &Programme, rendition: Rendition, index: u64) {
        let Ok(job) = Job::new(programme, rendition, index) else { return };
        let key = job.key(programme);
        if self.shared.cache.contains(&key) {
            return;
        }
        let Some(leave) = self.shared.pool.may_run_ahead() else { return };
        let seat = self.work(programme, job, key);
        tokio::spawn(async move {
            // The listener's own request will meet the same error and say so.
            if let Err(error) = seat.outcome().await {
                tracing::debug!(%error, index, "cannot encode ahead");
            }
            drop(leave);
        });
    }

    /// The qualities at which segment `index` can be had in `codec` without encoding, lowest first.
    #[must_use]
    pub fn cached(&self, programme: &Programme, codec: Codec, index: u64) -> Vec<Quality> {
        let is_cached = |quality: Quality| {
            Job::new(programme, Rendition::new(codec, quality), index)
                .is_ok_and(|job| self.shared.cache.contains(&job.key(programme)))
        };
        Quality::ALL.into_iter().filter(|quality| is_cached(*quality)).collect()
    }

    /// How busy the encoders are.
    #[must_use]
    pub fn pressure(&self) -> Pressure {
        self.shared.pool.pressure()
    }

    /// Why the disk cache does not work at the moment, if it does not.
    #[must_use]
    pub fn disk_fault(&self) -> Option<String> {
        self.shared.cache.disk_fault()
    }

    /// Waits until the segments made so far are on disk, or could not be written.
    pub async fn flush(&self) {
        self.shared.cache.flush().await;
    }

    fn run_ahead(&self, programme: &Programme, rendition: Rendition, index: u64) {
        if self.shared.encode_ahead {
            self.prepare(programme, rendition, index);
        }
    }

    async fn outcome(
        &self,
        programme: &Programme,
        job: Job,
        key: Key,
    ) -> Result<Bytes, MediaError> {
        let seat = self.work(programme, job.clone(), key);
        match seat.outcome().await {
            // Whoever began it had too much in the queue. That says nothing of this listener.
            Err(MediaError::Overloaded { .. }) if seat.listener() != self.listener => {
                self.work(programme, job, key).outcome().await
            }
            outcome => outcome,
        }
    }

    /// A seat in the making of a segment, whoever began it.
    fn work(&self, programme: &Programme, job: Job, key: Key) -> Seat {
        let (shared, listener) = (Arc::clone(&self.shared), self.listener);
        let programme = programme.clone();
        self.shared.flights.join(key, listener, move |report| async move {
            shared.find_or_make(&programme, job, key, listener, report).await
        })
    }
}

/// Packets that are there, or on their way.
enum Opened {
    Whole(Bytes),
    Flying(Seat, Cut),
}

/// What makes one segment.
#[derive(Clone, Debug)]
enum Job {
    /// By a lossy codec; `soon` if its first packets are waited for.
    Encode {
        cut: Cut,
        soon: bool,
    },
    Lossless(Box<LosslessCut>),
}

impl Job {
    fn new(programme: &Programme, rendition: Rendition, index: u64) -> Result<Self, MediaError> {
        if rendition == Rendition::Flac {
            let source = programme.alone().ok_or(MediaError::Unsupported(Codec::Flac))?;
            return LosslessCut::new(source, index).map(Box::new).map(Self::Lossless);
        }
        let cut = Cut::new(programme.timeline(), rendition, index)?;
        Ok(Self::Encode { cut, soon: false })
    }

    fn key(&self, programme: &Programme) -> Key {
        match self {
            Self::Encode { cut, .. } => {
                let window = Cut::window(programme.timeline(), cut.index);
                let window = window.unwrap_or_else(|| cut.fed());
                Key {
                    audio_hash: programme.hash_of(&window),
                    rendition: cut.rendition,
                    index: cut.index,
                }
            }
            Self::Lossless(cut) => Key {
                audio_hash: cut.piece().source.analysis.audio_hash,
                rendition: Rendition::Flac,
                index: cut.index(),
            },
        }
    }
}

/// The runs of packets as the work hands them on. A segment that was found on disk after all comes
/// as one run.
fn follow(seat: Seat, cut: Cut) -> PacketStream {
    let next = move |seen: Option<usize>| {
        let seat = seat.clone();
        async move {
            let seen = seen?;
            let run = match seat.after(seen).await {
                Ok(Some(run)) => return Some((Ok(run), Some(seen + 1))),
                Ok(None) if seen > 0 => return None,
                Ok(None) => seat.outcome().await.and_then(|segment| unwrap(&cut, &segment)),
                Err(error) => Err(error),
            };
            Some((run, None))
        }
    };
    stream::unfold(Some(0), next).boxed()
}

/// The same packets; once a second of them has come, `then` is called. Until then a listener waits
/// for the first sound, and what is made beside it would take a part of the same processor.
fn after_a_second(
    packets: PacketStream,
    rendition: Rendition,
    then: impl FnOnce() + Send + 'static,
) -> PacketStream {
    let packet_samples = rendition.codec().packet_samples().max(1);
    let packet_bytes = rendition.packet_bytes().unwrap_or_default();
    let mut left = SAMPLE_RATE.div_ceil(packet_samples).saturating_mul(packet_bytes) as usize;
    let mut then = Some(then);
    let count = move |run: &Bytes| {
        left = left.saturating_sub(run.len());
        if left == 0
            && let Some(then) = then.take()
        {
            then();
        }
    };
    packets.inspect_ok(count).boxed()
}

impl Shared {
    async fn find_or_make(
        &self,
        programme: &Programme,
        job: Job,
        key: Key,
        listener: Listener,
        report: Report,
    ) -> Result<Bytes, MediaError> {
        if let Some(segment) = self.cache.load(&key).await {
            return Ok(segment);
        }
        let segment = match job {
            Job::Encode { cut, soon } => {
                let hand_on = move |run| report.hand_on(run);
                self.make(programme, (cut, soon), listener, hand_on).await?
            }
            Job::Lossless(cut) => self.make_lossless(*cut, listener).await?,
        };
        self.cache.keep(key, segment.clone());
        Ok(segment)
    }

    /// Makes a segment; its first packets sooner, where `soon` says that somebody waits for those,
    /// at the cost of a second seek into the file.
    async fn make(
        &self,
        programme: &Programme,
        (cut, soon): (Cut, bool),
        listener: Listener,
        hand_on: impl FnMut(Bytes) -> bool + Send + 'static,
    ) -> Result<Bytes, MediaError> {
        let slot = self.pool.enter(listener).await?;
        let encode = |feed| move || wrap(&cut, &cut.encode(feed, hand_on)?);
        let (here, rest) = if soon {
            self.reader.begin(programme, &cut).await?
        } else {
            (self.reader.whole(programme, &cut).await?, None)
        };
        let Some(rest) = rest else { return slot.run(encode(Feed::new(&cut, here, None))).await };
        let (sender, coming) = sync_channel(1);
        let reading = async move {
            let rest = self.reader.rest(programme, &cut, rest).await?;
            // An encoder that has stopped wants none.
            let _stopped = sender.send(rest);
            Ok(())
        };
        let encoding = slot.run(encode(Feed::new(&cut, here, Some(coming))));
        let (made, read) = tokio::join!(encoding, reading);
        // Where reading failed the encoder only knows that nothing came.
        read.and(made)
    }

    async fn make_lossless(
        &self,
        cut: LosslessCut,
        listener: Listener,
    ) -> Result<Bytes, MediaError> {
        let slot = self.pool.enter(listener).await?;
        let decoded = self.reader.decode(&cut.piece()).await?;
        slot.run(move || cut.make(&decoded)).await
    }
}
