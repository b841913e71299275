//! Two tracks of an album, fetched one after the other as a player does: nothing is lost at the join,
//! and it is heard no more than any other instant.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::harness::{Server, folder, make_user, subfolder};
use crate::music::write_piece;

/// Frames of the music, at 48 kHz: two segments and a part of a third.
const FRAMES: u64 = 450_001;
/// Where it is cut in two, each in another album.
const CUTS: [u64; 3] = [100_013, 200_500, 300_007];
/// Frames in the 20 ms before and after a join.
const NEAR: usize = 960;
/// dB that the error around a join may be above that of the same music without one, on average.
const LIMIT_DB: f64 = 1.5;

#[test]
fn the_join_of_two_tracks_fetched_singly_is_not_heard() {
    let place = folder();
    let music = subfolder(place.path(), "music");
    write_piece(&music, "whole", "Whole", 1, 0..FRAMES);
    for (n, cut) in CUTS.into_iter().enumerate() {
        write_piece(&music, &format!("{n} a"), &format!("Cut {n}"), 1, 0..cut);
        write_piece(&music, &format!("{n} b"), &format!("Cut {n}"), 2, cut..FRAMES);
    }
    let source = decoded(&music.join("whole.flac"));
    let data = place.path().join("data");
    let server = Server::start(&data, &music, &make_user(&data));
    let tracks = server.tracks(1 + 2 * CUTS.len());
    let of =
        |title: &str| server.manifest(tracks.iter().find(|track| track["title"] == title).unwrap());
    let whole = of("whole");
    for rung in [0, 2] {
        let uncut = played(&server, place.path(), &[&whole], rung);
        let mut excess = Vec::new();
        for (n, cut) in CUTS.into_iter().enumerate() {
            let (first, second) = (of(&format!("{n} a")), of(&format!("{n} b")));
            assert_eq!(first["joins"]["next_track_id"], second["track_id"]);
            assert_eq!(second["joins"]["previous_track_id"], first["track_id"]);
            let joined = played(&server, place.path(), &[&first, &second], rung);
            assert_eq!(joined.len(), source.len(), "a sample lost or added");
            let cut = usize::try_from(cut).unwrap();
            let error = |stream: &[f32]| {
                let range = 2 * (cut - NEAR)..2 * (cut + NEAR);
                let pairs = stream[range.clone()].iter().zip(&source[range]);
                pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>()
            };
            excess.push(10.0 * (error(&joined) / error(&uncut)).log10());
        }
        let mean = excess.iter().sum::<f64>() / 3.0;
        println!("rung {rung}: {excess:.2?} dB over the uncut music, {mean:+.2} on average");
        assert!(mean <= LIMIT_DB, "{excess:.2?}");
    }
}

/// What a player gives out that has one decoder: each track to its exact end, and before each but the
/// first that track's warm-up, which it leaves out.
fn played(server: &Server, folder: &Path, manifests: &[&Value], rung: usize) -> Vec<f32> {
    let rung_of = |manifest: &Value| manifest["ladder"][rung].clone();
    let fetch = |url: &Value| server.fetch(url.as_str().unwrap()).unwrap().body;
    let mut file = fetch(&rung_of(manifests[0])["init_url"]);
    let (mut at, mut kept) = (0, Vec::new());
    for (n, manifest) in manifests.iter().enumerate() {
        let rung = rung_of(manifest);
        if n > 0 {
            file.extend(placed(fetch(&rung["warm_up_url"]), at));
            at += manifest["joins"]["warm_up_samples"].as_u64().unwrap();
        }
        let samples = manifest["samples"].as_u64().unwrap();
        let template = rung["segment_url"].as_str().unwrap();
        for index in 0..manifest["segments"].as_u64().unwrap() {
            let segment = server.fetch(&template.replace("{n}", &index.to_string())).unwrap();
            assert_eq!(segment.status, 200, "{}", segment.text());
            file.extend(placed(segment.body, at));
        }
        kept.push(at..at + samples);
        // The reference decoder plays the last packet whole.
        at += samples.next_multiple_of(960);
    }
    let path = folder.join("joined.mp4");
    fs::write(&path, file).unwrap();
    let all = decoded(&path);
    let part = |range: std::ops::Range<u64>| {
        let at = |frame: u64| 2 * usize::try_from(frame).unwrap();
        all[at(range.start)..at(range.end)].to_vec()
    };
    kept.into_iter().flat_map(part).collect()
}

/// A segment moved to `by` samples later on the timeline.
fn placed(mut segment: Vec<u8>, by: u64) -> Vec<u8> {
    let tfdt = segment.windows(4).position(|name| name == b"tfdt").unwrap();
    assert_eq!(segment[tfdt + 4], 1, "64 bits of time");
    let time = &mut segment[tfdt + 8..tfdt + 16];
    let moved = u64::from_be_bytes((&*time).try_into().unwrap()) + by;
    time.copy_from_slice(&moved.to_be_bytes());
    segment
}

/// What ffmpeg decodes, as interleaved stereo at 48 kHz.
fn decoded(path: &Path) -> Vec<f32> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-i"]).arg(path);
    command.args(["-f", "f32le", "-ac", "2", "-ar", "48000", "-"]);
    let output = command.output().expect("ffmpeg must be installed: cargo xtask test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
        .stdout
        .chunks_exact(4)
        .map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()))
        .collect()
}
