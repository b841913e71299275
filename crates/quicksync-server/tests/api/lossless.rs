//! The lossless rendition: a set of its own, reached from the manifest.

use quicksync_model::Rendition;
use quicksync_server::SegmentError;
use serde_json::{Value, json};

use crate::support::{FakeSegments, ORIGIN, Track, World, put_track};

struct Stage {
    world: World,
    manifest: Value,
}

impl Stage {
    async fn with(track: Track) -> Self {
        let world = World::empty().await;
        let (_, token) = world.user_with_token("ann", false).await;
        let id = put_track(&world, &track).await;
        let path = format!("/api/tracks/{id}/manifest/");
        let manifest = world.get(&path).token(&token).expect(200).await.json();
        Self { world, manifest }
    }
}

fn path(url: &Value) -> &str {
    url.as_str().unwrap().strip_prefix(ORIGIN).unwrap()
}

#[tokio::test]
async fn a_manifest_says_how_nothing_is_lost_or_why_something_is() {
    let track = Track { sample_rate: 96_000, samples: 960_001, ..Track::default() };
    let stage = Stage::with(track).await;
    let set = &stage.manifest["lossless"];
    for (field, value) in [
        ("codec", json!("fLaC")),
        ("sample_rate", json!(96_000)),
        ("channels", json!(2)),
        ("bits_per_sample", json!(16)),
        ("samples", json!(960_001)),
        ("segment_samples", json!(368_640)),
        ("segments", json!(3)),
    ] {
        assert_eq!(set[field], value, "{field}");
    }
    assert_eq!(stage.manifest["lossless_missing"], Value::Null);
    for rung in stage.manifest["ladder"].as_array().unwrap() {
        assert_ne!(rung["codec"], "fLaC", "never a rung of the ladder");
    }
    let lossy = Stage::with(Track { codec: "vorbis", ..Track::default() }).await;
    assert_eq!(lossy.manifest["lossless"], Value::Null);
    assert_eq!(lossy.manifest["lossless_missing"], "the source is lossy");
    let url = path(&lossy.manifest["hls_url"]).replace("master", "lossless");
    assert_eq!(lossy.world.get(&url).expect(404).await.code(), "quality_not_offered");
}

#[tokio::test]
async fn its_playlists_name_what_is_there() {
    let stage = Stage::with(Track::default()).await;
    let set = &stage.manifest["lossless"];
    let init = stage.world.get(path(&set["init_url"])).expect(200).await;
    assert_eq!(&init.body[..], b"lossless init segment");
    assert!(init.text("cache-control").contains("immutable"));
    let master = stage.world.get(path(&set["hls_url"])).expect(200).await;
    let master = String::from_utf8(master.body.to_vec()).unwrap();
    assert_eq!(master.matches("CODECS=\"fLaC\"").count(), 1, "{master}");
    assert_eq!(master.matches("EXT-X-STREAM-INF").count(), 1, "alone");
    let variant = master.lines().find(|line| line.starts_with("lossless.m3u8")).unwrap();
    let base = path(&set["hls_url"]).split("lossless-master").next().unwrap();
    let playlist = stage.world.get(&format!("{base}{variant}")).expect(200).await;
    let playlist = String::from_utf8(playlist.body.to_vec()).unwrap();
    let segments: Vec<_> = playlist.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(segments.len(), 3);
    let track = base.strip_suffix("hls/").unwrap();
    for (index, segment) in (0..).zip(segments) {
        let url = format!("{track}{}", segment.strip_prefix("../").unwrap());
        let answer = stage.world.get(&url).expect(200).await;
        assert_eq!(answer.body, FakeSegments::bytes_of(Rendition::Flac, index));
        assert_eq!(answer.text("quick-sync-quality"), "lossless");
        let etag = answer.text("etag").to_owned();
        stage.world.get(&url).header("if-none-match", &etag).expect(304).await;
        let head = stage.world.call("HEAD", &url).expect(200).await;
        let length = answer.body.len().to_string();
        assert_eq!((head.text("content-length"), head.body.len()), (length.as_str(), 0));
    }
    let mpd = stage.world.get(path(&set["dash_url"])).expect(200).await;
    let mpd = String::from_utf8(mpd.body.to_vec()).unwrap();
    assert!(mpd.contains("codecs=\"fLaC\"") && mpd.contains("segments/"), "{mpd}");
    let main = stage.world.get(path(&stage.manifest["dash_url"])).expect(200).await;
    assert!(!String::from_utf8_lossy(&main.body).contains("fLaC"), "never beside the ladder");
}

#[tokio::test]
async fn nothing_stands_in_for_it() {
    let stage = Stage::with(Track::default()).await;
    let url = path(&stage.manifest["lossless"]["segment_url"]).replace("{n}", "0");
    *stage.world.segments.fault.lock().unwrap() = Some(|| SegmentError::Overloaded);
    *stage.world.segments.at_hand.lock().unwrap() = quicksync_model::Quality::ALL.to_vec();
    assert_eq!(stage.world.get(&url).expect(503).await.code(), "overloaded");
    let past = url.replace("/0.m4s", "/3.m4s");
    stage.world.get(&past).expect(404).await;
}
