//! Sample counts, alignment and values against the reference decoder, for every format.

use quicksync_decode::{Codec, DecodeError, analyse, decode, probe};

use crate::media::{FORMATS, Format, Shelf, aiff, reference, wav};

const FRAMES: u32 = 100_003;

/// The reference decoder's samples as stereo, by the matrix that the crate documents.
fn as_stereo(samples: &[f32], channels: usize) -> Vec<f32> {
    const C: f32 = std::f32::consts::FRAC_1_SQRT_2;
    let sides = match channels {
        4 => 1.0,
        8 => 3.0,
        _ => 2.0,
    };
    let scale = 1.0 + sides * C;
    samples
        .chunks_exact(channels)
        .flat_map(|frame| match frame {
            [mono] => [*mono, *mono],
            [left, right] => [*left, *right],
            [left, right, back_left, back_right] => {
                [(left + C * back_left) / scale, (right + C * back_right) / scale]
            }
            [left, right, centre, _, back_left, back_right] => [
                (left + C * centre + C * back_left) / scale,
                (right + C * centre + C * back_right) / scale,
            ],
            [left, right, centre, _, back_left, back_right, side_left, side_right] => [
                (left + C * (centre + back_left + side_left)) / scale,
                (right + C * (centre + back_right + side_right)) / scale,
            ],
            other => panic!("{} channels", other.len()),
        })
        .collect()
}

#[track_caller]
fn assert_close(name: &str, ours: &[f32], theirs: &[f32], tolerance: f32) {
    let worst = ours
        .iter()
        .zip(theirs)
        .enumerate()
        .map(|(n, (a, b))| ((a - b).abs(), n / 2))
        .fold((0.0, 0), |worst, this| if this.0 > worst.0 { this } else { worst });
    assert!(worst.0 <= tolerance, "{name}: {} at sample {}", worst.0, worst.1);
    println!("{name}: {} samples, greatest difference {:e}", ours.len() / 2, worst.0);
}

/// Samples that a file of `FRAMES` must have.
fn expected_samples(format: &Format, reference_samples: u64) -> u64 {
    match format.name {
        // Nothing in these tells what the encoder added, so it is part of the presentation.
        "untagged.mp3" | "stream.aac" => reference_samples,
        // No edit list, but the length of the last packet.
        "fragments.m4a" => u64::from(FRAMES) + 1024,
        _ => FRAMES.into(),
    }
}

#[test]
fn every_format_equals_the_reference() {
    let shelf = Shelf::new();
    for format in &FORMATS {
        let path = format.encode(&shelf, FRAMES);
        let theirs = as_stereo(&reference(&path), format.channels.into());
        let analysis = analyse(&path).unwrap();
        let name = format.name;
        assert_eq!(analysis.format.channels, format.channels, "{name}");
        assert_eq!(analysis.format.sample_rate, format.rate, "{name}");
        let expected = expected_samples(format, theirs.len() as u64 / 2);
        assert_eq!(analysis.samples, expected, "{name}");
        let ours = decode(&path, 0, 2 * FRAMES).unwrap();
        assert_eq!(ours.len() as u64, 2 * analysis.samples, "{name}");
        // The reference may add an encoder's padding at the end, but nothing before.
        assert!(theirs.len() >= ours.len(), "{name}: {} {}", theirs.len(), ours.len());
        assert_close(name, &ours, &theirs, format.tolerance);
    }
}

#[test]
fn headers_claim_what_a_whole_read_finds() {
    let shelf = Shelf::new();
    for format in &FORMATS {
        let path = format.encode(&shelf, FRAMES);
        let claimed = probe(&path).unwrap();
        let analysis = analyse(&path).unwrap();
        assert_eq!(claimed.format, analysis.format, "{}", format.name);
        match format.name {
            // Their headers do not say, or guess from the first frames.
            "untagged.mp3" | "stream.aac" | "fragments.m4a" | "rf64.wav" => {}
            name => assert_eq!(claimed.claimed_samples, Some(analysis.samples), "{name}"),
        }
    }
}

