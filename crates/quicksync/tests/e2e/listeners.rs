//! Many who listen at once: what they get when there is too much to do, what is done before they ask,
//! and what is not done when they have gone.

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::harness::{Server, folder, make_user, subfolder, wait_for};
use crate::music::{write_flac, write_piece};

/// A server with one encoder.
fn serve(data: &Path, music: &Path) -> Server {
    let token = make_user(data);
    let ready = data.join("ready");
    let mut command = Server::command(data, music, &ready);
    command.args(["--encode-workers", "1"]);
    Server::spawn(command, &ready, &token)
}

/// The URLs of a rung's segments.
fn rung(manifest: &Value, rung: usize) -> Vec<String> {
    let template = manifest["ladder"][rung]["segment_url"].as_str().unwrap();
    let segments = manifest["segments"].as_u64().unwrap();
    (0..segments).map(|n| template.replace("{n}", &n.to_string())).collect()
}

/// Segments on disk.
fn kept(data: &Path) -> usize {
    fn files(folder: &Path) -> usize {
        let Ok(entries) = fs::read_dir(folder) else { return 0 };
        let entries = entries.flatten();
        entries.map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { 1 }).sum()
    }
    files(&data.join("segments"))
}

fn gauge(server: &Server, name: &str) -> f64 {
    let text = server.send("GET", "/metrics", "").text();
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("quicksync_{name} ")));
    line.unwrap_or_else(|| panic!("no {name} in {text}")).trim().parse().unwrap()
}

/// Nothing is being made, and nothing waits.
fn wait_for_rest(server: &Server) {
    wait_for("the encoders to rest", || {
        let busy = gauge(server, "encode_waiting") + gauge(server, "encode_running");
        (busy == 0.0).then_some(())
    });
}

#[test]
fn under_overload_a_rung_at_hand_stands_in_and_says_so() {
    let place = folder();
    let music = subfolder(place.path(), "music");
    // Sixty segments.
    write_flac(&music, "a", 44_100 * 230);
    let data = place.path().join("data");
    let server = serve(&data, &music);
    let manifest = server.manifest(&server.tracks(1)[0]);
    for url in rung(&manifest, 0) {
        let answer = server.fetch(&url).unwrap();
        assert_eq!((answer.status, answer.field("quick-sync-quality")), (200, "low"), "{url}");
    }
    // Three times as many at once as may wait for one encoder.
    let wanted: Vec<_> = ["medium", "high", "ultra"]
        .into_iter()
        .zip(1..)
        .flat_map(|(quality, n)| rung(&manifest, n).into_iter().map(move |url| (quality, url)))
        .collect();
    let answers: Vec<_> = std::thread::scope(|scope| {
        let ask = |(quality, url): &(&'static str, String)| {
            let (quality, url, server) = (*quality, url.clone(), &server);
            scope.spawn(move || (quality, server.fetch(&url).unwrap()))
        };
        let asking: Vec<_> = wanted.iter().map(ask).collect();
        asking.into_iter().map(|answer| answer.join().unwrap()).collect()
    });
    let mut stood_in = 0;
    for (wanted, answer) in &answers {
        assert_eq!(answer.status, 200, "{}", answer.text());
        let served = answer.field("quick-sync-quality");
        if served != *wanted {
            stood_in += 1;
            assert_eq!((answer.field("cache-control"), answer.field("etag")), ("no-store", ""));
        }
    }
    assert!(stood_in > 0, "{} requests at once were no overload", answers.len());
}

#[test]
fn what_nobody_waits_for_is_not_made() {
    let place = folder();
    let music = subfolder(place.path(), "music");
    write_flac(&music, "a", 44_100 * 110);
    let data = place.path().join("data");
    let server = serve(&data, &music);
    let urls = rung(&server.manifest(&server.tracks(1)[0]), 3);
    let asking: Vec<TcpStream> = urls
        .iter()
        .map(|url| {
            let mut stream = TcpStream::connect(&server.address).unwrap();
            let path = server.path_of(url);
            write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", server.address).unwrap();
            stream
        })
        .collect();
    wait_for("the queue to fill", || (gauge(&server, "encode_waiting") > 2.0).then_some(()));
    drop(asking);
    wait_for_rest(&server);
    let made = kept(&data);
    assert!(made < urls.len() - 2, "{made} of {} segments that nobody waited for", urls.len());
    assert_eq!(server.fetch(&urls[5]).unwrap().status, 200, "who asks again is served");
}

