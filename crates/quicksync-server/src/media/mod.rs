//! What is heard: manifests, playlists, segments, original files.
//!
//! Decides: which rung answers which request. Never: encodes; a `SegmentSource` does.
//!
//! # Reading order
//! [`playable::Playable`] is a track ready to be served; `manifest` says how it is reached.

mod ahead;
mod album;
mod album_media;
mod dash;
mod disposition;
mod download;
mod hls;
mod lossless;
mod manifest;
mod original;
mod packet_body;
mod playable;
mod playables;
mod playing;
mod range;
mod ranged;
mod segments;
mod stream;
mod ticketed;
mod version;
mod wanted;

pub(crate) use playables::Playables;
pub(crate) use playing::{Playing, at_once};
pub(crate) use ticketed::ticketed_segment;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ServerState;

pub(crate) fn user_routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(manifest::manifest)).routes(routes!(album::manifest))
}

pub(crate) fn media_routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new()
        .routes(routes!(hls::multivariant))
        .routes(routes!(hls::playlist))
        .routes(routes!(dash::mpd))
        .routes(routes!(lossless::mpd))
        .routes(routes!(segments::init))
        .routes(routes!(segments::segment))
        .routes(routes!(album_media::multivariant))
        .routes(routes!(album_media::playlist))
        .routes(routes!(album_media::mpd))
        .routes(routes!(album_media::init))
        .routes(routes!(album_media::segment))
        .routes(routes!(album_media::stream))
        .routes(routes!(original::original))
        .routes(routes!(stream::stream))
        .routes(routes!(download::download))
}
