//! The address the client reached us by: what the URLs in an answer start with.
//!
//! Decides: the configured public URL; where nobody configured one, the host the request names, so
//! that a server on a home network works under each of its names. Never trusts that host with more:
//! it only comes back to who sent it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Authority;

use crate::{PublicUrl, ServerState};

/// The address of this server, as the client knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Here(pub(crate) PublicUrl);

impl FromRequestParts<ServerState> for Here {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &ServerState,
    ) -> Result<Self, Infallible> {
        let config = state.config();
        let named = if config.follows_host { named(parts) } else { None };
        Ok(Self(named.unwrap_or_else(|| config.public_url.clone())))
    }
}

fn named(parts: &Parts) -> Option<PublicUrl> {
    let host = parts.headers.get(HOST)?.to_str().ok()?;
    let host: Authority = host.parse().ok()?;
    PublicUrl::parse(&format!("http://{host}")).ok()
}
