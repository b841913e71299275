//! Who may do what: every operation of the document against every kind of caller. An operation
//! without a row fails, and so does a row without an operation.

use quicksync_server::{Caller, Proof, Ticket, TicketKey, secret_hash};
use quicksync_store::{AccountStore, CredentialKind, Declaration, NetworkStore, Store, UserRow};
use serde_json::json;
use uuid::Uuid;

use crate::support::{Call, Track, World, put_track};
use Access::{Admin, Media, Owned, Public, User};

/// Who may use an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Public,
    User,
    /// Any user, but only on what is theirs: to others it does not exist.
    Owned,
    Admin,
    Media,
}

#[rustfmt::skip]
const TABLE: &[(&str, Access)] = &[
    ("GET /api/account/export/", User),
    ("DELETE /api/account/data/", User),
    ("GET /api/albums/", User),
    ("GET /api/albums/{id}/", User),
    ("GET /api/albums/{id}/dash/manifest.mpd", Media),
    ("GET /api/albums/{id}/hls/master.m3u8", Media),
    ("GET /api/albums/{id}/hls/{playlist}", Media),
    ("GET /api/albums/{id}/manifest/", User),
    ("GET /api/albums/{id}/segments/{version}/init.mp4", Media),
    ("GET /api/albums/{id}/segments/{version}/{quality}/{segment}", Media),
    ("GET /api/albums/{id}/stream/{file}", Media),
    ("GET /api/artists/", User),
    ("GET /api/artists/{id}/", User),
    ("GET /api/audio/quick-sync/budget/", User),
    ("POST /api/audio/quick-sync/cmcd/", User),
    ("GET /api/audio/quick-sync/forecast/", User),
    ("GET /api/audio/quick-sync/rules/", User),
    ("PATCH /api/audio/quick-sync/rules/", User),
    ("GET /api/audio/quick-sync/analytics/export/", User),
    ("GET /api/audio/quick-sync/analytics/series/", User),
    ("GET /api/audio/quick-sync/analytics/summary/", User),
    ("GET /api/audio/quick-sync/sessions/", User),
    ("POST /api/audio/quick-sync/sessions/", User),
    ("GET /api/audio/quick-sync/sessions/{id}/", Owned),
    ("POST /api/audio/quick-sync/sessions/{id}/events/", Owned),
    ("DELETE /api/audio/quick-sync/devices/{id}/", Owned),
    ("GET /api/audio/quick-sync/devices/{id}/", Owned),
    ("PATCH /api/audio/quick-sync/devices/{id}/", Owned),
    ("GET /api/audio/quick-sync/devices/", User),
    ("DELETE /api/audio/quick-sync/history/", User),
    ("GET /api/audio/quick-sync/history/", User),
    ("GET /api/audio/quick-sync/preferences/", User),
    ("PATCH /api/audio/quick-sync/preferences/", User),
    ("POST /api/audio/quick-sync/preferences/", User),
    ("GET /api/audio/quick-sync/presets/", User),
    ("GET /api/audio/quick-sync/probe/", User),
    ("POST /api/audio/quick-sync/samples/", User),
    ("GET /api/audio/quick-sync/status/", User),
    ("POST /api/audio/quick-sync/test/", User),
    ("POST /api/auth/login/", Public),
    ("POST /api/auth/logout/", User),
    ("GET /api/auth/me/", User),
    ("POST /api/auth/password/", User),
    ("GET /api/auth/sessions/", User),
    ("DELETE /api/auth/sessions/{id}/", Owned),
    ("POST /api/auth/setup/", Public),
    ("GET /api/auth/tokens/", User),
    ("POST /api/auth/tokens/", User),
    ("DELETE /api/auth/tokens/{id}/", Owned),
    ("GET /api/covers/{id}", User),
    ("GET /api/library/problems/", Admin),
    ("POST /api/library/rescan/", Admin),
    ("GET /api/library/status/", User),
    ("GET /api/openapi.json", User),
    ("GET /api/search/", User),
    ("GET /api/tracks/", User),
    ("GET /api/tracks/{id}/", User),
    ("GET /api/tracks/{id}/dash/lossless.mpd", Media),
    ("GET /api/tracks/{id}/dash/manifest.mpd", Media),
    ("GET /api/tracks/{id}/download", Media),
    ("GET /api/tracks/{id}/hls/master.m3u8", Media),
    ("GET /api/tracks/{id}/hls/{playlist}", Media),
    ("GET /api/tracks/{id}/manifest/", User),
    ("GET /api/tracks/{id}/original", Media),
    ("GET /api/tracks/{id}/segments/{version}/init.mp4", Media),
    ("GET /api/tracks/{id}/segments/{version}/{quality}/{segment}", Media),
    ("GET /api/tracks/{id}/stream/{file}", Media),
    ("GET /api/users/", Admin),
    ("POST /api/users/", Admin),
    ("DELETE /api/users/{id}/", Admin),
    ("GET /healthz", Public),
    ("GET /metrics", Admin),
    ("GET /readyz", Public),
];

