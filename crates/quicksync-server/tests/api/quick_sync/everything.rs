//! Everything a user gave or caused can be taken along and erased. What that is, the schema says: a
//! new table of users' rows fails here until it is exported and erased too.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, Row as _};
use uuid::Uuid;

use super::{DEVICES, PREFERENCES, SAMPLES, STATUS, sample};
use crate::support::{Call, ORIGIN, PASSWORD, Track, World, put_track};

const EXPORT: &str = "/api/account/export/";
const PHONE: Uuid = Uuid::from_u128(0xf0);

/// Where the rows of each table stand in an export.
const EXPORTED: [(&str, &str); 11] = [
    ("users", "/user/name"),
    ("credentials", "/tokens/0/name"),
    ("preferences", "/preferences/mode"),
    ("devices", "/devices/0/name"),
    ("throughput_samples", "/samples/0/bytes"),
    ("network_hours", "/hours/0/samples"),
    ("listening_rules", "/rules/caps/cellular"),
    ("data_usage", "/usage/0/bytes"),
    ("playback_sessions", "/sessions/0/player"),
    ("playback_events", "/sessions/0/events/0/type"),
    ("playback_logs", "/sessions/0/decision_log"),
];
/// What stays with the account until that is deleted.
const OF_THE_ACCOUNT: [&str; 2] = ["users", "credentials"];

fn on(call: Call, token: &str) -> Call {
    call.token(token).header("x-quick-sync-device", &PHONE.to_string())
}

/// The database as it lies on the disk.
struct Tables(SqliteConnection);

impl Tables {
    /// How a user's rows are found: by their own column, or by what they belong to.
    async fn conditions(&mut self) -> BTreeMap<String, String> {
        let names = sqlx::query(
            "SELECT m.name, p.name AS column FROM sqlite_master m JOIN pragma_table_info(m.name) p \
             WHERE m.type = 'table' AND p.name LIKE '%user%'",
        );
        let rows = names.fetch_all(&mut self.0).await.unwrap();
        let mut known = BTreeMap::from([("users".to_owned(), "id = ?1".to_owned())]);
        for row in rows {
            let column = row.get::<String, _>("column");
            known.insert(row.get("name"), format!("{column} = ?1"));
        }
        loop {
            let links = sqlx::query(
                "SELECT m.name, f.\"table\" AS parent, f.\"from\" AS column, f.\"to\" AS key \
                 FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
            );
            let mut is_new = false;
            for row in links.fetch_all(&mut self.0).await.unwrap() {
                let field = |name| row.get::<String, _>(name);
                let (name, parent) = (field("name"), field("parent"));
                if known.contains_key(&name) {
                    continue;
                }
                let Some(of_parent) = known.get(&parent).cloned() else { continue };
                let (column, key) = (field("column"), field("key"));
                let rows = format!("{column} IN (SELECT {key} FROM {parent} WHERE {of_parent})");
                known.insert(name, rows);
                is_new = true;
            }
            if !is_new {
                return known;
            }
        }
    }

    /// How many rows of each table are the user's.
    async fn rows_of(&mut self, user: Uuid) -> BTreeMap<String, i64> {
        let mut counts = BTreeMap::new();
        for (table, condition) in self.conditions().await {
            let text = format!("SELECT count(*) AS n FROM {table} WHERE {condition}");
            let query = sqlx::query(sqlx::AssertSqlSafe(text)).bind(user.as_bytes().to_vec());
            counts.insert(table, query.fetch_one(&mut self.0).await.unwrap().get("n"));
        }
        counts
    }
}

