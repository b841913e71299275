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
    let mut seed = 0x5eed;
    for codec in ["opus", "mp3"] {
        for quality in ["low", "ultra"] {
            let url = manifest["stream_urls"][codec].as_str().unwrap();
            let url = format!("{url}&quality={quality}");
            ranges_are_slices(&server, &url, &mut seed);
            assert_eq!(decoded_samples(&url), samples, "{url}");
        }
        let url = manifest["download_url"].as_str().unwrap();
        ranges_are_slices(&server, &format!("{url}&quality=medium&codec={codec}"), &mut seed);
    }
    for url in [&manifest["download_url"], &manifest["original"]["url"]] {
        ranges_are_slices(&server, url.as_str().unwrap(), &mut seed);
    }
    downloads_say_what_they_are(&server, &manifest);
}

/// More than the head of a file without a cover has.
const HEAD_BYTES: usize = 2000;

/// Parts at random of what nobody asked for before, the end first; then the whole.
fn ranges_are_slices(server: &Server, url: &str, seed: &mut u64) {
    let path = server.path_of(url);
    let ask = |method: &str, range: &str| {
        request(&server.address, method, &path, &[("Range", range)], "").unwrap()
    };
    let tail = ask("GET", "bytes=-1000");
    let size: usize = tail.field("content-range").rsplit('/').next().unwrap().parse().unwrap();
    // Knuth's constants (MMIX).
    let mut below = |end: usize| {
        *seed =
            seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*seed >> 33).unwrap() % end
    };
    let parts: Vec<_> = (0..8)
        .map(|_| {
            let (first, length) = (below(size), 1 + below(40_000));
            let last = (first + length - 1).min(size - 1);
            (first, last, ask("GET", &format!("bytes={first}-{last}")))
        })
        .collect();
    let whole = server.fetch(url).unwrap();
    assert_eq!((tail.status, whole.status, whole.body.len()), (206, 200, size), "{url}");
    assert!(whole.body.ends_with(&tail.body) && tail.body.len() == 1000, "{url}");
    for (first, last, part) in parts {
        let place = format!("bytes {first}-{last}/{size}");
        assert_eq!((part.status, part.field("content-range")), (206, &*place), "{url}");
        // The head alone changes when the loudness becomes known, and with it the tag.
        let is_same = part.field("etag") == whole.field("etag") || first > HEAD_BYTES;
        assert!(!is_same || part.body == whole.body[first..=last], "{url}: {place}");
    }
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
