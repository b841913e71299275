//! Chained Ogg files play whole, and MP3 files are entered anywhere, joined ones too.

use std::path::{Path, PathBuf};

use quicksync_decode::{DecodeError, analyse, decode, measure, probe};

use crate::media::Shelf;
use crate::mutate::Lcg;

/// Codec by its file name, and the options that make it.
const CHAINED: [(&str, &[&str], u32); 3] = [
    ("vorbis.ogg", &["-c:a", "libvorbis", "-q:a", "4"], 44_100),
    ("opus.opus", &["-c:a", "libopus", "-b:a", "64k"], 48_000),
    ("flac.oga", &["-c:a", "flac"], 44_100),
];

fn bits(samples: &[f32]) -> Vec<u32> {
    samples.iter().map(|sample| sample.to_bits()).collect()
}

/// A file of `parts` one after the other, and what the parts decode to on their own.
fn joined(shelf: &Shelf, name: &str, parts: &[PathBuf]) -> (PathBuf, Vec<f32>) {
    let bytes = parts.iter().flat_map(|part| std::fs::read(part).unwrap());
    let path = shelf.put(name, &bytes.collect::<Vec<_>>());
    let alone = parts.iter().flat_map(|part| decode(part, 0, 1 << 20).unwrap());
    (path, alone.collect())
}

#[track_caller]
fn assert_ranges(name: &str, path: &Path, whole: &[f32], around: &[u64]) {
    let total = whole.len() as u64 / 2;
    let mut random = Lcg(5);
    let anywhere = (0..12).map(|_| random.below(total));
    let near = around.iter().flat_map(|at| [at - 1, *at, at + 1, at.saturating_sub(2000)]);
    for start in near.chain(anywhere).chain([0, total - 1, total, total + 99]) {
        let ours = decode(path, start, 4096).unwrap();
        let (from, to) = (start.min(total) as usize, (start + 4096).min(total) as usize);
        assert!(bits(&ours) == bits(&whole[2 * from..2 * to]), "{name}: from {start}");
    }
}

/// Links of one rate, the middle one mono and shorter than a page, the last over several pages.
fn links(shelf: &Shelf, name: &str, options: &[&str], rate: u32) -> Vec<PathBuf> {
    numbered_links(shelf, name, options, rate, |n| n + 1)
}

/// The same with these serial numbers.
fn numbered_links(
    shelf: &Shelf,
    name: &str,
    options: &[&str],
    rate: u32,
    serial: impl Fn(usize) -> usize,
) -> Vec<PathBuf> {
    let lossless = name.starts_with("flac");
    [(2, 150_001), (if lossless { 2 } else { 1 }, 3_001), (2, 90_007)]
        .iter()
        .enumerate()
        .map(|(n, (channels, frames))| {
            let source = shelf.wav(*channels, rate, *frames);
            let serial = serial(n).to_string();
            let options = [options, &["-serial_offset", &serial]].concat();
            shelf.encode(&source, &format!("{n}-{name}"), &options)
        })
        .collect()
}

#[test]
fn a_chain_is_its_links_one_after_the_other() {
    let shelf = Shelf::new();
    for (name, options, rate) in CHAINED {
        let links = links(&shelf, name, options, rate);
        let (path, alone) = joined(&shelf, name, &links);
        let analysis = analyse(&path).unwrap();
        assert_eq!(analysis.samples, 150_001 + 3_001 + 90_007, "{name}");
        assert_eq!(analysis.format, analyse(&links[0]).unwrap().format, "{name}");
        let probed = probe(&path).unwrap();
        assert_eq!(probed.claimed_samples, Some(analysis.samples), "{name}");
        assert_eq!(probed.format, analysis.format, "{name}");
        let whole = decode(&path, 0, 1 << 20).unwrap();
        assert!(bits(&whole) == bits(&alone), "{name}");
        assert_ranges(name, &path, &whole, &[150_001, 153_002]);
        let rates = links.iter().map(|link| analyse(link).unwrap().mean_kbps);
        let (least, most) = (rates.clone().min().unwrap(), rates.max().unwrap());
        assert!((least..=most).contains(&analysis.mean_kbps), "{name}: {least} {most}");
    }
}

