//! Media tickets: the right of one user's device to one track, carried in a URL.
//!
//! Decides: what a ticket says, how long it is valid, and whether it is ours. Time is an argument.
//! Never: whether the credential behind it was revoked since; the gate asks that.
//!
//! # Model
//! `version (1 byte) | user | device | track | credential (16 bytes each) | expiry (Unix hours, 4
//! bytes, big endian) | HMAC-SHA256 over all of it, first 16 bytes`, in base64url. Expiry is on the
//! hour, so that the same caller gets the same URL for an hour at least and caches keep working.

use std::borrow::Cow;

use axum::http::Uri;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use quicksync_model::Timestamp;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::auth::Caller;
use crate::extract::query_value;

const VERSION: u8 = 1;
const BODY_BYTES: usize = 1 + 4 * 16 + 4;
/// 128 bits: half of HMAC-SHA256, the least that RFC 2104 section 5 recommends.
const MAC_BYTES: usize = 16;
const HOUR_US: i64 = 3600 * 1_000_000;
/// No ticket is valid for less, so that a paused album can be resumed.
const MIN_LIFE_US: i64 = 6 * HOUR_US;

/// What a ticket says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Whose right it is.
    pub user_id: Uuid,
    /// On which device.
    pub device_id: Uuid,
    /// To which track.
    pub track_id: Uuid,
    /// It ends with this login session or API token.
    pub credential_id: Uuid,
    /// Unix time in hours at which it ends.
    pub expires_h: u32,
}

impl Ticket {
    /// A ticket for a track of `duration_us`, valid for twice that and at least six hours, rounded
    /// up to the hour.
    #[must_use]
    pub fn new(caller: &Caller, track_id: Uuid, duration_us: u64, now: Timestamp) -> Self {
        let twice = i64::try_from(duration_us.saturating_mul(2)).unwrap_or(i64::MAX);
        let expires_us = now.as_micros().saturating_add(twice.max(MIN_LIFE_US));
        let hours = expires_us.div_euclid(HOUR_US).saturating_add(1);
        Self {
            user_id: caller.user_id,
            device_id: caller.device_id,
            track_id,
            credential_id: caller.credential_id,
            expires_h: u32::try_from(hours).unwrap_or(u32::MAX),
        }
    }

    /// When it ends.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        Timestamp::from_micros(i64::from(self.expires_h) * HOUR_US)
    }

    fn bytes(&self) -> [u8; BODY_BYTES] {
        let mut bytes = [VERSION; BODY_BYTES];
        let ids = [self.user_id, self.device_id, self.track_id, self.credential_id];
        for (place, id) in bytes[1..].chunks_exact_mut(16).zip(ids) {
            place.copy_from_slice(id.as_bytes());
        }
        bytes[BODY_BYTES - 4..].copy_from_slice(&self.expires_h.to_be_bytes());
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (&version, rest) = bytes.split_first()?;
        let (ids, expires) = rest.split_at_checked(4 * 16)?;
        let id = |n: usize| Uuid::from_slice(ids.get(16 * n..16 * (n + 1))?).ok();
        let ticket = Self {
            user_id: id(0)?,
            device_id: id(1)?,
            track_id: id(2)?,
            credential_id: id(3)?,
            expires_h: u32::from_be_bytes(expires.try_into().ok()?),
        };
        (version == VERSION).then_some(ticket)
    }
}

/// Signs tickets and knows its own signature.
pub struct TicketKey(Hmac<Sha256>);

impl std::fmt::Debug for TicketKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TicketKey(..)")
    }
}

impl TicketKey {
    /// A key made of 256 secret bits.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        // A key shorter than a block is padded with zeros (RFC 2104 section 2).
        let mut block = [0; 64];
        block[..32].copy_from_slice(secret);
        Self(Hmac::new(&block.into()))
    }

    /// The ticket as text for a URL.
    #[must_use]
    pub fn seal(&self, ticket: &Ticket) -> String {
        let body = ticket.bytes();
        URL_SAFE_NO_PAD.encode([&body[..], &self.mac(&body)].concat())
    }

    /// What the text says, if we signed it and it is still valid.
    #[must_use]
    pub fn open(&self, text: &str, now: Timestamp) -> Option<Ticket> {
        let longest = (BODY_BYTES + MAC_BYTES).div_ceil(3) * 4;
        let bytes = URL_SAFE_NO_PAD.decode(text.get(..text.len().min(longest + 1))?).ok()?;
        let (body, mac) = bytes.split_at_checked(BODY_BYTES)?;
        if !bool::from(self.mac(body).ct_eq(mac)) {
            return None;
        }
        Ticket::read(body).filter(|ticket| now < ticket.expires())
    }

    fn mac(&self, body: &[u8]) -> [u8; MAC_BYTES] {
        let mut hmac = self.0.clone();
        hmac.update(body);
        let mut mac = [0; MAC_BYTES];
        mac.copy_from_slice(&hmac.finalize().into_bytes()[..MAC_BYTES]);
        mac
    }
}

/// The ticket in a URL's query.
pub(crate) fn ticket_in(uri: &Uri) -> Option<Cow<'_, str>> {
    query_value(uri, "ticket")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

    fn ticket() -> Ticket {
        let [user_id, device_id, track_id, credential_id] = [1, 2, 3, 4].map(Uuid::from_u128);
        Ticket { user_id, device_id, track_id, credential_id, expires_h: 472_223 }
    }

    #[test]
    fn every_changed_bit_is_noticed() {
        let key = TicketKey::new(&[7; 32]);
        let text = key.seal(&ticket());
        assert_eq!(key.open(&text, NOW), Some(ticket()));
        let bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key.open(&URL_SAFE_NO_PAD.encode(forged), NOW), None, "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert_eq!(key.open(&URL_SAFE_NO_PAD.encode(&bytes[..length]), NOW), None);
        }
        assert_eq!(TicketKey::new(&[8; 32]).open(&text, NOW), None, "another installation");
        assert_eq!(key.open(&format!("{text}AAAA"), NOW), None);
        assert_eq!(key.open("é", NOW), None);
    }

    #[test]
    fn a_ticket_ends_on_its_hour() {
        let key = TicketKey::new(&[7; 32]);
        let text = key.seal(&ticket());
        let end = ticket().expires().as_micros();
        assert!(key.open(&text, Timestamp::from_micros(end - 1)).is_some());
        assert_eq!(key.open(&text, Timestamp::from_micros(end)), None);
    }
}
