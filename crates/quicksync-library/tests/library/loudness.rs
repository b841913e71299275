//! Tracks and albums are measured after everything that is more urgent.

use std::sync::atomic::Ordering;

use quicksync_decode::DecodeError;
use quicksync_store::LibraryStore;

use crate::fakes::House;

impl House {
    async fn measure(&self) -> u64 {
        self.library.measure_pending(&|_| {}).await.unwrap()
    }

    fn measures(&self) -> u64 {
        self.decoder.measures.swap(0, Ordering::SeqCst)
    }
}

#[tokio::test]
async fn every_audio_is_measured_once() {
    let house = House::new().await;
    house.write("a.flac", "a|X|Al", "1234");
    house.write("copy.flac", "b|X|Al", "1234");
    house.write("c.flac", "c|X|Al", "123456789");
    house.scan().await;
    assert_eq!(house.measure().await, 0, "nothing is analysed");
    house.library.analyse_pending(&|_| {}).await.unwrap();
    assert_eq!(house.measure().await, 3);
    let figures = |row: quicksync_store::TrackRow| row.loudness.unwrap().integrated_lufs;
    let loud: Vec<f64> = house.tracks().await.into_iter().map(figures).collect();
    assert_eq!(loud, [-5.0, -5.0, -10.0]);
    house.measures();
    assert_eq!(house.measure().await, 0);
    // Other tags, the same audio.
    house.write("a.flac", "anew|X|Al", "1234");
    house.scan_and_analyse().await;
    assert_eq!((house.measure().await, house.measures()), (0, 0));
    assert!(house.tracks().await.iter().all(|track| track.loudness.is_some()));
}

#[tokio::test]
async fn what_is_waiting_to_be_analysed_comes_first() {
    let house = House::new().await;
    house.write("a.flac", "a|X|Al", "1");
    house.write("b.flac", "b|X|Al", "12");
    house.scan_and_analyse().await;
    let (library, folder) = (house.library.clone(), house.path("new.flac"));
    let arrives = move |_| {
        std::fs::write(&folder, "c|X|Al\n123").unwrap();
    };
    library.measure_pending(&arrives).await.unwrap();
    assert_eq!(house.measures(), 2, "unknown to the store, it stops nothing");
    house.write("d.flac", "d|X|Al", "1234");
    house.scan().await;
    let before = house.store.counts().await.unwrap();
    assert_eq!((before.unanalysed > 0, before.unmeasured), (true, 0));
    house.library.analyse_pending(&|_| {}).await.unwrap();
    house.measure().await;
    assert_eq!(house.store.counts().await.unwrap().unmeasured, 0);
}

#[tokio::test]
async fn what_cannot_be_measured_is_not_tried_for_ever() {
    let house = House::new().await;
    house.write("a.flac", "a|X|Al", "1");
    house.scan_and_analyse().await;
    *house.decoder.fails.lock().unwrap() = Some(|| DecodeError::Unreadable("asleep".into()));
    assert_eq!(house.measure().await, 0);
    assert_eq!(house.store.counts().await.unwrap().unmeasured, 1, "later, perhaps");
    *house.decoder.fails.lock().unwrap() = Some(|| DecodeError::Exhausted("no end".into()));
    assert_eq!(house.measure().await, 1);
    assert_eq!(house.store.counts().await.unwrap().unmeasured, 0);
    assert_eq!(house.only().await.loudness, None);
    // A file that changed since is left to its next analysis.
    house.write("a.flac", "a|X|Al", "12");
    assert_eq!(house.measure().await, 0);
}
