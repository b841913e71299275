//! What players say (CMCD) drives the view of their own device, and comes back as CMSD.

use serde_json::json;
use uuid::Uuid;

use super::{DEVICES, STATUS, assert_holds, network};
use crate::support::{Call, ORIGIN, Track, World, put_track};

const CMCD: &str = "/api/audio/quick-sync/cmcd/";
const PHONE: Uuid = Uuid::from_u128(0xf0);
const LAPTOP: Uuid = Uuid::from_u128(0xf1);

fn on(call: Call, token: &str, device: Uuid) -> Call {
    call.token(token).header("x-quick-sync-device", &device.to_string())
}

/// Segment URLs whose ticket names the device.
async fn segments(world: &World, token: &str, device: Uuid) -> Vec<String> {
    let id = put_track(world, &Track::default()).await;
    let manifest = world.get(&format!("/api/tracks/{id}/manifest/"));
    let manifest = on(manifest, token, device).expect(200).await.json();
    let template = manifest["ladder"][1]["segment_url"].as_str().unwrap();
    let template = template.strip_prefix(ORIGIN).unwrap();
    (0..3).map(|index| template.replace("{n}", &index.to_string())).collect()
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn an_estimate_counts_from_the_third_media_request_on() {
    for version in [1, 2] {
        let world = World::empty().await;
        let (_, token) = world.user_with_token("ann", false).await;
        let urls = segments(&world, &token, PHONE).await;
        let said = match version {
            1 => "bl=2100,br=128,bs,mtp=700,ot=a,sid=\"s\"",
            _ => "bl=(2100),br=(128),bs,mtp=(700),ot=a,sid=\"s\",v=2",
        };
        for (number, url) in urls.iter().enumerate() {
            let seen = network(on(world.get(STATUS), &token, PHONE)).await;
            assert_holds(&seen, &json!({"source": "fallback"}));
            let url = format!("{url}&CMCD={}", encoded(said));
            let answer = world.get(&url).expect(200).await;
            let told = answer.text("cmsd-dynamic").to_owned();
            // What is said to a device may be half a second old.
            world.clock.advance_s(1);
            // What a player believes before it has measured is no measurement.
            assert_eq!(told.contains("etp=700"), number == 2, "{told:?}");
        }
        let status = on(world.get(STATUS), &token, PHONE).expect(200).await.json();
        let believed = json!({"source": "playback", "speed_mbps": 0.7});
        let playback = json!({
            "session": "s", "level": "medium", "bitrate": 128, "buffer_s": 2.1, "stalls": 3
        });
        assert_holds(&status["status"], &json!({"network": believed, "playback": playback}));
        let seen = network(on(world.get(STATUS), &token, LAPTOP)).await;
        assert_holds(&seen, &json!({"source": "fallback"}));
    }
}

#[tokio::test]
async fn headers_count_as_a_query_does_and_nonsense_never_stops_the_music() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let urls = segments(&world, &token, PHONE).await;
    for url in &urls {
        let call = world.get(url).header("cmcd-request", "mtp=4000,bl=900");
        call.header("cmcd-session", "sid=\"s\"").header("cmcd-object", "ot=a").expect(200).await;
    }
    let seen = network(on(world.get(STATUS), &token, PHONE)).await;
    assert_holds(&seen, &json!({"source": "playback", "speed_mbps": 4.0}));
    let long = format!("cid=\"{}\"", "a".repeat(5000));
    for nonsense in ["mtp=1e99", "mtp=10000000000", "((((", "mtp=-5", "\u{e9}", &long, ""] {
        let url = format!("{}&CMCD={}", urls[0], encoded(nonsense));
        world.get(&url).expect(200).await;
    }
    let seen = network(on(world.get(STATUS), &token, PHONE)).await;
    assert_holds(&seen, &json!({"source": "playback", "speed_mbps": 4.0}));
}