#[test]
fn the_next_track_is_begun_with_the_last_segment_of_this_one() {
    let place = folder();
    let music = subfolder(place.path(), "music");
    for (number, name) in [(1, "one"), (2, "two")] {
        write_piece(&music, name, "Album", number, number * 480_000..(number + 1) * 480_000);
    }
    let data = place.path().join("data");
    let server = serve(&data, &music);
    let tracks = server.tracks(2);
    let of =
        |title: &str| server.manifest(tracks.iter().find(|track| track["title"] == title).unwrap());
    let (first, second) = (of("one"), of("two"));
    let urls = rung(&first, 1);
    // The segment before the last: the one after it is made ahead, and the next track is not begun.
    assert_eq!(server.fetch(&urls[urls.len() - 2]).unwrap().status, 200);
    wait_for("the segment after it", || (kept(&data) == 2).then_some(()));
    assert_eq!(server.fetch(&urls[urls.len() - 1]).unwrap().status, 200);
    wait_for("the first segment of the next track", || (kept(&data) == 3).then_some(()));
    wait_for_rest(&server);
    assert_eq!(server.fetch(&rung(&second, 1)[0]).unwrap().status, 200);
    wait_for("the segment after it", || (kept(&data) == 4).then_some(()));
}

#[test]
fn more_may_listen_than_a_process_starts_with_files_for() {
    let place = folder();
    let music = subfolder(place.path(), "music");
    write_flac(&music, "a", 44_100 * 8);
    let data = place.path().join("data");
    let (token, ready) = (make_user(&data), data.join("ready"));
    let serve = Server::command(&data, &music, &ready);
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -Sn 100 && exec \"$@\"", "sh"]).arg(serve.get_program());
    let server = Server::spawn(limited(command, &serve), &ready, &token);
    let url = &rung(&server.manifest(&server.tracks(1)[0]), 0)[0];
    let idle = || TcpStream::connect(&server.address).unwrap();
    let _others: Vec<TcpStream> = (0..200).map(|_| idle()).collect();
    assert_eq!(server.fetch(url).unwrap().status, 200, "beside two hundred others");
}

/// `command` with what `serve` is told, and nothing else of its environment.
fn limited(mut command: Command, serve: &Command) -> Command {
    command.args(serve.get_args()).env_clear();
    command.envs(serve.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

/// Priorities of a server's children: the nineteenth field of proc(5)'s `stat`.
#[cfg(target_os = "linux")]
fn priorities(server: u32) -> Vec<i32> {
    let threads = fs::read_dir(format!("/proc/{server}/task")).unwrap().flatten();
    let lists =
        threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    let children: Vec<String> = lists
        .flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let priority = |child: &String| {
        let stat = fs::read_to_string(format!("/proc/{child}/stat")).ok()?;
        let (_, rest) = stat.rsplit_once(')')?;
        rest.split_whitespace().nth(16)?.parse().ok()
    };
    children.iter().filter_map(priority).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn reading_the_library_gives_way_and_is_told_apart_from_load() {
    let place = folder();
    let music = subfolder(place.path(), "music");
    for name in ["a", "b"] {
        write_flac(&music, name, 44_100 * 230);
    }
    let server = serve(&place.path().join("data"), &music);
    wait_for("a child that gives way, beside one for listeners", || {
        let found = priorities(server.id());
        (found.contains(&19) && found.iter().any(|nice| *nice < 19)).then_some(())
    });
    // What it takes shows in the next sample of the host, or the one after.
    wait_for("what it takes", || {
        let status = server.json("/api/audio/quick-sync/status/");
        let taken = status["status"]["system"]["background_cpu_percent"].as_f64().unwrap();
        (taken > 0.0).then_some(())
    });
}
