//! Tracks, albums, artists, covers, and the files that could not be read.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use quicksync_model::Loudness;
use uuid::Uuid;

use crate::StoreError;

/// One slice of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Items to skip.
    pub offset: u64,
    /// Items to return at most.
    pub limit: u32,
}

/// A slice of a list and the length of the whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// How many there are in all.
    pub count: u64,
    /// The items of this slice.
    pub items: Vec<T>,
}

/// What was learnt of a file by a whole read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnalysisRow {
    /// Identity of the audio.
    pub audio_hash: [u8; 32],
    /// Exact sample frames at the source rate.
    pub samples: u64,
    /// Mean rate of the coded audio.
    pub mean_kbps: u32,
}

/// One library item a listener picks.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackRow {
    /// Random, given at first sight; survives renames, moves and retags.
    pub id: Uuid,
    /// The music folder it lies in.
    pub root: PathBuf,
    /// Absolute.
    pub path: PathBuf,
    /// Length of the file.
    pub size_bytes: u64,
    /// Modification time of the file, Unix time.
    pub modified_us: i64,
    /// False while the file or its whole music folder is missing.
    pub available: bool,
    /// Tags, with the fallbacks applied.
    pub title: String,
    /// As the tags name the performer of this track.
    pub artist: String,
    /// Who the album is filed under.
    pub artist_id: Option<Uuid>,
    /// The album's title; empty if none.
    pub album: String,
    /// The album.
    pub album_id: Option<Uuid>,
    /// Position on the disc.
    pub track_number: Option<u32>,
    /// Disc of the album.
    pub disc_number: Option<u32>,
    /// Year of release.
    pub year: Option<u32>,
    /// As tagged.
    pub genre: Option<String>,
    /// The cover, its own or its folder's.
    pub cover_id: Option<Uuid>,
    /// Wire name of the source codec, e.g. `vorbis`.
    pub codec: String,
    /// Hz.
    pub sample_rate: u32,
    /// Channels in the file.
    pub channels: u32,
    /// Where the codec has such a thing.
    pub bits_per_sample: Option<u32>,
    /// Sample frames as the headers claim, until `analysis` knows better.
    pub claimed_samples: Option<u64>,
    /// What a whole read showed; `None` until then.
    pub analysis: Option<AnalysisRow>,
    /// How loud it is; `None` until it was measured, and of silence.
    pub loudness: Option<Loudness>,
    /// How loud its album is.
    pub album_loudness: Option<Loudness>,
    /// Why it cannot be played, if so.
    pub problem: Option<String>,
    /// Unix time of first sight.
    pub added_us: i64,
}

/// An album: what shares an album title and an album artist, or a folder where no album artist is
/// tagged.
#[derive(Clone, Debug, PartialEq)]
pub struct AlbumRow {
    /// Random.
    pub id: Uuid,
    /// As tagged.
    pub title: String,
    /// Who it is filed under.
    pub artist: String,
    /// Who it is filed under.
    pub artist_id: Option<Uuid>,
    /// Earliest year of its tracks.
    pub year: Option<u32>,
    /// Cover of its first track that has one.
    pub cover_id: Option<Uuid>,
    /// Available tracks.
    pub track_count: u64,
    /// Sum of what is known of its tracks' lengths.
    pub duration_s: f64,
    /// How loud it is as a whole; `None` until all its tracks were measured, and of silence.
    pub loudness: Option<Loudness>,
    /// Unix time its first track was first seen.
    pub added_us: i64,
}

/// An artist albums and tracks are filed under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArtistRow {
    /// Random.
    pub id: Uuid,
    /// As tagged.
    pub name: String,
    /// Albums filed under them.
    pub album_count: u64,
    /// Available tracks filed under them.
    pub track_count: u64,
}

/// A raster image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverRow {
    /// Random.
    pub id: Uuid,
    /// `image/jpeg`, `image/png` or `image/webp`, by content.
    pub media_type: String,
    /// The image as found.
    pub bytes: Vec<u8>,
}

/// A file that could not be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemRow {
    /// Absolute.
    pub path: PathBuf,
    /// The track it belongs to, if it ever was one.
    pub track_id: Option<Uuid>,
    /// A sentence.
    pub reason: String,
    /// Unix time it was first met.
    pub since_us: i64,
}

/// What tells an unchanged file from a changed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileStamp {
    /// Absolute.
    pub path: PathBuf,
    /// Length of the file.
    pub size_bytes: u64,
    /// Modification time, Unix time.
    pub modified_us: i64,
    /// Whether it is marked available now.
    pub available: bool,
    /// [`ScannedFile::folder_picture`] of the last scan that read it; `None` if it did not say.
    pub folder_picture: Option<i64>,
}

/// A file that could not be read, as it was then: a scan leaves it alone until it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemStamp {
    /// Absolute.
    pub path: PathBuf,
    /// Length of the file; 0 if it was not known.
    pub size_bytes: u64,
    /// Modification time, Unix time; 0 if it was not known.
    pub modified_us: i64,
}

