-- How many orders were made in each month (unit 1) and on each day (unit 2), by their state: where a page begins that is
-- far behind the first is said by sums over these, not by passing over every order before it. Days are in UTC.
LOCK TABLE resources, orders IN SHARE ROW EXCLUSIVE MODE;

CREATE TABLE order_days (
    unit SMALLINT NOT NULL,
    span TEXT COLLATE "C" NOT NULL,
    state SMALLINT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (unit, span, state)
);

-- Deferred, and behind the row of `event_head`, as the other counts are.
CREATE FUNCTION date_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM event_head FOR UPDATE;
    INSERT INTO order_days (unit, span, state, total)
    SELECT unit, left(day, CASE unit WHEN 1 THEN 7 ELSE 10 END) AS span, state, SUM(n)
    FROM (
        SELECT to_char(NEW.created AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, NEW.state, 1 AS n WHERE TG_OP <> 'DELETE'
        UNION ALL
        SELECT to_char(OLD.created AT TIME ZONE 'UTC', 'YYYY-MM-DD'), OLD.state, -1 WHERE TG_OP <> 'INSERT'
    ) AS changed, (VALUES (1), (2)) AS units (unit)
    GROUP BY unit, left(day, CASE unit WHEN 1 THEN 7 ELSE 10 END), state HAVING SUM(n) <> 0
    ORDER BY unit, span, state
    ON CONFLICT (unit, span, state) DO UPDATE SET total = order_days.total + excluded.total;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER orders_dated AFTER INSERT OR DELETE ON orders
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION date_orders();

CREATE CONSTRAINT TRIGGER orders_dated_changed AFTER UPDATE OF state, created ON orders
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN ((OLD.state, OLD.created) IS DISTINCT FROM (NEW.state, NEW.created))
EXECUTE FUNCTION date_orders();

INSERT INTO order_days
SELECT 1, to_char(created AT TIME ZONE 'UTC', 'YYYY-MM'), state, COUNT(*) FROM orders GROUP BY 2, state
UNION ALL SELECT 2, to_char(created AT TIME ZONE 'UTC', 'YYYY-MM-DD'), state, COUNT(*) FROM orders GROUP BY 2, state;

-- The other keys that lists are sorted by, with what breaks ties.
CREATE INDEX orders_reviewed ON orders (consumer_reviewed_at, created, id);
CREATE INDEX orders_cost ON orders ({cost_order}, created, id);
