//! What is played: one track, a track between its neighbours, or an album as one stream.
//!
//! Decides: which frames of which file lie where on the 48 kHz timeline, and what the whole is
//! called in the cache. Never: a decoder, an encoder, a clock.
//!
//! # Model
//! Sources of one rate that follow each other form a run, and a run is resampled as if it were one
//! file: a join inside it lies wherever it lies, without a sample lost or added. Where the rate
//! changes a new run begins at a whole sample. Only a part of all that is presented; what lies
//! around it lends its samples to the encoder's warm-up and lookahead. Beyond the ends is silence.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use quicksync_decode::{Analysis, AudioHash};
use quicksync_model::{SAMPLE_RATE, Timeline};

use crate::MediaError;
use crate::resample::Resampler;
use crate::unchanged::FileStamp;

/// Samples beyond which positions are not worth the care of checked arithmetic: 185 years.
const LONGEST: u64 = 1 << 48;

/// A track's file and what a whole read of it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file.
    pub path: PathBuf,
    /// Its format, exact length and identity. If the file no longer fits it, segments fail with
    /// [`MediaError::Source`] rather than with invented silence; whoever watches files must
    /// analyse it again.
    pub analysis: Analysis,
    /// The file as it was then, to be told from another one in its place. `None`: whatever is there
    /// is believed.
    pub stamp: Option<FileStamp>,
}

/// Something to be played from a start to an end. Clones share everything.
#[derive(Clone, Debug)]
pub struct Programme {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    runs: Vec<Run>,
    starts: Vec<u64>,
    samples: u64,
    hash: AudioHash,
    /// The presented source, if there is only one.
    alone: Option<Source>,
    /// The audio before and after that one, as far as any of it is taken.
    around: [Option<AudioHash>; 2],
}

/// Sources of one rate, one after another.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) resampler: Resampler,
    /// The sample of the timeline at which frame 0 of the run is heard.
    zero: i64,
    /// Up to where it is heard.
    end: i64,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
struct Part {
    source: Arc<Source>,
    /// The frame of the run at which it begins; negative before what is presented.
    at: i64,
}

/// Frames of one file that fill a place in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) source: Arc<Source>,
    /// First frame in the file.
    pub(crate) start: u64,
    pub(crate) frames: u32,
    /// How many frames after the first one wanted it is placed.
    pub(crate) place: usize,
}

impl Programme {
    /// One track, with silence before and after it.
    ///
    /// # Errors
    /// [`MediaError::Internal`] for an absurd rate or length.
    pub fn track(source: Source) -> Result<Self, MediaError> {
        Self::between(None, source, None)
    }

    /// One track that follows on `previous` and is followed by `next`: their samples, and not
    /// silence, surround its first and last segment. A previous track of another rate lends none:
    /// its last samples are not worth a resampler.
    ///
    /// # Errors
    /// [`MediaError::Internal`] for an absurd rate or length.
    pub fn between(
        previous: Option<Source>,
        source: Source,
        next: Option<Source>,
    ) -> Result<Self, MediaError> {
        let previous = previous.filter(|previous| rate(previous) == rate(&source));
        let own = source.analysis.audio_hash;
        let around = [&previous, &next].map(|source| Some(source.as_ref()?.analysis.audio_hash));
        let before = usize::from(previous.is_some());
        let alone = Some(source.clone());
        let all: Vec<_> = previous.into_iter().chain([source]).chain(next).collect();
        Self::build(&all, before..before + 1, (surrounded(own, around), alone, around))
    }

    /// Tracks as one stream without a seam.
    ///
    /// # Errors
    /// [`MediaError::Internal`] for an absurd rate or length.
    pub fn album(sources: &[Source]) -> Result<Self, MediaError> {
        let hash = name("album", sources.iter().map(|source| Some(source.analysis.audio_hash)));
        Self::build(sources, 0..sources.len(), (hash, None, [None, None]))
    }

    fn build(
        sources: &[Source],
        presented: Range<usize>,
        (hash, alone, around): (AudioHash, Option<Source>, [Option<AudioHash>; 2]),
    ) -> Result<Self, MediaError> {
        let mut runs: Vec<Run> = Vec::new();
        let mut starts = Vec::new();
        let before = &sources[..presented.start.min(sources.len())];
        let mut here = 0;
        for (n, source) in sources.iter().enumerate().skip(presented.start) {
            let joins = runs.last().is_some_and(|run| run.resampler.rate() == rate(source));
            if !joins {
                runs.push(Run::starting(source, here)?);
            }
            if let Some(run) = runs.last_mut() {
                if presented.contains(&n) {
                    starts.push(run.next_start());
                }
                here = run.append(source)?;
            }
            if n + 1 == presented.end {
                starts.push(u64::try_from(here).unwrap_or(0));
            }
        }
        for source in before.iter().rev() {
            if let Some(run) = runs.first_mut() {
                run.prepend(source)?;
            }
        }
        let samples = starts.pop().unwrap_or(0);
        Ok(Self { shared: Arc::new(Shared { runs, starts, samples, hash, alone, around }) })
    }

    /// Where its segments lie.
    #[must_use]
    pub fn timeline(&self) -> Timeline {
        Timeline::new(self.shared.samples)
    }

    /// The sample at which each track is first heard, in order. A join between two samples of the
    /// timeline is named by the later one.
    #[must_use]
    pub fn starts(&self) -> &[u64] {
        &self.shared.starts
    }

