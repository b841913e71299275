//! Playback sessions in SQLite.
//!
//! Knows: the tables `playback_sessions`, `playback_events` and `playback_logs`. Never: how good a
//! session was.

use async_trait::async_trait;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::convert::{Columns, id_bytes, signed};
use super::{Change, SqliteStore};
use crate::{
    HindsightRow, LogPart, SessionChange, SessionEventRow, SessionReportRow, SessionRow,
    SessionStore, SessionTotals, StoreError,
};

#[async_trait]
impl SessionStore for SqliteStore {
    async fn start_session(&self, row: &SessionRow, keep: u32) -> Result<SessionRow, StoreError> {
        let mut change = self.batched.begin().await?;
        let known = sqlx::query("SELECT * FROM playback_sessions WHERE id = ?")
            .bind(id_bytes(row.id))
            .fetch_optional(change.db())
            .await?;
        if let Some(known) = known.as_ref().map(session_row).transpose()? {
            let is_own = known.user_id == row.user_id;
            return if is_own { Ok(known) } else { Err(StoreError::Conflict("this session")) };
        }
        put(&mut change, row).await?;
        sqlx::query(
            "DELETE FROM playback_sessions WHERE id IN (SELECT id FROM playback_sessions \
             WHERE user_id = ? ORDER BY started_us DESC, id LIMIT -1 OFFSET ?)",
        )
        .bind(id_bytes(row.user_id))
        .bind(i64::from(keep))
        .execute(change.db())
        .await?;
        change.commit().await?;
        Ok(row.clone())
    }

    async fn session_totals(&self) -> Result<SessionTotals, StoreError> {
        let row = sqlx::query(
            "SELECT count(*) AS sessions, coalesce(sum(stalls), 0) AS stalls, \
             coalesce(sum(stalled_ms), 0) AS stalled_ms, coalesce(sum(switches), 0) AS switches, \
             coalesce(sum(low_ms), 0) AS low_ms, coalesce(sum(medium_ms), 0) AS medium_ms, \
             coalesce(sum(high_ms), 0) AS high_ms, coalesce(sum(ultra_ms), 0) AS ultra_ms, \
             coalesce(sum(bytes), 0) AS bytes, coalesce(sum(wasted_bytes), 0) AS wasted_bytes \
             FROM playback_sessions",
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(SessionTotals {
            sessions: row.unsigned("sessions")?,
            stalls: row.unsigned("stalls")?,
            stalled_ms: row.unsigned("stalled_ms")?,
            switches: row.unsigned("switches")?,
            heard_ms: heard(&row)?,
            bytes: row.unsigned("bytes")?,
            wasted_bytes: row.unsigned("wasted_bytes")?,
        })
    }

    async fn session(&self, user: Uuid, id: Uuid) -> Result<Option<SessionRow>, StoreError> {
        let row = sqlx::query("SELECT * FROM playback_sessions WHERE id = ? AND user_id = ?")
            .bind(id_bytes(id))
            .bind(id_bytes(user))
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(session_row).transpose()
    }

    async fn sessions(
        &self,
        user: Uuid,
        (since_us, before_us): (i64, i64),
        limit: u32,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM playback_sessions WHERE user_id = ? AND started_us >= ? \
             AND started_us < ? ORDER BY started_us DESC, id LIMIT ?",
        )
        .bind(id_bytes(user))
        .bind(since_us)
        .bind(before_us)
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(session_row).collect()
    }

    async fn add_session_events(
        &self,
        (user, id): (Uuid, Uuid),
        change: SessionChange<'_>,
        report: SessionReportRow<'_>,
    ) -> Result<Option<SessionRow>, StoreError> {
        let mut writing = self.batched.begin().await?;
        let row = sqlx::query("SELECT * FROM playback_sessions WHERE id = ? AND user_id = ?")
            .bind(id_bytes(id))
            .bind(id_bytes(user))
            .fetch_optional(writing.db())
            .await?;
        let Some(old) = row.as_ref().map(session_row).transpose()? else { return Ok(None) };
        let taken = old.events_taken;
        let known = taken.saturating_sub(report.first.unwrap_or(taken));
        let known = usize::try_from(known).unwrap_or(usize::MAX).min(report.events.len());
        let fresh = &report.events[known..];
        let mut new = change(old, known);
        if !fresh.is_empty() {
            new.hindsight = None;
            // Events that never came are passed over: they are lost, and not to be waited for.
            let first = report.first.unwrap_or(taken).max(taken);
            new.events_taken = first.saturating_add(u64::try_from(fresh.len()).unwrap_or(0));
        }
        update(&mut writing, &new).await?;
        add_events(&mut writing, id, fresh, report.keep).await?;
        if let Some(part) = report.log {
            add_log(&mut writing, id, part).await?;
        }
        writing.commit().await?;
        Ok(Some(new))
    }

