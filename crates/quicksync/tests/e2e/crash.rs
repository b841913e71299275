//! Killed at any instant: it starts again, keeps what it acknowledged, and serves nothing half-done.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::harness::{Server, folder, make_user, segment_urls, subfolder};
use crate::music::write_flac;

const KILLS: u64 = 20;
const MODES: [&str; 4] = ["low", "medium", "high", "ultra"];

#[test]
fn killed_twenty_times_while_it_scans_and_encodes() {
    let place = folder();
    let music = subfolder(place.path(), "music");
    for (name, samples) in [("a", 400_000), ("b", 500_123), ("c", 12_345)] {
        write_flac(&music, name, samples);
    }
    let data = place.path().join("data");
    let token = make_user(&data);
    let mut acknowledged = "auto".to_owned();
    for round in 0..KILLS {
        // A new file in every round: there is always something to scan.
        write_flac(&music, &format!("new {round}"), 50_000 + round * 1000);
        let server = Server::start(&data, &music, &token);
        let preferences = server.json("/api/audio/quick-sync/preferences/");
        assert_eq!(preferences["mode"], acknowledged.as_str(), "round {round}");
        acknowledged = busy_until_killed(server, round, &acknowledged);
    }
    let after = segments(&Server::start(&data, &music, &token));
    for (name, bytes) in &reference(&place.path().join("reference"), &music) {
        assert!(after[name] == *bytes, "segment {name} differs after {KILLS} kills");
    }
}

/// Asks for segments and changes preferences until the kill; gives the last acknowledged mode.
fn busy_until_killed(server: Server, round: u64, before: &str) -> String {
    let delay = Duration::from_millis(round * 37 % 300);
    let acknowledged = thread::scope(|scope| {
        let (server, asking) = (&server, &server);
        let changing = scope.spawn(move || {
            let mut last = before.to_owned();
            for mode in MODES.iter().cycle().skip(usize::try_from(round % 4).unwrap()).take(8) {
                match server.prefer(mode) {
                    Some(answer) if answer.status == 200 => last = (*mode).to_owned(),
                    other => panic!("{other:?}"),
                }
            }
            last
        });
        scope.spawn(move || {
            let list = asking.json("/api/tracks/?page_size=500");
            for track in list["results"].as_array().unwrap().iter().take(2) {
                let path = format!("/api/tracks/{}/manifest/", track["id"].as_str().unwrap());
                let answer = asking.send("GET", &path, "");
                let urls = (answer.status == 200).then(|| segment_urls(&answer.json()));
                for (_, url) in urls.iter().flatten().skip(usize::try_from(round).unwrap()).take(3)
                {
                    let _may_be_refused = asking.fetch(url);
                }
            }
        });
        changing.join().unwrap()
    });
    // Encoding ahead, writing to disk and scanning go on meanwhile: no instant is like another.
    thread::sleep(delay);
    server.kill();
    acknowledged
}

/// What an undisturbed server makes of the same music.
fn reference(data: &Path, music: &Path) -> BTreeMap<String, Vec<u8>> {
    segments(&Server::start(data, music, &make_user(data)))
}

/// Every segment of the three tracks that were there from the start, once all are known: the last of
/// them is encoded towards the one that follows it.
fn segments(server: &Server) -> BTreeMap<String, Vec<u8>> {
    crate::harness::wait_for("every track", || {
        let list = server.json("/api/tracks/?page_size=1");
        (list["count"] == 3 + KILLS).then_some(())
    });
    let mut found = BTreeMap::new();
    for name in ["a", "b", "c"] {
        let track = crate::harness::wait_for("the track", || {
            let list = server.json("/api/tracks/?page_size=500");
            let tracks = list["results"].as_array().unwrap();
            tracks.iter().find(|track| track["title"] == name).cloned()
        });
        for (segment, url) in segment_urls(&server.manifest(&track)) {
            let answer = server.fetch(&url).unwrap();
            assert_eq!(answer.status, 200, "{name} {segment}: {}", answer.text());
            found.insert(format!("{name} {segment}"), answer.body);
        }
    }
    found
}
