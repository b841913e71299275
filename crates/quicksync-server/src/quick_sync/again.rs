//! One more request like the one before: what the tap does then, without waiting for anything.
//!
//! Decides: whether it can be done so. Never: anything else than the tap does.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::HeaderValue;
use quicksync_model::{Quality, Timestamp};

use super::link::Link;
use super::load;
use super::pending::Sent;
use super::surroundings::{DeviceKey, Surroundings};
use super::tap::take_held;
use crate::ServerState;

/// For how long the host's load is not looked at again: it changes from one of its samples to the
/// next, which lie seconds apart. Nothing else grows old so soon.
const FRESH_US: u64 = 250_000;

/// What a request said, and over what it came, where the next may say the same.
#[derive(Debug)]
pub(crate) struct Again {
    device: DeviceKey,
    surroundings: Surroundings,
    quality: Quality,
    link: Option<Arc<Link>>,
    told: Mutex<Option<Told>>,
}

/// What was told, and when that was so.
#[derive(Debug)]
struct Told {
    at: Timestamp,
    of: Changes,
    said: Option<HeaderValue>,
}

/// How often something has changed, in the store and of what is known of networks.
type Changes = (u64, u64);

/// What an answer carries for it.
#[derive(Debug)]
pub(crate) struct Noted {
    /// `CMSD-Dynamic`.
    pub(crate) said: Option<HeaderValue>,
    /// Held as long as the answer is under way.
    pub(crate) watch: Option<Arc<()>>,
}

impl Again {
    pub(super) fn new(
        (device, surroundings): (DeviceKey, Surroundings),
        quality: Quality,
        link: Option<Arc<Link>>,
    ) -> Self {
        Self { device, surroundings, quality, link, told: Mutex::default() }
    }

    /// Takes in one more such request, which is answered with so many bytes. `None` if the device has
    /// moved, or something would have to be asked of the store: then no answer has been counted.
    pub(crate) fn note(&self, state: &ServerState, bytes: usize, now: Timestamp) -> Option<Noted> {
        let sensing = state.sensing();
        if let Some(sample) = self.link.as_ref().and_then(|link| link.measure()) {
            take_held(state, (self.device, self.surroundings), sample, now);
        }
        let said = self.said(state, now)?;
        let sent = Sent::of(bytes as u64, Some(self.quality), self.surroundings);
        sensing.pending.add_sent(self.device, sent, now);
        Some(Noted { said, watch: self.link.as_ref().map(Link::watch) })
    }

    /// What is told now. A player that fills its buffer asks many times in a row: it is told the same
    /// until something changes.
    fn said(&self, state: &ServerState, now: Timestamp) -> Option<Option<HeaderValue>> {
        // The number before what it stands for: what changes meanwhile is looked at next time.
        let (sensing, store) = (state.sensing(), state.store().changes());
        let of = (store, sensing.changes());
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh =
            |told: &&Told| told.of == of && told.at <= now && now.micros_since(told.at) < FRESH_US;
        if let Some(told) = told.as_ref().filter(is_fresh) {
            return Some(told.said.clone());
        }
        let occasion = (store, self.surroundings);
        let said = sensing.said(self.device, occasion, &load::of(state, now), now)?;
        *told = Some(Told { at: now, of, said: said.clone() });
        Some(said)
    }
}
