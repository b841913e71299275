//! Files that a real encoder wrote, read by the real decoder and the real tag reader.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use quicksync_decode::InProcess;
use quicksync_decode::worker::{ANALYSE_TIMEOUT, DEFAULT_MEMORY_LIMIT_BYTES, Pool, PoolConfig};
use quicksync_library::{InProcessTags, Library, LibraryConfig, TagReader, WorkerTags};
use quicksync_store::{LibraryStore, SqliteStore, TrackQuery};

use crate::fakes::ALL;

fn ffmpeg(arguments: &[&str], output: &Path) {
    let run = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:duration=1"])
        .args(arguments)
        .arg(output)
        .output()
        .expect("ffmpeg is needed to make test files: apt install ffmpeg");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

const TAGS: [&str; 8] = [
    "title=Söng",
    "artist=Ann",
    "album=Best of",
    "album_artist=Various",
    "track=3/12",
    "disc=2/2",
    "date=1999-05-06",
    "genre=Dub",
];

#[tokio::test]
async fn every_container_gives_its_tags_and_its_picture() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("picture.png");
    image::DynamicImage::new_rgb8(8, 8).save(&picture).unwrap();
    let root = folder.path().join("m");
    std::fs::create_dir(&root).unwrap();
    let tags: Vec<&str> = TAGS.iter().flat_map(|tag| ["-metadata", tag]).collect();
    let with_picture = ["-i", picture.to_str().unwrap(), "-map", "0", "-map", "1", "-c:v", "copy"];
    let attached = ["-disposition:v", "attached_pic"];
    for (name, codec, has_picture) in [
        ("1.flac", "flac", true),
        ("2.mp3", "libmp3lame", true),
        ("3.m4a", "aac", true),
        ("4.ogg", "libvorbis", false),
        ("5.opus", "libopus", false),
        ("6.wav", "pcm_s16le", false),
        ("7.aiff", "pcm_s16be", false),
    ] {
        let mut arguments: Vec<&str> = Vec::new();
        if has_picture {
            arguments.extend(with_picture.iter().chain(&attached));
        }
        arguments.extend(["-c:a", codec]);
        arguments.extend(&tags);
        if name == "7.aiff" {
            arguments.extend(["-write_id3v2", "1"]);
        }
        ffmpeg(&arguments, &root.join(name));
    }
    let store = SqliteStore::open_in_memory().await.unwrap();
    let mut config = LibraryConfig::from(vec![root.clone()]);
    config.settle = Duration::ZERO;
    config.tags = Arc::new(InProcessTags);
    let library = Library::new(Arc::new(store.clone()), Arc::new(InProcess), config);
    let report = library.scan_once(&|_| {}).await.unwrap();
    assert_eq!((report.read, report.broken), (7, 0), "{:?}", store.problems(ALL).await);
    assert_eq!(library.analyse_pending(&|_| {}).await.unwrap(), 7);

    let tracks = store.tracks(&TrackQuery::default(), ALL).await.unwrap().items;
    assert_eq!(tracks.len(), 7);
    let workers = WorkerTags::new(Pool::new(PoolConfig {
        program: env!("CARGO_BIN_EXE_library-test-worker").into(),
        args: Vec::new(),
        workers: 1,
        memory_limit_bytes: DEFAULT_MEMORY_LIMIT_BYTES,
        request_timeout: ANALYSE_TIMEOUT,
        gives_way: false,
    }));
    for track in tracks {
        let in_process = InProcessTags.read(&track.path).await.unwrap();
        assert_eq!(workers.read(&track.path).await.unwrap(), in_process, "by a worker");
        let name = track.path.file_name().unwrap().to_str().unwrap();
        assert_eq!((track.title.as_str(), track.artist.as_str()), ("Söng", "Ann"), "{name}");
        assert_eq!(
            (track.album.as_str(), track.genre.as_deref()),
            ("Best of", Some("Dub")),
            "{name}"
        );
        assert_eq!((track.track_number, track.year), (Some(3), Some(1999)), "{name}");
        // RIFF INFO has no field for a disc or an album artist.
        let (disc, filed_under) =
            if name == "6.wav" { (None, "Ann") } else { (Some(2), "Various") };
        let artist = store.artist(track.artist_id.unwrap()).await.unwrap().unwrap();
        assert_eq!((track.disc_number, artist.name.as_str()), (disc, filed_under), "{name}");
        assert_eq!(track.cover_id.is_some(), name < "4", "{name}");
        assert!(track.analysis.is_some_and(|analysis| analysis.samples > 40_000), "{name}");
    }
}

#[tokio::test]
async fn damaged_files_stop_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("m");
    std::fs::create_dir(&root).unwrap();
    let whole = folder.path().join("whole.mp3");
    ffmpeg(&["-c:a", "libmp3lame", "-metadata", "title=Whole"], &whole);
    let bytes = std::fs::read(&whole).unwrap();
    std::fs::copy(&whole, root.join("whole.mp3")).unwrap();
    for cut in [0, 1, 10, 100] {
        std::fs::write(root.join(format!("cut {cut}.mp3")), &bytes[..cut]).unwrap();
    }
    std::fs::write(root.join("noise.flac"), [0x5a; 5000]).unwrap();
    std::fs::write(root.join("text.ogg"), "not music at all").unwrap();
    let store = SqliteStore::open_in_memory().await.unwrap();
    let mut config = LibraryConfig::from(vec![root]);
    config.settle = Duration::ZERO;
    let library = Library::new(Arc::new(store.clone()), Arc::new(InProcess), config);
    library.scan_once(&|_| {}).await.unwrap();
    library.analyse_pending(&|_| {}).await.unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.problems, counts.unanalysed), (6, 0));
    let problems = store.problems(ALL).await.unwrap().items;
    assert!(InProcessTags.read(&folder.path().join("nowhere.mp3")).await.is_err());
    assert!(problems.iter().all(|problem| !problem.reason.is_empty()), "{problems:?}");
}
