//! The web app's files as they were when this program was built.
//!
//! `cargo xtask web` builds them; without that the program carries none and the server shows two
//! plain pages of its own.

use quicksync_server::{WebFile, WebFiles};
use rust_embed::RustEmbed;

/// What lies in the web app's build folder. Debug builds read it from there while they run.
#[derive(Debug, RustEmbed)]
#[folder = "../../web/app/dist"]
#[allow_missing = true]
struct Dist;

/// The files carried by this program.
#[derive(Debug)]
pub(crate) struct Embedded;

impl Embedded {
    /// The files, if there are any.
    pub(crate) fn find_app() -> Option<Self> {
        Dist::get("index.html").map(|_| Self)
    }
}

impl WebFiles for Embedded {
    fn find(&self, path: &str) -> Option<WebFile> {
        let file = Dist::get(path)?;
        Some(WebFile { bytes: file.data, hash: file.metadata.sha256_hash() })
    }
}
