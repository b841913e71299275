//! Search, order and pages.

use std::collections::HashSet;

use quicksync_store::{
    AlbumQuery, AlbumSort, ArtistQuery, PageRequest, ScannedFile, ScannedTags, TrackQuery,
    TrackSort,
};

use crate::samples::{ALL, file, put, track_at, tracks};
use crate::{SharedStore, empty_store};

async fn titles(store: &SharedStore, query: TrackQuery) -> Vec<String> {
    let page = store.tracks(&query, ALL).await.unwrap();
    assert_eq!(page.count, page.items.len() as u64, "{query:?}");
    page.items.into_iter().map(|row| row.title).collect()
}

fn text(text: &str) -> TrackQuery {
    TrackQuery { text: Some(text.into()), sort: TrackSort::Title, ..TrackQuery::default() }
}

#[tokio::test]
async fn search_table() {
    let store = empty_store().await;
    let mut compilation = file("5", "Guest/Mix/Five");
    compilation.tags.album_artist = "Various".into();
    put(
        &store,
        &[
            file("1", "Sigur Rós/Ágætis byrjun/Svefn-g-englar"),
            file("2", "Motörhead/Ace/100% Real_Thing \\o/"),
            file("3", "Beyoncé/Best of/Halo"),
            file("4", "Straße/Best/Über 100"),
            compilation,
        ],
    )
    .await;
    for (query, expected) in [
        ("sigur", &["Svefn-g-englar"][..]),
        ("ros BYRJUN", &["Svefn-g-englar"]),
        ("agaetis", &["Svefn-g-englar"]),
        ("g-eng", &["Svefn-g-englar"]),
        ("motor", &["100% Real_Thing \\o"]),
        ("MOTÖR", &["100% Real_Thing \\o"]),
        ("100", &["100% Real_Thing \\o", "Über 100"]),
        ("100%", &["100% Real_Thing \\o"]),
        ("l_t", &["100% Real_Thing \\o"]),
        ("r_t", &[]),
        ("%", &["100% Real_Thing \\o"]),
        ("_", &["100% Real_Thing \\o"]),
        ("\\", &["100% Real_Thing \\o"]),
        ("'; DROP TABLE tracks --", &[]),
        ("\"", &[]),
        ("best", &["Halo", "Über 100"]),
        ("best halo", &["Halo"]),
        ("halo motor", &[]),
        ("strasse uber", &["Über 100"]),
        ("various guest", &["Five"]),
        ("  ", &["100% Real_Thing \\o", "Five", "Halo", "Svefn-g-englar", "Über 100"]),
    ] {
        assert_eq!(titles(&store, text(query)).await, expected, "{query:?}");
    }
    let endless = "best ".repeat(10_000);
    assert_eq!(titles(&store, text(&endless)).await.len(), 2);
}

#[tokio::test]
async fn albums_and_artists_are_searched_too() {
    let store = empty_store().await;
    put(&store, &[file("1", "Sigur Rós/Ágætis byrjun/x"), file("2", "Ann/Takk/y")]).await;
    for (query, expected) in [("ros", 1), ("takk", 1), ("x", 0), ("a", 2), ("", 2)] {
        let query = AlbumQuery { text: Some(query.into()), ..AlbumQuery::default() };
        assert_eq!(store.albums(&query, ALL).await.unwrap().count, expected, "{query:?}");
    }
    for (query, expected) in [("ROS", 1), ("takk", 0), ("n", 1), ("", 2)] {
        let query = ArtistQuery { text: Some(query.into()) };
        assert_eq!(store.artists(&query, ALL).await.unwrap().count, expected, "{query:?}");
    }
}

fn numbered(path: &str, tags: &str, disc: Option<u32>, number: Option<u32>) -> ScannedFile {
    let file = file(path, tags);
    let tags = ScannedTags { disc_number: disc, track_number: number, ..file.tags };
    ScannedFile { tags, ..file }
}

