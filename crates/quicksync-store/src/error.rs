//! What can go wrong with the database, named by what the caller can do about it.

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something of that name exists already.
    #[error("{0} exists already")]
    Conflict(&'static str),
    /// Something that must come before is not there.
    #[error("{0} is not there yet")]
    Gap(&'static str),
    /// The disk is full or the quota used up: nothing was changed; free some room.
    #[error("no room left on the disk of the database")]
    DiskFull,
    /// The database was busy for too long: nothing was changed; try again.
    #[error("the database is busy")]
    Busy,
    /// The database is unusable: see the log.
    #[error("database: {0}")]
    Failed(String),
}
