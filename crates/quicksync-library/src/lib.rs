//! Folders of music into the store: walk, tags, covers, identity, watch.
//!
//! Knows: files and folders, and which row a file belongs to. Never: HTTP, encoding, a listener.
//!
//! # Reading order
//! [`Library`] is what the server and the binary hold; [`EnsureError`] is what a play request can
//! meet. Inside, `scan` compares a folder with the store, `analyse` reads files whole, `run` keeps
//! both going.

mod analyse;
mod changes;
mod config;
mod covers;
mod folder_covers;
mod handle;
mod measure;
mod read;
mod run;
mod scan;
mod status;
mod tag_reader;
mod tags;
mod walk;
mod watch;

pub use config::LibraryConfig;
pub use covers::{Cover, CoverError, cover_thumbnail, verified_cover};
pub use handle::{EnsureError, Library};
pub use quicksync_decode::OpenFile;
pub use scan::{ScanError, ScanReport};
pub use status::{ScanPhase, ScanStatus};
pub use tag_reader::{InProcessTags, TagError, TagReader, WorkerTags, tag_jobs};
pub use tags::Tags;
