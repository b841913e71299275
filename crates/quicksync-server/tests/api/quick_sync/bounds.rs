//! Whatever bounds quality bounds what every kind of player is told of.

use quicksync_sense::HostReading;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{DEVICES, PREFERENCES, SAMPLES, STATUS, assert_holds, sample};
use crate::support::{Call, ORIGIN, Track, World, put_track};

const RULES: &str = "/api/audio/quick-sync/rules/";
const PHONE: Uuid = Uuid::from_u128(0xf0);
const ALL: &[&str] = &["low", "medium", "high", "ultra"];

fn on(call: Call, token: &str) -> Call {
    call.token(token).header("x-quick-sync-device", &PHONE.to_string())
}

/// A listener with a phone, at 9 Mbps, and a track and its album to play.
struct Stage {
    world: World,
    token: String,
    paths: [String; 2],
}

/// What players are told.
#[derive(Debug)]
struct Told {
    /// Of the JSON manifest's ladder.
    ladder: Vec<String>,
    start: String,
    /// Of the HLS playlists, the MPD and those of the album: all alike.
    variants: Vec<String>,
    /// Where `quality=auto` leads.
    progressive: String,
    /// Of CMSD.
    mb: Option<u32>,
    bounds: Value,
}

impl Stage {
    async fn new() -> Self {
        let world = World::empty().await;
        let (_, token) = world.user_with_token("ann", false).await;
        on(world.post(SAMPLES), &token).json(sample(9.0)).expect(200).await;
        let track = put_track(&world, &Track::default()).await;
        let row =
            world.get(&format!("/api/tracks/{track}/")).token(&token).expect(200).await.json();
        let album = row["album_id"].as_str().unwrap();
        let paths = [format!("/api/tracks/{track}"), format!("/api/albums/{album}")];
        Self { world, token, paths }
    }

    async fn status(&self, query: &str) -> Value {
        on(self.world.get(&format!("{STATUS}?{query}")), &self.token).expect(200).await.json()
    }

    async fn patch(&self, path: &str, body: Value) {
        self.world.call("PATCH", path).token(&self.token).json(body).expect(200).await;
    }

    async fn manifest(&self, path: &str, query: &str) -> Value {
        let path = format!("{path}/manifest/{query}");
        on(self.world.get(&path), &self.token).expect(200).await.json()
    }

    async fn text(&self, url: &Value) -> String {
        let path = url.as_str().unwrap().strip_prefix(ORIGIN).unwrap();
        String::from_utf8(self.world.get(path).expect(200).await.body.to_vec()).unwrap()
    }

    async fn told(&self) -> Told {
        let track = self.manifest(&self.paths[0], "").await;
        let album = self.manifest(&self.paths[1], "").await;
        let mp3 = track["hls_url"].as_str().unwrap().replace("master.m3u8", "mp3.m3u8");
        let mut kinds = Vec::new();
        for url in [&track["hls_url"], &json!(mp3), &album["hls_url"]] {
            let text = self.text(url).await;
            kinds.push(named(|quality| text.contains(&format!("{quality}.m3u8"))));
        }
        for url in [&track["dash_url"], &album["dash_url"]] {
            let text = self.text(url).await;
            kinds.push(named(|quality| text.contains(&format!("/{quality}/"))));
        }
        for kind in &kinds {
            assert_eq!(*kind, kinds[0], "every kind of playlist lists the same");
        }
        let ladder = qualities(&track);
        assert_eq!(qualities(&album), ladder);
        assert_eq!(album["bounds"], track["bounds"]);
        let segment = track["ladder"][0]["segment_url"].as_str().unwrap().replace("{n}", "0");
        let segment = self.world.get(segment.strip_prefix(ORIGIN).unwrap()).expect(200).await;
        let dynamic = segment.text("cmsd-dynamic").to_owned();
        let mb = dynamic.split(';').find_map(|item| item.strip_prefix("mb="));
        Told {
            ladder,
            start: track["start_quality"].as_str().unwrap().to_owned(),
            variants: kinds.swap_remove(0),
            progressive: self.progressive(&track["stream_urls"]["opus"]).await,
            mb: mb.map(|kbps| kbps.parse().unwrap()),
            bounds: track["bounds"].clone(),
        }
    }

    async fn progressive(&self, url: &Value) -> String {
        let url = format!("{}&quality=auto", url.as_str().unwrap());
        let answer = self.world.get(url.strip_prefix(ORIGIN).unwrap()).expect(307).await;
        answer.text("location").rsplit("quality=").next().unwrap().to_owned()
    }
}

fn named(is_there: impl Fn(&str) -> bool) -> Vec<String> {
    ALL.iter().filter(|quality| is_there(quality)).map(|quality| (*quality).to_owned()).collect()
}

