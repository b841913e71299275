//! Tracks, albums, artists, search, covers, problems.

use std::path::Path;

use quicksync_store::LibraryStore;
use serde_json::{Value, json};

use crate::support::{ORIGIN, Track, World, put_files, put_track};

fn track(path: &str, title: &'static str, album: &'static str, number: u32) -> Track {
    Track { path: path.into(), title, album, number, ..Track::default() }
}

async fn small_library(world: &World) {
    let tracks = [
        track("/music/1.flac", "Dawn", "Days", 1),
        track("/music/2.flac", "Noon", "Days", 2),
        track("/music/3.flac", "Dusk", "Days", 3),
        Track { artist: "Bob", ..track("/music/4.flac", "Midnight", "Nights", 1) },
    ];
    put_files(world, &tracks).await;
}

fn titles(list: &Value) -> Vec<&str> {
    let results = list["results"].as_array().unwrap();
    results.iter().map(|item| item["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn pages_link_to_their_neighbours() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    small_library(&world).await;
    let mut path = "/api/tracks/?sort=title&page_size=3&q=".to_owned();
    let mut seen = Vec::new();
    let mut previous = Vec::new();
    loop {
        let page = world.get(&path).token(&token).expect(200).await.json();
        assert_eq!(page["count"], 4);
        seen.extend(titles(&page).into_iter().map(str::to_owned));
        previous.push(page["previous"].as_str().map(str::to_owned));
        let Some(next) = page["next"].as_str() else { break };
        path = next.strip_prefix(ORIGIN).unwrap().to_owned();
        assert!(path.contains("sort=title") && path.contains("page_size=3"), "{path}");
    }
    assert_eq!(seen, ["Dawn", "Dusk", "Midnight", "Noon"]);
    assert!(previous[0].is_none() && previous[1].as_deref().unwrap().contains("page=1"));
    let beyond = world.get("/api/tracks/?page=99").token(&token).expect(200).await.json();
    assert_eq!((beyond["count"].as_u64(), titles(&beyond).len()), (Some(4), 0));
}

#[tokio::test]
async fn tracks_albums_and_artists_lead_to_each_other() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    small_library(&world).await;
    let get = async |path: &str| world.get(path).token(&token).expect(200).await.json();
    let relative = |url: &Value| url.as_str().unwrap().strip_prefix(ORIGIN).unwrap().to_owned();
    let artists = get("/api/artists/").await;
    let names: Vec<_> = artists["results"].as_array().unwrap().iter().map(|a| &a["name"]).collect();
    assert_eq!(names, ["Ann", "Bob"]);
    let ann = &artists["results"][0];
    let albums = get(&relative(&ann["albums_url"])).await;
    assert_eq!(titles(&albums), ["Days"]);
    let days = &albums["results"][0];
    assert_eq!(days["track_count"], 3);
    assert_eq!(&get(&format!("/api/albums/{}/", days["id"].as_str().unwrap())).await, days);
    let tracks = get(&relative(&days["tracks_url"])).await;
    assert_eq!(titles(&tracks), ["Dawn", "Noon", "Dusk"]);
    let dawn = &tracks["results"][0];
    assert_eq!(&get(&format!("/api/tracks/{}/", dawn["id"].as_str().unwrap())).await, dawn);
    assert_eq!(dawn["artist_id"], ann["id"]);
    assert_eq!(&get(&format!("/api/artists/{}", ann["id"].as_str().unwrap())).await, ann);
    let of_bob = get("/api/tracks/?q=midnight%20bob").await;
    assert_eq!(titles(&of_bob), ["Midnight"]);
}

#[tokio::test]
async fn a_track_says_what_is_known_of_it() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    put_files(&world, &[Track { samples: 48_000, ..Track::default() }]).await;
    let list = || world.get("/api/tracks/").token(&token).expect(200);
    let before = list().await.json()["results"][0].clone();
    assert_eq!((&before["duration_s"], &before["bitrate_kbps"]), (&json!(1.0), &Value::Null));
    let id = put_track(&world, &Track { samples: 72_000, ..Track::default() }).await;
    let after = list().await.json()["results"][0].clone();
    assert_eq!((&after["duration_s"], &after["bitrate_kbps"]), (&json!(1.5), &json!(800)));
    assert_eq!(after["manifest_url"], format!("{ORIGIN}/api/tracks/{id}/manifest/"));
    assert_eq!(after["cover_url"], Value::Null);
    assert!(!after.to_string().contains("/music/"), "listeners see no paths");
}

#[tokio::test]
async fn search_finds_every_kind() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    small_library(&world).await;
    let found = world.get("/api/search/?q=nig&limit=1").token(&token).expect(200).await.json();
    assert_eq!(titles(&found["tracks"]), ["Midnight"]);
    assert_eq!(titles(&found["albums"]), ["Nights"]);
    assert_eq!(found["artists"]["count"], 0);
    let all = world.get("/api/search/?q=ann&limit=2").token(&token).expect(200).await.json();
    assert_eq!((all["tracks"]["count"].as_u64(), titles(&all["tracks"]).len()), (Some(3), 2));
}

#[tokio::test]
async fn covers_are_images_and_nothing_else() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let cover = Some(b"not really a PNG".to_vec());
    put_files(&world, &[Track { cover, ..Track::default() }]).await;
    let tracks = world.get("/api/tracks/").token(&token).expect(200).await.json();
    let url = tracks["results"][0]["cover_url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(ORIGIN).unwrap();
    let answer = world.get(&format!("{path}?size=300")).token(&token).expect(200).await;
    assert_eq!(answer.text("content-type"), "image/png");
    assert_eq!(&answer.body[..], b"not really a PNG");
    assert!(answer.text("content-security-policy").contains("sandbox"));
    let etag = answer.text("etag").to_owned();
    let again = world.get(&format!("{path}?size=300")).token(&token);
    assert!(again.header("if-none-match", &etag).expect(304).await.body.is_empty());
}

#[tokio::test]
async fn covers_are_scaled_to_what_is_asked_for() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let mut picture = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(64, 32).write_to(&mut picture, image::ImageFormat::Png).unwrap();
    let cover = Some(picture.into_inner());
    put_files(&world, &[Track { cover, ..Track::default() }]).await;
    let tracks = world.get("/api/tracks/").token(&token).expect(200).await.json();
    let url = tracks["results"][0]["cover_url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(ORIGIN).unwrap();
    for (query, width, height) in
        [("", 64, 32), ("?size=16", 16, 8), ("?size=500", 64, 32), ("?size=2000", 64, 32)]
    {
        let answer = world.get(&format!("{path}{query}")).token(&token).expect(200).await;
        let seen = image::load_from_memory(&answer.body).unwrap();
        assert_eq!((seen.width(), seen.height()), (width, height), "{query:?}");
    }
}

#[tokio::test]
async fn problems_are_listed_for_administrators() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("root", true).await;
    let path = Path::new("/music/broken.mp3");
    world.store.put_problem(path, "the file is damaged", world.clock.now_us()).await.unwrap();
    let list = world.get("/api/library/problems/").token(&token).expect(200).await.json();
    let problem = &list["results"][0];
    assert_eq!(problem["path"], "/music/broken.mp3");
    assert_eq!(problem["reason"], "the file is damaged");
    assert_eq!(problem["since"], 1.7e9);
    let status = world.get("/api/library/status/").token(&token).expect(200).await.json();
    assert_eq!((&status["problem_count"], &status["track_count"]), (&json!(1), &json!(0)));
    world.post("/api/library/rescan/").token(&token).expect(202).await;
}
