//! Playback sessions and what they add up to.

use serde_json::{Value, json};
use uuid::Uuid;

use super::assert_holds;
use crate::support::{Call, World};

const SESSIONS: &str = "/api/audio/quick-sync/sessions/";
const SUMMARY: &str = "/api/audio/quick-sync/analytics/summary/";
const SERIES: &str = "/api/audio/quick-sync/analytics/series/";
const EXPORT: &str = "/api/audio/quick-sync/analytics/export/";
const PHONE: Uuid = Uuid::from_u128(0xf0);
const DEVICE: &str = "00000000-0000-0000-0000-0000000000d5";

fn on(call: Call, token: &str, device: Uuid) -> Call {
    call.token(token).header("x-quick-sync-device", &device.to_string())
}

async fn start(world: &World, token: &str, id: u128, kind: &str) -> String {
    let body = json!({"id": Uuid::from_u128(id), "player": "test 1", "network_kind": kind});
    let session = on(world.post(SESSIONS), token, PHONE).json(body).expect(201).await.json();
    format!("{SESSIONS}{}/", session["id"].as_str().unwrap())
}

async fn tell(world: &World, token: &str, path: &str, events: Value) -> Value {
    let call = world.post(&format!("{path}events/")).token(token);
    call.json(json!({"events": events})).expect(200).await.json()
}

/// A minute: half at medium, a switch, half at ultra, one stall of two seconds.
fn minute() -> Value {
    json!([
        {"type": "startup", "duration_ms": 500},
        {"type": "fetched", "bytes": 1_700_000},
        {"type": "heard", "quality": "medium", "duration_ms": 30_720},
        {"type": "switch", "from": "medium", "to": "ultra"},
        {"type": "stall", "duration_ms": 2000},
        {"type": "heard", "quality": "ultra", "duration_ms": 30_720},
        {"type": "wasted", "bytes": 61_440},
        {"type": "seek"},
        {"type": "end"}
    ])
}

#[tokio::test]
async fn a_session_is_the_sum_of_its_events() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let path = start(&world, &token, 5, "cellular").await;
    assert_eq!(start(&world, &token, 5, "wifi").await, path, "asking twice starts one");
    let session = tell(&world, &token, &path, minute()).await;
    let sums = json!({
        "network_kind": "cellular", "startup_ms": 500, "stalls": 1, "stalled_ms": 2000,
        "switches": 1, "seeks": 1, "bytes": 1_700_000, "wasted_bytes": 61_440,
        "heard_s": {"low": 0.0, "medium": 30.72, "high": 0.0, "ultra": 30.72}
    });
    assert_holds(&session, &sums);
    // Sixteen segments: eight at .86, eight at 1; less .5 x .14, .3 x 2 s, 4 for the stall, .05.
    let expected = (8.0 * 0.86 + 8.0 - 0.07 - 0.6 - 4.0 - 0.05) / 16.0;
    assert!((session["qoe"].as_f64().unwrap() - expected).abs() < 1e-9, "{session}");
    assert!(session["ended_at"].is_f64());
    let call = world.post(&format!("{path}events/")).token(&token);
    call.json(json!({"decision_log": "quicksync-decision-log 1\n"})).expect(200).await;
    let detail = world.get(&path).token(&token).expect(200).await.json();
    assert_eq!(detail["decision_log"], "quicksync-decision-log 1\n");
    let events = detail["events"].as_array().unwrap();
    assert_eq!(events.len(), 9);
    assert_holds(&events[3], &json!({"type": "switch", "detail": {"from": "medium"}}));
}

