//! How loud something is, and what the two ways of saying so in a file's tags make of it.
//!
//! Knows: the reference levels of the tags. Never: how loudness is measured.

/// LUFS at which a ReplayGain 2.0 player plays everything.
const REPLAY_GAIN_LUFS: f64 = -18.0;
/// LUFS that the gain tags of Opus refer to (RFC 7845 §5.2.1, by EBU R 128).
const R128_LUFS: f64 = -23.0;

/// Loudness by EBU R 128, of a track or of an album.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loudness {
    /// Integrated loudness of the whole, in LUFS.
    pub integrated_lufs: f64,
    /// Greatest true peak, in dBTP.
    pub true_peak_dbtp: f64,
}

impl Loudness {
    /// The value of `REPLAYGAIN_*_GAIN`: dB that bring it to -18 LUFS (ReplayGain 2.0).
    #[must_use]
    pub const fn replay_gain_db(self) -> f64 {
        REPLAY_GAIN_LUFS - self.integrated_lufs
    }

    /// The value of `R128_*_GAIN`: dB in Q7.8 that bring it to -23 LUFS, on top of the output gain
    /// in the stream's header (RFC 7845 §5.2.1).
    #[must_use]
    pub const fn r128_gain(self) -> i16 {
        let scaled = (R128_LUFS - self.integrated_lufs) * 256.0;
        let half = if scaled < 0.0 { -0.5 } else { 0.5 };
        #[expect(clippy::cast_possible_truncation, reason = "saturates, and is meant to round")]
        let gain = (scaled + half) as i16;
        gain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_lead_to_the_reference_level() {
        for (lufs, replay_gain, r128) in [
            (-23.0, 5.0, 0),
            (-18.0, 0.0, -1280),
            (-9.5, -8.5, -3456),
            (-23.001, 5.001, 0),
            (-40.0, 22.0, 4352),
            (-400.0, 382.0, i16::MAX),
        ] {
            let loudness = Loudness { integrated_lufs: lufs, true_peak_dbtp: -1.0 };
            assert!((loudness.replay_gain_db() - replay_gain).abs() < 1e-9, "{lufs}");
            assert_eq!(loudness.r128_gain(), r128, "{lufs}");
        }
    }
}
