//! Playback sessions: what happened while somebody listened. Telemetry: bounded, deletable.

use async_trait::async_trait;
use quicksync_model::NetworkKind;
use uuid::Uuid;

use crate::StoreError;

/// One listening of one player.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionRow {
    /// Made by the client, or random.
    pub id: Uuid,
    /// Whose.
    pub user_id: Uuid,
    /// On which device.
    pub device_id: Uuid,
    /// What was started; it may be gone by now.
    pub track_id: Option<Uuid>,
    /// What the player calls itself.
    pub player: String,
    /// Declared when it started.
    pub network_kind: NetworkKind,
    /// Unix time.
    pub started_us: i64,
    /// Last event, Unix time.
    pub updated_us: i64,
    /// Unix time; `None` while it lasts.
    pub ended_us: Option<i64>,
    /// From play to the first sound.
    pub startup_ms: Option<u32>,
    /// How often the sound stopped.
    pub stalls: u32,
    /// For how long in all.
    pub stalled_ms: u64,
    /// Rung changes.
    pub switches: u32,
    /// Segments given up.
    pub abandons: u32,
    /// Jumps.
    pub seeks: u32,
    /// Heard at each quality, lowest first, milliseconds.
    pub heard_ms: [u64; 4],
    /// Of media.
    pub bytes: u64,
    /// Of media never heard.
    pub wasted_bytes: u64,
    /// Sum of the utility steps of switches.
    pub switch_cost: f64,
    /// Events taken in.
    pub events_taken: u64,
    /// At the end.
    pub qoe: Option<f64>,
    /// How it compares with the best there could have been; `None` until that was tried, and again
    /// once more has happened.
    pub hindsight: Option<HindsightRow>,
}

/// What became of comparing a session with its optimum.
#[derive(Clone, Debug, PartialEq)]
pub struct HindsightRow {
    /// In a word.
    pub outcome: String,
    /// How far the optimum lies above the session's quality of experience: at least, at most.
    pub distance: Option<(f64, f64)>,
}

/// What a player tells at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionReportRow<'a> {
    /// The number of the first event in the session; `None` for one that was never told before.
    pub first: Option<u64>,
    /// In order.
    pub events: &'a [SessionEventRow],
    /// At most so many events are kept of a session, the first.
    pub keep: u32,
    /// More of the decision log.
    pub log: Option<LogPart<'a>>,
}

/// A part of a decision log: what is kept from its beginning on is replaced.
#[derive(Clone, Copy, Debug)]
pub struct LogPart<'a> {
    /// Where it begins, in bytes.
    pub at_byte: usize,
    /// What it says.
    pub text: &'a str,
}

/// What the playback sessions kept of all users add up to: nobody's in particular.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionTotals {
    /// Playback sessions.
    pub sessions: u64,
    /// How often the sound stopped.
    pub stalls: u64,
    /// For how long in all.
    pub stalled_ms: u64,
    /// Rung changes.
    pub switches: u64,
    /// Heard at each quality, lowest first, milliseconds.
    pub heard_ms: [u64; 4],
    /// Of media.
    pub bytes: u64,
    /// Of media never heard.
    pub wasted_bytes: u64,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEventRow {
    /// Unix time.
    pub at_us: i64,
    /// What happened, in a word.
    pub kind: String,
    /// Its other fields, as JSON.
    pub detail: String,
}

/// Changes a session by what happened; the number is of those events of the report that were taken
/// in already.
pub type SessionChange<'a> = &'a (dyn Fn(SessionRow, usize) -> SessionRow + Send + Sync);

/// Playback sessions by user.
#[async_trait]
pub trait SessionStore {
    /// Keeps a new session, and at most `keep` newest of its user; one that is there already under
    /// the same id and user stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the id is another user's; see [`StoreError`].
    async fn start_session(&self, row: &SessionRow, keep: u32) -> Result<SessionRow, StoreError>;

    /// What all sessions kept add up to.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn session_totals(&self) -> Result<SessionTotals, StoreError>;

    /// One session of the user.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn session(&self, user: Uuid, id: Uuid) -> Result<Option<SessionRow>, StoreError>;

    /// The user's sessions started from `since_us` to before `before_us`, newest first.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn sessions(
        &self,
        user: Uuid,
        (since_us, before_us): (i64, i64),
        limit: u32,
    ) -> Result<Vec<SessionRow>, StoreError>;

    /// Changes a session by a report, in one transaction; telling it again changes nothing more.
    /// What is known in hindsight is forgotten if anything happened. `None` if the user has no such
    /// session.
    ///
    /// # Errors
    /// [`StoreError::Gap`] if the log has no byte before the part, or that lies within a character;
    /// see [`StoreError`].
    async fn add_session_events(
        &self,
        (user, id): (Uuid, Uuid),
        change: SessionChange<'_>,
        report: SessionReportRow<'_>,
    ) -> Result<Option<SessionRow>, StoreError>;

    /// The session of any user that waits longest for being compared with its optimum: of those that
    /// ended, or of which nothing was heard since `quiet_since_us`.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn session_to_compare(
        &self,
        quiet_since_us: i64,
    ) -> Result<Option<SessionRow>, StoreError>;

    /// Keeps what is known in hindsight of a session, unless it has changed since `seen`.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn put_hindsight(
        &self,
        seen: &SessionRow,
        hindsight: &HindsightRow,
    ) -> Result<(), StoreError>;

    /// The events of a session of the user, in order.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn session_events(
        &self,
        user: Uuid,
        id: Uuid,
    ) -> Result<Vec<SessionEventRow>, StoreError>;

    /// The decision log of a session of the user.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn session_log(&self, user: Uuid, id: Uuid) -> Result<Option<String>, StoreError>;
}
