//! The documented interface: every example of its description, and what was left open there.

mod apart;
mod bounds;
mod cdn;
mod devices;
mod everything;
mod isolation;
mod players;
mod preferences;
mod probes;
mod rules;
mod sessions;
mod status;

use serde_json::{Value, json};

use crate::support::{Call, World};

const STATUS: &str = "/api/audio/quick-sync/status/";
const PREFERENCES: &str = "/api/audio/quick-sync/preferences/";
const TEST: &str = "/api/audio/quick-sync/test/";
const PRESETS: &str = "/api/audio/quick-sync/presets/";
const SAMPLES: &str = "/api/audio/quick-sync/samples/";
const HISTORY: &str = "/api/audio/quick-sync/history/";
const DEVICES: &str = "/api/audio/quick-sync/devices/";

/// One transfer at `mbps` that ended now.
fn sample(mbps: f64) -> Value {
    json!({"samples": [{"bytes": 1_000_000, "duration_ms": 8000.0 / mbps}]})
}

/// Everything `expected` says holds in `seen`; more may stand there.
#[track_caller]
fn assert_holds(seen: &Value, expected: &Value) {
    match expected {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| assert_holds(&seen[name], value));
        }
        value => assert_eq!(seen, value, "in {seen}"),
    }
}

/// The `network` of a status.
async fn network(call: Call) -> Value {
    call.expect(200).await.json()["status"]["network"].clone()
}

#[tokio::test]
async fn nothing_is_told_without_a_user() {
    let world = World::empty().await;
    for (method, path) in [
        ("GET", STATUS),
        ("GET", PREFERENCES),
        ("POST", PREFERENCES),
        ("PATCH", PREFERENCES),
        ("POST", TEST),
        ("GET", PRESETS),
        ("POST", SAMPLES),
        ("GET", HISTORY),
        ("GET", DEVICES),
    ] {
        world.call(method, path).json(json!({})).expect(401).await;
        world.call(method, path.trim_end_matches('/')).json(json!({})).expect(401).await;
    }
}
