//! An album as one gapless stream.

use quicksync_model::Quality;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{FakeSegments, ORIGIN, Track, World, put_track};

struct Stage {
    world: World,
    token: String,
    album: String,
    tracks: Vec<Uuid>,
}

impl Stage {
    /// An album of three tracks, put in out of order.
    async fn new() -> Self {
        let world = World::empty().await;
        let (_, token) = world.user_with_token("ann", false).await;
        let mut tracks = Vec::new();
        for (number, samples) in [(2, 200_000), (1, 100_001), (3, 50_000)] {
            let path = format!("/music/{number}.flac").into();
            let track = Track { path, number, samples, ..Track::default() };
            tracks.push((number, put_track(&world, &track).await));
        }
        tracks.sort_unstable();
        let albums = world.get("/api/albums/").token(&token).expect(200).await.json();
        let album = albums["results"][0]["id"].as_str().unwrap().to_owned();
        Self { world, token, album, tracks: tracks.into_iter().map(|(_, id)| id).collect() }
    }

    async fn manifest(&self) -> Value {
        let path = format!("/api/albums/{}/manifest/", self.album);
        self.world.get(&path).token(&self.token).expect(200).await.json()
    }
}

fn path(url: &Value) -> &str {
    url.as_str().unwrap().strip_prefix(ORIGIN).unwrap()
}

#[tokio::test]
async fn its_tracks_lie_end_to_end() {
    let stage = Stage::new().await;
    let manifest = stage.manifest().await;
    assert_eq!(manifest["samples"], 350_001);
    assert_eq!(manifest["segments"], 2);
    let found: Vec<_> = manifest["tracks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|track| {
            (track["track_id"].clone(), track["start_sample"].clone(), track["samples"].clone())
        })
        .collect();
    let expected = [(0, 0, 100_001), (1, 100_001, 200_000), (2, 300_001, 50_000)]
        .map(|(n, start, samples)| (json!(stage.tracks[n]), json!(start), json!(samples)));
    assert_eq!(found, expected);
}

#[tokio::test]
async fn one_ticket_opens_all_of_it_and_no_track() {
    let stage = Stage::new().await;
    let manifest = stage.manifest().await;
    for (index, rung) in [(0, 0), (1, 3)] {
        let url = path(&manifest["ladder"][rung]["segment_url"]).replace("{n}", &index.to_string());
        let answer = stage.world.get(&url).expect(200).await;
        assert_eq!(answer.body, FakeSegments::bytes(Quality::ALL[rung], index));
    }
    stage.world.get(path(&manifest["ladder"][0]["init_url"])).expect(200).await;
    for (url, file) in [("hls_url", "low.m3u8"), ("dash_url", "")] {
        let url = path(&manifest[url]);
        stage.world.get(url).expect(200).await;
        if !file.is_empty() {
            stage.world.get(&url.replace("master.m3u8", file)).expect(200).await;
        }
    }
    for codec in ["opus", "mp3"] {
        let url = path(&manifest["stream_urls"][codec]);
        let whole = stage.world.get(url).expect(200).await;
        assert!(whole.text("content-disposition").contains(&format!("Ann - Days.{codec}")));
        let part = stage.world.get(url).header("range", "bytes=9000-9999").expect(206).await;
        assert_eq!(part.body, whole.body[9000..10_000]);
    }
    let ticket = path(&manifest["hls_url"]).split('?').nth(1).unwrap();
    let track = format!("/api/tracks/{}/hls/master.m3u8?{ticket}", stage.tracks[0]);
    stage.world.get(&track).expect(401).await;
}

#[tokio::test]
async fn what_is_no_album_is_not_found() {
    let stage = Stage::new().await;
    for id in [Uuid::from_u128(404), stage.tracks[0]] {
        for rest in ["manifest/", "hls/master.m3u8", "stream/album.opus?quality=low"] {
            let path = format!("/api/albums/{id}/{rest}");
            stage.world.get(&path).token(&stage.token).expect(404).await;
        }
    }
    let path = format!("/api/albums/{}/stream/track.opus", stage.album);
    stage.world.get(&path).token(&stage.token).expect(404).await;
}
