//! Manifests, playlists and segments, from a segment source of the tests' own.

use quicksync_model::Quality;
use quicksync_server::SegmentError;
use quicksync_store::{LibraryStore, Loudness, LoudnessRow};
use serde_json::{Value, json};

use crate::support::{FakeSegments, ORIGIN, Track, World, put_track};

/// A world with one track, its manifest, and a token to ask for it again.
struct Stage {
    world: World,
    token: String,
    manifest: Value,
}

impl Stage {
    async fn with(track: Track) -> Self {
        let world = World::empty().await;
        let (_, token) = world.user_with_token("ann", false).await;
        let id = put_track(&world, &track).await;
        let path = format!("/api/tracks/{id}/manifest/");
        let manifest = world.get(&path).token(&token).expect(200).await.json();
        Self { world, token, manifest }
    }

    async fn new_manifest(&self) -> Value {
        let id = self.manifest["track_id"].as_str().unwrap();
        let path = format!("/api/tracks/{id}/manifest/");
        self.world.get(&path).token(&self.token).expect(200).await.json()
    }

    fn url(&self, of: &Value) -> String {
        of.as_str().unwrap().strip_prefix(ORIGIN).unwrap().to_owned()
    }

    fn segment(&self, rung: usize, index: u64) -> String {
        let url = self.url(&self.manifest["ladder"][rung]["segment_url"]);
        url.replace("{n}", &index.to_string())
    }
}

#[tokio::test]
async fn a_manifest_has_the_documented_fields() {
    let stage = Stage::with(Track::default()).await;
    let manifest = &stage.manifest;
    for (field, value) in [
        ("sample_rate", json!(48_000)),
        ("samples", json!(480_001)),
        ("segment_samples", json!(184_320)),
        ("segments", json!(3)),
        ("missing", json!([])),
        ("loudness", Value::Null),
    ] {
        assert_eq!(manifest[field], value, "{field}");
    }
    let ladder = manifest["ladder"].as_array().unwrap();
    let rung = |n: usize| (&ladder[n]["quality"], &ladder[n]["bitrate_kbps"], &ladder[n]["codec"]);
    let opus = json!("Opus");
    for (n, (quality, kbps)) in
        [("low", 64), ("medium", 128), ("high", 256), ("ultra", 320)].into_iter().enumerate()
    {
        assert_eq!(rung(n), (&json!(quality), &json!(kbps), &opus));
    }
    assert_eq!(ladder[0]["segment_bytes"], 192 * 160 + 100);
    assert_eq!(ladder[0]["last_segment_bytes"], 117 * 160 + 100);
    assert_eq!(manifest["original"]["codec"], "flac");
    assert_eq!(manifest["expires_at"], 1_700_024_400.0);
}

#[tokio::test]
async fn samples_are_rounded_up_to_48_khz() {
    let track = Track { sample_rate: 44_100, samples: 7_180_416, ..Track::default() };
    let stage = Stage::with(track).await;
    assert_eq!(stage.manifest["samples"], 7_815_419);
    assert_eq!(stage.manifest["segments"], 43);
}

#[tokio::test]
async fn a_lossy_source_offers_what_it_holds_and_says_why() {
    let track = Track { codec: "mp3", mean_kbps: 128, ..Track::default() };
    let stage = Stage::with(track).await;
    let ladder = stage.manifest["ladder"].as_array().unwrap();
    assert_eq!(ladder.len(), 2);
    let missing = stage.manifest["missing"].as_array().unwrap();
    assert_eq!(missing[0]["quality"], "high");
    assert!(missing[0]["reason"].as_str().unwrap().contains("128 kbps"));
    let high = stage.segment(1, 0).replace("/medium/", "/high/");
    let refused = stage.world.get(&high).expect(404).await;
    assert_eq!((refused.code(), refused.field()), ("quality_not_offered".into(), "quality".into()));
    let playlist = stage.url(&stage.manifest["hls_url"]).replace("master", "ultra");
    stage.world.get(&playlist).expect(404).await;
}

