//! `preferences/`: partial, validated, durable, one's own.

use serde_json::{Value, json};

use super::{PREFERENCES, STATUS, assert_holds};
use crate::support::World;

fn defaults() -> Value {
    json!({
        "mode": "auto",
        "prefer_quality": true,
        "adapt_to_system": true,
        "auto_download_quality": false
    })
}

#[tokio::test]
async fn the_documented_example() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    assert_eq!(world.get(PREFERENCES).token(&token).expect(200).await.json(), defaults());
    let changed = world.post(PREFERENCES).token(&token).json(defaults()).expect(200).await.json();
    assert_holds(&changed, &defaults());
    assert_eq!(changed["preferences"], defaults());
    assert_eq!(changed["status"]["quality"]["level"], "ultra", "the host of this test is idle");
}

#[tokio::test]
async fn an_update_changes_only_what_it_gives() {
    for method in ["POST", "PATCH"] {
        let world = World::empty().await;
        let (_, token) = world.user_with_token("ann", false).await;
        let mut expected = defaults();
        for (field, value) in [
            ("mode", json!("low")),
            ("prefer_quality", json!(false)),
            ("auto_download_quality", json!(true)),
            ("adapt_to_system", json!(false)),
            ("mode", json!("ultra")),
        ] {
            expected[field] = value.clone();
            world
                .call(method, PREFERENCES)
                .token(&token)
                .json(json!({field: value}))
                .expect(200)
                .await;
            let kept = world.get(PREFERENCES).token(&token).expect(200).await.json();
            assert_eq!(kept, expected, "{method} {field}");
        }
        world.call(method, PREFERENCES).token(&token).json(json!({})).expect(200).await;
        let status = world.get(STATUS).token(&token).expect(200).await.json();
        assert_eq!(status["preferences"], expected);
    }
}

#[tokio::test]
async fn a_bad_field_is_named_and_nothing_is_saved() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    for (body, field) in [
        (json!({"mode": "best", "prefer_quality": false}), "mode"),
        (json!({"mode": "AUTO"}), "mode"),
        (json!({"mode": 5}), "mode"),
        (json!({"mode": null}), "mode"),
        (json!({"prefer_quality": "false"}), "prefer_quality"),
        (json!({"adapt_to_system": 1}), "adapt_to_system"),
        (json!({"auto_download_quality": null}), "auto_download_quality"),
        (json!({"prefer_quality": false, "volume": 3}), "volume"),
        (json!("auto"), "body"),
    ] {
        for method in ["POST", "PATCH"] {
            let call = world.call(method, PREFERENCES).token(&token).json(body.clone());
            let refused = call.expect(400).await;
            assert_eq!(refused.field(), field, "{method} {body}");
        }
    }
    let kept = world.get(PREFERENCES).token(&token).expect(200).await.json();
    assert_eq!(kept, defaults());
}

#[tokio::test]
async fn one_users_choice_is_not_anothers() {
    let world = World::empty().await;
    let (_, ann) = world.user_with_token("ann", false).await;
    let (_, bob) = world.user_with_token("bob", true).await;
    world.post(PREFERENCES).token(&ann).json(json!({"mode": "low"})).expect(200).await;
    assert_eq!(world.get(PREFERENCES).token(&bob).expect(200).await.json(), defaults());
}
