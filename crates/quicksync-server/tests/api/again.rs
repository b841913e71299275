//! Segment after segment over one connection: what is answered at once is what the long way answers,
//! and whatever changes goes the long way.

use std::sync::atomic::Ordering;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use quicksync_model::Quality;
use quicksync_sense::HostReading;
use quicksync_server::App;
use quicksync_server::serve::{Answers as _, ConnectionInfo};
use quicksync_store::CredentialKind;
use serde_json::json;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::support::{FakeSegments, ORIGIN, Track, World, put_track};

/// Of the track.
const SEGMENTS: u64 = 21;
const DEVICE: Uuid = Uuid::from_u128(7);

/// A listener with a ticket, in front of a server that has every segment in memory.
struct Stage {
    world: World,
    token: String,
    track: Uuid,
    template: String,
}

/// A status, headers and bytes.
type Answered = (StatusCode, HeaderMap, Bytes);

impl Stage {
    async fn new() -> Self {
        let world = World::empty().await;
        world.segments.in_memory.store(true, Ordering::SeqCst);
        let (_, token) = world.user_with_token("ann", false).await;
        let samples = 184_320 * (SEGMENTS - 1) + 1;
        let track = put_track(&world, &Track { samples, ..Track::default() }).await;
        let template = template(&world, track, &token).await;
        Self { world, token, track, template }
    }

    fn url(&self, number: &str) -> String {
        self.template.replace("{n}", number)
    }

    /// A request the way a connection carries it.
    fn request(&self, number: &str, headers: &[(&str, &str)]) -> Request<Body> {
        let headers =
            headers.iter().fold(Request::get(self.url(number)), |request, (name, value)| {
                request.header(*name, *value)
            });
        headers.body(Body::empty()).unwrap()
    }
}

async fn template(world: &World, track: Uuid, token: &str) -> String {
    let call = world.get(&format!("/api/tracks/{track}/manifest/")).token(token);
    let manifest = call.header("x-quick-sync-device", &DEVICE.to_string()).expect(200).await.json();
    let template = manifest["ladder"][1]["segment_url"].as_str().unwrap();
    template.strip_prefix(ORIGIN).unwrap().to_owned()
}

fn connection() -> ConnectionInfo {
    ConnectionInfo::detached("192.0.2.1:4711".parse().unwrap())
}

/// The answer of the long way.
async fn at_length(app: &App, mut request: Request<Body>, over: &ConnectionInfo) -> Answered {
    request.extensions_mut().insert(over.clone());
    let (parts, body) = app.clone().oneshot(request).await.unwrap().into_parts();
    (parts.status, parts.headers, to_bytes(body, 1 << 20).await.unwrap())
}

/// The answer that is there at once, if one is.
async fn at_once(app: &App, request: &Request<Body>, over: &ConnectionInfo) -> Option<Answered> {
    let (parts, body) = app.at_once(request, over)?.into_parts();
    Some((parts.status, parts.headers, to_bytes(Body::new(body), 1 << 20).await.unwrap()))
}

#[tokio::test]
async fn what_is_answered_at_once_is_what_the_long_way_answers() {
    let stage = Stage::new().await;
    let app = stage.world.app();
    for headers in [
        &[("host", "music.example")][..],
        &[("host", "music.example"), ("origin", "https://app.example")],
        &[("host", "music.example"), ("save-data", "on"), ("accept", "*/*")],
        &[("host", "music.example"), ("range", "bytes=0-")],
        &[],
    ] {
        let (here, there) = (connection(), connection());
        let first = stage.request("4", headers);
        assert!(at_once(&app, &first, &here).await.is_none(), "nobody has asked yet");
        assert_eq!(at_length(&app, first, &here).await.0, 200);
        for number in ["5", "5", "20", "19", "0", "7"] {
            let request = stage.request(number, headers);
            let found = at_once(&app, &request, &here).await.unwrap();
            let expected = at_length(&app, request, &there).await;
            assert_eq!(found, expected, "{number} with {headers:?}");
            let bytes = FakeSegments::bytes(Quality::Medium, number.parse().unwrap());
            assert_eq!(found.2, bytes);
        }
    }
}