#[tokio::test]
async fn tracks_in_every_order() {
    let store = empty_store().await;
    let mut late = numbered("6", "ann/Zoo/b", Some(2), Some(1));
    late.seen_us = 900;
    put(
        &store,
        &[
            numbered("1", "Bob/Air/z", None, Some(2)),
            numbered("2", "Bob/Air/y", Some(1), Some(1)),
            numbered("3", "Bob/Air/a", None, None),
            numbered("4", "ann/Zoo/d", None, Some(10)),
            numbered("5", "ann/Zoo/c", Some(1), Some(9)),
            late,
        ],
    )
    .await;
    let sorted = |sort| TrackQuery { sort, ..TrackQuery::default() };
    assert_eq!(titles(&store, sorted(TrackSort::Album)).await, ["c", "d", "b", "y", "z", "a"]);
    assert_eq!(titles(&store, sorted(TrackSort::Title)).await, ["a", "b", "c", "d", "y", "z"]);
    assert_eq!(titles(&store, sorted(TrackSort::Added)).await[0], "b");

    let bob = track_at(&store, "1").await;
    let of_album = TrackQuery { album: bob.album_id, ..TrackQuery::default() };
    assert_eq!(titles(&store, of_album.clone()).await, ["y", "z", "a"]);
    let of_artist = TrackQuery { artist: bob.artist_id, text: Some("z".into()), ..of_album };
    assert_eq!(titles(&store, of_artist).await, ["z"]);
}

#[tokio::test]
async fn albums_in_every_order() {
    let store = empty_store().await;
    let dated = |path: &str, tags: &str, year, seen_us| {
        let file = file(path, tags);
        let tags = ScannedTags { year: Some(year), ..file.tags };
        ScannedFile { tags, seen_us, ..file }
    };
    put(
        &store,
        &[
            dated("1", "Bob/Air/x", 2000, 3),
            dated("2", "ann/Zoo/x", 1990, 1),
            dated("3", "ann/Big/x", 1999, 2),
            dated("4", "ann/Big/y", 1980, 9),
        ],
    )
    .await;
    for (sort, expected) in [
        (AlbumSort::Artist, ["Big", "Zoo", "Air"]),
        (AlbumSort::Title, ["Air", "Big", "Zoo"]),
        (AlbumSort::Added, ["Air", "Big", "Zoo"]),
    ] {
        let query = AlbumQuery { sort, ..AlbumQuery::default() };
        let page = store.albums(&query, ALL).await.unwrap();
        let titles: Vec<_> = page.items.iter().map(|row| row.title.as_str()).collect();
        assert_eq!(titles, expected, "{sort:?}");
    }
    let ann = track_at(&store, "2").await.artist_id;
    let query = AlbumQuery { artist: ann, ..AlbumQuery::default() };
    let page = store.albums(&query, ALL).await.unwrap();
    assert_eq!(page.count, 2);
    assert_eq!((page.items[0].year, page.items[0].added_us), (Some(1980), 2), "earliest");
}

#[tokio::test]
async fn pages_cover_the_list_once() {
    let store = empty_store().await;
    // Every sort key is equal: only the tie-break by id keeps pages apart.
    let files: Vec<_> = (0..57).map(|n| file(&format!("{n}"), "Ann/Best/same")).collect();
    put(&store, &files).await;
    for sort in [TrackSort::Album, TrackSort::Title, TrackSort::Added] {
        let query = TrackQuery { sort, ..TrackQuery::default() };
        let mut ids = HashSet::new();
        for offset in (0..70).step_by(10) {
            let page = store.tracks(&query, PageRequest { offset, limit: 10 }).await.unwrap();
            assert_eq!(page.count, 57);
            assert_eq!(page.items.len() as u64, 57_u64.saturating_sub(offset).min(10));
            ids.extend(page.items.iter().map(|row| row.id));
        }
        assert_eq!(ids.len(), 57, "{sort:?}");
    }
    let far = PageRequest { offset: u64::MAX, limit: 10 };
    assert_eq!(store.tracks(&TrackQuery::default(), far).await.unwrap().items, []);
    assert_eq!(tracks(&store).await.len(), 57);
}
