//! What the command line accepts, refuses and answers, with its exit codes.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::thread;

use serde_json::{Value, json};

use crate::harness::{Server, folder, make_user, output, quicksync, subfolder, succeed};
use crate::music::write_flac;

#[test]
fn refusals_are_one_sentence_and_an_exit_code() {
    let place = folder();
    let data = place.path().join("data");
    let config = place.path().join("quicksync.toml");
    fs::write(&config, "[probe]\nenable = true\n").unwrap();
    let (data, config) = (data.to_str().unwrap(), config.to_str().unwrap());
    for (line, code, named) in [
        (&["serve", "--data", data][..], 2, "--music"),
        (&["serve", "--data", data, "--music", "/m", "--config", config], 2, "`enable`"),
        (&["serve", "--data", data, "--music", "/m", "--config", "/none"], 2, "/none"),
        (
            &["serve", "--data", data, "--music", "/m", "--database-url", "postgres://a"],
            2,
            "sqlite",
        ),
        (&["serve", "--data", data, "--music", "/m", "--segments-url", "s3://a"], 2, "file"),
        (&["serve", "--data", data, "--music", "/m", "--public-url", "a.example"], 2, "public_url"),
        (&["serve", "--data", data, "--music", "/m", "--allowed-origins", "x"], 2, "origin"),
        (&["serve", "--data", data, "--music", "/m", "--trusted-proxies", "x"], 2, "--trusted"),
        (&["serve", "--data", data, "--music", "/m", "--listen", "192.0.2.1:1"], 1, "192.0.2.1:1"),
        (&["serve", "--listen", "nonsense"], 2, "--listen"),
        (&["serve", "--encode-workers", "0"], 2, "--encode-workers"),
        (&["serve", "--data", "/proc/none", "--music", "/m"], 1, "/proc/none"),
        (&["user", "passwd", "nobody", "--password-stdin", "--data", data], 1, "nobody"),
        (&["user", "add", "anna", "--data", data], 2, "--password-stdin"),
        (&["user", "add", " anna", "--password-stdin", "--data", data], 2, "name"),
        (&["user", "add", "anna", "--password-stdin", "--data", data], 2, "password"),
        (&["token", "create", "nobody", "--data", data], 1, "nobody"),
        (&["speedtest", "--url", "ftp://a"], 1, "ftp"),
        (&["replay", "/none"], 1, "/none"),
        (&["replay", config], 1, "not a decision log"),
        (&["simulate", "--traces", "/none", "--ladder", "64,256"], 2, "64,256"),
        (&["dance"], 2, "dance"),
    ] {
        let output = output(quicksync().env("HOME", place.path()).args(line), "short\n");
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{line:?}: {error}");
        assert!(error.contains(named), "{line:?}: {error}");
    }
}

#[test]
fn users_are_made_listed_and_known_once() {
    let place = folder();
    let data = place.path().join("data");
    let token = make_user(&data);
    assert!(token.starts_with("qst_") && !token.contains(' '), "{token}");
    let list = succeed(quicksync().args(["user", "list", "--json"]).arg("--data").arg(&data), "");
    assert!(list.starts_with("[{\"name\":\"anna\",\"is_admin\":true"), "{list}");
    let again = ["user", "add", "ANNA", "--password-stdin"];
    let refused = output(quicksync().args(again).arg("--data").arg(&data), "long enough");
    assert_eq!(refused.status.code(), Some(1));
    let passwd = ["user", "passwd", "anna", "--password-stdin"];
    succeed(quicksync().args(passwd).arg("--data").arg(&data), "another password\n");
}

