//! Where presentation sample 0 lies in a stream, and where the presentation ends.
//!
//! Knows: the priming and padding of each container. Never: decoded samples.
//!
//! A demuxer counts in ticks of its own from an origin of its own; everything outside this crate
//! counts presentation samples. One file per container that gets this wrong when left alone.

mod mp4;
mod mpeg;
mod ogg;

pub(crate) use ogg::{FirstPage, Pages};

use symphonia::core::formats::{FormatReader, Track};
use symphonia::core::packet::Packet;

use crate::source::Codec;
use crate::window::Window;

/// How a stream's ticks map to presentation samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timing {
    /// The tick of presentation sample 0.
    pub(crate) origin: i64,
    /// Ticks in a second.
    pub(crate) ticks_per_second: u32,
    /// Samples in a second.
    pub(crate) sample_rate: u32,
    /// Where the presentation ends.
    pub(crate) end: End,
    /// Whether the demuxer's own trimming of each packet is to be believed.
    pub(crate) trims_packets: bool,
    /// The last presentation sample that a seek of the demuxer may aim at.
    pub(crate) last_seek: Option<u64>,
}

/// Where a presentation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With the last sample that can be decoded.
    LastSample,
    /// After this many samples, if there are so many.
    At(u64),
    /// After `claimed` samples if exactly `padding` more follow them; with the last sample if the
    /// file is longer or shorter than its header says.
    Padded {
        /// Samples of the presentation, by the header.
        claimed: u64,
        /// Samples after them that the encoder added.
        padding: u64,
    },
}

impl Timing {
    /// Reads the timing of `track`, whose first packet is `first`. `pages` are those of an Ogg stream.
    pub(crate) fn read(
        format: &mut dyn FormatReader,
        track: &Track,
        first: Option<&Packet>,
        codec: Codec,
        sample_rate: u32,
        (source, pages): (&mut Window, Pages),
    ) -> Self {
        let ticks_per_second = track.time_base.map_or(sample_rate, |base| base.denom.get());
        let plain = Self {
            origin: 0,
            ticks_per_second,
            sample_rate,
            end: End::LastSample,
            trims_packets: false,
            last_seek: None,
        };
        match format.format_info().short_name {
            "isomp4" => mp4::read(plain, format, track, source),
            "ogg" => ogg::read(plain, track, first, codec, pages),
            "mp3" => mpeg::read(plain, track),
            // A stream cut out of a longer one counts on from where it was cut.
            _ => Self { origin: first.map_or(0, |packet| packet.pts.get()), ..plain },
        }
    }

    /// Presentation sample of a tick; negative before the start.
    pub(crate) fn sample_at(&self, tick: i64) -> i64 {
        let ticks = tick.saturating_sub(self.origin);
        if self.ticks_per_second == self.sample_rate {
            return ticks;
        }
        let (rate, base) = (i128::from(self.sample_rate), i128::from(self.ticks_per_second));
        let scaled = (i128::from(ticks) * rate + base / 2).div_euclid(base.max(1));
        i64::try_from(scaled).unwrap_or(if scaled < 0 { i64::MIN } else { i64::MAX })
    }

    /// Tick of a presentation sample, rounded down.
    pub(crate) fn tick_at(&self, sample: u64) -> i64 {
        let (rate, base) = (u128::from(self.sample_rate), u128::from(self.ticks_per_second));
        let ticks = u128::from(sample) * base / rate.max(1);
        i64::try_from(ticks).unwrap_or(i64::MAX).saturating_add(self.origin)
    }

    /// Samples in the presentation, once the last decodable sample is known to end at `read_to`.
    pub(crate) const fn samples(&self, read_to: u64) -> u64 {
        match self.end {
            End::LastSample => read_to,
            End::At(end) if end < read_to => end,
            End::Padded { claimed, padding } if claimed.saturating_add(padding) == read_to => {
                claimed
            }
            End::At(_) | End::Padded { .. } => read_to,
        }
    }

    /// Whether where a range up to `until` ends depends on where the file ends.
    pub(crate) const fn needs_file_end(&self, until: u64) -> bool {
        matches!(self.end, End::Padded { claimed, .. } if until > claimed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Timing = Timing {
        origin: 1024,
        ticks_per_second: 44_100,
        sample_rate: 44_100,
        end: End::LastSample,
        trims_packets: false,
        last_seek: None,
    };

    #[test]
    fn ticks_and_samples_agree() {
        let coarse = Timing { origin: 600, ticks_per_second: 600, ..PLAIN };
        for (timing, tick, sample) in
            [(PLAIN, 0, -1024), (PLAIN, 1024, 0), (coarse, 0, -44_100), (coarse, 1200, 44_100)]
        {
            assert_eq!(timing.sample_at(tick), sample);
            if let Ok(sample) = u64::try_from(sample) {
                assert_eq!(timing.tick_at(sample), tick);
            }
        }
        assert_eq!(PLAIN.sample_at(i64::MIN), i64::MIN);
        assert_eq!(PLAIN.tick_at(u64::MAX), i64::MAX);
    }

    #[test]
    fn ends_believe_the_file_over_its_header() {
        let padded = End::Padded { claimed: 1000, padding: 152 };
        for (end, read_to, samples) in [
            (End::LastSample, 7, 7),
            (End::At(5), 7, 5),
            (End::At(9), 7, 7),
            (padded, 1152, 1000),
            (padded, 2304, 2304),
            (padded, 576, 576),
        ] {
            assert_eq!(Timing { end, ..PLAIN }.samples(read_to), samples, "{end:?} {read_to}");
        }
    }
}
