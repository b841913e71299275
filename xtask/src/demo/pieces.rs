//! What the demo library holds: two albums, five pieces.

use std::path::{Path, PathBuf};

/// A record.
pub(super) struct Album {
    pub(super) title: &'static str,
    pub(super) artist: &'static str,
    pub(super) year: u32,
    pub(super) seed: u64,
}

/// How much the drums play.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Drums {
    None,
    Soft,
    Driving,
}

/// What carries the tune.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    Bell,
    Pluck,
}

/// One piece as the arranger reads it.
pub(super) struct Piece {
    pub(super) title: &'static str,
    pub(super) album: &'static Album,
    pub(super) number: u32,
    /// Samples per second of the file.
    pub(super) rate: u32,
    pub(super) beats_per_minute: f64,
    /// Bars of four beats.
    pub(super) bars: u32,
    /// The key that the chords are counted from.
    pub(super) tonic: i32,
    /// One chord a bar, over and over: semitones above the tonic.
    pub(super) chords: &'static [[i32; 4]],
    pub(super) drums: Drums,
    pub(super) lead: Lead,
    pub(super) seed: u64,
}

const QUIET_MACHINES: Album =
    Album { title: "Quiet Machines", artist: "The Lattice Ensemble", year: 2025, seed: 11 };
const NIGHT_TRANSIT: Album =
    Album { title: "Night Transit", artist: "Meridian Line", year: 2026, seed: 58 };

/// The whole library.
pub(super) const PIECES: &[Piece] = &[
    Piece {
        title: "Lattice",
        album: &QUIET_MACHINES,
        number: 1,
        rate: 44_100,
        beats_per_minute: 92.0,
        bars: 97,
        tonic: 57,
        chords: &[[0, 3, 7, 10], [-4, 0, 3, 8], [-7, 0, 5, 8], [-2, 2, 5, 10]],
        drums: Drums::Soft,
        lead: Lead::Pluck,
        seed: 1,
    },
    Piece {
        title: "Slow Carrier",
        album: &QUIET_MACHINES,
        number: 2,
        rate: 48_000,
        beats_per_minute: 66.0,
        bars: 25,
        tonic: 53,
        chords: &[[0, 4, 7, 11], [-3, 0, 4, 9], [-7, 0, 5, 9], [-5, 2, 7, 11]],
        drums: Drums::None,
        lead: Lead::Bell,
        seed: 2,
    },
    Piece {
        title: "Hill Climbing",
        album: &QUIET_MACHINES,
        number: 3,
        rate: 44_100,
        beats_per_minute: 118.0,
        bars: 52,
        tonic: 50,
        chords: &[[0, 5, 7, 12], [0, 4, 7, 14], [-2, 5, 10, 14], [-5, 2, 7, 11]],
        drums: Drums::Driving,
        lead: Lead::Pluck,
        seed: 3,
    },
    Piece {
        title: "Departures",
        album: &NIGHT_TRANSIT,
        number: 1,
        rate: 44_100,
        beats_per_minute: 124.0,
        bars: 72,
        tonic: 52,
        chords: &[[0, 3, 7, 14], [-4, 3, 8, 12], [3, 7, 10, 14], [-2, 5, 10, 14]],
        drums: Drums::Driving,
        lead: Lead::Bell,
        seed: 4,
    },
    Piece {
        title: "Rain on Copper",
        album: &NIGHT_TRANSIT,
        number: 2,
        rate: 48_000,
        beats_per_minute: 76.0,
        bars: 21,
        tonic: 55,
        chords: &[[0, 3, 7, 12], [-5, 2, 7, 10], [-4, 3, 8, 12], [-7, 0, 5, 8]],
        drums: Drums::Soft,
        lead: Lead::Pluck,
        seed: 5,
    },
];

impl Piece {
    /// Where its file lies.
    pub(super) fn path(&self, folder: &Path) -> PathBuf {
        let name = format!("{:02} {}.flac", self.number, self.title);
        folder.join(self.album.artist).join(self.album.title).join(name)
    }

    /// Its tags, as Vorbis comments.
    pub(super) fn tags(&self) -> Vec<(&'static str, String)> {
        vec![
            ("TITLE", self.title.to_owned()),
            ("ARTIST", self.album.artist.to_owned()),
            ("ALBUM", self.album.title.to_owned()),
            ("ALBUMARTIST", self.album.artist.to_owned()),
            ("TRACKNUMBER", self.number.to_string()),
            ("DATE", self.album.year.to_string()),
            ("GENRE", "Electronic".to_owned()),
            ("COMMENT", "Synthesised by the Quick Sync demo".to_owned()),
        ]
    }
}
