-- What listening showed and what listeners ruled: rolled-up history, rules per device, the ledger of
-- data, the server's own targets. Conventions as in 0001_first.sql. Everything with a user_id is
-- that user's to export and to delete.

-- What the client last said of its network beside the kind.
ALTER TABLE devices ADD COLUMN is_metered INTEGER NOT NULL DEFAULT 0 CHECK (is_metered IN (0, 1));
ALTER TABLE devices ADD COLUMN saves_data INTEGER NOT NULL DEFAULT 0 CHECK (saves_data IN (0, 1));

-- Transfers of one device on one network, rolled up by the hour. Telemetry: bounded by age and per
-- device.
CREATE TABLE network_hours (
    user_id      BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- whose it is
    device_id    BLOB    NOT NULL,                          -- on which device of theirs
    network_kind TEXT    NOT NULL,                          -- declared by the client
    network_key  BLOB    NOT NULL,                          -- salted hash of the address prefix
    hour         INTEGER NOT NULL,                          -- whole hours since the Unix epoch
    samples      INTEGER NOT NULL,                          -- transfers
    bytes        INTEGER NOT NULL,                          -- that arrived in them
    sum_log2     REAL    NOT NULL,                          -- sum of log2 of bits per second
    sum_squares  REAL    NOT NULL,                          -- sum of its squares
    PRIMARY KEY (user_id, device_id, network_kind, network_key, hour)
) STRICT, WITHOUT ROWID;

CREATE INDEX network_hours_by_hour ON network_hours (hour);

-- What a user wants on top of the preferences: for all their devices (device_id is 16 zero bytes)
-- or for one. NULL: nothing is said here.
CREATE TABLE listening_rules (
    user_id               BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- whose
    device_id             BLOB NOT NULL,                    -- of which device, or zeros
    mode                  TEXT,                             -- auto, low, medium, high or ultra
    prefer_quality        INTEGER CHECK (prefer_quality IN (0, 1)),
    adapt_to_system       INTEGER CHECK (adapt_to_system IN (0, 1)),
    auto_download_quality INTEGER CHECK (auto_download_quality IN (0, 1)),
    cap_wifi              TEXT,                             -- highest quality on wifi
    cap_cellular          TEXT,                             -- on cellular
    cap_ethernet          TEXT,                             -- on ethernet
    cap_unknown           TEXT,                             -- on a network of unknown kind
    cap_metered           TEXT,                             -- on any network that costs money
    download_quality      TEXT,                             -- of files to keep
    offline_quality       TEXT,                             -- of copies to listen to without a network
    budget_bytes          INTEGER,                          -- data in a month; NULL for no bound
    budget_day            INTEGER CHECK (budget_day BETWEEN 1 AND 28), -- the month begins on it
    budget_counts         TEXT,                             -- metered or all
    PRIMARY KEY (user_id, device_id)
) STRICT, WITHOUT ROWID;

-- Media sent to a device, by day and kind of network.
CREATE TABLE data_usage (
    user_id      BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- whose
    device_id    BLOB    NOT NULL,                          -- to which device
    day          INTEGER NOT NULL,                          -- whole days since the Unix epoch, UTC
    network_kind TEXT    NOT NULL,                          -- declared by the client
    is_metered   INTEGER NOT NULL CHECK (is_metered IN (0, 1)), -- whether it cost money, as declared
    bytes        INTEGER NOT NULL,                          -- of media
    audio_ms     INTEGER NOT NULL,                          -- how long that media plays
    PRIMARY KEY (user_id, device_id, day, network_kind, is_metered)
) STRICT, WITHOUT ROWID;

-- What the server's own downloads from configured targets gave. Nobody's: bounded per target.
CREATE TABLE target_history (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,          -- ascending
    url         TEXT    NOT NULL,                           -- as configured, without credentials
    measured_us INTEGER NOT NULL,                           -- when it ended
    bytes       INTEGER NOT NULL,                           -- that arrived; 0 if it failed
    duration_us INTEGER NOT NULL,                           -- time they took
    error       TEXT                                        -- why it failed
) STRICT;

CREATE INDEX target_history_by_url ON target_history (url, id);
