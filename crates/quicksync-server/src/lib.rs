//! The HTTP interface: accounts, library, media, and the documented Quick Sync routes.
//!
//! Knows: requests, who may make them, and what they are answered. Never: an encoder, a decoder, a
//! clock or a path that came from a request.
//!
//! # Reading order
//! [`ServerState`] gathers what requests may reach; [`App`] is the whole interface, and `router` every
//! route of it; [`serve`] runs it on a socket.
#![expect(unused_qualifications, reason = "utoipa's macro writes qualified names at our spans")]

mod account;
mod app;
mod auth;
mod caching;
mod client_address;
mod config;
mod cors;
mod environment;
mod error;
mod extract;
mod headers;
mod health;
mod here;
mod housekeeping;
mod library;
mod media;
mod metrics;
mod openapi;
mod pages;
mod quick_sync;
mod rate_limit;
mod router;
mod segment_source;
pub mod serve;
mod state;
mod tickets;
mod trace;
mod users;
mod wire;

pub use app::App;
pub use auth::{
    Caller, DEVICE_HEADER, HashError, Proof, TOKEN_PREFIX, check_name, check_password,
    hash_password, random_secret, secret_hash,
};
pub use client_address::ClientAddress;
pub use config::{AllowedOrigin, ConfigError, HISTORY_DAYS, PublicUrl, ServerConfig};
pub use environment::{Clock, Entropy, random_key, random_uuid};
pub use error::{ApiError, Problem};
pub use housekeeping::{keep_house, write as write_telemetry};
pub use openapi::openapi;
pub use pages::{WebFile, WebFiles};
pub use quick_sync::Sensing;
pub use quick_sync::compare_session;
pub use rate_limit::RateLimit;
pub use segment_source::{
    Audio, Joined, Listener, Lossless, PacketRequest, PacketStream, Pressure, SegmentError,
    SegmentRequest, SegmentSource, SourceAudio, TrackAudio,
};
pub use state::{ServerParts, ServerState};
pub use tickets::{Ticket, TicketKey};
