//! One more request like the one before: what the tap does then, without waiting for anything.
//!
//! Decides: whether it can be done so. Never: anything else than the tap does.

use std::sync::Arc;

use axum::http::HeaderValue;
use quicksync_model::{Quality, Timestamp};

use super::link::Link;
use super::load;
use super::pending::Sent;
use super::surroundings::{DeviceKey, Surroundings};
use super::tap::take_held;
use crate::ServerState;

/// What a request said, and over what it came, where the next may say the same.
#[derive(Clone, Debug)]
pub(crate) struct Again {
    pub(super) device: DeviceKey,
    pub(super) surroundings: Surroundings,
    pub(super) quality: Quality,
    pub(super) link: Option<Arc<Link>>,
}

/// What an answer carries for it.
#[derive(Debug)]
pub(crate) struct Noted {
    /// `CMSD-Dynamic`.
    pub(crate) said: Option<HeaderValue>,
    /// Held as long as the answer is under way.
    pub(crate) watch: Option<Arc<()>>,
}

impl Again {
    /// Takes in one more such request, which is answered with so many bytes. `None` if the device has
    /// moved, or something would have to be asked of the store: then no answer has been counted.
    pub(crate) fn note(&self, state: &ServerState, bytes: usize, now: Timestamp) -> Option<Noted> {
        let sensing = state.sensing();
        if let Some(sample) = self.link.as_ref().and_then(|link| link.measure()) {
            take_held(state, (self.device, self.surroundings), sample, now);
        }
        let occasion = (state.store().changes(), self.surroundings);
        let said = sensing.said(self.device, occasion, &load::of(state), now)?;
        let sent = Sent::of(bytes as u64, Some(self.quality), self.surroundings);
        sensing.pending.add_sent(self.device, sent, now);
        Some(Noted { said, watch: self.link.as_ref().map(Link::watch) })
    }
}
