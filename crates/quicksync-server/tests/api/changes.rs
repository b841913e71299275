//! Files that change while they are sent: an answer is of one version of its file, or breaks off.

use std::fs::{File, FileTimes};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use axum::body::Body;
use futures_util::StreamExt as _;
use quicksync_server::{Entropy, SegmentError};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Answer, Call, ORIGIN, Track, World, put_track, rest};

/// Several pieces as they are read.
const SIZE: usize = 400_001;

struct Stage {
    world: World,
    _folder: TempDir,
    path: PathBuf,
    bytes: Vec<u8>,
    manifest: Value,
}

impl Stage {
    async fn new() -> Self {
        let world = World::empty().await;
        let (_, token) = world.user_with_token("ann", false).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.flac");
        let mut bytes = vec![0; SIZE];
        world.entropy.fill(&mut bytes);
        std::fs::write(&path, &bytes).unwrap();
        let id = put_track(&world, &Track { path: path.clone(), ..Track::default() }).await;
        let manifest = format!("/api/tracks/{id}/manifest/");
        let manifest = world.get(&manifest).token(&token).expect(200).await.json();
        Self { world, _folder: folder, path, bytes, manifest }
    }

    fn get(&self, url: &Value) -> Call {
        self.world.get(url.as_str().unwrap().strip_prefix(ORIGIN).unwrap())
    }

    /// The original, of which one piece was taken.
    async fn begun(&self) -> (Answer, Vec<u8>, Body) {
        let (answer, body) = self.get(&self.manifest["original"]["url"]).begin().await;
        let mut pieces = body.into_data_stream();
        let first = pieces.next().await.unwrap().unwrap();
        (answer, first.to_vec(), Body::from_stream(pieces))
    }
}

fn open(path: &Path) -> File {
    File::options().write(true).open(path).unwrap()
}

/// Dated as before, as programs do that write tags.
fn overwrite_keeping_the_date(path: &Path) {
    let dated = std::fs::metadata(path).unwrap().modified().unwrap();
    let mut file = open(path);
    file.seek(SeekFrom::Start(350_000)).unwrap();
    file.write_all(b"other bytes").unwrap();
    file.set_times(FileTimes::new().set_modified(dated)).unwrap();
}

type Change = fn(&Path);

/// What is done to the file, and whether it is the same one for who has it open.
const CHANGES: [(&str, Change, bool); 8] = [
    ("overwritten", |path| std::fs::write(path, vec![7; SIZE]).unwrap(), false),
    ("overwritten, dated as before", overwrite_keeping_the_date, false),
    (
        "grown",
        |path| File::options().append(true).open(path).unwrap().write_all(b"x").unwrap(),
        false,
    ),
    ("cut short", |path| open(path).set_len(100_000).unwrap(), false),
    ("emptied", |path| open(path).set_len(0).unwrap(), false),
    ("gone", |path| std::fs::remove_file(path).unwrap(), true),
    ("renamed", |path| std::fs::rename(path, path.with_extension("other")).unwrap(), true),
    (
        "replaced",
        |path| {
            let other = path.with_extension("new");
            std::fs::write(&other, vec![7; SIZE]).unwrap();
            std::fs::rename(other, path).unwrap();
        },
        true,
    ),
];

#[tokio::test]
async fn an_original_is_sent_of_one_version_or_breaks_off() {
    for (name, change, is_same) in CHANGES {
        let stage = Stage::new().await;
        let url = &stage.manifest["original"]["url"];
        let (answer, first, body) = stage.begun().await;
        let (etag, length) = (answer.text("etag").to_owned(), answer.text("content-length"));
        assert_eq!(length, SIZE.to_string());
        change(&stage.path);
        let (more, breaks_off) = rest(body).await;
        let sent = [first, more].concat();
        assert!(stage.bytes.starts_with(&sent), "{name}: bytes of another version");
        assert_eq!((breaks_off, sent.len() == SIZE), (!is_same, is_same), "{name}");
        // Who goes on from there is told that it is another file by now.
        let resume = stage.get(url).header("range", "bytes=9-").header("if-range", &etag);
        if !stage.path.exists() {
            assert_eq!(resume.expect(503).await.code(), "track_unavailable", "{name}");
            continue;
        }
        let resumed = resume.expect(200).await;
        assert!(resumed.body == std::fs::read(&stage.path).unwrap(), "{name}");
        assert_ne!(resumed.text("etag"), etag, "{name}");
        stage.get(url).header("if-none-match", &etag).expect(200).await;
    }
}

#[tokio::test]
async fn a_stream_whose_source_is_gone_breaks_off_and_others_go_on() {
    let stage = Stage::new().await;
    for codec in ["opus", "mp3"] {
        let url = &stage.manifest["stream_urls"][codec];
        let whole = stage.get(url).expect(200).await;
        let (answer, body) = stage.get(url).begin().await;
        let (_, other) = stage.get(url).begin().await;
        assert_eq!(answer.status, 200);
        *stage.world.segments.fault.lock().unwrap() = Some(|| SegmentError::Unavailable);
        let (sent, breaks_off) = rest(body).await;
        assert!(breaks_off && sent.len() < whole.body.len(), "{codec}");
        assert!(whole.body.starts_with(&sent), "{codec}");
        assert_eq!(stage.get(url).expect(503).await.code(), "track_unavailable");
        // It is back: who was not asking meanwhile notices nothing.
        *stage.world.segments.fault.lock().unwrap() = None;
        assert!(rest(other).await == (whole.body.to_vec(), false), "{codec}");
    }
}

#[tokio::test]
async fn a_segment_whose_source_is_gone_says_so_and_is_there_again_later() {
    let stage = Stage::new().await;
    let template = &stage.manifest["ladder"][0]["segment_url"];
    let url = Value::from(template.as_str().unwrap().replace("{n}", "1"));
    let segment = stage.get(&url).expect(200).await;
    *stage.world.segments.fault.lock().unwrap() = Some(|| SegmentError::Unavailable);
    let refused = stage.get(&url).expect(503).await;
    assert_eq!((refused.code().as_str(), refused.text("retry-after")), ("track_unavailable", "30"));
    assert!(!refused.text("cache-control").contains("immutable"));
    *stage.world.segments.fault.lock().unwrap() = None;
    assert_eq!(stage.get(&url).expect(200).await.body, segment.body);
}
