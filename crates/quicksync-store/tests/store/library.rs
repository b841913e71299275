//! Files into rows and back: what a scan puts, and what it leaves.

use std::path::{Path, PathBuf};

use quicksync_store::{
    AlbumQuery, ArtistQuery, LibraryCounts, PageRequest, ProblemStamp, ScannedFile, ScannedTags,
    TrackQuery,
};
use uuid::Uuid;

use crate::samples::{ALL, analyse, audio, file, paths, put, track_at, tracks, unanalysed};
use crate::{SharedStore, empty_store};

async fn albums(store: &SharedStore) -> Vec<(String, String, u64)> {
    let page = store.albums(&AlbumQuery::default(), ALL).await.unwrap();
    assert_eq!(page.count, page.items.len() as u64);
    page.items.into_iter().map(|row| (row.artist, row.title, row.track_count)).collect()
}

async fn artists(store: &SharedStore) -> Vec<(String, u64, u64)> {
    let page = store.artists(&ArtistQuery::default(), ALL).await.unwrap();
    page.items.into_iter().map(|row| (row.name, row.album_count, row.track_count)).collect()
}

#[tokio::test]
async fn a_file_becomes_a_track_with_all_its_columns() {
    let store = empty_store().await;
    let scanned = ScannedFile {
        tags: ScannedTags {
            album_artist: "Various".into(),
            track_number: Some(3),
            disc_number: Some(2),
            year: Some(1999),
            genre: Some("Dub".into()),
            ..file("", "Ann/Best/Song").tags
        },
        cover: Some(([1; 32], "image/png".into(), vec![9, 8])),
        ..file("a.flac", "")
    };
    put(&store, std::slice::from_ref(&scanned)).await;
    let row = track_at(&store, "a.flac").await;
    assert_eq!((row.root.as_path(), row.size_bytes, row.modified_us), (Path::new("/m"), 1000, 50));
    assert_eq!(
        (row.title.as_str(), row.artist.as_str(), row.album.as_str()),
        ("Song", "Ann", "Best")
    );
    assert_eq!((row.disc_number, row.track_number, row.year), (Some(2), Some(3), Some(1999)));
    assert_eq!((row.genre.as_deref(), row.codec.as_str()), (Some("Dub"), "flac"));
    assert_eq!((row.sample_rate, row.channels, row.bits_per_sample), (44_100, 2, Some(16)));
    assert_eq!(
        (row.claimed_samples, row.analysis, row.problem.as_deref()),
        (Some(44_100), None, None)
    );
    assert_eq!((row.added_us, row.available), (100, true));
    assert_eq!(store.track(row.id).await.unwrap(), Some(row.clone()));
    let cover = store.cover(row.cover_id.unwrap()).await.unwrap().unwrap();
    assert_eq!((cover.media_type.as_str(), cover.bytes.as_slice()), ("image/png", &[9, 8][..]));
    let album = store.album(row.album_id.unwrap()).await.unwrap().unwrap();
    assert_eq!(
        (album.artist.as_str(), album.year, album.cover_id),
        ("Various", Some(1999), row.cover_id)
    );
    assert_eq!(album.artist_id, row.artist_id);
    assert!((album.duration_s - 1.0).abs() < 1e-9);
    let artist = store.artist(row.artist_id.unwrap()).await.unwrap().unwrap();
    assert_eq!((artist.name.as_str(), artist.album_count, artist.track_count), ("Various", 1, 1));
    let nobody = Uuid::nil();
    assert_eq!(store.track(nobody).await.unwrap(), None);
    assert_eq!(store.album(nobody).await.unwrap(), None);
    assert_eq!(store.artist(nobody).await.unwrap(), None);
    assert_eq!(store.cover(nobody).await.unwrap(), None);
}

