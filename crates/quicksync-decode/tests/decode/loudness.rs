//! Loudness and true peak against the test signals of the standard and against a reference meter.

use std::f64::consts::TAU;
use std::path::Path;

use quicksync_decode::{Measurement, album_loudness, analyse, measure};

use crate::media::{FORMATS, Shelf, reference_loudness, wav};
use crate::mutate::fix_ogg_checksums;

fn measured(path: &Path) -> Measurement {
    measure(path, analyse(path).unwrap().samples).unwrap()
}

/// Hz, peak level in dBFS, seconds.
type Tone = (f64, f64, f64);

/// A stereo float WAV of sines one after the other.
fn sines(shelf: &Shelf, name: &str, rate: u32, parts: &[Tone]) -> std::path::PathBuf {
    let mut body = Vec::new();
    let mut phase = 0.0_f64;
    for (pitch, level, seconds) in parts {
        let amplitude = 10_f64.powf(level / 20.0);
        for _ in 0..(seconds * f64::from(rate)).round() as u64 {
            phase = (phase + pitch / f64::from(rate)).fract();
            let sample = ((TAU * phase).sin() * amplitude) as f32;
            body.extend([sample.to_le_bytes(), sample.to_le_bytes()].concat());
        }
    }
    shelf.put(name, &wav(3, 2, rate, 32, &body))
}

/// EBU Tech 3341 (2023), table 1, cases 1 to 5; and the first at every rate that we play.
#[test]
fn the_standards_signals_have_their_loudness() {
    let shelf = Shelf::new();
    let tone = |level: f64, seconds: f64| (1000.0, level, seconds);
    let cases: [(u32, &[Tone], f64); 9] = [
        (48_000, &[tone(-23.0, 20.0)], -23.0),
        (48_000, &[tone(-33.0, 20.0)], -33.0),
        (48_000, &[tone(-36.0, 10.0), tone(-23.0, 60.0), tone(-36.0, 10.0)], -23.0),
        (
            16_000,
            &[
                tone(-72.0, 10.0),
                tone(-36.0, 10.0),
                tone(-23.0, 60.0),
                tone(-36.0, 10.0),
                tone(-72.0, 10.0),
            ],
            -23.0,
        ),
        (48_000, &[tone(-26.0, 20.0), tone(-20.0, 20.1), tone(-26.0, 20.0)], -23.0),
        (8_000, &[tone(-23.0, 20.0)], -23.0),
        (44_100, &[tone(-23.0, 10.0)], -23.0),
        (96_000, &[tone(-23.0, 5.0)], -23.0),
        (192_000, &[tone(-23.0, 5.0)], -23.0),
    ];
    for (rate, parts, expected) in cases {
        let found = measured(&sines(&shelf, "case.wav", rate, parts));
        let lufs = found.integrated_lufs.unwrap();
        assert!((lufs - expected).abs() <= 0.1, "{parts:?} at {rate}: {lufs}");
        // The counts alone give the same.
        let album = album_loudness([(found.blocks.as_slice(), found.loudness())]).unwrap();
        assert!((album.integrated_lufs - lufs).abs() <= 0.03, "{parts:?} at {rate}: {album:?}");
    }
}

/// One sample that is no number would be in the meter's filters for good.
#[test]
fn damage_in_a_file_of_floats_is_measured_as_it_is_heard() {
    let shelf = Shelf::new();
    let file = |name: &str, damaged: [f32; 4]| {
        let mut samples: Vec<f32> = (0..96_000_u32)
            .flat_map(|n| [((TAU * 997.0 * f64::from(n) / 48_000.0).sin() * 0.2) as f32; 2])
            .collect();
        for (n, value) in damaged.into_iter().enumerate() {
            samples[40_000 + 30 * n] = value;
        }
        let body: Vec<u8> = samples.into_iter().flat_map(f32::to_le_bytes).collect();
        measured(&shelf.put(name, &wav(3, 2, 48_000, 32, &body)))
    };
    let damaged = file("damaged.wav", [f32::NAN, f32::INFINITY, 1e30, -1e9]);
    assert_eq!(damaged, file("heard.wav", [0.0, 0.0, 8.0, -8.0]));
    assert!(damaged.loudness().is_some_and(|l| l.true_peak_dbtp < 24.0), "{damaged:?}");
}

