//! `/api/auth/tokens/`: the caller's own API tokens.
//!
//! Decides: what a token is called and when it ends. The secret is shown once. Never: other users'
//! tokens.

use axum::extract::State;
use axum::http::StatusCode;
use quicksync_store::{CredentialKind, CredentialRow, NewCredential};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Caller, random_secret};
use crate::error::Problem;
use crate::extract::{Json, Named};
use crate::wire::{List, unix_s};
use crate::{ApiError, ServerState};

/// What every token starts with, so that scanners of leaked secrets know one.
pub const TOKEN_PREFIX: &str = "qst_";
const MAX_NAME_CHARS: usize = 80;
const MAX_TOKENS: usize = 100;
const MAX_LIFE_DAYS: i64 = 3650;

/// An API token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Token {
    id: Uuid,
    name: String,
    /// Unix time, seconds.
    created_at: f64,
    /// Unix time, seconds, to the nearest few minutes.
    last_used_at: f64,
    /// Unix time, seconds; null for never.
    expires_at: Option<f64>,
}

impl From<CredentialRow> for Token {
    fn from(row: CredentialRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            created_at: unix_s(row.created_us),
            last_used_at: unix_s(row.last_used_us),
            expires_at: row.expires_us.map(unix_s),
        }
    }
}

/// A new API token and its secret, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewToken {
    #[serde(flatten)]
    about: Token,
    /// Send it as `Authorization: Bearer ...` or `Token ...`.
    token: String,
}

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    /// What it is for: 1 to 80 characters.
    name: String,
    /// Days it lives, 1 to 3650; without it, until revoked.
    expires_in_days: Option<i64>,
}

/// The caller's API tokens, newest first.
#[utoipa::path(get, path = "/api/auth/tokens/", tag = "accounts", operation_id = "list_tokens",
    responses((status = 200, description = "The tokens", body = List<Token>)))]
pub(crate) async fn list(
    State(state): State<ServerState>,
    caller: Caller,
) -> Result<Json<List<Token>>, ApiError> {
    let rows = state.store().credentials(caller.user_id, CredentialKind::Token).await?;
    Ok(Json(List::whole(rows)))
}

/// Make an API token.
#[utoipa::path(post, path = "/api/auth/tokens/", tag = "accounts", operation_id = "create_token",
    request_body = TokenRequest,
    responses(
        (status = 201, description = "The token and its secret", body = NewToken),
        (status = 400, description = "A bad name or lifetime", body = Problem),
        (status = 409, description = "Too many tokens", body = Problem),
    ))]
pub(crate) async fn create(
    State(state): State<ServerState>,
    caller: Caller,
    Json(request): Json<TokenRequest>,
) -> Result<(StatusCode, Json<NewToken>), ApiError> {
    let now_us = state.now().as_micros();
    let expires_us = expiry(&request, now_us)?;
    let had = state.store().credentials(caller.user_id, CredentialKind::Token).await?;
    if had.len() >= MAX_TOKENS {
        return Err(ApiError::conflict("You have 100 tokens already: revoke some."));
    }
    let (token, secret_hash) = random_secret(TOKEN_PREFIX, state.entropy());
    let new = NewCredential {
        user_id: caller.user_id,
        kind: CredentialKind::Token,
        name: request.name,
        secret_hash,
        created_us: now_us,
        expires_us,
    };
    let about = state.store().create_credential(new).await?.into();
    Ok((StatusCode::CREATED, Json(NewToken { about, token })))
}

fn expiry(request: &TokenRequest, now_us: i64) -> Result<Option<i64>, ApiError> {
    let name = &request.name;
    let chars = name.chars().count();
    if chars == 0 || chars > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        let detail = "A token's name has 1 to 80 characters, none of them a control character.";
        return Err(ApiError::invalid("name", detail));
    }
    match request.expires_in_days {
        None => Ok(None),
        Some(days @ 1..=MAX_LIFE_DAYS) => Ok(Some(now_us + days * 24 * 3600 * 1_000_000)),
        Some(_) => Err(ApiError::invalid("expires_in_days", "A token lives 1 to 3650 days.")),
    }
}

/// Revoke an API token.
#[utoipa::path(delete, path = "/api/auth/tokens/{id}/", tag = "accounts",
    operation_id = "revoke_token", params(("id" = Uuid, Path, description = "The token")),
    responses(
        (status = 204, description = "Revoked"),
        (status = 404, description = "No such token", body = Problem),
    ))]
pub(crate) async fn revoke(
    State(state): State<ServerState>,
    caller: Caller,
    Named(id): Named<Uuid>,
) -> Result<StatusCode, ApiError> {
    super::logins::revoke_own(&state, &caller, id, CredentialKind::Token, "token").await
}