#[tokio::test]
async fn what_makes_two_albums_one() {
    let keyed = |path: &str, tags: &str, key: &str| {
        let mut keyed = file(path, tags);
        keyed.tags.album_key = key.into();
        keyed
    };
    let store = empty_store().await;
    put(
        &store,
        &[
            file("1", "Ann/Best/a"),
            file("2", "ann/BEST /b"),
            file("3", "Bob/Best/c"),
            keyed("4", "Ann/Live/d", "/m/x"),
            keyed("5", "Ann/Live/e", "/m/y"),
            file("6", "//f"),
        ],
    )
    .await;
    let expected = [("Bob", 1), ("Ann", 2), ("Ann", 1), ("Ann", 1)];
    let mut found: Vec<_> = albums(&store).await.into_iter().map(|(a, _, n)| (a, n)).collect();
    found.sort();
    let mut expected: Vec<_> = expected.iter().map(|(a, n)| ((*a).to_owned(), *n)).collect();
    expected.sort();
    assert_eq!(found, expected);
    let loose = track_at(&store, "6").await;
    assert_eq!((loose.album_id, loose.artist_id, loose.album.as_str()), (None, None, ""));
}

#[tokio::test]
async fn equal_covers_are_one_and_unused_ones_go() {
    let store = empty_store().await;
    let with = |path: &str, byte: u8| ScannedFile {
        cover: Some(([byte; 32], "image/jpeg".into(), vec![byte])),
        modified_us: i64::from(byte),
        ..file(path, "Ann/Best/x")
    };
    put(&store, &[with("1", 1), with("2", 1)]).await;
    put(&store, &[with("3", 1)]).await;
    let first = track_at(&store, "1").await.cover_id.unwrap();
    for path in ["2", "3"] {
        assert_eq!(track_at(&store, path).await.cover_id, Some(first), "{path}");
    }
    put(&store, &[with("1", 2), with("2", 2)]).await;
    assert!(store.cover(first).await.unwrap().is_some(), "one track still has it");
    put(&store, &[file("3", "Ann/Best/x")]).await;
    assert!(store.cover(first).await.unwrap().is_none());
}

#[tokio::test]
async fn a_known_path_is_updated_in_place() {
    let store = empty_store().await;
    put(&store, &[file("a", "Ann/Best/Song")]).await;
    let before = track_at(&store, "a").await;
    analyse(&store, "a", 1).await;
    put(&store, &[ScannedFile { seen_us: 900, ..file("a", "Ann/Best/Tune") }]).await;
    let renamed = track_at(&store, "a").await;
    assert_eq!((renamed.id, renamed.title.as_str()), (before.id, "Tune"));
    assert_eq!(renamed.analysis, Some(audio(1)), "the file did not change");
    let retagged = ScannedFile { size_bytes: 1001, seen_us: 900, ..file("a", "Bob/Worst/Song") };
    put(&store, &[retagged]).await;
    let after = track_at(&store, "a").await;
    assert_eq!((after.id, after.added_us), (before.id, 100));
    assert_eq!((after.analysis, after.artist.as_str()), (None, "Bob"));
    assert_eq!(albums(&store).await, [("Bob".into(), "Worst".into(), 1)], "the old one is gone");
    assert_eq!(artists(&store).await, [("Bob".into(), 1, 1)]);
    assert_eq!(store.album(before.album_id.unwrap()).await.unwrap(), None);
    assert_eq!(store.artist(before.artist_id.unwrap()).await.unwrap(), None);
}

#[tokio::test]
async fn missing_tracks_are_hidden_and_come_back() {
    let store = empty_store().await;
    put(&store, &[file("x/a", "Ann/Best/1"), file("b", "Ann/Best/2"), file("c", "Bob/Live/3")])
        .await;
    let id = track_at(&store, "c").await.id;
    store.set_available(&paths(&["c", "unknown"]), false).await.unwrap();
    assert_eq!(albums(&store).await, [("Ann".into(), "Best".into(), 2)]);
    assert_eq!(artists(&store).await, [("Ann".into(), 1, 2)]);
    assert!(!store.track(id).await.unwrap().unwrap().available);
    let counts = LibraryCounts {
        tracks: 2,
        albums: 1,
        artists: 1,
        unanalysed: 2,
        ..LibraryCounts::default()
    };
    assert_eq!(store.counts().await.unwrap(), counts);
    store.set_available(&paths(&["c"]), true).await.unwrap();
    assert_eq!(tracks(&store).await.len(), 3);

    let root = [PathBuf::from("/m")];
    for (roots, missing, left) in [
        (&root[..], &[][..], 3),
        (&root[..], &[PathBuf::from("/m/x")][..], 2),
        (&root[..], &root[..], 0),
        (&[PathBuf::from("/m/x")][..], &[][..], 1),
        (&[][..], &[][..], 0),
    ] {
        store.set_available(&paths(&["x/a", "b", "c"]), true).await.unwrap();
        store.set_roots(roots, missing).await.unwrap();
        assert_eq!(tracks(&store).await.len(), left, "roots {roots:?} missing {missing:?}");
    }
    put(&store, &[file("c", "Bob/Live/3")]).await;
    assert_eq!(track_at(&store, "c").await.id, id, "nothing was deleted");
}

