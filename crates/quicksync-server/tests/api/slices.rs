//! Ranges at random of everything that is served by range: each is a slice of the whole and says so,
//! to GET and HEAD alike, whether or not a byte of it has been asked for before.

use quicksync_model::Quality;
use quicksync_server::Entropy;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Answer, Call, ORIGIN, SeededEntropy, Track, World, put_track};

/// Ranges of each file.
const RANGES: usize = 16;
/// The original's length, which no buffer divides.
const ORIGINAL_BYTES: usize = 300_007;

/// A track of an album with a cover and a real file, and everything that can be fetched of both.
struct Shelf {
    world: World,
    _folder: TempDir,
    random: SeededEntropy,
    urls: Vec<String>,
}

impl Shelf {
    async fn new() -> Self {
        let world = World::empty().await;
        let (_, token) = world.user_with_token("ann", false).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("01 Dawn.flac");
        let random = SeededEntropy::default();
        let mut original = vec![0; ORIGINAL_BYTES];
        random.fill(&mut original);
        std::fs::write(&path, original).unwrap();
        let cover = Some(vec![7; 5_000]);
        let id = put_track(&world, &Track { path, cover, ..Track::default() }).await;
        let albums = world.get("/api/albums/").token(&token).expect(200).await.json();
        let album = albums["results"][0]["id"].as_str().unwrap().to_owned();
        let manifest = async |path: String| world.get(&path).token(&token).expect(200).await.json();
        let track = manifest(format!("/api/tracks/{id}/manifest/")).await;
        let album = manifest(format!("/api/albums/{album}/manifest/")).await;
        let urls = urls(&track, &album);
        Self { world, _folder: folder, random, urls }
    }

    fn below(&self, end: usize) -> usize {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % end as u64).unwrap()
    }

    /// A range of `size` bytes in one of the ways to write one, and what it comes to.
    fn range(&self, size: usize) -> (String, usize, usize) {
        let (a, b) = (self.below(size), self.below(size));
        let (first, last) = (a.min(b), a.max(b));
        match self.below(5) {
            0 => (format!("bytes={first}-"), first, size - 1),
            1 => (format!("bytes=-{}", size - first), first, size - 1),
            2 => (format!("bytes={first}-{}", last + size), first, size - 1),
            3 => (format!("bytes={first}-{first}"), first, first),
            _ => (format!("bytes={first}-{last}"), first, last),
        }
    }

    fn call(&self, method: &str, url: &str, range: &str) -> Call {
        self.world.call(method, url).header("range", range)
    }
}

/// The original twice, as it is played and as it is kept; every download and every stream.
fn urls(track: &Value, album: &Value) -> Vec<String> {
    let path = |url: &Value| url.as_str().unwrap().strip_prefix(ORIGIN).unwrap().to_owned();
    let download = path(&track["download_url"]);
    let mut urls = vec![path(&track["original"]["url"]), download.clone()];
    for codec in ["opus", "mp3"] {
        for quality in Quality::ALL {
            urls.push(format!("{download}&codec={codec}&quality={quality}"));
            for item in [track, album] {
                urls.push(format!("{}&quality={quality}", path(&item["stream_urls"][codec])));
            }
        }
    }
    urls
}

/// The headers that say what the bytes are.
fn about(answer: &Answer) -> Vec<(&str, &str)> {
    let fields = [
        "accept-ranges",
        "cache-control",
        "content-disposition",
        "content-length",
        "content-range",
        "content-type",
        "etag",
        "last-modified",
        "quick-sync-quality",
    ];
    fields.map(|name| (name, answer.text(name))).to_vec()
}