fn qualities(manifest: &Value) -> Vec<String> {
    let ladder = manifest["ladder"].as_array().unwrap().iter();
    ladder.map(|rung| rung["quality"].as_str().unwrap().to_owned()).collect()
}

/// What is expected: the ladder's and the playlists' top, where playback starts, and why.
async fn expect(stage: &Stage, top: &str, variants: &[&str], start: &str, reason: Option<&str>) {
    let told = stage.told().await;
    let up_to = ALL.iter().position(|quality| *quality == top).unwrap();
    assert_eq!(told.ladder, ALL[..=up_to], "{told:?}");
    assert_eq!(told.variants, variants, "{told:?}");
    assert_eq!((told.start.as_str(), told.progressive.as_str()), (start, start), "{told:?}");
    let rules = told.bounds["rules"].as_array().unwrap();
    let host = told.bounds["host"].as_object();
    let tightest = host.map(|host| &host["reason"]).or_else(|| Some(&rules.first()?["reason"]));
    assert_eq!(tightest.and_then(Value::as_str), reason, "{told:?}");
    let bitrate =
        |quality: &str| [64, 128, 256, 320][ALL.iter().position(|q| *q == quality).unwrap()];
    let most = if host.is_some() { start } else { top };
    assert_eq!(told.mb, reason.map(|_| bitrate(most)), "{told:?}");
    let status = stage.status("").await;
    // Of a budget a little was used in between.
    for part in ["max_quality", "rules", "host"] {
        assert_eq!(status["bounds"][part], told.bounds[part]);
    }
    assert_holds(&status["status"]["quality"], &json!({"level": start}));
}

#[tokio::test]
async fn caps_by_network_bound_every_kind_of_player() {
    let stage = Stage::new().await;
    expect(&stage, "ultra", ALL, "ultra", None).await;
    stage.patch(RULES, json!({"caps": {"cellular": "medium", "metered": "high"}})).await;
    for (query, top, reason) in [
        ("network_kind=wifi", "ultra", None),
        ("network_kind=wifi&metered=true", "high", Some("metered")),
        ("network_kind=cellular", "medium", Some("network")),
        ("network_kind=wifi&metered=false&save_data=true", "high", Some("saves_data")),
        ("save_data=false", "ultra", None),
    ] {
        stage.status(query).await;
        let up_to = ALL.iter().position(|quality| *quality == top).unwrap();
        expect(&stage, top, &ALL[..=up_to], top, reason).await;
    }
    // The device's rule stands over the user's.
    stage.status("network_kind=cellular").await;
    let device = format!("{DEVICES}{PHONE}/");
    stage.patch(&device, json!({"caps": {"cellular": "low"}})).await;
    expect(&stage, "low", &ALL[..1], "low", Some("network")).await;
}

#[tokio::test]
async fn a_mode_leaves_players_without_preferences_one_quality() {
    let stage = Stage::new().await;
    stage
        .world
        .post(PREFERENCES)
        .token(&stage.token)
        .json(json!({"mode": "high"}))
        .expect(200)
        .await;
    expect(&stage, "ultra", &["high"], "high", None).await;
    let device = format!("{DEVICES}{PHONE}/");
    stage.patch(&device, json!({"overrides": {"mode": "low"}})).await;
    expect(&stage, "ultra", &["low"], "low", None).await;
    stage
        .patch(&device, json!({"overrides": {"mode": "ultra"}, "caps": {"unknown": "medium"}}))
        .await;
    expect(&stage, "medium", &["medium"], "medium", Some("network")).await;
}

#[tokio::test]
async fn a_months_data_bounds_every_kind_of_player_where_it_counts() {
    let stage = Stage::new().await;
    let device = format!("{DEVICES}{PHONE}/");
    let budget = json!({"budget": {"monthly_bytes": 90_000_000, "starts_on_day": 14}});
    stage.patch(&device, budget).await;
    stage.status("network_kind=wifi").await;
    expect(&stage, "ultra", ALL, "ultra", None).await;
    assert_eq!(stage.told().await.bounds["budget"], Value::Null);
    stage.status("network_kind=cellular").await;
    expect(&stage, "low", &ALL[..1], "low", Some("budget")).await;
    let left = stage.told().await.bounds["budget"]["left_bytes"].as_u64().unwrap();
    assert!((1..=90_000_000).contains(&left), "{left}");
}

