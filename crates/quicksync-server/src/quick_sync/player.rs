//! What the player of one device says of itself, in CMCD.
//!
//! Decides: when its own estimate of the throughput counts, and what it plays now. Requests tell the
//! present; of reports, which may be late, the newest does. Never: what is believed of the network.

use quicksync_model::{Quality, Timestamp};
use quicksync_sense::{Cmcd, CmcdEvent, MAX_AGE_US, Measurement, ObjectType, PlayerState};
use serde::Serialize;
use utoipa::ToSchema;

use super::reports::{Arrival, Reports};

/// From which media request of a playback session on its player's estimate is one: before, hls.js
/// and Shaka tell the default they start from.
const MTP_COUNTS_FROM: u32 = 3;

/// One playback session of a player, as far as it was heard of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Player {
    session: Option<String>,
    /// When it was heard of first.
    began: Timestamp,
    media_requests: u32,
    bitrate_kbps: Option<u32>,
    buffer_ms: Option<u32>,
    /// As `bs` and `bsa` tell it.
    told_stalls: u32,
    /// Passages from playing to an empty buffer, as `sta` tells it.
    seen_stalls: u32,
    state: Option<PlayerState>,
    reports: Reports,
    /// Whether its requests speak, and not its reports alone.
    requests_speak: bool,
    /// Whether the report before told of an empty buffer.
    starved: bool,
    heard_at: Timestamp,
}

impl Player {
    /// Takes a record in; the throughput in it, once that counts as measured.
    pub(super) fn hear(&mut self, record: &Cmcd, now: Timestamp) -> Option<Measurement> {
        if self.session != record.session_id {
            if self.is_over(record) {
                return None;
            }
            let session = record.session_id.clone();
            *self = Self { session, began: now, ..Self::default() };
        }
        let arrival = match record.event {
            Some(_) => self.reports.hear(record),
            None => Arrival::News,
        };
        if arrival == Arrival::Again {
            return None;
        }
        self.heard_at = now;
        self.requests_speak |= record.event.is_none();
        self.count_stalls(record);
        if arrival == Arrival::News {
            self.take(record);
        }
        let is_media = matches!(record.object, Some(ObjectType::Media) | None);
        self.media_requests = self.media_requests.saturating_add(is_media.into());
        let counts = self.media_requests >= MTP_COUNTS_FROM;
        let throughput = record.throughput.filter(|_| counts)?;
        // A report tells of its own instant, whenever it comes.
        let said_at = record.at_ms.map(|ms| Timestamp::from_micros(ms.saturating_mul(1000)));
        Some(Measurement { throughput, at: said_at.unwrap_or(now).min(now), explicit: false })
    }

    /// Whether a report is of a session before this one: players send what is left as they end.
    fn is_over(&self, record: &Cmcd) -> bool {
        let began_ms = self.began.as_micros() / 1000;
        let is_before = record.at_ms.is_some_and(|at| at < began_ms);
        self.session.is_some() && record.event.is_some() && is_before
    }

    /// What is true now.
    fn take(&mut self, record: &Cmcd) {
        self.bitrate_kbps = record.bitrate_kbps.or(self.bitrate_kbps);
        self.buffer_ms = record.buffer_ms.or(self.buffer_ms);
        let is_stall = (self.state, record.state)
            == (Some(PlayerState::Playing), Some(PlayerState::Rebuffering));
        self.seen_stalls = self.seen_stalls.saturating_add(is_stall.into());
        self.state = record.state.or(self.state);
    }

