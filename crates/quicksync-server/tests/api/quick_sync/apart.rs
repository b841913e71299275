//! Two users, three devices each, under the same three ids: of what they listened to no figure ever
//! crosses, in whatever form it is told.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{DEVICES, STATUS, assert_holds};
use crate::support::{Call, ORIGIN, Track, World, put_track};

const BUDGET: &str = "/api/audio/quick-sync/budget/";
const SESSIONS: &str = "/api/audio/quick-sync/sessions/";
const ANALYTICS: &str = "/api/audio/quick-sync/analytics";
const EXPORT: &str = "/api/account/export/";

fn on(call: Call, token: &str, device: Uuid) -> Call {
    call.token(token).header("x-quick-sync-device", &device.to_string())
}

/// One of the six, with figures that nobody else has.
#[derive(Clone, Copy)]
struct Part {
    user: u64,
    device: u64,
}

impl Part {
    fn id(self) -> Uuid {
        Uuid::from_u128(0xd0 + u128::from(self.device))
    }

    /// Sums of different parts differ whichever are taken together.
    fn bytes(self) -> u64 {
        1_000_000 + (1 << (3 * self.user + self.device))
    }

    fn session(self) -> Uuid {
        Uuid::from_u128(0x5e55 + u128::from(10 * self.user + self.device))
    }

    fn player(self) -> String {
        format!("player {} {}", self.user, self.device)
    }

    fn log(self) -> String {
        format!("log of {} {}\n", self.user, self.device)
    }

    fn monthly_bytes(self) -> u64 {
        self.bytes() * 1000
    }

    /// Segments fetched: each part has its own count.
    const fn segments(self) -> u64 {
        1 + 3 * self.user + self.device
    }

    /// Listens for a while.
    async fn listen(self, world: &World, token: &str, track: Uuid) {
        let status = format!("{STATUS}?network_kind=cellular");
        on(world.get(&status), token, self.id()).expect(200).await;
        let budget = json!({"budget": {"monthly_bytes": self.monthly_bytes()}});
        let device = format!("{DEVICES}{}/", self.id());
        world.call("PATCH", &device).token(token).json(budget).expect(200).await;
        let manifest = on(world.get(&format!("/api/tracks/{track}/manifest/")), token, self.id());
        let manifest = manifest.expect(200).await.json();
        let segment = manifest["ladder"][0]["segment_url"].as_str().unwrap().replace("{n}", "0");
        for _ in 0..self.segments() {
            world.get(segment.strip_prefix(ORIGIN).unwrap()).expect(200).await;
        }
        let session = json!({"id": self.session(), "player": self.player(), "track_id": track});
        on(world.post(SESSIONS), token, self.id()).json(session).expect(201).await;
        let events = json!([
            {"type": "startup", "duration_ms": 100 * self.segments()},
            {"type": "fetched", "bytes": self.bytes(), "duration_ms": 100.0},
            {"type": "heard", "quality": "low", "duration_ms": 1000 * self.segments()},
            {"type": "end"}
        ]);
        let report = json!({"events": events, "decision_log": self.log()});
        let path = format!("{SESSIONS}{}/events/", self.session());
        on(world.post(&path), token, self.id()).json(report).expect(200).await;
    }

    /// What is told of it where it is told of alone.
    fn as_session(self) -> Value {
        json!({"id": self.session(), "device_id": self.id(), "player": self.player(),
            "bytes": self.bytes(), "startup_ms": 100 * self.segments()})
    }
}

const fn parts(user: u64) -> [Part; 3] {
    [Part { user, device: 0 }, Part { user, device: 1 }, Part { user, device: 2 }]
}

/// Everything that one user is told, in every form.
struct Told {
    sessions: Value,
    by_device: Value,
    summary: Value,
    json: Value,
    csv: String,
    account: Value,
    usage: Vec<(String, u64)>,
}

impl Told {
    async fn new(world: &World, token: &str) -> Self {
        let ask = |path: String| async move { world.get(&path).token(token).expect(200).await };
        let budget = ask(format!("{BUDGET}?all_devices=true")).await.json();
        let usage = budget["usage"].as_array().unwrap().iter();
        let usage = usage
            .map(|row| {
                (row["device_id"].as_str().unwrap().to_owned(), row["bytes"].as_u64().unwrap())
            })
            .collect();
        let csv = ask(format!("{ANALYTICS}/export/?format=csv")).await.body;
        Self {
            sessions: ask(SESSIONS.to_owned()).await.json()["results"].clone(),
            by_device: ask(format!("{ANALYTICS}/series/?by=device")).await.json(),
            summary: ask(format!("{ANALYTICS}/summary/")).await.json(),
            json: ask(format!("{ANALYTICS}/export/")).await.json(),
            csv: String::from_utf8(csv.to_vec()).unwrap(),
            account: ask(EXPORT.to_owned()).await.json(),
            usage,
        }
    }

