//! What the player of one device says of itself, in CMCD.
//!
//! Decides: when its own estimate of the throughput counts, and what it plays now. Never: what is
//! believed of the network.

use quicksync_model::{Quality, Throughput, Timestamp};
use quicksync_sense::{Cmcd, MAX_AGE_US, ObjectType, PlayerState};
use serde::Serialize;
use utoipa::ToSchema;

/// From which media request of a playback session on its player's estimate is one: before, hls.js
/// and Shaka tell the default they start from.
const MTP_COUNTS_FROM: u32 = 3;

/// One playback session of a player, as far as it was heard of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Player {
    session: Option<String>,
    media_requests: u32,
    bitrate_kbps: Option<u32>,
    buffer_ms: Option<u32>,
    /// As `bs` and `bsa` tell it.
    told_stalls: u32,
    /// Passages from playing to an empty buffer, as `sta` tells it.
    seen_stalls: u32,
    state: Option<PlayerState>,
    heard_at: Timestamp,
}

impl Player {
    /// Takes a record in; the throughput in it, once that counts as measured.
    pub(super) fn hear(&mut self, record: &Cmcd, now: Timestamp) -> Option<Throughput> {
        if self.session != record.session_id {
            *self = Self { session: record.session_id.clone(), ..Self::default() };
        }
        self.heard_at = now;
        self.bitrate_kbps = record.bitrate_kbps.or(self.bitrate_kbps);
        self.buffer_ms = record.buffer_ms.or(self.buffer_ms);
        // Version 1 tells each stall once, version 2 how many there were, or that one is.
        let one_more = self.told_stalls.saturating_add(record.starved.into());
        let counted = record.starvations.unwrap_or(one_more);
        self.told_stalls = self.told_stalls.max(counted);
        let is_stall = (self.state, record.state)
            == (Some(PlayerState::Playing), Some(PlayerState::Rebuffering));
        self.seen_stalls = self.seen_stalls.saturating_add(is_stall.into());
        self.state = record.state.or(self.state);
        let is_media = matches!(record.object, Some(ObjectType::Media) | None);
        self.media_requests = self.media_requests.saturating_add(is_media.into());
        record.throughput.filter(|_| self.media_requests >= MTP_COUNTS_FROM)
    }

    /// What it plays; `None` if it was not heard of lately.
    pub(super) fn playback(&self, now: Timestamp) -> Option<PlaybackBody> {
        let is_lately = self.media_requests > 0 && now.micros_since(self.heard_at) < MAX_AGE_US;
        is_lately.then(|| PlaybackBody {
            session: self.session.clone(),
            level: self.bitrate_kbps.map(|kbps| nearest(kbps).as_str()),
            bitrate: self.bitrate_kbps,
            buffer_s: self.buffer_ms.map(|ms| f64::from(ms) / 1e3),
            stalls: self.told_stalls.max(self.seen_stalls),
        })
    }
}

/// The quality that a player means by a rate: playlists tell rates with what containers add.
fn nearest(kbps: u32) -> Quality {
    let distance = |quality: &Quality| quality.bitrate().kbps().abs_diff(kbps);
    Quality::ALL.into_iter().min_by_key(distance).unwrap_or(Quality::Low)
}

/// What the device's player said last, in CMCD.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PlaybackBody {
    /// As the player numbers its sessions (`sid`).
    session: Option<String>,
    /// The quality it asked for last.
    #[schema(example = "high")]
    level: Option<&'static str>,
    /// Its rate (`br`), kilobits per second.
    #[schema(example = 256)]
    bitrate: Option<u32>,
    /// Media ahead of the playhead (`bl`), seconds.
    #[schema(example = 12.3)]
    buffer_s: Option<f64>,
    /// How often its buffer ran dry in this session (`bs`, `bsa`, `sta`).
    stalls: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(text: &str) -> Cmcd {
        Cmcd::parse(text).unwrap()
    }

    #[test]
    fn what_is_said_adds_up_until_another_session_begins() {
        let mut player = Player::default();
        let now = Timestamp::from_micros(5);
        assert!(player.playback(now).is_none(), "nothing was heard");
        for (said, throughput, level, buffer_s, stalls) in [
            ("sid=\"a\",ot=a,br=66,bl=1000,mtp=500", None, Some("low"), Some(1.0), 0),
            ("sid=\"a\",ot=a,br=131,mtp=500,bs", None, Some("medium"), Some(1.0), 1),
            ("sid=\"a\",ot=m", None, Some("medium"), Some(1.0), 1),
            ("sid=\"a\",ot=a,bl=2500,mtp=700", Some(700.0), Some("medium"), Some(2.5), 1),
            ("sid=\"a\",ot=a,bs,mtp=900", Some(900.0), Some("medium"), Some(2.5), 2),
            ("sid=\"a\",ot=a,bsa=(5),bs,v=2", None, Some("medium"), Some(2.5), 5),
            ("sid=\"a\",ot=a,bsa=(5),br=(322),v=2", None, Some("ultra"), Some(2.5), 5),
            ("sid=\"b\",ot=a,mtp=900", None, None, None, 0),
            // An empty buffer before the first sound is no stall, nor one after a seek.
            ("sid=\"b\",sta=r,v=2", None, None, None, 0),
            ("sid=\"b\",sta=p,v=2", None, None, None, 0),
            ("sid=\"b\",sta=r,v=2", None, None, None, 1),
            ("sid=\"b\",sta=r,v=2", None, None, None, 1),
            ("sid=\"b\",sta=p,bs,v=2", None, None, None, 1),
            ("sid=\"b\",sta=k,v=2", None, None, None, 1),
            ("sid=\"b\",sta=r,v=2", None, None, None, 1),
            ("sid=\"b\",sta=p,v=2", None, None, None, 1),
            ("sid=\"b\",sta=r,v=2", None, None, None, 2),
        ] {
            let counts = player.hear(&record(said), now).map(|rate| rate.kbps());
            assert_eq!(counts, throughput, "{said}");
            let seen = player.playback(now).unwrap();
            assert_eq!(
                (seen.level, seen.buffer_s, seen.stalls),
                (level, buffer_s, stalls),
                "{said}"
            );
        }
        let later = Timestamp::from_micros(5 + 301_000_000);
        assert!(player.playback(later).is_none(), "it fell silent");
    }
}
