//! `/api/auth/login/`, `logout/`, `password/`, `me/`.
//!
//! Decides: when a password is believed, and what failing costs. Never: how a password is hashed.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, response::AppendHeaders};
use quicksync_store::{CredentialKind, NewCredential, UserRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::credential::LOGIN_LIFE_US;
use super::device_name::device_name;
use super::{Caller, Proof, check_password, cookie, is_foreign, random_secret};
use crate::client_address::ClientAddress;
use crate::error::Problem;
use crate::extract::Json;
use crate::{ApiError, ServerState};

/// Who one is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    id: Uuid,
    name: String,
    is_admin: bool,
    /// The device the request belongs to.
    device_id: Uuid,
    /// The login session or API token behind the request.
    credential_id: Uuid,
}

impl From<Caller> for Me {
    fn from(caller: Caller) -> Self {
        Self {
            id: caller.user_id,
            name: caller.user_name,
            is_admin: caller.is_admin,
            device_id: caller.device_id,
            credential_id: caller.credential_id,
        }
    }
}

/// A name and its password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginRequest {
    name: String,
    password: String,
}

/// Log in: the answer sets the login cookie.
#[utoipa::path(post, path = "/api/auth/login/", tag = "accounts", operation_id = "log_in",
    request_body = LoginRequest,
    responses(
        (status = 200, description = "Logged in", body = Me),
        (status = 401, description = "Wrong name or password", body = Problem),
        (status = 403, description = "Sent by a page of another site", body = Problem),
        (status = 429, description = "Too many failures", body = Problem),
    ))]
pub(crate) async fn log_in(
    State(state): State<ServerState>,
    Extension(client): Extension<ClientAddress>,
    headers: HeaderMap,
    Json(request): Json<LoginRequest>,
) -> Result<Response, ApiError> {
    refuse_foreign_page(&state, &headers)?;
    let name = request.name.to_ascii_lowercase();
    count_guess(&state, &name, client)?;
    let user = state.store().user_by_name(&request.name).await?;
    match password_is(&state, user.as_ref(), request.password, &name, client).await? {
        Some(user) => open_login(&state, user, &headers).await,
        None => Err(wrong_password()),
    }
}

/// Counts a guess at an account's password, or refuses it. Counted before the work, so that many
/// guesses at once cannot all slip in; [`password_is`] takes back what was no failure.
fn count_guess(state: &ServerState, name: &str, client: ClientAddress) -> Result<(), ApiError> {
    let (auth, now, prefix) = (state.auth(), state.now(), client.prefix());
    auth.address_failures.admit(prefix, now).map_err(ApiError::rate_limited)?;
    let account = auth.account_failures.admit((name.to_owned(), prefix), now);
    account.inspect_err(|_| auth.address_failures.refund(&prefix)).map_err(ApiError::rate_limited)
}

/// The user, if it is one and the password is theirs.
async fn password_is<'a>(
    state: &ServerState,
    user: Option<&'a UserRow>,
    password: String,
    name: &str,
    client: ClientAddress,
) -> Result<Option<&'a UserRow>, ApiError> {
    let (auth, prefix) = (state.auth(), client.prefix());
    let hash = user.map(|user| user.password_hash.as_str());
    let fits = auth.passwords.fits(password, hash).await;
    if !matches!(fits, Ok(false)) {
        auth.account_failures.refund(&(name.to_owned(), prefix));
        auth.address_failures.refund(&prefix);
    }
    fits.map(|fits| user.filter(|_| fits))
}

fn wrong_password() -> ApiError {
    let detail = "The name or the password is wrong.";
    ApiError::new(StatusCode::UNAUTHORIZED, "wrong_password", detail)
}

pub(super) fn refuse_foreign_page(
    state: &ServerState,
    headers: &HeaderMap,
) -> Result<(), ApiError> {
    if is_foreign(&Method::POST, headers, &state.config().public_url, false) {
        let detail = "Log in from this site's own pages.";
        return Err(ApiError::forbidden(detail).field("origin"));
    }
    Ok(())
}

/// Makes a login session and answers with its cookie.
pub(super) async fn open_login(
    state: &ServerState,
    user: &UserRow,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let now_us = state.now().as_micros();
    let (secret, secret_hash) = random_secret("", state.entropy());
    let login = NewCredential {
        user_id: user.id,
        kind: CredentialKind::Login,
        name: device_name(headers),
        secret_hash,
        created_us: now_us,
        expires_us: Some(now_us.saturating_add(LOGIN_LIFE_US)),
    };
    let login = state.store().create_credential(login).await?;
    let set = cookie::set(&state.config().public_url, &secret, LOGIN_LIFE_US / 1_000_000)?;
    let me = Me::from(Caller::new(user, &login, Proof::Cookie, None));
    Ok(with_cookie(set, Json(me)))
}

fn with_cookie(set: HeaderValue, answer: impl IntoResponse) -> Response {
    (AppendHeaders([(SET_COOKIE, set)]), answer).into_response()
}

/// Log out: the login session or API token behind the request is revoked.
#[utoipa::path(post, path = "/api/auth/logout/", tag = "accounts", operation_id = "log_out",
    responses((status = 204, description = "Logged out")))]
pub(crate) async fn log_out(
    State(state): State<ServerState>,
    caller: Caller,
) -> Result<Response, ApiError> {
    state.store().delete_credential(caller.user_id, caller.credential_id).await?;
    let unset = cookie::set(&state.config().public_url, "", 0)?;
    Ok(with_cookie(unset, StatusCode::NO_CONTENT))
}

/// Who am I?
#[utoipa::path(get, path = "/api/auth/me/", tag = "accounts", operation_id = "me",
    responses((status = 200, description = "The caller", body = Me)))]
pub(crate) async fn me(caller: Caller) -> Json<Me> {
    Json(caller.into())
}

/// The password one has and the one to have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    current_password: String,
    /// At least 8 characters, at most 256 bytes.
    new_password: String,
}

/// Change one's password. Every other login session of the user ends; API tokens stay.
#[utoipa::path(post, path = "/api/auth/password/", tag = "accounts",
    operation_id = "change_password", request_body = PasswordChange,
    responses(
        (status = 204, description = "Changed"),
        (status = 400, description = "Not a password by the rules", body = Problem),
        (status = 403, description = "The current password is wrong", body = Problem),
        (status = 429, description = "Too many failures", body = Problem),
    ))]
pub(crate) async fn change_password(
    State(state): State<ServerState>,
    Extension(client): Extension<ClientAddress>,
    caller: Caller,
    Json(change): Json<PasswordChange>,
) -> Result<StatusCode, ApiError> {
    check_password(&change.new_password).map_err(|rule| ApiError::invalid("new_password", rule))?;
    let name = caller.user_name.to_ascii_lowercase();
    count_guess(&state, &name, client)?;
    let user = state.store().user(caller.user_id).await?;
    let fits = password_is(&state, user.as_ref(), change.current_password, &name, client).await?;
    if fits.is_none() {
        let detail = "The current password is wrong.";
        return Err(ApiError::forbidden(detail).field("current_password"));
    }
    let hash = state.auth().passwords.hash(change.new_password, state.entropy()).await?;
    state.store().set_password(caller.user_id, &hash, Some(caller.credential_id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