#[tokio::test]
async fn a_manual_mode_is_where_playback_starts() {
    let track = Track { codec: "vorbis", mean_kbps: 112, ..Track::default() };
    let Stage { world, token, manifest } = Stage::with(track).await;
    let path = format!("/api/tracks/{}/manifest/", manifest["track_id"].as_str().unwrap());
    for (mode, start) in [("low", "low"), ("medium", "medium"), ("ultra", "medium")] {
        let body = json!({"mode": mode});
        let url = "/api/audio/quick-sync/preferences/";
        world.call("PATCH", url).token(&token).json(body).expect(200).await;
        let manifest = world.get(&path).token(&token).expect(200).await.json();
        assert_eq!(manifest["start_quality"], start, "{mode}");
    }
}

/// Plays a track as an HLS player would: with nothing but the URL.
#[tokio::test]
async fn hls_plays_without_a_header() {
    let stage = Stage::with(Track::default()).await;
    let master_url = stage.url(&stage.manifest["hls_url"]);
    let master = stage.world.get(&master_url).expect(200).await;
    assert_eq!(master.text("content-type"), "application/vnd.apple.mpegurl");
    let etag = master.text("etag").to_owned();
    stage.world.get(&master_url).header("if-none-match", &etag).expect(304).await;
    let master = String::from_utf8(master.body.to_vec()).unwrap();
    let variants: Vec<_> = master.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(variants.len(), 4);
    for (variant, quality) in variants.into_iter().zip(Quality::ALL) {
        let playlist_url = resolve(&master_url, variant);
        let playlist = stage.world.get(&playlist_url).expect(200).await;
        let playlist = String::from_utf8(playlist.body.to_vec()).unwrap();
        let init = playlist.split("URI=\"").nth(1).unwrap().split('"').next().unwrap();
        let init = stage.world.get(&resolve(&playlist_url, init)).expect(200).await;
        assert_eq!(&init.body[..], b"init segment");
        let segments: Vec<_> = playlist.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(segments.len(), 3);
        for (index, segment) in segments.into_iter().enumerate() {
            let answer = stage.world.get(&resolve(&playlist_url, segment)).expect(200).await;
            assert_eq!(answer.body, FakeSegments::bytes(quality, index as u64));
        }
    }
}

/// RFC 3986 section 5, as far as our playlists need it.
fn resolve(base: &str, reference: &str) -> String {
    let base = base.split('?').next().unwrap();
    let mut parts: Vec<_> = base.split('/').collect();
    parts.pop();
    let mut reference = reference;
    while let Some(rest) = reference.strip_prefix("../") {
        parts.pop();
        reference = rest;
    }
    format!("{}/{reference}", parts.join("/"))
}

#[tokio::test]
async fn hls_plays_in_mp3_too() {
    let stage = Stage::with(Track::default()).await;
    let master_url = stage.url(&stage.manifest["hls_mp3_url"]);
    let master = stage.world.get(&master_url).expect(200).await;
    let master = String::from_utf8(master.body.to_vec()).unwrap();
    assert_eq!(master.matches("mp4a.40.34").count(), 4, "{master}");
    let variant = master.lines().find(|line| line.starts_with("mp3-low.m3u8")).unwrap();
    let playlist_url = resolve(&master_url, variant);
    let playlist = stage.world.get(&playlist_url).expect(200).await;
    let playlist = String::from_utf8(playlist.body.to_vec()).unwrap();
    assert!(!playlist.contains("EXT-X-MAP"), "packed audio has no init segment");
    let segment = playlist.lines().find(|line| line.contains("/0.mp3")).unwrap();
    let segment = stage.world.get(&resolve(&playlist_url, segment)).expect(200).await;
    assert_eq!(segment.text("content-type"), "audio/mpeg");
    stage.world.get(&playlist_url.replace("mp3-low", "aac-low")).expect(404).await;
}

