//! The part of a URL that names the audio it is made of.
//!
//! Decides: how a version is written. It names the track's audio, that of the neighbours whose
//! samples its ends are encoded with, and the format; so it is a pure function of what the bytes
//! depend on, and stays good as long as that audio is in the library, whatever becomes of the
//! album. Never: where the audio is.

use std::fmt;

/// What a hash is called in a URL: 64 of its bits, of which no two pieces of a library agree.
type Prefix = [u8; 8];

/// The version of a track's URLs: `own-previous-next-format`, hexadecimal, `0` for no neighbour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version {
    own: u64,
    around: [u64; 2],
    format: u32,
}

impl Version {
    /// Of audio between that of neighbours, by their hashes.
    pub(super) fn new(own: &[u8; 32], around: [Option<[u8; 32]>; 2], format: u32) -> Self {
        let around = around.map(|hash| hash.map_or(0, |hash| prefix(&hash)));
        Self { own: prefix(own), around, format }
    }

    /// Of an album as one.
    pub(super) fn of_album(hash: &[u8; 32], format: u32) -> String {
        format!("{:016x}-{format}", prefix(hash))
    }

    /// A version as it is written; there is one way to write each.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut words = text.split('-');
        let mut hash = || u64::from_str_radix(words.next()?, 16).ok();
        let (own, around) = (hash()?, [hash()?, hash()?]);
        let format = words.next()?.parse().ok()?;
        Some(Self { own, around, format }).filter(|version| version.to_string() == text)
    }

    /// Whether it is of this audio in this format.
    pub(super) fn is_of(&self, own: &[u8; 32], format: u32) -> bool {
        self.own == prefix(own) && self.format == format
    }

    /// Whether it has no neighbours.
    pub(super) fn is_alone(&self) -> bool {
        self.around == [0, 0]
    }

    /// How the hash of the audio before it begins.
    pub(super) fn previous(&self) -> Option<Prefix> {
        self.neighbour(0)
    }

    /// How the hash of the audio after it begins.
    pub(super) fn next(&self) -> Option<Prefix> {
        self.neighbour(1)
    }

    fn neighbour(&self, side: usize) -> Option<Prefix> {
        self.around.get(side).filter(|hash| **hash != 0).map(|hash| hash.to_be_bytes())
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [previous, next] = self.around;
        write!(f, "{:016x}-{previous:x}-{next:x}-{}", self.own, self.format)
    }
}

fn prefix(hash: &[u8; 32]) -> u64 {
    hash.first_chunk().map_or(0, |prefix| u64::from_be_bytes(*prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_written_in_one_way() {
        let version = Version::new(&[1; 32], [None, Some([0xab; 32])], 3);
        let text = "0101010101010101-0-abababababababab-3";
        assert_eq!(version.to_string(), text);
        assert_eq!(Version::parse(text), Some(version));
        assert_eq!((version.previous(), version.next()), (None, Some([0xab; 8])));
        assert!(version.is_of(&[1; 32], 3));
        assert!(!version.is_of(&[1; 32], 4) && !version.is_of(&[2; 32], 3));
        for other in [
            "",
            "0101010101010101-3",
            "101010101010101-0-abababababababab-3",
            "0101010101010101-00-abababababababab-3",
            "0101010101010101-0-ABABABABABABABAB-3",
            "0101010101010101-0-abababababababab-03",
            "0101010101010101-0-abababababababab-3-",
            "+101010101010101-0-abababababababab-3",
        ] {
            assert_eq!(Version::parse(other), None, "{other}");
        }
    }
}
