//! Two users, three devices each, every one on a network of its own: no figure ever crosses.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{DEVICES, HISTORY, SAMPLES, STATUS, assert_holds, network};
use crate::support::{Call, World};

const CMCD: &str = "/api/audio/quick-sync/cmcd/";
const BUDGET: &str = "/api/audio/quick-sync/budget/";
const EXPORT: &str = "/api/account/export/";

fn device(number: u128) -> Uuid {
    Uuid::from_u128(0xd0 + number)
}

fn on(call: Call, token: &str, id: Uuid) -> Call {
    call.token(token).header("x-quick-sync-device", &id.to_string())
}

#[tokio::test]
async fn no_figure_ever_crosses() {
    let world = World::empty().await;
    let (_, ann) = world.user_with_token("ann", false).await;
    let (_, bob) = world.user_with_token("bob", true).await;
    // The same three ids under both users: an id is no proof of anything.
    let mbps = |user: u32, number: u32| f64::from(10 * user + number + 1);
    for (user, token) in [(0, &ann), (1, &bob)] {
        for number in 0..3 {
            let samples = json!({"network_kind": "wifi",
                "samples": [{"bytes": 1_000_000, "duration_ms": 8000.0 / mbps(user, number)}]});
            on(world.post(SAMPLES), token, device(number.into())).json(samples).expect(200).await;
            let path = format!("{DEVICES}{}/", device(number.into()));
            let name = json!({"name": format!("{user} {number}"), "overrides": {"mode": "auto"}});
            world.call("PATCH", &path).token(token).json(name).expect(200).await;
        }
    }
    for (user, token) in [(0, &ann), (1, &bob)] {
        for number in 0..3 {
            let seen = network(on(world.get(STATUS), token, device(number.into()))).await;
            let own = json!({"speed_mbps": mbps(user, number), "source": "playback"});
            assert_holds(&seen, &own);
        }
    }
    let speeds = |answer: Value| {
        let rows = answer["results"].as_array().unwrap().iter();
        let mut speeds: Vec<f64> = rows.map(|row| row["speed_mbps"].as_f64().unwrap()).collect();
        speeds.sort_by(f64::total_cmp);
        speeds
    };
    let history = world.get(HISTORY).token(&ann).expect(200).await.json();
    assert_eq!(speeds(history), [1.0, 2.0, 3.0]);

    on(world.post(CMCD), &ann, device(0)).body("mtp=50,ot=a\n".repeat(9)).expect(204).await;
    world.call("DELETE", &format!("{DEVICES}{}/", device(1))).token(&ann).expect(204).await;
    world.call("DELETE", "/api/account/data/").token(&ann).expect(204).await;
    for number in 0..3 {
        let seen = network(on(world.get(STATUS), &bob, device(number.into()))).await;
        assert_holds(&seen, &json!({"speed_mbps": mbps(1, number)}));
        let seen = network(on(world.get(STATUS), &ann, device(number.into()))).await;
        assert_holds(&seen, &json!({"source": "fallback"}));
    }
    let history = world.get(HISTORY).token(&bob).expect(200).await.json();
    assert_eq!(speeds(history), [11.0, 12.0, 13.0]);
}

#[tokio::test]
async fn everything_of_a_user_is_exported_and_erased_and_nothing_of_others() {
    let world = World::empty().await;
    let (_, ann) = world.user_with_token("ann", false).await;
    let (_, bob) = world.user_with_token("bob", false).await;
    for token in [&ann, &bob] {
        let samples = json!({"samples": [{"bytes": 10_000, "duration_ms": 80.0}]});
        on(world.post(SAMPLES), token, device(0)).json(samples).expect(200).await;
        let rules = json!({"caps": {"cellular": "low"}, "budget": {"monthly_bytes": 7}});
        let path = format!("{DEVICES}{}/", device(0));
        world.call("PATCH", &path).token(token).json(rules).expect(200).await;
        let caps = json!({"caps": {"wifi": "high"}});
        world
            .call("PATCH", "/api/audio/quick-sync/rules/")
            .token(token)
            .json(caps)
            .expect(200)
            .await;
    }
    let export = world.get(EXPORT).token(&ann).expect(200).await.json();
    assert_eq!(export["rules"]["caps"]["wifi"], "high");
    assert_eq!(export["devices"][0]["caps"]["cellular"], "low");
    assert_eq!(export["devices"][0]["budget"]["monthly_bytes"], 7);
    assert_eq!(export["samples"].as_array().unwrap().len(), 1);
    assert_eq!(export["hours"][0]["samples"], 1);
    world.call("DELETE", "/api/account/data/").token(&ann).expect(204).await;
    let erased = world.get(EXPORT).token(&ann).expect(200).await.json();
    for field in ["samples", "hours", "usage"] {
        assert_eq!(erased[field], json!([]), "{field}");
    }
    assert_eq!(erased["rules"]["caps"]["wifi"], Value::Null);
    let kept = world.get(EXPORT).token(&bob).expect(200).await.json();
    assert_eq!(kept["rules"]["caps"]["wifi"], "high");
    assert_eq!(kept["hours"].as_array().unwrap().len(), 1);
    let month = on(world.get(BUDGET), &ann, device(0)).expect(200).await.json();
    assert_eq!(month["month"], Value::Null);
}
