//! One record with every value checked: the keys that say something of a network or of playback.
//!
//! Decides: which figures are absurd, and whether that spoils the record: where nothing follows from a
//! key, an absurd value is as if unsaid. dash.js 5.2.1 has Unix time in `ttfb`, and sends a report that
//! is refused again and again. Never: what follows from a figure.

use quicksync_model::Throughput;

use super::CmcdError;
use super::fields::{Pairs, Value};

/// Faster than any listener's network: 100 Gbps.
const MAX_KBPS: f64 = 1e8;
/// A day: longer than any buffer, segment or wait.
const MAX_MS: f64 = 86_400_000.0;
/// The end of the year 9999, Unix time in milliseconds.
const MAX_TS_MS: f64 = 253_402_300_799_000.0;
/// The longest `sid` (CTA-5004 recommends a UUID).
const MAX_SID: usize = 64;
/// The longest `cid`.
const MAX_CID: usize = 128;

/// What a request is for (`ot`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectType {
    /// A playlist or MPD.
    Manifest,
    /// Audio, video or both.
    Media,
    /// An init segment.
    Init,
    /// Captions, keys, anything else.
    Other,
}

/// What a player is doing (`sta`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlayerState {
    /// Getting ready.
    Starting,
    /// Sounding.
    Playing,
    /// Moving to another place.
    Seeking,
    /// Out of media.
    Rebuffering,
    /// Held, by the listener or for them.
    Paused,
    /// At the end, or given up.
    Ended,
}

/// Why an event report was sent (`e`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// `ps`: the state changed.
    PlayState,
    /// `e`: an error.
    Error,
    /// `t`: the interval passed.
    TimeInterval,
    /// `bc`: the rung changed.
    BitrateChange,
    /// `rr`: a response has arrived; the record times it.
    ResponseReceived,
    /// Any other.
    Other,
}

/// One record of a player.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cmcd {
    /// `v`: 1 or 2.
    pub version: u8,
    /// `sid`: the playback session, as the player numbers them.
    pub session_id: Option<String>,
    /// `cid`: what is played.
    pub content_id: Option<String>,
    /// `mtp`: the throughput that the player believes in.
    pub throughput: Option<Throughput>,
    /// `bl`: media ahead of the playhead, milliseconds.
    pub buffer_ms: Option<u32>,
    /// `br`: the encoded rate of what is asked for, kbps.
    pub bitrate_kbps: Option<u32>,
    /// `tb`: the highest rate of the ladder, kbps.
    pub top_kbps: Option<u32>,
    /// `d`: how long the object plays, milliseconds.
    pub duration_ms: Option<u32>,
    /// `dl`: from this request to an empty buffer, milliseconds.
    pub deadline_ms: Option<u32>,
    /// `rtp`: more than this is of no use, kbps.
    pub requested_kbps: Option<u32>,
    /// `bs`: the buffer ran dry since the last request.
    pub starved: bool,
    /// `su`: needed at once, to start, to seek or to recover.
    pub urgent: bool,
    /// `ot`.
    pub object: Option<ObjectType>,
    /// `sta`.
    pub state: Option<PlayerState>,
    /// `e`, in event mode.
    pub event: Option<Event>,
    /// `ts`: Unix time, milliseconds.
    pub at_ms: Option<i64>,
    /// `sn`: counts the records of a playback session.
    pub sequence: Option<u64>,
    /// `msd`: from the wish to play to the first sound, milliseconds.
    pub start_delay_ms: Option<u32>,
    /// `bsa`: how often the buffer ran dry so far.
    pub starvations: Option<u32>,
    /// `bsda`: for how long in all, milliseconds.
    pub starved_ms: Option<u32>,
    /// `rc`: the status of a response.
    pub status: Option<u16>,
    /// `ttfb`: to the first byte of a response, milliseconds.
    pub first_byte_ms: Option<u32>,
    /// `ttlb`: to the last, milliseconds.
    pub last_byte_ms: Option<u32>,
}

