//! `encode`: fills the segment cache before anyone listens, with a progress bar for who watches.
//!
//! Decides: which segments are made. Never: how; the engine of the server makes them, and keeps them
//! where the server finds them.

use std::num::NonZeroUsize;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use indicatif::ProgressBar;
use quicksync_library::Library;
use quicksync_media::{DiskConfig, Engine, EngineConfig, Place};
use quicksync_model::{Quality, Rendition};
use quicksync_progressive::Container;
use quicksync_server::{
    Audio, Listener, PacketRequest, SegmentRequest, SegmentSource as _, SourceAudio, TrackAudio,
};
use quicksync_store::{
    AlbumQuery, LibraryStore as _, PageRequest, SqliteStore, TrackQuery, TrackRow,
};
use serde::Serialize;

use crate::cli::{EncodeArgs, EncodeCodec, EncodeWish};
use crate::config::{Config, Surroundings};
use crate::data_dir;
use crate::failure::Refusal;
use crate::output::{complain, progress_bar, say};
use crate::rooms::{self, Pools};
use crate::segment_source::EngineSource;

/// Rows asked of the store at a time.
const PAGE: u32 = 500;
/// The word for every album.
const ALL: &str = "all";

/// What `--json` prints.
#[derive(Debug, Default, Serialize)]
struct Report {
    tracks: u64,
    segments: u64,
    encoded: u64,
    bytes: u64,
    problems: Vec<Problem>,
}

#[derive(Debug, Serialize)]
struct Problem {
    path: String,
    reason: String,
}

/// One segment to be made.
#[derive(Clone, Debug)]
struct Job {
    track: usize,
    request: PacketRequest,
}

/// `quicksync encode`.
pub(crate) async fn run(args: EncodeArgs) -> Result<()> {
    let EncodeArgs { settings, wish } = args;
    let config = Config::load(settings, &Surroundings::real())?;
    config.require_music()?;
    data_dir::create(&config.data)?;
    let _lock = data_dir::lock(&config.data)?;
    let store = rooms::open_store(&config.store()).await?;
    let pools = Pools::new(config.encode_workers)?;
    let library = rooms::open_library(&store, &pools, config.music.clone());
    let engine = open_engine(&config, &pools).await?;
    let room = Room { source: EngineSource(engine.clone()), store, library };
    let report = room.encode(&wish, &config).await?;
    engine.flush().await;
    room.store.close().await;
    if let Some(fault) = engine.disk_fault() {
        bail!("segments cannot be kept on disk: {fault}");
    }
    print(&report, wish.json)
}

async fn open_engine(config: &Config, pools: &Pools) -> Result<Engine> {
    let engine = EngineConfig {
        // Everything goes to disk; nobody listens meanwhile.
        memory_bytes: 0,
        disk: Some(DiskConfig {
            place: Place::Folder(config.segments.clone()),
            bytes: config.cache_disk_bytes,
        }),
        workers: config.encode_workers,
        max_waiting: usize::MAX,
        encode_ahead: false,
    };
    Engine::open(engine, Arc::new(pools.decoder())).await.context("cannot start the segment engine")
}

/// What encoding ahead needs.
#[derive(Debug)]
struct Room {
    source: EngineSource,
    store: SqliteStore,
    library: Library,
}

impl Room {
    async fn encode(&self, wish: &EncodeWish, config: &Config) -> Result<Report> {
        let container = match wish.codec {
            EncodeCodec::Opus => Container::OggOpus,
            EncodeCodec::Mp3 => Container::Mp3,
        };
        if !self.source.makes(container) {
            return Err(Refusal::Usage("this program was built without that encoder".into()).into());
        }
        let tracks = self.tracks(&wish.albums).await?;
        let mut report = Report { tracks: tracks.len() as u64, ..Report::default() };
        let (sources, problems) = self.sources(&tracks).await?;
        report.problems = problems;
        let jobs: Vec<Job> = sources
            .into_iter()
            .flat_map(|(track, audio)| jobs(track, audio, container, &wish.quality))
            .collect();
        report.segments = jobs.len() as u64;
        refuse_too_much(&jobs, config)?;
        self.work(jobs, &tracks, config.encode_workers, &mut report).await?;
        Ok(report)
    }

