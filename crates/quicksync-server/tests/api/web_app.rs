//! The web app: its files, its page at every address of its own, its place under a prefix.

use std::borrow::Cow;
use std::sync::Arc;

use quicksync_server::{PublicUrl, WebFile, WebFiles};

use crate::support::{Plan, Track, World, put_track};

/// Three files, one of them packed as well.
#[derive(Debug)]
struct App;

impl WebFiles for App {
    fn find(&self, path: &str) -> Option<WebFile> {
        let text = match path {
            "index.html" => "<head><base href=\"/\" /></head>",
            "assets/app-1.js" => "play()",
            "assets/app-1.js.gz" => "packed",
            "favicon.svg" => "<svg/>",
            _ => return None,
        };
        Some(WebFile {
            bytes: Cow::Borrowed(text.as_bytes()),
            hash: *blake3::hash(path.as_bytes()).as_bytes(),
        })
    }
}

fn plan() -> Plan {
    Plan { web: Some(Arc::new(App)), ..Plan::default() }
}

#[tokio::test]
async fn files_and_the_page_are_told_apart() {
    let world = World::of(plan()).await;
    for (path, content_type, caching) in [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/setup", "text/html; charset=utf-8", "no-cache"),
        ("/albums/1234", "text/html; charset=utf-8", "no-cache"),
        ("/albums/1234/", "text/html; charset=utf-8", "no-cache"),
        ("/favicon.svg", "image/svg+xml", "no-cache"),
        (
            "/assets/app-1.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
    ] {
        let answer = world.get(path).expect(200).await;
        assert_eq!(answer.text("content-type"), content_type, "{path}");
        assert_eq!(answer.text("cache-control"), caching, "{path}");
        let policy = answer.text("content-security-policy");
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{path}: {policy}");
        let again = world.get(path).header("if-none-match", answer.text("etag"));
        let unchanged = again.expect(304).await;
        assert!(unchanged.body.is_empty(), "{path}");
        assert_eq!(unchanged.text("content-security-policy"), policy, "{path}");
    }
    for path in
        ["/assets/app-2.js", "/missing.png", "/api/nothing/", "/api", "/../../etc/passwd.txt"]
    {
        assert_eq!(world.get(path).expect(404).await.code(), "no_such_route", "{path}");
    }
    world.post("/albums/1234").expect(404).await;
}

#[tokio::test]
async fn a_browser_that_takes_gzip_gets_it() {
    let world = World::of(plan()).await;
    let script = || world.get("/assets/app-1.js");
    let packed = script().header("accept-encoding", "gzip, deflate, br").expect(200).await;
    assert_eq!((packed.text("content-encoding"), &packed.body[..]), ("gzip", &b"packed"[..]));
    assert_eq!(packed.text("content-type"), "text/javascript; charset=utf-8");
    let plain = script().expect(200).await;
    assert_eq!((plain.text("content-encoding"), &plain.body[..]), ("", &b"play()"[..]));
}

#[tokio::test]
async fn the_page_knows_its_prefix() {
    let mut plan = plan();
    plan.config.public_url = PublicUrl::parse("https://music.example/qs").unwrap();
    let world = World::of(plan).await;
    let page = world.get("/qs/albums/1").expect(200).await;
    assert_eq!(page.body, "<head><base href=\"/qs/\" /></head>");
    world.get("/albums/1").expect(404).await;
}

#[tokio::test]
async fn without_a_configured_address_urls_name_the_host_that_was_asked() {
    let mut plan = plan();
    plan.config.public_url = PublicUrl::parse("http://127.0.0.1:4040").unwrap();
    plan.config.follows_host = true;
    let world = World::of(plan).await;
    let (_, token) = world.user_with_token("ann", false).await;
    let id = put_track(&world, &Track::default()).await;
    for (host, origin) in [
        ("music.local:4040", "http://music.local:4040"),
        ("[fe80::1]:4040", "http://[fe80::1]:4040"),
        ("evil.example/path", "http://127.0.0.1:4040"),
        ("user@evil.example", "http://127.0.0.1:4040"),
        ("", "http://127.0.0.1:4040"),
    ] {
        let manifest = world.get(&format!("/api/tracks/{id}/manifest/")).token(&token);
        let manifest = manifest.header("host", host).expect(200).await.json();
        let url = manifest["hls_url"].as_str().unwrap();
        assert!(url.starts_with(&format!("{origin}/api/tracks/")), "{host:?}: {url}");
    }
}