/// Everything that a user can give or cause.
async fn live(world: &World, token: &str, track: Uuid) {
    let mode = json!({"mode": "high"});
    world.post(PREFERENCES).token(token).json(mode).expect(200).await;
    let caps = json!({"caps": {"cellular": "low"}});
    let rules = "/api/audio/quick-sync/rules/";
    world.call("PATCH", rules).token(token).json(caps).expect(200).await;
    on(world.post(SAMPLES), token).json(sample(5.0)).expect(200).await;
    on(world.get(&format!("{STATUS}?network_kind=wifi")), token).expect(200).await;
    let device = format!("{DEVICES}{PHONE}/");
    let budget = json!({"name": "phone", "budget": {"monthly_bytes": 1_000_000_000}});
    world.call("PATCH", &device).token(token).json(budget).expect(200).await;
    let manifest = on(world.get(&format!("/api/tracks/{track}/manifest/")), token);
    let manifest = manifest.expect(200).await.json();
    let segment = manifest["ladder"][0]["segment_url"].as_str().unwrap().replace("{n}", "0");
    world.get(segment.strip_prefix(ORIGIN).unwrap()).expect(200).await;
    let sessions = "/api/audio/quick-sync/sessions/";
    let session = on(world.post(sessions), token).json(json!({"player": "test"}));
    let id = session.expect(201).await.json()["id"].as_str().unwrap().to_owned();
    let report = json!({"events": [{"type": "seek"}, {"type": "end"}], "decision_log": "a log"});
    let path = format!("{sessions}{id}/events/");
    world.post(&path).token(token).json(report).expect(200).await;
    quicksync_server::write_telemetry(&world.state).await.unwrap();
}

#[tokio::test]
async fn every_row_of_a_user_is_exported_and_erased_and_no_row_of_others() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("quicksync.db");
    let world = World::in_file(&file).await;
    let track = put_track(&world, &Track::default()).await;
    let (root, _) = world.user_with_token("root", true).await;
    let root_token = world.token(&root).await;
    let (ann, bob) =
        (world.user("ann", false).await, world.user_without_password("bob", false).await);
    let (token, other) = (world.token(&ann).await, world.token(&bob).await);
    let login = json!({"name": "ann", "password": PASSWORD});
    world.post("/api/auth/login/").json(login).header("origin", ORIGIN).expect(200).await;
    live(&world, &token, track).await;
    live(&world, &other, track).await;

    let options = SqliteConnectOptions::new().filename(&file);
    let connection = SqliteConnection::connect_with(&options);
    let mut tables = Tables(connection.await.unwrap());
    let before = tables.rows_of(ann.id).await;
    let untouched = tables.rows_of(bob.id).await;
    for (table, count) in &before {
        assert!(*count > 0, "nothing was put into {table}: let `live` cause some");
    }
    let known: BTreeSet<&str> = before.keys().map(String::as_str).collect();
    let exported: BTreeSet<&str> = EXPORTED.iter().map(|(table, _)| *table).collect();
    assert_eq!(known, exported, "which tables have rows of users, and which are exported");
    let export = world.get(EXPORT).token(&token).expect(200).await.json();
    for (table, pointer) in EXPORTED {
        let value = export.pointer(pointer).unwrap_or(&Value::Null);
        assert!(!value.is_null(), "{table} at {pointer} in {export}");
    }
    assert_eq!(export["login_sessions"].as_array().unwrap().len(), 1);
    let text = export.to_string();
    assert!(!text.contains(&bob.id.to_string()) && !text.contains("argon2"), "{text}");

    world.call("DELETE", "/api/account/data/").token(&token).expect(204).await;
    for (table, count) in tables.rows_of(ann.id).await {
        let is_kept = OF_THE_ACCOUNT.contains(&table.as_str());
        assert_eq!(count > 0, is_kept, "{table} has {count} rows after everything was erased");
    }
    assert_eq!(tables.rows_of(bob.id).await, untouched);
    let path = format!("/api/users/{}/", ann.id);
    world.call("DELETE", &path).token(&root_token).expect(204).await;
    for (table, count) in tables.rows_of(ann.id).await {
        assert_eq!(count, 0, "{table} has rows of a user who is gone");
    }
    assert_eq!(tables.rows_of(bob.id).await, untouched);
}

#[tokio::test]
async fn metrics_tell_nothing_of_anybody() {
    let world = World::empty().await;
    let track = put_track(&world, &Track::default()).await;
    let (root, token) = world.user_with_token("very-own-name", true).await;
    live(&world, &token, track).await;
    let metrics = world.get("/metrics").token(&token).expect(200).await;
    let text = String::from_utf8(metrics.body.to_vec()).unwrap();
    assert!(text.contains("sessions"), "{text}");
    let (user, device) = (root.id.to_string(), PHONE.to_string());
    for secret in ["very-own-name", "phone", "Dawn", &user, &device, &track.to_string()] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
