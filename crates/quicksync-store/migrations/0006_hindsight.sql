-- Reports of playback that may be sent twice, and how far a session stayed behind the best there
-- could have been. Conventions as in 0001_first.sql.

-- How many events were taken in: what a report sent again repeats.
ALTER TABLE playback_sessions ADD COLUMN events_taken INTEGER NOT NULL DEFAULT 0;
-- What became of comparing the session with its optimum, in a word; NULL until it was tried.
ALTER TABLE playback_sessions ADD COLUMN hindsight TEXT;
-- How far the optimum lies above its quality of experience, at least; NULL if not compared.
ALTER TABLE playback_sessions ADD COLUMN distance_at_least REAL;
-- The same, at most.
ALTER TABLE playback_sessions ADD COLUMN distance_at_most REAL;

CREATE INDEX playback_sessions_to_compare ON playback_sessions (updated_us) WHERE hindsight IS NULL;