#[tokio::test]
async fn stamps_are_those_at_or_under_a_folder() {
    let store = empty_store().await;
    put(&store, &[file("x/a", "///"), file("x/y/b", ""), file("x.flac", ""), file("xy/c", "")])
        .await;
    for (folder, expected) in
        [("/m", 4), ("/m/", 4), ("/m/x", 2), ("/m/x/y", 1), ("/m/x.flac", 1), ("/n", 0), ("/", 4)]
    {
        let stamps = store.file_stamps(Path::new(folder)).await.unwrap();
        assert_eq!(stamps.len(), expected, "{folder}");
        assert!(stamps.iter().all(|s| s.available && (s.size_bytes, s.modified_us) == (1000, 50)));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn paths_keep_their_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let store = empty_store().await;
    let odd = Path::new("/m").join(std::ffi::OsStr::from_bytes(b"caf\xe9.flac"));
    put(&store, &[ScannedFile { path: odd.clone(), ..file("", "Ann/Best/Song") }]).await;
    assert_eq!(tracks(&store).await[0].path, odd);
    assert_eq!(store.file_stamps(Path::new("/m")).await.unwrap()[0].path, odd);
}

#[tokio::test]
async fn problems_are_kept_until_the_file_is_read_or_gone() {
    let store = empty_store().await;
    put(&store, &[file("a", "Ann/Best/Song")]).await;
    let [a, b] = [PathBuf::from("/m/a"), PathBuf::from("/m/b")];
    let stamp = ProblemStamp { path: b.clone(), size_bytes: 5, modified_us: 6 };
    store.put_problem(&a, "first", 10).await.unwrap();
    store.put_problem(&a, "again", 20).await.unwrap();
    store.put_file_problem(&stamp, "no sound in it", 30).await.unwrap();
    let page = store.problems(ALL).await.unwrap();
    let seen: Vec<_> = page.items.iter().map(|p| (p.reason.as_str(), p.since_us)).collect();
    assert_eq!((page.count, seen), (2, vec![("again", 10), ("no sound in it", 30)]));
    assert_eq!(page.items[0].track_id, Some(track_at(&store, "a").await.id));
    assert_eq!(page.items[1].track_id, None);
    assert_eq!(track_at(&store, "a").await.problem.as_deref(), Some("again"));
    assert_eq!(store.problem_stamps(Path::new("/m/b")).await.unwrap(), [stamp]);
    assert_eq!(store.unanalysed(9).await.unwrap(), [], "not tried again");
    assert_eq!(store.counts().await.unwrap().problems, 2);

    put(&store, &[file("a", "Ann/Best/Song")]).await;
    assert_eq!(track_at(&store, "a").await.problem, None);
    store.clear_problems(&[b, PathBuf::from("/m/unknown")]).await.unwrap();
    assert_eq!(store.problems(ALL).await.unwrap().count, 0);
    let none = PageRequest { offset: 5, limit: 5 };
    assert_eq!(store.problems(none).await.unwrap().items, []);
}

#[tokio::test]
async fn unanalysed_tracks_come_oldest_first() {
    let store = empty_store().await;
    let at = |path: &str, seen_us| ScannedFile { seen_us, ..file(path, "Ann/Best/x") };
    put(&store, &[at("late", 30), at("early", 10), at("gone", 5), at("done", 1)]).await;
    store.set_available(&paths(&["gone"]), false).await.unwrap();
    analyse(&store, "done", 1).await;
    let rows = store.unanalysed(9).await.unwrap();
    let names: Vec<_> = rows.iter().map(|row| row.path.clone()).collect();
    assert_eq!(names, paths(&["early", "late"]));
    assert_eq!(rows[0], unanalysed(&track_at(&store, "early").await));
    assert_eq!(store.unanalysed(1).await.unwrap().len(), 1);
    assert_eq!(store.counts().await.unwrap().unanalysed, 2);
}

#[tokio::test]
async fn an_empty_batch_is_nothing() {
    let store = empty_store().await;
    put(&store, &[]).await;
    assert_eq!(store.counts().await.unwrap(), LibraryCounts::default());
    assert_eq!(store.tracks(&TrackQuery::default(), ALL).await.unwrap().count, 0);
}

#[tokio::test]
async fn an_album_without_an_album_artist_is_filed_under_its_performers() {
    let store = empty_store().await;
    let at = |path: &str, tags: &str| {
        let mut file = file(path, tags);
        file.tags.album_key = file.path.parent().unwrap().to_string_lossy().into_owned();
        file
    };
    put(&store, &[at("x/1", "Ann/Hits/One"), at("x/2", "Ann feat. Cy/Hits/Two")]).await;
    assert_eq!(albums(&store).await, [("Ann".into(), "Hits".into(), 2)]);
    assert_eq!(artists(&store).await, [("Ann".into(), 1, 2)]);
    let album = track_at(&store, "x/1").await.album_id;
    // Another performer makes it a compilation; one of the same title elsewhere is none of it.
    put(&store, &[at("x/3", "Bob/hits/Three"), at("y/1", "Bob/Hits/Four")]).await;
    let various = ("Various Artists".to_owned(), "hits".to_owned(), 3);
    assert_eq!(albums(&store).await, [("Bob".into(), "Hits".into(), 1), various]);
    assert_eq!(artists(&store).await, [("Bob".into(), 1, 1), ("Various Artists".into(), 1, 3)]);
    let three = track_at(&store, "x/3").await;
    assert_eq!((three.album_id, three.artist.as_str()), (album, "Bob"));
    let titles: Vec<String> = tracks(&store).await.into_iter().map(|track| track.title).collect();
    assert_eq!(titles, ["Four", "One", "Three", "Two"], "sorted by who the album is filed under");
    // The other performer's track goes to an album of its own artist: one performer is left.
    let mut tagged = at("x/3", "Bob/Hits/Three");
    tagged.tags.album_artist = "Bob".into();
    tagged.tags.album_key = String::new();
    put(&store, &[tagged]).await;
    assert_eq!(artists(&store).await, [("Ann".into(), 1, 2), ("Bob".into(), 2, 2)]);
    assert_eq!(track_at(&store, "x/1").await.album_id, album);
}

#[tokio::test]
async fn neighbours_are_those_of_the_album_that_can_be_played() {
    let store = empty_store().await;
    let numbered = |path: &str, number, words: &str| {
        let mut file = file(path, words);
        file.tags.track_number = Some(number);
        file
    };
    put(
        &store,
        &[
            numbered("c", 3, "Ann/Best/C"),
            numbered("a", 1, "Ann/Best/A"),
            numbered("d", 4, "Ann/Best/D"),
            numbered("b", 2, "Ann/Best/B"),
            numbered("x", 2, "Ann/Other/X"),
        ],
    )
    .await;
    let around = async |path: &str| {
        let found = store.neighbours(track_at(&store, path).await.id).await.unwrap();
        [found.previous, found.next].map(|row| row.map(|row| row.title))
    };
    let titles = |a: Option<&str>, b: Option<&str>| [a.map(String::from), b.map(String::from)];
    assert_eq!(around("a").await, titles(None, Some("B")));
    assert_eq!(around("c").await, titles(Some("B"), Some("D")));
    assert_eq!(around("x").await, titles(None, None));
    let b = track_at(&store, "b").await.path;
    store.put_problem(&b, "damaged", 10).await.unwrap();
    store.set_available(&paths(&["d"]), false).await.unwrap();
    assert_eq!(around("c").await, titles(Some("A"), None));
}

#[tokio::test]
async fn a_track_is_found_by_the_beginning_of_its_audio() {
    let store = empty_store().await;
    put(&store, &[file("a", "Ann/Best/A"), file("b", "Ann/Best/B")]).await;
    analyse(&store, "a", 1).await;
    let b = analyse(&store, "b", 0xff).await;
    let found = async |byte| store.track_by_audio([byte; 8]).await.unwrap().map(|row| row.id);
    assert_eq!(found(0xff).await, Some(b));
    assert_eq!(found(2).await, None);
    store.set_available(&paths(&["b"]), false).await.unwrap();
    assert_eq!(found(0xff).await, None, "a file that is not there lends no samples");
}
