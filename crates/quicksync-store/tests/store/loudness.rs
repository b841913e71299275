//! Loudness by audio, and of albums that gain and lose tracks.

use quicksync_store::{Loudness, LoudnessRow};

use crate::samples::{analyse, file, put, track_at};
use crate::{SharedStore, empty_store};

const fn loudness(integrated_lufs: f64) -> Loudness {
    Loudness { integrated_lufs, true_peak_dbtp: -1.5 }
}

async fn measure(store: &SharedStore, byte: u8, lufs: f64) {
    let row = LoudnessRow { loudness: Some(loudness(lufs)), blocks: vec![1, byte] };
    store.put_loudness(&[byte; 32], &row).await.unwrap();
}

/// The blocks from which the one album that is out of date is to be computed, which is then done.
async fn settle_album(store: &SharedStore) -> Option<Vec<Vec<u8>>> {
    let album = store.unmeasured_album().await.unwrap()?;
    store.put_album_loudness(album.id, album.changes, Some(loudness(-7.0))).await.unwrap();
    let mut blocks: Vec<_> = album.tracks.into_iter().map(|track| track.blocks).collect();
    blocks.sort();
    Some(blocks)
}

#[tokio::test]
async fn equal_audio_is_equally_loud() {
    let store = empty_store().await;
    put(&store, &[file("a", "X/Al/A"), file("b", "X/Al/B"), file("c", "X/Al/C")]).await;
    assert_eq!(store.unmeasured(9).await.unwrap(), [], "nothing is analysed");
    analyse(&store, "a", 1).await;
    analyse(&store, "b", 1).await;
    let rows = store.unmeasured(9).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0].audio_hash, rows[0].samples), ([1; 32], 88_200));
    assert_eq!(store.counts().await.unwrap().unmeasured, 2);
    measure(&store, 1, -9.0).await;
    measure(&store, 1, -50.0).await;
    assert_eq!(store.unmeasured(9).await.unwrap(), []);
    assert_eq!(store.counts().await.unwrap().unmeasured, 0);
    for path in ["a", "b"] {
        assert_eq!(track_at(&store, path).await.loudness, Some(loudness(-9.0)), "{path}");
    }
    assert_eq!(track_at(&store, "c").await.loudness, None);
}

#[tokio::test]
async fn an_album_is_out_of_date_whenever_its_audio_changes() {
    let store = empty_store().await;
    put(&store, &[file("a", "X/Al/A"), file("b", "X/Al/B")]).await;
    assert_eq!(settle_album(&store).await, None, "its tracks come first");
    analyse(&store, "a", 1).await;
    measure(&store, 1, -9.0).await;
    assert_eq!(settle_album(&store).await, None, "one is left");
    analyse(&store, "b", 2).await;
    measure(&store, 2, -12.0).await;
    assert_eq!(settle_album(&store).await, Some(vec![vec![1, 1], vec![1, 2]]));
    assert_eq!(settle_album(&store).await, None);
    let track = track_at(&store, "a").await;
    assert_eq!(track.album_loudness, Some(loudness(-7.0)));
    let album = store.album(track.album_id.unwrap()).await.unwrap().unwrap();
    assert_eq!(album.loudness, Some(loudness(-7.0)));
    // A track comes whose audio is known already.
    put(&store, &[file("c", "X/Al/C")]).await;
    analyse(&store, "c", 1).await;
    assert_eq!(settle_album(&store).await, Some(vec![vec![1, 1], vec![1, 1], vec![1, 2]]));
    // One leaves for another album, which is new.
    put(&store, &[file("c", "X/Other/C")]).await;
    let both = [settle_album(&store).await, settle_album(&store).await];
    assert!(both.contains(&Some(vec![vec![1, 1], vec![1, 2]])), "{both:?}");
    assert!(both.contains(&Some(vec![vec![1, 1]])), "{both:?}");
    // A file changes: what was known of it is void until it is read again.
    let mut changed = file("a", "X/Al/A");
    changed.size_bytes += 1;
    put(&store, &[changed]).await;
    assert_eq!(settle_album(&store).await, None);
    analyse(&store, "a", 3).await;
    store.put_loudness(&[3; 32], &LoudnessRow::default()).await.unwrap();
    assert_eq!(settle_album(&store).await, Some(vec![vec![], vec![1, 2]]));
    assert_eq!(track_at(&store, "a").await.loudness, None, "silence");
}

#[tokio::test]
async fn a_change_while_an_album_is_computed_is_not_lost() {
    let store = empty_store().await;
    put(&store, &[file("a", "X/Al/A")]).await;
    analyse(&store, "a", 1).await;
    measure(&store, 1, -9.0).await;
    let seen = store.unmeasured_album().await.unwrap().unwrap();
    put(&store, &[file("b", "X/Al/B")]).await;
    analyse(&store, "b", 1).await;
    store.put_album_loudness(seen.id, seen.changes, None).await.unwrap();
    assert_eq!(settle_album(&store).await, Some(vec![vec![1, 1], vec![1, 1]]));
}
