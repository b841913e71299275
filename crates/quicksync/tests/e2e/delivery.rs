//! Whole tracks as one file, from the first request on; and what is encoded before anyone asks.

use std::process::Command;

use serde_json::Value;

use crate::harness::{Server, folder, make_user, output, quicksync, subfolder, succeed};
use crate::http::request;
use crate::music::{decoded_samples, write_flac};

/// Three segments and a part of a fourth, which ends inside a packet of either codec.
const SAMPLES: u64 = 44_100 * 13 + 17;

#[test]
fn streams_are_exact_from_the_first_request_on() {
    let place = folder();
    let music = subfolder(place.path(), "music");
    write_flac(&music, "Whole", SAMPLES);
    let data = place.path().join("data");
    let server = Server::start(&data, &music, &make_user(&data));
    let manifest = server.manifest(&server.tracks(1)[0]);
    let samples = manifest["samples"].as_u64().unwrap();
    for codec in ["opus", "mp3"] {
        for quality in ["low", "ultra"] {
            let url = manifest["stream_urls"][codec].as_str().unwrap();
            let url = format!("{url}&quality={quality}");
            // Nothing of it has been encoded: the end comes first.
            let path = server.path_of(&url);
            let part = |range: &str| {
                request(&server.address, "GET", &path, &[("Range", range)], "").unwrap()
            };
            let (tail, middle) = (part("bytes=-1000"), part("bytes=50000-59999"));
            let whole = server.fetch(&url).unwrap();
            assert_eq!((tail.status, middle.status, whole.status), (206, 206, 200), "{url}");
            assert!(whole.body.ends_with(&tail.body) && tail.body.len() == 1000, "{url}");
            assert!(whole.body[50_000..60_000] == middle.body, "{url}");
            assert_eq!(decoded_samples(&url), samples, "{url}");
        }
    }
    downloads_say_what_they_are(&server, &manifest);
}

fn downloads_say_what_they_are(server: &Server, manifest: &Value) {
    let url = manifest["download_url"].as_str().unwrap();
    for codec in ["opus", "mp3"] {
        let url = format!("{url}&quality=medium&codec={codec}");
        let probe = Command::new("ffprobe")
            .args(["-v", "warning", "-show_entries", "format_tags=title:stream_tags=title"])
            .args(["-of", "default=nw=1", &url])
            .output()
            .expect("ffmpeg must be installed: cargo xtask test");
        let said = String::from_utf8_lossy(&probe.stdout);
        assert!(said.to_lowercase().contains("tag:title=whole"), "{url}: {said}");
        assert!(probe.stderr.is_empty(), "{url}: {}", String::from_utf8_lossy(&probe.stderr));
    }
    let original = server.fetch(url).unwrap();
    assert!(original.body.starts_with(b"fLaC"));
}

#[test]
fn encode_fills_the_cache_once() {
    let place = folder();
    let music = subfolder(place.path(), "music");
    write_flac(&music, "First", 44_100 * 5);
    write_flac(&music, "Second", 44_100 * 2);
    let data = place.path().join("data");
    let encode = |more: &[&str]| -> Value {
        let mut command = quicksync();
        command.arg("encode").args(more).arg("--json");
        command.arg("--music").arg(&music).arg("--data").arg(&data);
        serde_json::from_str(&succeed(&mut command, "")).unwrap()
    };
    let mut scan = quicksync();
    succeed(scan.arg("scan").arg("--music").arg(&music).arg("--data").arg(&data), "");
    // Two segments and one.
    let first = encode(&["all", "--quality", "low,medium"]);
    assert_eq!(
        (&first["tracks"], &first["segments"], &first["encoded"]),
        (&2.into(), &6.into(), &6.into())
    );
    let again = encode(&["--quality", "low"]);
    assert_eq!((&again["segments"], &again["encoded"]), (&3.into(), &0.into()));
    let mp3 = encode(&["--quality", "low", "--codec", "mp3"]);
    assert_eq!((&mp3["encoded"], &mp3["problems"]), (&3.into(), &Value::Array(Vec::new())));
    for (more, code, named) in [
        (&["no such album"][..], 1, "no such album"),
        (&["--quality", "best"], 2, "--quality"),
        (&["--cache-disk-bytes", "1000"], 2, "disk_bytes"),
    ] {
        let mut command = quicksync();
        command.arg("encode").args(more).arg("--music").arg(&music).arg("--data").arg(&data);
        let refused = output(&mut command, "");
        let error = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(code), "{more:?}: {error}");
        assert!(error.contains(named), "{more:?}: {error}");
    }
}
