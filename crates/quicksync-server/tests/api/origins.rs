//! What pages of other sites can make a browser do, and what they may.

use quicksync_store::CredentialKind;
use serde_json::json;

use crate::support::{ORIGIN, PASSWORD, World};

#[tokio::test]
async fn a_cookie_changes_nothing_unless_our_own_page_sent_it() {
    let world = World::empty().await;
    let user = world.user("ann", false).await;
    let login = world.credential(&user, CredentialKind::Login, None).await;
    let change = || {
        let body = json!({"prefer_quality": false});
        world.post("/api/audio/quick-sync/preferences/").bare_cookie(&login).json(body)
    };
    change().expect(403).await;
    change().header("origin", "https://evil.example").expect(403).await;
    change().header("origin", "https://app.example").expect(403).await;
    change().header("origin", "null").expect(403).await;
    change().header("sec-fetch-site", "same-site").expect(403).await;
    let read = || world.get("/api/audio/quick-sync/preferences/").bare_cookie(&login);
    assert_eq!(read().expect(200).await.json()["prefer_quality"], true);
    read().header("origin", "https://evil.example").expect(403).await;
    change().header("origin", ORIGIN).expect(200).await;
    assert_eq!(read().expect(200).await.json()["prefer_quality"], false);
}

#[tokio::test]
async fn no_other_site_logs_a_listener_in() {
    let world = World::empty().await;
    world.user("ann", false).await;
    let log_in =
        || world.post("/api/auth/login/").json(json!({"name": "ann", "password": PASSWORD}));
    log_in().header("origin", "https://evil.example").expect(403).await;
    log_in().header("sec-fetch-site", "cross-site").expect(403).await;
    log_in().header("origin", ORIGIN).expect(200).await;
    log_in().expect(200).await;
}

#[tokio::test]
async fn allowed_origins_may_call_with_a_token_and_no_others() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let preflight = |origin| {
        let call = world.call("OPTIONS", "/api/tracks/").header("origin", origin);
        call.header("access-control-request-method", "GET")
    };
    let allowed = preflight("https://app.example").expect(204).await;
    assert_eq!(allowed.text("access-control-allow-origin"), "https://app.example");
    assert!(allowed.text("access-control-allow-headers").contains("Authorization"));
    assert_eq!(allowed.text("access-control-allow-credentials"), "");
    let refused = preflight("https://evil.example").expect(405).await;
    assert_eq!(refused.text("access-control-allow-origin"), "");

    let read = |origin| world.get("/api/tracks/").token(&token).header("origin", origin);
    let allowed = read("https://app.example").expect(200).await;
    assert_eq!(allowed.text("access-control-allow-origin"), "https://app.example");
    assert_eq!(allowed.text("timing-allow-origin"), "https://app.example");
    for name in ["Content-Range", "ETag", "CMSD-Dynamic"] {
        assert!(allowed.text("access-control-expose-headers").contains(name), "{name}");
    }
    let other = read("https://evil.example").expect(200).await;
    assert_eq!(other.text("access-control-allow-origin"), "");
    assert_eq!(other.text("vary"), "Origin");
    // A script of an allowed origin can read why it was refused.
    let refused =
        world.get("/api/tracks/").header("origin", "https://app.example").expect(401).await;
    assert_eq!(refused.text("access-control-allow-origin"), "https://app.example");
}

#[tokio::test]
async fn pages_run_their_own_script_only() {
    let world = World::empty().await;
    for path in ["/", "/setup"] {
        let page = world.get(path).expect(200).await;
        let policy = page.text("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{policy}");
        assert!(policy.contains("script-src 'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        let html = String::from_utf8_lossy(&page.body).into_owned();
        assert_eq!(html.matches("<script").count(), 1);
        assert!(!html.contains("onclick=") && !html.contains("style="));
    }
}
