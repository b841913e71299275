//! A listener who presses play before the background has come to the track.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use quicksync_decode::DecodeError;
use quicksync_library::EnsureError;
use quicksync_store::LibraryStore;
use uuid::Uuid;

use crate::fakes::{FakeDecoder, House};

#[tokio::test]
async fn callers_at_once_share_one_analysis() {
    let house = House::new().await;
    house.write("a.flac", "a||", "audio");
    house.scan().await;
    let id = house.only().await.id;
    house.decoder.gate.forget_permits(10_000);
    let mut callers = Vec::new();
    for _ in 0..8 {
        let library = house.library.clone();
        callers.push(tokio::spawn(async move { library.ensure_analysed(id).await.unwrap() }));
    }
    // Who leaves takes nothing with them.
    tokio::task::yield_now().await;
    callers.remove(0).abort();
    house.decoder.gate.add_permits(1);
    for caller in callers {
        let row = caller.await.unwrap();
        assert_eq!((row.id, row.analysis.map(|analysis| analysis.samples)), (id, Some(6)));
    }
    assert_eq!(house.analyses(), 1);
    house.library.analyse_pending(&|_| {}).await.unwrap();
    assert_eq!(house.analyses(), 0, "the background finds it done");
}

#[tokio::test]
async fn a_listener_does_not_wait_for_the_background() {
    let urgent = Arc::new(FakeDecoder::default());
    let house = House::with(|config| config.urgent_decoder = Some(urgent.clone())).await;
    house.write("a.flac", "a||", "audio");
    house.scan().await;
    let id = house.only().await.id;
    // The background is at this very file, and others have the processors.
    house.decoder.gate.forget_permits(10_000);
    let House { library, .. } = &house;
    let scanning = library.clone();
    let background = tokio::spawn(async move { scanning.analyse_pending(&|_| {}).await });
    while house.decoder.analyses.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    let row = library.ensure_analysed(id).await.unwrap();
    assert_eq!(row.analysis.map(|analysis| analysis.samples), Some(6));
    assert_eq!((urgent.analyses.load(Ordering::SeqCst), house.analyses()), (1, 1));
    house.decoder.gate.add_permits(1);
    assert_eq!(background.await.unwrap().unwrap(), 1);
    assert_eq!(house.only().await.analysis, row.analysis, "both found the same");
}

#[tokio::test]
async fn what_a_play_request_can_meet() {
    let house = House::new().await;
    let ensure = async |id: Uuid| house.library.ensure_analysed(id).await;
    assert!(matches!(ensure(Uuid::nil()).await, Err(EnsureError::NotFound)));

    house.write("a.flac", "a||", "audio");
    house.scan().await;
    let id = house.only().await.id;
    *house.decoder.fails.lock().unwrap() = Some(|| DecodeError::Malformed("torn".into()));
    let refused = ensure(id).await;
    assert!(matches!(&refused, Err(EnsureError::Unplayable(reason)) if reason.contains("torn")));
    assert_eq!(house.problems().await[0].track_id, Some(id));
    house.analyses();
    assert!(matches!(ensure(id).await, Err(EnsureError::Unplayable(_))));
    assert_eq!(house.analyses(), 0, "not tried again");

    *house.decoder.fails.lock().unwrap() = None;
    house.write("a.flac", "a||", "audio mended");
    house.scan().await;
    house.remove("a.flac");
    assert!(matches!(ensure(id).await, Err(EnsureError::Unavailable)), "not noticed before");
    assert!(!house.store.track(id).await.unwrap().unwrap().available);
    assert!(matches!(ensure(id).await, Err(EnsureError::Unavailable)));
}

#[tokio::test]
async fn a_file_that_changed_since_the_scan_is_read_as_it_is() {
    let house = House::new().await;
    house.write("a.flac", "a||", "audio");
    house.scan().await;
    let id = house.only().await.id;
    house.write("a.flac", "retagged||", "other audio");
    let row = house.library.ensure_analysed(id).await.unwrap();
    assert_eq!((row.id, row.title.as_str()), (id, "retagged"));
    assert_eq!(row.analysis.map(|analysis| analysis.samples), Some(12));
}

#[tokio::test]
async fn a_moved_track_answers_with_its_old_id() {
    let house = House::new().await;
    house.write("a.flac", "a||", "audio");
    house.scan_and_analyse().await;
    let old = house.only().await.id;
    house.rename("a.flac", "b.flac");
    house.scan().await;
    let newer = house.only().await.id;
    assert_ne!(newer, old);
    assert_eq!(house.library.ensure_analysed(newer).await.unwrap().id, old);
    assert_eq!(house.decoder.analyses.load(Ordering::SeqCst), 2);
}
