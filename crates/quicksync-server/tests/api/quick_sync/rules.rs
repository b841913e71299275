//! Rules: caps by network, preferences of one device over its user's, a month's data; each takes
//! effect, and says so.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{DEVICES, PREFERENCES, SAMPLES, STATUS, assert_holds, sample};
use crate::support::{Call, ORIGIN, Track, World, put_track};

const RULES: &str = "/api/audio/quick-sync/rules/";
const BUDGET: &str = "/api/audio/quick-sync/budget/";
const FORECAST: &str = "/api/audio/quick-sync/forecast/";
const PHONE: Uuid = Uuid::from_u128(0xf0);
const LAPTOP: Uuid = Uuid::from_u128(0xf1);

fn on(call: Call, token: &str, device: Uuid) -> Call {
    call.token(token).header("x-quick-sync-device", &device.to_string())
}

async fn status(world: &World, token: &str, device: Uuid, query: &str) -> Value {
    on(world.get(&format!("{STATUS}?{query}")), token, device).expect(200).await.json()
}

/// A user with two devices, both at 9 Mbps.
async fn two_devices() -> (World, String) {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    for device in [PHONE, LAPTOP] {
        on(world.post(SAMPLES), &token, device).json(sample(9.0)).expect(200).await;
    }
    (world, token)
}

#[tokio::test]
async fn a_cap_holds_on_its_kind_of_network_only() {
    let (world, token) = two_devices().await;
    let caps = json!({"caps": {"cellular": "medium"}});
    let rules = world.call("PATCH", RULES).token(&token).json(caps).expect(200).await.json();
    assert_eq!(rules["caps"]["cellular"], "medium");
    for (query, level, cap, reason) in [
        ("network_kind=wifi", "ultra", Value::Null, Value::Null),
        ("network_kind=cellular", "medium", json!("medium"), json!("network")),
        ("network_kind=ethernet", "ultra", Value::Null, Value::Null),
        ("save_data=true", "medium", json!("medium"), json!("saves_data")),
        ("save_data=false", "ultra", Value::Null, Value::Null),
    ] {
        let quality = &status(&world, &token, PHONE, query).await["status"]["quality"];
        let expected = json!({"level": level, "cap": cap, "cap_reason": reason});
        assert_holds(quality, &expected);
        let sentence = quality["reason"].as_str().unwrap();
        assert_eq!(sentence.contains("At most"), level == "medium", "{query}: {sentence}");
    }
    status(&world, &token, PHONE, "network_kind=cellular").await;
    let manual = json!({"mode": "ultra"});
    world.post(PREFERENCES).token(&token).json(manual).expect(200).await;
    let quality = &status(&world, &token, PHONE, "").await["status"]["quality"];
    assert_holds(quality, &json!({"level": "medium", "auto_selected": false}));
    let back = json!({"caps": {"cellular": null}});
    world.call("PATCH", RULES).token(&token).json(back).expect(200).await;
    let quality = &status(&world, &token, PHONE, "").await["status"]["quality"];
    assert_holds(quality, &json!({"level": "ultra", "cap": null}));
}

#[tokio::test]
async fn a_devices_preferences_stand_over_its_users_and_say_so() {
    let (world, token) = two_devices().await;
    let path = format!("{DEVICES}{PHONE}/");
    let change = json!({"overrides": {"mode": "low"}, "download_quality": "high"});
    let device = world.call("PATCH", &path).token(&token).json(change).expect(200).await.json();
    assert_holds(&device, &json!({"overrides": {"mode": "low", "prefer_quality": null}}));
    let phone = status(&world, &token, PHONE, "").await;
    assert_holds(&phone["status"]["quality"], &json!({"level": "low", "auto_selected": false}));
    assert_holds(&phone, &json!({"preferences": {"mode": "auto"}}));
    let says = json!({
        "preferences": {"mode": "low"},
        "overridden": ["mode"],
        "download_quality": "high",
        "offline_quality": null
    });
    assert_holds(&phone["device"], &says);
    let laptop = status(&world, &token, LAPTOP, "").await;
    assert_holds(&laptop["status"]["quality"], &json!({"level": "ultra", "auto_selected": true}));
    assert_eq!(laptop["device"]["overridden"], json!([]));
    let back = json!({"overrides": {"mode": null}});
    world.call("PATCH", &path).token(&token).json(back).expect(200).await;
    let phone = status(&world, &token, PHONE, "").await;
    assert_holds(&phone["status"]["quality"], &json!({"level": "ultra"}));
}

