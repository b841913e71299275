//! Guessing is slow, for the account and the address that guess, and for nobody else.

use serde_json::json;

use crate::support::{Call, PASSWORD, World};

fn log_in(world: &World, name: &str, password: &str, from: &str) -> Call {
    let body = json!({"name": name, "password": password});
    world.post("/api/auth/login/").json(body).from(from)
}

#[tokio::test]
async fn five_wrong_passwords_a_minute() {
    let world = World::empty().await;
    world.user("ann", false).await;
    world.user("bob", false).await;
    let (here, elsewhere) = ("192.0.2.1", "192.0.2.2");
    for _ in 0..5 {
        log_in(&world, "ann", "wrong", here).expect(401).await;
    }
    let refused = log_in(&world, "ANN", PASSWORD, here).expect(429).await;
    assert_eq!(refused.text("retry-after"), "13");
    log_in(&world, "ann", PASSWORD, elsewhere).expect(200).await;
    log_in(&world, "bob", PASSWORD, here).expect(200).await;
    world.clock.advance_s(13);
    log_in(&world, "ann", PASSWORD, here).expect(200).await;
}

#[tokio::test]
async fn right_passwords_are_not_counted() {
    let world = World::empty().await;
    world.user("ann", false).await;
    for _ in 0..8 {
        log_in(&world, "ann", PASSWORD, "192.0.2.1").expect(200).await;
    }
}

#[tokio::test]
async fn one_home_is_one_guesser() {
    let world = World::empty().await;
    for n in 0..5 {
        log_in(&world, "ann", "wrong", &format!("2001:db8:0:1::{n}")).expect(401).await;
    }
    log_in(&world, "ann", "wrong", "2001:db8:0:1:ffff::1").expect(429).await;
    log_in(&world, "ann", "wrong", "2001:db8:0:2::1").expect(401).await;
}

#[tokio::test]
async fn many_names_from_one_address_are_one_guesser() {
    let world = World::empty().await;
    for n in 0..30 {
        log_in(&world, &format!("user{n}"), "wrong", "192.0.2.1").expect(401).await;
    }
    log_in(&world, "another", "wrong", "192.0.2.1").expect(429).await;
}

#[tokio::test]
async fn a_trusted_proxy_names_the_guesser_and_nobody_else_does() {
    let world = World::empty().await;
    let via = |proxy: &str, client: &str| {
        log_in(&world, "ann", "wrong", proxy).header("x-forwarded-for", client)
    };
    for _ in 0..5 {
        via("10.0.0.1", "203.0.113.5").expect(401).await;
    }
    via("10.0.0.2", "203.0.113.5").expect(429).await;
    via("10.0.0.1", "203.0.113.6").expect(401).await;
    for n in 0..5 {
        via("192.0.2.9", &format!("203.0.113.{n}")).expect(401).await;
    }
    via("192.0.2.9", "203.0.113.77").expect(429).await;
}

#[tokio::test]
async fn guesses_at_once_do_not_slip_in_together() {
    let world = World::empty().await;
    world.user("ann", false).await;
    let guesses = (0..12).map(|_| log_in(&world, "ann", "wrong", "192.0.2.1").send());
    let answers = futures_util::future::join_all(guesses).await;
    let tried = answers.iter().filter(|answer| answer.status == 401).count();
    assert!(tried <= 5, "{tried} guesses were tried");
    assert_eq!(answers.iter().filter(|answer| answer.status == 429).count(), 12 - tried);
}

#[tokio::test]
async fn the_password_of_a_stolen_session_cannot_be_guessed() {
    let world = World::empty().await;
    let token = world.token(&world.user("ann", false).await).await;
    let guess = || {
        let body = json!({"current_password": "wrong", "new_password": "new password"});
        world.post("/api/auth/password/").token(&token).json(body)
    };
    for _ in 0..5 {
        guess().expect(403).await;
    }
    guess().expect(429).await;
}