#[tokio::test]
async fn a_busy_host_bounds_players_that_do_not_weigh_it_themselves() {
    let stage = Stage::new().await;
    let busy = |cpu_percent, memory_percent| HostReading {
        load: quicksync_abr::HostLoad { cpu_percent, memory_percent },
        ..HostReading::default()
    };
    for (reading, cause) in [(busy(90.0, 20.0), "cpu"), (busy(10.0, 95.0), "memory")] {
        stage.world.host.send(reading).unwrap();
        expect(&stage, "ultra", &ALL[..3], "high", Some("host_load")).await;
        let status = stage.status("").await;
        assert_eq!(status["status"]["system"]["load_cause"], cause);
    }
    // Calm again, but not for long enough yet.
    stage.world.host.send(busy(10.0, 20.0)).unwrap();
    expect(&stage, "ultra", &ALL[..3], "high", Some("host_load")).await;
    stage.world.clock.advance_s(15);
    expect(&stage, "ultra", ALL, "ultra", None).await;
    stage.world.segments.queue(50);
    expect(&stage, "ultra", &ALL[..3], "high", Some("host_load")).await;
    let status = stage.status("").await;
    assert_eq!(status["status"]["system"]["load_cause"], "encode_queue");
    // Who wants no adaptation to the host has none.
    let device = format!("{DEVICES}{PHONE}/");
    stage.patch(&device, json!({"overrides": {"adapt_to_system": false}})).await;
    expect(&stage, "ultra", ALL, "ultra", None).await;
}

#[tokio::test]
async fn a_player_that_keeps_to_bounds_itself_may_have_the_whole_ladder() {
    let stage = Stage::new().await;
    stage.patch(RULES, json!({"caps": {"unknown": "medium"}})).await;
    let bounded = stage.manifest(&stage.paths[0], "").await;
    let held_back = json!([
        {"quality": "high", "reason": "your limit for unknown networks"},
        {"quality": "ultra", "reason": "your limit for unknown networks"}
    ]);
    assert_eq!(bounded["missing"], held_back);
    let whole = stage.manifest(&stage.paths[0], "?ladder=all").await;
    assert_eq!(qualities(&whole), ALL);
    assert_eq!(whole["missing"], json!([]));
    let expected = json!({"max_quality": "medium", "host": null, "budget": null});
    assert_holds(&whole["bounds"], &expected);
    let path = format!("{}/manifest/?ladder=some", stage.paths[1]);
    let refused = on(stage.world.get(&path), &stage.token).expect(400).await;
    assert_eq!(refused.field(), "ladder");
}

#[tokio::test]
async fn a_cap_reaches_the_lossless_playlists_too() {
    let stage = Stage::new().await;
    let whole = stage.manifest(&stage.paths[0], "").await;
    let urls = [&whole["lossless"]["hls_url"], &whole["lossless"]["dash_url"]];
    let segment = whole["lossless"]["segment_url"].as_str().unwrap().replace("{n}", "0");
    let busy = HostReading {
        load: quicksync_abr::HostLoad { cpu_percent: 95.0, memory_percent: 20.0 },
        ..HostReading::default()
    };
    // Rules, the host, what both are told of, and why the manifest is told of no lossless set.
    let cellular = json!("your limit for cellular");
    for (kind, host, qualities, missing) in [
        ("wifi", HostReading::default(), None, Value::Null),
        ("cellular", HostReading::default(), Some(&ALL[..2]), cellular),
        // Of the two Mbps that are believed without evidence, one quality less than they are good for.
        ("wifi", busy, Some(&ALL[..2]), Value::Null),
    ] {
        stage.patch(RULES, json!({"caps": {"cellular": "medium"}})).await;
        stage.world.host.send(host).unwrap();
        stage.status(&format!("network_kind={kind}")).await;
        let [playlist, mpd] = [stage.text(urls[0]).await, stage.text(urls[1]).await];
        for text in [&playlist, &mpd] {
            assert_eq!(text.contains("fLaC"), qualities.is_none(), "{kind}: {text}");
            assert_eq!(text.to_lowercase().contains("opus"), qualities.is_some(), "{kind}: {text}");
        }
        let listed = named(|quality| playlist.contains(&format!("{quality}.m3u8")));
        assert_eq!(listed, qualities.unwrap_or_default(), "{playlist}");
        let listed = named(|quality| mpd.contains(&format!("/{quality}/")));
        assert_eq!(listed, qualities.unwrap_or_default(), "{mpd}");
        let manifest = stage.manifest(&stage.paths[0], "").await;
        assert_eq!(manifest["lossless_missing"], missing);
        assert_eq!(manifest["lossless"].is_null(), !missing.is_null());
        let manifest = stage.manifest(&stage.paths[0], "?ladder=all").await;
        assert!(manifest["lossless"].is_object(), "a player that keeps to bounds itself");
        // What a URL names is a choice.
        let segment = stage.world.get(segment.strip_prefix(ORIGIN).unwrap()).expect(200).await;
        assert_eq!(segment.text("quick-sync-quality"), "lossless");
    }
}
