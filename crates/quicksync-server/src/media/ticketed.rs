//! Segments asked for with a ticket, past the router.
//!
//! Decides: which requests these are. They meet the same gate, the same tap and the same handler as by
//! the route; what is not exactly such a request is left to the router. Never: an answer of its own.

use axum::http::header::CACHE_CONTROL;
use axum::http::request::Parts;
use axum::http::{Method, Uri};
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::playable::Playable;
use super::playing::Playing;
use super::segments::{self, Names, Piece};
use crate::ServerState;
use crate::auth::gate::bearer_of;
use crate::caching::IMMUTABLE;
use crate::quick_sync::{Again, Heard};
use crate::tickets::{Ticket, ticket_in};

/// The answer, if the request is for a track's segment and carries a ticket; and what the next one over
/// this connection can be told from.
pub(crate) async fn ticketed_segment(
    state: &ServerState,
    request: &Parts,
) -> Option<(Response, Option<Playing>)> {
    if request.method != Method::GET {
        return None;
    }
    let names = names_in(&request.uri)?;
    let ticket = ticket_in(&request.uri)?;
    let changes = state.store().changes();
    let (caller, ticket) = match bearer_of(state, &ticket, Some(names.id)).await {
        Ok(bearer) => bearer,
        Err(error) => return Some((error.into_response(), None)),
    };
    let heard = Heard::of(request, &caller);
    let asked = (&request.method, &request.headers);
    let answering = async {
        let answer = segments::named(state, &caller, names, asked).await;
        answer.unwrap_or_else(|error| error.into_response())
    };
    let (response, again) = heard.answered(state.clone(), answering).await;
    // What stands in for something else is not to be kept, nor told again.
    let is_it = response.headers().get(CACHE_CONTROL).is_some_and(|value| value == IMMUTABLE);
    let playing = match again.filter(|_| is_it) {
        Some(again) => playing(state, names, (request, &ticket), (again, changes)).await,
        None => None,
    };
    Some((response, playing))
}

async fn playing(
    state: &ServerState,
    Names { id, version, quality, segment }: Names<'_>,
    asked: (&Parts, &Ticket),
    known: (Again, u64),
) -> Option<Playing> {
    let piece = Piece::parse(quality, segment)?;
    let playable = Playable::of_version(state, id, version, |_| false).await.ok()?;
    Playing::of(asked, (&playable, piece), known, state.config().public_url.prefix())
}

/// What a URL of a track's segment names, where it is written as we write it.
fn names_in(uri: &Uri) -> Option<Names<'_>> {
    let rest = uri.path().strip_prefix("/api/tracks/")?;
    let (id, rest) = rest.split_once('/')?;
    let (version, rest) = rest.strip_prefix("segments/")?.split_once('/')?;
    let (quality, segment) = rest.split_once('/')?;
    let is_plain = !rest.contains('%') && !version.contains('%');
    if !is_plain || version.is_empty() || quality.is_empty() || segment.is_empty() {
        return None;
    }
    let id = Uuid::try_parse(id).ok()?;
    (!segment.contains('/')).then_some(Names { id, version, quality, segment })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_written_as_we_write_it_is_taken() {
        let id = "3c7fb011-bd65-4d32-a13b-77036ce0fbe2";
        let uri = format!("/api/tracks/{id}/segments/v-1/low/3.m4s?ticket=x").parse().unwrap();
        let names = names_in(&uri).unwrap();
        assert_eq!((names.id.to_string().as_str(), names.version), (id, "v-1"));
        assert_eq!((names.quality, names.segment), ("low", "3.m4s"));
        for path in [
            format!("/api/tracks/{id}/segments/v-1/low/3.m4s/"),
            format!("/api/tracks/{id}/segments/v-1/low/"),
            format!("/api/tracks/{id}/segments/v-1/init.mp4"),
            format!("/api/tracks/{id}/segments//low/3.m4s"),
            format!("/api/tracks/{id}/segments/v-1//3.m4s"),
            format!("/api/tracks/{id}/segments/v%2D1/low/3.m4s"),
            format!("/api/tracks/{id}/segments/v-1/low/3%2Em4s"),
            format!("/api/albums/{id}/segments/v-1/low/3.m4s"),
            format!("/api/tracks/{id}/original"),
            "/api/tracks/x/segments/v-1/low/3.m4s".to_owned(),
        ] {
            assert!(names_in(&path.parse().unwrap()).is_none(), "{path}");
        }
    }
}
