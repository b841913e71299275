//! A track as one file that is encoded while it is sent, for players that follow no playlist.
//!
//! Decides: which file a URL names, and what answers when the encoders are overloaded. The length,
//! the tag and every range are known before anything is encoded. Never: what is in a packet.

use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use quicksync_model::{Quality, Rendition};
use quicksync_progressive::{Container, LAYOUT_VERSION, Tags, TrackFile};
use uuid::Uuid;

use super::ahead::listener;
use super::disposition::{disposition, file_name};
use super::packet_body::PacketBody;
use super::playable::{Item, Playable};
use super::ranged::{Asked, RangedBytes};
use super::segments::{QUALITY_HEADER, best_at_hand};
use super::wanted::{Wanted, redirect};
use crate::error::Problem;
use crate::extract::Named;
use crate::segment_source::{Listener, SegmentError, SegmentRequest};
use crate::{ApiError, Caller, ServerState, quick_sync};

/// The whole track as one file.
#[utoipa::path(get, path = "/api/tracks/{id}/stream/{file}", tag = "media", operation_id = "stream",
    params(
        ("id" = Uuid, Path, description = "The track"),
        ("file" = String, Path, description = "`track.opus` (Ogg Opus) or `track.mp3`"),
        ("quality" = Option<String>, Query, description = "`low`, `medium`, `high`, `ultra`, or \
            `auto`: what suits the listener now, by a redirect to a URL that names it. The last one \
            counts, so one may be appended."),
    ),
    responses(
        (status = 200, description = "The whole file. `Quick-Sync-Quality` names the quality it is.",
            content((Vec<u8> = "audio/ogg"), (Vec<u8> = "audio/mpeg"))),
        (status = 206, description = "The range asked for",
            content((Vec<u8> = "audio/ogg"), (Vec<u8> = "audio/mpeg"))),
        (status = 304, description = "The file you have is the file there is"),
        (status = 307, description = "The URL that names a quality: the one for `auto`, or the best \
            at hand while the encoders are overloaded"),
        (status = 400, description = "A parameter is not as it must be", body = Problem),
        (status = 404, description = "No such track, or no such file of it", body = Problem),
        (status = 416, description = "The file has no such range", body = Problem),
        (status = 422, description = "The track cannot be played", body = Problem),
    ))]
pub(super) async fn stream(
    State(state): State<ServerState>,
    caller: Caller,
    Named((id, file)): Named<(Uuid, String)>,
    uri: Uri,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let container = container_of(file.strip_prefix("track."))?;
    let playable = Playable::find(&state, id).await?;
    stream_of(&state, &caller, playable, container, (&uri, &method, &headers)).await
}

/// What a file with this extension is.
pub(super) fn container_of(extension: Option<&str>) -> Result<Container, ApiError> {
    match extension {
        Some("opus") => Ok(Container::OggOpus),
        Some("mp3") => Ok(Container::Mp3),
        _ => Err(ApiError::not_found("file")),
    }
}

/// A track or an album as one file.
pub(super) async fn stream_of(
    state: &ServerState,
    caller: &Caller,
    playable: Playable,
    container: Container,
    (uri, method, headers): (&Uri, &Method, &HeaderMap),
) -> Result<Response, ApiError> {
    let quality = match Wanted::of(uri)?.unwrap_or(Wanted::Auto) {
        Wanted::Quality(quality) => playable.ladder.serve(quality),
        Wanted::Auto => {
            let start = quick_sync::start_quality(state, caller).await?;
            return Ok(redirect(uri, playable.ladder.serve(start).as_str()));
        }
        Wanted::Original => {
            let detail = "A stream is encoded: the original has a URL of its own.";
            return Err(ApiError::invalid("quality", detail));
        }
    };
    let tags = tags(&playable);
    let listener = listener(caller);
    let wish = Wish { playable, container, quality, tags, listener, is_download: false };
    wish.answer(state, uri, method, headers).await
}

/// One file of one track.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) playable: Playable,
    pub(super) container: Container,
    pub(super) quality: Quality,
    pub(super) tags: Tags,
    pub(super) listener: Listener,
    pub(super) is_download: bool,
}

