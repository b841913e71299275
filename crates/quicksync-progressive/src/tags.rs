//! What a file says of itself, whatever its container.
//!
//! Knows: the fields, and how ReplayGain writes a level. Never: where they came from.

use quicksync_model::Loudness;

/// A cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// `image/jpeg` and its like.
    pub media_type: String,
    /// The image.
    pub bytes: Vec<u8>,
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

/// ReplayGain's tag for a gain.
pub(crate) fn replay_gain(loudness: Loudness) -> String {
    format!("{:.2} dB", loudness.replay_gain_db())
}

/// ReplayGain's tag for a peak: a share of full scale.
pub(crate) fn replay_gain_peak(loudness: Loudness) -> String {
    format!("{:.6}", 10_f64.powf(loudness.true_peak_dbtp / 20.0))
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
    fn gains_are_written_as_players_read_them() {
        for (lufs, peak, gain_tag, peak_tag) in [
            (-18.0, 0.0, "0.00 dB", "1.000000"),
            (-9.5, -6.0, "-8.50 dB", "0.501187"),
            (-23.004, f64::NEG_INFINITY, "5.00 dB", "0.000000"),
        ] {
            let loudness = Loudness { integrated_lufs: lufs, true_peak_dbtp: peak };
            assert_eq!(replay_gain(loudness), gain_tag);
            assert_eq!(replay_gain_peak(loudness), peak_tag);
        }
    }
}
