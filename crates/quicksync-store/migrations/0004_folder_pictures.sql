-- Which picture lay beside a track when its tags were read: a scan reads them again when another one
-- does. 0: none; -1: the track has a picture of its own; NULL: not known, so they are read again.
ALTER TABLE tracks ADD COLUMN folder_picture INTEGER;
