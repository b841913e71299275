//! What a listener is about to ask for, and whose turn it is to ask.
//!
//! Decides: that the next track of an album is begun when the last segment of this one is taken. The
//! segment after the one asked for is the segment source's own affair. Never: whether there is time
//! for it; the segment source knows what else waits.

use quicksync_model::{Rendition, Timeline};

use super::playable::{Joins, Playable};
use crate::segment_source::{Listener, SegmentRequest};
use crate::{Caller, ServerState};

/// Who takes turns: a user, whatever the number of their devices, so that nobody has more turns for
/// having more of them.
pub(super) fn listener(caller: &Caller) -> Listener {
    let (high, low) = caller.user_id.as_u64_pair();
    Listener(high ^ low)
}

/// After segment `index` of this rendition was served: the beginning of the next track is prepared
/// if that was the last.
pub(super) fn next_track(
    state: &ServerState,
    (timeline, joins): (Timeline, Joins),
    (rendition, index): (Rendition, u64),
    listener: Listener,
) {
    let is_last = index.saturating_add(1) == timeline.segments();
    let (true, Some(next), Some(quality)) = (is_last, joins.next, rendition.quality()) else {
        return;
    };
    let state = state.clone();
    tokio::spawn(async move {
        // Whatever stops it, the listener's own request will meet it and say so.
        let Ok(next) = Playable::find(&state, next).await else { return };
        let rendition = Rendition::new(rendition.codec(), next.ladder.serve(quality));
        let audio = next.audio;
        state.segments().prepare(SegmentRequest { audio, rendition, index: 0, listener });
    });
}
