//! MPEG audio streams: what the LAME tag says of priming and padding.
//!
//! Knows: the tag's figures as the demuxer read them. Never: the tag of a file that lacks one,
//! where every decodable frame is presented.

use symphonia::core::formats::Track;

use super::{End, Timing};

/// The demuxer counts from the first sample after the priming already, but believes the tag's
/// length whatever follows, and guesses one where there is no tag.
pub(super) fn read(plain: Timing, track: &Track) -> Timing {
    let end = match (track.delay, track.num_frames) {
        (Some(_), Some(claimed)) => {
            End::Padded { claimed, padding: track.padding.unwrap_or(0).into() }
        }
        _ => End::LastSample,
    };
    Timing { end, ..plain }
}
