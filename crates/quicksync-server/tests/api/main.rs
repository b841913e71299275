//! The whole interface, in process: the real router, store and library; a segment source, a clock
//! and randomness of the tests' own.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod accounts;
mod again;
mod albums;
mod changes;
mod commute;
#[path = "../../../quicksync-sense/tests/sense/fortnight.rs"]
mod fortnight;
mod hostile;
mod joins;
mod library;
mod limits;
mod lossless;
mod matrix;
mod media;
mod openapi;
mod origins;
mod problems;
mod progressive;
mod quick_sync;
mod ranges;
mod serving;
mod shaped;
mod slices;
mod support;
mod tickets;
mod web_app;
