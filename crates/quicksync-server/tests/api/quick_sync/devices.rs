//! Samples, history and devices: checked, one's own, deletable.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{DEVICES, HISTORY, SAMPLES, STATUS, assert_holds, network, sample};
use crate::support::{Call, World};

const PHONE: Uuid = Uuid::from_u128(0xf0);
const LAPTOP: Uuid = Uuid::from_u128(0xf1);

fn on(call: Call, token: &str, device: Uuid) -> Call {
    call.token(token).header("x-quick-sync-device", &device.to_string())
}

#[tokio::test]
async fn figures_are_those_of_one_user_and_one_device() {
    let world = World::empty().await;
    let (_, ann) = world.user_with_token("ann", false).await;
    let (_, bob) = world.user_with_token("bob", true).await;
    on(world.post(SAMPLES), &ann, PHONE).json(sample(0.4)).expect(200).await;
    on(world.post(SAMPLES), &ann, LAPTOP).json(sample(9.0)).expect(200).await;
    for (token, device, mbps, source) in [
        (&ann, PHONE, 0.4, "playback"),
        (&ann, LAPTOP, 9.0, "playback"),
        (&bob, PHONE, 2.0, "fallback"),
        (&bob, LAPTOP, 2.0, "fallback"),
    ] {
        let seen = network(on(world.get(STATUS), token, device)).await;
        assert_holds(&seen, &json!({"speed_mbps": mbps, "source": source}));
    }
    let history = world.get(HISTORY).token(&bob).expect(200).await.json();
    assert_eq!(history["results"], json!([]));
    let seen = network(on(world.get(STATUS), &ann, PHONE)).await;
    assert_holds(&seen, &json!({"speed_mbps": 0.4}));
}

#[tokio::test]
async fn an_absurd_sample_is_refused_and_none_counts() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let good = json!({"bytes": 1000, "duration_ms": 10.0});
    let with = |bad: Value| json!({"samples": [good, bad]});
    let many = json!({"samples": vec![good.clone(); 101]});
    for (body, field) in [
        (with(json!({"bytes": 0, "duration_ms": 10.0})), "samples[1].bytes"),
        (with(json!({"bytes": -5, "duration_ms": 10.0})), "samples[1].bytes"),
        (with(json!({"bytes": 5_000_000_000_u64, "duration_ms": 10.0})), "samples[1].bytes"),
        (with(json!({"bytes": 1000, "duration_ms": 0.0})), "samples[1].duration_ms"),
        (with(json!({"bytes": 1000, "duration_ms": -1.0})), "samples[1].duration_ms"),
        (with(json!({"bytes": 1000, "duration_ms": null})), "samples[1].duration_ms"),
        // 10 Tbps.
        (with(json!({"bytes": 1_000_000_000, "duration_ms": 0.8})), "samples[1].duration_ms"),
        (with(json!({"bytes": 1000, "duration_ms": "NaN"})), "samples[1].duration_ms"),
        // A year old.
        (
            with(json!({"bytes": 9, "duration_ms": 9.0, "measured_at": 1_668_464_000.0})),
            "samples[1].measured_at",
        ),
        (
            with(json!({"bytes": 9, "duration_ms": 9.0, "measured_at": 1.0})),
            "samples[1].measured_at",
        ),
        (
            with(json!({"bytes": 9, "duration_ms": 9.0, "measured_at": 9e18})),
            "samples[1].measured_at",
        ),
        (
            with(json!({"bytes": 9, "duration_ms": 9.0, "source": "server_probe"})),
            "samples[1].source",
        ),
        (with(json!({"bytes": 9, "duration_ms": 9.0, "user": "bob"})), "samples[1].user"),
        (json!({"samples": [good], "network_kind": "5g"}), "network_kind"),
        (json!({"samples": []}), "samples"),
        (json!({}), "samples"),
        (many, "samples"),
    ] {
        let refused = world.post(SAMPLES).token(&token).json(body.clone()).expect(400).await;
        assert_eq!(refused.field(), field, "{body}");
    }
    let nan = r#"{"samples": [{"bytes": 1000, "duration_ms": NaN}]}"#;
    let nan = world.post(SAMPLES).token(&token).body(nan);
    nan.header("content-type", "application/json").expect(400).await;
    let flood = "1".repeat(1 << 20);
    let flood = world.post(SAMPLES).token(&token).body(flood);
    flood.header("content-type", "application/json").expect(413).await;
    let seen = network(world.get(STATUS).token(&token)).await;
    assert_holds(&seen, &json!({"source": "fallback"}));
}

#[tokio::test]
async fn history_is_read_and_deleted_by_device() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    for (device, mbps) in [(PHONE, 1.0), (LAPTOP, 8.0), (PHONE, 2.0)] {
        world.clock.advance_s(10);
        on(world.post(SAMPLES), &token, device).json(sample(mbps)).expect(200).await;
    }
    let speeds = |answer: &Value| {
        let results = answer["results"].as_array().unwrap();
        results.iter().map(|row| row["speed_mbps"].as_f64().unwrap()).collect::<Vec<_>>()
    };
    let history = world.get(HISTORY).token(&token).expect(200).await.json();
    assert_eq!(speeds(&history), [2.0, 8.0, 1.0]);
    let phone = format!("{HISTORY}?device={PHONE}");
    assert_eq!(speeds(&world.get(&phone).token(&token).expect(200).await.json()), [2.0, 1.0]);
    world.call("DELETE", &phone).token(&token).expect(204).await;
    assert_eq!(speeds(&world.get(HISTORY).token(&token).expect(200).await.json()), [8.0]);
    let seen = network(on(world.get(STATUS), &token, PHONE)).await;
    assert_holds(&seen, &json!({"source": "fallback"}));
    let refused = world.get(&format!("{HISTORY}?limit=501")).token(&token).expect(400).await;
    assert_eq!(refused.field(), "limit");
}

#[tokio::test]
async fn devices_are_named_and_forgotten_by_their_user() {
    let world = World::empty().await;
    let (_, ann) = world.user_with_token("ann", false).await;
    let (_, bob) = world.user_with_token("bob", false).await;
    let wifi = json!({"network_kind": "wifi", "samples": [{"bytes": 9, "duration_ms": 9.0}]});
    on(world.post(SAMPLES), &ann, PHONE).json(wifi).expect(200).await;
    let path = format!("{DEVICES}{PHONE}/");
    let device = world.get(&path).token(&ann).expect(200).await.json();
    assert_holds(&device, &json!({"id": PHONE, "network_kind": "wifi"}));
    let name = json!({"name": " Kitchen radio "});
    world.call("PATCH", &path).token(&bob).json(name.clone()).expect(404).await;
    let renamed = world.call("PATCH", &path).token(&ann).json(name).expect(200).await.json();
    assert_eq!(renamed["name"], "Kitchen radio");
    let unnamed =
        world.call("PATCH", &path).token(&ann).json(json!({"name": "  "})).expect(400).await;
    assert_eq!(unnamed.field(), "name");
    world.call("DELETE", &path).token(&bob).expect(404).await;
    world.call("DELETE", &path).token(&ann).expect(204).await;
    world.get(&path).token(&ann).expect(404).await;
}
