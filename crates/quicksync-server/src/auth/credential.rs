//! Secrets of login sessions and API tokens: made, hashed, looked up, found valid or void.
//!
//! Decides: whether a credential counts at an instant. Never: the secret itself beyond the request
//! that carries it; only its SHA-256 is kept.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use quicksync_model::Timestamp;
use quicksync_store::{CredentialKind, CredentialRow, StoreError, UserRow};
use sha2::{Digest, Sha256};

use super::cookie;
use crate::environment::random_key;
use crate::{ApiError, Entropy, ServerState};

/// A login session unused for this long is void: 30 days.
const LOGIN_IDLE_US: i64 = 30 * 24 * 3600 * 1_000_000;
/// No login session outlives this: 180 days.
pub(super) const LOGIN_LIFE_US: i64 = 180 * 24 * 3600 * 1_000_000;
/// The use of a credential is noted at most this often.
const TOUCH_EVERY_US: u64 = 5 * 60 * 1_000_000;

/// How a request proved who it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Proof {
    /// The cookie of a login session.
    Cookie,
    /// An API token in the `Authorization` header.
    Token,
    /// A media ticket in the query.
    Ticket,
}

/// 256 random bits as text, behind `prefix`; and the hash to keep of it.
#[must_use]
pub fn random_secret(prefix: &str, entropy: &dyn Entropy) -> (String, [u8; 32]) {
    let text = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random_key(entropy)));
    let hash = secret_hash(&text);
    (text, hash)
}

/// What is kept of a secret. One round is enough: the secret has 256 random bits.
#[must_use]
pub fn secret_hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The secret a request carries outside its URL, and how. The header counts before the cookie.
pub(super) fn carried(headers: &HeaderMap) -> Result<Option<(Proof, &str)>, ApiError> {
    let Some(value) = headers.get(AUTHORIZATION) else {
        return Ok(cookie::read(headers).map(|secret| (Proof::Cookie, secret)));
    };
    let words = value.to_str().ok().and_then(|value| value.trim().split_once(' '));
    match words {
        Some((scheme, secret)) if is_token_scheme(scheme) => {
            Ok(Some((Proof::Token, secret.trim())))
        }
        _ => Err(ApiError::unauthenticated()),
    }
}

fn is_token_scheme(scheme: &str) -> bool {
    ["bearer", "token"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

/// Whose secret it is, if it counts now.
pub(super) async fn look_up(
    state: &ServerState,
    proof: Proof,
    secret: &str,
) -> Result<Option<(CredentialRow, UserRow)>, StoreError> {
    let kind = match proof {
        Proof::Cookie => CredentialKind::Login,
        Proof::Token => CredentialKind::Token,
        Proof::Ticket => return Ok(None),
    };
    let found = state.store().credential_by_hash(kind, &secret_hash(secret)).await?;
    let now = state.now();
    let Some((credential, user)) = found.filter(|(credential, _)| counts(credential, now)) else {
        return Ok(None);
    };
    touch(state, &credential, now).await;
    Ok(Some((credential, user)))
}

/// Whether a credential counts at `now`.
pub(super) fn counts(credential: &CredentialRow, now: Timestamp) -> bool {
    let now_us = now.as_micros();
    let is_expired = credential.expires_us.is_some_and(|expires_us| expires_us <= now_us);
    let is_idle = credential.kind == CredentialKind::Login
        && credential.last_used_us.saturating_add(LOGIN_IDLE_US) <= now_us;
    !is_expired && !is_idle
}

/// Notes the use of a credential. A failure is logged and stops nobody.
async fn touch(state: &ServerState, credential: &CredentialRow, now: Timestamp) {
    let last_used = Timestamp::from_micros(credential.last_used_us);
    if now.micros_since(last_used) < TOUCH_EVERY_US {
        return;
    }
    if let Err(error) = state.store().touch_credential(credential.id, now.as_micros()).await {
        tracing::warn!(%error, "could not note the use of a credential");
    }
}
