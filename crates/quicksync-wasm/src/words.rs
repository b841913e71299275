//! The words for the numbers of a frame, for whoever shows or logs them.

use std::fmt::Write as _;

use quicksync_abr::Preload;
use quicksync_abr::playback::{DevicePressure, Failure, Input, Output, Reason};
use quicksync_model::{NetworkKind, Quality};

/// One list a line, its words in the order of their numbers: inputs, outputs, codes of reasons,
/// qualities, networks, pressures, failures, preloads.
#[must_use]
pub fn words() -> String {
    let mut text = String::new();
    line(&mut text, Input::WORDS);
    line(&mut text, Output::WORDS);
    line(&mut text, Reason::CODES);
    line(&mut text, &Quality::ALL.map(Quality::as_str));
    line(&mut text, &NetworkKind::ALL.map(NetworkKind::as_str));
    line(&mut text, &DevicePressure::ALL.map(DevicePressure::as_str));
    line(&mut text, &Failure::ALL.map(Failure::as_str));
    line(&mut text, &Preload::ALL.map(Preload::as_str));
    text
}

fn line(text: &mut String, words: &[&str]) {
    for word in words {
        // Writing to a string cannot fail.
        let _ = write!(text, "{word} ");
    }
    text.pop();
    text.push('\n');
}
