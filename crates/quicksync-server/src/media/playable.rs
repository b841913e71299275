//! A track or an album that can be served: read whole, its ladder and timeline known.
//!
//! Decides: the ladder, and the version that stands in every segment's URL. Never: a caller.

use std::borrow::Cow;
use std::sync::Arc;

use quicksync_model::{Ladder, Quality, Timeline};
use quicksync_store::{AlbumRow, Neighbours, PageRequest, TrackQuery, TrackRow};
use uuid::Uuid;

use super::version::Version;
use crate::segment_source::{Audio, SourceAudio, TrackAudio};
use crate::tickets::Ticket;
use crate::{ApiError, Caller, Proof, ServerState};

/// No album that people listen to has more; what is filed together beyond that is not one.
const MAX_ALBUM_TRACKS: u32 = 500;

/// A track or an album ready to be served.
#[derive(Debug)]
pub(super) struct Playable {
    /// What a ticket for it opens.
    pub(super) id: Uuid,
    pub(super) item: Item,
    pub(super) audio: Audio,
    pub(super) ladder: Ladder,
    pub(super) timeline: Timeline,
    /// The tracks that lend their samples to its ends.
    pub(super) joins: Joins,
    /// Changes whenever the bytes of any segment would: the audio's identity and the format.
    pub(super) version: String,
}

/// The tracks before and after one, where their samples are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Joins {
    pub(super) previous: Option<Uuid>,
    pub(super) next: Option<Uuid>,
}

/// How much of what surrounds a track is looked up with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// Nothing.
    Alone,
    /// The tracks that lend their samples.
    WithNeighbours,
}

/// What the library knows of it.
#[derive(Debug)]
pub(super) enum Item {
    Track(Box<TrackRow>),
    Album(Box<AlbumItem>),
}

/// An album, and where its tracks lie in it.
#[derive(Debug)]
pub(super) struct AlbumItem {
    pub(super) row: AlbumRow,
    /// Each with the sample at which it is first heard.
    pub(super) tracks: Vec<(TrackRow, u64)>,
}

impl Playable {
    /// The track between its neighbours on its album, each read whole now if it has not been.
    pub(super) async fn find(state: &ServerState, id: Uuid) -> Result<Self, ApiError> {
        let (track, source) = analysed(state, id).await?;
        let found = state.store().neighbours(track.id).await?;
        Ok(Self::between(state, (track, source), found).await)
    }

    /// The track that a URL of this version is of, or [`Self::stale`]. The neighbours it names are
    /// looked up only where `at_an_end` says that their samples are wanted.
    pub(super) async fn of_version(
        state: &ServerState,
        id: Uuid,
        version: &str,
        at_an_end: impl FnOnce(Timeline) -> bool,
    ) -> Result<Arc<Self>, ApiError> {
        let find = |part| {
            let find = move || Self::named(state, id, version, part);
            state.playables().or_find(state.store(), (id, part), version, find)
        };
        let alone = find(Part::Alone).await?;
        if at_an_end(alone.timeline) { find(Part::WithNeighbours).await } else { Ok(alone) }
    }

    async fn named(
        state: &ServerState,
        id: Uuid,
        version: &str,
        part: Part,
    ) -> Result<Self, ApiError> {
        let (track, source) = analysed(state, id).await?;
        let named = Version::parse(version).ok_or_else(Self::stale)?;
        if !named.is_of(&source.analysis.audio_hash, state.segments().format_version()) {
            return Err(Self::stale());
        }
        let mut found = Neighbours::default();
        if part == Part::WithNeighbours {
            for (place, prefix) in
                [(&mut found.previous, named.previous()), (&mut found.next, named.next())]
            {
                let Some(prefix) = prefix else { continue };
                let row = state.store().track_by_audio(prefix).await?;
                *place = Some(row.ok_or_else(Self::stale)?);
            }
        }
        let mut playable = Self::between(state, (track, source), found).await;
        version.clone_into(&mut playable.version);
        Ok(playable)
    }

    /// The album that a URL of this version is of, or [`Self::stale`].
    pub(super) async fn album_of_version(
        state: &ServerState,
        id: Uuid,
        version: &str,
    ) -> Result<Arc<Self>, ApiError> {
        let find = || async {
            let album = Self::album(state, id).await?;
            if album.version == version { Ok(album) } else { Err(Self::stale()) }
        };
        state.playables().or_find(state.store(), (id, Part::Alone), version, find).await
    }

    async fn between(
        state: &ServerState,
        (track, source): (TrackRow, SourceAudio),
        found: Neighbours,
    ) -> Self {
        let (previous, next) = tokio::join!(lent(state, found.previous), lent(state, found.next));
        // As the segment source does: of another rate, it would need a resampler of its own.
        let previous = previous.filter(|(_, lent)| lent.sample_rate == source.sample_rate);
        let joins = Joins {
            previous: previous.as_ref().map(|(id, _)| *id),
            next: next.as_ref().map(|(id, _)| *id),
        };
        let (previous, next) = (previous.map(|(_, lent)| lent), next.map(|(_, lent)| lent));
        let hash = |source: &SourceAudio| source.analysis.audio_hash;
        let version = Version::new(
            &hash(&source),
            [previous.as_ref().map(hash), next.as_ref().map(hash)],
            state.segments().format_version(),
        );
        Self {
            id: track.id,
            ladder: source.ladder(),
            timeline: source.timeline(),
            joins,
            version: version.to_string(),
            audio: Audio::Track(Arc::new(TrackAudio { source, previous, next })),
            item: Item::Track(Box::new(track)),
        }
    }

