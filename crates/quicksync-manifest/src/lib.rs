//! HLS playlists and DASH MPDs as text.
//!
//! Knows: a timeline, sizes, and the URIs its caller gives it. Never: HTTP, a ticket, an encoder, a
//! file. The words come from callers that read tags and query strings, so everything they pass is
//! escaped for where it stands: no text can end a line, an attribute or an element.
//!
//! # Reading order
//! [`Bandwidth`] says what a rung costs; [`multivariant_playlist`] and [`media_playlist`] are HLS
//! (RFC 8216), [`mpd`] is DASH (ISO/IEC 23009-1).

mod bandwidth;
mod dash;
mod escape;
mod hls;

pub use bandwidth::Bandwidth;
pub use dash::{Mpd, Representation, mpd};
pub use hls::{Variant, media_playlist, multivariant_playlist};

/// The codec as every manifest of ours spells it: the sample entry's own four characters, which
/// are case-sensitive (RFC 6381 §3.3). Chromium and Firefox take either spelling, Safari's
/// `isTypeSupported` only this one; hls.js and Shaka try both.
pub const OPUS: &str = "Opus";
