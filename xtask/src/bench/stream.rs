//! A stream never asked for before: how soon it says how long it is, and how soon a second of it is
//! there, from its start, its middle and its end.
//!
//! The peer is what music servers run for such a stream, a static ffmpeg whose pipe is passed on, in
//! two ways: as they call it, which decodes everything before the position, and with the option that
//! avoids that. It never says how long the stream is. Each track is asked for once, so nothing is
//! cached.

use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::house::{self, House, Place, Share, read_head};
use super::{Beside, Figure, ffmpeg, median, music};

/// Where each start is, in seconds, with the names of its figures.
const STARTS: [(u32, [&str; 4]); 3] = [
    (
        0,
        ["0:00, head with its length", "0:00, a second", "0:00, beside", "0:00, as others call it"],
    ),
    (
        120,
        ["2:00, head with its length", "2:00, a second", "2:00, beside", "2:00, as others call it"],
    ),
    (
        230,
        ["3:50, head with its length", "3:50, a second", "3:50, beside", "3:50, as others call it"],
    ),
];
/// Tracks for each start; the medians are told.
const TRACKS: u32 = 5;
const SECONDS: u32 = 240;
/// A second of audio at 128 kbps.
const SECOND_BYTES: usize = 16_000;
/// The wait for it, milliseconds.
const LIMIT_MS: f64 = 25.0;
const DEVICE: &str = "00000000-0000-4000-8000-000000000001";

/// When the head and the first second were there, in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Times {
    head: f64,
    second: f64,
}

/// Builds the server for release and measures it.
pub(crate) fn measure() -> Result<Vec<Figure>> {
    house::build()?;
    let fetched = ffmpeg::fetched()?;
    let place = Place::new()?;
    let music = place.folder("music")?;
    let count = TRACKS * u32::try_from(STARTS.len())?;
    (0..count)
        .try_for_each(|n| music::write_flac(&music.join(format!("{n:04}.flac")), n, SECONDS))?;
    let house = House::open(place, Share::default())?;
    let tracks = house.tracks()?;
    // A track of its own: the first request of all starts a worker and loads the code.
    let mut figures = Vec::new();
    for ((at, names), tracks) in STARTS.into_iter().zip(tracks.chunks(TRACKS as usize)) {
        let (mut ours, mut sought, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
        for track in tracks {
            let title = track["title"].as_str().unwrap_or_default();
            let file = music.join(format!("{title}.flac"));
            ours.push(request(&house, track, at)?);
            sought.push(peer(&fetched, &file, Seek::Input(at))?);
            skipped.push(peer(&fetched, &file, Seek::Output(at))?);
        }
        let second = median(ours.iter().map(|times| times.second));
        let of = |name, value, beside| Figure { name, value, unit: "ms", beside };
        let peer = |name, waits: Vec<f64>| Beside::Peer(name, median(waits));
        let head = median(ours.iter().map(|times| times.head));
        figures.extend([
            of(names[0], head, Beside::Limit(LIMIT_MS)),
            of(names[1], second, Beside::Limit(LIMIT_MS)),
            of(names[2], second, peer("static ffmpeg", sought)),
            of(names[3], second, peer("static ffmpeg", skipped)),
        ]);
    }
    Ok(figures)
}

/// The stream of a track from so many seconds on; its head must say how long all of it is.
fn request(house: &House, track: &Value, at: u32) -> Result<Times> {
    let manifest = house.manifest(track, house.token(), DEVICE)?;
    let path = house::path_of(&manifest["stream_urls"]["opus"])?;
    let first = SECOND_BYTES * at as usize;
    let head = format!(
        "GET {path}&quality=medium HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\
         Range: bytes={first}-\r\n\r\n"
    );
    let start = Instant::now();
    let mut stream = TcpStream::connect(house.address())?;
    stream.write_all(head.as_bytes())?;
    let head = read_head(&mut stream)?;
    let after_head = start.elapsed().as_secs_f64() * 1e3;
    let (second, rest) = first_second(start, &mut stream)?;
    let (told, came) = (length_in(&head)?, first + rest);
    if told != came {
        bail!("the head says {told} bytes in all, {came} came");
    }
    Ok(Times { head: after_head, second })
}

/// The length of the whole stream, which the head of an answer tells.
fn length_in(head: &str) -> Result<usize> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    let range = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-range"));
    let all = range.filter_map(|(_, value)| value.split_once('/')).map(|(_, all)| all).next();
    all.and_then(|all| all.trim().parse().ok()).with_context(|| format!("no length in {head}"))
}

/// How a process gets to its position.
#[derive(Clone, Copy)]
enum Seek {
    /// By the index of the file: the option before `-i`.
    Input(u32),
    /// By decoding all before it, as music servers ask for: the option after `-i`.
    Output(u32),
}

/// The wait for the first second out of a process that encodes to its pipe.
fn peer(program: &Path, file: &Path, seek: Seek) -> Result<f64> {
    let (before, after) = match seek {
        Seek::Input(at) => (Some(at), None),
        Seek::Output(at) => (None, Some(at)),
    };
    let option = |at: Option<u32>| at.map(|at| ["-ss".to_owned(), at.to_string()]);
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(["-v", "0", "-nostdin"])
        .args(option(before).into_iter().flatten())
        .arg("-i")
        .arg(file)
        .args(option(after).into_iter().flatten())
        .args(["-map", "0:a:0", "-b:a", "128k", "-c:a", "libopus", "-f", "opus", "-"])
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start ffmpeg")?;
    let mut pipe = child.stdout.take().context("no standard output")?;
    let (second, _) = first_second(start, &mut pipe)?;
    child.wait()?;
    Ok(second)
}

/// Reads to the end: milliseconds from `start` to the first second of audio, and all the bytes.
fn first_second(start: Instant, stream: &mut impl Read) -> Result<(f64, usize)> {
    let (mut buffer, mut got, mut second) = (vec![0; 65_536], 0, f64::NAN);
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok((second, got));
        }
        got += count;
        if got >= SECOND_BYTES && second.is_nan() {
            second = start.elapsed().as_secs_f64() * 1e3;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_second_is_noted_once() {
        let bytes = [0; 2 * SECOND_BYTES];
        let found = first_second(Instant::now(), &mut bytes.as_slice());
        assert!(found.is_ok_and(|(second, all)| second >= 0.0 && all == bytes.len()));
        let short = first_second(Instant::now(), &mut [0; 10].as_slice());
        assert!(short.is_ok_and(|(second, all)| second.is_nan() && all == 10));
    }

    #[test]
    fn the_length_of_the_whole_is_read() {
        let head = "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 5-9/1234\r\n\r\n";
        assert!(length_in(head).is_ok_and(|length| length == 1234));
        assert!(length_in("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n").is_err());
    }
}
