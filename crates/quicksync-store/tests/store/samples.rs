//! Rows for the tests to put in.

use std::path::PathBuf;

use quicksync_store::{
    AnalysisRow, NewUser, PageRequest, ScannedFile, ScannedTags, TrackQuery, TrackRow,
    UnanalysedRow, UserRow,
};

use crate::SharedStore;

pub(crate) const ALL: PageRequest = PageRequest { offset: 0, limit: 1000 };

pub(crate) fn new_user(name: &str, is_admin: bool) -> NewUser {
    NewUser { name: name.into(), password_hash: "$argon2id$x".into(), is_admin, created_us: 7 }
}

pub(crate) async fn user(store: &SharedStore, name: &str) -> UserRow {
    store.create_user(new_user(name, false)).await.unwrap()
}

/// A file at `/m/{path}` whose tags are `artist/album/title`.
pub(crate) fn file(path: &str, tags: &str) -> ScannedFile {
    let mut parts = tags.split('/').map(str::to_owned);
    let mut part = || parts.next().unwrap_or_default();
    let (artist, album, title) = (part(), part(), part());
    ScannedFile {
        root: PathBuf::from("/m"),
        path: PathBuf::from("/m").join(path),
        size_bytes: 1000,
        modified_us: 50,
        tags: ScannedTags { title, artist, album, ..ScannedTags::default() },
        codec: "flac".into(),
        sample_rate: 44_100,
        channels: 2,
        bits_per_sample: Some(16),
        claimed_samples: Some(44_100),
        cover: None,
        folder_picture: 0,
        seen_us: 100,
    }
}

pub(crate) async fn put(store: &SharedStore, files: &[ScannedFile]) {
    store.put_files(files).await.unwrap();
}

pub(crate) async fn tracks(store: &SharedStore) -> Vec<TrackRow> {
    store.tracks(&TrackQuery::default(), ALL).await.unwrap().items
}

pub(crate) async fn track_at(store: &SharedStore, path: &str) -> TrackRow {
    let path = PathBuf::from("/m").join(path);
    tracks(store).await.into_iter().find(|track| track.path == path).unwrap()
}

pub(crate) fn unanalysed(track: &TrackRow) -> UnanalysedRow {
    UnanalysedRow {
        id: track.id,
        path: track.path.clone(),
        size_bytes: track.size_bytes,
        modified_us: track.modified_us,
    }
}

pub(crate) fn audio(byte: u8) -> AnalysisRow {
    AnalysisRow { audio_hash: [byte; 32], samples: 88_200, mean_kbps: 192 }
}

/// Analyses the file at `/m/{path}` as `audio`; the id that has the file then.
pub(crate) async fn analyse(store: &SharedStore, path: &str, byte: u8) -> uuid::Uuid {
    let track = track_at(store, path).await;
    store.put_analysis(&unanalysed(&track), audio(byte)).await.unwrap()
}

pub(crate) fn paths(paths: &[&str]) -> Vec<PathBuf> {
    paths.iter().map(|path| PathBuf::from("/m").join(path)).collect()
}