#[test]
fn one_server_has_the_data_folder_and_ends_when_told() {
    let place = folder();
    let (data, music) = (place.path().join("data"), subfolder(place.path(), "music"));
    let server = Server::start(&data, &music, &make_user(&data));
    for command in ["serve", "scan"] {
        let mut second = quicksync();
        second.arg(command).arg("--data").arg(&data).arg("--music").arg(&music);
        let refused = output(&mut second, "");
        assert_eq!(refused.status.code(), Some(3), "{command}");
    }
    // Accounts can be changed meanwhile.
    succeed(quicksync().args(["user", "list"]).arg("--data").arg(&data), "");
    assert_eq!(server.send("GET", "/healthz", "").status, 200);
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn a_scan_says_what_it_found_and_what_it_could_not_read() {
    let place = folder();
    let (data, music) = (place.path().join("data"), subfolder(place.path(), "music"));
    write_flac(&music, "a", 50_000);
    fs::write(music.join("broken.mp3"), b"not one frame").unwrap();
    let scan = || {
        let mut command = quicksync();
        command.args(["scan", "--json", "--music"]).arg(&music).arg("--data").arg(&data);
        serde_json::from_str::<Value>(&succeed(&mut command, "")).unwrap()
    };
    let first = scan();
    assert_eq!((&first["found"], &first["tracks"]), (&json!(2), &json!(1)), "{first}");
    let problem = &first["problems"][0];
    assert!(problem["path"].as_str().unwrap().ends_with("broken.mp3"), "{problem}");
    assert!(problem["reason"].as_str().unwrap().contains(' '), "{problem}");
    let second = scan();
    assert_eq!((&second["read"], &second["tracks"]), (&json!(0), &json!(1)), "{second}");
}

#[test]
fn a_speed_test_measures_the_target_it_is_given() {
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/file", target.local_addr().unwrap());
    let serving = thread::spawn(move || {
        let (mut stream, _) = target.accept().unwrap();
        let mut head = [0; 1024];
        assert!(stream.read(&mut head).unwrap() > 0);
        let body = vec![7; 300_000];
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).unwrap();
        stream.write_all(&body).unwrap();
    });
    let place = folder();
    let mut command = quicksync();
    command.args(["speedtest", "--json", "--url", &url]).env("HOME", place.path());
    let report: Value = serde_json::from_str(&succeed(&mut command, "")).unwrap();
    serving.join().unwrap();
    assert_eq!(report["bytes"], 300_000, "{report}");
    assert!(report["network_speed_mbps"].as_f64().unwrap() > 0.0, "{report}");
    // Nobody listens there any more.
    let failed = output(&mut command, "");
    assert_eq!(failed.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&failed.stdout).unwrap();
    assert!(report["network_speed_mbps"].is_null(), "{report}");
}

#[test]
fn the_first_start_prints_a_link_and_names_what_it_contacts() {
    let place = folder();
    let music = subfolder(place.path(), "music");
    for (probe, is_named) in [("true", true), ("false", false)] {
        let (server, said) = first_start(place.path(), &music, probe);
        assert!(said.contains(&format!("http://{}/", server.address)), "{said}");
        assert!(said.contains("/setup#"), "{said}");
        assert_eq!(said.contains("speed.cloudflare.com"), is_named, "{said}");
        assert_eq!(server.terminate(), Some(0));
    }
}

#[test]
fn the_link_makes_one_administrator_once() {
    let place = folder();
    let music = subfolder(place.path(), "music");
    let (server, said) = first_start(place.path(), &music, "false");
    let secret = said.split_once("/setup#").unwrap().1.split_whitespace().next().unwrap();
    let set_up = |secret: &str, name: &str| {
        let body = json!({ "secret": secret, "name": name, "password": "long enough" });
        server.send("POST", "/api/auth/setup/", &body.to_string()).status
    };
    assert_eq!(set_up("guessed", "mallory"), 403);
    assert_eq!(set_up(secret, "anna"), 200);
    assert!(set_up(secret, "mallory") >= 400);
    server.kill();
    let (_server, said) = first_start(place.path(), &music, "false");
    assert!(!said.contains("/setup#"), "{said}");
}

/// A server that is told everything by its environment, and what it prints before it answers.
fn first_start(place: &Path, music: &Path, probe: &str) -> (Server, String) {
    let (ready, said) = (place.join("ready"), place.join("said"));
    let mut command = quicksync();
    command.args(["serve", "--listen", "127.0.0.1:0"]).env("HOME", place);
    command.env("QUICKSYNC_MUSIC", music).env("QUICKSYNC_PROBE_ENABLED", probe);
    command.arg("--ready-file").arg(&ready).stdout(fs::File::create(&said).unwrap());
    let server = Server::spawn(command, &ready, "none");
    let said = fs::read_to_string(said).unwrap();
    (server, said)
}
