//! A thousand devices of ten users: each posts a throughput sample and asks for its status every
//! four seconds. How long they wait, what it costs, and whether the store holds every sample that was
//! acknowledged.
//!
//! Server and load share the machine's processors. The peer is the same load on `healthz`: what
//! connections and HTTP alone cost.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::house::{House, Place, Share};
use super::serve::{count, device_id};
use super::{Beside, Figure, house, music};
use crate::load::{self, Group, Request, Tally};

const USERS: usize = 10;
const DEVICES_OF_USER: usize = 100;
const EVERY: Duration = Duration::from_secs(4);
/// Times each device posts and asks.
const ROUNDS: u32 = 6;
/// 99 of 100 statuses, milliseconds.
const STATUS_MS: f64 = 10.0;

/// What one load came to.
struct Outcome {
    posts: Tally,
    asks: Tally,
    cpu_percent: f64,
    resident_mb: f64,
}

/// Builds the server for release and measures it.
pub(crate) fn measure() -> Result<Vec<Figure>> {
    house::build()?;
    let place = Place::new()?;
    music::write_flac(&place.folder("music")?.join("a.flac"), 1, 10)?;
    let house = House::open(place, Share::default())?;
    let tokens = (0..USERS).map(|n| house.new_user(&format!("user {n}")));
    let tokens = tokens.collect::<Result<Vec<_>>>()?;
    let address = house.address();
    let (posts, asks): (Vec<_>, Vec<_>) = (0..USERS * DEVICES_OF_USER)
        .map(|n| {
            let (token, device) = (&tokens[n / DEVICES_OF_USER], device_id(n));
            (vec![post(address, token, &device)], vec![ask(address, token, &device)])
        })
        .unzip();
    let bare = vec![vec![bare(address)]; USERS * DEVICES_OF_USER];
    let peer = load(&house, bare.clone(), bare)?;
    let ours = load(&house, posts, asks)?;
    let kept = tokens.iter().map(|token| kept(&house, token)).sum::<Result<usize>>()?;
    Ok(figures(&ours, &peer, kept))
}

fn load(house: &House, posts: Vec<Vec<Request>>, asks: Vec<Vec<Request>>) -> Result<Outcome> {
    let groups = [posts, asks].map(|clients| Group { every: Some(EVERY), clients });
    let lasts = EVERY * ROUNDS;
    let before = house.usage()?;
    let mut tallies = load::run(house.address(), &groups, lasts, None)?;
    let after = house.usage()?;
    Ok(Outcome {
        asks: tallies.pop().context("no tally")?,
        posts: tallies.pop().context("no tally")?,
        cpu_percent: (after.cpu_ms - before.cpu_ms) / lasts.as_secs_f64() / 10.0,
        resident_mb: after.resident_mb,
    })
}

/// A device's sample of one segment; the server gives it the time.
fn post(address: SocketAddr, token: &str, device: &str) -> Request {
    let body = r#"{"network_kind": "wifi", "samples": [{"bytes": 61440, "duration_ms": 250.0}]}"#;
    let head = format!(
        "POST /api/audio/quick-sync/samples/ HTTP/1.1\r\nHost: {address}\r\n\
         Authorization: Bearer {token}\r\nX-Quick-Sync-Device: {device}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    head.into_bytes().into()
}

fn ask(address: SocketAddr, token: &str, device: &str) -> Request {
    let head = format!(
        "GET /api/audio/quick-sync/status/ HTTP/1.1\r\nHost: {address}\r\n\
         Authorization: Bearer {token}\r\nX-Quick-Sync-Device: {device}\r\n\r\n"
    );
    head.into_bytes().into()
}

fn bare(address: SocketAddr) -> Request {
    format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes().into()
}

/// Samples that a user can take along.
fn kept(house: &House, token: &str) -> Result<usize> {
    let export = house.json("/api/account/export/", token, None)?;
    Ok(export["samples"].as_array().context("no samples in an export")?.len())
}

fn figures(ours: &Outcome, peer: &Outcome, kept: usize) -> Vec<Figure> {
    let due = count((USERS * DEVICES_OF_USER) as u64) * f64::from(ROUNDS);
    let of = |name, value, unit, beside| Figure { name, value, unit, beside };
    let healthz = |value| Beside::Peer("healthz", value);
    let all = |name, value| Beside::AtLeast(1.0, name, value);
    vec![
        of("samples acknowledged", count(ours.posts.answers), "", all("due", due)),
        of("samples in the store", count(kept as u64), "", {
            all("acknowledged", count(ours.posts.answers))
        }),
        of("statuses answered", count(ours.asks.answers), "", all("due", due)),
        of("status, median", ours.asks.wait_ms(50), "ms", healthz(peer.asks.wait_ms(50))),
        of("status, 99th percentile", ours.asks.wait_ms(99), "ms", Beside::Limit(STATUS_MS)),
        of("status, 99th percentile, beside", ours.asks.wait_ms(99), "ms", {
            healthz(peer.asks.wait_ms(99))
        }),
        of("sample, 99th percentile", ours.posts.wait_ms(99), "ms", {
            healthz(peer.posts.wait_ms(99))
        }),
        of("share of a processor", ours.cpu_percent, "%", healthz(peer.cpu_percent)),
        of("memory", ours.resident_mb, "MB", healthz(peer.resident_mb)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(answers: u64) -> Outcome {
        let tally = Tally { answers, waits_us: vec![2000; 100], ..Tally::default() };
        Outcome { posts: tally.clone(), asks: tally, cpu_percent: 20.0, resident_mb: 50.0 }
    }

    #[test]
    fn a_lost_sample_is_seen() {
        let found = figures(&outcome(6000), &outcome(6000), 6000);
        assert!(found.iter().all(|figure| !figure.is_missed()));
        let found = figures(&outcome(6000), &outcome(6000), 5999);
        let missed: Vec<_> = found.iter().filter(|figure| figure.is_missed()).collect();
        assert_eq!(
            missed.iter().map(|figure| figure.name).collect::<Vec<_>>(),
            ["samples in the store"]
        );
    }

    #[test]
    fn requests_say_how_long_they_are() {
        let request = post(SocketAddr::from(([127, 0, 0, 1], 80)), "token", "device");
        let text = String::from_utf8_lossy(&request);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
        assert!(head.ends_with(&format!("Content-Length: {}", body.len())));
    }
}
