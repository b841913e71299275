//! True lengths of files that lie, mean rates, and hashes that depend on the audio alone.

use std::fs;
use std::path::{Path, PathBuf};

use quicksync_decode::{AudioHash, analyse, decode};

use crate::media::{FORMATS, Format, Shelf, wav};

const FRAMES: u32 = 60_000;

fn hash(path: &Path) -> AudioHash {
    analyse(path).unwrap().audio_hash
}

fn named(name: &str) -> Format {
    *FORMATS.iter().find(|format| format.name == name).unwrap()
}

/// `path` under another name and with other tags.
fn retagged(shelf: &Shelf, path: &Path, name: &str) -> PathBuf {
    let title = "Entirely Other, ".repeat(400);
    let args = ["-map", "0", "-c", "copy", "-metadata", &format!("title={title}")];
    shelf.encode(path, &format!("retagged-{name}"), &args)
}

#[test]
fn retagging_changes_no_hash() {
    let shelf = Shelf::new();
    for name in
        ["native.flac", "flac.oga", "stereo.ogg", "stereo.opus", "aac.m4a", "alac.m4a", "pcm.wav"]
    {
        // A length in whole milliseconds, which is all that this way of retagging an MP4 file keeps.
        let path = named(name).encode(&shelf, 66_150);
        let again = retagged(&shelf, &path, name);
        assert_ne!(fs::read(&path).unwrap(), fs::read(&again).unwrap(), "{name}: the same file");
        assert_eq!(analyse(&path).unwrap().samples, analyse(&again).unwrap().samples, "{name}");
        assert_eq!(hash(&path), hash(&again), "{name}");
    }
}

#[test]
fn tags_around_an_mp3_change_no_hash() {
    let shelf = Shelf::new();
    for name in ["cbr.mp3", "untagged.mp3"] {
        let path = named(name).encode(&shelf, FRAMES);
        let audio = fs::read(&path).unwrap();
        // A cover that looks like frames.
        let cover = [0xff, 0xfb, 0x90, 0x64].repeat(50_000);
        let size = [0, 0x0c, 0x1a, 0x40];
        let id3v2 = [b"ID3\x04\0\0".to_vec(), size.to_vec(), cover].concat();
        let id3v1 = [b"TAG".to_vec(), vec![0xff; 125]].concat();
        let tagged = shelf.put("tagged", &[id3v2, audio, id3v1].concat());
        assert_eq!(analyse(&path).unwrap(), analyse(&tagged).unwrap(), "{name}");
    }
}

#[test]
fn other_audio_has_another_hash() {
    let shelf = Shelf::new();
    let mut hashes = Vec::new();
    for format in &FORMATS {
        hashes.push(hash(&format.encode(&shelf, FRAMES)));
        hashes.push(hash(&format.encode(&shelf, FRAMES + 5000)));
    }
    let count = hashes.len();
    hashes.sort_unstable();
    hashes.dedup();
    // FLAC is the same in a container of its own and in Ogg, samples in both kinds of WAV.
    assert_eq!(hashes.len(), count - 4);
}

#[test]
fn pcm_is_hashed_whatever_its_cut() {
    let shelf = Shelf::new();
    let body = [1, 2, 3, 4].repeat(5000);
    let plain = shelf.put("plain.wav", &wav(1, 2, 44_100, 16, &body));
    let mut listed = wav(1, 2, 44_100, 16, &body);
    let list = b"LIST\x10\0\0\0INFOINAM\x04\0\0\0abc\0";
    listed.splice(36..36, *list);
    let length = u32::try_from(listed.len() - 8).unwrap();
    listed[4..8].copy_from_slice(&length.to_le_bytes());
    assert_eq!(analyse(&plain).unwrap(), analyse(&shelf.put("listed.wav", &listed)).unwrap());
    let swapped = shelf.put("rate.wav", &wav(1, 2, 48_000, 16, &body));
    assert_ne!(hash(&plain), hash(&swapped));
}

#[test]
fn mean_rates_are_those_of_the_audio() {
    let shelf = Shelf::new();
    for (name, low, high) in [
        ("pcm.wav", 1412, 1412),
        ("cbr.mp3", 128, 128),
        ("untagged.mp3", 64, 64),
        ("stereo.opus", 70, 200),
        ("native.flac", 300, 1412),
    ] {
        let kbps = analyse(&named(name).encode(&shelf, FRAMES)).unwrap().mean_kbps;
        assert!((low..=high).contains(&kbps), "{name}: {kbps} kbps");
    }
}

/// Sets the number of samples in a FLAC file's STREAMINFO (its last 32 bits).
fn claim_in_flac(file: &mut [u8], samples: u32) {
    file[22..26].copy_from_slice(&samples.to_be_bytes());
}

#[test]
fn flac_has_its_true_length_whatever_it_claims() {
    let shelf = Shelf::new();
    let path = named("native.flac").encode(&shelf, FRAMES);
    let honest = fs::read(&path).unwrap();
    let whole = decode(&path, 0, 2 * FRAMES).unwrap();
    for claim in [0, 1, FRAMES / 2, FRAMES - 1, FRAMES + 1, u32::MAX] {
        let mut file = honest.clone();
        claim_in_flac(&mut file, claim);
        let lying = shelf.put("lying.flac", &file);
        assert_eq!(analyse(&lying).unwrap().samples, u64::from(FRAMES), "claims {claim}");
        assert_eq!(hash(&lying), hash(&path), "claims {claim}");
        let tail = decode(&lying, 50_000, FRAMES).unwrap();
        assert!(tail == whole[100_000..], "claims {claim}");
    }
}

