//! Child processes that read untrusted files, so that a crash, an endless loop or a huge allocation
//! in a parser costs one request and not the server.
//!
//! Knows: frames on two pipes, limits, deadlines, and how a child may end. Never: what a job does;
//! any crate may register its own beside [`decode_jobs`].
//!
//! # Model
//! A parent keeps a [`Pool`] of warm children and gives each one request at a time. A child runs
//! [`serve`] over a table of jobs. A child that answers is kept; one that dies, is late or is no
//! longer listened to is killed and replaced. Time belongs to the parent alone.
//!
//! # Priority
//! A pool serves in order of arrival. Playback must not wait behind a scan, so there are two pools,
//! one for each: see [`Workers`].

mod child;
mod frame;
mod jobs;
mod pool;

pub use child::{Job, serve};
pub use frame::{JobError, MAX_FRAME_BYTES, Output};
pub use jobs::{Workers, decode_jobs};
pub use pool::{
    ANALYSE_TIMEOUT, CallError, DECODE_TIMEOUT, DEFAULT_MEMORY_LIMIT_BYTES, Pool, PoolConfig,
};