    /// What it is called, in manifests and caches: equal for equal audio in equal order.
    #[must_use]
    pub fn hash(&self) -> AudioHash {
        self.shared.hash
    }

    /// The only source it presents, if it presents one.
    #[must_use]
    pub(crate) fn alone(&self) -> Option<&Source> {
        self.shared.alone.as_ref()
    }

    /// What the samples `range` are called: a track's own name, and with it those of the neighbours
    /// whose samples are among them. So whatever lies around a track, most of it is called the same.
    pub(crate) fn hash_of(&self, range: &Range<i64>) -> AudioHash {
        let Some(source) = self.alone() else { return self.shared.hash };
        let Some(run) = self.shared.runs.first() else { return self.shared.hash };
        let frames = i64::try_from(source.analysis.samples).unwrap_or(i64::MAX);
        let samples = i64::try_from(self.shared.samples).unwrap_or(i64::MAX);
        let needed = run.resampler.needs(range);
        let [previous, next] = self.shared.around;
        let before = previous.filter(|_| range.start < 0 || needed.start < 0);
        let after = next.filter(|_| range.end > samples || needed.end > frames);
        surrounded(source.analysis.audio_hash, [before, after])
    }

    /// The runs that are heard within `range`, each with the samples it fills, counted from its own
    /// frame 0.
    pub(crate) fn runs(&self, range: &Range<i64>) -> Vec<(&Run, Range<i64>)> {
        let last = self.shared.runs.len().saturating_sub(1);
        let heard = self.shared.runs.iter().enumerate().map(|(n, run)| {
            // Before the first and after the last is what their filters ring into silence.
            let start = if n == 0 { range.start } else { range.start.max(run.zero) };
            let end = if n == last { range.end } else { range.end.min(run.end) };
            (run, start - run.zero..end - run.zero)
        });
        heard.filter(|(_, samples)| samples.start < samples.end).collect()
    }
}

impl Run {
    fn starting(source: &Source, zero: i64) -> Result<Self, MediaError> {
        Ok(Self { resampler: Resampler::new(rate(source))?, zero, end: zero, parts: Vec::new() })
    }

    /// The frame after its last one.
    fn frames(&self) -> i64 {
        self.parts.last().map_or(0, |part| part.at.saturating_add(frames(&part.source)))
    }

    /// The sample of the timeline at which what is appended next is first heard.
    fn next_start(&self) -> u64 {
        u64::try_from(self.zero.saturating_add(to_samples(self.frames(), self.resampler.rate())))
            .unwrap_or(0)
    }

    /// Adds a source at the end; where on the timeline the run now ends.
    fn append(&mut self, source: &Source) -> Result<i64, MediaError> {
        let at = self.frames();
        check_length(at, source)?;
        self.parts.push(Part { source: Arc::new(source.clone()), at });
        self.end = self.zero + to_samples(self.frames(), self.resampler.rate());
        Ok(self.end)
    }

    fn prepend(&mut self, source: &Source) -> Result<(), MediaError> {
        check_length(0, source)?;
        let first = self.parts.first().map_or(0, |part| part.at);
        let at = first - frames(source);
        self.parts.insert(0, Part { source: Arc::new(source.clone()), at });
        Ok(())
    }

    /// The pieces of files that lie within the run's frames `wanted`.
    pub(crate) fn pieces(&self, wanted: &Range<i64>) -> Vec<Piece> {
        let piece = |part: &Part| {
            let start = wanted.start.max(part.at);
            let end = wanted.end.min(part.at.saturating_add(frames(&part.source)));
            Some(Piece {
                source: Arc::clone(&part.source),
                start: u64::try_from(start - part.at).ok()?,
                frames: u32::try_from(end - start).ok().filter(|frames| *frames > 0)?,
                place: usize::try_from(start - wanted.start).ok()?,
            })
        };
        self.parts.iter().filter_map(piece).collect()
    }
}

fn rate(source: &Source) -> u32 {
    source.analysis.format.sample_rate
}

fn frames(source: &Source) -> i64 {
    i64::try_from(source.analysis.samples).unwrap_or(i64::MAX)
}

fn check_length(at: i64, source: &Source) -> Result<(), MediaError> {
    let at = u64::try_from(at).unwrap_or(0);
    let samples = source.analysis.samples.max(source.analysis.rendition_samples());
    if at.saturating_add(samples) <= LONGEST {
        return Ok(());
    }
    Err(MediaError::Internal(format!("{samples} samples")))
}

/// So many frames at `rate` as samples at 48 kHz, rounded up.
fn to_samples(frames: i64, rate: u32) -> i64 {
    let samples = i128::from(frames) * i128::from(SAMPLE_RATE);
    let rate = i128::from(rate.max(1));
    i64::try_from((samples + rate - 1).div_euclid(rate)).unwrap_or(i64::MAX)
}

/// The name of a source with its neighbours; its own where there are none.
fn surrounded(own: AudioHash, around: [Option<AudioHash>; 2]) -> AudioHash {
    match around {
        [None, None] => own,
        [before, after] => name("between", [before, Some(own), after]),
    }
}

/// A name that no single source has.
fn name(kind: &str, hashes: impl IntoIterator<Item = Option<AudioHash>>) -> AudioHash {
    let mut hasher = blake3::Hasher::new_derive_key("quicksync programme");
    hasher.update(kind.as_bytes());
    for hash in hashes {
        hasher.update(&[u8::from(hash.is_some())]).update(&hash.unwrap_or(AudioHash([0; 32])).0);
    }
    AudioHash(*hasher.finalize().as_bytes())
}
