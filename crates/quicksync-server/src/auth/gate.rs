//! The gates in front of every route that is not public.
//!
//! Decides: who passes as a user, as an administrator, or with a media ticket. A route is behind
//! the gate of the group it is registered in, so no handler can forget to ask. Never: what the
//! route does.

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use quicksync_store::{CredentialRow, UserRow};
use uuid::Uuid;

use super::caller::{named_device, note_device};
use super::credential::{carried, counts, look_up};
use super::{Caller, Proof, is_foreign};
use crate::tickets::{Ticket, ticket_in};
use crate::{ApiError, ServerState};

/// Lets users pass.
pub(crate) async fn user(
    State(state): State<ServerState>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    let caller = caller_of(&state, &parts).await?;
    parts.extensions.insert(caller);
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// Lets administrators pass.
pub(crate) async fn admin(
    State(state): State<ServerState>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    let caller = caller_of(&state, &parts).await?;
    if !caller.is_admin {
        return Err(ApiError::forbidden("Only an administrator may do this."));
    }
    parts.extensions.insert(caller);
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// Lets users pass, and whoever holds a ticket for the track in the path.
pub(crate) async fn media(
    State(state): State<ServerState>,
    path: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    // A path that is no UTF-8 names nothing of ours.
    let path = path.map_err(|error| ApiError::not_found("resource").cause(error))?;
    let (mut parts, body) = request.into_parts();
    let caller = match ticket_in(&parts.uri) {
        Some(text) => {
            let named = path.iter().find_map(|(name, value)| (name == "id").then_some(value));
            let named = named.and_then(|id| Uuid::try_parse(id).ok());
            bearer_of(&state, &text, named).await?.0
        }
        None => caller_of(&state, &parts).await?,
    };
    parts.extensions.insert(caller);
    Ok(next.run(Request::from_parts(parts, body)).await)
}

async fn caller_of(state: &ServerState, request: &Parts) -> Result<Caller, ApiError> {
    let headers = &request.headers;
    let (proof, secret) = carried(headers)?.ok_or_else(ApiError::unauthenticated)?;
    if proof == Proof::Cookie {
        refuse_foreign(state, request)?;
    }
    let found = look_up(state, proof, secret).await?;
    let (credential, user) = found.ok_or_else(ApiError::unauthenticated)?;
    admit(state, headers, &user, &credential, proof).await
}

fn refuse_foreign(state: &ServerState, request: &Parts) -> Result<(), ApiError> {
    let url = &state.config().public_url;
    if is_foreign(&request.method, &request.headers, url, true) {
        let detail = "A request with a login cookie must come from this site's own pages.";
        return Err(ApiError::forbidden(detail).field("origin"));
    }
    Ok(())
}

async fn admit(
    state: &ServerState,
    headers: &HeaderMap,
    user: &UserRow,
    credential: &CredentialRow,
    proof: Proof,
) -> Result<Caller, ApiError> {
    let caller = Caller::new(user, credential, proof, named_device(headers)?);
    note_device(state, &caller, headers).await;
    Ok(caller)
}

/// Who holds this ticket, which must be for what the path names; and what it says.
pub(crate) async fn bearer_of(
    state: &ServerState,
    text: &str,
    named: Option<Uuid>,
) -> Result<(Caller, Ticket), ApiError> {
    let refused = || ApiError::unauthenticated().field("ticket");
    let now = state.now();
    let ticket = state.ticket_key().open(text, now).ok_or_else(refused)?;
    if named != Some(ticket.track_id) {
        return Err(refused());
    }
    let (credential, user) = credential_of(state, &ticket).await?.ok_or_else(refused)?;
    Ok((Caller::new(&user, &credential, Proof::Ticket, Some(ticket.device_id)), ticket))
}

async fn credential_of(
    state: &ServerState,
    ticket: &Ticket,
) -> Result<Option<(CredentialRow, UserRow)>, ApiError> {
    let (now, revocations) = (state.now(), &state.auth().revocations);
    let changes = state.store().changes();
    let counts_for_ticket = |(credential, user): &(CredentialRow, UserRow)| {
        counts(credential, now) && user.id == ticket.user_id
    };
    if let Some(found) = revocations.recall(changes, ticket.credential_id, now) {
        return Ok(Some(found).filter(counts_for_ticket));
    }
    let found = state.store().credential(ticket.credential_id).await?.filter(counts_for_ticket);
    // A change since may have come after the reading.
    if let Some(found) = found.as_ref().filter(|_| state.store().changes() == changes) {
        revocations.remember(changes, found, now);
    }
    Ok(found)
}
