//! What a file says of itself, whatever its container.
//!
//! Knows: the fields, and the two ways to state loudness. Never: where they came from.

/// A cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// `image/jpeg` and its like.
    pub media_type: String,
    /// The image.
    pub bytes: Vec<u8>,
}

/// Loudness by EBU R 128: integrated, and the true peak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loudness {
    /// LUFS.
    pub lufs: f64,
    /// dBTP.
    pub peak_dbtp: f64,
}

/// What a file says of itself. An empty text is not written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tags {
    /// Title.
    pub title: String,
    /// Performer.
    pub artist: String,
    /// Album.
    pub album: String,
    /// Who the album is filed under.
    pub album_artist: String,
    /// Position on the disc.
    pub track_number: Option<u32>,
    /// Disc of the album.
    pub disc_number: Option<u32>,
    /// Year of release.
    pub year: Option<u32>,
    /// Genre.
    pub genre: Option<String>,
    /// The front cover.
    pub picture: Option<Picture>,
    /// Of the track.
    pub track_loudness: Option<Loudness>,
    /// Of its album.
    pub album_loudness: Option<Loudness>,
}

/// What R128 gains aim at (RFC 7845 section 5.2.1).
const R128_LUFS: f64 = -23.0;
/// What ReplayGain 2.0 aims at: 89 dB SPL of its first version.
const REPLAYGAIN_LUFS: f64 = -18.0;
/// No music needs more, and the field of RFC 7845 ends at 128.
const MAX_GAIN_DB: f64 = 60.0;

impl Loudness {
    /// The gain to the level of RFC 7845, in 1/256 dB.
    #[expect(clippy::cast_possible_truncation, reason = "bounded to 60 dB either way")]
    pub(crate) fn r128_q8(self) -> i32 {
        (gain_db(R128_LUFS, self.lufs) * 256.0).round() as i32
    }

    /// The gain to the level of ReplayGain 2.0, as its tag is written.
    pub(crate) fn replaygain(self) -> String {
        format!("{:.2} dB", gain_db(REPLAYGAIN_LUFS, self.lufs))
    }

    /// The peak as a share of full scale, as ReplayGain's tag is written.
    pub(crate) fn replaygain_peak(self) -> String {
        let peak =
            if self.peak_dbtp.is_finite() { self.peak_dbtp.min(MAX_GAIN_DB) } else { -200.0 };
        format!("{:.6}", 10_f64.powf(peak / 20.0))
    }
}

/// Silence has no loudness to correct.
fn gain_db(aim: f64, lufs: f64) -> f64 {
    if lufs.is_finite() { (aim - lufs).clamp(-MAX_GAIN_DB, MAX_GAIN_DB) } else { 0.0 }
}

impl Tags {
    /// The fields both containers write as text, by their Vorbis comment names.
    pub(crate) fn texts(&self) -> Vec<(&'static str, String)> {
        let number = |number: Option<u32>| number.map(|number| number.to_string());
        let fields = [
            ("TITLE", Some(self.title.clone())),
            ("ARTIST", Some(self.artist.clone())),
            ("ALBUM", Some(self.album.clone())),
            ("ALBUMARTIST", Some(self.album_artist.clone())),
            ("TRACKNUMBER", number(self.track_number)),
            ("DISCNUMBER", number(self.disc_number)),
            ("DATE", self.year.map(|year| format!("{year:04}"))),
            ("GENRE", self.genre.clone()),
        ];
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        fields.into_iter().filter_map(|(name, text)| Some((name, given(text)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_go_to_their_levels() {
        for (lufs, q8, replaygain) in [
            (-23.0, 0, "5.00 dB"),
            (-18.0, -1280, "0.00 dB"),
            (-9.5, -3456, "-8.50 dB"),
            (f64::NEG_INFINITY, 0, "0.00 dB"),
            (-900.0, 15_360, "60.00 dB"),
        ] {
            let loudness = Loudness { lufs, peak_dbtp: 0.0 };
            assert_eq!((loudness.r128_q8(), loudness.replaygain().as_str()), (q8, replaygain));
        }
        let peak = |peak_dbtp| Loudness { lufs: -20.0, peak_dbtp }.replaygain_peak();
        assert_eq!((peak(0.0), peak(-6.0)), ("1.000000".into(), "0.501187".into()));
        assert_eq!(peak(f64::NEG_INFINITY), "0.000000");
    }
}
