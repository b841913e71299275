//! Who reads tags: this process, or a child that may die of it.
//!
//! Knows: how a request for tags is written as bytes. Never: what a tag means.

use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use async_trait::async_trait;
use quicksync_decode::worker::{Job, JobError, Output, Pool};

use crate::tags::{Tags, read_tags};

const TAGS: &str = "tags";

/// Why tags could not be read. The file may still play.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot read the tags: {0}")]
pub struct TagError(String);

/// Reads tags. In process or by worker processes, with equal results.
#[async_trait]
pub trait TagReader: fmt::Debug + Send + Sync {
    /// The tags of the file at `path`.
    ///
    /// # Errors
    /// See [`TagError`].
    async fn read(&self, path: &Path) -> Result<Tags, TagError>;
}

/// Reads tags in this process: for tests, tools and files one trusts. A panic is an error; an
/// abort (of a huge allocation) is not caught.
#[derive(Clone, Copy, Debug, Default)]
pub struct InProcessTags;

#[async_trait]
impl TagReader for InProcessTags {
    async fn read(&self, path: &Path) -> Result<Tags, TagError> {
        let path = path.to_owned();
        match tokio::task::spawn_blocking(move || read_tags(&path)).await {
            Ok(tags) => tags.map_err(|error| TagError(error.to_string())),
            Err(_) => Err(TagError("their parser gave up".into())),
        }
    }
}

/// Reads tags in the children of a pool whose program serves [`tag_jobs`].
#[derive(Clone, Debug)]
pub struct WorkerTags(Pool);

impl WorkerTags {
    /// A reader that asks `pool`.
    #[must_use]
    pub const fn new(pool: Pool) -> Self {
        Self(pool)
    }
}

#[async_trait]
impl TagReader for WorkerTags {
    async fn read(&self, path: &Path) -> Result<Tags, TagError> {
        let answer = self.0.call(TAGS, path.as_os_str().as_bytes()).await;
        let bytes = answer.map_err(|error| TagError(error.to_string()))?;
        Tags::from_bytes(&bytes).ok_or_else(|| TagError("the answer makes no sense".into()))
    }
}

/// The job that [`WorkerTags`] asks for, for the table of
/// [`worker::serve`](quicksync_decode::worker::serve).
#[must_use]
pub const fn tag_jobs() -> [(&'static str, Job); 1] {
    [(TAGS, tags_job)]
}

fn tags_job(payload: &[u8]) -> Result<Output, JobError> {
    let malformed = |error: &dyn fmt::Display| JobError::Malformed(error.to_string());
    let tags =
        read_tags(Path::new(OsStr::from_bytes(payload))).map_err(|error| malformed(&error))?;
    tags.to_bytes().map(Output::Bytes).map_err(|error| malformed(&error))
}