impl Wish {
    /// The file, or what is asked of it. Where it may be a neighbour's file that cannot be read, it is the
    /// file without its samples, under a tag of its own.
    pub(super) async fn answer(
        mut self,
        state: &ServerState,
        uri: &Uri,
        method: &Method,
        headers: &HeaderMap,
    ) -> Result<Response, ApiError> {
        if !state.segments().makes(self.container) {
            let detail = "This server was built without an encoder for that.";
            let status = axum::http::StatusCode::NOT_FOUND;
            return Err(ApiError::new(status, "codec_not_offered", detail).field("codec"));
        }
        loop {
            let body = self.body();
            let bytes = self.about(&body.file);
            let span = match bytes.asked(method, headers) {
                Asked::Answered(response) => return self.marked(*response),
                Asked::Bytes(span) => span,
            };
            let first = body.first_segment(span.range.clone());
            match body.open(state, span.range.clone()).await {
                Ok(body) => return self.marked(bytes.answer(&span, body)?),
                Err(SegmentError::Overloaded) => return self.stand_in(state, first, uri).await,
                Err(SegmentError::Unavailable | SegmentError::Unplayable(_))
                    if self.playable.leave_neighbours(state) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The answer, which names the quality that it is.
    fn marked(&self, mut response: Response) -> Result<Response, ApiError> {
        let quality = self.quality.as_str().parse().map_err(ApiError::internal)?;
        response.headers_mut().insert(QUALITY_HEADER, quality);
        Ok(response)
    }

    fn body(&self) -> PacketBody {
        let Playable { audio, timeline, joins, version, .. } = &self.playable;
        let bitrate = self.quality.bitrate();
        let first = audio.sources().first();
        let rate = first.map_or(quicksync_model::SAMPLE_RATE, |source| source.sample_rate);
        let [a, b, c, d, ..] = *blake3::hash(version.as_bytes()).as_bytes();
        let identity = u32::from_be_bytes([a, b, c, d]);
        PacketBody {
            file: TrackFile::new(self.container, *timeline, bitrate, identity, rate, &self.tags),
            audio: audio.clone(),
            place: (*timeline, *joins),
            container: self.container,
            quality: self.quality,
            listener: self.listener,
        }
    }

    fn about(&self, file: &TrackFile) -> RangedBytes {
        let (extension, media_type) = match self.container {
            Container::OggOpus => ("opus", "audio/ogg"),
            Container::Mp3 => ("mp3", "audio/mpeg"),
        };
        let head = blake3::hash(&file.head()).to_hex();
        let (version, quality) = (&self.playable.version, self.quality);
        RangedBytes {
            size: file.size(),
            etag: format!(
                "\"{version}-{LAYOUT_VERSION}-{extension}-{quality}-{}\"",
                head.split_at(16).0
            ),
            modified: None,
            media_type,
            disposition: disposition(
                &file_name(&self.tags.artist, &self.tags.title, extension),
                self.is_download,
            ),
        }
    }

    /// Overloaded: to the URL of the best quality that is at hand.
    async fn stand_in(
        self,
        state: &ServerState,
        first: u64,
        uri: &Uri,
    ) -> Result<Response, ApiError> {
        let (audio, quality, listener) = (self.playable.audio, self.quality, self.listener);
        let rendition = rendition(self.container, quality);
        let request = SegmentRequest { audio, rendition, index: first, listener };
        let at_hand = best_at_hand(state, &request).await;
        let other = at_hand.filter(|at_hand| *at_hand != quality);
        Ok(redirect(uri, other.ok_or_else(ApiError::overloaded)?.as_str()))
    }
}

/// What a file of this kind carries.
pub(super) const fn rendition(container: Container, quality: Quality) -> Rendition {
    match container {
        Container::OggOpus => Rendition::Opus(quality),
        Container::Mp3 => Rendition::Mp3(quality),
    }
}

/// What a track or an album says of itself, without its cover.
pub(super) fn tags(playable: &Playable) -> Tags {
    match &playable.item {
        Item::Track(track) => Tags {
            title: track.title.clone(),
            artist: track.artist.clone(),
            album: track.album.clone(),
            track_number: track.track_number,
            disc_number: track.disc_number,
            year: track.year,
            genre: track.genre.clone(),
            track_loudness: track.loudness,
            album_loudness: track.album_loudness,
            ..Tags::default()
        },
        Item::Album(album) => Tags {
            title: album.row.title.clone(),
            artist: album.row.artist.clone(),
            album: album.row.title.clone(),
            year: album.row.year,
            track_loudness: album.row.loudness,
            album_loudness: album.row.loudness,
            ..Tags::default()
        },
    }
}
