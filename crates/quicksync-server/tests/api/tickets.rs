//! What a media ticket opens, for how long, and what ends it.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{ORIGIN, PASSWORD, Track, World, put_track};

async fn manifest(world: &World, track: Uuid, token: &str) -> Value {
    let path = format!("/api/tracks/{track}/manifest/");
    world.get(&path).token(token).expect(200).await.json()
}

fn hls(manifest: &Value) -> String {
    manifest["hls_url"].as_str().unwrap().strip_prefix(ORIGIN).unwrap().to_owned()
}

#[tokio::test]
async fn a_ticket_ends_with_the_credential_behind_it_at_once() {
    let world = World::empty().await;
    world.user("ann", false).await;
    let track = put_track(&world, &Track::default()).await;
    let body = json!({"name": "ann", "password": PASSWORD});
    let login = world.post("/api/auth/login/").json(body).expect(200).await.login();
    let path = format!("/api/tracks/{track}/manifest/");
    let url = hls(&world.get(&path).cookie(&login).expect(200).await.json());
    world.get(&url).expect(200).await;
    world.post("/api/auth/logout/").cookie(&login).expect(204).await;
    assert_eq!(world.get(&url).expect(401).await.field(), "ticket");
}

#[tokio::test]
async fn a_ticket_ends_with_its_user_and_with_a_new_password() {
    let world = World::empty().await;
    let (_, admin) = world.user_with_token("root", true).await;
    let user = world.user("ann", false).await;
    let track = put_track(&world, &Track::default()).await;
    let body = json!({"name": "ann", "password": PASSWORD});
    let log_in = || world.post("/api/auth/login/").json(body.clone()).expect(200);
    let (here, there) = (log_in().await.login(), log_in().await.login());
    let path = format!("/api/tracks/{track}/manifest/");
    let mut urls = Vec::new();
    for login in [&here, &there] {
        let url = hls(&world.get(&path).cookie(login).expect(200).await.json());
        world.get(&url).expect(200).await;
        urls.push(url);
    }
    let change = json!({"current_password": PASSWORD, "new_password": "another one"});
    world.post("/api/auth/password/").cookie(&here).json(change).expect(204).await;
    world.get(&urls[0]).expect(200).await;
    world.get(&urls[1]).expect(401).await;
    let delete = format!("/api/users/{}/", user.id);
    world.call("DELETE", &delete).token(&admin).expect(204).await;
    world.get(&urls[0]).expect(401).await;
}

#[tokio::test]
async fn a_ticket_lasts_six_hours_or_twice_the_track() {
    for (hours, lasts_h) in [(0, 7), (2, 7), (5, 11)] {
        let world = World::empty().await;
        let (_, token) = world.user_with_token("ann", false).await;
        let samples = 48_000 * 3600 * hours + 1;
        let track = put_track(&world, &Track { samples, ..Track::default() }).await;
        let manifest = manifest(&world, track, &token).await;
        let now_s = world.clock.now_us() / 1_000_000;
        let expires_s = (now_s / 3600 + lasts_h) * 3600;
        let expires_at =
            std::time::Duration::from_secs_f64(manifest["expires_at"].as_f64().unwrap());
        assert_eq!(i64::try_from(expires_at.as_secs()).unwrap(), expires_s, "{hours} h");
        let url = hls(&manifest);
        world.clock.advance_s(expires_s - now_s - 1);
        world.get(&url).expect(200).await;
        world.clock.advance_s(1);
        world.get(&url).expect(401).await;
    }
}

#[tokio::test]
async fn urls_stay_the_same_for_the_rest_of_the_hour() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let track = put_track(&world, &Track::default()).await;
    let first = manifest(&world, track, &token).await;
    // 22:13:20 it is; the hour ends in 46 min 40 s.
    world.clock.advance_s(46 * 60 + 39);
    assert_eq!(manifest(&world, track, &token).await, first);
    world.clock.advance_s(1);
    assert_ne!(hls(&manifest(&world, track, &token).await), hls(&first));
}

#[tokio::test]
async fn a_ticket_is_for_media_only_and_begets_no_other() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let track = put_track(&world, &Track::default()).await;
    let url = hls(&manifest(&world, track, &token).await);
    let ticket = url.split("ticket=").nth(1).unwrap();
    for path in ["/api/auth/me/", "/api/tracks/", "/api/auth/tokens/"] {
        world.get(&format!("{path}?ticket={ticket}")).expect(401).await;
    }
    let path = format!("/api/tracks/{track}/manifest/?ticket={ticket}");
    world.get(&path).expect(401).await;
    // A later playlist holds the ticket it was asked with, not a fresher one.
    world.clock.advance_s(3 * 3600);
    let playlist = world.get(&url).expect(200).await;
    assert!(String::from_utf8_lossy(&playlist.body).contains(ticket));
}

#[tokio::test]
async fn a_bad_ticket_is_not_saved_by_a_good_token() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let track = put_track(&world, &Track::default()).await;
    let path = format!("/api/tracks/{track}/hls/master.m3u8");
    world.get(&path).token(&token).expect(200).await;
    world.get(&format!("{path}?ticket=x")).token(&token).expect(401).await;
    world.get(&format!("{path}?ticket=")).expect(401).await;
}

#[tokio::test]
async fn a_ticket_names_the_device_that_asked() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let track = put_track(&world, &Track::default()).await;
    let path = format!("/api/tracks/{track}/manifest/");
    let device = Uuid::from_u128(5).to_string();
    let named = world.get(&path).token(&token).header("x-quick-sync-device", &device);
    let named = hls(&named.expect(200).await.json());
    assert_ne!(named, hls(&manifest(&world, track, &token).await));
    world.get(&named).expect(200).await;
}
