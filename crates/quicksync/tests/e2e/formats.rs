//! Every format: scanned, tagged, measured, and played at every rung by a decoder that is not ours.

use serde_json::Value;

use crate::harness::{Server, folder, make_user, subfolder, wait_for};
use crate::music::{FORMATS, SAMPLES, decoded_bits, decoded_samples, write};

/// An Opus packet.
const PACKET: u64 = 960;

#[test]
fn every_format_is_listed_and_plays_to_the_sample() {
    let place = folder();
    let music = subfolder(place.path(), "music");
    FORMATS.iter().for_each(|format| write(&music, format));
    std::fs::write(music.join("broken.flac"), b"fLaC, but no more of it").unwrap();
    let data = place.path().join("data");
    let server = Server::start(&data, &music, &make_user(&data));
    server.ignore_load();
    let tracks = server.tracks(FORMATS.len());
    for format in FORMATS {
        let title = format!("Piece in {}", format.extension);
        let track = tracks.iter().find(|track| track["title"] == title.as_str());
        let track = track.unwrap_or_else(|| panic!("no {title} in {tracks:?}"));
        assert_eq!(track["artist"], "Ärzte & Co", "{title}");
        assert_eq!(track["album"], "Formats", "{title}");
        assert_eq!(track["codec"], format.codec, "{title}");
        assert_eq!(track["sample_rate"], format.rate, "{title}");
        let manifest = server.manifest(track);
        // Opus' own resampler may keep the last, partial sample or not.
        let samples = manifest["samples"].as_u64().unwrap();
        let exact = (SAMPLES * 48_000).div_ceil(44_100);
        assert!(samples == exact || (format.codec == "opus" && samples.abs_diff(exact) <= 1));
        let ladder = manifest["ladder"].as_array().unwrap();
        assert!(format.qualities == 0 || ladder.len() == format.qualities, "{title}: {ladder:?}");
        plays(&server, manifest["hls_url"].as_str().unwrap(), ladder.len(), samples);
        let file = music.join(format!("{0}.{0}", format.extension));
        loses_nothing(&server, &manifest, &file.display().to_string());
    }
    problems_are_named(&server);
}

/// Every variant of a multivariant playlist, whole.
fn plays(server: &Server, url: &str, rungs: usize, samples: u64) {
    let base = absolute(server, url);
    let variants = lines_of(server, &base);
    assert_eq!(variants.len(), rungs, "{url}");
    for variant in variants {
        let variant = resolve(&base, &variant);
        let text = server.fetch(&variant).unwrap().text();
        let durations = text.lines().filter_map(|line| line.strip_prefix("#EXTINF:"));
        let sum: u64 = durations.map(samples_of).sum();
        assert_eq!(sum, samples, "{variant}");
        assert_eq!(decoded_samples(&variant), samples.next_multiple_of(PACKET), "{variant}");
    }
}

/// The lossless rendition, through both kinds of manifest, bit for bit the file; or why there is none.
fn loses_nothing(server: &Server, manifest: &Value, file: &str) {
    let set = &manifest["lossless"];
    if !matches!(manifest["original"]["codec"].as_str(), Some("flac" | "pcm" | "alac")) {
        assert!(set.is_null() && manifest["lossless_missing"].is_string(), "{file}: {set}");
        return;
    }
    // A WAV file does not say which channel is which, of which ffmpeg warns.
    let expected = decoded_bits(file, "error");
    for url in ["hls_url", "dash_url"] {
        let found = decoded_bits(&absolute(server, set[url].as_str().unwrap()), "warning");
        assert!(found == expected, "{url} of {file}: {} of {}", found.len(), expected.len());
    }
}

/// `3.840000,` in samples.
fn samples_of(duration: &str) -> u64 {
    let (seconds, _) = duration.split_once(',').unwrap();
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let nanoseconds: u64 = format!("{fraction:0<9}")[..9].parse().unwrap();
    whole.parse::<u64>().unwrap() * 48_000 + (nanoseconds * 48_000 + 500_000_000) / 1_000_000_000
}

/// The URLs in a playlist.
fn lines_of(server: &Server, url: &str) -> Vec<String> {
    let answer = server.fetch(url).unwrap();
    assert_eq!(answer.status, 200, "{url}: {}", answer.text());
    let text = answer.text();
    let urls = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    urls.map(str::to_owned).collect()
}

fn absolute(server: &Server, url: &str) -> String {
    resolve(&format!("http://{}/", server.address), url)
}

fn resolve(base: &str, url: &str) -> String {
    url::Url::parse(base).unwrap().join(url).unwrap().into()
}

fn problems_are_named(server: &Server) {
    let problems = wait_for("the broken file to be named", || {
        let list = server.json("/api/library/problems/");
        (list["count"] == 1).then_some(list)
    });
    let problem = &problems["results"][0];
    assert!(problem["path"].as_str().unwrap().ends_with("broken.flac"), "{problem}");
    assert!(!problem["reason"].as_str().unwrap().is_empty(), "{problem}");
}