#[tokio::test]
async fn an_mpd_names_segments_that_are_there() {
    let stage = Stage::with(Track::default()).await;
    let url = stage.url(&stage.manifest["dash_url"]);
    let mpd = stage.world.get(&url).expect(200).await;
    assert_eq!(mpd.text("content-type"), "application/dash+xml");
    let text = String::from_utf8(mpd.body.to_vec()).unwrap();
    let media = text.split("media=\"").nth(1).unwrap().split('"').next().unwrap();
    let media = media.replace("$Number$", "2").replace("&amp;", "&");
    let answer = stage.world.get(&resolve(&url, &media)).expect(200).await;
    assert_eq!(answer.body, FakeSegments::bytes(Quality::Low, 2));
}

#[tokio::test]
async fn segments_are_immutable_and_known_again() {
    let stage = Stage::with(Track::default()).await;
    let url = stage.segment(2, 1);
    let answer = stage.world.get(&url).expect(200).await;
    assert_eq!(answer.text("content-type"), "audio/mp4");
    assert_eq!(answer.text("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(answer.text("quick-sync-quality"), "high");
    let etag = answer.text("etag").to_owned();
    assert!(etag.starts_with('"'), "{etag} is strong");
    // Known bytes cost nothing: no segment is made for a 304 or a HEAD.
    *stage.world.segments.fault.lock().unwrap() = Some(|| SegmentError::Internal("made".into()));
    let known = stage.world.get(&url).header("if-none-match", &etag).expect(304).await;
    assert_eq!(known.text("etag"), etag);
    let head = stage.world.call("HEAD", &url).expect(200).await;
    assert_eq!(head.text("content-length"), (192 * 640 + 100).to_string());
    assert!(head.body.is_empty());
    stage.world.get(&url).expect(500).await;
}

#[tokio::test]
async fn a_warm_up_comes_before_the_first_segment() {
    let stage = Stage::with(Track::default()).await;
    let template = stage.url(&stage.manifest["ladder"][3]["segment_url"]);
    let url = template.replace("{n}", "warm-up");
    let answer = stage.world.get(&url).expect(200).await;
    assert_eq!(answer.body, "warm-up at ultra");
    let etag = answer.text("etag").to_owned();
    stage.world.get(&url).header("if-none-match", &etag).expect(304).await;
    stage.world.get(&url.replace("ultra", "best")).expect(404).await;
    stage.world.get(&url.replace("warm-up", "warm-up1")).expect(404).await;
}

#[tokio::test]
async fn what_is_not_a_segment_is_not_found() {
    let stage = Stage::with(Track::default()).await;
    let good = stage.segment(0, 0);
    stage.world.get(&good).header("range", "bytes=0-3").expect(200).await;
    for (from, to) in [
        ("/0.m4s", "/3.m4s"),
        ("/0.m4s", "/-1.m4s"),
        ("/0.m4s", "/00.m4s"),
        ("/0.m4s", "/0"),
        ("/0.m4s", "/99999999999999999999999.m4s"),
        ("/low/", "/best/"),
        ("/low/", "/LOW/"),
    ] {
        stage.world.get(&good.replace(from, to)).expect(404).await;
    }
}

#[tokio::test]
async fn a_changed_file_makes_old_urls_gone() {
    let stage = Stage::with(Track::default()).await;
    let url = stage.segment(0, 0);
    let version = url.split('/').nth(5).unwrap();
    assert!(version.ends_with("-7"), "{version} holds the format's version");
    for other in ["0123456789abcdef-0-0-7", "0123456789abcdef-7", "x"] {
        let stale = stage.world.get(&url.replace(version, other)).expect(410).await;
        assert_eq!(stale.code(), "stale_version");
    }
    stage.world.get(&url.replace("-7/", "-6/")).expect(410).await;
    stage.world.get(&url).expect(200).await;
}

#[tokio::test]
async fn under_overload_the_best_rung_at_hand_stands_in() {
    use Quality::{High, Low, Medium, Ultra};
    let stage = Stage::with(Track::default()).await;
    *stage.world.segments.fault.lock().unwrap() = Some(|| SegmentError::Overloaded);
    for (rung, at_hand, served) in [
        (2, vec![Low, Medium], Medium),
        (2, vec![Low, Ultra], Low),
        (0, vec![High, Ultra], High),
        (3, vec![Ultra], Ultra),
    ] {
        *stage.world.segments.at_hand.lock().unwrap() = at_hand;
        let answer = stage.world.get(&stage.segment(rung, 0)).expect(200).await;
        assert_eq!(answer.body, FakeSegments::bytes(served, 0));
        assert_eq!(answer.text("quick-sync-quality"), served.as_str());
        if served != Quality::ALL[rung] {
            assert_eq!(answer.text("cache-control"), "no-store");
            assert_eq!(answer.text("etag"), "");
        }
    }
    stage.world.segments.at_hand.lock().unwrap().clear();
    let refused = stage.world.get(&stage.segment(2, 0)).expect(503).await;
    assert_eq!((refused.code().as_str(), refused.text("retry-after")), ("overloaded", "2"));
}

#[tokio::test]
async fn what_stops_a_segment_has_its_own_answer() {
    let stage = Stage::with(Track::default()).await;
    type Fault = fn() -> SegmentError;
    for (fault, status, code) in [
        ((|| SegmentError::NotFound) as Fault, 404, "not_found"),
        (|| SegmentError::Unplayable("the file is damaged".into()), 422, "unplayable"),
        (|| SegmentError::Unavailable, 503, "track_unavailable"),
        (|| SegmentError::Internal("/secret/path".into()), 500, "internal"),
    ] {
        *stage.world.segments.fault.lock().unwrap() = Some(fault);
        let answer = stage.world.get(&stage.segment(0, 0)).expect(status).await;
        assert_eq!(answer.code(), code);
        assert!(!String::from_utf8_lossy(&answer.body).contains("/secret"));
    }
}

#[tokio::test]
async fn a_missing_file_is_unavailable_not_gone() {
    let Stage { world, token, manifest } = Stage::with(Track::default()).await;
    world.store.set_available(&["/music/a.flac".into()], false).await.unwrap();
    let path = format!("/api/tracks/{}/manifest/", manifest["track_id"].as_str().unwrap());
    let answer = world.get(&path).token(&token).expect(503).await;
    assert_eq!(answer.code(), "track_unavailable");
}

#[tokio::test]
async fn what_players_report_is_tolerated() {
    let stage = Stage::with(Track::default()).await;
    let url = format!("{}&CMCD=bl%3D21300%2Csid%3D%22a%22%2Csu", stage.segment(0, 0));
    let answer = stage.world.get(&url).header("cmcd-request", "bl=(21300),nor=\"../x\"");
    assert_eq!(answer.expect(200).await.body, FakeSegments::bytes(Quality::Low, 0));
    let list = stage.world.get("/api/tracks/?CMCD=br%3D1").token(&stage.token);
    list.expect(200).await;
}

#[tokio::test]
async fn a_manifest_says_how_loud_track_and_album_are() {
    let stage = Stage::with(Track::default()).await;
    let store = &stage.world.store;
    let of = |integrated_lufs, true_peak_dbtp| Loudness { integrated_lufs, true_peak_dbtp };
    let track = store.unmeasured(1).await.unwrap().remove(0);
    let row = LoudnessRow { loudness: Some(of(-9.456, 0.104)), blocks: vec![] };
    store.put_loudness(&track.audio_hash, &row).await.unwrap();
    let alone = stage.new_manifest().await["loudness"].clone();
    assert_eq!(alone["track_lufs"], json!(-9.46));
    assert_eq!(alone["track_peak_dbtp"], json!(0.1));
    assert_eq!(alone["album_lufs"], Value::Null);
    let album = store.unmeasured_album().await.unwrap().unwrap();
    store.put_album_loudness(album.id, album.changes, Some(of(-8.0, 1.0))).await.unwrap();
    let both = stage.new_manifest().await["loudness"].clone();
    assert_eq!((&both["album_lufs"], &both["album_peak_dbtp"]), (&json!(-8.0), &json!(1.0)));
}