#[tokio::test]
async fn whatever_says_something_new_goes_the_long_way() {
    let stage = Stage::new().await;
    let (app, over) = (stage.world.app(), connection());
    assert_eq!(at_length(&app, stage.request("4", &[]), &over).await.0, 200);
    assert!(at_once(&app, &stage.request("5", &[]), &over).await.is_some());
    for number in ["21", "22", "05", "+5", "-5", "5x", "", "18446744073709551616"] {
        let request = stage.request(number, &[]);
        assert!(at_once(&app, &request, &over).await.is_none(), "segment {number}");
    }
    for header in [
        ("if-none-match", "\"x\""),
        ("origin", "https://app.example"),
        ("save-data", "on"),
        ("cmcd-request", "mtp=900"),
        ("x-forwarded-for", "203.0.113.9"),
    ] {
        let request = stage.request("5", &[header]);
        assert!(at_once(&app, &request, &over).await.is_none(), "{header:?}");
    }
    let url = stage.url("5");
    for other in [
        url.replace("/medium/", "/high/"),
        url.replace(".m4s", ".mp3"),
        format!("{url}&CMCD=bl%3D900"),
        format!("http://music.example{url}"),
    ] {
        let request = Request::get(&other).body(Body::empty()).unwrap();
        assert!(at_once(&app, &request, &over).await.is_none(), "{other}");
    }
    let head = Request::head(&url).body(Body::empty()).unwrap();
    assert!(at_once(&app, &head, &over).await.is_none());
    assert!(at_once(&app, &stage.request("5", &[]), &connection()).await.is_none());
    stage.world.segments.in_memory.store(false, Ordering::SeqCst);
    assert!(at_once(&app, &stage.request("5", &[]), &over).await.is_none(), "not in memory");
}

#[tokio::test]
async fn the_ends_of_a_track_between_others_go_the_long_way() {
    let stage = Stage::new().await;
    let after = Track { path: "/music/b.flac".into(), number: 2, ..Track::default() };
    put_track(&stage.world, &after).await;
    let template = template(&stage.world, stage.track, &stage.token).await;
    assert_ne!(template, stage.template, "the version names the neighbour");
    let stage = Stage { template, ..stage };
    let (app, over) = (stage.world.app(), connection());
    assert_eq!(at_length(&app, stage.request("4", &[]), &over).await.0, 200);
    for (number, is_there) in
        [("0", false), ("1", true), ("18", true), ("19", false), ("20", false), ("21", false)]
    {
        let found = at_once(&app, &stage.request(number, &[]), &over).await;
        assert_eq!(found.is_some(), is_there, "segment {number}");
    }
}

#[tokio::test]
async fn no_answer_to_a_condition_or_to_a_report_is_told_again() {
    for headers in [&[("if-none-match", "\"x\"")], &[("cmcd-request", "mtp=900")]] {
        let stage = Stage::new().await;
        let (app, over) = (stage.world.app(), connection());
        assert_eq!(at_length(&app, stage.request("4", headers), &over).await.0, 200);
        assert!(at_once(&app, &stage.request("5", headers), &over).await.is_none(), "{headers:?}");
    }
}

#[tokio::test]
async fn a_ticket_ends_for_a_connection_that_plays_too() {
    let stage = Stage::new().await;
    let app = stage.world.app();
    let user = stage.world.user("bob", false).await;
    let login = stage.world.credential(&user, CredentialKind::Login, None).await;
    let path = format!("/api/tracks/{}/manifest/", stage.track);
    let manifest = stage.world.get(&path).cookie(&login).expect(200).await.json();
    let url = manifest["ladder"][1]["segment_url"].as_str().unwrap();
    let url = url.strip_prefix(ORIGIN).unwrap().replace("{n}", "5");
    let request = || Request::get(&url).body(Body::empty()).unwrap();

    let over = connection();
    assert_eq!(at_length(&app, request(), &over).await.0, 200);
    assert!(at_once(&app, &request(), &over).await.is_some());
    stage.world.post("/api/auth/logout/").cookie(&login).expect(204).await;
    assert!(at_once(&app, &request(), &over).await.is_none());
    assert_eq!(at_length(&app, request(), &over).await.0, 401);
    // What was refused is not told again either.
    assert!(at_once(&app, &request(), &over).await.is_none());

    let over = connection();
    assert_eq!(at_length(&app, stage.request("4", &[]), &over).await.0, 200);
    stage.world.clock.advance_s(4);
    assert!(at_once(&app, &stage.request("5", &[]), &over).await.is_some());
    // Another process may have ended it meanwhile.
    stage.world.clock.advance_s(1);
    assert!(at_once(&app, &stage.request("5", &[]), &over).await.is_none());
    assert_eq!(at_length(&app, stage.request("5", &[]), &over).await.0, 200);
    assert!(at_once(&app, &stage.request("6", &[]), &over).await.is_some());
    stage.world.clock.advance_s(7 * 3600);
    assert!(at_once(&app, &stage.request("6", &[]), &over).await.is_none());
    assert_eq!(at_length(&app, stage.request("6", &[]), &over).await.0, 401);
}

