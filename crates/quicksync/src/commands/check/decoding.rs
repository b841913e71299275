//! Whether a file decodes to the same samples from everywhere, and to those of a reference decoder.

use std::path::Path;

use quicksync_decode::{Analysis, Codec, decode, mix_to_stereo};

use super::Subject;
use super::claims::Claim;
use super::reference::Reference;

/// Full-scale difference from the reference that two decoders of a lossy codec may have.
const LOSSY_TOLERANCE: f32 = 1e-4;
/// The same for the mix of more than two channels, whose sums round differently.
const MIX_TOLERANCE: f32 = 1e-6;
/// Difference of two decodes of Opus that started in different places: one step of a float at a
/// tenth of full scale. A low tone without an end keeps the filters from ever forgetting.
const LAST_BITS: f32 = 1e-7;
/// Ranges tried, beside the corners.
const RANGES: u64 = 24;
/// Frames of a range.
const RANGE_FRAMES: u32 = 8192;
/// Samples by which some versions of the reference are late on some Vorbis streams.
const LATE: usize = 128;

/// The rate at which decoders of MP3 disagree, Hz. The 18th band of long blocks ends at line 330 in
/// ISO/IEC 13818-3 and in ffmpeg, at 332 in LAME, which makes the files, in mpg123 and in ours.
const SPLIT_HZ: u32 = 24_000;

pub(super) fn format(analysis: &Analysis) -> Claim {
    let format = analysis.format;
    let bits = format.bits_per_sample.map(|bits| format!(", {bits} bits")).unwrap_or_default();
    Claim::info(
        "format",
        format!(
            "{:?}, {} Hz, {} channels{bits}, {} kbps",
            format.codec, format.sample_rate, format.channels, analysis.mean_kbps
        ),
    )
}

/// The whole decode has the length that reading every packet found, and the headers claim it.
pub(super) fn length(path: &Path, analysis: &Analysis, linear: &[f32]) -> Claim {
    let frames = linear.len() as u64 / 2;
    let seconds = frames / u64::from(analysis.format.sample_rate.max(1));
    let claimed = quicksync_decode::probe(path).ok().and_then(|probe| probe.claimed_samples);
    let headers = match claimed {
        Some(claimed) if claimed == analysis.samples => String::new(),
        Some(claimed) => format!("; the headers claim {claimed}"),
        None => "; the headers do not say".into(),
    };
    let is_whole = frames == analysis.samples || seconds >= super::LONGEST_S;
    Claim::holds("length", is_whole, format!("{frames} samples{headers}"))
}

/// Any range is bit for bit what the whole decode has there.
pub(super) fn ranges(subject: &Subject) -> Claim {
    let total = subject.linear.len() as u64 / 2;
    let corners = [0, 1, total / 2, total.saturating_sub(1), total.saturating_sub(3000)];
    // Spread over the file without a pattern (Weyl's sequence).
    let spread = (1..=RANGES).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1) % total.max(1));
    let starts: Vec<u64> = corners.into_iter().chain(spread).collect();
    let count = starts.len();
    let differing: Vec<(u64, f32)> =
        starts.into_iter().filter_map(|start| Some((start, difference(subject, start)?))).collect();
    let Some((first, _)) = differing.first() else {
        return Claim::holds("ranges", true, format!("{count} of {count} equal the whole decode"));
    };
    let most = differing.iter().map(|(_, difference)| *difference).fold(0.0, f32::max);
    let detail =
        format!("{} of {count} differ, the first at {first}, by {most:.1e}", differing.len());
    match subject.analysis.format.codec {
        Codec::Aac => Claim::info("ranges", format!("{detail}: noise substitution?")),
        Codec::Opus if most <= LAST_BITS => {
            Claim::info("ranges", format!("{detail}: last bits of a tone that never dies away"))
        }
        _ => Claim::fail("ranges", detail),
    }
}

