//! The engine from outside: exact timelines, clean switches, honest caches, one encode for many.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod cache;
mod changes;
mod flight;
mod harness;
mod joins;
mod lossless;
mod streaming;
mod switching;
mod timeline;
