//! Tracks of an album are encoded with their neighbours' samples, and URLs say with whose.

use std::sync::atomic::Ordering;

use quicksync_model::{Quality, Rendition};
use quicksync_server::{Audio, SegmentError, TrackAudio};
use quicksync_store::LibraryStore;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{FakeSegments, ORIGIN, Track, World, put_track, rest};

/// Samples of each track: four segments.
const SAMPLES: u64 = 700_000;

/// An album of three tracks.
struct Stage {
    world: World,
    token: String,
    tracks: Vec<Uuid>,
}

impl Stage {
    async fn of(rates: [u32; 3]) -> Self {
        let world = World::empty().await;
        let (_, token) = world.user_with_token("ann", false).await;
        let mut tracks = Vec::new();
        for (number, sample_rate) in (1..).zip(rates) {
            let path = format!("/music/{number}.flac").into();
            let track = Track { path, number, sample_rate, samples: SAMPLES, ..Track::default() };
            tracks.push(put_track(&world, &track).await);
        }
        Self { world, token, tracks }
    }

    async fn new() -> Self {
        Self::of([48_000; 3]).await
    }

    async fn manifest(&self, track: usize) -> Value {
        let path = format!("/api/tracks/{}/manifest/", self.tracks[track]);
        self.world.get(&path).token(&self.token).expect(200).await.json()
    }

    async fn segment_url(&self, track: usize, index: u64) -> String {
        let url = path(&self.manifest(track).await["ladder"][2]["segment_url"]).to_owned();
        url.replace("{n}", &index.to_string())
    }

    /// The neighbours with which the last segment asked for is made.
    fn lent(&self) -> [Option<u8>; 2] {
        let requests = self.world.segments.requests.lock().unwrap();
        let Some(Audio::Track(track)) = requests.last().map(|request| &request.audio) else {
            panic!("no segment of a track was asked for");
        };
        let TrackAudio { previous, next, .. } = &**track;
        let number = |source: &Option<quicksync_server::SourceAudio>| {
            let name = source.as_ref()?.path.file_stem()?.to_string_lossy().parse().ok();
            Some(name.unwrap())
        };
        [number(previous), number(next)]
    }
}

fn path(url: &Value) -> &str {
    url.as_str().unwrap().strip_prefix(ORIGIN).unwrap()
}

#[tokio::test]
async fn a_manifest_says_whose_samples_surround_a_track() {
    let stage = Stage::new().await;
    let id = |n: usize| json!(stage.tracks[n]);
    for (track, previous, next) in
        [(0, Value::Null, id(1)), (1, id(0), id(2)), (2, id(1), Value::Null)]
    {
        let joins = &stage.manifest(track).await["joins"];
        let expected =
            json!({"previous_track_id": previous, "next_track_id": next, "warm_up_samples": 960});
        assert_eq!(*joins, expected, "track {track}");
    }
}

#[tokio::test]
async fn a_previous_track_of_another_rate_lends_nothing() {
    let stage = Stage::of([44_100, 48_000, 96_000]).await;
    let joins = &stage.manifest(1).await["joins"];
    assert_eq!(joins["previous_track_id"], Value::Null);
    assert_eq!(joins["next_track_id"], json!(stage.tracks[2]));
}

#[tokio::test]
async fn the_ends_are_made_with_neighbours_and_the_middle_without() {
    let stage = Stage::new().await;
    for (index, lent) in [
        (0, [Some(1), Some(3)]),
        (1, [None, None]),
        (2, [Some(1), Some(3)]),
        (3, [Some(1), Some(3)]),
    ] {
        stage.world.get(&stage.segment_url(1, index).await).expect(200).await;
        assert_eq!(stage.lent(), lent, "segment {index}");
    }
    let warm_up = stage.manifest(1).await["ladder"][0]["warm_up_url"].clone();
    stage.world.get(path(&warm_up)).expect(200).await;
}

#[tokio::test]
async fn a_url_keeps_its_neighbours_whatever_becomes_of_the_album() {
    let stage = Stage::new().await;
    let (first, last) = (stage.segment_url(1, 0).await, stage.segment_url(1, 3).await);
    // A fourth track comes between the second and the third.
    let path = "/music/25.flac".into();
    let track = Track { path, title: "Between", number: 2, samples: SAMPLES, ..Track::default() };
    let between = put_track(&stage.world, &track).await;
    let joins = &stage.manifest(1).await["joins"];
    assert!([&joins["next_track_id"], &joins["previous_track_id"]].contains(&&json!(between)));
    assert_ne!(stage.segment_url(1, 3).await, last, "other samples, another URL");
    for url in [&first, &last] {
        stage.world.get(url).expect(200).await;
        assert_eq!(stage.lent(), [Some(1), Some(3)], "{url}");
    }
    // The audio that a URL names is gone: so are the ends, and nothing else is.
    stage.world.store.set_available(&["/music/3.flac".into()], false).await.unwrap();
    let gone = stage.world.get(&last).expect(410).await;
    assert_eq!(gone.code(), "stale_version");
    stage.world.get(&last.replace("/3.m4s", "/1.m4s")).expect(200).await;
}