#[tokio::test]
async fn an_absurd_event_is_refused_with_the_field_named_and_none_counts() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let (_, bob) = world.user_with_token("bob", true).await;
    let path = start(&world, &token, 5, "wifi").await;
    let good = json!({"type": "stall", "duration_ms": 5});
    for (bad, field) in [
        (json!({"type": "stall"}), "events[1].duration_ms"),
        (json!({"type": "stall", "duration_ms": -1}), "events[1].duration_ms"),
        (json!({"type": "stall", "duration_ms": 1e9}), "events[1].duration_ms"),
        (json!({"type": "heard", "duration_ms": 5, "quality": "best"}), "events[1].quality"),
        (json!({"type": "switch", "from": "low"}), "events[1].to"),
        (json!({"type": "fetched", "bytes": 5_000_000_000_u64}), "events[1].bytes"),
        (json!({"type": "fetched", "bytes": -1}), "events[1].bytes"),
        (json!({"type": "explode"}), "events[1].type"),
        (json!({"type": "end", "at": 5.0}), "events[1].at"),
        (json!({"type": "end", "at": 1e300}), "events[1].at"),
        (json!({"type": "end", "user": "bob"}), "events[1].user"),
    ] {
        let call = world.post(&format!("{path}events/")).token(&token);
        let refused = call.json(json!({"events": [good, bad]})).expect(400).await;
        assert_eq!(refused.field(), field, "{bad}");
    }
    let events = format!("{path}events/");
    let log = json!({"decision_log": "a".repeat(200_001)});
    assert_eq!(
        world.post(&events).token(&token).json(log).expect(400).await.field(),
        "decision_log"
    );
    let many = json!({"events": vec![json!({"type": "seek"}); 201]});
    assert_eq!(world.post(&events).token(&token).json(many).expect(400).await.field(), "events");
    let flood = world.post(&events).token(&token).body("1".repeat(1 << 20));
    flood.header("content-type", "application/json").expect(413).await;
    let nan = r#"{"events": [{"type": "stall", "duration_ms": NaN}]}"#;
    let nan = world.post(&events).token(&token).body(nan);
    nan.header("content-type", "application/json").expect(400).await;
    assert_holds(
        &world.get(&path).token(&token).expect(200).await.json(),
        &json!({"stalls": 0, "qoe": null, "events": []}),
    );
    for (start, field) in [
        (json!({"player": ""}), "player"),
        (json!({"player": "a".repeat(81)}), "player"),
        (json!({"player": "a\u{7}b"}), "player"),
        (json!({}), "player"),
        (json!({"player": "x", "id": 5}), "id"),
        (json!({"player": "x", "id": "me"}), "id"),
        (json!({"player": "x", "track_id": "none"}), "track_id"),
        (json!({"player": "x", "network_kind": "5g"}), "network_kind"),
        (json!({"player": "x", "user_id": "bob"}), "user_id"),
    ] {
        let refused = world.post(SESSIONS).token(&token).json(start.clone()).expect(400).await;
        assert_eq!(refused.field(), field, "{start}");
    }
    let flood = world.post(SESSIONS).token(&token).body("1".repeat(1 << 20));
    flood.header("content-type", "application/json").expect(413).await;
    let all = world.get(SESSIONS).token(&token).expect(200).await.json();
    assert_eq!(all["results"].as_array().unwrap().len(), 1, "{all}");
    world.get(&path).token(&bob).expect(404).await;
    world.post(&events).token(&bob).json(json!({"events": []})).expect(404).await;
    let taken = json!({"id": Uuid::from_u128(5), "player": "thief"});
    world.post(SESSIONS).token(&bob).json(taken).expect(409).await;
}

#[tokio::test]
async fn sessions_add_up_by_day_device_network_and_player() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let (_, bob) = world.user_with_token("bob", false).await;
    for (id, kind) in [(1, "wifi"), (2, "wifi"), (3, "cellular")] {
        let path = start(&world, &token, id, kind).await;
        tell(&world, &token, &path, minute()).await;
        world.clock.advance_s(24 * 3600);
    }
    let summary = world.get(SUMMARY).token(&token).expect(200).await.json();
    assert_holds(&summary, &json!({"sessions": 3, "stalls": 3, "startup_p50_ms": 500}));
    assert_eq!(summary["saved_bytes"], 3 * (61_440 * 40 - 1_700_000));
    let hours = 3.0 * 61.44 / 3600.0;
    assert!((summary["stalls_per_hour"].as_f64().unwrap() - 3.0 / hours).abs() < 1e-6);
    for (by, keys) in [("day", 3), ("device", 1), ("network_kind", 2), ("player", 1)] {
        let series = world.get(&format!("{SERIES}?by={by}")).token(&token).expect(200).await.json();
        assert_eq!(series["results"].as_array().unwrap().len(), keys, "{by}");
    }
    let recent = world.get(&format!("{SUMMARY}?days=2")).token(&token).expect(200).await.json();
    assert_eq!(recent["sessions"], 2);
    let json = world.get(EXPORT).token(&token).expect(200).await.json();
    assert_eq!(json.as_array().unwrap().len(), 3);
    let csv = world.get(&format!("{EXPORT}?format=csv")).token(&token).expect(200).await;
    assert!(csv.text("content-type").starts_with("text/csv"));
    let text = String::from_utf8(csv.body.to_vec()).unwrap();
    let fields: Vec<usize> = text.lines().map(|line| line.split(',').count()).collect();
    assert_eq!(fields, [23; 4]);
    let none = world.get(SUMMARY).token(&bob).expect(200).await.json();
    assert_holds(&none, &json!({"sessions": 0, "stalls_per_hour": null, "qoe": null}));
    for path in
        [format!("{SERIES}?by=sister"), format!("{EXPORT}?format=xml"), format!("{SUMMARY}?days=0")]
    {
        world.get(&path).token(&token).expect(400).await;
    }
    let export = world.get("/api/account/export/").token(&token).expect(200).await.json();
    assert_eq!(export["sessions"].as_array().unwrap().len(), 3);
    world.call("DELETE", "/api/account/data/").token(&token).expect(204).await;
    let gone = world.get(SUMMARY).token(&token).expect(200).await.json();
    assert_eq!(gone["sessions"], 0);
}