#[test]
fn links_may_have_one_serial_number() {
    let shelf = Shelf::new();
    for (name, options, rate) in CHAINED {
        let links = numbered_links(&shelf, name, options, rate, |_| 5);
        let ids = links.iter().map(|link| std::fs::read(link).unwrap()[14..18].to_vec());
        assert!(ids.clone().all(|id| Some(id) == ids.clone().next()), "{name}");
        let (path, alone) = joined(&shelf, name, &links);
        let analysis = analyse(&path).unwrap();
        assert_eq!(analysis.samples, 150_001 + 3_001 + 90_007, "{name}");
        assert_eq!(probe(&path).unwrap().claimed_samples, Some(analysis.samples), "{name}");
        let whole = decode(&path, 0, 1 << 20).unwrap();
        assert!(bits(&whole) == bits(&alone), "{name}");
        assert_ranges(name, &path, &whole, &[150_001, 153_002]);
        // A file appended to itself.
        let (path, alone) = joined(&shelf, &format!("twice-{name}"), &[path.clone(), path]);
        assert_eq!(analyse(&path).unwrap().samples, 2 * analysis.samples, "{name}");
        assert!(bits(&decode(&path, 0, 1 << 20).unwrap()) == bits(&alone), "{name}");
    }
}

#[test]
fn a_chain_is_another_audio_than_its_links_and_as_loud_as_they() {
    let shelf = Shelf::new();
    let (name, options, rate) = CHAINED[0];
    let links = links(&shelf, name, options, rate);
    let (path, whole) = joined(&shelf, name, &links);
    let (turned, _) = joined(&shelf, "turned.ogg", &[links[2].clone(), links[0].clone()]);
    let hashes = [&path, &turned, &links[0]].map(|path| analyse(path).unwrap().audio_hash);
    assert!(hashes[0] != hashes[1] && hashes[0] != hashes[2] && hashes[1] != hashes[2]);
    let samples: Vec<u8> = whole.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let plain = shelf.put("plain.wav", &crate::media::wav(3, 2, 44_100, 32, &samples));
    let [ours, theirs] = [&path, &plain].map(|path| measure(path, whole.len() as u64 / 2).unwrap());
    assert_eq!(ours, theirs);
}

#[test]
fn links_of_two_rates_are_refused_by_name() {
    let shelf = Shelf::new();
    let parts: Vec<PathBuf> = [44_100, 48_000]
        .iter()
        .map(|rate| {
            let source = shelf.wav(2, *rate, 50_000);
            let serial = ["-serial_offset", &rate.to_string()].map(str::to_owned);
            let options = ["-c:a", "libvorbis", &serial[0], &serial[1]];
            shelf.encode(&source, &format!("{rate}.ogg"), &options)
        })
        .collect();
    let (path, _) = joined(&shelf, "rates.ogg", &parts);
    for error in [analyse(&path).unwrap_err(), probe(&path).unwrap_err()] {
        let DecodeError::Unsupported(why) = &error else { panic!("{error:?}") };
        assert!(why.contains("sample rate: first 44100 Hz, in piece 2 48000 Hz"), "{why}");
    }
}

#[test]
fn a_link_cut_short_ends_the_chain() {
    let shelf = Shelf::new();
    let (name, options, rate) = CHAINED[0];
    let (path, whole) = joined(&shelf, name, &links(&shelf, name, options, rate));
    let file = std::fs::read(&path).unwrap();
    let cut = shelf.put("cut.ogg", &file[..file.len() - 9_000]);
    let samples = analyse(&cut).unwrap().samples;
    assert!((153_002..243_009).contains(&samples), "{samples}");
    let ours = decode(&cut, 0, 1 << 20).unwrap();
    assert_eq!(ours.len() as u64, 2 * samples);
    assert!(bits(&ours) == bits(&whole[..ours.len()]));
}

#[test]
fn mp3_without_a_table_is_entered_anywhere() {
    let shelf = Shelf::new();
    let source = shelf.wav(2, 44_100, 900_001);
    let bare = ["-c:a", "libmp3lame", "-q:a", "2", "-write_xing", "0", "-id3v2_version", "0"];
    let vbr = shelf.encode(&source, "vbr.mp3", &bare);
    let (from, until) = (shelf.path("half.mp3"), shelf.path("joined.mp3"));
    let tagged = shelf.encode(&source, "tagged.mp3", &["-c:a", "libmp3lame", "-q:a", "6"]);
    // A second table in the middle, which is not played, then frames again.
    let twice = [std::fs::read(&tagged).unwrap(), std::fs::read(&tagged).unwrap()].concat();
    std::fs::write(&until, twice).unwrap();
    // Junk between frames, after which nothing can be indexed.
    let frames = std::fs::read(&vbr).unwrap();
    std::fs::write(&from, [&frames[..frames.len() / 2], &[0; 999], &frames[..]].concat()).unwrap();
    for path in [&vbr, &tagged, &until, &from] {
        let whole = decode(path, 0, 1 << 22).unwrap();
        assert_eq!(whole.len() as u64 / 2, analyse(path).unwrap().samples);
        let total = whole.len() as u64 / 2;
        let name = path.display().to_string();
        assert_ranges(&name, path, &whole, &[total / 2, total - 5_000, 200_000]);
    }
}
