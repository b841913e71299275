//! A track as one file: every header right before a byte is encoded, every range a slice.

use axum::body::Bytes;
use quicksync_model::Quality;
use quicksync_progressive::{Container, Place, Tags, TrackFile};
use quicksync_server::{Audio, Listener, PacketRequest, SegmentError, SourceAudio};
use quicksync_store::LibraryStore;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, FakeSegments, ORIGIN, Track, World, put_track};

/// A world with one track and its manifest.
struct Stage {
    world: World,
    token: String,
    id: Uuid,
    manifest: Value,
}

impl Stage {
    async fn with(track: Track) -> Self {
        let world = World::empty().await;
        let (_, token) = world.user_with_token("ann", false).await;
        let id = put_track(&world, &track).await;
        let path = format!("/api/tracks/{id}/manifest/");
        let manifest = world.get(&path).token(&token).expect(200).await.json();
        Self { world, token, id, manifest }
    }

    async fn new() -> Self {
        Self::with(Track::default()).await
    }

    fn url(&self, file: &str) -> String {
        let url = self.manifest["stream_urls"][file].as_str().unwrap();
        url.strip_prefix(ORIGIN).unwrap().to_owned()
    }

    async fn range(&self, url: &str, range: &str, status: u16) -> Answer {
        self.world.get(url).header("range", range).expect(status).await
    }

    /// The file as it must be, put together by hand.
    async fn expected(&self, container: Container, quality: Quality) -> Vec<u8> {
        let row = self.world.store.track(self.id).await.unwrap().unwrap();
        let source = SourceAudio::of(&row).unwrap();
        let tags = Tags {
            title: row.title,
            artist: row.artist,
            album: row.album,
            track_number: row.track_number,
            ..Tags::default()
        };
        let url = self.manifest["ladder"][0]["init_url"].as_str().unwrap();
        let version = url.split('/').rev().nth(1).unwrap();
        let [a, b, c, d, ..] = *blake3::hash(version.as_bytes()).as_bytes();
        let identity = u32::from_be_bytes([a, b, c, d]);
        let (timeline, rate) = (source.timeline(), source.sample_rate);
        let file = TrackFile::new(container, timeline, quality.bitrate(), identity, rate, &tags);
        let packets = |segment| -> Bytes {
            let audio = Audio::alone(source.clone());
            let listener = Listener::default();
            let request = PacketRequest { audio, container, quality, segment, listener };
            FakeSegments::runs(&request).concat().into()
        };
        let piece = |place| match place {
            Place::Head => file.head(),
            Place::WarmUp => file.warm_up(&packets(None)).unwrap(),
            Place::Segment(index) => file.run(index, 0, &packets(Some(index))).unwrap(),
        };
        file.parts(0..u64::MAX).flat_map(|part| piece(part.place)).collect()
    }
}

#[tokio::test]
async fn the_whole_file_has_its_length_before_it_is_made() {
    let stage = Stage::new().await;
    for (name, container, media_type) in
        [("opus", Container::OggOpus, "audio/ogg"), ("mp3", Container::Mp3, "audio/mpeg")]
    {
        for quality in Quality::ALL {
            let url = format!("{}&quality={quality}", stage.url(name));
            let expected = stage.expected(container, quality).await;
            stage.world.segments.asked.lock().unwrap().clear();
            let head = stage.world.call("HEAD", &url).expect(200).await;
            assert!(
                stage.world.segments.asked.lock().unwrap().is_empty(),
                "a HEAD encodes nothing"
            );
            let answer = stage.world.get(&url).expect(200).await;
            assert!(answer.body == expected, "{name} {quality}");
            for answer in [&head, &answer] {
                assert_eq!(answer.text("content-length"), expected.len().to_string());
                assert_eq!(answer.text("accept-ranges"), "bytes");
                assert_eq!(answer.text("content-type"), media_type);
                assert_eq!(answer.text("quick-sync-quality"), quality.as_str());
                assert!(answer.text("etag").starts_with('"'), "a strong tag");
                let name = format!("filename=\"Ann - Dawn.{name}\"");
                assert!(answer.text("content-disposition").starts_with(&format!("inline; {name}")));
            }
            assert_eq!(head.text("etag"), answer.text("etag"));
        }
    }
}

