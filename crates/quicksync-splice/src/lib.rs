//! Bytes in memory that the kernel sends without copying them.
//!
//! Decides: which bytes are worth pages of their own, and how many there may be. They are mapped for
//! reading and read like any other [`Bytes`]; `vmsplice` and `splice` lend them to a socket as they are,
//! where a write copies them. Never: what the bytes are, who takes them.
//!
//! Where there is no such thing, or no room for more, bytes stay what they are and are written as ever.

use bytes::Bytes;

#[cfg_attr(not(target_os = "linux"), path = "nowhere.rs")]
mod pages;

pub use pages::InPages;

/// Shorter ones are copied in less time than another system call takes.
const LEAST_BYTES: usize = 16 * 1024;

/// The same bytes where [`InPages::find`] finds them, if that is worthwhile and possible.
#[must_use]
pub fn in_pages(bytes: Bytes) -> Bytes {
    if bytes.len() < LEAST_BYTES || pages::hold(&bytes) {
        return bytes;
    }
    pages::copy_of(&bytes).unwrap_or(bytes)
}