    /// The tracks of the albums whose title or artist has these words.
    async fn tracks(&self, albums: &[String]) -> Result<Vec<TrackRow>> {
        if albums.is_empty() || albums.iter().any(|words| words == ALL) {
            return self.tracks_of(TrackQuery::default()).await;
        }
        let mut tracks = Vec::new();
        for words in albums {
            let query = AlbumQuery { text: Some(words.clone()), ..AlbumQuery::default() };
            let page = PageRequest { offset: 0, limit: PAGE };
            let found = self.store.albums(&query, page).await.context("cannot list the albums")?;
            if found.items.is_empty() {
                bail!("no album has {words:?} in its title or artist");
            }
            for album in found.items {
                let query = TrackQuery { album: Some(album.id), ..TrackQuery::default() };
                tracks.extend(self.tracks_of(query).await?);
            }
        }
        Ok(tracks)
    }

    async fn tracks_of(&self, query: TrackQuery) -> Result<Vec<TrackRow>> {
        let mut tracks: Vec<TrackRow> = Vec::new();
        loop {
            let page = PageRequest { offset: tracks.len() as u64, limit: PAGE };
            let found = self.store.tracks(&query, page).await.context("cannot list the tracks")?;
            if found.items.is_empty() {
                return Ok(tracks);
            }
            tracks.extend(found.items);
        }
    }

    /// What each track is made of, by its place in the list; and which cannot be played.
    async fn sources(
        &self,
        tracks: &[TrackRow],
    ) -> Result<(Vec<(usize, TrackAudio)>, Vec<Problem>)> {
        let (mut sources, mut problems) = (Vec::new(), Vec::new());
        for (n, track) in tracks.iter().enumerate() {
            match self.library.ensure_analysed(track.id).await {
                Ok(row) => {
                    let Some(source) = SourceAudio::of(&row) else { continue };
                    let around = self.store.neighbours(row.id).await;
                    let around = around.context("cannot look up the neighbours of a track")?;
                    let previous = self.lent(around.previous).await;
                    let next = self.lent(around.next).await;
                    sources.push((n, TrackAudio { source, previous, next }));
                }
                Err(error) => problems.push(problem(track, &error)),
            }
        }
        Ok((sources, problems))
    }

    /// What a neighbour lends; one that cannot be read lends nothing, and has a problem of its own.
    async fn lent(&self, neighbour: Option<TrackRow>) -> Option<SourceAudio> {
        let Self { library, .. } = self;
        SourceAudio::of(&library.ensure_analysed(neighbour?.id).await.ok()?)
    }

    async fn work(
        &self,
        jobs: Vec<Job>,
        tracks: &[TrackRow],
        workers: NonZeroUsize,
        report: &mut Report,
    ) -> Result<()> {
        let bar = progress_bar("{msg} {wide_bar} {pos}/{len} segments, {eta} left");
        bar.set_length(jobs.len() as u64);
        // One beyond the encoders: while one segment is written, the next is made.
        let at_once = workers.get() + 1;
        let mut done = stream::iter(jobs).map(|job| self.make(job)).buffer_unordered(at_once);
        let mut failed = vec![false; tracks.len()];
        while let Some((job, made)) = done.next().await {
            show(&bar, tracks, job.track);
            match made {
                Ok(Made::There) => {}
                Ok(Made::Now(bytes)) => {
                    report.encoded += 1;
                    report.bytes += bytes;
                }
                Err(error) => {
                    let is_new =
                        failed.get_mut(job.track).is_some_and(|was| !std::mem::replace(was, true));
                    let track = tracks.get(job.track).filter(|_| is_new);
                    report.problems.extend(track.map(|track| problem(track, &error)));
                }
            }
        }
        bar.finish_and_clear();
        Ok(())
    }

