//! Measures how loud a track is, by EBU R 128: integrated loudness and true peak.
//!
//! Knows: that listeners hear two channels, so that the stereo mix is what is measured; a mono
//! source plays from both sides and is 3 LU louder than one loudspeaker of it; and that they do not
//! hear damage, which is taken out before as it is before encoding. Never: gain tags in
//! the file, which may be of another mix; an output gain in an Opus header is part of the sound and
//! applied before.

use std::path::Path;

use ebur128::{EbuR128, Mode};
use quicksync_model::Loudness;
use serde::{Deserialize, Serialize};

use crate::chain::Chain;
use crate::gating::{Gating, integrated_lufs};
use crate::reader::{Reader, guarded};
use crate::source::DecodeError;
use crate::tame::tame;

/// What decoding a whole track showed of its loudness.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// Integrated loudness; `None` where all is silent or shorter than one block of 400 ms.
    pub integrated_lufs: Option<f64>,
    /// True peak; `None` where every sample is 0.
    pub true_peak_dbtp: Option<f64>,
    /// What [`album_loudness`](crate::album_loudness) needs of the track.
    pub blocks: Vec<u8>,
}

impl Measurement {
    /// Both figures, if there are both.
    #[must_use]
    pub fn loudness(&self) -> Option<Loudness> {
        let (integrated_lufs, true_peak_dbtp) = (self.integrated_lufs?, self.true_peak_dbtp?);
        Some(Loudness { integrated_lufs, true_peak_dbtp })
    }
}

/// Decodes the first `samples` sample frames, the whole track, and measures them:
/// [`Decoder::measure`](crate::Decoder::measure), on the calling thread.
///
/// # Errors
/// See [`DecodeError`].
pub fn measure(path: &Path, samples: u64) -> Result<Measurement, DecodeError> {
    guarded(|| {
        let chain = Chain::of(path)?;
        let mut meter = None;
        let mut left = samples;
        for link in chain.links() {
            let mut reader = Reader::open(path, link.bytes.as_ref())?;
            let meter = match &mut meter {
                Some(meter) => meter,
                None => meter.insert(Meter::new(reader.format().sample_rate)?),
            };
            let of_link = link.samples.unwrap_or(u64::MAX).min(left);
            measure_link(&mut reader, of_link, meter)?;
            left -= of_link;
        }
        let nothing = || DecodeError::Malformed("it holds no audio".into());
        Ok(meter.ok_or_else(nothing)?.finish())
    })
}

fn measure_link(reader: &mut Reader, samples: u64, meter: &mut Meter) -> Result<(), DecodeError> {
    while let Some(coded) = reader.next()? {
        if u64::try_from(coded.start).is_ok_and(|start| start >= samples) {
            break;
        }
        if let Some((at, mut stereo)) = reader.decode(&coded) {
            tame(&mut stereo);
            meter.add(presented(&stereo, at, coded.end, samples))?;
        }
    }
    Ok(())
}

/// The part of `stereo`, whose first frame is sample `at`, before `end` and within the track.
fn presented(stereo: &[f32], at: i64, end: i64, samples: u64) -> &[f32] {
    let end = i128::from(end).min(samples.into());
    let frames = stereo.len() / 2;
    let offset = |sample: i128| usize::try_from(sample - i128::from(at)).unwrap_or(0).min(frames);
    let (from, to) = (offset(0), offset(end));
    stereo.get(from * 2..to * 2).unwrap_or_default()
}

/// Takes samples in any portions and looks at the last 400 ms every 100 ms.
struct Meter {
    ebu: EbuR128,
    /// Frames in 100 ms.
    step: usize,
    /// Frames since the last look.
    since: usize,
    steps: u64,
    blocks: Vec<f64>,
}

impl Meter {
    fn new(sample_rate: u32) -> Result<Self, DecodeError> {
        let ebu = EbuR128::new(2, sample_rate, Mode::M | Mode::TRUE_PEAK).map_err(refused)?;
        // As the standard's reference implementations round it.
        let step = (sample_rate as usize + 5) / 10;
        Ok(Self { ebu, step, since: 0, steps: 0, blocks: Vec::new() })
    }

    fn add(&mut self, mut stereo: &[f32]) -> Result<(), DecodeError> {
        while !stereo.is_empty() {
            let frames = (stereo.len() / 2).min(self.step - self.since);
            let (now, later) = stereo.split_at((frames * 2).max(1).min(stereo.len()));
            self.ebu.add_frames_f32(now).map_err(refused)?;
            stereo = later;
            self.since += frames;
            if self.since == self.step {
                self.look()?;
            }
        }
        Ok(())
    }

    fn look(&mut self) -> Result<(), DecodeError> {
        self.since = 0;
        self.steps += 1;
        if self.steps >= 4 {
            self.blocks.push(self.ebu.loudness_momentary().map_err(refused)?);
        }
        Ok(())
    }

    fn finish(self) -> Measurement {
        let mut gating = Gating::default();
        self.blocks.iter().for_each(|lufs| gating.add(*lufs));
        let peak = (0..2).filter_map(|side| self.ebu.true_peak(side).ok()).fold(0.0, f64::max);
        Measurement {
            integrated_lufs: integrated_lufs(self.blocks.iter().map(|lufs| (*lufs, 1))),
            true_peak_dbtp: (peak > 0.0 && peak.is_finite()).then(|| 20.0 * peak.log10()),
            blocks: gating.to_bytes(),
        }
    }
}

fn refused(error: ebur128::Error) -> DecodeError {
    DecodeError::Unsupported(format!("its loudness cannot be measured: {error}"))
}