#[tokio::test]
async fn a_bad_rule_is_named_and_nothing_is_saved() {
    let (world, token) = two_devices().await;
    let path = format!("{DEVICES}{PHONE}/");
    for (body, field) in [
        (json!({"caps": {"wifi": "best"}}), "caps.wifi"),
        (json!({"caps": {"5g": "low"}}), "caps.5g"),
        (json!({"overrides": {"mode": 3}}), "overrides.mode"),
        (json!({"overrides": {"prefer_quality": "no"}}), "overrides.prefer_quality"),
        (json!({"download_quality": "original"}), "download_quality"),
        (json!({"budget": {"monthly_bytes": 0}}), "budget.monthly_bytes"),
        (json!({"budget": {"monthly_bytes": -1}}), "budget.monthly_bytes"),
        (json!({"budget": {"monthly_bytes": 5, "starts_on_day": 31}}), "budget.starts_on_day"),
        (json!({"budget": {"monthly_bytes": 5, "counts": "wifi"}}), "budget.counts"),
        (json!({"name": ""}), "name"),
    ] {
        let with_cap = |mut body: Value| {
            body["offline_quality"] = json!("low");
            body
        };
        let refused =
            world.call("PATCH", &path).token(&token).json(with_cap(body.clone())).expect(400).await;
        assert_eq!(refused.field(), field, "{body}");
    }
    let device = world.get(&path).token(&token).expect(200).await.json();
    assert_holds(&device, &json!({"offline_quality": null, "budget": null}));
    let refused = world.get(&format!("{STATUS}?network_kind=5g")).token(&token).expect(400).await;
    assert_eq!(refused.field(), "network_kind");
}

#[tokio::test]
async fn a_months_data_is_counted_and_lowers_quality_where_it_counts() {
    let (world, token) = two_devices().await;
    let track = put_track(&world, &Track::default()).await;
    status(&world, &token, PHONE, "network_kind=cellular").await;
    let manifest = world.get(&format!("/api/tracks/{track}/manifest/"));
    let manifest = on(manifest, &token, PHONE).expect(200).await.json();
    let url = manifest["ladder"][3]["segment_url"].as_str().unwrap();
    let url = url.strip_prefix(ORIGIN).unwrap().replace("{n}", "0");
    let sent = world.get(&url).expect(200).await.body.len();
    status(&world, &token, PHONE, "network_kind=wifi").await;
    world.get(&url).expect(200).await;

    let path = format!("{DEVICES}{PHONE}/");
    // Three hours at low in the rest of the month: what a guess at an hour a day cannot afford.
    let budget = json!({"budget": {"monthly_bytes": 90_000_000, "starts_on_day": 14}});
    world.call("PATCH", &path).token(&token).json(budget).expect(200).await;
    let ledger = on(world.get(BUDGET), &token, PHONE).expect(200).await.json();
    let month = &ledger["month"];
    assert_holds(month, &json!({"used_bytes": sent, "cap": "low", "counts": "metered"}));
    let kinds: Vec<_> =
        ledger["usage"].as_array().unwrap().iter().map(|row| row["network_kind"].clone()).collect();
    assert_eq!(kinds, [json!("cellular"), json!("wifi")]);
    let quality = |answer: Value| answer["status"]["quality"].clone();
    let wifi = quality(status(&world, &token, PHONE, "network_kind=wifi").await);
    assert_holds(&wifi, &json!({"level": "ultra", "cap": null}));
    let on_phone = quality(status(&world, &token, PHONE, "network_kind=cellular").await);
    assert_holds(&on_phone, &json!({"cap": "low", "cap_reason": "budget"}));
    let laptop = quality(status(&world, &token, LAPTOP, "network_kind=cellular").await);
    assert_holds(&laptop, &json!({"cap": null}));
    let plenty = json!({"budget": {"monthly_bytes": 90_000_000_000_u64}});
    world.call("PATCH", &path).token(&token).json(plenty).expect(200).await;
    let on_phone = quality(status(&world, &token, PHONE, "").await);
    assert_holds(&on_phone, &json!({"cap": null}));
}

#[tokio::test]
async fn hours_past_make_a_forecast_and_a_prior() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let empty = world.get(FORECAST).token(&token).expect(200).await.json();
    assert_eq!(empty["results"], json!([]));
    for _ in 0..14 {
        let body = json!({"samples": vec![json!({"bytes": 100_000, "duration_ms": 1600.0}); 9]});
        on(world.post(SAMPLES), &token, PHONE).json(body).expect(200).await;
        world.clock.advance_s(24 * 3600);
    }
    let network = status(&world, &token, PHONE, "").await["status"]["network"].clone();
    assert_holds(&network, &json!({"source": "history", "speed_mbps": 0.5}));
    let prior = &network["prior"];
    assert_eq!(prior["mean_mbps"], 0.5);
    let confidence = prior["confidence"].as_f64().unwrap();
    assert!((0.1..0.7).contains(&confidence), "{confidence}");
    let hours = on(world.get(&format!("{FORECAST}?hours=3")), &token, PHONE);
    let hours = hours.expect(200).await.json();
    let results = hours["results"].as_array().unwrap();
    assert_eq!(results.len(), 3);
    let low = results[0]["low_mbps"].as_f64().unwrap();
    assert!(low > 0.0 && low < 0.5, "{hours}");
    let other = on(world.get(FORECAST), &token, LAPTOP).expect(200).await.json();
    assert_eq!(other["results"], json!([]));
    let refused = world.get(&format!("{FORECAST}?hours=0")).token(&token).expect(400).await;
    assert_eq!(refused.field(), "hours");
    world.call("DELETE", super::HISTORY).token(&token).expect(204).await;
    let forgotten = on(world.get(FORECAST), &token, PHONE).expect(200).await.json();
    assert_eq!(forgotten["results"], json!([]));
}
