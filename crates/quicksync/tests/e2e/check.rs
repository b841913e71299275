//! `quicksync check` over every format at its odd rates, depths and channel counts.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::harness::{folder, output, quicksync, succeed};

/// Extension, options of ffmpeg, and the (Hz, layout) pairs that are made of it.
type Kind = (&'static str, &'static [&'static str], &'static [(u32, &'static str)]);

const EVERYTHING: &[(u32, &str)] =
    &[(8_000, "mono"), (44_100, "stereo"), (96_000, "5.1"), (192_000, "mono")];
const KINDS: &[Kind] = &[
    ("flac", &["-sample_fmt", "s16"], EVERYTHING),
    ("flac", &["-sample_fmt", "s32", "-bits_per_raw_sample", "24"], EVERYTHING),
    ("wav", &["-c:a", "pcm_u8"], EVERYTHING),
    ("wav", &["-c:a", "pcm_s16le"], EVERYTHING),
    ("wav", &["-c:a", "pcm_s24le"], EVERYTHING),
    ("wav", &["-c:a", "pcm_s32le"], EVERYTHING),
    ("wav", &["-c:a", "pcm_f32le"], EVERYTHING),
    ("wav", &["-c:a", "pcm_f64le"], EVERYTHING),
    ("wav", &["-c:a", "pcm_s16le", "-rf64", "always"], EVERYTHING),
    ("wav", &["-c:a", "pcm_alaw"], &[(8_000, "mono"), (44_100, "stereo")]),
    ("aiff", &["-c:a", "pcm_s24be"], EVERYTHING),
    ("m4a", &["-c:a", "alac"], &[(8_000, "mono"), (44_100, "stereo"), (96_000, "5.1")]),
    ("mp3", &["-c:a", "libmp3lame", "-q:a", "3"], &[(8_000, "mono"), (44_100, "stereo")]),
    ("ogg", &["-c:a", "libvorbis"], &[(8_000, "mono"), (44_100, "stereo"), (48_000, "5.1")]),
    ("opus", &["-c:a", "libopus"], &[(48_000, "mono"), (48_000, "stereo"), (48_000, "5.1")]),
    ("m4a", &["-c:a", "aac", "-aac_pns", "0"], &[(8_000, "mono"), (96_000, "stereo")]),
];

/// A second of sound.
fn make(path: &Path, rate: u32, layout: &str, options: &[&str]) {
    let voices = match layout {
        "mono" => "0.3*sin(2*PI*(300+40*t)*t)",
        "stereo" => "0.3*sin(2*PI*(300+40*t)*t)|0.2*sin(2*PI*440*t)",
        _ => {
            "0.3*sin(2*PI*300*t)|0.2*sin(2*PI*440*t)|0.2*sin(2*PI*90*t)|0.1*sin(2*PI*50*t)|\
             0.1*sin(2*PI*700*t)|0.1*sin(2*PI*900*t)"
        }
    };
    let samples = rate + 7;
    let source = format!("aevalsrc='{voices}':s={rate}:c={layout},atrim=end_sample={samples}");
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-f", "lavfi", "-i", &source])
        .args(options)
        .arg(path)
        .status()
        .expect("ffmpeg must be installed: cargo xtask test");
    assert!(status.success(), "ffmpeg cannot make {}", path.display());
}

fn claims(reports: &Value) -> Vec<(String, String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |report: &Value| -> Vec<_> {
        let claims = report["claims"].as_array().unwrap().iter();
        let row = |claim: &Value| {
            let (name, detail) = (text(&claim["name"]), text(&claim["detail"]));
            (text(&report["file"]), name, text(&claim["verdict"]), detail)
        };
        claims.map(row).collect()
    };
    reports.as_array().unwrap().iter().flat_map(of).collect()
}

#[test]
fn every_kind_of_file_decodes_as_the_reference_does() {
    let place = folder();
    let mut files: Vec<PathBuf> = Vec::new();
    for (n, (extension, options, shapes)) in KINDS.iter().enumerate() {
        for (rate, layout) in *shapes {
            let path = place.path().join(format!("{n}-{rate}-{layout}.{extension}"));
            make(&path, *rate, layout, options);
            files.push(path);
        }
    }
    let mut command = quicksync();
    command.args(["check", "--json", "--segments", "0"]).args(&files);
    let answer = output(&mut command, "");
    let reports: Value = serde_json::from_slice(&answer.stdout).unwrap();
    let claims = claims(&reports);
    let wrong: Vec<_> = claims.iter().filter(|(_, _, verdict, _)| verdict == "fail").collect();
    assert!(wrong.is_empty() && answer.status.success(), "{wrong:#?}");
    for wanted in ["format", "length", "ranges", "reference decode", "loudness"] {
        let held =
            claims.iter().filter(|(_, name, verdict, _)| name == wanted && verdict != "not_run");
        let count = held.count();
        assert_eq!(count, files.len(), "{wanted}: {claims:#?}");
    }
}

#[test]
fn segments_and_switches_are_checked_and_damage_is_told() {
    let place = folder();
    let path = place.path().join("a.flac");
    make(&path, 44_100, "stereo", &[]);
    let table = succeed(quicksync().args(["check", "--segments", "2"]).arg(&path), "");
    for wanted in ["opus segments", "opus switches", "flac segments", "flac samples"] {
        let line = table.lines().find(|line| line.contains(wanted)).unwrap();
        assert!(line.contains("pass"), "{table}");
    }
    // Without a reference nothing fails, and it is said aloud.
    let line = ["check", "--segments", "0", "--reference", "/none"];
    let answer = output(quicksync().args(line).arg(&path), "");
    assert!(answer.status.success());
    assert!(String::from_utf8(answer.stdout).unwrap().contains("NOT RUN"));
    assert!(String::from_utf8(answer.stderr).unwrap().contains("/none is not there"));
    let broken = place.path().join("broken.flac");
    std::fs::write(&broken, "no sound").unwrap();
    let answer = output(quicksync().args(["check"]).arg(&broken), "");
    assert_eq!(answer.status.code(), Some(1));
    assert!(String::from_utf8(answer.stdout).unwrap().contains("FAIL"));
}
