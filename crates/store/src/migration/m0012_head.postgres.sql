-- The head of the log moves with the newest event: whoever appends has one statement less to make while all others wait.
-- A process of the version before moves it first; then there is nothing left to do.
CREATE FUNCTION event_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE event_head SET seq = NEW.seq, hash = NEW.hash WHERE seq < NEW.seq;
    RETURN NULL;
END $$;

CREATE TRIGGER events_placed AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION event_placed();
