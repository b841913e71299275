//! Cached segments: how many a second one thread answers, beside nginx with the same bytes as files;
//! and what a thousand listeners cost.
//!
//! Server and load have a processor each, both servers one worker, and they take turns of a second.
//! nginx serves bare files; ours checks a ticket, and listens in on the connection, for each answer.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::Value;

use super::house::{self, House, Place, Share};
use super::nginx::Nginx;
use super::process::Usage;
use super::{Beside, Figure, loopback, median, music};
use crate::load::{self, Group, Request, Tally};

/// The qualities compared, with names for their figures.
const SIZES: [(&str, [&str; 3]); 3] = [
    ("low", ["31 kB: answers", "31 kB: processor time each", "31 kB: wait, 99th percentile"]),
    ("high", ["123 kB: answers", "123 kB: processor time each", "123 kB: wait, 99th percentile"]),
    ("ultra", ["154 kB: answers", "154 kB: processor time each", "154 kB: wait, 99th percentile"]),
];
/// What listeners at 128 kbps fetch.
const LISTENED: &str = "medium";
/// Turns each server has with each size.
const TURNS: usize = 7;
const TURN: Duration = Duration::from_secs(1);
/// Connections of a turn.
const CONNECTIONS: usize = 16;
const MUSIC_S: u32 = 80;
const USERS: usize = 10;
const DEVICES_OF_USER: usize = 100;
const SEGMENT: Duration = Duration::from_millis(3840);
/// Segments that each listener fetches after the first, with which they join.
const LISTENED_SEGMENTS: u32 = 6;
/// A listener's share of a processor, all of them together, percent.
const LISTENERS_CPU: f64 = 3.0;

/// Builds the server for release and measures it.
pub(crate) fn measure() -> Result<Vec<Figure>> {
    house::build()?;
    let control = loopback::congestion_control();
    println!("serve: 127.0.0.1 under {control}; one processor for the server, one for the load");
    let (cpu, load_cpu) = loopback::processors()?;
    let share = Share { cpu, threads: Some(1) };
    let place = Place::new()?;
    music::write_flac(&place.folder("music")?.join("a.flac"), 1, MUSIC_S)?;
    let files = place.folder("files")?;
    let house = House::open(place, share)?;
    let nginx = Nginx::open(house.place().path(), share)?;
    let contest = Contest { house, nginx, load_cpu };
    contest.write_files(&files)?;
    let mut figures = Vec::new();
    for (quality, names) in SIZES {
        figures.extend(contest.size(quality, names)?);
    }
    figures.extend(contest.listeners()?);
    Ok(figures)
}

/// Both servers, and whoever loads them.
struct Contest {
    house: House,
    nginx: Nginx,
    load_cpu: Option<usize>,
}

/// What came of some turns of one server.
#[derive(Default)]
struct Score {
    per_second: Vec<f64>,
    cpu_us: Vec<f64>,
    p99_ms: Vec<f64>,
}

impl Contest {
    fn track(&self) -> Result<Value> {
        self.house.tracks()?.first().cloned().context("the library has no track")
    }

    /// The paths of one quality's segments, as a device of the token's user is told them.
    fn paths(
        &self,
        track: &Value,
        quality: &str,
        token: &str,
        device: &str,
    ) -> Result<Vec<String>> {
        let manifest = self.house.manifest(track, token, device)?;
        let rungs = manifest["ladder"].as_array().context("no ladder")?;
        let rung = rungs.iter().find(|rung| rung["quality"] == quality);
        let template = house::path_of(&rung.context("a quality is missing")?["segment_url"])?;
        // The last segment is shorter than the others.
        let count = manifest["segments"].as_u64().context("no segments")? - 1;
        Ok((0..count).map(|n| template.replace("{n}", &n.to_string())).collect())
    }

    fn own_paths(&self, quality: &str) -> Result<Vec<String>> {
        self.paths(&self.track()?, quality, self.house.token(), &device_id(0))
    }

