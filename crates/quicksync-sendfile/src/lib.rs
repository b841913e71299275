//! Bytes in memory that the kernel sends without copying them.
//!
//! Decides: which bytes are worth a file of their own, and how many there may be. A file here is one of
//! memory alone (`memfd_create`), sealed so that nobody can change it, and mapped so that it is read
//! like any other [`Bytes`]; `sendfile` gives its pages to a socket as they are, where a write copies
//! them. Never: what the bytes are, who takes them.
//!
//! Where there is no such thing, or no room for one more, bytes stay what they are and are written as
//! ever.

use bytes::Bytes;

#[cfg_attr(not(target_os = "linux"), path = "nowhere.rs")]
mod file;

pub use file::InFile;

/// Shorter ones are copied in less time than a second system call takes.
const LEAST_BYTES: usize = 16 * 1024;

/// The same bytes where [`InFile::find`] finds them, if that is worthwhile and possible.
#[must_use]
pub fn in_file(bytes: Bytes) -> Bytes {
    if bytes.len() < LEAST_BYTES || file::holds(&bytes) {
        return bytes;
    }
    file::copy_of(&bytes).unwrap_or(bytes)
}
