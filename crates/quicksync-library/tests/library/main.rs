//! What a library does with folders that change: a fake decoder counts what is read, the folders
//! are real, and every walk is asked for by the test.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod covers;
mod ensure;
mod fakes;
mod folders;
mod identity;
mod loudness;
mod real_files;
mod scanning;
mod watching;