#[tokio::test]
async fn a_connection_that_another_listener_used_meanwhile_goes_the_long_way() {
    let stage = Stage::new().await;
    let (app, over) = (stage.world.app(), connection());
    let (_, token) = stage.world.user_with_token("bob", false).await;
    let path = format!("/api/tracks/{}/manifest/", stage.track);
    let manifest = stage.world.get(&path).token(&token).expect(200).await.json();
    let playlist = manifest["hls_url"].as_str().unwrap().strip_prefix(ORIGIN).unwrap();
    let playlist = Request::get(playlist).body(Body::empty()).unwrap();
    assert_eq!(at_length(&app, stage.request("4", &[]), &over).await.0, 200);
    assert!(at_once(&app, &stage.request("5", &[]), &over).await.is_some());
    assert_eq!(at_length(&app, playlist, &over).await.0, 200);
    assert!(at_once(&app, &stage.request("5", &[]), &over).await.is_none());
}

#[tokio::test]
async fn rules_and_ledger_hold_for_a_connection_that_plays_too() {
    let stage = Stage::new().await;
    let (world, app, over) = (&stage.world, stage.world.app(), connection());
    let mut sent = at_length(&app, stage.request("4", &[]), &over).await.2.len();
    for number in ["5", "6", "7"] {
        let (_, headers, bytes) = at_once(&app, &stage.request(number, &[]), &over).await.unwrap();
        assert!(!headers.contains_key("cmsd-dynamic"), "nothing is known: {headers:?}");
        sent += bytes.len();
    }
    let own = |call: crate::support::Call| {
        call.token(&stage.token).header("x-quick-sync-device", &DEVICE.to_string())
    };
    let budget = own(world.get("/api/audio/quick-sync/budget/")).expect(200).await.json();
    assert_eq!(budget["usage"][0]["bytes"], sent, "{budget}");

    let path = format!("/api/audio/quick-sync/devices/{DEVICE}/");
    let rule = json!({"caps": {"unknown": "low"}});
    own(world.call("PATCH", &path)).json(rule).expect(200).await;
    assert!(at_once(&app, &stage.request("8", &[]), &over).await.is_none(), "the rules changed");
    at_length(&app, stage.request("8", &[]), &over).await;
    let (_, headers, _) = at_once(&app, &stage.request("9", &[]), &over).await.unwrap();
    assert_eq!(headers["cmsd-dynamic"], "\"quicksync\";mb=64");
    // It says of another network what holds there.
    let elsewhere = "/api/audio/quick-sync/status/?network_kind=wifi";
    own(world.get(elsewhere)).expect(200).await;
    assert!(at_once(&app, &stage.request("9", &[]), &over).await.is_none(), "it has moved");
    at_length(&app, stage.request("9", &[]), &over).await;
    let (_, headers, _) = at_once(&app, &stage.request("10", &[]), &over).await.unwrap();
    assert!(!headers.contains_key("cmsd-dynamic"), "{headers:?}");
}

#[tokio::test]
async fn what_is_told_again_follows_the_host_and_what_is_measured() {
    let stage = Stage::new().await;
    let (world, app, over) = (&stage.world, stage.world.app(), connection());
    at_length(&app, stage.request("4", &[]), &over).await;
    let told = async |number: &str| {
        let request = stage.request(number, &[]);
        let (_, headers, _) = at_once(&app, &request, &over).await.unwrap();
        headers.get("cmsd-dynamic").map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(told("5").await, None);
    // A player of the same device measures, over another connection.
    for number in ["6", "7", "8"] {
        let measured = stage.request(number, &[("cmcd-request", "mtp=900")]);
        at_length(&app, measured, &connection()).await;
    }
    let known = told("7").await;
    assert!(known.as_ref().is_some_and(|said| said.contains(";etp=900")), "{known:?}");
    let load = quicksync_abr::HostLoad { cpu_percent: 95.0, memory_percent: 20.0 };
    world.host.send(HostReading { load, ..HostReading::default() }).unwrap();
    world.clock.advance_s(1);
    let busy = told("8").await;
    assert!(busy.as_ref().is_some_and(|said| said.contains(";mb=")), "{busy:?}");
}
