-- Which secret key the secrets of hooks and of links in mail are derived from, as a mark that shows nothing of it.
CREATE TABLE installation (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    key_mark TEXT NOT NULL
);

-- The oldest secret of a hook that messages are still signed with during an overlap.
ALTER TABLE hooks ADD COLUMN oldest_secret BIGINT NOT NULL DEFAULT 1;

-- A period of the log, for replays.
CREATE INDEX events_at ON events (at);
