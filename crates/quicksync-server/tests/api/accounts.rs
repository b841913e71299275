//! Set-up, login, tokens, users, and what is kept of them.

use quicksync_server::PublicUrl;
use serde_json::json;

use crate::support::{ORIGIN, PASSWORD, Plan, World};

#[tokio::test]
async fn the_setup_link_makes_the_first_administrator_once() {
    let world = World::empty().await;
    let link = world.state.setup_link().unwrap();
    let secret = link.strip_prefix(&format!("{ORIGIN}/setup#")).unwrap();
    let body = |secret: &str| json!({"secret": secret, "name": "ann", "password": PASSWORD});
    let wrong = world.post("/api/auth/setup/").json(body("wrong")).expect(403).await;
    assert_eq!((wrong.code(), wrong.field()), ("setup_void".into(), "secret".into()));
    world.post("/api/auth/setup/").json(body("")).expect(403).await;
    let weak = json!({"secret": secret, "name": "ann", "password": "short"});
    assert_eq!(world.post("/api/auth/setup/").json(weak).expect(400).await.field(), "password");
    let made = world.post("/api/auth/setup/").json(body(secret)).expect(200).await;
    let me = world.get("/api/auth/me/").cookie(&made.login()).expect(200).await.json();
    assert_eq!((&me["name"], &me["is_admin"]), (&json!("ann"), &json!(true)));
    assert_eq!(world.state.setup_link(), None);
    world.post("/api/auth/setup/").json(body(secret)).expect(403).await;
    assert_eq!(
        world.get("/setup").expect(200).await.text("content-type"),
        "text/html; charset=utf-8"
    );
}

#[tokio::test]
async fn the_setup_link_is_void_once_the_shell_made_a_user() {
    let world = World::empty().await;
    let link = world.state.setup_link().unwrap();
    world.user("ann", true).await;
    let secret = link.rsplit('#').next().unwrap();
    let body = json!({"secret": secret, "name": "eve", "password": PASSWORD});
    world.post("/api/auth/setup/").json(body).expect(409).await;
    assert_eq!(world.state.setup_link(), None);
}

