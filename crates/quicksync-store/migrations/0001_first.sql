-- The first schema. Ids are 16 random bytes, times are microseconds since the Unix epoch, booleans
-- are 0 or 1, paths are the bytes the system gave. Columns whose name starts with `sort_` or
-- `search` hold folded text (lower case, no diacritics), written by the program only.

-- People who may listen.
CREATE TABLE users (
    id            BLOB    NOT NULL PRIMARY KEY,             -- random
    name          TEXT    NOT NULL COLLATE NOCASE UNIQUE,   -- login name; ASCII case does not count
    password_hash TEXT    NOT NULL,                         -- PHC string
    is_admin      INTEGER NOT NULL CHECK (is_admin IN (0, 1)), -- may manage users
    created_us    INTEGER NOT NULL                          -- when the account was made
) STRICT;

-- Login sessions and API tokens. The secret is never kept, only its hash.
CREATE TABLE credentials (
    id           BLOB    NOT NULL PRIMARY KEY,              -- random; named in media tickets
    user_id      BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- whose it is
    kind         TEXT    NOT NULL CHECK (kind IN ('login', 'token')), -- cookie or header
    name         TEXT    NOT NULL,                          -- what the user called it
    secret_hash  BLOB    NOT NULL UNIQUE,                   -- SHA-256 of the secret
    created_us   INTEGER NOT NULL,                          -- when it was made
    expires_us   INTEGER,                                   -- void from then on; NULL for never
    last_used_us INTEGER NOT NULL                           -- to the nearest few minutes
) STRICT;

CREATE INDEX credentials_by_user ON credentials (user_id, kind, created_us);

-- Quick Sync preferences; no row means the defaults.
CREATE TABLE preferences (
    user_id               BLOB    NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE, -- whose
    mode                  TEXT    NOT NULL,                 -- auto, low, medium, high or ultra
    prefer_quality        INTEGER NOT NULL CHECK (prefer_quality IN (0, 1)), -- upgrade with room
    adapt_to_system       INTEGER NOT NULL CHECK (adapt_to_system IN (0, 1)), -- host load may lower
    auto_download_quality INTEGER NOT NULL CHECK (auto_download_quality IN (0, 1)) -- for downloads
) STRICT;

-- Random keys of this installation, such as the one that signs media tickets.
CREATE TABLE secrets (
    name  TEXT NOT NULL PRIMARY KEY,                        -- what it is for
    value BLOB NOT NULL CHECK (length(value) = 32)          -- 256 random bits
) STRICT;

-- One row that the readiness check writes.
CREATE TABLE readiness (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),     -- the only row
    checks INTEGER NOT NULL                                 -- how often it was checked
) STRICT;

-- Images. Equal images are one row.
CREATE TABLE covers (
    id         BLOB NOT NULL PRIMARY KEY,                   -- random
    hash       BLOB NOT NULL UNIQUE,                        -- BLAKE3 of the bytes
    media_type TEXT NOT NULL,                               -- image/jpeg, image/png or image/webp
    bytes      BLOB NOT NULL                                -- the image as found
) STRICT;

-- Who albums and tracks are filed under.
CREATE TABLE artists (
    id        BLOB NOT NULL PRIMARY KEY,                    -- random
    name      TEXT NOT NULL,                                -- as last tagged
    name_key  TEXT NOT NULL UNIQUE,                         -- lower case: what makes two names one
    sort_name TEXT NOT NULL                                 -- folded name: order and search
) STRICT;

CREATE INDEX artists_by_name ON artists (sort_name, id);

-- Tracks that share a title, an artist and, where untagged, a folder.
CREATE TABLE albums (
    id          BLOB NOT NULL PRIMARY KEY,                  -- random
    title       TEXT NOT NULL,                              -- as last tagged
    title_key   TEXT NOT NULL,                              -- lower case: what makes two titles one
    artist_id   BLOB REFERENCES artists (id),               -- who it is filed under
    artist_key  TEXT NOT NULL,                              -- their name_key, or empty: for the UNIQUE
    album_key   TEXT NOT NULL,                              -- the folder of untagged tracks, or empty
    year        INTEGER,                                    -- earliest of its tracks
    added_us    INTEGER NOT NULL,                           -- first sight of its first track
    sort_artist TEXT NOT NULL,                              -- folded artist name
    sort_title  TEXT NOT NULL,                              -- folded title
    search      TEXT NOT NULL,                              -- folded title and artist
    UNIQUE (title_key, artist_key, album_key)
) STRICT;

CREATE INDEX albums_by_artist ON albums (sort_artist, year, sort_title, id);
CREATE INDEX albums_by_title ON albums (sort_title, sort_artist, id);
CREATE INDEX albums_by_added ON albums (added_us, id);
CREATE INDEX albums_of_artist ON albums (artist_id);

