//! `check`: holds a file's decode, segments, switches and loudness against what they must equal.
//!
//! Decides what is asked of a file, in which order; each question is a file of its own. Never: a
//! server, a store, a cache on disk.

mod claims;
mod decoding;
mod held;
mod lossless;
mod loudness;
mod reference;
mod scratch;
mod segments;
mod switches;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use quicksync_decode::{Analysis, decode_linearly};

use self::claims::{Claim, Report};
use self::reference::Reference;
use crate::cli::CheckArgs;
use crate::output::{complain, say};

/// Seconds that are looked at; what lies after them is not.
const LONGEST_S: u64 = 1800;

/// A file and the whole decode that everything is held against.
#[derive(Debug)]
struct Subject {
    path: PathBuf,
    /// With the length that is looked at.
    analysis: Analysis,
    /// Interleaved stereo at the source rate, decoded in one go.
    linear: Vec<f32>,
}

/// `quicksync check`.
pub(crate) async fn run(args: CheckArgs) -> Result<()> {
    let reference = Reference::find(&args.reference);
    let mut reports = Vec::new();
    for path in &args.files {
        let report = check(path, reference.as_ref(), &args).await;
        if !args.json {
            report.lines().iter().for_each(|line| say(line));
        }
        reports.push(report);
    }
    if args.json {
        say(&serde_json::to_string(&reports)?);
    }
    if reference.is_none() {
        complain(&format!("{} is not there: nothing was compared with it", args.reference));
    }
    let failed = reports.iter().filter(|report| report.failed()).count();
    if failed > 0 {
        bail!("{failed} of {} files failed", reports.len());
    }
    Ok(())
}

async fn check(path: &Path, reference: Option<&Reference>, args: &CheckArgs) -> Report {
    let mut claims = Vec::new();
    match open(path, &mut claims) {
        Ok(subject) => {
            claims.push(decoding::ranges(&subject));
            claims.push(decoding::against(reference, &subject));
            claims.push(loudness::against(reference, &subject));
            if args.segments == 0 {
                claims.push(Claim::not_run("segments, switches", "none are asked for"));
            } else {
                claims.extend(segments::jit_equals_linear(&subject, args.segments).await);
                claims.push(lossless::gives_back(&subject, args.segments).await);
            }
            if args.segments > 0 && !args.without_switches {
                claims.extend(switches::errors_after(&subject).await);
            }
        }
        Err(claim) => claims.push(claim),
    }
    Report { file: path.display().to_string(), claims }
}

fn open(path: &Path, claims: &mut Vec<Claim>) -> Result<Subject, Claim> {
    let cannot = |name, error: quicksync_decode::DecodeError| Claim::fail(name, error.to_string());
    let mut analysis = quicksync_decode::analyse(path).map_err(|error| cannot("format", error))?;
    claims.push(decoding::format(&analysis));
    let limit = LONGEST_S * u64::from(analysis.format.sample_rate);
    let wanted = analysis.samples.min(limit);
    let frames = u32::try_from(wanted).unwrap_or(u32::MAX);
    let linear = decode_linearly(path, frames).map_err(|error| cannot("length", error))?;
    claims.push(decoding::length(path, &analysis, &linear));
    if wanted < analysis.samples {
        claims.push(Claim::info("looked at", format!("the first {LONGEST_S} s only")));
        analysis.samples = wanted;
    }
    Ok(Subject { path: path.to_owned(), analysis, linear })
}