#[tokio::test]
async fn a_login_lasts_until_it_is_ended_or_idle() {
    let world = World::empty().await;
    world.user("Ann", false).await;
    let log_in =
        || world.post("/api/auth/login/").json(json!({"name": "ann", "password": PASSWORD}));
    let answer = log_in().expect(200).await;
    let cookie = answer.text("set-cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/;"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let (first, second) = (answer.login(), log_in().expect(200).await.login());
    world.post("/api/auth/logout/").cookie(&first).expect(204).await;
    world.get("/api/auth/me/").cookie(&first).expect(401).await;
    for _ in 0..3 {
        world.clock.advance_s(29 * 24 * 3600);
        world.get("/api/auth/me/").cookie(&second).expect(200).await;
    }
    world.clock.advance_s(31 * 24 * 3600);
    world.get("/api/auth/me/").cookie(&second).expect(401).await;
}

#[tokio::test]
async fn no_login_outlives_half_a_year() {
    let world = World::empty().await;
    world.user("ann", false).await;
    let body = json!({"name": "ann", "password": PASSWORD});
    let login = world.post("/api/auth/login/").json(body).expect(200).await.login();
    for day in 0..=180 {
        let status = world.get("/api/auth/me/").cookie(&login).send().await.status;
        assert_eq!(status.as_u16(), if day < 180 { 200 } else { 401 }, "day {day}");
        world.clock.advance_s(24 * 3600);
    }
}

#[tokio::test]
async fn wrong_names_and_wrong_passwords_look_alike() {
    let world = World::empty().await;
    world.user("ann", false).await;
    let mut answers = Vec::new();
    for (name, password) in [("ann", "wrong password"), ("nobody", PASSWORD), ("", "")] {
        let body = json!({"name": name, "password": password});
        answers.push(world.post("/api/auth/login/").json(body).expect(401).await.body);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}

#[tokio::test]
async fn a_new_password_ends_every_other_login() {
    let world = World::empty().await;
    let user = world.user("ann", false).await;
    let token = world.token(&user).await;
    let body = |password: &str| json!({"name": "ann", "password": password});
    let here = world.post("/api/auth/login/").json(body(PASSWORD)).expect(200).await.login();
    let there = world.post("/api/auth/login/").json(body(PASSWORD)).expect(200).await.login();
    let change = |current: &str, new: &str| {
        let body = json!({"current_password": current, "new_password": new});
        world.post("/api/auth/password/").cookie(&here).json(body)
    };
    assert_eq!(change("wrong one", "new password").expect(403).await.field(), "current_password");
    assert_eq!(change(PASSWORD, "short").expect(400).await.field(), "new_password");
    change(PASSWORD, "new password").expect(204).await;
    world.get("/api/auth/me/").cookie(&here).expect(200).await;
    world.get("/api/auth/me/").cookie(&there).expect(401).await;
    world.get("/api/auth/me/").token(&token).expect(200).await;
    world.post("/api/auth/login/").json(body(PASSWORD)).expect(401).await;
    world.post("/api/auth/login/").json(body("new password")).expect(200).await;
}

#[tokio::test]
async fn tokens_are_shown_once_and_end_when_they_should() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let make = |body| world.post("/api/auth/tokens/").token(&token).json(body);
    let made = make(json!({"name": "phone", "expires_in_days": 1})).expect(201).await.json();
    let phone = made["token"].as_str().unwrap();
    assert!(phone.starts_with("qst_"));
    world.get("/api/auth/me/").header("authorization", &format!("Token {phone}")).expect(200).await;
    let list = world.get("/api/auth/tokens/").token(&token).expect(200).await;
    assert_eq!(list.json()["count"], 2);
    assert!(!String::from_utf8_lossy(&list.body).contains(phone));
    for (body, field) in [
        (json!({"name": ""}), "name"),
        (json!({"name": "x".repeat(81)}), "name"),
        (json!({"name": "a", "expires_in_days": 0}), "expires_in_days"),
        (json!({"name": "a", "expires_in_days": 9_000_000_000_000_i64}), "expires_in_days"),
        (json!({"name": "a", "expires_in_days": "1"}), "expires_in_days"),
        (json!({"expires_in_days": 1}), "name"),
        (json!({"name": "a", "scope": "all"}), "scope"),
    ] {
        assert_eq!(make(body.clone()).expect(400).await.field(), field, "{body}");
    }
    world.clock.advance_s(24 * 3600);
    world.get("/api/auth/me/").token(phone).expect(401).await;
    let id = made["id"].as_str().unwrap();
    let path = format!("/api/auth/tokens/{id}/");
    world.call("DELETE", &path).token(&token).expect(204).await;
    world.call("DELETE", &path).token(&token).expect(404).await;
}

#[tokio::test]
async fn administrators_manage_users() {
    let world = World::empty().await;
    let (admin, token) = world.user_with_token("root", true).await;
    let make = |body| world.post("/api/users/").token(&token).json(body);
    let made = make(json!({"name": "Bob", "password": PASSWORD})).expect(201).await.json();
    assert_eq!(made["is_admin"], false);
    let taken = make(json!({"name": "bob", "password": PASSWORD})).expect(409).await;
    assert_eq!(taken.field(), "name");
    assert_eq!(make(json!({"name": " x", "password": PASSWORD})).expect(400).await.field(), "name");
    let users = world.get("/api/users/").token(&token).expect(200).await;
    assert_eq!(users.json()["count"], 2);
    assert!(!String::from_utf8_lossy(&users.body).contains("argon2"));
    let path = format!("/api/users/{}/", made["id"].as_str().unwrap());
    world.call("DELETE", &path).token(&token).expect(204).await;
    world.call("DELETE", &path).token(&token).expect(404).await;
    let last = format!("/api/users/{}/", admin.id);
    world.call("DELETE", &last).token(&token).expect(409).await;
}

#[tokio::test]
async fn an_export_holds_everything_but_secrets_and_others() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let (_, other) = world.user_with_token("bob", false).await;
    let device = "6a1f7c1e-58a1-4b43-9d0b-3b6f1a3c0001";
    let touch = world.get("/api/auth/me/").token(&token).header("x-quick-sync-device", device);
    assert_eq!(touch.expect(200).await.json()["device_id"], device);
    world.get("/api/auth/me/").token(&other).expect(200).await;
    let export = world.get("/api/account/export/").token(&token).expect(200).await;
    assert!(export.text("content-disposition").starts_with("attachment"));
    let text = String::from_utf8_lossy(&export.body).into_owned();
    assert!(text.contains(device) && !text.contains("bob"));
    assert!(!text.contains("argon2") && !text.contains(&token));
    assert_eq!(export.json()["user"]["name"], "ann");
    world.call("DELETE", "/api/account/data/").token(&token).expect(204).await;
    let devices = world.get("/api/audio/quick-sync/devices/").token(&token).expect(200).await;
    assert!(!String::from_utf8_lossy(&devices.body).contains(device));
}

#[tokio::test]
async fn plain_http_gets_a_cookie_that_plain_http_sends_back() {
    let mut plan = Plan::default();
    plan.config.public_url = PublicUrl::parse("http://10.0.0.2:4040/music").unwrap();
    let world = World::of(plan).await;
    world.user("ann", false).await;
    let body = json!({"name": "ann", "password": PASSWORD});
    let answer = world.post("/music/api/auth/login/").json(body).expect(200).await;
    let cookie = answer.text("set-cookie");
    assert!(!cookie.contains("Secure") && cookie.contains("Path=/music;"), "{cookie}");
}
