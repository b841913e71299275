//! Refusals: their shape, their codes, the field they name; and the two spellings of every path.

use quicksync_server::PublicUrl;
use serde_json::json;

use crate::support::{Plan, World};

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", true).await;
    for (method, path, status, code) in [
        ("GET", "/nothing", 404, "no_such_route"),
        ("GET", "/api/", 404, "no_such_route"),
        ("GET", "/api/tracks/not-an-id/", 404, "not_found"),
        ("GET", "/api/tracks/6a1f7c1e-58a1-4b43-9d0b-3b6f1a3c0001/", 404, "not_found"),
        ("PUT", "/api/tracks/", 405, "method_not_allowed"),
        ("DELETE", "/api/auth/login/", 405, "method_not_allowed"),
        ("POST", "/healthz", 405, "method_not_allowed"),
    ] {
        let answer = world.call(method, path).token(&token).expect(status).await;
        assert_eq!(answer.code(), code, "{method} {path}");
    }
}

#[tokio::test]
async fn bad_bodies_name_the_field() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", true).await;
    let send = |body: &str| {
        let call = world.post("/api/users/").token(&token).body(body.to_owned());
        call.header("content-type", "application/json")
    };
    for (body, code, field) in [
        ("", "invalid_json", ""),
        ("{", "invalid_json", ""),
        ("{} {}", "invalid_field", "name"),
        ("[]", "invalid_field", "body"),
        ("null", "invalid_field", "body"),
        ("\"x\"", "invalid_field", "body"),
        ("{\"name\": 5}", "invalid_field", "name"),
        ("{\"name\": \"a\"}", "invalid_field", "password"),
        ("{\"name\": \"a\", \"name\": \"b\"}", "invalid_field", "name"),
        ("{\"name\": \"a\", \"shoe\": 1}", "invalid_field", "shoe"),
        ("{\"name\": \"abc\", \"password\": \"correct horse\"} x", "invalid_json", ""),
        ("\u{0}", "invalid_json", ""),
    ] {
        let answer = send(body).expect(400).await;
        assert_eq!((answer.code().as_str(), answer.field().as_str()), (code, field), "{body:?}");
    }
    let large = format!("{{\"name\": \"{}\"}}", "x".repeat(300_000));
    assert_eq!(send(&large).expect(413).await.code(), "body_too_large");
    let nested = "[".repeat(200_000);
    send(&nested).expect(400).await;
    let form = world.post("/api/users/").token(&token).body("name=a");
    form.header("content-type", "application/x-www-form-urlencoded").expect(415).await;
    world.post("/api/users/").token(&token).body("{}").expect(415).await;
}

#[tokio::test]
async fn bad_parameters_name_the_field() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    for (path, field) in [
        ("/api/tracks/?page=0", "page"),
        ("/api/tracks/?page=-1", "page"),
        ("/api/tracks/?page=x", "page"),
        ("/api/tracks/?page_size=0", "page_size"),
        ("/api/tracks/?page_size=501", "page_size"),
        ("/api/tracks/?page=99999999999", "page"),
        ("/api/tracks/?sort=loudest", "sort"),
        ("/api/tracks/?album=x", "album"),
        ("/api/albums/?sort=album", "sort"),
        ("/api/search/", "q"),
        ("/api/search/?q=", "q"),
        ("/api/search/?q=a&limit=51", "limit"),
        ("/api/covers/6a1f7c1e-58a1-4b43-9d0b-3b6f1a3c0001?size=0", "size"),
        ("/api/covers/6a1f7c1e-58a1-4b43-9d0b-3b6f1a3c0001?size=999999999", "size"),
    ] {
        let answer = world.get(path).token(&token).expect(400).await;
        assert_eq!(answer.field(), field, "{path}: {:?}", answer.body);
    }
    let long = format!("/api/tracks/?q={}", "x".repeat(201));
    assert_eq!(world.get(&long).token(&token).expect(400).await.field(), "q");
    let bad = world.get("/api/tracks/").token(&token).header("x-quick-sync-device", "me");
    assert_eq!(bad.expect(400).await.field(), "x-quick-sync-device");
}

#[tokio::test]
async fn paths_answer_with_and_without_a_slash() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    for path in ["/api/tracks", "/api/auth/me", "/api/openapi.json", "/healthz", "/setup"] {
        let plain = world.get(path).token(&token).expect(200).await;
        let slashed = world.get(&format!("{path}/")).token(&token).expect(200).await;
        assert_eq!(plain.body, slashed.body, "{path}");
        world.get(&format!("{path}//")).token(&token).expect(404).await;
    }
    let body = json!({"prefer_quality": false});
    let post = world.post("/api/audio/quick-sync/preferences").token(&token).json(body);
    post.expect(200).await;
    world.call("PUT", "/api/tracks").token(&token).expect(405).await;
}

#[tokio::test]
async fn everything_lies_under_the_path_prefix() {
    let mut plan = Plan::default();
    plan.config.public_url = PublicUrl::parse("https://home.example/music/").unwrap();
    let world = World::of(plan).await;
    let (_, token) = world.user_with_token("ann", false).await;
    assert!(world.state.setup_link().unwrap().starts_with("https://home.example/music/setup#"));
    for path in ["/music", "/music/", "/music/healthz", "/music/api/tracks"] {
        world.get(path).token(&token).expect(200).await;
    }
    for path in ["/", "/healthz", "/api/tracks/", "/musical/healthz", "/music/music/healthz"] {
        world.get(path).token(&token).expect(404).await;
    }
}

#[tokio::test]
async fn health_names_what_ails_without_failing() {
    let world = World::empty().await;
    assert_eq!(world.get("/readyz").expect(200).await.json()["status"], "ok");
    *world.segments.disk_fault.lock().unwrap() = Some("/data/segments: no space".to_owned());
    let degraded = world.get("/readyz").expect(200).await.json();
    assert_eq!(degraded["status"], "degraded");
    assert!(!degraded.to_string().contains("/data"), "an anonymous caller sees no paths");
    world.store.close().await;
    assert_eq!(world.get("/readyz").expect(503).await.json()["status"], "unavailable");
    assert_eq!(world.get("/healthz").expect(200).await.json()["status"], "ok");
}
