//! What one connection plays: a rendition of a track, segment after segment, on one ticket.
//!
//! Decides: which request says nothing new but the number of its segment, and what of the answer
//! before is told again. Such a request is answered at once: nobody is asked, nothing is waited for.
//! Never: an answer that the long way would not give; what may have changed takes that.

use std::sync::Arc;

use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response};
use quicksync_model::{Rendition, Timeline, Timestamp};
use uuid::Uuid;

use super::playable::Playable;
use super::segments::Piece;
use super::version::Version;
use crate::ServerState;
use crate::quick_sync::{Again, CMSD_DYNAMIC};
use crate::serve::{ConnectionInfo, Whole};
use crate::tickets::Ticket;

/// The last request, its answer, and what they rest on.
#[derive(Debug)]
pub(crate) struct Playing {
    /// The URL up to the number of the segment, and after it.
    before: String,
    after: String,
    asked: HeaderMap,
    told: HeaderMap,
    /// The entity tag up to the number of the segment.
    tag: String,
    audio_hash: [u8; 32],
    rendition: Rendition,
    timeline: Timeline,
    /// Neighbours lend no samples to its ends.
    is_alone: bool,
    again: Again,
    /// [`Store::changes`](quicksync_store::Store::changes) when all this was so.
    changes: u64,
    credential_id: Uuid,
    expires: Timestamp,
}

impl Playing {
    /// What is told of the next request by one that was just served with a piece of this.
    pub(super) fn of(
        (request, ticket): (&Parts, &Ticket),
        (playable, piece): (&Playable, Piece),
        (again, changes): (Again, u64),
        prefix: &str,
    ) -> Option<Self> {
        let Piece::Segment(rendition, _) = piece else { return None };
        let quality = rendition.quality()?;
        let (folder, name) = request.uri.path().rsplit_once('/')?;
        let (_, extension) = name.split_once('.')?;
        let [source] = playable.audio.sources() else { return None };
        let has_some = request.headers.contains_key(IF_NONE_MATCH);
        if has_some {
            return None;
        }
        Some(Self {
            before: format!("{prefix}{folder}/"),
            after: format!(".{extension}?{}", request.uri.query().unwrap_or_default()),
            asked: request.headers.clone(),
            told: HeaderMap::new(),
            tag: format!("\"{}-{}-{quality}-", playable.version, rendition.codec()),
            audio_hash: source.analysis.audio_hash,
            rendition,
            timeline: playable.timeline,
            is_alone: Version::parse(&playable.version)?.is_alone(),
            again,
            changes,
            credential_id: ticket.credential_id,
            expires: ticket.expires(),
        })
    }

    /// Remembered with the connection, together with what was told.
    pub(crate) fn keep(mut self, connection: &ConnectionInfo, told: &HeaderMap) {
        self.told = told.clone();
        connection.plays(Arc::new(self));
    }

    /// The number of the segment asked for, also as it is written, if the request says nothing else
    /// that is new.
    fn index_in<'a, B>(&self, request: &'a Request<B>) -> Option<(u64, &'a str)> {
        let uri = request.uri();
        if request.method() != Method::GET || uri.authority().is_some() {
            return None;
        }
        let rest = uri.path_and_query()?.as_str().strip_prefix(self.before.as_str())?;
        let number = rest.strip_suffix(self.after.as_str())?;
        // As we write it; any other spelling is judged the long way.
        let is_plain = number == "0" || !number.starts_with(['0', '+']);
        let index = number.parse().ok().filter(|_| is_plain)?;
        // In order, as players send them: looking each up would take longer.
        request.headers().iter().eq(&self.asked).then_some((index, number))
    }

    /// Whether everything is still so.
    fn holds(&self, state: &ServerState, now: Timestamp) -> bool {
        let changes = state.store().changes();
        changes == self.changes
            && now < self.expires
            && state.auth().revocations.holds(changes, self.credential_id, now)
    }

    /// How many segments follow, if this one is there and of this audio alone.
    fn left_after(&self, index: u64) -> Option<u64> {
        let left = self.timeline.segments().checked_sub(index)?.checked_sub(1)?;
        let piece = Piece::Segment(self.rendition, index);
        (self.is_alone || !piece.is_at_an_end(self.timeline)).then_some(left)
    }

    fn tag(&self, number: &str) -> Option<HeaderValue> {
        HeaderValue::try_from([&self.tag, number, "\""].concat()).ok()
    }
}

/// The answer, if the request is like the last one over this connection but for the number of its
/// segment, and everything is in memory.
pub(crate) fn at_once<B>(
    state: &ServerState,
    request: &Request<B>,
    connection: &ConnectionInfo,
) -> Option<Response<Whole>> {
    let playing = connection.playing()?;
    let (index, number) = playing.index_in(request)?;
    let (now, left) = (state.now(), playing.left_after(index)?);
    if !playing.holds(state, now) {
        return None;
    }
    let segments = state.segments();
    let bytes = segments.at_hand(&playing.audio_hash, playing.rendition, index, left == 0)?;
    let mut told = playing.told.clone();
    told.insert(ETAG, playing.tag(number)?);
    let noted = playing.again.note(state, bytes.len(), now)?;
    match noted.said {
        Some(said) => told.insert(CMSD_DYNAMIC, said),
        None => told.remove(CMSD_DYNAMIC),
    };
    let mut response = Response::new(Whole::new(bytes, noted.watch));
    *response.headers_mut() = told;
    Some(response)
}
