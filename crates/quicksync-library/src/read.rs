//! Reads one file for the list: its headers, its tags, its cover.
//!
//! Knows: what stands in for an absent tag. Never: whether the file needs reading.

use std::path::Path;
use std::sync::Arc;

use quicksync_decode::{Codec, DecodeError, Probe};
use quicksync_store::{ScannedFile, ScannedTags};

use crate::folder_covers::HashedCover;
use crate::handle::Shared;
use crate::tags::Tags;
use crate::walk::FoundFile;

/// What came of reading a file.
#[derive(Debug)]
pub(crate) enum Reading {
    /// It belongs in the list.
    Readable(Box<ScannedFile>),
    /// It cannot be read, for this reason; `lasting` until it changes.
    Broken { reason: String, lasting: bool },
    /// It is gone.
    Gone,
    /// It changed while it was read.
    Unsettled,
}

/// Whether an error will be the same until the file changes.
pub(crate) const fn is_lasting(error: &DecodeError) -> bool {
    match error {
        DecodeError::Unsupported(_) | DecodeError::Malformed(_) | DecodeError::Exhausted(_) => true,
        DecodeError::Unreadable(_) | DecodeError::Died(_) => false,
    }
}

pub(crate) async fn read_file(shared: &Shared, root: &Path, found: &FoundFile) -> Reading {
    let probe = shared.decoder.probe(&found.path).await;
    let tags = match &probe {
        Ok(_) => shared.config.tags.read(&found.path).await,
        Err(_) => Ok(Tags::default()),
    };
    match FoundFile::at(&found.path) {
        Ok(Some(now)) if now == *found => {}
        Ok(Some(_)) => return Reading::Unsettled,
        Ok(None) => return Reading::Gone,
        Err(error) => return Reading::Broken { reason: sentence(&error), lasting: false },
    }
    let probe = match probe {
        Ok(probe) => probe,
        Err(error) => {
            return Reading::Broken { reason: error.to_string(), lasting: is_lasting(&error) };
        }
    };
    let tags = tags.unwrap_or_else(|error| {
        tracing::debug!(path = %found.path.display(), %error, "listed without its tags");
        Tags::default()
    });
    Reading::Readable(Box::new(scanned(shared, root, found, probe, tags)))
}

fn sentence(error: &std::io::Error) -> String {
    DecodeError::Unreadable(error.to_string()).to_string()
}

fn scanned(
    shared: &Shared,
    root: &Path,
    found: &FoundFile,
    probe: Probe,
    mut tags: Tags,
) -> ScannedFile {
    let cover = match tags.cover.take() {
        Some(own) => Some(Arc::new(HashedCover::new(own))),
        None => found.path.parent().and_then(|folder| shared.folder_covers.of(folder)),
    };
    ScannedFile {
        root: root.to_owned(),
        path: found.path.clone(),
        size_bytes: found.size_bytes,
        modified_us: found.modified_us,
        tags: with_fallbacks(tags, &found.path),
        codec: codec_word(probe.format.codec).to_owned(),
        sample_rate: probe.format.sample_rate,
        channels: probe.format.channels.into(),
        bits_per_sample: probe.format.bits_per_sample,
        claimed_samples: probe.claimed_samples,
        cover: cover.map(|hashed| {
            let cover = &hashed.cover;
            (hashed.hash, cover.media_type.to_owned(), cover.bytes.clone())
        }),
        seen_us: (shared.config.clock)(),
    }
}

/// A title from the file's name, an album from the folder's, and no nameless artist.
fn with_fallbacks(tags: Tags, path: &Path) -> ScannedTags {
    let word = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let or = |text: String, other: String| if text.is_empty() { other } else { text };
    let folder = path.parent();
    let album_key = if tags.album.is_empty() {
        folder.map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default()
    } else {
        String::new()
    };
    let artist = or(tags.artist, or(tags.album_artist.clone(), "Unknown artist".into()));
    ScannedTags {
        title: or(tags.title, word(path.file_stem())),
        album: or(tags.album, word(folder.and_then(Path::file_name))),
        album_artist: or(tags.album_artist, artist.clone()),
        artist,
        album_key,
        track_number: tags.track_number,
        disc_number: tags.disc_number,
        year: tags.year,
        genre: tags.genre,
    }
}

fn codec_word(codec: Codec) -> &'static str {
    match codec {
        Codec::Aac => "aac",
        Codec::Alac => "alac",
        Codec::Flac => "flac",
        Codec::Mp3 => "mp3",
        Codec::Opus => "opus",
        Codec::Pcm => "pcm",
        Codec::Vorbis => "vorbis",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_tags_fall_back() {
        let path = Path::new("/m/Some Folder/01 Song.flac");
        let bare = with_fallbacks(Tags::default(), path);
        assert_eq!((bare.title.as_str(), bare.artist.as_str()), ("01 Song", "Unknown artist"));
        assert_eq!(
            (bare.album.as_str(), bare.album_key.as_str()),
            ("Some Folder", "/m/Some Folder")
        );
        assert_eq!(bare.album_artist, "Unknown artist");
        let tags = Tags { album: "A".into(), album_artist: "V".into(), ..Tags::default() };
        let named = with_fallbacks(tags, path);
        assert_eq!((named.artist.as_str(), named.album_key.as_str()), ("V", ""));
        let top = with_fallbacks(Tags::default(), Path::new("/song.mp3"));
        assert_eq!((top.title.as_str(), top.album.as_str()), ("song", ""));
    }

    #[test]
    fn codecs_have_the_words_they_are_serialized_as() {
        use Codec::{Aac, Alac, Flac, Mp3, Opus, Pcm, Vorbis};
        for codec in [Aac, Alac, Flac, Mp3, Opus, Pcm, Vorbis] {
            assert_eq!(serde_json::to_value(codec).unwrap(), codec_word(codec));
        }
    }
}
