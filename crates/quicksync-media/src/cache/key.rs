//! The name of a segment, in memory and as a path.

use std::hash::{Hash, Hasher};

use object_store::path::Path;
use quicksync_decode::AudioHash;
use quicksync_model::{Codec, Quality, Rendition};

use crate::FORMAT_VERSION;

/// Everything a segment's bytes depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) audio_hash: AudioHash,
    pub(crate) rendition: Rendition,
    pub(crate) index: u64,
}

impl Hash for Key {
    /// The hash of the audio is one already: a part of it tells it from others.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [.., a, b, c, d] = self.audio_hash.0;
        (u32::from_ne_bytes([a, b, c, d]), self.rendition, self.index).hash(state);
    }
}

impl Key {
    /// `v{FORMAT_VERSION}/{codec}/{first byte}/{audio hash}/{quality}/{index}`: the first byte keeps
    /// folders short.
    pub(crate) fn path(&self) -> Path {
        let hash = self.audio_hash.to_string();
        let folder = hash.get(..2).unwrap_or_default();
        let (codec, quality) = (self.rendition.codec(), self.rendition.quality_str());
        let index = self.index;
        Path::from(format!("v{FORMAT_VERSION}/{codec}/{folder}/{hash}/{quality}/{index}"))
    }

    /// The key whose path this is.
    pub(crate) fn from_path(path: &Path) -> Option<Self> {
        let parts: Vec<_> = path.parts().collect();
        let [_, codec, _, hash, quality, index] = &parts[..] else { return None };
        let key = Self {
            audio_hash: parse_hash(hash.as_ref())?,
            rendition: parse_rendition(codec.as_ref(), quality.as_ref())?,
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
        && parts.next().is_some_and(|part| part.as_ref().parse::<Codec>().is_ok())
}

fn parse_rendition(codec: &str, quality: &str) -> Option<Rendition> {
    match codec.parse().ok()? {
        Codec::Flac => (quality == Rendition::LOSSLESS).then_some(Rendition::Flac),
        codec => Some(Rendition::new(codec, quality.parse::<Quality>().ok()?)),
    }
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
        let audio_hash = AudioHash([0xa7; 32]);
        let hash = audio_hash.to_string();
        for (rendition, words) in [
            (Rendition::Opus(Quality::High), ("opus", "high")),
            (Rendition::Mp3(Quality::Low), ("mp3", "low")),
            (Rendition::Aac(Quality::Ultra), ("aac", "ultra")),
            (Rendition::Flac, ("flac", "lossless")),
        ] {
            let key = Key { audio_hash, rendition, index: 41 };
            let path = key.path();
            assert_eq!(Key::from_path(&path), Some(key));
            let expected = format!("v{FORMAT_VERSION}/{}/a7/{hash}/{}/41", words.0, words.1);
            assert_eq!(path.as_ref(), expected);
        }
        let ours = format!("v{FORMAT_VERSION}");
        for foreign in [
            format!("{ours}/opus"),
            format!("{ours}/opus/a7/{hash}/high/041"),
            format!("{ours}/opus/a7/{hash}/high/+41"),
            format!("{ours}/opus/a8/{hash}/high/41"),
            format!("{ours}/flac/a7/{hash}/high/41"),
            format!("{ours}/opus/a7/{}/high/41", hash.to_uppercase()),
            format!("{ours}/opus/a7/{hash}/best/41"),
            format!("{ours}/opus/+a/+a+a/low/1"),
            format!("v1/opus/a7/{hash}/high/41"),
        ] {
            assert_eq!(Key::from_path(&Path::from(foreign.as_str())), None, "{foreign}");
        }
    }

    #[test]
    fn only_our_own_older_formats_are_outdated() {
        let [before, ours] =
            [FORMAT_VERSION - 1, FORMAT_VERSION].map(|version| format!("v{version}/opus/a7/x"));
        for (path, expected) in [
            ("v0/opus/a7/x", true),
            ("v1/mp3/a7/x", true),
            (&before, true),
            (&ours, false),
            ("v0/holiday/a7/x", false),
            ("videos/opus/x", false),
            ("v0", false),
        ] {
            assert_eq!(is_outdated(&Path::from(path)), expected, "{path}");
        }
    }
}
