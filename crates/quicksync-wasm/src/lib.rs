//! The decision core for JavaScript: lines of the decision log in, JSON out, nothing decided here.
//!
//! Knows: how an output looks as JSON. Never: a clock, the network, a decision.
//!
//! # Reading order
//! [`PlaybackSession`]; the lines it takes are described at [`quicksync_abr::decision_log`].

mod json;

use quicksync_abr::decision_log::{self, RecordedSession, parse_config, parse_input, parse_track};
use quicksync_model::Timestamp;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const OUTPUT_TYPES: &str = r"
/** What `poll` answers, as JSON. `code` is a stable word, `reason` one sentence. */
export type PlaybackOutput = { code: string; reason: string } & (
  | {
      type: 'fetch' | 'replace' | 'prefetch' | 'abandon';
      segment: { track: number; index: number };
      quality: 'low' | 'medium' | 'high' | 'ultra';
    }
  | { type: 'play' }
  | { type: 'idle'; wakeAt: number | null }
);
";

/// One listener's playback of a queue.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PlaybackSession(RecordedSession);

#[wasm_bindgen]
impl PlaybackSession {
    /// A session from the `config` and `track` lines of a decision log.
    ///
    /// # Errors
    /// When a line cannot be read, or says what no session can honour.
    #[wasm_bindgen(constructor)]
    pub fn new(config_line: &str, track_line: &str) -> Result<Self, JsError> {
        begin(config_line, track_line).map(Self).map_err(JsError::new)
    }

    /// Tells the session what the player saw at `now_us` microseconds, as an input line of a
    /// decision log without its time: `bytes_received 0 3 medium 4096`.
    ///
    /// # Errors
    /// When the line cannot be read; the session is as before.
    pub fn handle(&mut self, now_us: f64, input: &str) -> Result<(), JsError> {
        let parsed = parse_input(input).ok_or_else(|| JsError::new(INPUT))?;
        self.0.handle_input(instant(now_us), parsed);
        Ok(())
    }

    /// The next output as JSON; `idle` when there is none left.
    #[wasm_bindgen]
    pub fn poll(&mut self) -> String {
        json::output(&self.0.poll_output())
    }

    /// The expected throughput, kbps; zero if nothing is known.
    #[wasm_bindgen]
    pub fn expected_kbps(&self) -> f64 {
        self.0.session().belief().throughput().kbps()
    }

    /// Media ahead of the playhead without a gap, seconds.
    #[wasm_bindgen]
    pub fn buffer_s(&self) -> f64 {
        self.0.session().buffer_s()
    }

    /// Everything told and answered so far.
    #[wasm_bindgen]
    pub fn log(&self) -> String {
        self.0.log().to_owned()
    }
}

/// Runs a logged session again; the number of outputs compared.
///
/// # Errors
/// With the first line that cannot be read or differs.
#[wasm_bindgen]
pub fn replay(log: &str) -> Result<u32, JsError> {
    let replayed = decision_log::replay(log).map_err(|error| JsError::new(&error.to_string()))?;
    Ok(u32::try_from(replayed.outputs).unwrap_or(u32::MAX))
}

const INPUT: &str = "not an input line of a decision log";

fn begin(config_line: &str, track_line: &str) -> Result<RecordedSession, &'static str> {
    let config = parse_config(config_line).ok_or("not a config line of a decision log")?;
    let (track, ladder, now) =
        parse_track(track_line).ok_or("not a track line of a decision log")?;
    Ok(RecordedSession::new(config, track, ladder, now))
}

/// Whole microseconds; what is no number is the epoch.
#[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and NaN becomes zero")]
fn instant(us: f64) -> Timestamp {
    Timestamp::from_micros(us as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const CONFIG: &str = "config mode=auto prefer_quality=true adapt_to_system=true \
        network=unknown budget_bytes=none target_s=15 max_s=30 low_s=4.5 depth_s=30 \
        preload=auto start=high prior_bps=0 prior_confidence=0";
    const TRACK: &str = "track 7 at=1000 segment_us=3840000 duration_us=60000000 \
        low=30720 medium=61440 high=122880 ultra=153600";

    fn poll(session: &mut PlaybackSession) -> Value {
        serde_json::from_str(&session.poll()).unwrap()
    }

    #[test]
    fn outputs_are_the_json_that_players_read() {
        let mut session = PlaybackSession(begin(CONFIG, TRACK).unwrap());
        session.handle(2000.9, "play_pressed").unwrap();
        let fetch = poll(&mut session);
        assert_eq!(fetch["type"], "fetch");
        assert_eq!(fetch["segment"], json!({"track": 7, "index": 0}));
        assert!(fetch["reason"].as_str().unwrap().starts_with("Starting at"), "{fetch}");
        let idle = poll(&mut session);
        assert_eq!((&idle["type"], &idle["code"]), (&json!("idle"), &json!("waiting")));
        assert_eq!(idle["wakeAt"], 502_000);
        assert!(session.log().lines().any(|line| line == "< 2000 play_pressed"));
        assert_eq!(decision_log::replay(&session.log()).unwrap().outputs, 2);
    }

    #[test]
    fn unreadable_sessions_are_refused() {
        for (config, track) in [
            ("", TRACK),
            (CONFIG, ""),
            (TRACK, CONFIG),
            (&CONFIG.replace("low_s=4.5", "low_s=99"), TRACK),
            (CONFIG, &TRACK.replace("low=30720", "low=0")),
            (&format!("{CONFIG} more"), TRACK),
        ] {
            assert!(begin(config, track).is_err(), "{config} / {track}");
        }
    }
}
