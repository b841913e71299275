//! Outputs as JSON. Every word in them is our own, so nothing needs escaping.

use quicksync_abr::playback::Output;

pub(crate) fn output(output: &Output) -> String {
    let reason = output.reason();
    let about = format!(r#""code":"{}","reason":"{reason}""#, reason.code());
    let word = output.word();
    match *output {
        Output::Fetch { segment, quality, .. }
        | Output::Replace { segment, quality, .. }
        | Output::Prefetch { segment, quality, .. }
        | Output::Abandon { segment, quality, .. } => format!(
            r#"{{"type":"{word}","segment":{{"track":{},"index":{}}},"quality":"{quality}",{about}}}"#,
            segment.track.0, segment.index
        ),
        Output::Play { .. } => format!(r#"{{"type":"{word}",{about}}}"#),
        Output::Idle { wake_at, .. } => {
            let wake_at =
                wake_at.map_or_else(|| "null".to_owned(), |at| at.as_micros().to_string());
            format!(r#"{{"type":"{word}","wakeAt":{wake_at},{about}}}"#)
        }
    }
}
