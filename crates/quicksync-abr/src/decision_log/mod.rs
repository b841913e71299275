//! The decision log: what a playback session was told and what it answered, line by line, so that
//! the same session can be run again elsewhere and must decide the same.
//!
//! Knows: the text form of every input and output. Never: files, clocks, decisions of its own.
//!
//! # Format
//! ```text
//! quicksync-decision-log 2
//! config mode=auto prefer_quality=true ... start=high prior_bps=0 prior_confidence=0
//! track 0 at=1000 segment_us=3840000 duration_us=240000000 low=30720 medium=61440
//! < 1000 play_pressed
//! > fetch 0 0 medium first 0 128 0 # Starting at medium: 128 needed, 0.0 s of buffer
//! > idle 501000 waiting 0 0 0
//! ```
//! `<` is an input with its time in microseconds, `>` an output with its reason's code and numbers.
//! Numbers are the shortest decimals that read back to the same bits, as JavaScript prints them. What follows ` # ` is the
//! reason as a sentence. An empty line ends nothing and means nothing.
//!
//! # Reading order
//! [`RecordedSession`] writes a log, [`replay`] reads one.

mod read;
mod record;
mod replay;
mod write;

pub use read::{parse_config, parse_input, parse_track};
pub use record::{MAX_LOG_BYTES, RecordedSession};
pub use replay::{ReplayError, Replayed, replay};

/// First line of every log; the number rises when the meaning of a line changes.
pub const VERSION_LINE: &str = "quicksync-decision-log 2";
