-- Loudness by EBU R 128, of tracks by their audio and of albums.

-- What was measured of some audio: equal audio is equally loud, whatever its tags and place.
CREATE TABLE loudness (
    audio_hash      BLOB NOT NULL PRIMARY KEY,              -- identity of the audio
    integrated_lufs REAL,                                   -- NULL: nothing but silence
    true_peak_dbtp  REAL,                                   -- NULL with integrated_lufs
    blocks          BLOB NOT NULL,                          -- counts of its blocks by loudness
    CHECK ((integrated_lufs IS NULL) = (true_peak_dbtp IS NULL))
) STRICT;

ALTER TABLE albums ADD COLUMN integrated_lufs REAL;         -- of all its tracks as one; NULL: unknown
ALTER TABLE albums ADD COLUMN true_peak_dbtp REAL;          -- greatest of its tracks
ALTER TABLE albums ADD COLUMN loudness_changes INTEGER NOT NULL DEFAULT 1; -- changes of its audio
ALTER TABLE albums ADD COLUMN loudness_counted INTEGER NOT NULL DEFAULT 0; -- of them, measured

CREATE INDEX albums_unmeasured ON albums (id) WHERE loudness_counted <> loudness_changes;

-- However a track comes to an album or leaves it, its audio is part of the album's loudness.
CREATE TRIGGER album_gains_track AFTER INSERT ON tracks WHEN new.audio_hash IS NOT NULL
BEGIN
    UPDATE albums SET loudness_changes = loudness_changes + 1 WHERE id = new.album_id;
END;

CREATE TRIGGER album_track_changes AFTER UPDATE OF album_id, audio_hash ON tracks
WHEN old.album_id IS NOT new.album_id OR old.audio_hash IS NOT new.audio_hash
BEGIN
    UPDATE albums SET loudness_changes = loudness_changes + 1
    WHERE id IN (old.album_id, new.album_id);
END;

CREATE TRIGGER album_loses_track AFTER DELETE ON tracks WHEN old.audio_hash IS NOT NULL
BEGIN
    UPDATE albums SET loudness_changes = loudness_changes + 1 WHERE id = old.album_id;
END;

CREATE TRIGGER album_track_measured AFTER INSERT ON loudness
BEGIN
    UPDATE albums SET loudness_changes = loudness_changes + 1
    WHERE id IN (SELECT album_id FROM tracks WHERE audio_hash = new.audio_hash);
END;