/// EBU Tech 3341 (2023), table 1, cases 15 to 19: peaks between the samples.
#[test]
fn the_standards_signals_have_their_true_peak() {
    let shelf = Shelf::new();
    for (divisor, amplitude, degrees, expected) in [
        (4.0, 0.5, 0.0, -6.0),
        (4.0, 0.5, 45.0, -6.0),
        (6.0, 0.5, 60.0, -6.0),
        (8.0, 0.5, 67.5, -6.0),
        (4.0, 1.41, 45.0, 3.0),
    ] {
        let sample = |n: u32| {
            let angle = TAU * (f64::from(n) / divisor + degrees / 360.0);
            // Eased in and out, as a sine that starts at once has higher peaks.
            let ease = f64::from(n.min(48_000 - n)).min(4800.0) / 4800.0;
            (angle.sin() * amplitude * ease) as f32
        };
        let body: Vec<u8> =
            (0..48_000).flat_map(|n| [sample(n), sample(n)]).flat_map(f32::to_le_bytes).collect();
        let found = measured(&shelf.put("peak.wav", &wav(3, 2, 48_000, 32, &body)));
        let peak = found.true_peak_dbtp.unwrap();
        assert!((-0.4..=0.2).contains(&(peak - expected)), "1/{divisor} {degrees}: {peak}");
    }
}

#[test]
fn every_format_is_as_loud_as_the_reference_says() {
    let shelf = Shelf::new();
    for format in &FORMATS {
        let path = format.encode(&shelf, 4 * format.rate);
        let found = measured(&path).loudness().unwrap();
        let (lufs, peak) = reference_loudness(&path, format.channels);
        let name = format.name;
        assert!((found.integrated_lufs - lufs).abs() <= 0.1, "{name}: {found:?} {lufs}");
        assert!((found.true_peak_dbtp - peak).abs() <= 0.3, "{name}: {found:?} {peak}");
        println!("{name}: {:.2} LUFS, reference {lufs}", found.integrated_lufs);
    }
}

#[test]
fn silence_and_moments_have_no_loudness() {
    let shelf = Shelf::new();
    let silent = measured(&shelf.put("silent.wav", &wav(1, 2, 48_000, 16, &[0; 4 * 96_000])));
    assert_eq!(
        (silent.integrated_lufs, silent.true_peak_dbtp, silent.loudness()),
        (None, None, None)
    );
    let short = measured(&sines(&shelf, "short.wav", 48_000, &[(1000.0, -20.0, 0.3)]));
    assert_eq!(short.integrated_lufs, None);
    assert!((short.true_peak_dbtp.unwrap() + 20.0).abs() < 0.1);
    assert_eq!(album_loudness([(short.blocks.as_slice(), None)]), None);
}

#[test]
fn padding_is_no_part_of_it() {
    let shelf = Shelf::new();
    // Loud only after the end of the track that is measured.
    let path = sines(&shelf, "tail.wav", 48_000, &[(1000.0, -40.0, 2.0), (1000.0, 0.0, 2.0)]);
    let found = measure(&path, 2 * 48_000 - 100).unwrap();
    assert!((found.integrated_lufs.unwrap() + 40.0).abs() < 0.1, "{found:?}");
    assert!((found.true_peak_dbtp.unwrap() + 40.0).abs() < 0.1, "{found:?}");
}

/// The output gain of an Opus header (RFC 7845 §5.1) is heard once, so it counts once.
#[test]
fn an_output_gain_makes_it_as_much_louder() {
    let shelf = Shelf::new();
    let plain = FORMATS.iter().find(|format| format.name == "stereo.opus").unwrap();
    let path = plain.encode(&shelf, 3 * 48_000);
    let mut file = std::fs::read(&path).unwrap();
    let head = file.windows(8).position(|word| word == b"OpusHead").unwrap();
    let gain_db = -6.5_f64;
    let gain = ((gain_db * 256.0) as i16).to_le_bytes();
    file[head + 16..head + 18].copy_from_slice(&gain);
    fix_ogg_checksums(&mut file);
    let softer = measured(&shelf.put("softer.opus", &file)).integrated_lufs.unwrap();
    let louder = measured(&path).integrated_lufs.unwrap();
    assert!((louder + gain_db - softer).abs() < 0.01, "{louder} {softer}");
}