-- What a listener picks: one audio file, present or missing for now.
CREATE TABLE tracks (
    id              BLOB    NOT NULL PRIMARY KEY,           -- random; survives rename, move, retag
    root            BLOB    NOT NULL,                       -- the music folder it lies in
    path            BLOB    NOT NULL UNIQUE,                -- absolute
    size_bytes      INTEGER NOT NULL,                       -- length of the file
    modified_us     INTEGER NOT NULL,                       -- modification time of the file
    available       INTEGER NOT NULL CHECK (available IN (0, 1)), -- 0 while its file is missing
    title           TEXT    NOT NULL,                       -- tag, or the file's stem
    artist          TEXT    NOT NULL,                       -- the performer as tagged
    artist_id       BLOB REFERENCES artists (id),           -- who the album is filed under
    album_id        BLOB REFERENCES albums (id),            -- its album; NULL for none
    track_number    INTEGER,                                -- position on the disc
    disc_number     INTEGER,                                -- disc of the album
    year            INTEGER,                                -- year of release
    genre           TEXT,                                   -- as tagged
    cover_id        BLOB REFERENCES covers (id),            -- its own or its folder's
    codec           TEXT    NOT NULL,                       -- wire name of the source codec
    sample_rate     INTEGER NOT NULL,                       -- Hz
    channels        INTEGER NOT NULL,                       -- in the file
    bits_per_sample INTEGER,                                -- where the codec has such a thing
    claimed_samples INTEGER,                                -- sample frames as the headers claim
    audio_hash      BLOB,                                   -- identity of the audio; NULL: not read whole
    samples         INTEGER,                                -- exact sample frames, with audio_hash
    mean_kbps       INTEGER,                                -- mean coded rate, with audio_hash
    added_us        INTEGER NOT NULL,                       -- first sight
    sort_album      TEXT    NOT NULL,                       -- folded artist, album, disc, number, title
    sort_title      TEXT    NOT NULL,                       -- folded title
    search          TEXT    NOT NULL,                       -- folded title, artists and album
    CHECK ((audio_hash IS NULL) = (samples IS NULL) AND (samples IS NULL) = (mean_kbps IS NULL))
) STRICT;

CREATE INDEX tracks_by_album ON tracks (available, sort_album, id);
CREATE INDEX tracks_by_title ON tracks (available, sort_title, id);
CREATE INDEX tracks_by_added ON tracks (available, added_us, id);
CREATE INDEX tracks_of_album ON tracks (album_id, available, sort_album, id);
CREATE INDEX tracks_of_artist ON tracks (artist_id, available, sort_album, id);
CREATE INDEX tracks_by_search ON tracks (available, search); -- a search reads it from end to end
CREATE INDEX tracks_by_audio ON tracks (audio_hash) WHERE audio_hash IS NOT NULL;
CREATE INDEX tracks_unanalysed ON tracks (available, added_us, id) WHERE audio_hash IS NULL;
CREATE INDEX tracks_with_cover ON tracks (cover_id) WHERE cover_id IS NOT NULL;

-- Files that could not be read, and why.
CREATE TABLE problems (
    path        BLOB    NOT NULL PRIMARY KEY,               -- absolute
    reason      TEXT    NOT NULL,                           -- a sentence
    since_us    INTEGER NOT NULL,                           -- when it was first met
    size_bytes  INTEGER,                                    -- length of the file then, if known
    modified_us INTEGER                                     -- modification time then, if known
) STRICT;

-- Devices of users; the id is made by the client, so only (user, id) names a device.
CREATE TABLE devices (
    user_id       BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- whose it is
    id            BLOB    NOT NULL,                         -- made by the client
    name          TEXT    NOT NULL,                         -- by the user, or the client's description
    network_kind  TEXT    NOT NULL,                         -- last declared
    first_seen_us INTEGER NOT NULL,                         -- first request
    last_seen_us  INTEGER NOT NULL,                         -- last request
    PRIMARY KEY (user_id, id)
) STRICT;

-- What transfers showed. Telemetry: bounded per device, deletable by the user.
CREATE TABLE throughput_samples (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,       -- ascending, never used twice
    user_id        BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- whose it is
    device_id      BLOB    NOT NULL,                        -- on which device of theirs
    source         TEXT    NOT NULL,                        -- playback, listener_probe, server_probe
    network_kind   TEXT    NOT NULL,                        -- declared by the client
    network_key    BLOB    NOT NULL,                        -- salted hash of the address prefix
    measured_us    INTEGER NOT NULL,                        -- when the transfer ended
    bytes          INTEGER NOT NULL,                        -- that arrived
    duration_us    INTEGER NOT NULL,                        -- time they took
    throughput_bps REAL    NOT NULL                         -- bits per second
) STRICT;

CREATE INDEX samples_by_device ON throughput_samples (user_id, device_id, measured_us, id);
CREATE INDEX samples_by_user ON throughput_samples (user_id, measured_us, id);