#[tokio::test]
async fn reports_are_taken_in_as_lines_and_as_json() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let now_ms = world.clock.now_us() / 1000;
    let line = |mtp: u32| format!("e=rr,ts={now_ms},sid=\"s\",sta=p,mtp=({mtp}),ot=a,v=2");
    let lines = [line(500), line(500), line(1500)].join("\n");
    let report = on(world.post(CMCD), &token, PHONE).header("content-type", "application/cmcd");
    report.body(lines).expect(204).await;
    let seen = network(on(world.get(STATUS), &token, PHONE)).await;
    assert_holds(&seen, &json!({"source": "playback", "speed_mbps": 1.5}));
    let record = json!({"e": "rr", "ts": now_ms, "sid": "j", "mtp": [3000], "ot": "a", "v": 2});
    let records = json!([record, record, record]);
    on(world.post(CMCD), &token, LAPTOP).json(records).expect(204).await;
    let seen = network(on(world.get(STATUS), &token, LAPTOP)).await;
    assert_holds(&seen, &json!({"source": "playback", "speed_mbps": 3.0}));
}

#[tokio::test]
async fn reports_that_are_late_or_sent_again_leave_what_is_newer() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let now_ms = world.clock.now_us() / 1000;
    let post = async |age_ms: i64, number: u32, said: &str| {
        let said = format!("ts={},sn={number},sid=\"s\",ot=a,v=2,{said}", now_ms - age_ms);
        let call = on(world.post(CMCD), &token, PHONE).header("content-type", "application/cmcd");
        call.body(said).expect(204).await;
    };
    post(60_000, 0, "e=t,sta=p,br=(64),bl=(9000)").await;
    post(10_000, 2, "e=t,sta=r,br=(256),bl=(0),bs").await;
    // The time of the first byte as dash.js 5.2.1 has it: Unix time.
    post(30_000, 3, "e=rr,sta=p,br=(128),bl=(4000),mtp=(900),ttfb=1795979579109").await;
    post(10_000, 2, "e=t,sta=r,br=(256),bl=(0),bs").await;
    post(50_000, 1, "e=t,sta=p,bl=(8000),mtp=(300)").await;
    let status = on(world.get(STATUS), &token, PHONE).expect(200).await.json();
    let playback = json!({"session": "s", "level": "high", "buffer_s": 0.0, "stalls": 1});
    // Each rate is as old as its report.
    let network = json!({"source": "playback", "speed_mbps": 0.6, "age_s": 30.0});
    assert_holds(&status["status"], &json!({"playback": playback, "network": network}));
}

#[tokio::test]
async fn an_absurd_report_is_refused_with_the_key_named_and_changes_nothing() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let now_ms = world.clock.now_us() / 1000;
    let good = format!("ts={now_ms},sid=\"s\",mtp=(900),ot=a,v=2\n").repeat(4);
    let year_ms = 365 * 24 * 3600 * 1000_i64;
    for (bad, field) in [
        ("mtp=(10000000000)".to_owned(), "records[4].mtp"),
        ("mtp=-1".to_owned(), "records[4].mtp"),
        ("mtp=(NaN)".to_owned(), "records[4].mtp"),
        ("bl=\"long\"".to_owned(), "records[4].bl"),
        (format!("ts={}", now_ms - year_ms), "records[4].ts"),
        (format!("ts={}", now_ms + year_ms), "records[4].ts"),
        ("=".to_owned(), "records[4]"),
    ] {
        let call = world.post(CMCD).token(&token).header("content-type", "application/cmcd");
        let refused = call.body(format!("{good}{bad}")).expect(400).await;
        assert_eq!(refused.field(), field, "{bad}");
    }
    let call = |body: Vec<u8>| world.post(CMCD).token(&token).body(body);
    call(vec![b'a'; 1 << 20]).expect(413).await;
    call(vec![0xff; 10]).expect(400).await;
    call(Vec::new()).expect(400).await;
    let seen = network(world.get(STATUS).token(&token)).await;
    assert_holds(&seen, &json!({"source": "fallback"}));
}

#[tokio::test]
async fn a_cap_is_told_to_the_player() {
    let world = World::empty().await;
    let (_, token) = world.user_with_token("ann", false).await;
    let urls = segments(&world, &token, PHONE).await;
    assert_eq!(world.get(&urls[0]).expect(200).await.text("cmsd-dynamic"), "");
    let sparing = world.get(&urls[0]).header("save-data", "on").expect(200).await;
    assert_eq!(sparing.text("cmsd-dynamic"), "\"quicksync\";mb=128");
    let path = format!("{DEVICES}{PHONE}/");
    let caps = json!({"caps": {"metered": "low"}});
    world.call("PATCH", &path).token(&token).json(caps).expect(200).await;
    let capped = world.get(&urls[1]).expect(200).await;
    assert_eq!(capped.text("cmsd-dynamic"), "\"quicksync\";mb=64");
}
