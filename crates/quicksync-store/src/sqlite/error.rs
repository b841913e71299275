//! Turns what SQLite says into what the caller can do about it.
//!
//! Knows: result codes (<https://www.sqlite.org/rescode.html>). Never: whose row it was about.

use crate::StoreError;

const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const FULL: i32 = 13;
/// `SQLITE_IOERR_WRITE`: a quota is used up (a full disk is `SQLITE_FULL`).
const IOERR_WRITE: i32 = 10 | (3 << 8);
/// `SQLITE_IOERR_SHMSIZE`: the write-ahead log's index could not grow.
const IOERR_SHMSIZE: i32 = 10 | (19 << 8);

/// The consequence of `error`.
pub(super) fn store_error(error: &sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::PoolTimedOut => return StoreError::Busy,
        sqlx::Error::Io(cause) if is_disk_full(cause) => return StoreError::DiskFull,
        _ => {}
    }
    match result_code(error) {
        Some(IOERR_WRITE | IOERR_SHMSIZE) => StoreError::DiskFull,
        Some(code) if code & 0xff == FULL => StoreError::DiskFull,
        Some(code) if code & 0xff == BUSY || code & 0xff == LOCKED => StoreError::Busy,
        _ => StoreError::Failed(error.to_string()),
    }
}

/// The consequence of a failed insert of `what`, which must be unique.
pub(super) fn insert_error(error: &sqlx::Error, what: &'static str) -> StoreError {
    let is_conflict =
        error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
    if is_conflict { StoreError::Conflict(what) } else { store_error(error) }
}

/// The consequence of a failed file operation beside the database.
pub(super) fn file_error(error: &std::io::Error) -> StoreError {
    if is_disk_full(error) { StoreError::DiskFull } else { StoreError::Failed(error.to_string()) }
}

fn is_disk_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
}

fn result_code(error: &sqlx::Error) -> Option<i32> {
    error.as_database_error()?.code()?.parse().ok()
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        store_error(&error)
    }
}
