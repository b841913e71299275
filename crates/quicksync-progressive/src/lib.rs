//! A whole track as one file, Ogg Opus or MP3, for players that follow no playlist.
//!
//! Knows: packets of one fixed size, the grid, and the two containers. Never: an encoder, HTTP, a
//! clock. Formats: RFC 3533 and RFC 7845 (Ogg Opus); ISO/IEC 11172-3, ID3v2.4 and the Info tag
//! (MP3).
//!
//! # Model
//! A file is a head, one warm-up packet, and the packets of the segments in order. Constant bitrate
//! makes the size of each part arithmetic: the length of the file, and which packets lie behind any
//! byte of it, are known before anything is encoded. Positions and checksums are those of a page or
//! a frame alone, so a part can be written without the parts before it.
//!
//! The warm-up packet precedes the first one. A decoder takes it in and, as the head says, gives
//! out nothing of it, so that the first sample heard is exact.
//!
//! # Reading order
//! [`TrackFile`] is a file; [`Tags`] is what is written into its head; `ogg` and `mp3` are how.

mod mp3;
mod ogg;
mod tags;
mod track_file;

pub use tags::{Picture, Tags};
pub use track_file::{Container, Part, Place, ProgressiveError, TrackFile};

/// Feeds every ETag: raise it when one byte of a head or of a page around packets may change.
pub const LAYOUT_VERSION: u32 = 2;