#[tokio::test]
async fn every_range_of_everything_is_a_slice_of_the_whole() {
    let shelf = Shelf::new().await;
    assert_eq!(shelf.urls.len(), 2 + 3 * 8);
    for url in &shelf.urls {
        let whole = shelf.world.get(url).expect(200).await;
        let size = whole.body.len();
        let head = shelf.world.call("HEAD", url).expect(200).await;
        assert_eq!((about(&head), head.body.len()), (about(&whole), 0), "{url}");
        for _ in 0..RANGES {
            let (range, first, last) = shelf.range(size);
            let part = shelf.call("GET", url, &range).expect(206).await;
            assert!(part.body == whole.body[first..=last], "{url}: {range}");
            let place = format!("bytes {first}-{last}/{size}");
            assert_eq!(part.text("content-range"), place, "{url}: {range}");
            assert_eq!(part.text("content-length"), (last - first + 1).to_string(), "{url}");
            for name in ["etag", "content-type", "last-modified", "quick-sync-quality"] {
                assert_eq!(part.text(name), whole.text(name), "{url}: {name}");
            }
            let head = shelf.call("HEAD", url, &range).expect(206).await;
            assert_eq!((about(&head), head.body.len()), (about(&part), 0), "{url}: {range}");
        }
    }
}

#[tokio::test]
async fn a_range_is_of_the_file_that_it_was_asked_of_or_the_whole() {
    let shelf = Shelf::new().await;
    let tags: Vec<String> = {
        let mut tags = Vec::new();
        for url in &shelf.urls {
            tags.push(shelf.world.call("HEAD", url).expect(200).await.text("etag").to_owned());
        }
        tags
    };
    for (n, url) in shelf.urls.iter().enumerate() {
        let whole = shelf.world.get(url).expect(200).await;
        let size = whole.body.len();
        // That of another file of the same music; the original has one in both places.
        let other = &tags[(n + 2) % tags.len()];
        let (range, first, last) = shelf.range(size);
        for (method, body) in [("GET", Some(&whole.body[first..=last])), ("HEAD", None)] {
            let same = shelf.call(method, url, &range).header("if-range", &tags[n]);
            let same = same.expect(206).await;
            assert!(same.body == body.unwrap_or_default(), "{method} {url}: {range}");
        }
        for condition in [other.as_str(), "W/\"weak\"", "Thu, 01 Jan 1970 00:00:00 GMT", "*"] {
            let answer = shelf.call("GET", url, &range).header("if-range", condition);
            assert!(answer.expect(200).await.body == whole.body, "{url}: {condition}");
            let head = shelf.call("HEAD", url, &range).header("if-range", condition);
            assert_eq!(head.expect(200).await.text("content-length"), size.to_string(), "{url}");
        }
        // A range outside is refused, unless it was asked of another file.
        let outside = format!("bytes={size}-");
        let refused = shelf.call("GET", url, &outside).header("if-range", &tags[n]);
        let refused = refused.expect(416).await;
        assert_eq!(refused.text("content-range"), format!("bytes */{size}"));
        shelf.call("GET", url, &outside).header("if-range", other).expect(200).await;
    }
}

#[tokio::test]
async fn what_was_never_made_answers_with_the_segments_it_needs() {
    let shelf = Shelf::new().await;
    let asked = || std::mem::take(&mut *shelf.world.segments.asked.lock().unwrap());
    for url in shelf.urls.iter().skip(2) {
        let head = shelf.world.call("HEAD", url).expect(200).await;
        let size: usize = head.text("content-length").parse().unwrap();
        assert_eq!(asked(), [], "{url}: a HEAD needs none");
        let first = shelf.call("GET", url, "bytes=0-0").expect(206).await;
        assert_eq!(first.body.len(), 1, "{url}");
        assert_eq!(asked(), [], "{url}: the first byte is no audio");
        let end = shelf.call("GET", url, "bytes=-7").expect(206).await;
        assert_eq!(asked(), [Some(2)], "{url}: the last segment alone");
        // Of one segment, or of two where it lies across their seam.
        let at = size / 2;
        let middle = shelf.call("GET", url, &format!("bytes={at}-{}", at + 99)).expect(206).await;
        let needed = asked();
        assert!((1..=2).contains(&needed.len()), "{url}: {needed:?}");
        let whole = shelf.world.get(url).expect(200).await.body;
        assert_eq!(first.body, whole[..1], "{url}");
        assert_eq!(end.body, whole[size - 7..], "{url}");
        assert_eq!(middle.body, whole[at..at + 100], "{url}");
        asked();
    }
}