    /// Version 1 tells each stall once, with the request after it; version 2 says how many there were
    /// (`bsa`), or says `bs` in every report until it is over. A report of a response repeats what its
    /// request said.
    fn count_stalls(&mut self, record: &Cmcd) {
        let is_report = record.event.is_some();
        let is_echo = record.event == Some(CmcdEvent::ResponseReceived) && self.requests_speak;
        let goes_on = is_report && self.starved;
        let is_one_more = record.starved && !is_echo && !goes_on;
        if is_report && !is_echo {
            self.starved = record.starved;
        }
        let one_more = self.told_stalls.saturating_add(is_one_more.into());
        self.told_stalls = self.told_stalls.max(record.starvations.unwrap_or(one_more));
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
            let counts = player.hear(&record(said), now).map(|found| found.throughput.kbps());
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
    /// What its device's status shows after these records.
    fn shown(records: &[&str]) -> (Option<f64>, u32) {
        let (mut player, now) = (Player::default(), Timestamp::from_micros(5));
        for said in records {
            player.hear(&record(&format!("sid=\"a\",v=2,{said}")), now);
        }
        let seen = player.playback(now).unwrap();
        (seen.buffer_s, seen.stalls)
    }

    #[test]
    fn late_and_repeated_reports_change_nothing_that_is_newer() {
        let playing = "e=t,ts=2000,sn=5,sta=p,bl=(4000)";
        for (records, shows) in [
            (&[playing][..], (4.0, 0)),
            // A response's report has the instant of its request.
            (&[playing, "e=rr,ts=1000,sn=6,sta=r,bl=(0)"], (4.0, 0)),
            (&[playing, "e=t,ts=4000,sn=7,sta=r,bl=(0)"], (0.0, 1)),
            (&[playing, "e=t,ts=4000,sn=7,sta=r,bl=(0)", playing], (0.0, 1)),
            // Sent again, and again, since nobody acknowledged it.
            (&["e=t,ts=1,sn=1,bs,bl=(0)", "e=t,ts=1,sn=1,bs,bl=(0)", playing], (4.0, 1)),
            // Requests tell the present.
            (&[playing, "ot=a,bl=(3000)", "e=rr,ts=1500,sn=6,bl=(0)"], (3.0, 0)),
        ] {
            assert_eq!(shown(records), (Some(shows.0), shows.1), "{records:?}");
        }
    }

    #[test]
    fn what_is_left_of_a_session_that_ended_changes_nothing_of_the_next() {
        let mut player = Player::default();
        let at = |ms: i64| Timestamp::from_micros(ms * 1000);
        player.hear(&record("sid=\"a\",ot=a,bl=(1000),bs"), at(1_000));
        player.hear(&record("sid=\"b\",ot=a,bl=(2000),bs"), at(9_000));
        player.hear(&record("sid=\"a\",e=ps,ts=8900,sta=e,bl=(0)"), at(9_100));
        let seen = player.playback(at(9_200)).unwrap();
        let figures = (seen.session.as_deref(), seen.buffer_s, seen.stalls);
        assert_eq!(figures, (Some("b"), Some(2.0), 1));
        // Another player on the same device goes on.
        player.hear(&record("sid=\"a\",e=t,ts=9300,sta=p,bl=(500)"), at(9_400));
        assert_eq!(player.playback(at(9_400)).unwrap().session.as_deref(), Some("a"));
    }

    #[test]
    fn one_stall_is_one_however_often_it_is_told() {
        for (records, stalls) in [
            (&["ot=a,bl=(1000),bs", "ot=a,bs", "ot=a"][..], 2),
            // Reports say it until it is over.
            (&["e=t,ts=1,bs,bl=(0)", "e=t,ts=2,bs", "e=ps,ts=3,bs", "e=t,ts=4"], 1),
            (&["e=t,ts=1,bs,bl=(0)", "e=t,ts=2", "e=t,ts=3,bs"], 2),
            // The report of a response says again what the request said.
            (&["ot=a,bl=(0),bs", "e=rr,ts=1,bs,ot=a", "e=t,ts=2", "e=rr,ts=1,sn=4,bs,ot=a"], 1),
            (&["e=rr,ts=1,sn=1,bs,ot=a,bl=(0)", "e=t,ts=2,sn=2", "e=rr,ts=3,sn=3,ot=a"], 1),
            (&["e=t,ts=1,bsa=(2),bs,bl=(0)", "e=t,ts=2,bsa=(2)", "e=t,ts=3,bsa=(3),bs"], 3),
        ] {
            assert_eq!(shown(records).1, stalls, "{records:?}");
        }
    }

    #[test]
    fn an_estimate_is_as_old_as_the_report_that_tells_it() {
        let now = Timestamp::from_micros(9_000_000_000);
        let at = |said: &str| {
            let mut player = Player { media_requests: 5, ..Player::default() };
            player.hear(&record(said), now).unwrap().at.as_micros() / 1000
        };
        assert_eq!(at("ot=a,mtp=(900)"), 9_000_000);
        // Of no session: like the player.
        assert_eq!(at("e=rr,ts=8000000,ot=a,mtp=(900)"), 8_000_000);
        assert_eq!(at("e=rr,ts=9000500,ot=a,mtp=(900)"), 9_000_000, "its clock is ahead");
    }
}