    /// The tracks of an album that can be played, as one; each read whole now if it has not been.
    pub(super) async fn album(state: &ServerState, id: Uuid) -> Result<Self, ApiError> {
        let row = state.store().album(id).await?.ok_or_else(|| ApiError::not_found("album"))?;
        let query = TrackQuery { album: Some(id), ..TrackQuery::default() };
        let page = PageRequest { offset: 0, limit: MAX_ALBUM_TRACKS };
        let found = state.store().tracks(&query, page).await?.items;
        let (mut tracks, mut sources) = (Vec::new(), Vec::new());
        for track in found.iter().filter(|track| track.problem.is_none()) {
            let (track, source) = analysed(state, track.id).await?;
            tracks.push(track);
            sources.push(source);
        }
        let joined = state.segments().join(&sources)?;
        let tracks = tracks.into_iter().zip(joined.starts).collect();
        Ok(Self {
            id,
            ladder: best_ladder(&sources).ok_or_else(|| ApiError::not_found("album"))?,
            timeline: joined.timeline,
            joins: Joins::default(),
            version: Version::of_album(&joined.hash, state.segments().format_version()),
            audio: Audio::Album(sources.into()),
            item: Item::Album(Box::new(AlbumItem { row, tracks })),
        })
    }

    /// Leaves the neighbours' samples out from now on, which makes another version of it. Whether it had
    /// any.
    pub(super) fn leave_neighbours(&mut self, state: &ServerState) -> bool {
        let Some(alone) = self.audio.without_neighbours() else { return false };
        let own = alone.sources().first().map_or([0; 32], |source| source.analysis.audio_hash);
        let version = Version::new(&own, [None, None], state.segments().format_version());
        (self.audio, self.joins) = (alone, Joins::default());
        self.version = version.to_string();
        true
    }

    /// What a URL meets whose audio is not there any more.
    fn stale() -> ApiError {
        let detail =
            "The track has changed since its manifest was made: ask for the manifest again.";
        ApiError::new(axum::http::StatusCode::GONE, "stale_version", detail).field("version")
    }

    /// The track that it is.
    pub(super) fn track(&self) -> Result<&TrackRow, ApiError> {
        match &self.item {
            Item::Track(track) => Ok(track),
            Item::Album(_) => Err(ApiError::internal("an album was taken for a track")),
        }
    }

    /// A ticket for it: the caller's own, or a new one.
    pub(super) fn ticket(
        &self,
        state: &ServerState,
        caller: &Caller,
        carried: Option<Cow<'_, str>>,
    ) -> String {
        match carried {
            Some(text) if caller.proof == Proof::Ticket => text.into_owned(),
            _ => state.ticket_key().seal(&self.new_ticket(state, caller)),
        }
    }

    /// A new ticket for it.
    pub(super) fn new_ticket(&self, state: &ServerState, caller: &Caller) -> Ticket {
        let rate = u64::from(quicksync_model::SAMPLE_RATE);
        let duration_us = self.timeline.samples().saturating_mul(1_000_000) / rate;
        Ticket::new(caller, self.id, duration_us, state.now())
    }

    /// Refuses a quality that is not offered, saying why.
    pub(super) fn offer(&self, quality: Quality) -> Result<Quality, ApiError> {
        let missing = self.ladder.missing().find(|missing| missing.quality == quality);
        missing.map_or(Ok(quality), |missing| {
            let detail = format!("{quality} is not offered: {}.", missing.reason);
            let status = axum::http::StatusCode::NOT_FOUND;
            Err(ApiError::new(status, "quality_not_offered", detail).field("quality"))
        })
    }
}

async fn analysed(state: &ServerState, id: Uuid) -> Result<(TrackRow, SourceAudio), ApiError> {
    let track = state.library().ensure_analysed(id).await?;
    let unread = || ApiError::internal("a track came back from its analysis without one");
    let source = SourceAudio::of(&track).ok_or_else(unread)?;
    Ok((track, source))
}

/// What a neighbour lends; one that cannot be read lends nothing.
async fn lent(state: &ServerState, row: Option<TrackRow>) -> Option<(Uuid, SourceAudio)> {
    let row = row?;
    match SourceAudio::of(&row) {
        Some(source) => Some((row.id, source)),
        None => analysed(state, row.id).await.ok().map(|(row, source)| (row.id, source)),
    }
}

/// The longest ladder of any track: what one of them gains by a rung, the album does.
fn best_ladder(sources: &[SourceAudio]) -> Option<Ladder> {
    sources.iter().map(SourceAudio::ladder).max_by_key(|ladder| ladder.top())
}

/// Text on its way to a manifest, with an entity tag of its own.
pub(super) fn text_answer(
    headers: &axum::http::HeaderMap,
    media_type: &'static str,
    text: String,
) -> axum::response::Response {
    use axum::http::StatusCode;
    use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
    use axum::response::IntoResponse;

    let etag = format!("\"{}\"", blake3::hash(text.as_bytes()).to_hex().split_at(32).0);
    let caching = [(ETAG, etag.clone()), (CACHE_CONTROL, crate::caching::REVALIDATE.to_owned())];
    if crate::caching::is_known(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(CONTENT_TYPE, media_type)], text).into_response()
}
