//! Telemetry of many devices in one statement: each statement is a conversation between two threads,
//! which takes longer than a row.
//!
//! Knows: how many rows a statement takes. Never: a table.

/// Rows of one statement; SQLite numbers up to 32,766 variables.
pub(super) const MOST_ROWS: usize = 500;

/// What follows the values of an `INSERT .. SELECT * FROM (`, the first of which is a user: rows of
/// one deleted meanwhile are dropped, so that they do not take the rest with them.
pub(super) const OF_KNOWN_USERS: &str = ") WHERE EXISTS (SELECT 1 FROM users WHERE id = column1)";
