//! Which track a file belongs to after it moved: the table of the identity rule.

use quicksync_store::{AlbumQuery, ScannedFile};

use crate::empty_store;
use crate::samples::{ALL, analyse, audio, file, paths, put, track_at, tracks, unanalysed};

const SONG: &str = "Ann/Best/Song";

#[tokio::test]
async fn a_moved_file_keeps_its_track() {
    let store = empty_store().await;
    put(&store, &[file("old", SONG)]).await;
    let id = analyse(&store, "old", 1).await;
    store.set_available(&paths(&["old"]), false).await.unwrap();
    let moved = ScannedFile { seen_us: 900, size_bytes: 77, ..file("new", "Bob/Live/Tune") };
    put(&store, &[moved]).await;
    let newer = track_at(&store, "new").await;
    assert_ne!(newer.id, id);

    assert_eq!(analyse(&store, "new", 1).await, id);
    let row = track_at(&store, "new").await;
    assert_eq!((row.id, row.added_us, row.size_bytes), (id, 100, 77));
    assert_eq!(
        (row.title.as_str(), row.artist.as_str(), row.album.as_str()),
        ("Tune", "Bob", "Live")
    );
    assert_eq!((row.analysis, row.available), (Some(audio(1)), true));
    assert_eq!(store.track(newer.id).await.unwrap(), None);
    assert_eq!(tracks(&store).await.len(), 1);
    let albums = store.albums(&AlbumQuery::default(), ALL).await.unwrap();
    assert_eq!(albums.items.len(), 1, "the old album is gone");
    assert_eq!(albums.items[0].added_us, 100);
    assert_eq!(store.file_stamps("/m".as_ref()).await.unwrap().len(), 1, "the old path is free");
}

#[tokio::test]
async fn equal_audio_in_two_present_places_is_two_tracks() {
    let store = empty_store().await;
    put(&store, &[file("a", SONG), file("b", SONG)]).await;
    let [a, b] = [analyse(&store, "a", 1).await, analyse(&store, "b", 1).await];
    assert_ne!(a, b);
    assert_eq!(store.tracks_by_audio(&[1; 32]).await.unwrap().len(), 2);
    // One goes and a third comes: the present one has the audio already.
    store.set_available(&paths(&["b"]), false).await.unwrap();
    put(&store, &[file("c", SONG)]).await;
    assert!(![a, b].contains(&analyse(&store, "c", 1).await));
    assert_eq!(store.tracks_by_audio(&[2; 32]).await.unwrap(), []);
}

#[tokio::test]
async fn other_audio_is_another_track() {
    let store = empty_store().await;
    put(&store, &[file("old", SONG)]).await;
    let old = analyse(&store, "old", 1).await;
    store.set_available(&paths(&["old"]), false).await.unwrap();
    put(&store, &[file("new", SONG)]).await;
    assert_ne!(analyse(&store, "new", 2).await, old);
    assert!(store.track(old).await.unwrap().is_some(), "it may come back");
}

#[tokio::test]
async fn of_several_missing_ones_the_same_file_name_wins_then_age() {
    for (new, expected) in [("z/b", 1), ("z/x", 0)] {
        let store = empty_store().await;
        let at = |path: &str, seen_us| ScannedFile { seen_us, ..file(path, SONG) };
        put(&store, &[at("1/a", 10), at("2/b", 20)]).await;
        let ids = [analyse(&store, "1/a", 1).await, analyse(&store, "2/b", 1).await];
        store.set_available(&paths(&["1/a", "2/b"]), false).await.unwrap();
        put(&store, &[at(new, 30)]).await;
        assert_eq!(analyse(&store, new, 1).await, ids[expected], "{new}");
    }
}

#[tokio::test]
async fn a_retagged_file_keeps_its_track() {
    let store = empty_store().await;
    put(&store, &[file("a", SONG)]).await;
    let id = analyse(&store, "a", 1).await;
    put(&store, &[ScannedFile { size_bytes: 1001, ..file("a", "Ann/Best/Better") }]).await;
    assert_eq!(analyse(&store, "a", 1).await, id);
}

#[tokio::test]
async fn an_analysis_of_what_the_file_was_is_dropped() {
    let store = empty_store().await;
    put(&store, &[file("a", SONG)]).await;
    let read = unanalysed(&track_at(&store, "a").await);
    put(&store, &[ScannedFile { modified_us: 51, ..file("a", SONG) }]).await;
    assert_eq!(store.put_analysis(&read, audio(1)).await.unwrap(), read.id);
    assert_eq!(track_at(&store, "a").await.analysis, None);
    assert_eq!(store.unanalysed(9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_analysis_ends_the_problem() {
    let store = empty_store().await;
    put(&store, &[file("a", SONG)]).await;
    store.put_problem("/m/a".as_ref(), "stopped", 1).await.unwrap();
    analyse(&store, "a", 1).await;
    assert_eq!(track_at(&store, "a").await.problem, None);
}
