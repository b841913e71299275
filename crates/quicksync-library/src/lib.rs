//! Folders of music into the store: walk, tags, covers, identity, watch.
//!
//! Knows: files and folders, and which row a file belongs to. Never: HTTP, encoding, a listener.
//!
//! # Reading order
//! [`Library`] is what the server and the binary hold; [`EnsureError`] is what a play request can
//! meet.

mod handle;

pub use handle::{EnsureError, Library, ScanPhase, ScanStatus};
