//! The name of a segment, in memory and as a path.

use object_store::path::Path;
use quicksync_decode::AudioHash;
use quicksync_model::Quality;

use crate::FORMAT_VERSION;

/// Everything a segment's bytes depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) audio_hash: AudioHash,
    pub(crate) quality: Quality,
    pub(crate) index: u64,
}

/// The codec's part of the path.
const CODEC: &str = "opus";

impl Key {
    /// `v{FORMAT_VERSION}/opus/{first byte}/{audio hash}/{quality}/{index}`: the first byte keeps
    /// folders short.
    pub(crate) fn path(&self) -> Path {
        let hash = self.audio_hash.to_string();
        let folder = hash.get(..2).unwrap_or_default();
        let (quality, index) = (self.quality, self.index);
        Path::from(format!("v{FORMAT_VERSION}/{CODEC}/{folder}/{hash}/{quality}/{index}"))
    }

    /// The key whose path this is.
    pub(crate) fn from_path(path: &Path) -> Option<Self> {
        let parts: Vec<_> = path.parts().collect();
        let [_, _, _, hash, quality, index] = &parts[..] else { return None };
        let key = Self {
            audio_hash: parse_hash(hash.as_ref())?,
            quality: quality.as_ref().parse().ok()?,
            index: index.as_ref().parse().ok()?,
        };
        (key.path() == *path).then_some(key)
    }
}

/// Whether the path is of a segment in a format we no longer speak.
pub(crate) fn is_outdated(path: &Path) -> bool {
    let mut parts = path.parts();
    let version =
        parts.next().and_then(|part| part.as_ref().strip_prefix('v')?.parse::<u32>().ok());
    version.is_some_and(|version| version != FORMAT_VERSION)
        && parts.next().is_some_and(|part| part.as_ref() == CODEC)
}

fn parse_hash(hex: &str) -> Option<AudioHash> {
    let mut hash = [0; 32];
    if hex.len() != 64 || !hex.is_ascii() {
        return None;
    }
    for (n, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * n..2 * n + 2)?, 16).ok()?;
    }
    Some(AudioHash(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_back_and_nothing_else_does() {
        let key = Key { audio_hash: AudioHash([0xa7; 32]), quality: Quality::High, index: 41 };
        let path = key.path();
        assert_eq!(Key::from_path(&path), Some(key));
        let hash = key.audio_hash.to_string();
        assert_eq!(path.as_ref(), format!("v1/opus/a7/{hash}/high/41"));
        for foreign in [
            "v1/opus".to_owned(),
            format!("v1/opus/a7/{hash}/high/041"),
            format!("v1/opus/a7/{hash}/high/+41"),
            format!("v1/opus/a8/{hash}/high/41"),
            format!("v1/aac/a7/{hash}/high/41"),
            format!("v1/opus/a7/{}/high/41", hash.to_uppercase()),
            format!("v1/opus/a7/{hash}/best/41"),
            "v1/opus/+a/+a+a/low/1".to_owned(),
        ] {
            assert_eq!(Key::from_path(&Path::from(foreign.as_str())), None, "{foreign}");
        }
    }

    #[test]
    fn only_our_own_older_formats_are_outdated() {
        for (path, expected) in [
            ("v0/opus/a7/x", true),
            ("v2/opus/a7/x", true),
            ("v1/opus/a7/x", false),
            ("v0/holiday/a7/x", false),
            ("videos/opus/x", false),
            ("v0", false),
        ] {
            assert_eq!(is_outdated(&Path::from(path)), expected, "{path}");
        }
    }
}
