//! A running library, told of changes by the system. The only tests with a real clock: they wait
//! for an outcome, however long it takes.

use std::future::Future;
use std::time::Duration;

use crate::fakes::House;

async fn eventually<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(60), wait).await;
    assert!(ended.is_ok(), "{what}");
}

#[tokio::test]
async fn changes_are_noticed_and_analysed() {
    let house = House::new().await;
    house.write("a.flac", "a||", "audio a");
    let running = house.library.start();
    eventually("a is analysed", || async {
        house.tracks().await.first().is_some_and(|track| track.analysis.is_some())
    })
    .await;
    let id = house.only().await.id;
    if house.library.status().watching {
        house.rename("a.flac", "x/y/b.flac");
        house.write("c.flac", "c||", "audio c");
        eventually("a moved and c came", || async {
            let tracks = house.tracks().await;
            tracks.len() == 2 && tracks.iter().all(|track| track.analysis.is_some())
        })
        .await;
        assert_eq!(house.tracks().await[0].id, id);
    }
    house.write("d.flac", "d||", "audio d");
    house.library.request_rescan();
    eventually("d came", || async { house.titles().await.contains(&"d".to_owned()) }).await;
    running.abort();
}

#[tokio::test]
async fn a_file_that_nobody_told_of_is_looked_at_when_asked_for() {
    let house = House::new().await;
    // A link to another folder: the system tells of nothing there.
    house.write("../elsewhere/a.flac", "a||", "audio a");
    std::os::unix::fs::symlink(house.path("../elsewhere/a.flac"), house.path("a.flac")).unwrap();
    let House { library, .. } = &house;
    let running = library.start();
    let hash = async || house.tracks().await.first()?.analysis.map(|analysis| analysis.audio_hash);
    eventually("a is analysed", || async { hash().await.is_some() }).await;
    let before = hash().await;
    house.write("../elsewhere/a.flac", "a||", "other and longer audio");
    library.look_at([house.path("a.flac").as_path()]);
    eventually("it is seen to be another", || async {
        hash().await.is_some_and(|now| Some(now) != before)
    })
    .await;
    running.abort();
}

#[tokio::test]
async fn it_stops_when_told_to() {
    let house = House::new().await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(house.library.clone().run(async {
        stopped.await.ok();
    }));
    stop.send(()).unwrap();
    running.await.unwrap();
}
