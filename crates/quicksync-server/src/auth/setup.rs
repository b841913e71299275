//! First-start set-up: one secret, used once, makes the first administrator.
//!
//! Decides: whether the secret still counts. It lives in memory only and is void once a user
//! exists. Never: how the secret reaches the administrator.

use std::sync::{Mutex, PoisonError};

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use quicksync_store::NewUser;
use serde::Deserialize;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

use super::login::{open_login, refuse_foreign_page};
use super::{check_name, check_password};
use crate::client_address::ClientAddress;
use crate::error::Problem;
use crate::extract::Json;
use crate::{ApiError, ServerState};

/// The secret of the first start, until it is used.
#[derive(Debug)]
pub(crate) struct Setup(Mutex<Option<String>>);

impl Setup {
    pub(super) fn new(secret: Option<String>) -> Self {
        Self(Mutex::new(secret))
    }

    pub(crate) fn secret(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn fits(&self, secret: &str) -> bool {
        let expected = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let expected = expected.as_deref().unwrap_or_default().as_bytes();
        !expected.is_empty() && bool::from(expected.ct_eq(secret.as_bytes()))
    }
}

/// The secret of the set-up link, and the administrator to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupRequest {
    /// What follows `#` in the set-up link.
    secret: String,
    /// 1 to 64 characters.
    name: String,
    /// At least 8 characters, at most 256 bytes.
    password: String,
}

/// Make the first administrator and log them in. Works once, and only while there is no user.
#[utoipa::path(post, path = "/api/auth/setup/", tag = "accounts", operation_id = "set_up",
    request_body = SetupRequest,
    responses(
        (status = 200, description = "Made and logged in", body = super::login::Me),
        (status = 400, description = "Not a name or password by the rules", body = Problem),
        (status = 403, description = "The secret is wrong or used up", body = Problem),
        (status = 409, description = "There is a user already", body = Problem),
        (status = 429, description = "Too many failures", body = Problem),
    ))]
pub(crate) async fn set_up(
    State(state): State<ServerState>,
    Extension(client): Extension<ClientAddress>,
    headers: HeaderMap,
    Json(request): Json<SetupRequest>,
) -> Result<Response, ApiError> {
    refuse_foreign_page(&state, &headers)?;
    refuse_wrong_secret(&state, client, &request.secret)?;
    check_name(&request.name).map_err(|rule| ApiError::invalid("name", rule))?;
    check_password(&request.password).map_err(|rule| ApiError::invalid("password", rule))?;
    let user = NewUser {
        name: request.name,
        password_hash: state.auth().passwords.hash(request.password, state.entropy()).await?,
        is_admin: true,
        created_us: state.now().as_micros(),
    };
    let user = state.store().create_first_user(user).await?;
    state.auth().setup.end();
    let user = user.ok_or_else(|| ApiError::conflict("This server has been set up already."))?;
    open_login(&state, &user, &headers).await
}

fn refuse_wrong_secret(
    state: &ServerState,
    client: ClientAddress,
    secret: &str,
) -> Result<(), ApiError> {
    let (failures, now) = (&state.auth().address_failures, state.now());
    failures.admit(client.prefix(), now).map_err(ApiError::rate_limited)?;
    if state.auth().setup.fits(secret) {
        failures.refund(&client.prefix());
        return Ok(());
    }
    let detail = "This set-up link is wrong or used up. A restart prints a new one while there is \
                  no user.";
    Err(ApiError::new(StatusCode::FORBIDDEN, "setup_void", detail).field("secret"))
}
