//! A server of our own, built for release, with music and users of its own, that goes with its
//! folder when it is dropped.
//!
//! Knows: how to start it, and to ask it what a player asks. Never: what is measured.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::process::{Usage, usage};
use crate::steps::{cargo, output, run};
use crate::web::target_directory;

const PASSWORD: &[u8] = b"a long enough password\n";

/// A folder that is deleted when it is dropped.
#[derive(Debug)]
pub(crate) struct Place(PathBuf);

impl Place {
    pub(crate) fn new() -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let nth = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("quicksync-bench-{}-{nth}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// A folder inside, made if it is missing.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.0.join(name);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// What of the machine a server may use.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Share {
    /// The only processor it may use.
    pub(crate) cpu: Option<usize>,
    /// Threads that answer.
    pub(crate) threads: Option<usize>,
}

/// `program` on the processor of `share`, if it has one.
pub(crate) fn command_in(share: Share, program: &Path) -> Command {
    let Some(cpu) = share.cpu else { return Command::new(program) };
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &cpu.to_string()]).arg(program);
    command
}

/// The server program, built for release.
pub(crate) fn build() -> Result<()> {
    run(&mut cargo(&["build", "--quiet", "--release", "-p", "quicksync"]))
}

/// The server program as [`build`] leaves it.
pub(crate) fn program() -> Result<PathBuf> {
    Ok(target_directory()?.join("release/quicksync"))
}

/// A running server.
#[derive(Debug)]
pub(crate) struct House {
    child: Child,
    address: SocketAddr,
    token: String,
    program: PathBuf,
    place: Place,
}

impl House {
    /// Reads the music in the folder `music` of `place`, and serves it.
    pub(crate) fn open(place: Place, share: Share) -> Result<Self> {
        let program = program()?;
        let (music, ready) = (place.folder("music")?, place.path().join("ready"));
        let data = place.path().join("data");
        output(
            Command::new(&program).args(["scan", "--data"]).arg(&data).arg("--music").arg(&music),
        )?;
        add_user(&program, &place, "bench")?;
        let token = add_token(&program, &place, "bench")?;
        let mut serve = command_in(share, &program);
        if let Some(threads) = share.threads {
            serve.env("TOKIO_WORKER_THREADS", threads.to_string());
        }
        serve.env("RUST_LOG", "error");
        serve.args(["serve", "--log", "text", "--probe-enabled", "false"]);
        serve.args(["--listen", "127.0.0.1:0", "--data"]).arg(data).arg("--music").arg(music);
        serve.arg("--ready-file").arg(&ready).stdout(Stdio::null());
        let child = serve.spawn().context("cannot start the server")?;
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut house = Self { child, address, token, program, place };
        house.address = house.wait(&ready)?;
        Ok(house)
    }

    fn wait(&mut self, ready: &Path) -> Result<SocketAddr> {
        for _ in 0..600 {
            if let Ok(text) = fs::read_to_string(ready) {
                return Ok(text.trim().parse()?);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}");
            }
            sleep(Duration::from_millis(50));
        }
        bail!("the server does not answer")
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) const fn place(&self) -> &Place {
        &self.place
    }

    /// The token of the user that the server began with.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Another user; their token.
    pub(crate) fn new_user(&self, name: &str) -> Result<String> {
        add_user(&self.program, &self.place, name)?;
        add_token(&self.program, &self.place, name)
    }

    /// What the server and its workers have used so far.
    pub(crate) fn usage(&self) -> Result<Usage> {
        usage(self.child.id())
    }

    /// Every track of the library, by title.
    pub(crate) fn tracks(&self) -> Result<Vec<Value>> {
        let list = self.json("/api/tracks/?sort=title&page_size=500", &self.token, None)?;
        Ok(list["results"].as_array().context("no tracks")?.clone())
    }

    /// A track's manifest as a device of the token's user gets it.
    pub(crate) fn manifest(&self, track: &Value, token: &str, device: &str) -> Result<Value> {
        let id = track["id"].as_str().context("a track without an id")?;
        self.json(&format!("/api/tracks/{id}/manifest/"), token, Some(device))
    }

    /// What a path answers, as JSON.
    pub(crate) fn json(&self, path: &str, token: &str, device: Option<&str>) -> Result<Value> {
        let device = device.map(|id| format!("X-Quick-Sync-Device: {id}\r\n")).unwrap_or_default();
        let headers = format!("Authorization: Bearer {token}\r\n{device}");
        Ok(serde_json::from_slice(&get(self.address, path, &headers)?)?)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // Workers end with it.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The body that the server at `address` answers to a GET, if it is a success. Each header line ends with
/// CR LF. Asked in HTTP/1.0, in which no body comes in chunks.
pub(crate) fn get(address: SocketAddr, path: &str, headers: &str) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address)?;
    let head =
        format!("GET {path} HTTP/1.0\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(head.as_bytes())?;
    read_head(&mut stream)?;
    let mut body = Vec::new();
    stream.read_to_end(&mut body)?;
    Ok(body)
}

/// Reads up to the end of an answer's head; an error unless it is a success.
pub(crate) fn read_head(stream: &mut TcpStream) -> Result<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head)?;
    if head.starts_with("HTTP/1.1 20") || head.starts_with("HTTP/1.0 20") {
        return Ok(head);
    }
    bail!("the server answers {head}")
}

/// The path and query of a URL of ours.
pub(crate) fn path_of(url: &Value) -> Result<String> {
    let url = url.as_str().context("a URL is missing")?;
    let after_host = url.splitn(4, '/').nth(3).with_context(|| format!("no path in {url}"))?;
    Ok(format!("/{after_host}"))
}

fn quicksync(program: &Path, place: &Place, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(words).arg("--data").arg(place.path().join("data"));
    command
}

fn add_user(program: &Path, place: &Place, name: &str) -> Result<()> {
    let mut adding = quicksync(program, place, &["user", "add", name, "--password-stdin"]);
    let adding = adding.stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
    let mut adding = adding.context("cannot add a user")?;
    adding.stdin.take().context("no standard input")?.write_all(PASSWORD)?;
    if !adding.wait()?.success() {
        bail!("cannot add the user {name}");
    }
    Ok(())
}

fn add_token(program: &Path, place: &Place, name: &str) -> Result<String> {
    let printed = output(&mut quicksync(program, place, &["token", "create", name]))?;
    Ok(printed.lines().last().unwrap_or_default().to_owned())
}