/// Each way to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Anonymous,
    Nonsense,
    ExpiredToken,
    ExpiredCookie,
    RevokedToken,
    /// A login secret sent as a token: a credential counts only as what it is.
    CookieAsToken,
    /// A good cookie in a request that a page of another site caused.
    ForeignCookie,
    Other,
    Admin,
    Ticket,
    TicketOfOtherTrack,
    TicketExpired,
    TicketOfRevoked,
    TicketForged,
    User,
}

const KINDS: [Kind; 15] = [
    Kind::Anonymous,
    Kind::Nonsense,
    Kind::ExpiredToken,
    Kind::ExpiredCookie,
    Kind::RevokedToken,
    Kind::CookieAsToken,
    Kind::ForeignCookie,
    Kind::Other,
    Kind::Admin,
    Kind::Ticket,
    Kind::TicketOfOtherTrack,
    Kind::TicketExpired,
    Kind::TicketOfRevoked,
    Kind::TicketForged,
    Kind::User,
];

/// What the gate must answer; `None`: it lets pass.
fn refusal(access: Access, kind: Kind) -> Option<u16> {
    match (access, kind) {
        (Public, _) | (Media, Kind::Ticket) => None,
        (_, Kind::ForeignCookie) => Some(403),
        (Admin, Kind::User | Kind::Other) => Some(403),
        (Owned, Kind::Other | Kind::Admin) => Some(404),
        (_, Kind::User | Kind::Other | Kind::Admin) => None,
        _ => Some(401),
    }
}

#[test]
fn every_operation_has_a_row_and_says_who_may_use_it() {
    let document = serde_json::to_value(quicksync_server::openapi()).unwrap();
    let mut rows: Vec<_> = TABLE.iter().map(|(row, _)| (*row).to_owned()).collect();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{} {path}", method.to_uppercase());
            let row = TABLE.iter().find(|(row, _)| *row == name);
            let (_, access) = row.unwrap_or_else(|| panic!("{name} has no row in the matrix"));
            let word = match access {
                Public => "public",
                User | Owned => "user",
                Admin => "admin",
                Media => "media",
            };
            assert_eq!(operation["x-access"], word, "{name}");
            let is_open = operation["security"].as_array().unwrap().is_empty();
            assert_eq!(is_open, *access == Public, "{name}");
            assert!(operation["operationId"].is_string(), "{name}");
            operations.push(name);
        }
    }
    operations.sort();
    rows.sort();
    assert_eq!(rows, operations);
}

#[tokio::test]
async fn every_operation_against_every_caller() {
    for (row, access) in TABLE {
        let scene = Scene::new().await;
        for kind in KINDS {
            let answer = scene.ask(row, kind).await.send().await;
            let status = answer.status.as_u16();
            match refusal(*access, kind) {
                Some(expected) => assert_eq!(status, expected, "{row} by {kind:?}"),
                None => {
                    // A wrong password in a login is 401 too, and is no refusal of the gate's.
                    let code =
                        if status == 401 || status == 403 { answer.code() } else { String::new() };
                    let is_gate = matches!(code.as_str(), "unauthenticated" | "forbidden");
                    assert!(!is_gate, "{row} by {kind:?}: {status} {code}");
                    // The original's file does not exist in these tests.
                    assert!(
                        status < 500 || row.ends_with("/original"),
                        "{row} by {kind:?}: {status}"
                    );
                }
            }
        }
    }
}

/// Three users, and one thing of each kind that the first of them owns.
struct Scene {
    world: World,
    user: UserRow,
    other: UserRow,
    admin: UserRow,
    track: Uuid,
    other_track: Uuid,
    device: Uuid,
    key: TicketKey,
}

impl Scene {
    async fn new() -> Self {
        let world = World::empty().await;
        let track = put_track(&world, &Track::default()).await;
        let other = Track { path: "/music/b.flac".into(), ..Track::default() };
        let other_track = put_track(&world, &other).await;
        let device = Uuid::from_u128(77);
        let user = world.user_without_password("user", false).await;
        world.store.see_device(user.id, device, "radio", Declaration::default(), 1).await.unwrap();
        let secret = world.store.secret("media_ticket", &|| [0; 32]).await.unwrap();
        Self {
            other: world.user_without_password("other", false).await,
            admin: world.user_without_password("admin", true).await,
            user,
            track,
            other_track,
            device,
            key: TicketKey::new(&secret),
            world,
        }
    }