/// By how much the range from `start` differs from the whole decode; `None` if not in one bit.
fn difference(subject: &Subject, start: u64) -> Option<f32> {
    let place = |frame: u64| usize::try_from(frame).unwrap_or(usize::MAX).saturating_mul(2);
    let end = place(start + u64::from(RANGE_FRAMES)).min(subject.linear.len());
    let expected = subject.linear.get(place(start)..end).unwrap_or_default();
    let frames = u32::try_from(expected.len() / 2).unwrap_or(0);
    let found = decode(&subject.path, start, frames).unwrap_or_default();
    if found.len() != expected.len() {
        return Some(f32::INFINITY);
    }
    let is_equal = found.iter().zip(expected).all(|(a, b)| a.to_bits() == b.to_bits());
    (!is_equal).then(|| greatest_difference(&found, expected))
}

/// The whole decode is that of the reference decoder.
pub(super) fn against(reference: Option<&Reference>, subject: &Subject) -> Claim {
    const NAME: &str = "reference decode";
    let Some(reference) = reference else {
        return Claim::not_run(NAME, "there is no reference decoder");
    };
    let format = subject.analysis.format;
    let theirs = match reference.decode(&subject.path, format.channels) {
        Ok(theirs) => theirs,
        Err(why) => return Claim::not_run(NAME, why),
    };
    let Some(theirs) = mix_to_stereo(&theirs, format.channels) else {
        return Claim::not_run(NAME, "a layout of channels that is not compared");
    };
    if theirs.is_empty() && !subject.linear.is_empty() {
        return Claim::not_run(NAME, "the reference finds nothing to decode in it");
    }
    compare(NAME, subject, &theirs)
}

fn compare(name: &str, subject: &Subject, theirs: &[f32]) -> Claim {
    let format = subject.analysis.format;
    let limit = match (format.is_lossless(), format.channels) {
        (true, 1 | 2) => 0.0,
        (true, _) => MIX_TOLERANCE,
        (false, _) => LOSSY_TOLERANCE,
    };
    let ours = &subject.linear;
    let worst = greatest_difference(ours, theirs);
    let mut detail = format!("greatest difference {worst:.1e}, limit {limit:.0e}");
    let (our_length, their_length) = (ours.len() / 2, theirs.len() / 2);
    if our_length != their_length {
        detail.push_str(&format!("; the reference has {their_length} samples"));
    }
    let lengths_fit = our_length == their_length || !format.is_lossless();
    if worst <= limit && lengths_fit {
        return Claim::holds(name, true, detail).with_value(worst.into());
    }
    let late = theirs.get(LATE * 2..).unwrap_or_default();
    if format.codec == Codec::Vorbis && greatest_difference(ours, late) <= limit {
        detail = format!("equal, but the reference is {LATE} samples late on this stream");
        return Claim::holds(name, true, detail);
    }
    if (format.codec, format.sample_rate) == (Codec::Mp3, SPLIT_HZ) && lengths_fit {
        detail.push_str("; it divides the bands at this rate elsewhere than LAME and mpg123 do");
        return Claim::not_run(name, detail);
    }
    if format.codec == Codec::Aac && lengths_fit {
        let share = differing_share(ours, theirs, limit);
        detail.push_str(&format!("; {share:.0} % of blocks differ: noise substitution, if few"));
        return Claim::not_run(name, detail);
    }
    Claim::fail(name, detail).with_value(worst.into())
}

fn greatest_difference(ours: &[f32], theirs: &[f32]) -> f32 {
    let differences = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs());
    differences.fold(0.0, |most, one| if one.is_nan() { f32::INFINITY } else { one.max(most) })
}

/// Percentage of blocks of 1,024 samples in which anything differs by more than `limit`.
fn differing_share(ours: &[f32], theirs: &[f32], limit: f32) -> f64 {
    let blocks = ours.chunks(2048).zip(theirs.chunks(2048));
    let (mut all, mut differ) = (0_u32, 0_u32);
    for (ours, theirs) in blocks {
        all += 1;
        differ += u32::from(greatest_difference(ours, theirs) > limit);
    }
    100.0 * f64::from(differ) / f64::from(all.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_no_likeness() {
        for (ours, most) in [([0.5, -1.0], 0.25), ([f32::NAN, -1.0], f32::INFINITY)] {
            let found = greatest_difference(&ours, &[0.25, -1.0]);
            assert_eq!(found.to_bits(), most.to_bits(), "{ours:?}: {found}");
        }
    }
}