#[test]
fn a_file_cut_short_has_the_length_that_is_left() {
    let shelf = Shelf::new();
    for format in &FORMATS {
        let path = format.encode(&shelf, 3 * FRAMES);
        let file = fs::read(&path).unwrap();
        let cut = shelf.put("cut", &file[..file.len() * 2 / 3]);
        let name = format.name;
        let Ok(analysis) = analyse(&cut) else {
            // Without the index at its end an MP4 file is only noise; an AIFF file may have its
            // format there, so its end is looked for.
            assert!(
                name.ends_with(".m4a") || name.ends_with(".mp4") || name == "pcm.aiff",
                "{name}"
            );
            continue;
        };
        assert!(analysis.samples > u64::from(FRAMES), "{name}: {}", analysis.samples);
        assert!(analysis.samples < 3 * u64::from(FRAMES), "{name}: {}", analysis.samples);
        let samples = decode(&cut, 0, 4 * FRAMES).unwrap();
        assert_eq!(samples.len() as u64, 2 * analysis.samples, "{name}");
        let whole = decode(&path, 0, 4 * FRAMES).unwrap();
        let common = samples.len() - 20_000;
        assert!(samples[..common] == whole[..common], "{name}: not the same music");
    }
}

#[test]
fn two_mp3_files_in_one_are_as_long_as_both() {
    let shelf = Shelf::new();
    let format = named("cbr.mp3");
    let (one, two) = (format.encode(&shelf, FRAMES), named("untagged.mp3").encode(&shelf, FRAMES));
    let both = [fs::read(&one).unwrap(), fs::read(&two).unwrap()].concat();
    let samples = analyse(&shelf.put("both.mp3", &both)).unwrap().samples;
    assert!(samples >= 2 * u64::from(FRAMES), "{samples}");
    assert!(samples < 2 * u64::from(FRAMES) + 5 * 1152, "{samples}");
}

#[test]
fn a_wav_that_claims_more_than_it_has_ends_where_it_ends() {
    let shelf = Shelf::new();
    let mut file = wav(1, 2, 44_100, 16, &[7; 4 * 3000]);
    file.truncate(44 + 4 * 2000 + 3);
    let path = shelf.put("cut.wav", &file);
    assert_eq!(analyse(&path).unwrap().samples, 2000);
    assert_eq!(decode(&path, 1999, 10).unwrap().len(), 2);
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(8 + body.len()).unwrap();
    [&length.to_be_bytes(), &kind[..], body].concat()
}

/// `udta` with the iTunes gapless comment.
fn gapless_comment(text: &str) -> Vec<u8> {
    let full = |kind, body: &[u8]| boxed(kind, &[&[0; 4], body].concat());
    let data = boxed(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], text.as_bytes()].concat());
    let parts = [full(b"mean", b"com.apple.iTunes"), full(b"name", b"iTunSMPB"), data].concat();
    let ilst = boxed(b"ilst", &boxed(b"----", &parts));
    let hdlr = full(b"hdlr", b"\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0");
    boxed(b"udta", &full(b"meta", &[hdlr, ilst].concat()))
}

#[test]
fn the_gapless_comment_stands_in_for_an_edit_list() {
    let shelf = Shelf::new();
    let edited = named("aac.m4a").encode(&shelf, FRAMES);
    let source = shelf.wav(2, 44_100, FRAMES);
    let args = ["-c:a", "aac", "-aac_pns", "0", "-b:a", "128k", "-use_editlist", "0"];
    let bare = shelf.encode(&source, "bare.m4a", &args);
    assert_eq!(analyse(&bare).unwrap().samples, u64::from(FRAMES) + 1024, "nothing tells it");
    let mut file = fs::read(&bare).unwrap();
    let moov = file.windows(4).rposition(|word| word == b"moov").unwrap() - 4;
    let text = format!(" 00000000 00000400 00000000 {FRAMES:016X} 00000000 00000000");
    file.extend(gapless_comment(&text));
    let length = u32::try_from(file.len() - moov).unwrap();
    file[moov..moov + 4].copy_from_slice(&length.to_be_bytes());
    let told = shelf.put("told.m4a", &file);
    assert_eq!(analyse(&told).unwrap().samples, u64::from(FRAMES));
    assert_eq!(hash(&told), hash(&edited), "the same audio, presented alike");
    let all = |path: &Path| decode(path, 0, 2 * FRAMES).unwrap();
    assert!(all(&told) == all(&edited));
}

#[test]
fn what_no_decoder_plays_is_named() {
    let shelf = Shelf::new();
    let aac = ["-c:a", "aac"];
    let surround = shelf.encode(&shelf.wav(6, 48_000, FRAMES), "surround.m4a", &aac);
    let refused = |path: &Path| analyse(path).unwrap_err().to_string();
    assert!(refused(&surround).ends_with("there is no decoder for AAC of 6 channels"));
    // The same file, announced as HE-AAC: object type 5 in the place of 2.
    let plain = shelf.encode(&shelf.wav(2, 48_000, FRAMES), "plain.m4a", &aac);
    let mut bytes = fs::read(plain).unwrap();
    let descriptor = bytes.windows(4).position(|name| name == b"esds").unwrap();
    let config = bytes[descriptor..].windows(2).position(|two| two == [0x11, 0x90]).unwrap();
    bytes[descriptor + config..][..3].copy_from_slice(&[0x29, 0x91, 0x88]);
    let he = refused(&shelf.put("he.m4a", &bytes));
    assert!(he.ends_with("no decoder for HE-AAC (AAC with spectral band replication)"), "{he}");
}
