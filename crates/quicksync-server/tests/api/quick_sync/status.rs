//! `status/` and `presets/`.

use quicksync_abr::{HostLoad, Request, recommend};
use quicksync_model::{Mode, Throughput};
use quicksync_sense::HostReading;
use serde_json::json;

use super::{PREFERENCES, PRESETS, SAMPLES, STATUS, assert_holds, network, sample};
use crate::support::{Plan, Track, World, put_track};

fn host(cpu_percent: f64, memory_percent: f64) -> HostReading {
    HostReading {
        stalls: None,
        load: HostLoad { cpu_percent, memory_percent },
        background_cpu_percent: 0.0,
        memory_available_mb: 2048,
        disk_percent: 40.0,
    }
}

#[tokio::test]
async fn the_documented_example() {
    let world = World::of(Plan { host: host(25.0, 60.0), ..Plan::default() }).await;
    let (_, token) = world.user_with_token("ann", false).await;
    world.post(SAMPLES).token(&token).json(sample(3.5)).expect(200).await;
    let status = world.get(STATUS).token(&token).expect(200).await.json();
    assert_holds(
        &status,
        &json!({
            "status": {
                "network": {"speed_mbps": 3.5, "status": "good"},
                "system": {"cpu_percent": 25.0, "memory_percent": 60.0, "status": "low_load"},
                "quality": {
                    "level": "high",
                    "bitrate": 256,
                    "description": "High quality - best experience",
                    "auto_selected": true
                },
                "buffer": {
                    "buffer_size": 15,
                    "preload": "auto",
                    "max_buffer_size": 30,
                    "rebuffer_threshold": 4.5
                }
            },
            "preferences": {
                "mode": "auto",
                "prefer_quality": true,
                "adapt_to_system": true,
                "auto_download_quality": false
            }
        }),
    );
    let added = json!({
        "network": {"source": "playback", "age_s": 0.0},
        "system": {"memory_available_mb": 2048, "disk_percent": 40.0},
        "quality": {"reason": "Starting at high: 3.5 Mbps expected"},
        "timestamp": 1_700_000_000.0
    });
    assert_holds(&status["status"], &added);
}

#[tokio::test]
async fn the_documented_presets() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let presets = world.get(PRESETS).token(&token).expect(200).await.json();
    let expected = json!({
        "presets": {
            "low": {"bitrate": 64, "buffer_size": 5, "preload": "metadata"},
            "medium": {"bitrate": 128, "buffer_size": 10, "preload": "auto"},
            "high": {"bitrate": 256, "buffer_size": 15, "preload": "auto"},
            "ultra": {"bitrate": 320, "buffer_size": 20, "preload": "auto"}
        },
        "thresholds": {"ultra": 5.0, "high": 2.0, "medium": 1.0, "low": 0.5}
    });
    assert_eq!(presets, expected);
}

#[tokio::test]
async fn load_and_preferences_reach_the_answer() {
    let world = World::of(Plan { host: host(90.0, 10.0), ..Plan::default() }).await;
    let (_, token) = world.user_with_token("ann", false).await;
    world.post(SAMPLES).token(&token).json(sample(3.5)).expect(200).await;
    for (load, change, level, auto_selected) in [
        (host(90.0, 10.0), json!({}), "medium", true),
        (host(90.0, 10.0), json!({"adapt_to_system": false}), "high", true),
        (host(10.0, 10.0), json!({}), "high", true),
        (host(10.0, 10.0), json!({"adapt_to_system": true}), "ultra", true),
        (host(10.0, 10.0), json!({"prefer_quality": false}), "high", true),
        (host(90.0, 90.0), json!({"mode": "ultra"}), "ultra", false),
    ] {
        world.host.send_replace(load);
        // Every sample is looked at, asked for or not, and a load is over some time after it went.
        world.clock.advance_s(15);
        world.call("PATCH", PREFERENCES).token(&token).json(change.clone()).expect(200).await;
        let status = world.get(STATUS).token(&token).expect(200).await.json();
        let expected = json!({"level": level, "auto_selected": auto_selected});
        assert_holds(&status["status"]["quality"], &expected);
    }
}

/// Status, the first rung of a manifest and their explanation are one answer of the decision core.
#[tokio::test]
async fn what_is_recommended_is_what_the_core_says() {
    let world = World::empty().await;
    let track = put_track(&world, &Track::default()).await;
    for (name, mbps, host) in [
        ("ann", 0.4, host(40.0, 60.0)),
        ("bob", 1.5, host(40.0, 60.0)),
        ("cat", 1.5, host(10.0, 10.0)),
        ("dan", 60.0, host(40.0, 60.0)),
        ("eve", 3.5, host(90.0, 60.0)),
        ("fay", 60.0, host(40.0, 86.0)),
    ] {
        world.host.send_replace(host);
        let (_, token) = world.user_with_token(name, false).await;
        world.post(SAMPLES).token(&token).json(sample(mbps)).expect(200).await;
        let wanted = recommend(Request {
            mode: Mode::Auto,
            prefer_quality: true,
            adapt_to_system: true,
            throughput: Throughput::from_mbps(mbps),
            load: host.load,
        });
        let status = world.get(STATUS).token(&token).expect(200).await.json();
        let quality = &status["status"]["quality"];
        let level = wanted.quality.as_str();
        let expected = json!({"level": level, "reason": wanted.reason.to_string()});
        assert_holds(quality, &expected);
        let path = format!("/api/tracks/{track}/manifest/");
        let manifest = world.get(&path).token(&token).expect(200).await.json();
        assert_eq!(manifest["start_quality"], level, "{name}");
    }
}

#[tokio::test]
async fn a_figure_counts_for_five_minutes_and_is_history_then() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let seen = || async { network(world.get(STATUS).token(&token)).await };
    assert_holds(&seen().await, &json!({"speed_mbps": 2.0, "source": "fallback", "age_s": null}));
    world.post(SAMPLES).token(&token).json(sample(0.4)).expect(200).await;
    world.clock.advance_s(299);
    assert_holds(&seen().await, &json!({"speed_mbps": 0.4, "source": "playback", "age_s": 299.0}));
    world.clock.advance_s(1);
    assert_holds(&seen().await, &json!({"speed_mbps": 0.4, "source": "history"}));
}

#[tokio::test]
async fn what_was_measured_outlives_a_restart() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    world.post(SAMPLES).token(&token).json(sample(0.4)).expect(200).await;
    let restarted = world.restarted().await;
    let seen = network(restarted.get(STATUS).token(&token)).await;
    assert_holds(&seen, &json!({"speed_mbps": 0.4, "source": "playback"}));
}