    /// Has every segment encoded, and gives nginx the same bytes.
    fn write_files(&self, files: &Path) -> Result<()> {
        let qualities = SIZES.iter().map(|(quality, _)| *quality).chain([LISTENED]);
        for quality in qualities {
            fs::create_dir_all(files.join(quality))?;
            for (n, path) in self.own_paths(quality)?.iter().enumerate() {
                let body = house::get(self.house.address(), path, "")?;
                fs::write(files.join(quality).join(format!("{n}.m4s")), &body)?;
                let theirs = house::get(self.nginx.address(), &file_path(quality, n), "")?;
                if theirs != body {
                    bail!("nginx serves other bytes than ours");
                }
            }
        }
        Ok(())
    }

    fn size(&self, quality: &str, names: [&'static str; 3]) -> Result<Vec<Figure>> {
        let paths = self.own_paths(quality)?;
        let files: Vec<_> = (0..paths.len()).map(|n| file_path(quality, n)).collect();
        let (mut ours, mut theirs) = (Score::default(), Score::default());
        for turn in 0..TURNS {
            let of_ours = || self.turn(self.house.address(), &paths, &|| self.house.usage());
            let of_theirs = || self.turn(self.nginx.address(), &files, &|| self.nginx.usage());
            // Each is first as often as last: what comes first meets another machine.
            let (first, second) = if turn % 2 == 0 {
                let first = of_ours()?;
                (first, of_theirs()?)
            } else {
                let second = of_theirs()?;
                (of_ours()?, second)
            };
            ours.add(first);
            theirs.add(second);
        }
        let part = |name, unit, part: fn(&Score) -> &Vec<f64>, beside: fn(f64) -> Beside| Figure {
            name,
            value: median(part(&ours).iter().copied()),
            unit,
            beside: beside(median(part(&theirs).iter().copied())),
        };
        Ok(vec![
            part(
                names[0],
                "/s",
                |score| &score.per_second,
                |peer| Beside::AtLeast(1.0, "nginx", peer),
            ),
            part(names[1], "us", |score| &score.cpu_us, |peer| Beside::Peer("nginx", peer)),
            part(names[2], "ms", |score| &score.p99_ms, |peer| Beside::Peer("nginx", peer)),
        ])
    }

    /// A second of load on one server: answers a second, processor time each, longest waits.
    fn turn(
        &self,
        address: SocketAddr,
        paths: &[String],
        usage: &dyn Fn() -> Result<Usage>,
    ) -> Result<[f64; 3]> {
        let clients = (0..CONNECTIONS).map(|nth| requests(address, paths, nth)).collect();
        let group = [Group { every: None, clients }];
        load::run(address, &group, TURN / 5, self.load_cpu)?;
        let before = usage()?;
        let tally = one(load::run(address, &group, TURN, self.load_cpu)?)?;
        let cpu_us = (usage()?.cpu_ms - before.cpu_ms) * 1e3;
        if tally.errors > 0 {
            bail!("{} of {} requests failed", tally.errors, tally.errors + tally.answers);
        }
        let answers = count(tally.answers);
        Ok([answers / TURN.as_secs_f64(), cpu_us / answers, tally.wait_ms(99)])
    }

    /// A thousand listeners at 128 kbps, each on a device of its own and asking in its turn.
    fn listeners(&self) -> Result<Vec<Figure>> {
        let track = self.track()?;
        let mut ours = Vec::new();
        for user in 0..USERS {
            let token = self.house.new_user(&format!("listener {user}"))?;
            for nth in 0..DEVICES_OF_USER {
                let device = device_id(1 + user * DEVICES_OF_USER + nth);
                ours.push(self.paths(&track, LISTENED, &token, &device)?);
            }
        }
        let files: Vec<_> = (0..ours[0].len()).map(|n| file_path(LISTENED, n)).collect();
        let clients = |address, lists: &mut dyn Iterator<Item = &Vec<String>>| {
            lists.enumerate().map(|(nth, paths)| requests(address, paths, nth)).collect()
        };
        let (house, nginx) = (self.house.address(), self.nginx.address());
        let everyone = clients(house, &mut ours.iter());
        let ours = self.listen(house, everyone, &|| self.house.usage())?;
        let same = clients(nginx, &mut std::iter::repeat_n(&files, USERS * DEVICES_OF_USER));
        let theirs = self.listen(nginx, same, &|| self.nginx.usage())?;
        let of = |name, value, unit, beside| Figure { name, value, unit, beside };
        let nginx = |value| Beside::Peer("nginx", value);
        Ok(vec![
            of("1,000 listeners: answers", ours.answers, "", Beside::AtLeast(1.0, "due", ours.due)),
            of("1,000 listeners: processor", ours.cpu_percent, "%", Beside::Limit(LISTENERS_CPU)),
            of("1,000 listeners: beside", ours.cpu_percent, "%", nginx(theirs.cpu_percent)),
            of("1,000 listeners join: processor", ours.joining, "%", nginx(theirs.joining)),
            of("1,000 listeners: memory", ours.resident_mb, "MB", nginx(theirs.resident_mb)),
            of("1,000 listeners: wait, 99th percentile", ours.p99_ms, "ms", nginx(theirs.p99_ms)),
        ])
    }

    fn listen(
        &self,
        address: SocketAddr,
        clients: Vec<Vec<Request>>,
        usage: &dyn Fn() -> Result<Usage>,
    ) -> Result<Listening> {
        let due = count(clients.len() as u64) * f64::from(1 + LISTENED_SEGMENTS);
        let group = [Group { every: Some(SEGMENT), clients }];
        let lasts = SEGMENT * (1 + LISTENED_SEGMENTS);
        let before = usage()?;
        let (tallies, joined) = thread::scope(|scope| {
            let loading = scope.spawn(|| load::run(address, &group, lasts, self.load_cpu));
            thread::sleep(SEGMENT);
            let joined = usage();
            (loading.join(), joined)
        });
        let tally = one(tallies.map_err(|_| anyhow!("the load generator failed"))??)?;
        let (joined, after) = (joined?, usage()?);
        let percent = |from: &Usage, to: &Usage, lasts: Duration| {
            (to.cpu_ms - from.cpu_ms) / lasts.as_secs_f64() / 10.0
        };
        Ok(Listening {
            due,
            answers: count(tally.answers),
            joining: percent(&before, &joined, SEGMENT),
            cpu_percent: percent(&joined, &after, SEGMENT * LISTENED_SEGMENTS),
            resident_mb: after.resident_mb,
            p99_ms: tally.wait_ms(99),
        })
    }
}

/// What listeners cost one server.
struct Listening {
    due: f64,
    answers: f64,
    /// Of one processor, while each listener connects and fetches the first segment.
    joining: f64,
    /// The same after that.
    cpu_percent: f64,
    resident_mb: f64,
    p99_ms: f64,
}

impl Score {
    fn add(&mut self, [per_second, cpu_us, p99_ms]: [f64; 3]) {
        self.per_second.push(per_second);
        self.cpu_us.push(cpu_us);
        self.p99_ms.push(p99_ms);
    }
}

fn one(tallies: Vec<Tally>) -> Result<Tally> {
    tallies.into_iter().next().context("no tally")
}

/// What the `nth` connection asks for: everything, from another place on than its neighbours.
fn requests(address: SocketAddr, paths: &[String], nth: usize) -> Vec<Request> {
    let start = nth * 7 % paths.len();
    let (later, sooner) = paths.split_at(start);
    let get = |path: &String| {
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n"
        );
        Request::from(head.into_bytes())
    };
    sooner.iter().chain(later).map(get).collect()
}

fn file_path(quality: &str, n: usize) -> String {
    format!("/{quality}/{n}.m4s")
}

/// A device that made this number its id.
pub(crate) fn device_id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{:012x}", number + 1)
}

#[expect(clippy::cast_precision_loss, reason = "no run has 2^53 answers")]
pub(crate) fn count(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_ask_for_everything_from_different_places() {
        let paths: Vec<String> = (0..10).map(|n| format!("/{n}")).collect();
        let address = SocketAddr::from(([127, 0, 0, 1], 80));
        let (one, other) = (requests(address, &paths, 0), requests(address, &paths, 1));
        assert!(one[0].starts_with(b"GET /0 ") && other[0].starts_with(b"GET /7 "));
        let (mut one, mut other) = (one, other);
        one.sort();
        other.sort();
        assert!(one.len() == 10 && one == other);
    }
}