    /// The request of a row, as that kind of caller sends it.
    async fn ask(&self, row: &str, kind: Kind) -> Call {
        let (method, path) = row.split_once(' ').unwrap();
        let path = self.fill(path).await;
        let path = match self.ticket(kind).await {
            Some(ticket) => format!("{path}?ticket={ticket}"),
            None => path,
        };
        let is_report = path.contains("/events/");
        let body = if is_report { json!({"events": []}) } else { json!({"name": "radio"}) };
        let call = self.world.call(method, &path).json(body);
        self.sign(call, kind).await
    }

    /// A playback session of the first user, made through their own token.
    async fn playback_session(&self) -> Uuid {
        let id = Uuid::from_u128(78);
        let token = self.world.token(&self.user).await;
        let call = self.world.post("/api/audio/quick-sync/sessions/").token(&token);
        call.json(json!({"id": id, "player": "radio"})).expect(201).await;
        id
    }

    /// The path with ids of what belongs to the first user.
    async fn fill(&self, path: &str) -> String {
        let id = if path.contains("/devices/") {
            self.device
        } else if path.contains("/tokens/") {
            self.credential(CredentialKind::Token).await
        } else if path.contains("/quick-sync/sessions/") {
            self.playback_session().await
        } else if path.contains("/sessions/") {
            self.credential(CredentialKind::Login).await
        } else if path.contains("/tracks/") || path.starts_with("/api/albums/{id}/") {
            // A ticket opens what has its id; there is no album of that id, which is not the gate's.
            self.track
        } else {
            Uuid::from_u128(404)
        };
        let path = path.replace("{id}", &id.to_string()).replace("{playlist}", "low.m3u8");
        let path = path.replace("{version}", "v").replace("{quality}", "low");
        path.replace("{segment}", "0.m4s").replace("{file}", "track.opus")
    }

    async fn credential(&self, kind: CredentialKind) -> Uuid {
        let secret = self.world.credential(&self.user, kind, None).await;
        self.id_of(kind, &secret).await
    }

    async fn id_of(&self, kind: CredentialKind, secret: &str) -> Uuid {
        let found = self.world.store.credential_by_hash(kind, &secret_hash(secret)).await;
        found.unwrap().unwrap().0.id
    }

    async fn sign(&self, call: Call, kind: Kind) -> Call {
        let (world, user) = (&self.world, &self.user);
        let past = Some(world.clock.now_us() - 1);
        match kind {
            Kind::Nonsense => call.token("nonsense"),
            Kind::ExpiredToken => {
                call.token(&world.credential(user, CredentialKind::Token, past).await)
            }
            Kind::ExpiredCookie => {
                call.cookie(&world.credential(user, CredentialKind::Login, past).await)
            }
            Kind::RevokedToken => {
                let token = world.token(user).await;
                let id = self.id_of(CredentialKind::Token, &token).await;
                assert!(world.store.delete_credential(user.id, id).await.unwrap());
                call.token(&token)
            }
            Kind::CookieAsToken => {
                call.token(&world.credential(user, CredentialKind::Login, None).await)
            }
            Kind::ForeignCookie => call
                .bare_cookie(&world.credential(user, CredentialKind::Login, None).await)
                .header("sec-fetch-site", "cross-site"),
            Kind::Other => call.token(&world.token(&self.other).await),
            Kind::Admin => call.token(&world.token(&self.admin).await),
            Kind::User => call.token(&world.token(user).await),
            _ => call,
        }
    }

    async fn ticket(&self, kind: Kind) -> Option<String> {
        let track = match kind {
            Kind::Ticket | Kind::TicketExpired | Kind::TicketOfRevoked | Kind::TicketForged => {
                self.track
            }
            Kind::TicketOfOtherTrack => self.other_track,
            _ => return None,
        };
        let credential_id = self.credential(CredentialKind::Token).await;
        let caller = Caller {
            user_id: self.user.id,
            user_name: self.user.name.clone(),
            is_admin: false,
            credential_id,
            proof: Proof::Token,
            device_id: self.device,
        };
        let mut ticket = Ticket::new(&caller, track, 10_000_000, self.world.state.now());
        if kind == Kind::TicketExpired {
            ticket.expires_h -= 7;
        }
        if kind == Kind::TicketOfRevoked {
            self.world.store.delete_credential(self.user.id, credential_id).await.unwrap();
        }
        if kind == Kind::TicketForged {
            return Some(TicketKey::new(&[9; 32]).seal(&ticket));
        }
        Some(self.key.seal(&ticket))
    }
}
