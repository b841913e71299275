//! The original file, whole and by range, from a real file.

use quicksync_server::Entropy;
use tempfile::TempDir;

use crate::support::{Answer, Call, Track, World, put_track};

const SIZE: usize = 200_000;

struct Stage {
    world: World,
    _folder: TempDir,
    bytes: Vec<u8>,
    token: String,
    path: String,
}

impl Stage {
    async fn new() -> Self {
        let world = World::empty().await;
        let (_, token) = world.user_with_token("ann", false).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("01 Día \"x\".ogg");
        let mut bytes = vec![0; SIZE];
        world.entropy.fill(&mut bytes);
        std::fs::write(&file, &bytes).unwrap();
        let track = Track { path: file, codec: "vorbis", ..Track::default() };
        let id = put_track(&world, &track).await;
        let path = format!("/api/tracks/{id}/original");
        Self { world, _folder: folder, bytes, token, path }
    }

    fn get(&self) -> Call {
        self.world.get(&self.path).token(&self.token)
    }

    fn head(&self) -> Call {
        self.world.call("HEAD", &self.path).token(&self.token)
    }

    async fn range(&self, range: &str, status: u16) -> Answer {
        self.get().header("range", range).expect(status).await
    }
}

#[tokio::test]
async fn the_whole_file() {
    let stage = Stage::new().await;
    let answer = stage.get().expect(200).await;
    assert_eq!(answer.body, stage.bytes);
    assert_eq!(answer.text("content-length"), SIZE.to_string());
    assert_eq!(answer.text("accept-ranges"), "bytes");
    assert_eq!(answer.text("content-type"), "audio/ogg");
    assert!(answer.text("last-modified").ends_with(" GMT"), "{:?}", answer.headers);
    let name = "filename=\"01 D_a _x_.ogg\"; filename*=UTF-8''01%20D%C3%ADa%20%22x%22.ogg";
    assert_eq!(answer.text("content-disposition"), format!("inline; {name}"));
    let download = format!("{}?download=1", stage.path);
    let download = stage.world.get(&download).token(&stage.token).expect(200).await;
    assert_eq!(download.text("content-disposition"), format!("attachment; {name}"));
    let head = stage.head().expect(200).await;
    assert!(head.body.is_empty());
    assert_eq!(head.text("content-length"), SIZE.to_string());
}

#[tokio::test]
async fn parts_of_it() {
    let stage = Stage::new().await;
    for (range, first, last) in [
        ("bytes=0-0", 0, 0),
        ("bytes=0-65535", 0, 65_535),
        ("bytes=65536-131073", 65_536, 131_073),
        ("bytes=199999-", 199_999, 199_999),
        ("bytes=-1", 199_999, 199_999),
        ("bytes=-999999", 0, 199_999),
        ("bytes=100000-999999", 100_000, 199_999),
    ] {
        let answer = stage.range(range, 206).await;
        assert_eq!(answer.body, stage.bytes[first..=last], "{range}");
        assert_eq!(answer.text("content-range"), format!("bytes {first}-{last}/{SIZE}"));
        assert_eq!(answer.text("content-length"), (last - first + 1).to_string());
    }
    for range in ["bytes=200000-", "bytes=-0", "bytes=99999999999999999999-"] {
        let answer = stage.range(range, 416).await;
        assert_eq!(answer.text("content-range"), format!("bytes */{SIZE}"));
    }
    for range in ["bytes=0-1,4-5", "bytes=5-1", "lines=1-2", "bytes", "bytes=a-"] {
        assert_eq!(stage.range(range, 200).await.body, stage.bytes, "{range}");
    }
    let head = stage.head().header("range", "bytes=0-9").expect(206).await;
    assert_eq!(head.text("content-length"), "10");
}

#[tokio::test]
async fn a_range_holds_only_for_the_file_it_was_asked_of() {
    let stage = Stage::new().await;
    let whole = stage.get().expect(200).await;
    let (etag, date) = (whole.text("etag").to_owned(), whole.text("last-modified").to_owned());
    let resume =
        |condition: &str| stage.get().header("range", "bytes=10-19").header("if-range", condition);
    assert_eq!(resume(&etag).expect(206).await.body, stage.bytes[10..20]);
    assert_eq!(resume(&date).expect(206).await.body, stage.bytes[10..20]);
    resume("\"other\"").expect(200).await;
    resume("Thu, 01 Jan 1970 00:00:00 GMT").expect(200).await;
    resume(&format!("W/{etag}")).expect(200).await;
    stage.get().header("if-none-match", &etag).expect(304).await;
}

#[tokio::test]
async fn what_is_no_file_any_more_is_unavailable() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("gone.flac"), folder.path().to_path_buf()] {
        let id = put_track(&world, &Track { path, ..Track::default() }).await;
        let answer = world.get(&format!("/api/tracks/{id}/original")).token(&token).expect(503);
        let answer = answer.await;
        assert_eq!(answer.code(), "track_unavailable");
        assert!(!String::from_utf8_lossy(&answer.body).contains("tmp"));
    }
}
