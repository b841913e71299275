//! What players tell of themselves: Common Media Client Data (CTA-5004, versions 1 and 2).
//!
//! Decides: which of a player's words are believed to be numbers, and refuses the absurd with the
//! key named. Never: what follows from them, who sent them, I/O.
//!
//! # Reading order
//! [`Cmcd`] is one record; `fields` reads its text form, `json` its JSON form, `record` checks it.
//!
//! Keys that are unknown, or custom (with a hyphen), are skipped: a newer player is no error.

mod fields;
mod json;
mod record;

pub use record::{Cmcd, Event, ObjectType, PlayerState};

/// The most records of one report: an event target's batch.
const MAX_RECORDS: usize = 100;

/// A record that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CmcdError {
    /// Longer than any player's.
    #[error("it is longer than any player's")]
    TooLong,
    /// No dictionary, from here on.
    #[error("it cannot be read from {0:?} on")]
    Syntax(String),
    /// A key holds what it never should.
    #[error("{key} must be {must}")]
    Value {
        /// The key of CTA-5004.
        key: &'static str,
        /// What it must be.
        must: &'static str,
    },
}

impl Cmcd {
    /// Reads one record: the value of `CMCD` in a query, percent-decoded, or one line of a report.
    ///
    /// # Errors
    /// See [`CmcdError`].
    pub fn parse(text: &str) -> Result<Self, CmcdError> {
        Self::from_pairs(fields::parse(text)?)
    }

    /// Reads the record that the four headers hold together, whichever of them came.
    ///
    /// # Errors
    /// See [`CmcdError`].
    pub fn from_headers<'a>(values: impl IntoIterator<Item = &'a str>) -> Result<Self, CmcdError> {
        let mut pairs = fields::Pairs::new();
        for value in values.into_iter().take(MAX_RECORDS) {
            pairs.extend(fields::parse(value)?);
        }
        Self::from_pairs(pairs)
    }

    /// Reads a report in event mode: one record a line.
    ///
    /// # Errors
    /// The number of the line at fault, counted from 0, and [`CmcdError`].
    pub fn parse_lines(text: &str) -> Result<Vec<Self>, (usize, CmcdError)> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut records = Vec::new();
        for (index, line) in lines.enumerate() {
            if index == MAX_RECORDS {
                return Err((index, CmcdError::TooLong));
            }
            records.push(Self::parse(line).map_err(|error| (index, error))?);
        }
        Ok(records)
    }

    /// Reads a report in JSON: one object, or a list of them.
    ///
    /// # Errors
    /// The number of the record at fault, counted from 0, and [`CmcdError`].
    pub fn parse_json(bytes: &[u8]) -> Result<Vec<Self>, (usize, CmcdError)> {
        let records = json::records(bytes, MAX_RECORDS).map_err(|error| (0, error))?;
        let read = |(index, pairs)| Self::from_pairs(pairs).map_err(|error| (index, error));
        records.into_iter().enumerate().map(read).collect()
    }
}