#[test]
fn integers_and_floats_of_every_size_are_exact() {
    let shelf = Shelf::new();
    // Edges, zero, and values that need every bit.
    let values: Vec<f64> = vec![-1.0, -0.5, 0.0, 0.25, 0.5, 0.123_456_789, -0.987_654_321, 0.999];
    for (name, tag, bits) in [
        ("u8", 1, 8),
        ("s16", 1, 16),
        ("s24", 1, 24),
        ("s32", 1, 32),
        ("f32", 3, 32),
        ("f64", 3, 64),
    ] {
        let body: Vec<u8> = values
            .iter()
            .flat_map(|value| match (tag, bits) {
                (1, 8) => vec![((value * 128.0).round() + 128.0) as u8],
                (1, 16) => ((value * 32_768.0) as i16).to_le_bytes().to_vec(),
                (1, 24) => ((value * 8_388_608.0) as i32).to_le_bytes()[..3].to_vec(),
                (1, _) => ((value * 2_147_483_648.0) as i32).to_le_bytes().to_vec(),
                (_, 32) => (*value as f32).to_le_bytes().to_vec(),
                _ => value.to_le_bytes().to_vec(),
            })
            .collect();
        let path = shelf.put(name, &wav(tag, 2, 192_000, bits, &body));
        let analysis = analyse(&path).unwrap();
        assert_eq!(analysis.samples, values.len() as u64 / 2, "{name}");
        assert_eq!(analysis.format.bits_per_sample, Some(bits.into()), "{name}");
        assert!(analysis.format.is_lossless());
        let ours = decode(&path, 0, 100).unwrap();
        let bits_of = |samples: &[f32]| samples.iter().map(|s| s.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits_of(&ours), bits_of(&reference(&path)), "{name}");
    }
}

#[test]
fn a_byte_that_stands_for_more_than_eight_bits_is_not_eight_bits_deep() {
    let shelf = Shelf::new();
    for (name, codec) in [("a-law.wav", "pcm_alaw"), ("mu-law.wav", "pcm_mulaw")] {
        let path = shelf.encode(&shelf.wav(2, 8_000, 20_000), name, &["-c:a", codec]);
        let analysis = analyse(&path).unwrap();
        assert_eq!(analysis.format.bits_per_sample, Some(16), "{name}");
        let ours = decode(&path, 0, 20_000).unwrap();
        assert_close(name, &ours, &reference(&path), 0.0);
        // That many bits hold every sample, and eight do not.
        let is_whole = |bits: i32| ours.iter().all(|s| (s * 2_f32.powi(bits - 1)).fract() == 0.0);
        assert!(is_whole(16) && !is_whole(12), "{name}");
    }
}

#[test]
fn aiff_by_hand_is_exact() {
    let shelf = Shelf::new();
    for (bits, bytes) in [(8, 1), (16, 2), (24, 3), (32, 4)] {
        let body: Vec<u8> = (0..240_u32 * bytes).map(|n| (n * 37 % 251) as u8).collect();
        let path = shelf.put("by-hand.aiff", &aiff(2, 8_000, bits, &body));
        let analysis = analyse(&path).unwrap();
        assert_eq!((analysis.samples, analysis.format.codec), (120, Codec::Pcm), "{bits} bits");
        assert_eq!(analysis.format.sample_rate, 8_000);
        let (ours, theirs) = (decode(&path, 0, 200).unwrap(), reference(&path));
        assert_eq!(ours.len(), theirs.len(), "{bits} bits");
        assert_close("aiff", &ours, &theirs, 0.0);
    }
}

#[test]
fn what_cannot_be_played_is_refused_by_kind() {
    let shelf = Shelf::new();
    let silence = [0; 9 * 2 * 10];
    let nine = shelf.put("nine.wav", &wav(1, 9, 48_000, 16, &silence));
    let slow = shelf.put("slow.wav", &wav(1, 1, 7_999, 16, &silence));
    let fast = shelf.put("fast.wav", &wav(1, 1, 192_001, 16, &silence));
    let text = shelf.put("text.mp3", "Not a sound. ".repeat(9000).as_bytes());
    let empty = shelf.put("empty.flac", b"");
    let zeros = shelf.put("zeros.ogg", &[0; 100_000]);
    for path in [&nine, &slow, &fast, &text, &empty, &zeros] {
        let error = analyse(path).unwrap_err();
        let fits = matches!(error, DecodeError::Unsupported(_) | DecodeError::Malformed(_));
        assert!(fits, "{}: {error:?}", path.display());
    }
    for path in [&nine, &slow, &fast] {
        assert!(matches!(probe(path), Err(DecodeError::Unsupported(_))), "{}", path.display());
    }
    let gone = shelf.path("gone.flac");
    assert!(matches!(probe(&gone), Err(DecodeError::Unreadable(_))));
    assert!(matches!(analyse(shelf.path("").as_path()), Err(DecodeError::Unreadable(_))));
}