impl Cmcd {
    /// Whether nothing in it was of use.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { version: self.version, ..Self::default() }
    }

    pub(super) fn from_pairs(pairs: Pairs) -> Result<Self, CmcdError> {
        let mut record = Self { version: 1, ..Self::default() };
        for (key, value) in pairs {
            record.set(&key, value)?;
        }
        Ok(record)
    }

    fn set(&mut self, key: &str, value: Value) -> Result<(), CmcdError> {
        match key {
            "v" => self.version = Number::of("v", value)?.within(1.0, 9.0, "1 or 2")?,
            "sid" => self.session_id = Some(text("sid", value, MAX_SID)?),
            "mtp" => self.throughput = Some(rate(value)?),
            "br" => self.bitrate_kbps = Some(kbps("br", value)?),
            "bs" => self.starved = flag("bs", &value)?,
            "ot" => self.object = Some(object(&text("ot", value, 8)?)),
            "sta" => self.state = state(&text("sta", value, 8)?),
            "e" => self.event = Some(event(&text("e", value, 8)?)),
            "ts" => {
                let must = "Unix time in milliseconds";
                self.at_ms = Some(Number::of("ts", value)?.within(0.0, MAX_TS_MS, must)?);
            }
            "sn" => {
                self.sequence = Some(Number::of("sn", value)?.within(0.0, 9e15, "a count")?);
            }
            "bsa" => {
                self.starvations = Some(Number::of("bsa", value)?.within(0.0, 1e6, "a count")?);
            }
            "bl" => self.buffer_ms = Some(time("bl", value)?),
            key => self.set_aside(key, value),
        }
        Ok(())
    }

    /// Keys from which nothing follows.
    fn set_aside(&mut self, key: &str, value: Value) {
        match key {
            "cid" => self.content_id = text("cid", value, MAX_CID).ok(),
            "su" => self.urgent = flag("su", &value).unwrap_or_default(),
            "tb" => self.top_kbps = kbps("tb", value).ok(),
            "rtp" => self.requested_kbps = kbps("rtp", value).ok(),
            "d" => self.duration_ms = time("d", value).ok(),
            "dl" => self.deadline_ms = time("dl", value).ok(),
            "msd" => self.start_delay_ms = time("msd", value).ok(),
            "bsda" => self.starved_ms = time("bsda", value).ok(),
            "ttfb" => self.first_byte_ms = time("ttfb", value).ok(),
            "ttlb" => self.last_byte_ms = time("ttlb", value).ok(),
            "rc" => self.status = status(value).ok(),
            _ => {}
        }
    }
}

/// A number on its way to being believed. Version 2 has it in a list with one item per type of
/// object; ours all are of one type, and the greatest is meant.
struct Number {
    key: &'static str,
    value: f64,
}

impl Number {
    fn of(key: &'static str, value: Value) -> Result<Self, CmcdError> {
        let refused = || CmcdError::Value { key, must: "a number" };
        let number = |value: &Value| match value {
            Value::Number(number) => Some(*number),
            _ => None,
        };
        let value = match &value {
            Value::List(items) => {
                let numbers: Option<Vec<f64>> = items.iter().map(number).collect();
                numbers.and_then(|numbers| numbers.into_iter().reduce(f64::max))
            }
            value => number(value),
        };
        Ok(Self { key, value: value.ok_or_else(refused)? })
    }

    /// The number as a whole one, if it is from `low` to `high`.
    fn within<T: TryFrom<i64>>(
        self,
        low: f64,
        high: f64,
        must: &'static str,
    ) -> Result<T, CmcdError> {
        let refused = CmcdError::Value { key: self.key, must };
        if !(low..=high).contains(&self.value) {
            return Err(refused);
        }
        T::try_from(whole(self.value)).map_err(|_| refused)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the caller checked the range")]
fn whole(value: f64) -> i64 {
    value.round() as i64
}

fn kbps(key: &'static str, value: Value) -> Result<u32, CmcdError> {
    Number::of(key, value)?.within(0.0, MAX_KBPS, "kbps, at most 100 Gbps")
}

fn time(key: &'static str, value: Value) -> Result<u32, CmcdError> {
    Number::of(key, value)?.within(0.0, MAX_MS, "milliseconds, 0 to a day")
}

fn status(value: Value) -> Result<u16, CmcdError> {
    Number::of("rc", value)?.within(0.0, 999.0, "the status of a response")
}

fn rate(value: Value) -> Result<Throughput, CmcdError> {
    let kbps = kbps("mtp", value)?;
    Ok(Throughput::from_bps(f64::from(kbps) * 1e3))
}

fn flag(key: &'static str, value: &Value) -> Result<bool, CmcdError> {
    match value {
        Value::Flag(flag) => Ok(*flag),
        _ => Err(CmcdError::Value { key, must: "true or left out" }),
    }
}

fn text(key: &'static str, value: Value, longest: usize) -> Result<String, CmcdError> {
    match value {
        Value::Text(text) if text.len() <= longest && !text.chars().any(char::is_control) => {
            Ok(text)
        }
        _ => Err(CmcdError::Value { key, must: "a short text" }),
    }
}

fn object(word: &str) -> ObjectType {
    match word {
        "m" => ObjectType::Manifest,
        "a" | "v" | "av" => ObjectType::Media,
        "i" => ObjectType::Init,
        _ => ObjectType::Other,
    }
}

fn state(word: &str) -> Option<PlayerState> {
    Some(match word {
        "s" | "d" => PlayerState::Starting,
        "p" => PlayerState::Playing,
        "k" => PlayerState::Seeking,
        "r" => PlayerState::Rebuffering,
        "a" | "w" => PlayerState::Paused,
        "e" | "f" | "q" => PlayerState::Ended,
        _ => return None,
    })
}

fn event(word: &str) -> Event {
    match word {
        "ps" => Event::PlayState,
        "e" => Event::Error,
        "t" => Event::TimeInterval,
        "bc" => Event::BitrateChange,
        "rr" => Event::ResponseReceived,
        _ => Event::Other,
    }
}
