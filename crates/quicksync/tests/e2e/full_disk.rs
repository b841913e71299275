//! A full disk: it plays on, refuses in a sentence what it cannot keep, says why, and recovers.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::harness::{Server, folder, quicksync, segment_urls, subfolder, wait_for};
use crate::music::write_flac;

/// Room for the database and a few segments.
const DISK: &str = "size=8m";

#[test]
fn plays_on_says_why_and_recovers() {
    let Some(own_mounts) = own_mounts() else {
        println!("NOT RUN: this system lets nobody mount a small disk (unshare --mount)");
        return;
    };
    let place = folder();
    let music = subfolder(place.path(), "music");
    write_flac(&music, "a", 600_000);
    let data = subfolder(place.path(), "data");
    let server = start_on_small_disk(own_mounts, place.path(), &data, &music);
    let manifest = server.manifest(&server.tracks(1)[0]);
    let urls: Vec<String> = segment_urls(&manifest).into_iter().map(|(_, url)| url).collect();
    let cached = server.fetch(&urls[0]).unwrap().body;

    let filler = fill(&server, &data);
    assert!(server.fetch(&urls[0]).unwrap().body == cached);
    let (now, later) = urls.split_at(urls.len() / 2);
    now.iter().for_each(|url| assert_eq!(server.fetch(url).unwrap().status, 200, "{url}"));
    let refused = wait_for("a preference to be refused", || {
        let answer = server.prefer("low").or_else(|| server.prefer("high")).unwrap();
        (answer.status != 200).then_some(answer)
    });
    assert_eq!(refused.status, 507, "{}", refused.text());
    assert!(refused.json()["detail"].as_str().unwrap().contains(' '), "{}", refused.text());
    let health = faults(&server);
    assert!(health["faults"].to_string().contains("full"), "{health}");

    fs::remove_file(filler).unwrap();
    wait_for("preferences to be kept again", || {
        server.prefer("medium").filter(|answer| answer.status == 200)
    });
    let preferences = server.json("/api/audio/quick-sync/preferences/");
    assert_eq!(preferences["mode"], "medium");
    later.iter().for_each(|url| assert_eq!(server.fetch(url).unwrap().status, 200, "{url}"));
    wait_for("all to be well again", || (faults(&server)["status"] == "ok").then_some(()));
}

/// How to run something with mounts of its own, if this system allows it.
fn own_mounts() -> Option<&'static [&'static str]> {
    let ways: [&[&str]; 2] = [&["--mount"], &["--mount", "--user", "--map-root-user"]];
    ways.into_iter().find(|way| {
        let script = "mount -t tmpfs -o size=1m tmpfs /tmp";
        let mut command = Command::new("unshare");
        command.args(*way).args(["sh", "-c", script]).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    })
}

fn start_on_small_disk(own_mounts: &[&str], place: &Path, data: &Path, music: &Path) -> Server {
    let script = format!(
        "mount -t tmpfs -o {DISK} tmpfs \"$1\" && shift && \
         printf secret-secret | \"$1\" user add anna --admin --password-stdin --data \"$2\" && \
         \"$1\" token create anna --data \"$2\" > \"$3\" && \
         program=$1 && shift 3 && exec \"$program\" \"$@\""
    );
    let (ready, token) = (place.join("ready"), place.join("token"));
    let serve = Server::command(data, music, &ready);
    let mut command = Command::new("unshare");
    command.args(own_mounts).args(["sh", "-c", &script, "sh"]).arg(data);
    command.arg(quicksync().get_program()).arg(data).arg(&token).args(serve.get_args());
    command.stdout(Stdio::null());
    let server = Server::spawn(command, &ready, "");
    let text = fs::read_to_string(token).unwrap();
    server.with_token(text.lines().last().unwrap())
}

/// Fills what is left of the server's disk, which only the server sees.
fn fill(server: &Server, data: &Path) -> PathBuf {
    let seen = format!("/proc/{}/root{}", server.id(), data.display());
    let path = Path::new(&seen).join("filler");
    let mut file = File::create(&path).unwrap();
    let zeros = [0; 512];
    while file.write_all(&zeros).is_ok() {}
    path
}

fn faults(server: &Server) -> Value {
    server.send("GET", "/readyz", "").json()
}