#[tokio::test]
async fn a_neighbour_that_cannot_be_read_costs_its_samples_and_nothing_else() {
    let stage = Stage::new().await;
    stage.world.segments.neighbours_fault.store(true, Ordering::SeqCst);
    *stage.world.segments.fault.lock().unwrap() =
        Some(|| SegmentError::Unplayable("the neighbour is damaged".into()));
    let answer = stage.world.get(&stage.segment_url(1, 0).await).expect(200).await;
    assert_eq!(answer.body, FakeSegments::bytes(Quality::High, 0));
    assert_eq!((answer.text("cache-control"), answer.text("etag")), ("no-store", ""));
    assert_eq!(stage.lent(), [None, None]);
    stage.world.segments.neighbours_fault.store(false, Ordering::SeqCst);
    stage.world.get(&stage.segment_url(1, 0).await).expect(422).await;
}

#[tokio::test]
async fn a_stream_without_a_neighbour_s_samples_is_not_called_what_it_is_called_with_them() {
    let stage = Stage::new().await;
    let segments = &stage.world.segments;
    for codec in ["opus", "mp3"] {
        let stream = path(&stage.manifest(1).await["stream_urls"][codec]).to_owned();
        let whole = stage.world.get(&stream).expect(200).await;
        let etag = whole.text("etag").to_owned();
        // The neighbour is lost before the first byte, and in the midst of an answer.
        let (_, begun) = stage.world.get(&stream).begin().await;
        segments.neighbours_fault.store(true, Ordering::SeqCst);
        *segments.fault.lock().unwrap() = Some(|| SegmentError::Unavailable);
        let without = stage.world.get(&stream).expect(200).await;
        assert_eq!(without.body.len(), whole.body.len(), "{codec}");
        assert_ne!(without.text("etag"), etag, "{codec}");
        let (sent, breaks_off) = rest(begun).await;
        assert!(breaks_off && sent.len() < whole.body.len(), "{codec}");
        assert!(whole.body.starts_with(&sent), "{codec}");
        // Who goes on from there gets the other one whole, and may go on with that.
        let range = format!("bytes={}-", sent.len());
        let ask = || stage.world.get(&stream).header("range", &range);
        let resumed = ask().header("if-range", &etag).expect(200).await;
        assert_eq!(resumed.text("etag"), without.text("etag"), "{codec}");
        let part = ask().header("if-range", without.text("etag")).expect(206).await;
        assert!(resumed.body.ends_with(&part.body) && !part.body.is_empty(), "{codec}");
        *segments.fault.lock().unwrap() = None;
        segments.neighbours_fault.store(false, Ordering::SeqCst);
        assert_eq!(stage.world.get(&stream).expect(200).await.text("etag"), etag, "{codec}");
    }
}

#[tokio::test]
async fn the_last_segment_of_a_track_begins_the_next() {
    let stage = Stage::new().await;
    let prepared = || std::mem::take(&mut *stage.world.segments.prepared.lock().unwrap());
    for index in 0..3 {
        stage.world.get(&stage.segment_url(0, index).await).expect(200).await;
    }
    assert_eq!(prepared(), []);
    stage.world.get(&stage.segment_url(0, 3).await).expect(200).await;
    let begun = loop {
        // Another task looks the next track up.
        tokio::task::yield_now().await;
        if let Some(begun) = prepared().pop() {
            break begun;
        }
    };
    assert_eq!((begun.rendition, begun.index), (Rendition::Opus(Quality::High), 0));
    let asked = stage.world.segments.requests.lock().unwrap().last().cloned().unwrap();
    assert_eq!(begun.listener, asked.listener, "on behalf of who is about to hear it");
    stage.world.get(&stage.segment_url(1, 0).await).expect(200).await;
    let asked = stage.world.segments.requests.lock().unwrap().last().cloned().unwrap();
    assert_eq!(begun, asked, "what was begun is what is asked for");
}

#[tokio::test]
async fn a_stream_begins_the_next_track_with_its_last_segment() {
    let stage = Stage::new().await;
    let prepared = || std::mem::take(&mut *stage.world.segments.prepared.lock().unwrap());
    let manifest = stage.manifest(0).await;
    let url = path(&manifest["stream_urls"]["mp3"]).replace("ultra", "low");
    stage.world.get(&url).header("range", "bytes=0-99999").expect(206).await;
    assert_eq!(prepared(), []);
    let whole = stage.world.get(&url).expect(200).await;
    assert!(whole.body.len() > 100_000);
    while prepared().is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn each_user_is_one_listener_and_no_two_are_the_same() {
    let stage = Stage::new().await;
    let (_, other) = stage.world.user_with_token("bob", false).await;
    let mut listeners = Vec::new();
    for token in [&stage.token, &stage.token, &other] {
        let path = format!("/api/tracks/{}/manifest/", stage.tracks[0]);
        let device = Uuid::from_u128(listeners.len() as u128 + 1).to_string();
        let call = stage.world.get(&path).token(token).header("x-quick-sync-device", &device);
        let manifest = call.expect(200).await.json();
        let url = manifest["ladder"][0]["segment_url"].as_str().unwrap();
        let url = url.strip_prefix(ORIGIN).unwrap().replace("{n}", "1");
        stage.world.get(&url).expect(200).await;
        let requests = stage.world.segments.requests.lock().unwrap();
        listeners.push(requests.last().unwrap().listener);
    }
    assert_eq!(listeners[0], listeners[1], "two devices of one user");
    assert_ne!(listeners[0], listeners[2]);
}
