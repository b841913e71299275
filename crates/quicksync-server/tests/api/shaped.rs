//! Real connections over networks shaped to known rates: what the server believes, without a byte of
//! test traffic, is within a tenth of the truth.
//!
//! Needs network namespaces, `ip`, `tc` and `curl`. Where they are missing or not allowed the test
//! says NOT RUN and passes. It runs itself again inside a namespace of its own.

use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use quicksync_server::App;
use quicksync_server::serve::{ServeLimits, serve};
use serde_json::Value;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::support::{Track, World, put_track};

const INSIDE: &str = "QUICKSYNC_TEST_INSIDE_NAMESPACE";
/// Rates in kbps, and the rung that is fetched over each. Of the last two a segment just overflows the
/// link's queue: its tail is lost, and TCP takes half a second to notice.
const RATES: [(u32, usize); 6] = [(200, 0), (500, 1), (1000, 2), (3000, 3), (500, 0), (1000, 1)];
const SEGMENTS: usize = 7;
/// A trace to follow: kbps, a step for every few segments.
const TRACE: [u32; 5] = [400, 1500, 250, 800, 2000];
const PER_STEP: usize = 4;
/// Payload in an Ethernet frame of 1514 bytes, which is what tbf counts.
const PAYLOAD: f64 = 1448.0 / 1514.0;

fn run(program: &str, arguments: &str) -> Option<Output> {
    let output = Command::new(program).args(arguments.split(' ')).output().ok()?;
    output.status.success().then_some(output)
}

#[test]
fn shaped_networks_are_estimated_within_a_tenth() {
    let namespace = || {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--net"]);
        command
    };
    let probe = "ip link set lo up && ip link add qs type veth peer name qt \
        && tc qdisc add dev qs root tbf rate 200kbit burst 3000 latency 400ms && curl --version";
    let tried = namespace().args(["sh", "-c", probe]).output();
    let is_allowed = tried.is_ok_and(|output| output.status.success());
    if !is_allowed {
        eprintln!("NOT RUN: no namespaces, or no ip, tc or curl here");
        return;
    }
    let program = std::env::current_exe().unwrap();
    let arguments = ["--exact", "shaped::inside", "--ignored", "--nocapture"];
    let output = namespace().arg(program).args(arguments).env(INSIDE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    eprintln!("{said}");
    assert!(output.status.success(), "{said}");
}

/// A listener in a network namespace of its own, behind a shaped link.
struct Listener {
    number: usize,
    process: Child,
    device: Uuid,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}

impl Listener {
    fn new(number: usize, kbps: u32) -> Self {
        let process = Command::new("unshare").args(["--net", "sleep", "600"]).spawn().unwrap();
        let (id, ours, theirs) = (process.id(), format!("qs{number}"), format!("qt{number}"));
        let own = std::fs::read_link("/proc/self/ns/net").unwrap();
        while std::fs::read_link(format!("/proc/{id}/ns/net")).is_ok_and(|theirs| theirs == own) {
            std::thread::yield_now();
        }
        let enter = format!("-t {id} -n");
        for (program, arguments) in [
            ("ip", format!("link add {ours} type veth peer name {theirs}")),
            ("ip", format!("link set {theirs} netns {id}")),
            ("ip", format!("addr add 192.168.{number}.1/24 dev {ours}")),
            ("ip", format!("link set {ours} up")),
            ("nsenter", format!("{enter} ip addr add 192.168.{number}.2/24 dev {theirs}")),
            ("nsenter", format!("{enter} ip link set {theirs} up")),
            (
                "tc",
                format!("qdisc add dev {ours} root tbf rate {kbps}kbit burst 3000 latency 400ms"),
            ),
        ] {
            run(program, &arguments).unwrap_or_else(|| panic!("{program} {arguments}"));
        }
        Self { number, process, device: Uuid::from_u128(0x77 + number as u128) }
    }

    fn shape(&self, kbps: u32) {
        let number = self.number;
        let to = format!(
            "qdisc change dev qs{number} root tbf rate {kbps}kbit burst 3000 latency 400ms"
        );
        run("tc", &to).unwrap();
    }

    /// Fetches URLs one after another over one connection.
    async fn fetch(&self, port: u16, paths: &[String]) {
        let (id, number) = (self.process.id().to_string(), self.number);
        let urls = paths.iter().map(|path| format!("http://192.168.{number}.1:{port}{path}"));
        let mut command = tokio::process::Command::new("nsenter");
        command.args(["-t", &id, "-n", "curl", "-sS", "--fail"]).stdout(Stdio::null());
        for url in urls {
            command.args(["-o", "/dev/null", &url]);
        }
        assert!(command.status().await.unwrap().success());
    }
}

struct Stage {
    world: World,
    token: String,
    track: Uuid,
    port: u16,
}

impl Stage {
    async fn new() -> Self {
        let world = World::empty().await;
        world.segments.make_real_sizes();
        let (_, token) = world.user_with_token("ann", false).await;
        let long = Track { samples: 48_000 * 600, ..Track::default() };
        let track = put_track(&world, &long).await;
        let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let app = App::new(&world.state);
        tokio::spawn(serve(listener, app, ServeLimits::default(), std::future::pending()));
        Self { world, token, track, port }
    }

    /// Paths of segments of a rung, with a ticket of the device.
    async fn paths(&self, device: Uuid, rung: usize, count: usize) -> Vec<String> {
        let call = self.world.get(&format!("/api/tracks/{}/manifest/", self.track));
        let call = call.token(&self.token).header("x-quick-sync-device", &device.to_string());
        let manifest = call.expect(200).await.json();
        let template = manifest["ladder"][rung]["segment_url"].as_str().unwrap();
        let template = template.strip_prefix(crate::support::ORIGIN).unwrap();
        (0..count).map(|number| template.replace("{n}", &number.to_string())).collect()
    }

    async fn network(&self, device: Uuid) -> Value {
        let call = self.world.get("/api/audio/quick-sync/status/").token(&self.token);
        let call = call.header("x-quick-sync-device", &device.to_string());
        call.expect(200).await.json()["status"]["network"].clone()
    }

    /// The rates of a device's samples, newest first, kbps.
    async fn samples(&self, device: Uuid) -> Vec<f64> {
        let path = format!("/api/audio/quick-sync/history/?device={device}&limit=500");
        let history = self.world.get(&path).token(&self.token).expect(200).await.json();
        let rows = history["results"].as_array().unwrap().iter();
        rows.map(|row| row["speed_mbps"].as_f64().unwrap() * 1e3).collect()
    }
}

#[test]
#[ignore = "runs inside a namespace, started by the test above"]
fn inside() {
    if std::env::var_os(INSIDE).is_none() {
        return;
    }
    assert!(run("ip", "link set lo up").is_some());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let stage = Arc::new(Stage::new().await);
        let steady = RATES.iter().enumerate().map(|(number, (kbps, rung))| {
            let stage = Arc::clone(&stage);
            tokio::spawn(async move { steady_rate(&stage, number, *kbps, *rung).await })
        });
        let steady: Vec<_> = steady.collect();
        let trace = tokio::spawn({
            let stage = Arc::clone(&stage);
            async move { trace(&stage).await }
        });
        for task in steady.into_iter().chain([trace]) {
            task.await.unwrap();
        }
    });
}

