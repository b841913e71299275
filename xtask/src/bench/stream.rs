//! A track as one file, never encoded before: how soon it is heard at its start, in its middle and
//! near its end, and how long all of it takes; beside an ffmpeg process that does the same.
//!
//! Four minutes of FLAC at 128 kbps. Each figure is the median over tracks that are asked for once
//! each, so that every request finds nothing cached; ours and the peer's turn by turn.

use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{Beside, Figure};
use crate::steps::{cargo, output, run};

/// Where a listener begins, seconds, and what the figures are called.
const STARTS: [(u32, [&str; 3]); 3] = [
    (0, ["from 0:00, first byte", "  first second of sound", "  all of it"]),
    (120, ["from 2:00, first byte", "  first second of sound", "  to the end"]),
    (230, ["from 3:50, first byte", "  first second of sound", "  to the end"]),
];
/// Tracks for each start.
const TRACKS: usize = 3;
const SECONDS: u32 = 240;
/// A second of audio at 128 kbps.
const SECOND_BYTES: usize = 16_000;
const PASSWORD: &str = "a long enough password\n";

/// When the first byte, the first second and the last byte were there, in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Times {
    first_byte: f64,
    first_second: f64,
    all: f64,
}

/// Builds the server for release and measures it.
pub(crate) fn measure() -> Result<Vec<Figure>> {
    run(&mut cargo(&["build", "--quiet", "--release", "-p", "quicksync"]))?;
    let place = tempfile()?;
    let measured = (0..TRACKS * STARTS.len())
        .try_for_each(|n| write_music(&place.join("music"), n))
        .and_then(|()| Server::start(&place))
        .and_then(|server| server.figures(&place));
    std::fs::remove_dir_all(&place).ok();
    measured
}

fn tempfile() -> Result<PathBuf> {
    let place = std::env::temp_dir().join(format!("quicksync-bench-{}", std::process::id()));
    std::fs::create_dir_all(place.join("music"))?;
    Ok(place)
}

/// Four minutes that no other track has: pink noise and a tone.
fn write_music(folder: &Path, n: usize) -> Result<()> {
    let noise = format!("anoisesrc=c=pink:r=44100:a=0.3:s={n}:d={SECONDS}");
    let tone = format!("sine=f={}:r=44100:d={SECONDS}", 220 + 37 * n);
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-nostdin", "-f", "lavfi", "-i", &noise]);
    ffmpeg.args(["-f", "lavfi", "-i", &tone, "-filter_complex", "join=inputs=2"]);
    ffmpeg.args(["-sample_fmt", "s16", "-metadata", &format!("title={n}")]);
    run(ffmpeg.arg(folder.join(format!("{n}.flac"))))
}

/// A server that has read the music and encoded none of it.
#[derive(Debug)]
struct Server {
    child: Child,
    address: String,
    token: String,
}

impl Server {
    fn start(place: &Path) -> Result<Self> {
        let program = crate::web::target_directory()?.join("release/quicksync");
        let (music, data) = (place.join("music"), place.join("data"));
        let quicksync = |words: &[&str]| {
            let mut command = Command::new(&program);
            command.args(words).arg("--data").arg(&data);
            command
        };
        output(quicksync(&["scan", "--music"]).arg(&music))?;
        let mut user = quicksync(&["user", "add", "bench", "--password-stdin"]);
        let mut user = user.stdin(Stdio::piped()).spawn().context("cannot add a user")?;
        user.stdin.take().context("no standard input")?.write_all(PASSWORD.as_bytes())?;
        user.wait()?;
        let token = output(&mut quicksync(&["token", "create", "bench"]))?;
        let token = token.lines().last().unwrap_or_default().to_owned();
        let ready = place.join("ready");
        let child = quicksync(&["serve", "--probe-enabled", "false", "--listen", "127.0.0.1:0"])
            .args(["--log", "text"])
            .arg("--music")
            .arg(&music)
            .arg("--ready-file")
            .arg(&ready)
            .stdout(Stdio::null())
            .spawn()
            .context("cannot start the server")?;
        let mut server = Self { child, address: String::new(), token };
        for _ in 0..600 {
            if let Ok(address) = std::fs::read_to_string(&ready) {
                server.address = address.trim().to_owned();
                return Ok(server);
            }
            sleep(Duration::from_millis(50));
        }
        bail!("the server does not answer")
    }

