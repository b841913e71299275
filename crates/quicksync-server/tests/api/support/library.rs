//! Tracks put into the store as a scan would.

use std::path::PathBuf;

use quicksync_store::{
    AnalysisRow, LibraryStore, PageRequest, ScannedFile, ScannedTags, TrackQuery, UnanalysedRow,
};
use uuid::Uuid;

use super::World;

/// A track to be put into the library.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    pub(crate) path: PathBuf,
    pub(crate) size_bytes: u64,
    pub(crate) title: &'static str,
    pub(crate) artist: &'static str,
    pub(crate) album: &'static str,
    pub(crate) number: u32,
    pub(crate) codec: &'static str,
    pub(crate) sample_rate: u32,
    pub(crate) samples: u64,
    pub(crate) mean_kbps: u32,
    pub(crate) cover: Option<Vec<u8>>,
}

impl Default for Track {
    /// Ten seconds and one sample of FLAC at 48 kHz.
    fn default() -> Self {
        Self {
            path: "/music/a.flac".into(),
            size_bytes: 1_000_000,
            title: "Dawn",
            artist: "Ann",
            album: "Days",
            number: 1,
            codec: "flac",
            sample_rate: 48_000,
            samples: 480_001,
            mean_kbps: 800,
            cover: None,
        }
    }
}

/// Puts a track into the library, read whole, and tells its id.
pub(crate) async fn put_track(world: &World, track: &Track) -> Uuid {
    put_files(world, std::slice::from_ref(track)).await;
    let page = PageRequest { offset: 0, limit: 500 };
    let tracks = world.store.tracks(&TrackQuery::default(), page).await.unwrap();
    let row = tracks.items.into_iter().find(|row| row.path == track.path).unwrap();
    let unanalysed = UnanalysedRow {
        id: row.id,
        path: row.path,
        size_bytes: row.size_bytes,
        modified_us: row.modified_us,
    };
    let analysis = AnalysisRow {
        audio_hash: *row.id.as_bytes().repeat(2).first_chunk().unwrap(),
        samples: track.samples,
        mean_kbps: track.mean_kbps,
    };
    world.store.put_analysis(&unanalysed, analysis).await.unwrap()
}

/// Puts tracks into the library as a scan does, not read whole yet.
pub(crate) async fn put_files(world: &World, tracks: &[Track]) {
    let files: Vec<ScannedFile> = tracks.iter().map(|track| scanned(world, track)).collect();
    world.store.put_files(&files).await.unwrap();
}

fn scanned(world: &World, track: &Track) -> ScannedFile {
    ScannedFile {
        root: "/music".into(),
        path: track.path.clone(),
        size_bytes: track.size_bytes,
        modified_us: world.clock.now_us(),
        tags: ScannedTags {
            title: track.title.to_owned(),
            artist: track.artist.to_owned(),
            album: track.album.to_owned(),
            album_artist: track.artist.to_owned(),
            track_number: Some(track.number),
            ..ScannedTags::default()
        },
        codec: track.codec.to_owned(),
        sample_rate: track.sample_rate,
        channels: 2,
        bits_per_sample: Some(16),
        claimed_samples: Some(track.samples),
        folder_picture: 0,
        cover: track.cover.clone().map(|bytes| ([7; 32], "image/png".into(), bytes)),
        seen_us: world.clock.now_us(),
    }
}
