//! Whether the loudness is what a reference meter finds.

use quicksync_decode::measure;

use super::Subject;
use super::claims::Claim;
use super::reference::Reference;

/// LU that two meters may differ by (EBU Tech 3341 §2.9 asks for 0.1).
const TOLERANCE_LU: f64 = 0.1;
/// The reference says tenths.
const ROUNDING: f64 = 0.05;

pub(super) fn against(reference: Option<&Reference>, subject: &Subject) -> Claim {
    const NAME: &str = "loudness";
    let measured = match measure(&subject.path, subject.analysis.samples) {
        Ok(measured) => measured,
        Err(error) => return Claim::fail(NAME, error.to_string()),
    };
    let Some(ours) = measured.loudness() else {
        return Claim::info(NAME, "silence, or too short to have one");
    };
    let (lufs, peak) = (ours.integrated_lufs, ours.true_peak_dbtp);
    let figures = format!("{lufs:.2} LUFS, true peak {peak:.2} dBTP");
    let rate = subject.analysis.format.sample_rate;
    match reference.map(|reference| reference.loudness(&subject.linear, rate)) {
        None => Claim::not_run(NAME, format!("{figures}; there is no reference meter")),
        Some(Err(why)) => Claim::not_run(NAME, format!("{figures}; {why}")),
        Some(Ok((their_lufs, their_peak))) => Claim::holds(
            NAME,
            (lufs - their_lufs).abs() <= TOLERANCE_LU + ROUNDING,
            format!("{figures}; the reference says {their_lufs} LUFS, {their_peak} dBTP"),
        )
        .with_value((lufs - their_lufs).abs()),
    }
}