    fn figures(&self, place: &Path) -> Result<Vec<Figure>> {
        let list = self.json("/api/tracks/?sort=title&page_size=100")?;
        let tracks = list["results"].as_array().context("no tracks")?.clone();
        let mut figures = Vec::new();
        for ((at, names), tracks) in STARTS.into_iter().zip(tracks.chunks(TRACKS)) {
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            for track in tracks {
                ours.push(self.request(track, at)?);
                let title = track["title"].as_str().unwrap_or_default();
                theirs.push(peer(&place.join(format!("music/{title}.flac")), at)?);
            }
            let parts: [fn(&Times) -> f64; 3] =
                [|times| times.first_byte, |times| times.first_second, |times| times.all];
            for (name, part) in names.into_iter().zip(parts) {
                let beside = Beside::Peer("ffmpeg", median(&theirs, part));
                figures.push(Figure { name, value: median(&ours, part), unit: "ms", beside });
            }
        }
        Ok(figures)
    }

    /// The stream of a track from so many seconds on.
    fn request(&self, track: &Value, at: u32) -> Result<Times> {
        let id = track["id"].as_str().context("a track without an id")?;
        let manifest = self.json(&format!("/api/tracks/{id}/manifest/"))?;
        let url = manifest["stream_urls"]["opus"].as_str().context("no stream")?;
        let path = url.splitn(4, '/').nth(3).context("no path")?;
        let first = SECOND_BYTES * at as usize;
        let head = format!(
            "GET /{path}&quality=medium HTTP/1.1\r\nHost: bench\r\nConnection: close\r\nRange: bytes={first}-\r\n\r\n"
        );
        let start = Instant::now();
        let mut stream = TcpStream::connect(&self.address)?;
        stream.write_all(head.as_bytes())?;
        skip_head(&mut stream)?;
        times(start, &mut stream)
    }

    fn json(&self, path: &str) -> Result<Value> {
        let mut stream = TcpStream::connect(&self.address)?;
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\r\n",
            self.token
        );
        stream.write_all(head.as_bytes())?;
        skip_head(&mut stream)?;
        Ok(serde_json::from_reader(stream)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What music servers run for a listener: a process that seeks, encodes, and writes Ogg.
fn peer(file: &Path, at: u32) -> Result<Times> {
    let start = Instant::now();
    let mut child = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-ss", &at.to_string(), "-i"])
        .arg(file)
        .args(["-map", "0:a:0", "-b:a", "128k", "-c:a", "libopus", "-f", "opus", "-"])
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start ffmpeg")?;
    let mut pipe = child.stdout.take().context("no standard output")?;
    let times = times(start, &mut pipe);
    child.wait()?;
    times
}

/// Reads to the end and notes when what was there.
fn times(start: Instant, stream: &mut impl Read) -> Result<Times> {
    let mut times = Times { first_byte: f64::NAN, first_second: f64::NAN, all: f64::NAN };
    let (mut buffer, mut got) = (vec![0; 65_536], 0);
    loop {
        let count = stream.read(&mut buffer)?;
        let now = start.elapsed().as_secs_f64() * 1e3;
        if count == 0 {
            return Ok(Times { all: now, ..times });
        }
        if got == 0 {
            times.first_byte = now;
        }
        got += count;
        if got >= SECOND_BYTES && times.first_second.is_nan() {
            times.first_second = now;
        }
    }
}

/// Reads up to the end of an answer's head.
fn skip_head(stream: &mut TcpStream) -> Result<()> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    if head.starts_with(b"HTTP/1.1 20") {
        return Ok(());
    }
    bail!("the server answers {}", String::from_utf8_lossy(&head))
}

fn median(all: &[Times], part: fn(&Times) -> f64) -> f64 {
    let mut values: Vec<f64> = all.iter().map(part).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_instant_is_noted_once() {
        let mut stream = [0; 2 * SECOND_BYTES].as_slice();
        let found = times(Instant::now(), &mut stream).unwrap_or_else(|_| unreachable!());
        assert!(found.first_byte <= found.first_second && found.first_second <= found.all);
        let short = times(Instant::now(), &mut [0; 10].as_slice());
        assert!(short.is_ok_and(|times| times.first_second.is_nan()));
    }

    #[test]
    fn the_median_is_in_the_middle() {
        let times = |all| Times { first_byte: 0.0, first_second: 0.0, all };
        let found = median(&[times(9.0), times(1.0), times(2.0)], |times| times.all);
        assert!((found - 2.0).abs() < 1e-9);
    }
}
