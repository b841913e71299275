//! The server's probe (`test/`) and the listener's (`probe/`).

use serde_json::json;

use super::cdn::Cdn;
use super::{PREFERENCES, STATUS, TEST, assert_holds, network};
use crate::support::{Plan, World};

async fn world_behind(cdn: &Cdn) -> World {
    World::of(Plan { probe: cdn.config(), ..Plan::default() }).await
}

#[tokio::test]
async fn the_documented_example() {
    let cdn = Cdn::open(200).await;
    let world = world_behind(&cdn).await;
    let (_, token) = world.user_with_token("ann", false).await;
    let test = world.post(TEST).token(&token).expect(200).await.json();
    let mbps = test["network_speed_mbps"].as_f64().unwrap();
    assert!(mbps > 0.0, "{test}");
    assert_holds(
        &test,
        &json!({
            "system_resources": {"cpu_percent": 0.0, "memory_percent": 0.0},
            "timestamp": 1_700_000_000.0,
            "source": "server_probe"
        }),
    );
    assert_holds(&test["targets"][0], &json!({"bytes": 200_000, "error": null}));
    assert!(test["recommended_quality"].is_string());
    let seen = network(world.get(STATUS).token(&token)).await;
    assert_holds(&seen, &json!({"speed_mbps": mbps, "source": "server_probe"}));
}

#[tokio::test]
async fn the_recommendation_is_by_the_callers_own_preferences() {
    let cdn = Cdn::open(200).await;
    let world = world_behind(&cdn).await;
    let (_, ann) = world.user_with_token("ann", false).await;
    let (_, bob) = world.user_with_token("bob", false).await;
    world.post(PREFERENCES).token(&ann).json(json!({"mode": "low"})).expect(200).await;
    let test = world.post(TEST).token(&ann).expect(200).await.json();
    assert_eq!(test["recommended_quality"], "low");
    world.post(PREFERENCES).token(&bob).json(json!({"mode": "high"})).expect(200).await;
    let seen = network(world.get(STATUS).token(&bob)).await;
    assert_holds(&seen, &json!({"source": "fallback"}));
}

#[tokio::test]
async fn when_every_target_fails_the_answer_is_the_fallback() {
    let cdn = Cdn::open(429).await;
    let world = world_behind(&cdn).await;
    let (_, token) = world.user_with_token("ann", false).await;
    let test = world.post(TEST).token(&token).expect(200).await.json();
    assert_holds(&test, &json!({"network_speed_mbps": 2.0, "source": "fallback"}));
    assert_eq!(test["targets"][0]["error"], "it answered with status 429");
}

#[tokio::test]
async fn status_answers_while_the_probe_is_blocked_and_learns_of_it_later() {
    let cdn = Cdn::blocked().await;
    let world = world_behind(&cdn).await;
    let (_, token) = world.user_with_token("ann", false).await;
    for _ in 0..3 {
        let seen = network(world.get(STATUS).token(&token)).await;
        assert_holds(&seen, &json!({"speed_mbps": 2.0, "source": "fallback"}));
    }
    cdn.unblock();
    while network(world.get(STATUS).token(&token)).await["source"] != "server_probe" {
        tokio::task::yield_now().await;
    }
    assert_eq!(cdn.connections(), 1, "one probe for all who asked");
}

#[tokio::test]
async fn a_manual_mode_runs_no_probe() {
    let cdn = Cdn::open(200).await;
    let world = world_behind(&cdn).await;
    let (_, token) = world.user_with_token("ann", false).await;
    world.post(PREFERENCES).token(&token).json(json!({"mode": "high"})).expect(200).await;
    for _ in 0..50 {
        let seen = network(world.get(STATUS).token(&token)).await;
        assert_holds(&seen, &json!({"source": "fallback"}));
        tokio::task::yield_now().await;
    }
    assert_eq!(cdn.connections(), 0);
}

#[tokio::test]
async fn ten_tests_a_minute_are_allowed_and_not_endlessly_many() {
    let cdn = Cdn::open(200).await;
    let world = world_behind(&cdn).await;
    let (_, ann) = world.user_with_token("ann", false).await;
    let (_, bob) = world.user_with_token("bob", false).await;
    for _ in 0..10 {
        world.post(TEST).token(&ann).expect(200).await;
    }
    let mut refused = world.post(TEST).token(&ann).send().await;
    for _ in 0..10 {
        refused = world.post(TEST).token(&ann).send().await;
    }
    assert_eq!(refused.status, 429);
    world.post(TEST).token(&bob).expect(200).await;
}

#[tokio::test]
async fn the_listeners_probe_cannot_be_compressed_or_cached() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let probe = |bytes: &str| {
        let path = format!("/api/audio/quick-sync/probe/{bytes}");
        world.get(&path).token(&token).header("accept-encoding", "gzip")
    };
    let answer = probe("?bytes=100001").expect(200).await;
    assert_eq!(answer.body.len(), 100_001);
    assert_eq!(answer.text("content-length"), "100001");
    assert!(answer.text("cache-control").contains("no-store"));
    let mut seen = [0_usize; 256];
    answer.body.iter().for_each(|byte| seen[usize::from(*byte)] += 1);
    // 100,001 random bytes: each value 391 times, give or take 20.
    assert!(seen.iter().all(|count| (250..550).contains(count)), "{seen:?}");
    let other = probe("?bytes=100001").expect(200).await;
    assert_ne!(answer.body, other.body);
    assert_eq!(probe("").expect(200).await.body.len(), 250_000);
    for bad in ["?bytes=0", "?bytes=8000001", "?bytes=-1", "?bytes=many"] {
        assert_eq!(probe(bad).expect(400).await.field(), "bytes", "{bad}");
    }
}

#[tokio::test]
async fn each_target_is_shown_with_what_it_gave_before() {
    let (good, bad) = (Cdn::open(200).await, Cdn::open(503).await);
    let mut probe = good.config();
    probe.targets.extend(bad.config().targets);
    let world = World::of(Plan { probe, ..Plan::default() }).await;
    let (_, token) = world.user_with_token("ann", false).await;
    for count in 1..=3_usize {
        let test = world.post(TEST).token(&token).expect(200).await.json();
        for (target, is_good) in test["targets"].as_array().unwrap().iter().zip([true, false]) {
            let history = target["history"].as_array().unwrap();
            assert_eq!(history.len(), count, "{target}");
            assert_eq!(history[0]["measured_at"], test["timestamp"]);
            for past in history {
                assert_eq!(past["speed_mbps"].is_f64(), is_good, "{past}");
                assert_eq!(past["error"].is_string(), !is_good, "{past}");
            }
        }
        world.clock.advance_s(60);
    }
}