/// Seven segments over one connection, and what is believed then.
#[expect(clippy::print_stderr, reason = "the figures are what this is for")]
async fn steady_rate(stage: &Stage, number: usize, kbps: u32, rung: usize) {
    let listener = Listener::new(number, kbps);
    let paths = stage.paths(listener.device, rung, SEGMENTS).await;
    listener.fetch(stage.port, &paths).await;
    let truth = f64::from(kbps) * PAYLOAD;
    let network = stage.network(listener.device).await;
    let believed = network["speed_mbps"].as_f64().unwrap() * 1e3;
    let samples = stage.samples(listener.device).await;
    eprintln!("{kbps} kbps: goodput {truth:.0}, believed {believed:.0}, samples {samples:.0?}");
    assert_eq!(network["source"], "connection");
    assert!((believed / truth - 1.0).abs() < 0.1, "{kbps} kbps: {believed} instead of {truth}");
}

/// Segments over a link whose rate changes, each compared with the rate that it really met.
#[expect(clippy::print_stderr, reason = "the figures are what this is for")]
async fn trace(stage: &Stage) {
    let listener = Listener::new(9, TRACE[0]);
    let mut errors = Vec::new();
    for (step, kbps) in TRACE.into_iter().enumerate() {
        listener.shape(kbps);
        let paths = stage.paths(listener.device, 1, PER_STEP * TRACE.len()).await;
        for path in &paths[step * PER_STEP..][..PER_STEP] {
            listener.fetch(stage.port, std::slice::from_ref(path)).await;
            let seen = newest(stage, listener.device, errors.len() + 1).await;
            errors.push(seen / (f64::from(kbps) * PAYLOAD) - 1.0);
        }
    }
    let mut sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let median = sizes[sizes.len() / 2];
    eprintln!("trace {TRACE:?} kbps: median error {median:.3}, all {errors:+.2?}");
    assert!(median < 0.1, "{errors:?}");
}

/// The newest sample, once there are `count`: the last of a connection comes with its end.
async fn newest(stage: &Stage, device: Uuid, count: usize) -> f64 {
    let begun = Instant::now();
    loop {
        let samples = stage.samples(device).await;
        if samples.len() >= count {
            return samples[0];
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{count} samples, not {samples:?}");
        tokio::task::yield_now().await;
    }
}
