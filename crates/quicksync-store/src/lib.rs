//! Rows: accounts, preferences, the library and what was measured, kept in SQLite.
//!
//! Knows: schema, migrations, queries. Never: what a row means to a listener, HTTP, a clock (every
//! time is an argument), the file system beyond its own database.
//!
//! # Reading order
//! [`Store`] gathers the traits of the rooms: [`AccountStore`], [`PreferenceStore`], [`RuleStore`],
//! [`LibraryStore`], [`NetworkStore`], [`HistoryStore`], [`UsageStore`], [`SessionStore`];
//! [`SqliteStore`] implements them. A second database implements the same traits and passes the same tests.

mod accounts;
mod error;
mod fold;
mod history;
mod library;
mod network;
mod preferences;
mod rules;
mod sessions;
mod sqlite;
mod usage;

pub use accounts::{AccountStore, CredentialKind, CredentialRow, NewCredential, NewUser, UserRow};
pub use error::StoreError;
pub use history::{HistoryStore, NetworkHourRow, Retention, TargetRow};
pub use library::{
    AlbumLoudnessRow, AlbumQuery, AlbumRow, AlbumSort, AnalysisRow, ArtistQuery, ArtistRow,
    CoverRow, FileStamp, LibraryCounts, LibraryStore, LoudnessRow, Neighbours, Page, PageRequest,
    ProblemRow, ProblemStamp, ScannedFile, ScannedTags, TrackQuery, TrackRow, TrackSort,
    UnanalysedRow, UnmeasuredRow,
};
pub use network::{Declaration, DeviceRow, NetworkStore, NewThroughputSample, ThroughputSampleRow};
pub use preferences::{PreferencePatch, PreferenceRow, PreferenceStore};
pub use quicksync_model::Loudness;
pub use rules::{BudgetCounts, BudgetRow, RuleChange, RuleRow, RuleStore};
pub use sessions::{
    HindsightRow, LogPart, SessionChange, SessionEventRow, SessionReportRow, SessionRow,
    SessionStore, SessionTotals,
};
pub use sqlite::{SqliteStore, StoreOptions};
pub use usage::{UsageRow, UsageStore};

/// Everything the server keeps. Cheap to share behind an `Arc`.
#[async_trait::async_trait]
pub trait Store:
    AccountStore
    + PreferenceStore
    + LibraryStore
    + NetworkStore
    + HistoryStore
    + RuleStore
    + UsageStore
    + SessionStore
    + std::fmt::Debug
    + Send
    + Sync
{
    /// The secret of this installation called `name`, made by `create` the first time it is asked
    /// for. Two callers at once get the same one.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn secret(
        &self,
        name: &str,
        create: &(dyn Fn() -> [u8; 32] + Send + Sync),
    ) -> Result<[u8; 32], StoreError>;

    /// A number that is another one after each change of what users gave us or of the library, made
    /// through this store: who remembers what follows from rows asks whether they may have changed.
    /// Telemetry does not count.
    fn changes(&self) -> u64;

    /// Whether a read and a write of one row work now: the readiness of the database.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn check(&self) -> Result<(), StoreError>;
}