    async fn make(&self, job: Job) -> (Job, Result<Made, quicksync_server::SegmentError>) {
        let PacketRequest { audio, container, quality, segment, listener } = job.request.clone();
        if let Some(index) = segment {
            let rendition = match container {
                Container::OggOpus => Rendition::Opus(quality),
                Container::Mp3 => Rendition::Mp3(quality),
            };
            let request = SegmentRequest { audio, rendition, index, listener };
            if self.source.cached(&request).await.contains(&quality) {
                return (job, Ok(Made::There));
            }
        }
        let packets = self.source.packets(job.request.clone());
        let bytes = packets.try_fold(0, |sum, run| async move { Ok(sum + run.len() as u64) }).await;
        (job, bytes.map(Made::Now))
    }
}

/// What came of a job.
#[derive(Clone, Copy, Debug)]
enum Made {
    There,
    /// Bytes of packets.
    Now(u64),
}

fn show(bar: &ProgressBar, tracks: &[TrackRow], track: usize) {
    bar.inc(1);
    if let Some(track) = tracks.get(track) {
        bar.set_message(track.title.chars().take(30).collect::<String>());
    }
}

fn problem(track: &TrackRow, reason: &impl ToString) -> Problem {
    Problem { path: track.path.display().to_string(), reason: reason.to_string() }
}

/// The segments of one track at the qualities its ladder offers of those wanted.
fn jobs(
    track: usize,
    audio: TrackAudio,
    container: Container,
    wanted: &[Quality],
) -> impl Iterator<Item = Job> + use<> {
    let ladder = audio.source.ladder();
    let mut qualities: Vec<_> = wanted.iter().map(|quality| ladder.serve(*quality)).collect();
    if wanted.is_empty() {
        qualities.extend(ladder.qualities());
    }
    qualities.sort_unstable();
    qualities.dedup();
    let segments = audio.source.timeline().segments();
    let (audio, listener) = (Audio::Track(Arc::new(audio)), Listener::default());
    qualities.into_iter().flat_map(move |quality| {
        let audio = audio.clone();
        (0..segments).map(move |segment| {
            let (audio, segment) = (audio.clone(), Some(segment));
            let request = PacketRequest { audio, container, quality, segment, listener };
            Job { track, request }
        })
    })
}

/// A cache that is too small would throw away what was just made.
fn refuse_too_much(jobs: &[Job], config: &Config) -> Result<()> {
    let bytes = |job: &Job| {
        let PacketRequest { audio, container, quality, segment, .. } = &job.request;
        let source = audio.sources().first();
        let samples = segment
            .zip(source)
            .and_then(|(index, source)| source.timeline().segment_samples(index));
        let packets = samples.unwrap_or_default().div_ceil(container.packet_samples());
        u64::from(packets) * u64::from(container.packet_bytes(quality.bitrate()))
    };
    let needed: u64 = jobs.iter().map(bytes).sum();
    if needed > config.cache_disk_bytes {
        let sentence = format!(
            "the segments take {needed} bytes, and the cache may hold {}: raise cache.disk_bytes, or \
             name fewer qualities or albums",
            config.cache_disk_bytes
        );
        return Err(Refusal::Usage(sentence).into());
    }
    Ok(())
}

fn print(report: &Report, json: bool) -> Result<()> {
    if json {
        say(&serde_json::to_string(report)?);
    } else {
        for problem in &report.problems {
            complain(&format!("{}: {}", problem.path, problem.reason));
        }
        say(&format!(
            "{} tracks, {} segments: {} encoded now ({} bytes), the others were there",
            report.tracks, report.segments, report.encoded, report.bytes
        ));
    }
    if report.problems.is_empty() {
        return Ok(());
    }
    bail!("{} tracks could not be encoded whole", report.problems.len())
}
