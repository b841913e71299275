//! The decision core: which quality to start with, how deep a buffer to keep, and why.
//!
//! Knows: rates, load, preferences. Never: std, a clock, I/O, serialization, logging. Equal inputs
//! give equal outputs, bit for bit, in the server and in the browser.
//!
//! # Reading order
//! [`recommend`] picks the starting quality; [`buffer_settings`] sizes the buffer around it;
//! [`playback`] decides during playback; [`decision_log`] writes and replays what it decided.
#![no_std]

extern crate alloc;

mod buffer;
pub mod decision_log;
pub mod playback;
mod recommendation;

pub use buffer::{BufferSettings, PRESETS, Preload, Preset, buffer_settings};
pub use recommendation::{
    HostLoad, NetworkStatus, Reason, Recommendation, Request, SystemStatus, THRESHOLDS_MBPS,
    network_status, recommend, system_status,
};
