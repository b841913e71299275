//! Reads one file for the list: its headers, its tags, its cover.
//!
//! Knows: what stands in for an absent tag. Never: whether the file needs reading.

use std::path::Path;
use std::sync::Arc;

use quicksync_decode::{Codec, DecodeError, Probe};
use quicksync_store::{ScannedFile, ScannedTags};

use crate::folder_covers::{HashedCover, OWN_PICTURE};
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
    let folder = found.path.parent();
    let (cover, folder_picture) = match tags.cover.take() {
        Some(own) => (Some(Arc::new(HashedCover::new(own))), OWN_PICTURE),
        None => {
            let stamp = folder.map_or(0, |folder| shared.folder_covers.stamp(folder));
            (folder.and_then(|folder| shared.folder_covers.of(folder)), stamp)
        }
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
        folder_picture,
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
    let is_named = !tags.album.is_empty();
    let album_key = match folder {
        Some(_) if is_named && !tags.album_artist.is_empty() => String::new(),
        // The discs of a named album lie side by side.
        Some(folder) if is_named => disc_parent(folder).to_string_lossy().into_owned(),
        Some(folder) => folder.to_string_lossy().into_owned(),
        None => String::new(),
    };
    let artist = or(tags.artist, or(tags.album_artist.clone(), "Unknown artist".into()));
    ScannedTags {
        title: or(tags.title, word(path.file_stem())),
        album: or(tags.album, word(folder.and_then(Path::file_name))),
        album_artist: tags.album_artist,
        artist,
        album_key,
        track_number: tags.track_number,
        disc_number: tags.disc_number,
        year: tags.year,
        genre: tags.genre,
    }
}

/// The folder of an album whose discs lie in folders of their own: the parent of `CD 2`.
fn disc_parent(folder: &Path) -> &Path {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name = name.to_ascii_lowercase();
    let number = ["cd", "disc", "disk"].iter().find_map(|word| name.strip_prefix(word));
    let number = number.map(|rest| rest.trim_start_matches([' ', '-', '_', '.']));
    let is_disc = number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    if is_disc { folder.parent().unwrap_or(folder) } else { folder }
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
        assert_eq!(bare.album_artist, "", "nobody is tagged");
        let tags = Tags { album: "A".into(), album_artist: "V".into(), ..Tags::default() };
        let named = with_fallbacks(tags, path);
        assert_eq!((named.artist.as_str(), named.album_key.as_str()), ("V", ""));
        let top = with_fallbacks(Tags::default(), Path::new("/song.mp3"));
        assert_eq!((top.title.as_str(), top.album.as_str()), ("song", ""));
    }

    #[test]
    fn discs_in_folders_of_their_own_are_one_album() {
        for (folder, key) in [
            ("/m/Al", "/m/Al"),
            ("/m/Al/CD1", "/m/Al"),
            ("/m/Al/Disc 02", "/m/Al"),
            ("/m/Al/disk-3", "/m/Al"),
            ("/m/Al/CD", "/m/Al/CD"),
            ("/m/CD Singles", "/m/CD Singles"),
            ("/m/Discovery", "/m/Discovery"),
        ] {
            let path = Path::new(folder).join("a.flac");
            let tags = Tags { album: "Al".into(), artist: "X".into(), ..Tags::default() };
            assert_eq!(with_fallbacks(tags, &path).album_key, key);
        }
        let tags = Tags { album: "Al".into(), album_artist: "V".into(), ..Tags::default() };
        assert_eq!(with_fallbacks(tags, Path::new("/m/Al/a.flac")).album_key, "");
    }

    #[test]
    fn codecs_have_the_words_they_are_serialized_as() {
        use Codec::{Aac, Alac, Flac, Mp3, Opus, Pcm, Vorbis};
        for codec in [Aac, Alac, Flac, Mp3, Opus, Pcm, Vorbis] {
            assert_eq!(serde_json::to_value(codec).unwrap(), codec_word(codec));
        }
    }
}
