//! HLS playlists and DASH MPDs as text.
//!
//! Knows: a timeline, sizes, and the URIs its caller gives it. Never: HTTP, a ticket, an encoder, a
//! file. The words come from callers that read tags and query strings, so everything they pass is
//! escaped for where it stands: no text can end a line, an attribute or an element.
//!
//! # Reading order
//! [`Bandwidth`] says what a rung costs; [`multivariant_playlist`] and [`media_playlist`] are HLS
//! (RFC 8216), [`mpd`] is DASH (ISO/IEC 23009-1). [`codecs`] says how both spell a codec.

mod bandwidth;
mod dash;
mod escape;
mod hls;

pub use bandwidth::Bandwidth;
pub use dash::{AdaptationSet, Mpd, Representation, mpd};
pub use hls::{Variant, media_playlist, multivariant_playlist};
use quicksync_model::Codec;

/// Opus as every manifest of ours spells it.
pub const OPUS: &str = codecs(Codec::Opus);

/// A codec as every manifest of ours spells it (RFC 6381 §3.3): the sample entry's own four
/// characters, which are case-sensitive, and for MPEG's codecs the object type after them. Chromium
/// and Firefox take `Opus` in either spelling, Safari's `isTypeSupported` only this one; hls.js and
/// Shaka try both, and know `mp4a.40.34` for MP3 and `fLaC` for FLAC.
#[must_use]
pub const fn codecs(codec: Codec) -> &'static str {
    match codec {
        Codec::Opus => "Opus",
        Codec::Mp3 => "mp4a.40.34",
        Codec::Aac => "mp4a.40.2",
        Codec::Flac => "fLaC",
    }
}