#[tokio::test]
async fn random_ranges_are_slices_and_cost_what_they_need() {
    let stage = Stage::new().await;
    let mut seed = 0x5eed_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for (name, container) in [("opus", Container::OggOpus), ("mp3", Container::Mp3)] {
        let url = format!("{}&quality=low", stage.url(name));
        let whole = stage.expected(container, Quality::Low).await;
        let size = whole.len();
        for _ in 0..60 {
            let (a, b) = (random(size), random(size));
            let (first, last) = (a.min(b), a.max(b));
            stage.world.segments.asked.lock().unwrap().clear();
            let answer = stage.range(&url, &format!("bytes={first}-{last}"), 206).await;
            assert!(answer.body == whole[first..=last], "{name} {first}-{last}");
            assert_eq!(answer.text("content-range"), format!("bytes {first}-{last}/{size}"));
            assert_eq!(answer.text("content-length"), (last - first + 1).to_string());
        }
        stage.world.segments.asked.lock().unwrap().clear();
        let answer = stage.range(&url, "bytes=-10", 206).await;
        assert_eq!(answer.body, whole[size - 10..]);
        assert_eq!(
            *stage.world.segments.asked.lock().unwrap(),
            [Some(2)],
            "the last segment alone"
        );
    }
}

#[tokio::test]
async fn what_ranges_come_to() {
    let stage = Stage::new().await;
    let url = format!("{}&quality=low", stage.url("opus"));
    let whole = stage.world.get(&url).expect(200).await;
    let (size, etag) = (whole.body.len(), whole.text("etag").to_owned());
    let all = stage.range(&url, "bytes=0-", 206).await;
    assert_eq!(all.text("content-range"), format!("bytes 0-{}/{size}", size - 1));
    assert!(all.body == whole.body);
    for range in [format!("bytes={size}-"), "bytes=-0".to_owned()] {
        let refused = stage.range(&url, &range, 416).await;
        assert_eq!(refused.text("content-range"), format!("bytes */{size}"));
        assert_eq!(refused.code(), "range_not_satisfiable");
    }
    let many = stage.range(&url, "bytes=0-1,5-9", 200).await;
    assert!(many.body == whole.body, "several ranges are answered with the whole");
    let resume = |condition: &str| {
        stage.world.get(&url).header("range", "bytes=5-9").header("if-range", condition)
    };
    assert_eq!(resume(&etag).expect(206).await.body, whole.body[5..10]);
    resume("\"other\"").expect(200).await;
    resume(&format!("W/{etag}")).expect(200).await;
    stage.world.get(&url).header("if-none-match", &etag).expect(304).await;
    let head = stage.world.call("HEAD", &url).header("range", "bytes=3-4").expect(206).await;
    assert_eq!(head.text("content-length"), "2");
    let other = format!("{}&quality=medium", stage.url("opus"));
    assert_ne!(stage.world.get(&other).expect(200).await.text("etag"), etag);
}

#[tokio::test]
async fn a_quality_is_named_or_redirected_to() {
    let stage = Stage::with(Track { codec: "mp3", mean_kbps: 128, ..Track::default() }).await;
    let url = stage.url("opus");
    let served = stage.world.get(&format!("{url}&quality=ultra")).expect(200).await;
    assert_eq!(served.text("quick-sync-quality"), "medium", "the highest there is");
    let auto = stage.world.get(&format!("{url}&quality=auto")).expect(307).await;
    let location = auto.text("location");
    assert!(location.starts_with('?') && location.contains("quality=medium"), "{location}");
    let path = url.split('?').next().unwrap();
    stage.world.get(&format!("{path}{location}")).expect(200).await;
    for (query, field) in [("&quality=best", "quality"), ("&quality=original", "quality")] {
        let refused = stage.world.get(&format!("{url}{query}")).expect(400).await;
        assert_eq!(refused.field(), field);
    }
    stage.world.get(&url.replace("track.opus", "track.wav")).expect(404).await;
}

#[tokio::test]
async fn under_overload_the_best_quality_at_hand_is_offered() {
    let stage = Stage::new().await;
    let url = format!("{}&quality=high", stage.url("opus"));
    *stage.world.segments.fault.lock().unwrap() = Some(|| SegmentError::Overloaded);
    *stage.world.segments.at_hand.lock().unwrap() = vec![Quality::Low, Quality::Medium];
    let moved = stage.world.get(&url).expect(307).await;
    assert!(moved.text("location").contains("quality=medium"), "{:?}", moved.headers);
    assert_eq!(moved.text("cache-control"), "no-store");
    let path = url.split('?').next().unwrap();
    let served = stage.world.get(&format!("{path}{}", moved.text("location"))).expect(200).await;
    assert!(served.body == stage.expected(Container::OggOpus, Quality::Medium).await);
    stage.world.segments.at_hand.lock().unwrap().clear();
    let refused = stage.world.get(&url).expect(503).await;
    assert_eq!((refused.code().as_str(), refused.text("retry-after")), ("overloaded", "2"));
}