/// Tags as read, before fallbacks: an empty string is an absent tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScannedTags {
    /// Title, or the file's stem.
    pub title: String,
    /// Performer.
    pub artist: String,
    /// Album title.
    pub album: String,
    /// Album artist; empty if none is tagged.
    pub album_artist: String,
    /// What tells two albums with the same names apart; empty for albums tagged with an artist, the
    /// folder for others. Where there is a key and no album artist, the album is filed under the
    /// one who performs on all its tracks, or else under the various.
    pub album_key: String,
    /// Position on the disc.
    pub track_number: Option<u32>,
    /// Disc of the album.
    pub disc_number: Option<u32>,
    /// Year of release.
    pub year: Option<u32>,
    /// As tagged.
    pub genre: Option<String>,
}

/// What a scan learnt of one readable file.
#[derive(Clone, Debug, PartialEq)]
pub struct ScannedFile {
    /// The music folder it lies in.
    pub root: PathBuf,
    /// Absolute.
    pub path: PathBuf,
    /// Length of the file.
    pub size_bytes: u64,
    /// Modification time, Unix time.
    pub modified_us: i64,
    /// Tags with fallbacks applied.
    pub tags: ScannedTags,
    /// Wire name of the source codec.
    pub codec: String,
    /// Hz.
    pub sample_rate: u32,
    /// Channels in the file.
    pub channels: u32,
    /// Where the codec has such a thing.
    pub bits_per_sample: Option<u32>,
    /// Sample frames as the headers claim.
    pub claimed_samples: Option<u64>,
    /// BLAKE3 of the cover's bytes, media type and bytes.
    pub cover: Option<([u8; 32], String, Vec<u8>)>,
    /// What tells the pictures beside the file from others: 0 if there are none, -1 if they do not
    /// matter as the file has its own.
    pub folder_picture: i64,
    /// Unix time of this scan.
    pub seen_us: i64,
}

/// A track whose file has not been read whole yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnanalysedRow {
    /// The track.
    pub id: Uuid,
    /// Its file.
    pub path: PathBuf,
    /// Its size, which the analysis is only valid for.
    pub size_bytes: u64,
    /// Its modification time, which the analysis is only valid for.
    pub modified_us: i64,
}

/// What was measured of a track's loudness.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoudnessRow {
    /// How loud it is; `None` of silence, and of what cannot be measured.
    pub loudness: Option<Loudness>,
    /// What its album's loudness is computed from: bytes that the store does not look into.
    pub blocks: Vec<u8>,
}

/// A track whose loudness is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmeasuredRow {
    /// The track.
    pub id: Uuid,
    /// Its file.
    pub path: PathBuf,
    /// Size of the file when it was analysed.
    pub size_bytes: u64,
    /// Modification time of the file when it was analysed.
    pub modified_us: i64,
    /// Identity of its audio.
    pub audio_hash: [u8; 32],
    /// Exact sample frames.
    pub samples: u64,
}

/// An album whose loudness is out of date, and what to compute it from.
#[derive(Clone, Debug, PartialEq)]
pub struct AlbumLoudnessRow {
    /// The album.
    pub id: Uuid,
    /// How often its audio has changed.
    pub changes: u64,
    /// What was measured of each of its tracks.
    pub tracks: Vec<LoudnessRow>,
}

/// How tracks are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TrackSort {
    /// Artist, album, disc, number, title.
    #[default]
    Album,
    /// Title.
    Title,
    /// Newest first.
    Added,
}

/// Which tracks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrackQuery {
    /// Words that title, artist or album contain, all of them, without regard to case or accents.
    pub text: Option<String>,
    /// Of one album.
    pub album: Option<Uuid>,
    /// Of one artist.
    pub artist: Option<Uuid>,
    /// The order.
    pub sort: TrackSort,
}

/// The tracks around one on its album.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Neighbours {
    /// The one before it.
    pub previous: Option<TrackRow>,
    /// The one after it.
    pub next: Option<TrackRow>,
}

/// How albums are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum AlbumSort {
    /// Artist, year, title.
    #[default]
    Artist,
    /// Title.
    Title,
    /// Newest first.
    Added,
}

/// Which albums.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlbumQuery {
    /// Words that title or artist contain.
    pub text: Option<String>,
    /// Of one artist.
    pub artist: Option<Uuid>,
    /// The order.
    pub sort: AlbumSort,
}

/// Which artists, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArtistQuery {
    /// Words that the name contains.
    pub text: Option<String>,
}

/// How large the library is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LibraryCounts {
    /// Available tracks.
    pub tracks: u64,
    /// Albums with an available track.
    pub albums: u64,
    /// Artists with an available track.
    pub artists: u64,
    /// Files that could not be read.
    pub problems: u64,
    /// Available tracks not read whole yet.
    pub unanalysed: u64,
    /// Available tracks read whole whose loudness is not known yet.
    pub unmeasured: u64,
}

