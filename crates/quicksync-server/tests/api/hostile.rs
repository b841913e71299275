//! Paths that try to leave the place they stand in: none may find a file, and none may fail.

use crate::support::{Track, World, put_track};

const UPWARDS: &[&str] = &[
    "..",
    "../..",
    "..%2f",
    "..%2F..%2F",
    "%2e%2e",
    "%2e%2e%2f",
    "%252e%252e%252f",
    "..%5c",
    "..%5C..%5C",
    "..\\",
    "....//",
    "..;/",
    "..%00/",
    "..%c0%af",
    "..%c1%9c",
    "%c0%ae%c0%ae%c0%af",
    "%e0%80%ae%e0%80%ae/",
    "%uff0e%uff0e/",
    ".%2e/",
    "%2e./",
    "/",
    "//",
    "%2f",
    "%00",
    "%ff%fe",
    "~root",
    "C:%5c",
    "%5c%5cserver%5cshare",
    "CON",
    "file:%2f%2f",
    "..%0d%0aX-Evil:%201",
];

const TARGETS: &[&str] = &["etc/passwd", "etc%2fpasswd", "proc/self/environ", "", "a.flac"];

#[tokio::test]
async fn no_path_leaves_its_place() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", true).await;
    let id = put_track(&world, &Track { path: "/etc/passwd".into(), ..Track::default() }).await;
    let places = [
        "/".to_owned(),
        "/api/tracks/".to_owned(),
        "/api/covers/".to_owned(),
        format!("/api/tracks/{id}/hls/"),
        format!("/api/tracks/{id}/segments/"),
        format!("/api/tracks/{id}/segments/v/"),
        format!("/api/tracks/{id}/segments/v/low/"),
    ];
    let mut tried = 0;
    for place in &places {
        for upwards in UPWARDS {
            for target in TARGETS {
                let path = format!("{place}{upwards}{target}");
                if path.parse::<axum::http::Uri>().is_err() {
                    continue;
                }
                let answer = world.get(&path).token(&token).send().await;
                let status = answer.status.as_u16();
                let is_page = matches!(path.as_str(), "/" | "//");
                assert!(matches!(status, 400 | 404 | 410) || is_page, "{path}: {status}");
                assert!(!String::from_utf8_lossy(&answer.body).contains("root:"), "{path}");
                assert!(answer.headers.get("x-evil").is_none(), "{path}");
                tried += 1;
            }
        }
    }
    assert!(tried >= 500, "only {tried} paths were tried");
}

#[tokio::test]
async fn odd_requests_get_an_answer() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let long = "x".repeat(8000);
    for path in [
        format!("/api/tracks/?q={long}"),
        format!("/api/tracks/{long}/"),
        "/api/tracks/?q=%00".to_owned(),
        "/api/tracks/?q=%ff%fe".to_owned(),
        "/api/tracks/?q=';DROP%20TABLE%20track;--".to_owned(),
        "/api/tracks/?q=%25%5F%22%2A".to_owned(),
        "/api/tracks/?page=1&page=2".to_owned(),
        "/api/tracks/?&&&=&=".to_owned(),
        "/api/search/?q=NEAR(a%20b)%20OR%20*".to_owned(),
        format!("/api/auth/me/?ticket={long}"),
        "/api/tracks/00000000-0000-0000-0000-000000000000/original?ticket=".to_owned(),
    ] {
        let status = world.get(&path).token(&token).send().await.status.as_u16();
        assert!(status < 500, "{path}: {status}");
    }
    for value in ["", " ", "Bearer", "Bearer ", "Basic YTpi", "Bearer \u{e9}", "Bearer a b c"] {
        let bytes: String = value.chars().filter(char::is_ascii).collect();
        world.get("/api/auth/me/").header("authorization", &bytes).expect(401).await;
    }
    for cookie in ["", "quicksync_login", "quicksync_login=", ";;;=;", "quicksync_login=\"x\""] {
        world.get("/api/auth/me/").header("cookie", cookie).expect(401).await;
    }
}
