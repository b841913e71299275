//! Reads the tags of one file, and carries them as bytes.
//!
//! Knows: every tag format lofty knows. Never: what an absent tag falls back to, and never called
//! on untrusted files outside a worker unless panics are caught around it.

use std::path::Path;

use lofty::config::ParseOptions;
use lofty::file::TaggedFileExt;
use lofty::picture::{Picture, PictureType};
use lofty::probe::Probe;
use lofty::tag::{Accessor, ItemKey, Tag};
use serde::{Deserialize, Serialize};

use crate::covers::{Cover, verified_cover};

/// The longest tag that is kept, in characters.
const MAX_TAG_CHARS: usize = 1000;
/// Pictures looked at before there is no cover.
const MAX_PICTURES: usize = 8;

/// The tags of one file: an empty text is an absent tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tags {
    /// Title.
    pub title: String,
    /// Performer.
    pub artist: String,
    /// Album title.
    pub album: String,
    /// Album artist.
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
    #[serde(skip)]
    pub cover: Option<Cover>,
}

/// Why tags could not be read: the file may still play.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct UnreadableTags(String);

/// The tags of the file at `path`.
pub(crate) fn read_tags(path: &Path) -> Result<Tags, UnreadableTags> {
    let failed = |error: &dyn std::fmt::Display| UnreadableTags(error.to_string());
    let options = ParseOptions::new().read_properties(false);
    let file = Probe::open(path)
        .map_err(|error| failed(&error))?
        .options(options)
        .guess_file_type()
        .map_err(|error| failed(&error))?
        .read()
        .map_err(|error| failed(&error))?;
    let first = file.primary_tag().into_iter();
    let tags: Vec<&Tag> = first.chain(file.tags()).collect();
    Ok(merge(&tags))
}

/// The first tag that has a field gives it.
fn merge(tags: &[&Tag]) -> Tags {
    let text = |read: fn(&Tag) -> Option<String>| {
        tags.iter()
            .filter_map(|tag| read(tag))
            .map(|text| clean(&text))
            .find(|text| !text.is_empty())
    };
    let number = |read: fn(&Tag) -> Option<u32>| {
        tags.iter().filter_map(|tag| read(tag)).find(|number| *number > 0)
    };
    Tags {
        title: text(|tag| tag.title().map(Into::into)).unwrap_or_default(),
        artist: text(|tag| tag.artist().map(Into::into)).unwrap_or_default(),
        album: text(|tag| tag.album().map(Into::into)).unwrap_or_default(),
        album_artist: text(|tag| tag.get_string(ItemKey::AlbumArtist).map(Into::into))
            .unwrap_or_default(),
        track_number: number(|tag| {
            tag.track().or_else(|| leading_number(tag, ItemKey::TrackNumber))
        }),
        disc_number: number(|tag| tag.disk().or_else(|| leading_number(tag, ItemKey::DiscNumber))),
        year: number(year),
        genre: text(|tag| tag.genre().map(Into::into)),
        cover: cover(tags),
    }
}

/// `3` of `3/12`, where a format has one field for both.
fn leading_number(tag: &Tag, key: ItemKey) -> Option<u32> {
    tag.get_string(key)?.split('/').next()?.trim().parse().ok()
}

fn year(tag: &Tag) -> Option<u32> {
    let dates =
        [ItemKey::RecordingDate, ItemKey::Year, ItemKey::ReleaseDate, ItemKey::OriginalReleaseDate];
    dates.into_iter().filter_map(|key| tag.get_string(key)).find_map(leading_year)
}

/// `1999` of `1999-12-31` and of `1999`; nothing of `99` or `1999999`.
fn leading_year(date: &str) -> Option<u32> {
    let digits: String = date.trim().chars().take_while(char::is_ascii_digit).collect();
    if digits.len() == 4 { digits.parse().ok().filter(|year| *year > 0) } else { None }
}

fn clean(text: &str) -> String {
    let spaced: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_TAG_CHARS).collect();
    spaced.trim().to_owned()
}

/// The front picture, or else the first one that is a cover at all.
fn cover(tags: &[&Tag]) -> Option<Cover> {
    let mut pictures: Vec<&Picture> = tags.iter().flat_map(|tag| tag.pictures()).collect();
    pictures.sort_by_key(|picture| picture_rank(picture));
    pictures
        .into_iter()
        .take(MAX_PICTURES)
        .find_map(|picture| verified_cover(picture.data().to_vec()).ok())
}

fn picture_rank(picture: &Picture) -> u8 {
    match picture.pic_type() {
        PictureType::CoverFront => 0,
        PictureType::Other => 1,
        PictureType::Icon | PictureType::OtherIcon => 3,
        _ => 2,
    }
}

impl Tags {
    /// `u32` length of the JSON, little-endian; the JSON, with the cover's media type; the cover.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let media_type = self.cover.as_ref().map(|cover| cover.media_type.to_owned());
        let head = serde_json::to_vec(&(self, media_type))?;
        let length = u32::try_from(head.len()).unwrap_or(u32::MAX);
        let cover = self.cover.as_ref().map_or(&[][..], |cover| &cover.bytes);
        Ok([&length.to_le_bytes()[..], &head, cover].concat())
    }

    /// What [`Tags::to_bytes`] wrote. The cover is verified again: its bytes come from a process
    /// that read an untrusted file.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (head, cover) = rest.split_at_checked(u32::from_le_bytes(*length).try_into().ok()?)?;
        let (tags, media_type): (Self, Option<String>) = serde_json::from_slice(head).ok()?;
        let cover = media_type.and_then(|_| verified_cover(cover.to_vec()).ok());
        Some(Self { cover, ..tags })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_four_digits() {
        for (date, year) in [
            ("1999", Some(1999)),
            ("1999-12-31", Some(1999)),
            (" 2001 ", Some(2001)),
            ("1999999", None),
            ("99", None),
            ("0000", None),
            ("", None),
            ("next", None),
        ] {
            assert_eq!(leading_year(date), year, "{date:?}");
        }
    }

    #[test]
    fn texts_are_one_line_and_bounded() {
        assert_eq!(clean(" a\u{0}b\n "), "a b");
        assert_eq!(clean(&"é".repeat(5000)).chars().count(), 1000);
    }

    #[test]
    fn the_message_survives_cutting() {
        let tags = Tags { title: "Song".into(), year: Some(1999), ..Tags::default() };
        let bytes = tags.to_bytes().unwrap();
        assert_eq!(Tags::from_bytes(&bytes), Some(tags));
        for cut in 0..bytes.len() {
            assert_eq!(Tags::from_bytes(&bytes[..cut]), None, "cut at {cut}");
        }
        assert_eq!(Tags::from_bytes(&[0xff; 64]), None);
    }
}