/// The library. Lists hold available tracks only, and albums and artists that have one.
#[async_trait]
pub trait LibraryStore {
    /// Every file known at or under `root`, which may be any folder or file: what a scan compares
    /// it with.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn file_stamps(&self, root: &Path) -> Result<Vec<FileStamp>, StoreError>;

    /// Takes scanned files in, in one transaction. A known path is updated in place (its analysis
    /// dropped if size or time changed), a new one becomes a new track; albums, artists and covers
    /// are made as needed and those left empty removed. Problems of these paths are cleared.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn put_files(&self, files: &[ScannedFile]) -> Result<(), StoreError>;

    /// Marks the files at `paths` missing (or present again): their tracks keep id and data.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn set_available(&self, paths: &[PathBuf], available: bool) -> Result<(), StoreError>;

    /// Marks every track outside `roots` and every track of the missing folders in `missing`
    /// unavailable. Deletes nothing.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn set_roots(&self, roots: &[PathBuf], missing: &[PathBuf]) -> Result<(), StoreError>;

    /// Notes why a file cannot be read, for the first time or again.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn put_problem(&self, path: &Path, reason: &str, now_us: i64) -> Result<(), StoreError>;

    /// Notes why the file that looked like `stamp` cannot be read, for the first time or again.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn put_file_problem(
        &self,
        stamp: &ProblemStamp,
        reason: &str,
        now_us: i64,
    ) -> Result<(), StoreError>;

    /// Files at or under `folder` that could not be read, as they were then.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn problem_stamps(&self, folder: &Path) -> Result<Vec<ProblemStamp>, StoreError>;

    /// Forgets the problems of files that are gone.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn clear_problems(&self, paths: &[PathBuf]) -> Result<(), StoreError>;

    /// Files that could not be read, by path.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn problems(&self, page: PageRequest) -> Result<Page<ProblemRow>, StoreError>;

    /// Available tracks not read whole yet and without a problem, oldest first.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn unanalysed(&self, limit: u32) -> Result<Vec<UnanalysedRow>, StoreError>;

    /// Keeps the analysis of a track if its file is still the one analysed, and re-attaches: if an
    /// unavailable track has the same audio and no other available track does, that older track
    /// takes over the file (its id, added time and history live on) and the newer row goes.
    /// Returns the id that now has the file.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn put_analysis(
        &self,
        analysed: &UnanalysedRow,
        analysis: AnalysisRow,
    ) -> Result<Uuid, StoreError>;

    /// Available tracks that are analysed and without a problem, but whose loudness is not known,
    /// oldest first.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn unmeasured(&self, limit: u32) -> Result<Vec<UnmeasuredRow>, StoreError>;

    /// Keeps how loud the audio is; the first measurement stays.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn put_loudness(
        &self,
        audio_hash: &[u8; 32],
        measured: &LoudnessRow,
    ) -> Result<(), StoreError>;

    /// An album whose loudness is out of date although all its tracks that can be measured were.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn unmeasured_album(&self) -> Result<Option<AlbumLoudnessRow>, StoreError>;

    /// Keeps how loud an album was after so many `changes`.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn put_album_loudness(
        &self,
        album: Uuid,
        changes: u64,
        loudness: Option<Loudness>,
    ) -> Result<(), StoreError>;

    /// The tracks heard before and after this one on its album, of those that can be played; none
    /// without an album.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn neighbours(&self, track: Uuid) -> Result<Neighbours, StoreError>;

    /// A track that can be played whose audio's hash begins so; the oldest if there are several.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn track_by_audio(&self, prefix: [u8; 8]) -> Result<Option<TrackRow>, StoreError>;

    /// Every track of this audio, available or not, oldest first.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn tracks_by_audio(&self, audio_hash: &[u8; 32]) -> Result<Vec<TrackRow>, StoreError>;

    /// The track, available or not.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn track(&self, id: Uuid) -> Result<Option<TrackRow>, StoreError>;

    /// Tracks by query.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn tracks(
        &self,
        query: &TrackQuery,
        page: PageRequest,
    ) -> Result<Page<TrackRow>, StoreError>;

    /// One album.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn album(&self, id: Uuid) -> Result<Option<AlbumRow>, StoreError>;

    /// Albums by query.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn albums(
        &self,
        query: &AlbumQuery,
        page: PageRequest,
    ) -> Result<Page<AlbumRow>, StoreError>;

    /// One artist.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn artist(&self, id: Uuid) -> Result<Option<ArtistRow>, StoreError>;

    /// Artists by name.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn artists(
        &self,
        query: &ArtistQuery,
        page: PageRequest,
    ) -> Result<Page<ArtistRow>, StoreError>;

    /// One cover.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn cover(&self, id: Uuid) -> Result<Option<CoverRow>, StoreError>;

    /// How large the library is.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn counts(&self) -> Result<LibraryCounts, StoreError>;
}