    async fn session_to_compare(
        &self,
        quiet_since_us: i64,
    ) -> Result<Option<SessionRow>, StoreError> {
        let row = sqlx::query(
            "SELECT * FROM playback_sessions WHERE hindsight IS NULL \
             AND (ended_us IS NOT NULL OR updated_us < ?) ORDER BY updated_us LIMIT 1",
        )
        .bind(quiet_since_us)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(session_row).transpose()
    }

    async fn put_hindsight(
        &self,
        seen: &SessionRow,
        hindsight: &HindsightRow,
    ) -> Result<(), StoreError> {
        let mut change = self.batched.begin().await?;
        sqlx::query(
            "UPDATE playback_sessions SET hindsight = ?, distance_at_least = ?, \
             distance_at_most = ? WHERE id = ? AND events_taken = ? AND updated_us = ?",
        )
        .bind(&hindsight.outcome)
        .bind(hindsight.distance.map(|(least, _)| least))
        .bind(hindsight.distance.map(|(_, most)| most))
        .bind(id_bytes(seen.id))
        .bind(signed(seen.events_taken))
        .bind(seen.updated_us)
        .execute(change.db())
        .await?;
        change.commit().await
    }

    async fn session_events(
        &self,
        user: Uuid,
        id: Uuid,
    ) -> Result<Vec<SessionEventRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT e.* FROM playback_events e JOIN playback_sessions s ON s.id = e.session_id \
             WHERE e.session_id = ? AND s.user_id = ? ORDER BY e.number",
        )
        .bind(id_bytes(id))
        .bind(id_bytes(user))
        .fetch_all(&self.readers)
        .await?;
        let read = |row: &SqliteRow| {
            let (at_us, kind) = (row.int("at_us")?, row.text("kind")?);
            Ok(SessionEventRow { at_us, kind, detail: row.text("detail")? })
        };
        rows.iter().map(read).collect()
    }

    async fn session_log(&self, user: Uuid, id: Uuid) -> Result<Option<String>, StoreError> {
        let row = sqlx::query(
            "SELECT l.log FROM playback_logs l JOIN playback_sessions s ON s.id = l.session_id \
             WHERE l.session_id = ? AND s.user_id = ?",
        )
        .bind(id_bytes(id))
        .bind(id_bytes(user))
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| row.text("log")).transpose()
    }
}

async fn add_log(change: &mut Change, id: Uuid, part: LogPart<'_>) -> Result<(), StoreError> {
    let row = sqlx::query("SELECT log FROM playback_logs WHERE session_id = ?")
        .bind(id_bytes(id))
        .fetch_optional(change.db())
        .await?;
    let mut log = row.map(|row| row.text("log")).transpose()?.unwrap_or_default();
    if !log.is_char_boundary(part.at_byte) {
        return Err(StoreError::Gap("the decision log before this part"));
    }
    log.truncate(part.at_byte);
    log.push_str(part.text);
    sqlx::query("INSERT OR REPLACE INTO playback_logs (session_id, log) VALUES (?, ?)")
        .bind(id_bytes(id))
        .bind(log)
        .execute(change.db())
        .await?;
    Ok(())
}

async fn add_events(
    change: &mut Change,
    id: Uuid,
    events: &[SessionEventRow],
    keep: u32,
) -> Result<(), StoreError> {
    let row = sqlx::query("SELECT count(*) AS known FROM playback_events WHERE session_id = ?")
        .bind(id_bytes(id))
        .fetch_one(change.db())
        .await?;
    for (number, event) in (row.int("known")?..i64::from(keep)).zip(events) {
        sqlx::query("INSERT INTO playback_events VALUES (?, ?, ?, ?, ?)")
            .bind(id_bytes(id))
            .bind(number)
            .bind(event.at_us)
            .bind(&event.kind)
            .bind(&event.detail)
            .execute(change.db())
            .await?;
    }
    Ok(())
}

