-- How many orders were made in each month (unit 1) and on each day (unit 2), by their state: where a page begins that is
-- far behind the first is said by sums over these, not by passing over every order before it. Days are in UTC.
CREATE TABLE order_days (
    unit INTEGER NOT NULL,
    span TEXT NOT NULL,
    state INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (unit, span, state)
) WITHOUT ROWID;

CREATE TRIGGER orders_dated_new AFTER INSERT ON orders BEGIN
    INSERT INTO order_days (unit, span, state, total)
    VALUES (1, substr(NEW.created, 1, 7), NEW.state, 1), (2, substr(NEW.created, 1, 10), NEW.state, 1)
    ON CONFLICT DO UPDATE SET total = total + excluded.total;
END;

CREATE TRIGGER orders_dated_gone AFTER DELETE ON orders BEGIN
    INSERT INTO order_days (unit, span, state, total)
    VALUES (1, substr(OLD.created, 1, 7), OLD.state, -1), (2, substr(OLD.created, 1, 10), OLD.state, -1)
    ON CONFLICT DO UPDATE SET total = total + excluded.total;
END;

CREATE TRIGGER orders_dated_changed AFTER UPDATE OF state, created ON orders
WHEN (OLD.state, OLD.created) IS NOT (NEW.state, NEW.created)
BEGIN
    INSERT INTO order_days (unit, span, state, total)
    VALUES (1, substr(OLD.created, 1, 7), OLD.state, -1), (2, substr(OLD.created, 1, 10), OLD.state, -1),
           (1, substr(NEW.created, 1, 7), NEW.state, 1), (2, substr(NEW.created, 1, 10), NEW.state, 1)
    ON CONFLICT DO UPDATE SET total = total + excluded.total;
END;

INSERT INTO order_days
SELECT 1, substr(created, 1, 7), state, COUNT(*) FROM orders GROUP BY 2, state
UNION ALL SELECT 2, substr(created, 1, 10), state, COUNT(*) FROM orders GROUP BY 2, state;

-- The other keys that lists are sorted by, with what breaks ties.
CREATE INDEX orders_reviewed ON orders (consumer_reviewed_at, created, id);
CREATE INDEX orders_cost ON orders ({cost_order}, created, id);