#[tokio::test]
async fn an_administrator_sees_what_everyone_adds_up_to_and_not_what_they_heard() {
    let world = World::empty().await;
    let (_, admin) = world.user_with_token("ada", true).await;
    let (_, bob) = world.user_with_token("bob", false).await;
    let track = Uuid::from_u128(77);
    for (id, token) in [(1_u128, &admin), (2, &bob), (3, &bob)] {
        let body = json!({"id": Uuid::from_u128(id), "player": "test 1", "track_id": track});
        on(world.post(SESSIONS), token, PHONE).json(body).expect(201).await;
        let path = format!("{SESSIONS}{}/", Uuid::from_u128(id));
        tell(&world, token, &path, minute()).await;
    }
    let all = world.get(&format!("{SUMMARY}?everyone=true")).token(&admin).expect(200).await;
    assert_eq!(all.json()["sessions"], 3);
    assert_eq!(world.get(SUMMARY).token(&admin).expect(200).await.json()["sessions"], 1);
    let users = world.get(&format!("{SERIES}?by=user&everyone=true")).token(&admin).expect(200);
    let users = users.await.json();
    let seen: Vec<_> = users["results"].as_array().unwrap().iter().collect();
    assert_eq!(seen.len(), 2);
    assert_holds(seen[0], &json!({"key": "ada", "sessions": 1}));
    assert_holds(seen[1], &json!({"key": "bob", "sessions": 2}));
    let rows = world.get(&format!("{EXPORT}?everyone=true")).token(&admin).expect(200).await.json();
    assert_eq!(rows.as_array().unwrap().len(), 3);
    assert!(rows.as_array().unwrap().iter().all(|row| row["track_id"].is_null()));
    let mine = world.get(EXPORT).token(&admin).expect(200).await.json();
    assert_eq!(mine[0]["track_id"], track.to_string());
    for path in [SUMMARY, SERIES, EXPORT] {
        world.get(&format!("{path}?everyone=true")).token(&bob).expect(403).await;
    }
}

#[tokio::test]
async fn a_report_may_be_sent_again() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let path = start(&world, &token, 5, "wifi").await;
    let events = format!("{path}events/");
    let report = |first: u64, count: usize| {
        let seeks = vec![json!({"type": "seek"}); count];
        json!({"first_event": first, "events": seeks})
    };
    // The number of the first event, how many, and how many count in all.
    for (first, count, in_all) in [(0, 3, 3), (0, 3, 3), (2, 3, 5), (5, 1, 6), (0, 6, 6)] {
        let session = world.post(&events).token(&token).json(report(first, count));
        let session = session.expect(200).await.json();
        assert_holds(&session, &json!({"seeks": in_all, "events_taken": in_all}));
    }
    let log = |at: usize, text: &str| json!({"decision_log": text, "decision_log_at": at});
    for (body, status) in [
        (log(0, "a line\n"), 200),
        (log(7, "another\n"), 200),
        (log(7, "another\n"), 200),
        (log(99, "late"), 409),
        (log(199_999, "long"), 400),
    ] {
        world.post(&events).token(&token).json(body).expect(status).await;
    }
    let detail = world.get(&path).token(&token).expect(200).await.json();
    assert_eq!(detail["decision_log"], "a line\nanother\n");
    assert_eq!(detail["events"].as_array().unwrap().len(), 6);
}