async fn put(change: &mut Change, row: &SessionRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO playback_sessions (id, user_id, device_id, track_id, player, network_kind, \
         started_us, updated_us, stalls, stalled_ms, switches, abandons, seeks, low_ms, medium_ms, \
         high_ms, ultra_ms, bytes, wasted_bytes, switch_cost) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
    )
    .bind(id_bytes(row.id))
    .bind(id_bytes(row.user_id))
    .bind(id_bytes(row.device_id))
    .bind(row.track_id.map(id_bytes))
    .bind(&row.player)
    .bind(row.network_kind.as_str())
    .bind(row.started_us)
    .bind(row.updated_us)
    .execute(change.db())
    .await?;
    update(change, row).await
}

async fn update(change: &mut Change, row: &SessionRow) -> Result<(), StoreError> {
    let [low, medium, high, ultra] = row.heard_ms.map(signed);
    let distance = row.hindsight.as_ref().and_then(|hindsight| hindsight.distance);
    sqlx::query(
        "UPDATE playback_sessions SET updated_us = ?, ended_us = ?, startup_ms = ?, stalls = ?, \
         stalled_ms = ?, switches = ?, abandons = ?, seeks = ?, low_ms = ?, medium_ms = ?, \
         high_ms = ?, ultra_ms = ?, bytes = ?, wasted_bytes = ?, switch_cost = ?, qoe = ?, \
         events_taken = ?, hindsight = ?, distance_at_least = ?, distance_at_most = ? WHERE id = ?",
    )
    .bind(row.updated_us)
    .bind(row.ended_us)
    .bind(row.startup_ms)
    .bind(row.stalls)
    .bind(signed(row.stalled_ms))
    .bind(row.switches)
    .bind(row.abandons)
    .bind(row.seeks)
    .bind(low)
    .bind(medium)
    .bind(high)
    .bind(ultra)
    .bind(signed(row.bytes))
    .bind(signed(row.wasted_bytes))
    .bind(row.switch_cost)
    .bind(row.qoe)
    .bind(signed(row.events_taken))
    .bind(row.hindsight.as_ref().map(|hindsight| &hindsight.outcome))
    .bind(distance.map(|(least, _)| least))
    .bind(distance.map(|(_, most)| most))
    .bind(id_bytes(row.id))
    .execute(change.db())
    .await?;
    Ok(())
}

fn heard(row: &SqliteRow) -> Result<[u64; 4], StoreError> {
    let ms = |column| row.unsigned(column);
    Ok([ms("low_ms")?, ms("medium_ms")?, ms("high_ms")?, ms("ultra_ms")?])
}

fn hindsight(row: &SqliteRow) -> Result<Option<HindsightRow>, StoreError> {
    let outcome: Option<String> = row.try_get("hindsight")?;
    let at_least: Option<f64> = row.try_get("distance_at_least")?;
    let distance = at_least.zip(row.try_get("distance_at_most")?);
    Ok(outcome.map(|outcome| HindsightRow { outcome, distance }))
}

fn session_row(row: &SqliteRow) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        id: row.id("id")?,
        user_id: row.id("user_id")?,
        device_id: row.id("device_id")?,
        track_id: row.optional_id("track_id")?,
        player: row.text("player")?,
        network_kind: row.word("network_kind")?,
        started_us: row.int("started_us")?,
        updated_us: row.int("updated_us")?,
        ended_us: row.try_get("ended_us")?,
        startup_ms: row.optional_unsigned("startup_ms")?,
        stalls: row.unsigned("stalls")?,
        stalled_ms: row.unsigned("stalled_ms")?,
        switches: row.unsigned("switches")?,
        abandons: row.unsigned("abandons")?,
        seeks: row.unsigned("seeks")?,
        heard_ms: heard(row)?,
        bytes: row.unsigned("bytes")?,
        wasted_bytes: row.unsigned("wasted_bytes")?,
        switch_cost: row.try_get("switch_cost")?,
        events_taken: row.unsigned("events_taken")?,
        qoe: row.try_get("qoe")?,
        hindsight: hindsight(row)?,
    })
}
