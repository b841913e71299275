//! Set-up, login, tokens, users.

use serde_json::json;

use crate::support::{ORIGIN, PASSWORD, World};

#[tokio::test]
async fn the_setup_link_makes_the_first_administrator_once() {
    let world = World::empty().await;
    let link = world.state.setup_link().unwrap();
    let secret = link.strip_prefix(&format!("{ORIGIN}/setup#")).unwrap();
    let body = |secret: &str| json!({"secret": secret, "name": "ann", "password": PASSWORD});
    let wrong = world.post("/api/auth/setup/").json(body("wrong")).expect(403).await;
    assert_eq!(wrong.field(), "secret");
    let weak = json!({"secret": secret, "name": "ann", "password": "short"});
    assert_eq!(world.post("/api/auth/setup/").json(weak).expect(400).await.field(), "password");
    let made = world.post("/api/auth/setup/").json(body(secret)).expect(200).await;
    let me = world.get("/api/auth/me/").cookie(&made.login()).expect(200).await.json();
    assert_eq!((&me["name"], &me["is_admin"]), (&json!("ann"), &json!(true)));
    assert_eq!(world.state.setup_link(), None);
    world.post("/api/auth/setup/").json(body(secret)).expect(403).await;
}