#[tokio::test]
async fn what_stops_the_first_packets_has_a_status() {
    let stage = Stage::new().await;
    let url = format!("{}&quality=low", stage.url("opus"));
    type Fault = fn() -> SegmentError;
    for (fault, status, code) in [
        ((|| SegmentError::Unplayable("the file is damaged".into())) as Fault, 422, "unplayable"),
        (|| SegmentError::Unavailable, 503, "track_unavailable"),
        (|| SegmentError::Internal("/secret/path".into()), 500, "internal"),
    ] {
        *stage.world.segments.fault.lock().unwrap() = Some(fault);
        for range in ["bytes=0-", "bytes=60000-"] {
            let answer = stage.range(&url, range, status).await;
            assert_eq!(answer.code(), code);
            assert!(!String::from_utf8_lossy(&answer.body).contains("/secret"));
        }
    }
}

#[tokio::test]
async fn a_download_is_the_file_itself_or_one_made_with_tags() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("01 Dawn.flac");
    std::fs::write(&path, b"the file itself").unwrap();
    let cover = b"a picture".to_vec();
    let stage = Stage::with(Track { path, cover: Some(cover.clone()), ..Track::default() }).await;
    let url = stage.manifest["download_url"].as_str().unwrap().strip_prefix(ORIGIN).unwrap();
    let original = stage.world.get(url).expect(200).await;
    assert_eq!(original.body, "the file itself");
    let name = "attachment; filename=\"01 Dawn.flac\"; filename*=UTF-8''01%20Dawn.flac";
    assert_eq!(original.text("content-disposition"), name);
    let stream = stage.world.get(&stage.url("mp3")).expect(200).await;
    let made = stage.world.get(&format!("{url}&quality=medium&codec=mp3")).expect(200).await;
    assert!(
        made.text("content-disposition").starts_with("attachment; filename=\"Ann - Dawn.mp3\"")
    );
    assert!(made.body.starts_with(b"ID3"));
    assert!(made.body.windows(cover.len()).any(|window| window == cover), "the cover is in it");
    assert_ne!(made.text("etag"), stream.text("etag"));
    let part = stage.world.get(&format!("{url}&quality=medium&codec=mp3"));
    let part = part.header("range", "bytes=1000-1999").header("if-range", made.text("etag"));
    assert_eq!(part.expect(206).await.body, made.body[1000..2000]);
    let refused = stage.world.get(&format!("{url}&codec=wav")).expect(400).await;
    assert_eq!(refused.field(), "codec");
}

#[tokio::test]
async fn downloads_follow_the_preference() {
    let stage = Stage::new().await;
    let path = format!("/api/tracks/{}/download", stage.id);
    let ask = |query: &str| stage.world.get(&format!("{path}{query}")).token(&stage.token);
    for (is_auto, query, word) in [
        (false, "", "original"),
        (false, "?quality=auto", "low"),
        (true, "", "low"),
        (true, "?quality=auto", "low"),
    ] {
        let change = json!({"mode": "low", "auto_download_quality": is_auto});
        let preferences = "/api/audio/quick-sync/preferences/";
        stage.world.call("PATCH", preferences).token(&stage.token).json(change).expect(200).await;
        let moved = ask(query).expect(307).await;
        assert_eq!(moved.text("location"), format!("?quality={word}"), "{is_auto} {query}");
        let manifest = format!("/api/tracks/{}/manifest/", stage.id);
        let manifest = stage.world.get(&manifest).token(&stage.token).expect(200).await.json();
        let url = manifest["download_url"].as_str().unwrap();
        let expected = if is_auto { "&quality=low" } else { "&quality=original" };
        assert!(url.ends_with(expected), "{url}");
    }
}

#[tokio::test]
async fn a_range_that_begins_at_the_end_of_a_segment_has_the_next_one_made_beside_it() {
    let stage = Stage::new().await;
    let url = stage.url("mp3").replace("ultra", "low");
    // At 64 kbps a segment of 3.84 s has 30,720 bytes and a second 8,000; some hundred stand in front.
    let end = 30_720;
    let prepared = || {
        let made = std::mem::take(&mut *stage.world.segments.prepared.lock().unwrap());
        made.iter().map(|request| request.index).collect::<Vec<_>>()
    };
    for (range, expected) in [
        (format!("bytes={}-", end - 4_000), &[1][..]),
        (format!("bytes={}-", end - 12_000), &[]),
        (format!("bytes={}-{}", end - 4_000, end - 1_000), &[]),
        (format!("bytes={}-", 2 * end - 4_000), &[2]),
    ] {
        stage.range(&url, &range, 206).await;
        assert_eq!(prepared(), expected, "{range}");
    }
}