/// What `navigator.sendBeacon` sends when a page closes: a cookie, an origin, no header of ours.
#[tokio::test]
async fn a_page_that_closes_may_say_so_with_a_beacon() {
    let world = World::empty().await;
    let user = world.user_without_password("ann", false).await;
    let kind = quicksync_store::CredentialKind::Login;
    let in_a_day = world.clock.now_us() + 86_400_000_000;
    let cookie = world.credential(&user, kind, Some(in_a_day)).await;
    let body = json!({"id": Uuid::from_u128(5), "player": "web"});
    let call = world.post(SESSIONS).cookie(&cookie).header("x-quick-sync-device", DEVICE);
    call.json(body).expect(201).await;
    let path = format!("{SESSIONS}{}/events/", Uuid::from_u128(5));
    let beacon = |origin: &str| {
        let events = json!({"first_event": 0, "events": [{"type": "end"}]});
        let call = world.post(&path).bare_cookie(&cookie).header("origin", origin);
        call.header("sec-fetch-mode", "no-cors").json(events)
    };
    beacon("https://evil.example").expect(403).await;
    world.post(&path).bare_cookie(&cookie).json(json!({"events": []})).expect(403).await;
    let open = world.get(SESSIONS).cookie(&cookie).expect(200).await.json();
    assert_eq!(open["results"][0]["ended_at"], Value::Null);
    let ended = beacon(crate::support::ORIGIN).expect(200).await.json();
    assert!(ended["ended_at"].is_f64(), "{ended}");
    assert_eq!(ended["device_id"], DEVICE);
}

#[tokio::test]
async fn a_finished_session_is_compared_with_the_best_on_its_own_network() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let heard = json!({"type": "heard", "quality": "low", "duration_ms": 57_600});
    // Told with their transfers; without, and sampled meanwhile; nothing known of its network.
    for (id, is_timed, sampled, outcome) in [
        (1, true, false, "compared"),
        (2, false, true, "compared"),
        (3, false, false, "unknown_network"),
        (4, true, false, "compared"),
    ] {
        let path = start(&world, &token, id, "wifi").await;
        world.clock.advance_s(60);
        let mut fetched = json!({"type": "fetched", "bytes": 500_000});
        if is_timed {
            fetched["duration_ms"] = json!(1000);
        }
        let end = json!({"type": if id == 4 { "seek" } else { "end" }});
        let events = json!([fetched, heard, end]);
        if sampled {
            let call = on(world.post(super::SAMPLES), &token, PHONE);
            call.json(super::sample(4.0)).expect(200).await;
        }
        let told = tell(&world, &token, &path, events).await;
        assert_eq!(told["hindsight"], Value::Null);
        if id == 4 {
            // It never said that it ended: nobody heard of it for more than an hour.
            assert!(!quicksync_server::compare_session(&world.state).await.unwrap());
            world.clock.advance_s(3601);
        }
        // What is not done yet survives a restart.
        let restarted = world.restarted().await;
        restarted.clock.advance_s((world.clock.now_us() - restarted.clock.now_us()) / 1_000_000);
        assert!(quicksync_server::compare_session(&restarted.state).await.unwrap());
        assert!(!quicksync_server::compare_session(&restarted.state).await.unwrap());
        let seen = world.get(&path).token(&token).expect(200).await.json();
        let hindsight = &seen["hindsight"];
        assert_eq!(hindsight["outcome"], outcome, "{id}");
        if outcome == "compared" {
            // Ultra was to be had: worth 1 instead of the .6 of low.
            let [least, most] =
                ["distance_at_least", "distance_at_most"].map(|name| hindsight[name].as_f64());
            assert!(least.unwrap() > 0.3 && most.unwrap() < 0.41, "{hindsight}");
        } else {
            assert_eq!(hindsight["distance_at_most"], Value::Null);
        }
    }
    let summary = world.get(SUMMARY).token(&token).expect(200).await.json();
    assert_eq!(summary["compared_sessions"], 3);
    assert!(summary["distance_at_most"].as_f64().unwrap() > 0.3, "{summary}");
    // Whoever goes on listening is compared again.
    let path = format!("{SESSIONS}{}/", Uuid::from_u128(1));
    let told = tell(&world, &token, &path, json!([heard])).await;
    assert_eq!(told["hindsight"], Value::Null);
    assert!(quicksync_server::compare_session(&world.state).await.unwrap());
}
