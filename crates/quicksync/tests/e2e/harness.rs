//! Starts the binary, talks to it, and makes sure that it is gone afterwards.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::http::{Answer, request};

const BINARY: &str = env!("CARGO_BIN_EXE_quicksync");
/// Longer than anything takes on the slowest machine that still gets there.
const PATIENCE: Duration = Duration::from_secs(120);
const PASSWORD: &str = "correct horse battery";

/// The binary with a clean environment.
pub(crate) fn quicksync() -> Command {
    let mut command = Command::new(BINARY);
    command.env_clear().env("RUST_LOG", "error").stdin(Stdio::null());
    for name in ["PATH", "TMPDIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// Runs a command to its end.
pub(crate) fn output(command: &mut Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments never reads its input.
    let _unread = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Standard output of a command that must succeed.
pub(crate) fn succeed(command: &mut Command, input: &str) -> String {
    let output = output(command, input);
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Makes an administrator and gives a token of theirs.
pub(crate) fn make_user(data: &Path) -> String {
    let add = ["user", "add", "anna", "--admin", "--password-stdin"];
    succeed(quicksync().args(add).arg("--data").arg(data), PASSWORD);
    let token = succeed(quicksync().args(["token", "create", "anna"]).arg("--data").arg(data), "");
    token.lines().last().unwrap().to_owned()
}

/// Asks again and again until there is something.
pub(crate) fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = ask() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A running server, killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    token: String,
}

impl Server {
    /// Serves `music` with its data in `data`, as whoever `token` belongs to.
    pub(crate) fn start(data: &Path, music: &Path, token: &str) -> Self {
        let ready = data.join("ready");
        Self::spawn(Self::command(data, music, &ready), &ready, token)
    }

    /// The command line of a server that says in `ready` when it answers.
    pub(crate) fn command(data: &Path, music: &Path, ready: &Path) -> Command {
        let mut command = quicksync();
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--probe-enabled", "false"])
            .arg("--data")
            .arg(data)
            .arg("--music")
            .arg(music)
            .arg("--ready-file")
            .arg(ready)
            .stdout(Stdio::null());
        command
    }

    /// Starts a command that serves, and waits until it does.
    pub(crate) fn spawn(mut command: Command, ready: &Path, token: &str) -> Self {
        let _absent = fs::remove_file(ready);
        let mut child = command.spawn().unwrap();
        let address = wait_for("the server to listen", || {
            if let Some(status) = child.try_wait().unwrap() {
                panic!("the server ended with {status}");
            }
            fs::read_to_string(ready).ok()
        });
        Self { child, address: address.trim().to_owned(), token: token.to_owned() }
    }

    /// The same server, asked as somebody else.
    pub(crate) fn with_token(mut self, token: &str) -> Self {
        token.clone_into(&mut self.token);
        self
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, and the end of it.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; gives the exit code.
    pub(crate) fn terminate(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(&id).status().unwrap().success());
        wait_for("the server to end", || self.child.try_wait().unwrap()).code()
    }

    pub(crate) fn try_send(&self, method: &str, path: &str, body: &str) -> Option<Answer> {
        let token = format!("Bearer {}", self.token);
        let headers = [("Authorization", token.as_str()), ("Content-Type", "application/json")];
        request(&self.address, method, path, &headers, body).ok()
    }

    pub(crate) fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        self.try_send(method, path, body).unwrap_or_else(|| panic!("{method} {path}: no answer"))
    }

    /// A document that must be there.
    pub(crate) fn json(&self, path: &str) -> Value {
        let answer = self.send("GET", path, "");
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// The bytes at a URL of a manifest, without any header: its ticket must do.
    pub(crate) fn fetch(&self, url: &str) -> Option<Answer> {
        request(&self.address, "GET", &self.path_of(url), &[], "").ok()
    }

    /// The path and query of a URL of ours, absolute or not.
    pub(crate) fn path_of(&self, url: &str) -> String {
        let origin = format!("http://{}", self.address);
        url.strip_prefix(&origin).unwrap_or(url).to_owned()
    }

    /// Every track, once there are `count` of them.
    pub(crate) fn tracks(&self, count: usize) -> Vec<Value> {
        wait_for("the tracks to be listed", || {
            let list = self.json("/api/tracks/?page_size=500");
            let found = list["results"].as_array().unwrap().clone();
            (found.len() == count).then_some(found)
        })
    }

    /// A track's manifest.
    pub(crate) fn manifest(&self, track: &Value) -> Value {
        self.json(&format!("/api/tracks/{}/manifest/", track["id"].as_str().unwrap()))
    }

    /// Changes one preference.
    pub(crate) fn prefer(&self, mode: &str) -> Option<Answer> {
        let body = json!({ "mode": mode }).to_string();
        self.try_send("PATCH", "/api/audio/quick-sync/preferences/", &body)
    }
}

impl Server {
    /// Lets the load of the machine that tests change no playlist.
    pub(crate) fn ignore_load(&self) {
        let body = json!({ "adapt_to_system": false }).to_string();
        self.try_send("PATCH", "/api/audio/quick-sync/preferences/", &body).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails only where the server is gone already.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// Every segment URL of a manifest with its quality, lowest rung first.
pub(crate) fn segment_urls(manifest: &Value) -> Vec<(String, String)> {
    let segments = manifest["segments"].as_u64().unwrap();
    let ladder = manifest["ladder"].as_array().unwrap();
    let urls = ladder.iter().flat_map(|rung| {
        let quality = rung["quality"].as_str().unwrap();
        let template = rung["segment_url"].as_str().unwrap();
        (0..segments)
            .map(move |n| (format!("{quality} {n}"), template.replace("{n}", &n.to_string())))
    });
    urls.collect()
}

/// A folder that goes with the test.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// An empty folder `name` under `parent`.
pub(crate) fn subfolder(parent: &Path, name: &str) -> PathBuf {
    let path = parent.join(name);
    fs::create_dir_all(&path).unwrap();
    path
}
