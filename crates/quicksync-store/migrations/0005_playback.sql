-- Playback sessions: what happened while somebody listened, and how good it was. Conventions as in
-- 0001_first.sql.

-- One listening of one player.
CREATE TABLE playback_sessions (
    id            BLOB    NOT NULL PRIMARY KEY,             -- made by the client, or random
    user_id       BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- whose
    device_id     BLOB    NOT NULL,                         -- on which device
    track_id      BLOB,                                     -- what was started; it may be gone
    player        TEXT    NOT NULL,                         -- what the player calls itself
    network_kind  TEXT    NOT NULL,                         -- declared when it started
    started_us    INTEGER NOT NULL,                         -- when it was started
    updated_us    INTEGER NOT NULL,                         -- last event
    ended_us      INTEGER,                                  -- NULL while it lasts
    startup_ms    INTEGER,                                  -- from play to the first sound
    stalls        INTEGER NOT NULL,                         -- how often the sound stopped
    stalled_ms    INTEGER NOT NULL,                         -- for how long in all
    switches      INTEGER NOT NULL,                         -- rung changes
    abandons      INTEGER NOT NULL,                         -- segments given up
    seeks         INTEGER NOT NULL,                         -- jumps
    low_ms        INTEGER NOT NULL,                         -- heard at low
    medium_ms     INTEGER NOT NULL,                         -- heard at medium
    high_ms       INTEGER NOT NULL,                         -- heard at high
    ultra_ms      INTEGER NOT NULL,                         -- heard at ultra
    bytes         INTEGER NOT NULL,                         -- of media
    wasted_bytes  INTEGER NOT NULL,                         -- of media never heard
    switch_cost   REAL    NOT NULL,                         -- sum of the utility steps of switches
    qoe           REAL                                      -- at the end
) STRICT;

CREATE INDEX playback_sessions_by_user ON playback_sessions (user_id, started_us);

-- What happened in a playback session, in order. Bounded per session.
CREATE TABLE playback_events (
    session_id BLOB    NOT NULL REFERENCES playback_sessions (id) ON DELETE CASCADE, -- in which
    number     INTEGER NOT NULL,                            -- counted from 0
    at_us      INTEGER NOT NULL,                            -- when
    kind       TEXT    NOT NULL,                            -- startup, stall, switch, ...
    detail     TEXT    NOT NULL,                            -- its other fields, as JSON
    PRIMARY KEY (session_id, number)
) STRICT, WITHOUT ROWID;

-- Decision logs, as players sent them. Bounded per session.
CREATE TABLE playback_logs (
    session_id BLOB NOT NULL PRIMARY KEY REFERENCES playback_sessions (id) ON DELETE CASCADE, -- of
    log        TEXT NOT NULL                                -- what the core was told and answered
) STRICT;
