//! `/api/users/`: the accounts, for administrators.
//!
//! Decides: the rules of a new account. Never: passwords in an answer.

use axum::extract::State;
use axum::http::StatusCode;
use quicksync_store::{NewUser, StoreError, UserRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::auth::{check_name, check_password};
use crate::error::Problem;
use crate::extract::{Json, Named};
use crate::wire::{List, unix_s};
use crate::{ApiError, ServerState};

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    id: Uuid,
    name: String,
    is_admin: bool,
    /// Unix time, seconds.
    created_at: f64,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            is_admin: row.is_admin,
            created_at: unix_s(row.created_us),
        }
    }
}

/// An account to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserRequest {
    /// 1 to 64 characters; unique, compared without regard to ASCII case.
    name: String,
    /// At least 8 characters, at most 256 bytes.
    password: String,
    /// False if not given.
    #[serde(default)]
    is_admin: bool,
}

pub(crate) fn routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(delete))
}

/// Every user, by name.
#[utoipa::path(get, path = "/api/users/", tag = "users", operation_id = "list_users",
    responses((status = 200, description = "The users", body = List<User>)))]
async fn list(State(state): State<ServerState>) -> Result<Json<List<User>>, ApiError> {
    Ok(Json(List::whole(state.store().users().await?)))
}

/// Make a user.
#[utoipa::path(post, path = "/api/users/", tag = "users", operation_id = "create_user",
    request_body = UserRequest,
    responses(
        (status = 201, description = "Made", body = User),
        (status = 400, description = "Not a name or password by the rules", body = Problem),
        (status = 409, description = "The name is taken", body = Problem),
    ))]
async fn create(
    State(state): State<ServerState>,
    Json(request): Json<UserRequest>,
) -> Result<(StatusCode, Json<User>), ApiError> {
    check_name(&request.name).map_err(|rule| ApiError::invalid("name", rule))?;
    check_password(&request.password).map_err(|rule| ApiError::invalid("password", rule))?;
    let user = NewUser {
        name: request.name,
        password_hash: state.auth().passwords.hash(request.password, state.entropy()).await?,
        is_admin: request.is_admin,
        created_us: state.now().as_micros(),
    };
    match state.store().create_user(user).await {
        Ok(user) => Ok((StatusCode::CREATED, Json(user.into()))),
        Err(StoreError::Conflict(_)) => {
            Err(ApiError::conflict("There is a user of that name already.").field("name"))
        }
        Err(error) => Err(error.into()),
    }
}

/// Delete a user and everything of theirs.
#[utoipa::path(delete, path = "/api/users/{id}/", tag = "users", operation_id = "delete_user",
    params(("id" = Uuid, Path, description = "The user")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 404, description = "No such user", body = Problem),
        (status = 409, description = "The last administrator stays", body = Problem),
    ))]
async fn delete(
    State(state): State<ServerState>,
    Named(id): Named<Uuid>,
) -> Result<StatusCode, ApiError> {
    let deleted = state.store().delete_user(id).await;
    match deleted {
        Ok(true) => Ok(StatusCode::NO_CONTENT),
        Ok(false) => Err(ApiError::not_found("user")),
        Err(StoreError::Conflict(_)) => {
            Err(ApiError::conflict("The last administrator cannot be deleted."))
        }
        Err(error) => Err(error.into()),
    }
}