    /// Holds what these parts did, and not a trace of those.
    fn assert_only(&self, own: &[Part], others: &[Part], segment_bytes: u64) {
        for (list, what) in [(&self.sessions, "list"), (&self.json, "export"), {
            (&self.account["sessions"], "account")
        }] {
            let rows = list.as_array().unwrap();
            assert_eq!(rows.len(), own.len(), "{what}");
            for part in own {
                let id = part.session().to_string();
                let row = rows.iter().find(|row| row["id"] == id).unwrap();
                assert_holds(row, &part.as_session());
            }
        }
        let bytes: u64 = own.iter().map(|part| part.bytes()).sum();
        assert_holds(&self.summary, &json!({"sessions": own.len(), "bytes": bytes}));
        let groups = self.by_device["results"].as_array().unwrap();
        assert_eq!(groups.len(), own.len());
        assert_eq!(self.csv.lines().count(), own.len() + 1);
        assert_eq!(self.usage.len(), own.len());
        for (part, group) in own.iter().zip(groups) {
            let figures = json!({"key": part.id(), "sessions": 1, "bytes": part.bytes()});
            assert_holds(group, &figures);
            let sent = part.segments() * segment_bytes;
            assert!(self.usage.contains(&(part.id().to_string(), sent)), "{:?}", self.usage);
            assert!(self.csv.contains(&part.session().to_string()));
        }
        let everything = format!("{}{}{}{}", self.sessions, self.json, self.csv, self.account);
        for part in others {
            for trace in [part.session().to_string(), part.player(), part.log()] {
                assert!(!everything.contains(trace.trim()), "{trace} of somebody else");
            }
        }
    }
}

#[tokio::test]
async fn nothing_that_was_heard_ever_crosses() {
    let world = World::empty().await;
    // An administrator sees no more under these paths.
    let tokens =
        [world.user_with_token("ann", false).await.1, world.user_with_token("bob", true).await.1];
    let track = put_track(&world, &Track::default()).await;
    for (user, token) in (0..).zip(&tokens) {
        for part in parts(user) {
            part.listen(&world, token, track).await;
        }
    }
    let one = Part { user: 0, device: 0 };
    let asked = on(world.get(BUDGET), &tokens[0], one.id()).expect(200).await.json();
    let segment_bytes = asked["usage"][0]["bytes"].as_u64().unwrap();
    assert!(segment_bytes > 0, "{asked}");
    for (user, token) in (0..).zip(&tokens) {
        let told = Told::new(&world, token).await;
        told.assert_only(&parts(user), &parts(1 - user), segment_bytes);
        for part in parts(user) {
            // One device of it alone.
            let ledger = on(world.get(BUDGET), token, part.id()).expect(200).await.json();
            let month = json!({"monthly_bytes": part.monthly_bytes(),
                "used_bytes": part.segments() * segment_bytes});
            assert_holds(&ledger["month"], &month);
            assert_eq!(ledger["usage"].as_array().unwrap().len(), 1);
            let path = format!("{SESSIONS}{}/", part.session());
            let detail = world.get(&path).token(token).expect(200).await.json();
            assert_holds(&detail, &part.as_session());
            assert_eq!(detail["decision_log"], part.log());
        }
        for part in parts(1 - user) {
            let path = format!("{SESSIONS}{}/", part.session());
            world.get(&path).token(token).expect(404).await;
            let events = json!({"events": [{"type": "stall", "duration_ms": 5}]});
            world.post(&format!("{path}events/")).token(token).json(events).expect(404).await;
        }
    }

    // What one erases, of a device or of everything, the other keeps.
    let lost = format!("{DEVICES}{}/", one.id());
    world.call("DELETE", &lost).token(&tokens[0]).expect(204).await;
    let told = Told::new(&world, &tokens[0]).await;
    assert!(told.usage.iter().all(|(device, _)| *device != one.id().to_string()));
    world.call("DELETE", "/api/account/data/").token(&tokens[0]).expect(204).await;
    Told::new(&world, &tokens[0]).await.assert_only(&[], &parts(1), segment_bytes);
    let told = Told::new(&world, &tokens[1]).await;
    told.assert_only(&parts(1), &parts(0), segment_bytes);
}
