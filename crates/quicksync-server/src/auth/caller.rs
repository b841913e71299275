//! The user behind a request, and the device they listen on.
//!
//! Decides: which device a request belongs to, and how often that is noted. Never: whether the
//! proof was good; the gate did that.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use quicksync_model::Timestamp;
use quicksync_store::{CredentialRow, Declaration, UserRow};
use uuid::Uuid;

use super::Proof;
use super::device_name::device_name;
use crate::rate_limit::RateLimit;
use crate::{ApiError, ServerState};

/// The header in which a client names the device it made a UUID for.
pub const DEVICE_HEADER: &str = "x-quick-sync-device";
/// A device seen again within this time is not noted again.
const NOTE_EVERY_US: u64 = 5 * 60 * 1_000_000;
/// Devices remembered as noted.
const MAX_NOTED: usize = 16_384;
/// New devices of one user per minute; more are served but not kept.
const NEW_DEVICES_PER_MINUTE: u32 = 10;

/// Who is asking. An extension of every request that passed a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user.
    pub user_id: Uuid,
    /// Their name.
    pub user_name: String,
    /// Whether they may manage users and the library.
    pub is_admin: bool,
    /// The login session or API token behind the request.
    pub credential_id: Uuid,
    /// How the request proved it.
    pub proof: Proof,
    /// The device that listens: the one the client named, or the credential's id.
    pub device_id: Uuid,
}

impl Caller {
    pub(crate) fn new(
        user: &UserRow,
        credential: &CredentialRow,
        proof: Proof,
        device: Option<Uuid>,
    ) -> Self {
        Self {
            user_id: user.id,
            user_name: user.name.clone(),
            is_admin: user.is_admin,
            credential_id: credential.id,
            proof,
            device_id: device.unwrap_or(credential.id),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(ApiError::unauthenticated)
    }
}

/// The device a client named.
pub(super) fn named_device(headers: &HeaderMap) -> Result<Option<Uuid>, ApiError> {
    let Some(value) = headers.get(DEVICE_HEADER) else { return Ok(None) };
    let device = value.to_str().ok().and_then(|text| Uuid::try_parse(text.trim()).ok());
    let device = device.filter(|device| !device.is_nil());
    let refused = || ApiError::invalid(DEVICE_HEADER, "The device must be a UUID.");
    device.map(Some).ok_or_else(refused)
}

/// Which devices were noted lately.
#[derive(Debug)]
pub(crate) struct DeviceNotes {
    noted: Mutex<HashMap<(Uuid, Uuid), Timestamp>>,
    new: RateLimit<Uuid>,
}

impl Default for DeviceNotes {
    fn default() -> Self {
        Self { noted: Mutex::default(), new: RateLimit::per_minute(NEW_DEVICES_PER_MINUTE) }
    }
}

impl DeviceNotes {
    /// Forgets what was noted of a user's devices: the store has changed.
    pub(crate) fn forget(&self, user: Uuid) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.retain(|(owner, _), _| *owner != user);
    }

    /// Whether to note the device now.
    fn is_due(&self, caller: &Caller, now: Timestamp) -> bool {
        let key = (caller.user_id, caller.device_id);
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |then: &Timestamp| now.micros_since(*then) < NOTE_EVERY_US;
        let known = noted.get(&key);
        if known.is_some_and(is_fresh) {
            return false;
        }
        if known.is_none() && self.new.admit(caller.user_id, now).is_err() {
            return false;
        }
        if noted.len() >= MAX_NOTED {
            noted.retain(|_, then| is_fresh(then));
        }
        if noted.len() >= MAX_NOTED {
            noted.clear();
        }
        noted.insert(key, now);
        true
    }
}

/// Notes that the caller's device was seen. A failure is logged and stops nobody.
pub(super) async fn note_device(state: &ServerState, caller: &Caller, headers: &HeaderMap) {
    let now = state.now();
    if !state.auth().devices.is_due(caller, now) {
        return;
    }
    let name = device_name(headers);
    let seen = state
        .store()
        .see_device(
            caller.user_id,
            caller.device_id,
            &name,
            Declaration::default(),
            now.as_micros(),
        )
        .await;
    if let Err(error) = seen {
        tracing::warn!(%error, "could not note a device");
    }
}
