//! Files put together from packets that say who they are: every byte in its known place.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod ogg;
mod parts;
mod support;
